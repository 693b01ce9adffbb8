#include "dashboard/healthgrid.h"

#include "charts/budgetbar.h"
#include "charts/charttable.h"
#include "charts/timeseries.h"
#include "theme/healthpainter.h"
#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int rowHeight = 22;
constexpr int columns = 2;
constexpr int columnGap = 26;
constexpr int rowGlyphSide = 14;
constexpr int nameLeft = 20;
constexpr int mostNameWidth = 170;
constexpr int mostWordWidth = 88;
constexpr int gap = 8;

// Attempts of the time shown; cancelled ones count for nothing.
qint64 attemptsOf(const admin::ChannelOverview &overview)
{
    qint64 attempts = 0;
    for (const admin::HeatCell &cell : overview.strip)
        attempts += cell.attempts;
    return attempts;
}

// What they came to.
std::optional<double> shareOf(const admin::ChannelOverview &overview)
{
    qint64 ok = 0;
    for (const admin::HeatCell &cell : overview.strip)
        ok += cell.ok;
    const qint64 attempts = attemptsOf(overview);
    if (attempts == 0)
        return std::nullopt;
    return static_cast<double>(ok) / static_cast<double>(attempts);
}

// Where the parts of a row are.
struct RowGeometry
{
    QRect glyph{};
    QRect name{};
    QRect load{};
    QRect word{};
    QRect strip{};
};

// The strip is as long as whole names leave it, and shows several minutes as one where that is short.
int stripWidthIn(int room, int name, double scale)
{
    for (const qsizetype cells : {60, 30, 20}) {
        const int width = heatStripWidth(cells, scale);
        if (width + name <= room)
            return width;
    }
    return std::min(heatStripWidth(15, scale), room / 2);
}

RowGeometry geometryOf(const QRect &rect, const HealthGrid::Widths &widths, double scale)
{
    RowGeometry result;
    const int load = widths.load > 0 ? widths.load + Theme::px(gap) : 0;
    const int between = Theme::px(nameLeft) + Theme::px(gap) + Theme::px(gap / 2) + load;
    const int stripWidth = stripWidthIn(rect.width() - between - widths.word, widths.name, scale);
    const int side = Theme::px(rowGlyphSide);
    result.glyph = QRect(rect.left(), rect.center().y() - side / 2, side, side);
    result.strip = QRect(rect.right() - stripWidth, rect.top(), stripWidth, rect.height())
                       .adjusted(0, 0, 0, -Theme::px(4));
    result.word = QRect(result.strip.left() - widths.word - Theme::px(gap / 2),
                        rect.top(),
                        widths.word,
                        rect.height());
    const int left = rect.left() + Theme::px(nameLeft);
    const int right = result.word.left() - Theme::px(gap);
    result.load = QRect(right - widths.load, rect.top(), widths.load, rect.height());
    result.name = QRect(left, rect.top(), right - load - left, rect.height());
    return result;
}

QRect rowRect(const QRect &cell)
{
    return cell.adjusted(0, 0, -Theme::px(columnGap) / 2, 0);
}

HealthGrid::Widths widthsOf(const QWidget *view)
{
    const auto *grid = qobject_cast<const HealthGrid *>(view);
    return grid ? grid->widths() : HealthGrid::Widths{};
}

// What runs of what may run: "2/4" above a bar.
void paintLoad(QPainter *painter, const QRect &place, const QModelIndex &index)
{
    const QString text = index.data(HealthModel::LoadRole).toString();
    if (text.isEmpty())
        return;
    const Palette &palette = Theme::current();
    const double fullness = index.data(HealthModel::FullnessRole).toDouble();
    painter->save();
    painter->setFont(Theme::font(TextRole::Caption));
    painter->setPen(palette.secondary);
    painter->drawText(
        place.adjusted(0, 0, 0, -Theme::px(4)), Qt::AlignRight | Qt::AlignVCenter, text);
    const QRectF bar(
        place.left(), place.bottom() - Theme::exact(4), place.width(), Theme::exact(3));
    paintBar(painter, bar, fullness, fullness < 1 ? palette.mark : palette.caution.mark);
    painter->restore();
}

class HealthDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Palette &palette = Theme::current();
        const QRect rect = rowRect(option.rect);
        const RowGeometry parts =
            geometryOf(rect, widthsOf(option.widget), painter->device()->devicePixelRatioF());
        const auto health =
            static_cast<domain::Health>(index.data(HealthModel::HealthRole).toInt());
        const bool off = health == domain::Health::Disabled;
        painter->save();
        if (option.state & QStyle::State_MouseOver)
            painter->fillRect(rect, palette.hovered);
        const bool lacking = index.data(HealthModel::LackingRole).toBool();
        const ToneColors &caution = palette.tone(Tone::Caution);
        if (lacking)
            paintGlyph(painter, parts.glyph, Glyph::Dashed, caution.mark);
        else
            paintHealth(painter, parts.glyph, health);
        painter->setFont(option.font);
        painter->setPen(off ? palette.secondary : palette.text);
        painter->drawText(parts.name,
                          Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(
                              index.data().toString(), Qt::ElideRight, parts.name.width()));
        painter->setPen(lacking                                    ? caution.text
                        : health == domain::Health::Healthy || off ? palette.secondary
                                                                   : healthTextColor(health));
        painter->drawText(
            parts.word,
            Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(
                index.data(HealthModel::WordRole).toString(), Qt::ElideRight, parts.word.width()));
        paintLoad(painter, parts.load, index);
        paintHeatStrip(painter, parts.strip, index.data(HealthModel::StripRole).value<HeatStrip>());
        if (option.state & QStyle::State_HasFocus) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(palette.link, 2));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3);
        }
        painter->restore();
    }

    // Over the strip, the minute under the mouse; elsewhere what the channel's state means.
    bool helpEvent(QHelpEvent *event,
                   QAbstractItemView *view,
                   const QStyleOptionViewItem &option,
                   const QModelIndex &index) override
    {
        const double scale = view->devicePixelRatioF();
        const RowGeometry parts = geometryOf(rowRect(option.rect), widthsOf(view), scale);
        const auto strip = index.data(HealthModel::StripRole).value<HeatStrip>();
        const int x = event->pos().x() - parts.strip.left();
        const qsizetype cell = heatCellAt(parts.strip, strip, x, scale);
        if (event->type() != QEvent::ToolTip || cell < 0 || !parts.strip.contains(event->pos()))
            return QStyledItemDelegate::helpEvent(event, view, option, index);
        QToolTip::showText(
            event->globalPos(), plainTip(HeatText::cell(strip.cells.at(cell))), view);
        return true;
    }
};

} // namespace

HeatStrip HealthModel::stripOf(const admin::ChannelOverview &overview)
{
    HeatStrip strip;
    for (const admin::HeatCell &cell : overview.strip) {
        strip.cells.append(
            {.success = cell.attempts > 0 ? static_cast<double>(cell.ok) / cell.attempts : -1.0,
             .open = cell.breakerOpen,
             .start = cell.start,
             .length = cell.length,
             .attempts = cell.attempts});
    }
    return strip;
}

void HealthModel::setRows(std::vector<ChannelHealthRow> rows)
{
    const bool same = std::equal(rows.begin(),
                                 rows.end(),
                                 m_rows.begin(),
                                 m_rows.end(),
                                 [](const ChannelHealthRow &one, const ChannelHealthRow &other) {
                                     return one.overview.channel == other.overview.channel;
                                 });
    if (same) {
        m_rows = std::move(rows);
        refreshWords();
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void HealthModel::setState(const admin::ChannelOverview &state)
{
    for (ChannelHealthRow &row : m_rows) {
        if (row.overview.channel != state.channel)
            continue;
        row.overview.health = state.health;
        row.overview.reason = state.reason;
        row.overview.until = state.until;
        row.overview.running = state.running;
    }
}

void HealthModel::refreshWords()
{
    if (!m_rows.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

// As it follows upon "in the".
QString HealthModel::timeShown() const
{
    if (m_time.isFixed())
        return tr("chosen time");
    constexpr qint64 day = 86'400'000;
    const qint64 length = m_time.range(0).length();
    if (length < day)
        return tr("last 60 minutes");
    if (length == day)
        return tr("last 24 hours");
    return tr("last %n days", nullptr, static_cast<int>(length / day));
}

int HealthModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant HealthModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ChannelHealthRow &row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return QString(row.name).replace(u'\n', u' ');
    case Qt::ToolTipRole:
        return plainTip(QStringList{toolTipOf(row), loadOf(row)}.join(u'\n').trimmed());
    case Qt::AccessibleTextRole:
        return accessibleTextOf(row);
    case ChannelRole:
        return row.overview.channel.value;
    case HealthRole:
        return static_cast<int>(row.overview.health);
    case WordRole:
        return wordOf(row);
    case LoadRole:
        return row.mostAtOnce > 0 ? tr("%1/%2", "running, most at once")
                                        .arg(row.overview.running)
                                        .arg(row.mostAtOnce)
                                  : QString();
    case FullnessRole:
        return row.mostAtOnce > 0 ? std::min(1.0,
                                             static_cast<double>(row.overview.running)
                                                 / static_cast<double>(row.mostAtOnce))
                                  : 0.0;
    case LackingRole:
        return row.lacksModels();
    case StripRole:
        return QVariant::fromValue(stripOf(row.overview));
    default:
        return {};
    }
}

QString HealthModel::accessibleTextOf(const ChannelHealthRow &row) const
{
    const QString text =
        tr("%1, %2, %3, %4: %5", "channel, state, share of successes, time shown, strip")
            .arg(row.name,
                 row.lacksModels() ? wordOf(row) : HealthText::word(row.overview.health),
                 wordOf(row),
                 timeShown(),
                 HeatText::summary(stripOf(row.overview)));
    const QString load = loadOf(row);
    return load.isEmpty() ? text : QString(text % u' ' % load);
}

// Empty of a channel without a limit.
QString HealthModel::loadOf(const ChannelHealthRow &row) const
{
    return row.mostAtOnce > 0 ? tr("Running now: %1 of %2.", "requests, most at once")
                                    .arg(row.overview.running)
                                    .arg(row.mostAtOnce)
                              : QString();
}

// The share of successes while all is well, else the state and how long it lasts.
QString HealthModel::wordOf(const ChannelHealthRow &row) const
{
    const domain::Health health = row.overview.health;
    if (row.lacksModels())
        return tr("No models");
    if (health == domain::Health::Healthy) {
        const std::optional<double> share = shareOf(row.overview);
        return share ? Format::percent(*share) : tr("idle");
    }
    const qint64 left = row.overview.until - QDateTime::currentMSecsSinceEpoch();
    if (row.overview.until > 0 && left > 0)
        return HealthText::word(health, std::chrono::seconds((left + 999) / 1000));
    return HealthText::word(health);
}

QString HealthModel::toolTipOf(const ChannelHealthRow &row) const
{
    const std::optional<double> share = shareOf(row.overview);
    if (!share)
        return tr("%1: no requests in the %2", "channel, last 60 minutes")
            .arg(row.name, timeShown());
    return tr("%1: %2 of %n attempts in the %3 succeeded",
              "channel, share, last 60 minutes",
              static_cast<int>(std::min<qint64>(attemptsOf(row.overview), INT_MAX)))
        .arg(row.name, Format::percent(*share), timeShown());
}

HealthGrid::HealthGrid(HealthModel *model, QWidget *parent)
    : QListView(parent)
    , m_health(model)
{
    setModel(model);
    setItemDelegate(new HealthDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setFlow(QListView::TopToBottom);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::NoSelection);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QListView::clicked, this, &HealthGrid::click);
    connect(this, &QListView::activated, this, [this](const QModelIndex &index) {
        emit channelActivated({index.data(HealthModel::ChannelRole).toLongLong()});
    });
    connect(model, &QAbstractItemModel::modelReset, this, &HealthGrid::arrange);
    connect(model, &QAbstractItemModel::dataChanged, this, &HealthGrid::measure);
    arrange();
}

QSize HealthGrid::sizeHint() const
{
    const int rows = (model()->rowCount() + columns - 1) / columns;
    return {Theme::px(640), std::max(1, rows) * Theme::px(rowHeight) + 1};
}

QSize HealthGrid::minimumSizeHint() const
{
    return {Theme::px(320), sizeHint().height()};
}

void HealthGrid::mouseReleaseEvent(QMouseEvent *event)
{
    m_released = event->position().toPoint();
    QListView::mouseReleaseEvent(event);
}

void HealthGrid::copyImage()
{
    QGuiApplication::clipboard()->setImage(grab().toImage());
}

// A line for each minute in which a channel had an attempt.
void HealthGrid::copyCsv() const
{
    QString text = u"time,channel,attempts,ok\n"_s;
    for (const ChannelHealthRow &row : m_health->rows()) {
        for (const admin::HeatCell &cell : row.overview.strip) {
            if (cell.attempts == 0)
                continue;
            const QDateTime time = QDateTime::fromMSecsSinceEpoch(cell.start);
            text += time.toOffsetFromUtc(time.offsetFromUtc()).toString(Qt::ISODate);
            text += QString(u',' % csvText(row.name) % u',' % QString::number(cell.attempts) % u','
                            % QString::number(cell.ok) % u'\n');
        }
    }
    QGuiApplication::clipboard()->setText(text);
}

void HealthGrid::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool byKeys = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKeys ? currentIndex() : indexAt(event->pos());
    if (index.isValid()) {
        const domain::ChannelId channel{index.data(HealthModel::ChannelRole).toLongLong()};
        menu->addAction(icon(u"activity"), tr("Show these &requests"), this, [this, channel] {
            emit channelActivated(channel);
        });
        menu->addSeparator();
    }
    menu->addAction(icon(u"image"), tr("Copy &image"), this, &HealthGrid::copyImage);
    menu->addAction(icon(u"copy"), tr("&Copy as CSV"), this, &HealthGrid::copyCsv);
    menu->addSeparator();
    menu->addAction(tr("View as &table"), this, &HealthGrid::openTable);
    menu->popup(byKeys ? viewport()->mapToGlobal(visualRect(index).bottomLeft())
                       : event->globalPos());
}

// A line for each cell of which there is something to say.
void HealthGrid::openTable()
{
    const QDateTime now = QDateTime::currentDateTime();
    QList<QStringList> rows;
    for (const ChannelHealthRow &row : m_health->rows()) {
        for (const admin::HeatCell &cell : row.overview.strip) {
            if (cell.attempts == 0 && !cell.breakerOpen)
                continue;
            const double share =
                cell.attempts > 0 ? static_cast<double>(cell.ok) / cell.attempts : 0.0;
            rows.append({row.name,
                         Format::moment(QDateTime::fromMSecsSinceEpoch(cell.start), now),
                         Format::count(cell.attempts),
                         cell.attempts > 0 ? Format::percent(share) : QString(),
                         cell.breakerOpen ? tr("open") : QString()});
        }
    }
    ChartTable::openFor(accessibleName(),
                        {tr("Channel"), tr("Time"), tr("Attempts"), tr("Success"), tr("Breaker")},
                        rows,
                        window());
}

void HealthGrid::click(const QModelIndex &index)
{
    const domain::ChannelId channel{index.data(HealthModel::ChannelRole).toLongLong()};
    if (const std::optional<admin::TimeRange> range = timeAt(index, m_released))
        emit timeActivated(channel, *range);
    else
        emit channelActivated(channel);
}

// What the cell there stands for: neighbours that are painted as one are one.
std::optional<admin::TimeRange> HealthGrid::timeAt(const QModelIndex &index,
                                                   const QPoint &position) const
{
    const double scale = devicePixelRatioF();
    const QRect place = geometryOf(rowRect(visualRect(index)), m_widths, scale).strip;
    const auto strip = index.data(HealthModel::StripRole).value<HeatStrip>();
    const qsizetype last = heatCellAt(place, strip, position.x() - place.left(), scale);
    if (last < 0 || !place.contains(position))
        return std::nullopt;
    const qsizetype first =
        std::max<qsizetype>(0, last + 1 - heatCellsTogether(place, strip, scale));
    const std::vector<admin::HeatCell> &cells =
        m_health->rows().at(static_cast<size_t>(index.row())).overview.strip;
    return admin::TimeRange{.since = cells.at(static_cast<size_t>(first)).start,
                            .until = cells.at(static_cast<size_t>(last)).end()};
}

void HealthGrid::resizeEvent(QResizeEvent *event)
{
    arrange();
    QListView::resizeEvent(event);
}

void HealthGrid::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

// What the longest name and the longest word take; all rows are split alike.
void HealthGrid::measure()
{
    const QFontMetrics metrics = fontMetrics();
    constexpr qsizetype mostCharacters = 200; // no row is wider than that
    Widths widths;
    for (int row = 0; row < model()->rowCount(); ++row) {
        const QModelIndex index = model()->index(row, 0);
        const QString word = index.data(HealthModel::WordRole).toString();
        const QString name = index.data().toString().left(mostCharacters);
        widths.name = std::max(widths.name, metrics.horizontalAdvance(name));
        widths.word = std::max(widths.word, metrics.horizontalAdvance(word));
    }
    // One more than measured, as an advance is rounded; a countdown does not move the rows.
    widths.name = std::min(widths.name + 1, Theme::px(mostNameWidth));
    const int most = Theme::px(mostWordWidth);
    const int least = most / 2 + 1;
    widths.word = widths.word + 1 > least ? most : least;
    const QFontMetrics caption(Theme::font(TextRole::Caption));
    for (const ChannelHealthRow &row : m_health->rows()) {
        const QString full = HealthModel::tr("%1/%2", "running, most at once")
                                 .arg(row.mostAtOnce)
                                 .arg(row.mostAtOnce);
        if (row.mostAtOnce > 0)
            widths.load = std::max(widths.load, caption.horizontalAdvance(full) + 1);
    }
    if (std::exchange(m_widths, widths) == widths)
        return;
    viewport()->update();
    emit arranged();
}

void HealthGrid::arrange()
{
    measure();
    setGridSize({std::max(1, viewport()->width() / columns), Theme::px(rowHeight)});
    updateGeometry();
    emit arranged();
}

QString HealthGrid::scale() const
{
    if (m_health->rows().empty())
        return {};
    const double scale = devicePixelRatioF();
    const HeatStrip strip = HealthModel::stripOf(m_health->rows().front().overview);
    const QRect place = geometryOf(rowRect(QRect(QPoint(), gridSize())), m_widths, scale).strip;
    return HeatText::scale(strip, heatCellsTogether(place, strip, scale));
}

} // namespace gatehouse::ui
