#pragma once

#include <QAbstractItemModel>
#include <QCoreApplication>
#include <QList>
#include <QMetaType>
#include <QRect>
#include <QStyledItemDelegate>

#include <functional>

namespace gatehouse::ui {

// One stretch of time of a channel.
struct HeatCell
{
    double success = -1;    // share from 0 to 1; below 0: there was no request
    bool open = false;      // the breaker was open for most of it
    qint64 start = 0;       // Unix time in milliseconds; 0: unknown
    qint64 length = 60'000; // milliseconds
    int attempts = 0;

    bool operator==(const HeatCell &) const = default;
};

// A channel's last stretches, the oldest first. Given to views as a QVariant.
struct HeatStrip
{
    QList<HeatCell> cells{};

    bool operator==(const HeatStrip &) const = default;
};

// The step from 0, good, to 4, bad.
int heatStep(double success);
// The worse of each `group` neighbours, counted from the newest end.
HeatStrip joined(const HeatStrip &strip, qsizetype group);

// What a strip says in words, for the screen reader and the tool tip.
class HeatText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::HeatText)

public:
    static QString summary(const HeatStrip &strip);
    static QString cell(const HeatCell &cell);
    // "1 cell = 24 min", where so many neighbours are painted as one; empty where there are no cells.
    static QString scale(const HeatStrip &strip, qsizetype together = 1);
};

// Paints at the left of `rect` and on its lower edge in whole device pixels: all cells where they have
// room, else half as many or fewer, each the worse of its group. The cells are 3 + 1 px wide.
void paintHeatStrip(QPainter *painter, const QRect &rect, const HeatStrip &strip);
// The width that `cells` cells take on a device of that scale, such as 1.5.
int heatStripWidth(qsizetype cells, double scale = 1);
// How many neighbours of the strip are painted as one cell in `rect` on a device of that scale.
qsizetype heatCellsTogether(const QRect &rect, const HeatStrip &strip, double scale = 1);
// The index in `strip.cells` of the newest cell painted at `x` from the left of `rect` on a device of
// that scale; -1: none.
qsizetype heatCellAt(const QRect &rect, const HeatStrip &strip, int x, double scale = 1);

// Paints the HeatStrip that a cell holds under `role`, upon what `ground` paints for its row; without
// one, upon what the style does.
class HeatStripDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using Ground = std::function<void(QPainter *, const QStyleOptionViewItem &, int row)>;

    explicit HeatStripDelegate(int role, QObject *parent = nullptr, Ground ground = {});

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event,
                   QAbstractItemView *view,
                   const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;
    bool editorEvent(QEvent *event,
                     QAbstractItemModel *model,
                     const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

signals:
    // By the left button alone: the cells from `first` to `last`, which are painted as one.
    void cellsClicked(const QModelIndex &index, qsizetype first, qsizetype last);

private:
    const int m_role;
    const Ground m_ground;
};

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::ui::HeatStrip)
