#pragma once

#include "admin/traffic/conversation.h"

#include <QCache>
#include <QStyledItemDelegate>
#include <QTextDocument>

namespace gatehouse::ui {

// Paints what was said: folded as a line, open as text of its own width, whose layouts are kept.
class ConversationDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit ConversationDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    // Texts or colours are others now.
    void forgetLayouts() { m_documents.clear(); }

private:
    int widthOf(const QStyleOptionViewItem &option) const;
    QTextDocument *documentOf(const QModelIndex &index, int width) const;
    void paintHeading(QPainter *painter,
                      const QRect &line,
                      const admin::ConversationItem &item,
                      bool isOpen) const;
    void paintCacheMark(QPainter *painter, const QRect &room, const QString &words) const;

    mutable QCache<int, QTextDocument> m_documents; // by row
};

} // namespace gatehouse::ui
