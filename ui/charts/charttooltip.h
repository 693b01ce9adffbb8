#pragma once

#include "charts/timeseries.h"

#include <QWidget>

namespace gatehouse::ui {

// One line of a ChartToolTip.
struct ToolTipRow
{
    ChartSlot slot = ChartSlot::Blue;
    QString name{};
    QString value{};
};

// What the crosshair of a chart says, in the colours of a tool tip. Lies over its parent and lets the
// mouse through.
class ChartToolTip : public QWidget
{
    Q_OBJECT

public:
    explicit ChartToolTip(QWidget *parent);

    void setContent(const QString &title, const QList<ToolTipRow> &rows);
    // The same in one line, for the screen reader.
    QString spoken() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_title{};
    QList<ToolTipRow> m_rows{};
};

} // namespace gatehouse::ui
