#include "inspector/gaphistogram.h"

#include "theme/theme.h"
#include "widgets/format.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int barRoom = 22;
constexpr int textRoom = 14;
constexpr int columnGap = 8;

// Where the classes end, in microseconds; the last one has no end.
constexpr std::array<qint64, GapHistogram::classCount - 1> classEnds{
    10'000, 50'000, 200'000, 1'000'000, 5'000'000};

} // namespace

GapHistogram::GapHistogram(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    retranslate();
}

void GapHistogram::setCounts(const Counts &counts)
{
    m_counts = counts;
    retranslate();
}

void GapHistogram::retranslate()
{
    setAccessibleName(tr("Pauses of the stream by their length"));
    QStringList lines;
    for (size_t i = 0; i < classCount; ++i)
        lines.append(tr("%1: %2", "a class of lengths and how many")
                         .arg(className(i), Format::count(m_counts.at(i))));
    setAccessibleDescription(lines.join(u'\n'));
    setToolTip(lines.join(u'\n'));
    updateGeometry();
    update();
}

size_t GapHistogram::classOf(qint64 microseconds)
{
    const auto end = std::upper_bound(classEnds.begin(), classEnds.end(), microseconds);
    return static_cast<size_t>(end - classEnds.begin());
}

QString GapHistogram::className(size_t of)
{
    switch (of) {
    case 0:
        return tr("< 10 ms");
    case 1:
        return tr("10–50 ms");
    case 2:
        return tr("50–200 ms");
    case 3:
        return tr("0.2–1 s");
    case 4:
        return tr("1–5 s");
    default:
        return tr("≥ 5 s");
    }
}

int GapHistogram::columnWidth() const
{
    const QFontMetrics metrics(Theme::font(TextRole::Caption));
    int width = 0;
    for (size_t i = 0; i < classCount; ++i)
        width = std::max(width, metrics.horizontalAdvance(className(i)));
    return width + Theme::px(columnGap);
}

QSize GapHistogram::sizeHint() const
{
    return {columnWidth() * static_cast<int>(classCount), Theme::px(barRoom + 2 * textRoom)};
}

void GapHistogram::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const Palette &colors = Theme::current();
    painter.setFont(Theme::font(TextRole::Caption));
    const int most = std::max(*std::max_element(m_counts.begin(), m_counts.end()), 1);
    const int base = Theme::px(textRoom + barRoom);
    for (size_t i = 0; i < classCount; ++i) {
        const int count = m_counts.at(i);
        const QRect column(columnWidth() * static_cast<int>(i), 0, columnWidth(), height());
        const QRect bars = column.adjusted(0, 0, -Theme::px(columnGap), 0);
        const int tall = count == 0 ? 1 : std::max(Theme::px(2), Theme::px(barRoom) * count / most);
        // A long pause is what one looks for.
        const bool isLong = i >= classOf(1'000'000);
        painter.fillRect(QRect(bars.left(), base - tall, bars.width(), tall),
                         count == 0 ? colors.edge
                                    : colors.slot(isLong ? ChartSlot::Orange : ChartSlot::Blue));
        painter.setPen(count == 0 ? colors.secondary : colors.text);
        painter.drawText(
            QRect(
                bars.left(), base - tall - Theme::px(textRoom), bars.width(), Theme::px(textRoom)),
            Qt::AlignCenter,
            Format::count(count));
        painter.setPen(colors.secondary);
        painter.drawText(QRect(bars.left(), base, bars.width(), Theme::px(textRoom)),
                         Qt::AlignCenter,
                         className(i));
    }
}

} // namespace gatehouse::ui
