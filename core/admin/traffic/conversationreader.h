#pragma once

#include "admin/traffic/conversation.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

namespace gatehouse::admin {

// Puts a conversation together out of the members of requests and answers. Members are told apart by
// their names, since the dialects do not use the same one for different things. Nothing is required of
// them: what is missing or of another type says nothing.
class ConversationReader
{
public:
    void readRequest(const QJsonObject &body);
    void readAnswer(const QJsonObject &body);

    // Into the conversation as it is, with results beside the calls of their tools.
    void add(ConversationItem item);
    void addText(ConversationItem::Kind kind, const QString &text);
    void addCall(const QString &id, const QString &name, const QString &arguments);
    void beginAnswer() { m_isAnswer = true; }
    void finish(const QString &reason)
    {
        if (!reason.isEmpty())
            m_conversation.finishReason = reason;
    }
    Conversation take();

private:
    void readTools(const QJsonArray &tools);
    void readMessage(const QJsonObject &message);
    void readContent(ConversationItem::Kind kind, const QJsonValue &content);
    void readPart(ConversationItem::Kind kind, const QJsonObject &part);
    bool readGeminiPart(ConversationItem::Kind kind, const QJsonObject &part);
    void readCalls(const QJsonArray &calls);
    void readItem(const QJsonObject &item);
    void readError(const QJsonObject &error);
    void addResult(const QString &id, const QString &name, const QJsonValue &content);
    void addImage(const QString &type, const QString &source);
    void markCache();

    Conversation m_conversation{};
    QHash<QString, size_t> m_calls{}; // by id, where they stand
    bool m_isAnswer = false;
    bool m_continues = false; // a text joins the item before
};

// A value as text: texts as they are, all else as JSON.
QString plainText(const QJsonValue &value);

} // namespace gatehouse::admin
