#pragma once

#include "admin/traffic/conversation.h"

#include <QAbstractListModel>
#include <QImage>

namespace gatehouse::ui {

// What was said, one row for each; rows are folded to a line or open. Of a long conversation what went
// before is one row, which opens to all of them.
class ConversationModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { ItemRole = Qt::UserRole + 1, OpenRole, ThumbnailRole, CacheMarkRole };

    using QAbstractListModel::QAbstractListModel;

    // Opens what was said last, and the answer; all else is folded. `cachedTokens` are those that the
    // provider read from its cache or wrote into it.
    void setItems(std::vector<admin::ConversationItem> items, qint64 cachedTokens = 0);
    const std::vector<admin::ConversationItem> &items() const { return m_items; }
    const admin::ConversationItem &item(int row) const;
    bool isOpen(int row) const;
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
    // The place in m_items of what a row shows; -1: the row of what went before.
    int placeOf(int row) const;
    int rowOf(int place) const;
    int foldedCount() const { return m_foldEnd - m_foldBegin; }
    void foldEarlier();
    void openEarlier(bool open);
    void loadThumbnail(int place);
    QString cacheMark(int row) const;

    std::vector<admin::ConversationItem> m_items{};
    std::vector<bool> m_open{}; // by place
    admin::ConversationItem m_earlier{};
    int m_foldBegin = 0; // the places of what went before; empty: all are shown
    int m_foldEnd = 0;
    bool m_earlierOpen = false;
    qint64 m_cachedTokens = 0;
    QHash<int, QImage> m_thumbnails{}; // by place
    int m_generation = 0;
};

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::admin::ConversationItem)
