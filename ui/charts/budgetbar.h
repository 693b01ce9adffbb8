#pragma once

#include "domain/budget.h"
#include "theme/palette.h"

#include <QMetaType>
#include <QStyledItemDelegate>

#include <functional>

namespace gatehouse::ui {

// How much of a budget is used, and the words beside it.
struct Budget
{
    double share = 0;    // of the budget; beyond 1 the bar is full
    QString amounts{};   // "$31.02 / $50"
    QString period{};    // "a month", in secondary text
    bool limited = true; // without a limit there is no bar
    double warnAt = 0.8; // from this share on the bar is amber; at 1 it is magenta
    QString brief{};     // stands for the amounts where they have no room; they are never cut

    bool operator==(const Budget &) const = default;
};

// A balance of which `used` was ever spent, with the words for it.
Budget budgetOf(const domain::Budget &budget,
                domain::Quota used,
                domain::Quota balance,
                const QString &amounts,
                const QString &period);
Tone budgetTone(const Budget &budget);
// A flat bar that fills `rect`. `outlined`: on the ground of a selected row, from which its own could not be
// told without an edge.
void paintBar(QPainter *painter,
              const QRectF &rect,
              double share,
              const QColor &color,
              bool outlined = false);

// How the cells of a table are painted beside it; what is not given is as the style has it.
struct BudgetBarLook
{
    std::function<void(QPainter *, const QStyleOptionViewItem &, int row)> ground{};
    std::function<QColor(const QModelIndex &, bool secondary)> text{};
};

// Paints the Budget that a cell holds under `role`: bar, amounts, period.
class BudgetBarDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit BudgetBarDelegate(int role, QObject *parent = nullptr, BudgetBarLook look = {});

    // What a column of budgets takes in which those below $1,000 are shown as a whole, in pixels.
    static int usualWidth(const QFontMetrics &metrics);

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const int m_role;
    const BudgetBarLook m_look;
};

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::ui::Budget)
