#include "charts/budgetbar.h"

#include "theme/theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int barWidth = 67;
constexpr int leastBarWidth = 28;
constexpr int barHeight = 4;
constexpr int leastPeriodWidth = 60;
constexpr int gap = 8;

int usualWords(const QFontMetrics &metrics)
{
    const QString money = QLocale().toString(888.88, 'f', 2);
    return metrics.horizontalAdvance(QStringLiteral("$%1 / $%1").arg(money));
}

int wordWidth(const QFontMetrics &metrics, const QString &word)
{
    return metrics.horizontalAdvance(word) + Theme::px(gap);
}

// With the gap before them, for any period.
int usualPeriod(const QFontMetrics &metrics)
{
    constexpr auto context = "gatehouse::ui::BudgetText";
    int width = Theme::px(leastPeriodWidth);
    for (const QString &word : {QCoreApplication::translate(context, "a day"),
                                QCoreApplication::translate(context, "a week"),
                                QCoreApplication::translate(context, "a month")})
        width = std::max(width, wordWidth(metrics, word));
    return width;
}

// The same for all cells of a column: the amounts go first, as far as they are usual ones.
int barWidthIn(int width, const QFontMetrics &metrics)
{
    const int left = width - usualPeriod(metrics) - Theme::px(gap) - usualWords(metrics);
    return std::clamp(left, Theme::px(leastBarWidth), Theme::px(barWidth));
}

// The amounts, or what stands for them, in so many pixels: a part of a sum is another sum.
QString amountsWithin(const Budget &budget, const QFontMetrics &metrics, int room)
{
    for (const QString &text : {budget.amounts, budget.brief}) {
        if (!text.isEmpty() && metrics.horizontalAdvance(text) <= room)
            return text;
    }
    return budget.amounts.isEmpty() ? QString() : QStringLiteral("…");
}

} // namespace

Budget budgetOf(const domain::Budget &budget,
                domain::Quota used,
                domain::Quota balance,
                const QString &amounts,
                const QString &period)
{
    constexpr double percent = 100;
    constexpr double never = 1;
    return {.share = domain::usedShare(budget, used, balance),
            .amounts = amounts,
            .period = period,
            .warnAt = budget.warning > 0 ? budget.warning / percent : never};
}

Tone budgetTone(const Budget &budget)
{
    if (!budget.limited || budget.share < budget.warnAt)
        return Tone::Neutral;
    return budget.share < 1 ? Tone::Caution : Tone::Action;
}

void paintBar(
    QPainter *painter, const QRectF &rect, double share, const QColor &color, bool outlined)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    const double radius = std::min(Theme::exact(2), rect.height() / 2);
    const Palette &palette = Theme::current();
    painter->setBrush(outlined ? palette.control : palette.line);
    painter->drawRoundedRect(rect, radius, radius);
    if (outlined) {
        const double edge = std::min(1.0, rect.height() / 4);
        painter->setBrush(palette.base);
        painter->drawRoundedRect(rect.adjusted(edge, edge, -edge, -edge), radius, radius);
    }
    QRectF used = rect;
    used.setWidth(rect.width() * std::clamp(share, 0.0, 1.0));
    painter->setBrush(color);
    painter->setClipRect(used, Qt::IntersectClip);
    painter->drawRoundedRect(rect, radius, radius);
    painter->restore();
}

int BudgetBarDelegate::usualWidth(const QFontMetrics &metrics)
{
    return Theme::px(barWidth) + usualPeriod(metrics) + usualWords(metrics) + 3 * Theme::px(gap);
}

BudgetBarDelegate::BudgetBarDelegate(int role, QObject *parent, BudgetBarLook look)
    : QStyledItemDelegate(parent)
    , m_role(role)
    , m_look(std::move(look))
{}

void BudgetBarDelegate::paint(QPainter *painter,
                              const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.text.clear();
    if (m_look.ground) {
        m_look.ground(painter, option, index.row());
    } else {
        const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
        style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    }

    const Palette &palette = Theme::current();
    const Budget budget = index.data(m_role).value<Budget>();
    const QColor text = m_look.text ? m_look.text(index, false) : palette.text;
    const QColor secondary = m_look.text ? m_look.text(index, true) : palette.secondary;
    // A row that is dimmed has no tones either.
    const Tone tone = text == palette.text ? budgetTone(budget) : Tone::Neutral;
    const QRect inner = option.rect.adjusted(Theme::px(gap), 0, -Theme::px(gap), 0);
    const auto place = [&](const QRect &rect) {
        return QStyle::visualRect(option.direction, inner, rect);
    };
    const int period =
        budget.period.isEmpty()
            ? 0
            : std::max(usualPeriod(item.fontMetrics), wordWidth(item.fontMetrics, budget.period));
    // Sums that are larger than usual ones shorten the bar of their row before they are cut.
    const int usualBar = barWidthIn(inner.width(), item.fontMetrics);
    const int leastBar = std::min(Theme::px(leastBarWidth), usualBar);
    const int room = inner.width() - period - (budget.limited ? leastBar + Theme::px(gap) : 0);
    const QString shown = amountsWithin(budget, item.fontMetrics, room);
    const int words = item.fontMetrics.horizontalAdvance(shown);
    const int bar = std::clamp(inner.width() - period - Theme::px(gap) - words, leastBar, usualBar);
    if (budget.limited) {
        QRectF rect(0, 0, bar, Theme::exact(barHeight));
        rect.moveCenter(QRectF(place(QRect(inner.x(), inner.y(), bar, inner.height()))).center());
        paintBar(painter,
                 rect,
                 budget.share,
                 tone == Tone::Neutral ? palette.mark : palette.tone(tone).mark,
                 option.state.testFlag(QStyle::State_Selected));
    }
    const QRect amounts(inner.x() + (budget.limited ? bar + Theme::px(gap) : 0),
                        inner.y(),
                        inner.width() - period - (budget.limited ? bar + Theme::px(gap) : 0),
                        inner.height());
    painter->save();
    painter->setFont(item.font);
    painter->setPen(tone == Tone::Neutral ? (budget.limited ? text : secondary)
                                          : palette.tone(tone).text);
    painter->drawText(place(amounts), Qt::AlignRight | Qt::AlignVCenter, shown);
    painter->setPen(secondary);
    const QRect periodRect(inner.right() + 1 - period + Theme::px(gap),
                           inner.y(),
                           period - Theme::px(gap),
                           inner.height());
    painter->drawText(place(periodRect), Qt::AlignLeft | Qt::AlignVCenter, budget.period);
    painter->restore();
}

QSize BudgetBarDelegate::sizeHint(const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    const Budget budget = index.data(m_role).value<Budget>();
    const int words = option.fontMetrics.horizontalAdvance(budget.amounts);
    return {Theme::px(barWidth) + usualPeriod(option.fontMetrics) + words + 3 * Theme::px(gap),
            Theme::px(28)};
}

} // namespace gatehouse::ui
