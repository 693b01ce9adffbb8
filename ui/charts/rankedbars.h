#pragma once

#include "theme/palette.h"

#include <QListView>

class QStandardItemModel;

namespace gatehouse::ui {

// One of the largest of something.
struct RankedBar
{
    QString name{};
    QString value{};   // as it is read: "$9.18"
    double amount = 0; // its length, in the same measure as the others
    ChartSlot slot = ChartSlot::Blue;
    QString key{}; // what activated() reports; empty: the bar leads nowhere

    bool operator==(const RankedBar &) const = default;
};

// Names and values above bars, as long as what they stand for. Without frame and scroll bars; as high
// as its rows.
class RankedBars : public QListView
{
    Q_OBJECT

public:
    explicit RankedBars(QWidget *parent = nullptr);

    // Rows are changed in place: neither the focus nor a click that has begun is lost.
    void setBars(const QList<RankedBar> &bars);
    // In which no name is cut.
    int wantedWidth() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    void copyImage();
    void copyCsv() const;
    void openTable();

signals:
    // A bar was clicked, or Enter pressed on it.
    void barActivated(const QString &key);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    QStandardItemModel *const m_model;
    QList<RankedBar> m_bars{};
};

} // namespace gatehouse::ui
