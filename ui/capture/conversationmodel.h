#pragma once

#include "admin/traffic/conversation.h"

#include <QAbstractListModel>
#include <QImage>

namespace gatehouse::ui {

// What was said, one row for each; rows are folded to a line or open.
class ConversationModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { ItemRole = Qt::UserRole + 1, OpenRole, ThumbnailRole };

    using QAbstractListModel::QAbstractListModel;

    // Opens what was said last, and the answer; all else is folded.
    void setItems(std::vector<admin::ConversationItem> items);
    const std::vector<admin::ConversationItem> &items() const { return m_items; }
    const admin::ConversationItem &item(int row) const
    {
        return m_items.at(static_cast<size_t>(row));
    }
    bool isOpen(int row) const { return m_open.at(static_cast<size_t>(row)); }
    void setOpen(int row, bool open);
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    // The heading of a row, such as "User", and for tools what they are.
    static QString heading(const admin::ConversationItem &item);
    // What a folded row says beside its heading, on one line.
    static QString preview(const admin::ConversationItem &item);
    // All of it, for reading and copying.
    static QString fullText(const admin::ConversationItem &item);

private:
    void loadThumbnail(int row);

    std::vector<admin::ConversationItem> m_items{};
    std::vector<bool> m_open{};
    QHash<int, QImage> m_thumbnails{};
    int m_generation = 0;
};

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::admin::ConversationItem)
