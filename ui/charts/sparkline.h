#pragma once

#include "theme/palette.h"

#include <QList>
#include <QMetaType>
#include <QStyledItemDelegate>
#include <QWidget>

namespace gatehouse::ui {

// A line without axes. Counts and money start at zero, rates and times use their own range.
struct Sparkline
{
    QList<double> values{}; // NaN: nothing was measured
    ChartSlot slot = ChartSlot::Blue;
    bool fromZero = true;
    bool filled = false; // a faint area under the line

    bool operator==(const Sparkline &) const = default;
};

void paintSparkline(QPainter *painter, const QRectF &rect, const Sparkline &line);

// A sparkline of 44 by 18 px, or as large as it is made.
class SparklineWidget : public QWidget
{
    Q_OBJECT

public:
    explicit SparklineWidget(QWidget *parent = nullptr);

    void setLine(const Sparkline &line);
    const Sparkline &line() const { return m_line; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Sparkline m_line{};
};

// Paints the Sparkline that a cell holds under `role`.
class SparklineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit SparklineDelegate(int role, QObject *parent = nullptr);

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const int m_role;
};

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::ui::Sparkline)
