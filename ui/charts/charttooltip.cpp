#include "charts/charttooltip.h"

#include "theme/theme.h"

#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int padding = 8;
constexpr int lineHeight = 15;
constexpr int seriesSquare = 8;
constexpr int indent = 14;
constexpr int columnGap = 24;

} // namespace

ChartToolTip::ChartToolTip(QWidget *parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void ChartToolTip::setContent(const QString &title, const QList<ToolTipRow> &rows)
{
    m_title = title;
    m_rows = rows;
    resize(sizeHint());
    update();
}

QString ChartToolTip::spoken() const
{
    QStringList parts{m_title};
    for (const ToolTipRow &row : m_rows)
        parts.append(QString(row.name % u' ' % row.value));
    return parts.join(QStringLiteral(", "));
}

QSize ChartToolTip::sizeHint() const
{
    const QFontMetrics metrics(Theme::font(TextRole::Caption));
    int name = 0;
    int value = 0;
    for (const ToolTipRow &row : m_rows) {
        name = std::max(name, metrics.horizontalAdvance(row.name));
        value = std::max(value, metrics.horizontalAdvance(row.value));
    }
    const int title = QFontMetrics(Theme::font(TextRole::CaptionStrong)).horizontalAdvance(m_title);
    const int table = Theme::px(indent) + name + Theme::px(columnGap) + value;
    const int height = Theme::px(lineHeight) * (static_cast<int>(m_rows.size()) + 1);
    return {std::max(title, table) + 2 * Theme::px(padding) + 2, height + Theme::px(12)};
}

void ChartToolTip::paintEvent(QPaintEvent *)
{
    const Palette &palette = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.toolTip);
    painter.drawRoundedRect(rect(), Theme::exact(3), Theme::exact(3));

    const QRect inner = rect().adjusted(Theme::px(padding), 0, -Theme::px(padding), 0);
    const int step = Theme::px(lineHeight);
    QRect line(inner.x(), Theme::px(6), inner.width(), step);
    painter.setPen(palette.onToolTip);
    painter.setFont(Theme::font(TextRole::CaptionStrong));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const ToolTipRow &row : m_rows) {
        line.translate(0, step);
        const int side = Theme::px(seriesSquare);
        painter.fillRect(QRect(line.x(), line.y() + (step - side) / 2, side, side),
                         palette.slot(row.slot));
        painter.drawText(
            line.adjusted(Theme::px(indent), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, row.name);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.value);
    }
}

} // namespace gatehouse::ui
