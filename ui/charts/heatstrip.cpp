#include "charts/heatstrip.h"

#include "charts/hatch.h"
#include "theme/clockformat.h"
#include "theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDateTime>
#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmapCache>
#include <QToolTip>
#include <QtMath>

#include <array>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int stripHeight = 14;
constexpr int footHeight = 2;
constexpr qint64 minuteLength = 60'000;
constexpr std::array<int, 5> stepHeights = {8, 8, 10, 12, 14};

bool isWorse(const HeatCell &cell, const HeatCell &other)
{
    if (cell.open != other.open)
        return cell.open;
    if (cell.success < 0 || other.success < 0)
        return other.success < 0 && cell.success >= 0;
    return cell.success < other.success;
}

// The measures of a strip in pixels of the device.
struct Grid
{
    explicit Grid(double scale)
        : unit(Theme::exact(1) * scale)
        , cell(std::max(1, qRound(3 * unit)))
        , gap(std::max(1, qRound(unit)))
    {}

    int pitch() const { return cell + gap; }
    int width(qsizetype cells) const { return static_cast<int>(cells) * pitch() - gap; }
    int height(int length) const { return std::max(1, qRound(length * unit)); }

    double unit;
    int cell;
    int gap;
};

// How many cells become one, so that the strip fits; at least 1.
qsizetype groupFor(qsizetype cells, int width, const Grid &grid)
{
    qsizetype group = 1;
    while (group < cells && grid.width((cells + group - 1) / group) > width)
        ++group;
    return group;
}

void paintOpen(QPainter *painter, const QRect &rect, const Grid &grid)
{
    const ToneColors &red = Theme::current().failure;
    painter->fillRect(rect, red.tint);
    paintHatch(painter, rect, red.mark, 5.6 * grid.unit, 1.8 * grid.unit);
}

QPixmap drawn(const HeatStrip &strip, double scale)
{
    const Palette &palette = Theme::current();
    const Grid grid(scale);
    const int height = grid.height(stripHeight);
    QPixmap pixmap(std::max(1, grid.width(strip.cells.size())), height);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    for (qsizetype i = 0; i < strip.cells.size(); ++i) {
        const HeatCell &cell = strip.cells.at(i);
        const int x = static_cast<int>(i) * grid.pitch();
        if (cell.open) {
            // A stretch of open cells is one area.
            qsizetype last = i;
            while (last + 1 < strip.cells.size() && strip.cells.at(last + 1).open)
                ++last;
            paintOpen(&painter, QRect(x, 0, grid.width(last - i + 1), height), grid);
            i = last;
            continue;
        }
        const bool none = cell.success < 0;
        const size_t step = none ? 0 : static_cast<size_t>(heatStep(cell.success));
        const int length = grid.height(none ? footHeight : stepHeights.at(step));
        painter.fillRect(QRect(x, height - length, grid.cell, length),
                         none ? palette.edge : palette.heat.at(step));
    }
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

QString cacheKey(const HeatStrip &strip, double scale)
{
    QString key = u"heat:%1:%2:%3:"_s.arg(Theme::isHighContrast() ? 2
                                          : Theme::isDark()       ? 1
                                                                  : 0)
                      .arg(scale)
                      .arg(Theme::exact(1));
    for (const HeatCell &cell : strip.cells)
        key += cell.open ? u'o' : cell.success < 0 ? u'-' : QChar(u'0' + heatStep(cell.success));
    return key;
}

// How many cells become one in a width that is not yet in pixels of the device.
qsizetype groupIn(int width, const HeatStrip &strip, double scale)
{
    return groupFor(strip.cells.size(), qRound(width * scale), Grid(scale));
}

double scaleOf(const QWidget *widget)
{
    return widget ? widget->devicePixelRatioF() : 1;
}

// "14:02"; of longer ones "Tue 14:00 – 14:24".
QString timeOf(const HeatCell &cell)
{
    const QString clock = clockPattern(u"HH:mm"_s);
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(cell.start);
    if (cell.length <= minuteLength)
        return QLocale().toString(time, clock);
    const QString day = time.date() == QDate::currentDate()
                            ? QString()
                            : QString(QLocale().toString(time.date(), u"ddd d MMM"_s) % u' ');
    return QString(day % QLocale().toString(time, clock) % u" – "_s
                   % QLocale().toString(time.addMSecs(cell.length), clock));
}

QRect content(const QRect &rect)
{
    return rect.adjusted(Theme::px(8), 0, -Theme::px(8), 0);
}

} // namespace

int heatStep(double success)
{
    if (success >= 0.995)
        return 0;
    if (success >= 0.97)
        return 1;
    if (success >= 0.9)
        return 2;
    return success >= 0.6 ? 3 : 4;
}

HeatStrip joined(const HeatStrip &strip, qsizetype group)
{
    if (group <= 1)
        return strip;
    HeatStrip result;
    for (qsizetype end = strip.cells.size(); end > 0; end -= group) {
        HeatCell worst = strip.cells.at(end - 1);
        for (qsizetype i = std::max<qsizetype>(0, end - group); i < end; ++i) {
            if (isWorse(strip.cells.at(i), worst))
                worst = strip.cells.at(i);
        }
        result.cells.prepend(worst);
    }
    return result;
}

QString HeatText::summary(const HeatStrip &strip)
{
    qsizetype asked = 0;
    qsizetype open = 0;
    double worst = 1;
    for (const HeatCell &cell : strip.cells) {
        open += cell.open ? 1 : 0;
        if (cell.success < 0)
            continue;
        ++asked;
        worst = std::min(worst, cell.success);
    }
    QStringList sentences;
    if (asked == 0)
        sentences.append(tr("There were no requests."));
    else
        sentences.append(
            tr("The worst stretch had %1 % success.").arg(QLocale().toString(worst * 100, 'f', 1)));
    if (open > 0)
        sentences.append(
            tr("The breaker was open in %n stretch(es).", nullptr, static_cast<int>(open)));
    return sentences.join(u' ');
}

QString HeatText::scale(const HeatStrip &strip, qsizetype together)
{
    if (strip.cells.isEmpty())
        return {};
    const auto minutes = static_cast<int>(strip.cells.back().length * together / minuteLength);
    return minutes % 60 == 0 ? tr("1 cell = %1 h").arg(minutes / 60)
                             : tr("1 cell = %1 min").arg(minutes);
}

QString HeatText::cell(const HeatCell &cell)
{
    QStringList lines;
    if (cell.start > 0)
        lines.append(timeOf(cell));
    if (cell.open)
        lines.append(tr("The breaker was open"));
    else if (cell.success < 0)
        lines.append(tr("No requests"));
    else
        lines.append(tr("%1 % success").arg(QLocale().toString(cell.success * 100, 'f', 1)));
    if (cell.attempts > 0)
        lines.append(tr("%n attempts", nullptr, cell.attempts));
    return lines.join(u'\n');
}

void paintHeatStrip(QPainter *painter, const QRect &rect, const HeatStrip &strip)
{
    if (strip.cells.isEmpty() || rect.isEmpty())
        return;
    const double scale = painter->device()->devicePixelRatioF();
    const HeatStrip shown = joined(strip, groupIn(rect.width(), strip, scale));
    const QString key = cacheKey(shown, scale);
    QPixmap pixmap;
    if (!QPixmapCache::find(key, &pixmap)) {
        pixmap = drawn(shown, scale);
        QPixmapCache::insert(key, pixmap);
    }
    const double height = pixmap.deviceIndependentSize().height();
    painter->drawPixmap(QPointF(rect.left(), rect.top() + rect.height() - height), pixmap);
}

int heatStripWidth(qsizetype cells, double scale)
{
    return qCeil(Grid(scale).width(cells) / scale);
}

qsizetype heatCellsTogether(const QRect &rect, const HeatStrip &strip, double scale)
{
    return groupIn(rect.width(), strip, scale);
}

qsizetype heatCellAt(const QRect &rect, const HeatStrip &strip, int x, double scale)
{
    const qsizetype group = groupIn(rect.width(), strip, scale);
    const qsizetype shown = (strip.cells.size() + group - 1) / group;
    const qsizetype at = x < 0 ? -1 : static_cast<qsizetype>(x * scale) / Grid(scale).pitch();
    if (at < 0 || at >= shown)
        return -1;
    return strip.cells.size() - 1 - (shown - 1 - at) * group;
}

HeatStripDelegate::HeatStripDelegate(int role, QObject *parent, Ground ground)
    : QStyledItemDelegate(parent)
    , m_role(role)
    , m_ground(std::move(ground))
{}

void HeatStripDelegate::paint(QPainter *painter,
                              const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    if (m_ground) {
        m_ground(painter, option, index.row());
    } else {
        QStyleOptionViewItem item(option);
        initStyleOption(&item, index);
        item.text.clear();
        const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
        style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    }

    QRect rect = content(option.rect);
    const int height = Theme::px(stripHeight);
    rect = QRect(rect.x(), rect.y() + (rect.height() - height) / 2, rect.width(), height);
    paintHeatStrip(painter, rect, index.data(m_role).value<HeatStrip>());
}

QSize HeatStripDelegate::sizeHint(const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    const HeatStrip strip = index.data(m_role).value<HeatStrip>();
    return {heatStripWidth((strip.cells.size() + 1) / 2, scaleOf(option.widget)) + 2 * Theme::px(8),
            Theme::px(28)};
}

bool HeatStripDelegate::helpEvent(QHelpEvent *event,
                                  QAbstractItemView *view,
                                  const QStyleOptionViewItem &option,
                                  const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const HeatStrip strip = index.data(m_role).value<HeatStrip>();
    const QRect rect = content(option.rect);
    const qsizetype cell = heatCellAt(rect, strip, event->pos().x() - rect.left(), scaleOf(view));
    const QString text = cell < 0 ? HeatText::summary(strip) : HeatText::cell(strip.cells.at(cell));
    QToolTip::showText(event->globalPos(), text, view);
    return true;
}

bool HeatStripDelegate::editorEvent(QEvent *event,
                                    QAbstractItemModel *model,
                                    const QStyleOptionViewItem &option,
                                    const QModelIndex &index)
{
    const bool isRelease = event->type() == QEvent::MouseButtonRelease;
    const auto *mouse = isRelease ? static_cast<QMouseEvent *>(event) : nullptr;
    if (mouse && mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::NoModifier) {
        const HeatStrip strip = index.data(m_role).value<HeatStrip>();
        const QRect rect = content(option.rect);
        const double scale = scaleOf(option.widget);
        const int x = mouse->position().toPoint().x() - rect.left();
        const qsizetype last = heatCellAt(rect, strip, x, scale);
        if (last >= 0) {
            const qsizetype first =
                std::max<qsizetype>(0, last + 1 - heatCellsTogether(rect, strip, scale));
            emit cellsClicked(index, first, last);
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

} // namespace gatehouse::ui
