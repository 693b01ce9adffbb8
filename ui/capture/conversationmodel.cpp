#include "capture/conversationmodel.h"

#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QBuffer>
#include <QImageReader>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using admin::ConversationItem;
using Kind = ConversationItem::Kind;

constexpr int openedAtFirst = 8;
constexpr int shownAtFirst = 8; // at the least
constexpr int fewestFolded = 4; // fewer are no long conversation
constexpr qsizetype shownOfPreview = 300;

// A picture made small, in a thread of the pool; null: it cannot be read.
QImage thumbnailOf(const QByteArray &bytes, int side)
{
    QBuffer buffer;
    buffer.setData(bytes);
    if (!buffer.open(QIODevice::ReadOnly))
        return {};
    QImageReader reader(&buffer);
    const QSize size = reader.size();
    constexpr qint64 mostPixels = 60'000'000;
    if (!size.isValid() || qint64(size.width()) * size.height() > mostPixels)
        return {};
    if (size.width() > side || size.height() > side)
        reader.setScaledSize(size.scaled(side, side, Qt::KeepAspectRatio));
    return reader.read();
}

bool isSpoken(const ConversationItem &item)
{
    return item.kind == Kind::User || item.kind == Kind::Assistant;
}

} // namespace

void ConversationModel::setItems(std::vector<ConversationItem> items, qint64 cachedTokens)
{
    beginResetModel();
    m_cachedTokens = cachedTokens;
    ++m_generation;
    m_thumbnails.clear();
    m_items = std::move(items);
    m_open.assign(m_items.size(), false);
    int left = openedAtFirst;
    for (size_t row = m_items.size(); row-- > 0 && left > 0;) {
        if (isSpoken(m_items[row])) {
            m_open[row] = true;
            --left;
        }
    }
    foldEarlier();
    endResetModel();
}

// Between what every request begins with and what was said last, which begins with a person's words
// where there are any nearby.
void ConversationModel::foldEarlier()
{
    const int count = static_cast<int>(m_items.size());
    const auto kindAt = [this](int place) { return m_items[static_cast<size_t>(place)].kind; };
    m_earlierOpen = false;
    m_foldBegin = 0;
    while (m_foldBegin < count
           && (kindAt(m_foldBegin) == Kind::System || kindAt(m_foldBegin) == Kind::Tools))
        ++m_foldBegin;
    m_foldEnd = std::max(count - shownAtFirst, m_foldBegin);
    for (int place = m_foldEnd; place > m_foldBegin && place > m_foldEnd - shownAtFirst; --place) {
        if (kindAt(place) == Kind::User) {
            m_foldEnd = place;
            break;
        }
    }
    m_earlier = {.kind = Kind::Earlier, .count = foldedCount()};
    if (foldedCount() < fewestFolded) {
        m_foldEnd = m_foldBegin;
        return;
    }
    for (int place = m_foldBegin; place < m_foldEnd; ++place)
        m_earlier.tokens += m_items[static_cast<size_t>(place)].tokens;
    m_earlier.endsCache = m_items[static_cast<size_t>(m_foldEnd - 1)].endsCache;
}

int ConversationModel::placeOf(int row) const
{
    if (foldedCount() == 0 || row < m_foldBegin)
        return row;
    if (row == m_foldBegin)
        return -1;
    return m_earlierOpen ? row - 1 : row - 1 + foldedCount();
}

int ConversationModel::rowOf(int place) const
{
    if (foldedCount() == 0 || place < m_foldBegin)
        return place;
    if (m_earlierOpen)
        return place + 1;
    return place < m_foldEnd ? m_foldBegin : place + 1 - foldedCount();
}

const ConversationItem &ConversationModel::item(int row) const
{
    const int place = placeOf(row);
    return place < 0 ? m_earlier : m_items.at(static_cast<size_t>(place));
}

bool ConversationModel::isOpen(int row) const
{
    const int place = placeOf(row);
    return place < 0 ? m_earlierOpen : m_open.at(static_cast<size_t>(place));
}

void ConversationModel::openEarlier(bool open)
{
    const int first = m_foldBegin + 1;
    const int last = m_foldBegin + foldedCount();
    if (open)
        beginInsertRows({}, first, last);
    else
        beginRemoveRows({}, first, last);
    m_earlierOpen = open;
    if (open)
        endInsertRows();
    else
        endRemoveRows();
}

void ConversationModel::setOpen(int row, bool open)
{
    if (isOpen(row) == open)
        return;
    const int place = placeOf(row);
    if (place < 0)
        openEarlier(open);
    else
        m_open.at(static_cast<size_t>(place)) = open;
    if (open && item(row).kind == Kind::Image)
        loadThumbnail(place);
    emit dataChanged(index(row), index(row));
}

// What the client asked for in estimated tokens; at the last of these places, what the provider did.
QString ConversationModel::cacheMark(int row) const
{
    if (!item(row).endsCache || (placeOf(row) < 0 && m_earlierOpen))
        return {};
    const int place = placeOf(row) < 0 ? m_foldEnd - 1 : placeOf(row);
    qint64 tokens = 0;
    bool isLast = true;
    for (int each = 0; each < static_cast<int>(m_items.size()); ++each) {
        const ConversationItem &said = m_items[static_cast<size_t>(each)];
        if (each <= place)
            tokens += said.tokens;
        else
            isLast = isLast && !said.endsCache;
    }
    if (isLast && m_cachedTokens > 0)
        return tr("cached up to here, %1 tokens").arg(Format::count(m_cachedTokens));
    return tr("to be cached up to here, ≈ %1 tokens").arg(Format::count(tokens));
}

void ConversationModel::loadThumbnail(int place)
{
    const ConversationItem &shown = m_items.at(static_cast<size_t>(place));
    if (shown.image.isEmpty() || m_thumbnails.contains(place))
        return;
    admin::whenDone(
        admin::runIn(*QThreadPool::globalInstance(),
                     [bytes = shown.image, side = Theme::px(240)]() -> base::Result<QImage> {
                         return thumbnailOf(bytes, side);
                     }),
        this,
        [this, place, asked = m_generation](const base::Result<QImage> &image) {
            if (asked != m_generation || !image || image->isNull())
                return;
            m_thumbnails.insert(place, *image);
            emit dataChanged(index(rowOf(place)), index(rowOf(place)));
        });
}

void ConversationModel::retranslate()
{
    if (!m_items.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

int ConversationModel::rowCount(const QModelIndex &parent) const
{
    const int folded = foldedCount() > 0 ? (m_earlierOpen ? 0 : foldedCount()) - 1 : 0;
    return parent.isValid() ? 0 : static_cast<int>(m_items.size()) - folded;
}

QVariant ConversationModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ConversationItem &shown = item(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return heading(shown);
    case Qt::AccessibleTextRole: {
        const QString state = isOpen(index.row()) ? tr("open") : tr("folded");
        QString text = u"%1 (%2): %3"_s.arg(heading(shown), state, preview(shown));
        if (const QString mark = cacheMark(index.row()); !mark.isEmpty())
            text += u". "_s + mark;
        return text;
    }
    case ItemRole:
        return QVariant::fromValue(shown);
    case OpenRole:
        return isOpen(index.row());
    case ThumbnailRole: {
        const QImage image = m_thumbnails.value(placeOf(index.row()));
        return image.isNull() ? QVariant() : QVariant(image);
    }
    case CacheMarkRole:
        return cacheMark(index.row());
    default:
        return {};
    }
}

QString ConversationModel::heading(const ConversationItem &item)
{
    switch (item.kind) {
    case Kind::System:
        return tr("System");
    case Kind::Tools:
        return item.count == 1 ? tr("One tool") : tr("%n tools", nullptr, item.count);
    case Kind::User:
        return tr("User");
    case Kind::Assistant:
        return tr("Assistant");
    case Kind::Reasoning:
        return tr("Reasoning");
    case Kind::Tool:
        return item.title.isEmpty() ? tr("Result of a tool") : item.title;
    case Kind::Image:
        return tr("Picture");
    case Kind::Other:
        return item.title.isEmpty() ? tr("Something else") : item.title;
    case Kind::Earlier:
        return tr("%n earlier messages", nullptr, item.count);
    }
    return {};
}

QString ConversationModel::preview(const ConversationItem &item)
{
    const auto oneLine = [](const QString &text) { return text.left(shownOfPreview).simplified(); };
    switch (item.kind) {
    case Kind::Tools:
        return oneLine(item.title);
    case Kind::Tool:
        return item.hasResult ? tr("%1 → %2").arg(oneLine(item.text), oneLine(item.result))
                              : oneLine(item.text);
    case Kind::Image: {
        const QString size = item.image.isEmpty() ? item.text : Format::bytes(item.image.size());
        return item.title.isEmpty() ? size : u"%1, %2"_s.arg(item.title, size);
    }
    case Kind::System:
    case Kind::User:
    case Kind::Assistant:
    case Kind::Reasoning:
    case Kind::Other:
    case Kind::Earlier:
        break;
    }
    return oneLine(item.text);
}

QString ConversationModel::fullText(const ConversationItem &item)
{
    if (item.kind == Kind::Image)
        return preview(item);
    if (item.kind != Kind::Tool || !item.hasResult)
        return item.text;
    return item.text.isEmpty() ? item.result : item.text + u"\n\n→ "_s + item.result;
}

} // namespace gatehouse::ui
