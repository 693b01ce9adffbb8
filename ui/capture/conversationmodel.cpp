#include "capture/conversationmodel.h"

#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QBuffer>
#include <QImageReader>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using admin::ConversationItem;
using Kind = ConversationItem::Kind;

constexpr int openedAtFirst = 8;
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

void ConversationModel::setItems(std::vector<ConversationItem> items)
{
    beginResetModel();
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
    endResetModel();
}

void ConversationModel::setOpen(int row, bool open)
{
    if (isOpen(row) == open)
        return;
    m_open.at(static_cast<size_t>(row)) = open;
    if (open && item(row).kind == Kind::Image)
        loadThumbnail(row);
    emit dataChanged(index(row), index(row));
}

void ConversationModel::loadThumbnail(int row)
{
    if (item(row).image.isEmpty() || m_thumbnails.contains(row))
        return;
    admin::whenDone(
        admin::runIn(*QThreadPool::globalInstance(),
                     [bytes = item(row).image, side = Theme::px(240)]() -> base::Result<QImage> {
                         return thumbnailOf(bytes, side);
                     }),
        this,
        [this, row, asked = m_generation](const base::Result<QImage> &image) {
            if (asked != m_generation || !image || image->isNull())
                return;
            m_thumbnails.insert(row, *image);
            emit dataChanged(index(row), index(row));
        });
}

void ConversationModel::retranslate()
{
    if (!m_items.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

int ConversationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
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
        return u"%1 (%2): %3"_s.arg(heading(shown), state, preview(shown));
    }
    case ItemRole:
        return QVariant::fromValue(shown);
    case OpenRole:
        return isOpen(index.row());
    case ThumbnailRole: {
        const QImage image = m_thumbnails.value(index.row());
        return image.isNull() ? QVariant() : QVariant(image);
    }
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
