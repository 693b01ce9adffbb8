#include "admin/traffic/conversationreader.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

using Kind = ConversationItem::Kind;

constexpr qsizetype longestText = 200'000;
constexpr qsizetype longestImage = 4 * 1024 * 1024;
constexpr size_t mostItems = 5'000;
constexpr qint64 bytesPerToken = 4;

qint64 tokensOf(const QString &text)
{
    qint64 bytes = 0;
    for (const QChar c : text)
        bytes += c.unicode() < 0x80 ? 1 : 3;
    return (bytes + bytesPerToken - 1) / bytesPerToken;
}

Kind kindOf(const QString &role)
{
    if (role == "assistant"_L1 || role == "model"_L1)
        return Kind::Assistant;
    if (role == "system"_L1 || role == "developer"_L1)
        return Kind::System;
    return Kind::User;
}

// The text of a content that may be a text or a list of parts.
QString textOf(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    if (!content.isArray())
        return content.isUndefined() || content.isNull() ? QString() : plainText(content);
    QStringList texts;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts) {
        const QJsonValue text = part[u"text"_s];
        texts.append(text.isString() ? text.toString() : plainText(part));
    }
    return texts.join(u'\n');
}

} // namespace

QString plainText(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson());
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson());
    return value.isUndefined() || value.isNull() ? QString() : value.toVariant().toString();
}

void ConversationReader::add(ConversationItem item)
{
    m_continues = false;
    if (m_conversation.items.size() >= mostItems)
        return;
    item.isAnswer = m_isAnswer;
    item.tokens = tokensOf(item.text) + tokensOf(item.result);
    item.text.truncate(longestText);
    item.result.truncate(longestText);
    m_conversation.items.push_back(std::move(item));
}

void ConversationReader::addText(Kind kind, const QString &text)
{
    if (text.isEmpty())
        return;
    std::vector<ConversationItem> &items = m_conversation.items;
    if (m_continues && !items.empty() && items.back().kind == kind && !items.back().endsCache) {
        items.back().text = QString(items.back().text + u'\n' + text).left(longestText);
        items.back().tokens += tokensOf(text);
        return;
    }
    add({.kind = kind, .text = text});
    m_continues = true;
}

void ConversationReader::addCall(const QString &id, const QString &name, const QString &arguments)
{
    add({.kind = Kind::Tool, .title = name, .text = arguments});
    if (!m_conversation.items.empty() && !id.isEmpty())
        m_calls.insert(id, m_conversation.items.size() - 1);
}

void ConversationReader::addResult(const QString &id,
                                   const QString &name,
                                   const QJsonValue &content)
{
    m_continues = false;
    const QString text = textOf(content);
    const auto call = m_calls.constFind(id.isEmpty() ? name : id);
    if (call == m_calls.cend()) {
        add({.kind = Kind::Tool, .title = name, .result = text, .hasResult = true});
        return;
    }
    ConversationItem &item = m_conversation.items.at(*call);
    item.result = text.left(longestText);
    item.hasResult = true;
    item.tokens += tokensOf(text);
}

void ConversationReader::addImage(const QString &type, const QString &source)
{
    ConversationItem item{.kind = Kind::Image, .title = type};
    QString data = source;
    if (source.startsWith("data:"_L1)) {
        const qsizetype comma = source.indexOf(u',');
        item.title = source.mid(5, std::min<qsizetype>(comma, 60) - 5).section(u';', 0, 0);
        data = comma < 0 ? QString() : source.mid(comma + 1);
    } else if (source.startsWith("http"_L1)) {
        item.text = source.left(1'000);
        data.clear();
    }
    if (data.size() < longestImage)
        item.image = QByteArray::fromBase64(data.toLatin1());
    add(std::move(item));
}

void ConversationReader::markCache()
{
    if (!m_conversation.items.empty())
        m_conversation.items.back().endsCache = true;
    m_continues = false;
}

bool ConversationReader::readGeminiPart(Kind kind, const QJsonObject &part)
{
    const auto member = [&part](const QString &camel, const QString &snake) {
        return part.contains(camel) ? part[camel].toObject() : part[snake].toObject();
    };
    if (const QJsonObject call = member(u"functionCall"_s, u"function_call"_s); !call.isEmpty()) {
        const QString name = call[u"name"_s].toString();
        const QString id = call[u"id"_s].toString();
        addCall(id.isEmpty() ? name : id, name, plainText(call[u"args"_s]));
        return true;
    }
    if (const QJsonObject response = member(u"functionResponse"_s, u"function_response"_s);
        !response.isEmpty()) {
        addResult(
            response[u"id"_s].toString(), response[u"name"_s].toString(), response[u"response"_s]);
        return true;
    }
    if (const QJsonObject data = member(u"inlineData"_s, u"inline_data"_s); !data.isEmpty()) {
        const QString type = data.contains(u"mimeType"_s) ? data[u"mimeType"_s].toString()
                                                          : data[u"mime_type"_s].toString();
        if (type.startsWith("image/"_L1))
            addImage(type, data[u"data"_s].toString());
        else
            add({.kind = Kind::Other, .title = type});
        return true;
    }
    if (part.contains(u"type"_s) || !part[u"text"_s].isString())
        return false;
    addText(part[u"thought"_s].toBool() ? Kind::Reasoning : kind, part[u"text"_s].toString());
    return true;
}

void ConversationReader::readPart(Kind kind, const QJsonObject &part)
{
    const QString type = part[u"type"_s].toString();
    if (type == "text"_L1 || type == "input_text"_L1 || type == "output_text"_L1) {
        addText(kind, part[u"text"_s].toString());
    } else if (type == "refusal"_L1) {
        addText(kind, part[u"refusal"_s].toString());
    } else if (type == "thinking"_L1) {
        addText(Kind::Reasoning, part[u"thinking"_s].toString());
    } else if (type == "tool_use"_L1 || type == "server_tool_use"_L1) {
        addCall(part[u"id"_s].toString(), part[u"name"_s].toString(), plainText(part[u"input"_s]));
    } else if (type == "tool_result"_L1) {
        addResult(part[u"tool_use_id"_s].toString(), QString(), part[u"content"_s]);
    } else if (type == "image"_L1) {
        const QJsonObject source = part[u"source"_s].toObject();
        addImage(source[u"media_type"_s].toString(),
                 source.contains(u"data"_s) ? source[u"data"_s].toString()
                                            : source[u"url"_s].toString());
    } else if (type == "image_url"_L1 || type == "input_image"_L1) {
        const QJsonValue url = part[u"image_url"_s];
        addImage({}, url.isObject() ? url[u"url"_s].toString() : url.toString());
    } else if (!readGeminiPart(kind, part)) {
        add({.kind = Kind::Other, .title = type, .text = plainText(part)});
    }
    if (part.contains(u"cache_control"_s))
        markCache();
}

void ConversationReader::readContent(Kind kind, const QJsonValue &content)
{
    if (content.isArray()) {
        const QJsonArray parts = content.toArray();
        for (const QJsonValue &part : parts) {
            if (part.isObject())
                readPart(kind, part.toObject());
            else
                addText(kind, plainText(part));
        }
        return;
    }
    if (content.isObject()) {
        readContent(kind, content[u"parts"_s]);
        return;
    }
    addText(kind, plainText(content));
}

void ConversationReader::readCalls(const QJsonArray &calls)
{
    for (const QJsonValue &call : calls) {
        const QJsonObject function = call[u"function"_s].toObject();
        addCall(call[u"id"_s].toString(),
                function[u"name"_s].toString(),
                plainText(function[u"arguments"_s]));
    }
}

void ConversationReader::readMessage(const QJsonObject &message)
{
    m_continues = false;
    const QString role = message[u"role"_s].toString();
    if (role == "tool"_L1 || role == "function"_L1) {
        addResult(message[u"tool_call_id"_s].toString(),
                  message[u"name"_s].toString(),
                  message[u"content"_s]);
        return;
    }
    for (const QString &name : {u"reasoning_content"_s, u"reasoning"_s}) {
        if (message[name].isString())
            addText(Kind::Reasoning, message[name].toString());
    }
    m_continues = false;
    const QJsonValue content =
        message.contains(u"content"_s) ? message[u"content"_s] : message[u"parts"_s];
    readContent(kindOf(role), content);
    readCalls(message[u"tool_calls"_s].toArray());
    m_continues = false;
}

// An item of a Responses request or answer.
void ConversationReader::readItem(const QJsonObject &item)
{
    const QString type = item[u"type"_s].toString();
    if (type == "function_call"_L1 || type == "custom_tool_call"_L1) {
        const QString arguments = item.contains(u"arguments"_s) ? u"arguments"_s : u"input"_s;
        addCall(
            item[u"call_id"_s].toString(), item[u"name"_s].toString(), plainText(item[arguments]));
    } else if (type == "function_call_output"_L1 || type == "custom_tool_call_output"_L1) {
        addResult(item[u"call_id"_s].toString(), QString(), item[u"output"_s]);
    } else if (type == "reasoning"_L1) {
        m_continues = false;
        const QJsonArray summary = item[u"summary"_s].toArray();
        for (const QJsonValue &part : summary)
            addText(Kind::Reasoning, part[u"text"_s].toString());
        m_continues = false;
    } else if (type.isEmpty() || type == "message"_L1) {
        readMessage(item);
    } else {
        add({.kind = Kind::Other, .title = type, .text = plainText(item)});
    }
}

void ConversationReader::readTools(const QJsonArray &tools)
{
    QStringList names;
    QJsonArray declarations;
    for (const QJsonValue &tool : tools) {
        const QJsonArray gemini = tool[u"functionDeclarations"_s].toArray();
        if (gemini.isEmpty())
            declarations.append(tool);
        for (const QJsonValue &declaration : gemini)
            declarations.append(declaration);
    }
    for (const QJsonValue &tool : std::as_const(declarations)) {
        const QJsonValue name = tool[u"name"_s];
        const QJsonValue inner = tool[u"function"_s][u"name"_s];
        names.append(name.isString()    ? name.toString()
                     : inner.isString() ? inner.toString()
                                        : tool[u"type"_s].toString());
    }
    if (names.isEmpty())
        return;
    add({.kind = Kind::Tools,
         .title = names.join(u", "_s),
         .text = plainText(declarations),
         .count = static_cast<int>(names.size())});
    if (tools.last()[u"cache_control"_s].isObject())
        markCache();
}

void ConversationReader::readRequest(const QJsonObject &body)
{
    for (const QString &name :
         {u"system"_s, u"instructions"_s, u"systemInstruction"_s, u"system_instruction"_s}) {
        readContent(Kind::System, body[name]);
        m_continues = false;
    }
    readTools(body[u"tools"_s].toArray());
    for (const QString &name : {u"messages"_s, u"contents"_s, u"input"_s, u"prompt"_s}) {
        const QJsonValue messages = body[name];
        if (!messages.isArray()) {
            readContent(Kind::User, messages);
            m_continues = false;
            continue;
        }
        const QJsonArray all = messages.toArray();
        for (const QJsonValue &message : all) {
            m_continues = false;
            if (message.isObject())
                readItem(message.toObject());
            else
                addText(Kind::User, plainText(message));
        }
    }
}

void ConversationReader::readError(const QJsonObject &error)
{
    const QString type = error.contains(u"type"_s) ? u"type"_s : u"status"_s;
    add({.kind = Kind::Other,
         .title = error[type].toString(),
         .text = error[u"message"_s].toString()});
}

void ConversationReader::readAnswer(const QJsonObject &body)
{
    m_continues = false;
    if (body[u"error"_s].isObject())
        readError(body[u"error"_s].toObject());
    const QJsonArray choices = body[u"choices"_s].toArray();
    for (const QJsonValue &choice : choices) {
        QJsonObject message = choice[u"message"_s].toObject();
        if (message.isEmpty() && choice[u"text"_s].isString())
            message.insert(u"content"_s, choice[u"text"_s]);
        message.insert(u"role"_s, u"assistant"_s);
        readMessage(message);
        finish(choice[u"finish_reason"_s].toString());
    }
    const QJsonArray candidates = body[u"candidates"_s].toArray();
    for (const QJsonValue &candidate : candidates) {
        readContent(Kind::Assistant, candidate[u"content"_s]);
        m_continues = false;
        finish(candidate[u"finishReason"_s].toString());
    }
    const QJsonArray output = body[u"output"_s].toArray();
    for (const QJsonValue &item : output)
        readItem(item.toObject());
    if (!output.isEmpty())
        finish(body[u"status"_s].toString());
    if (body[u"content"_s].isArray())
        readContent(Kind::Assistant, body[u"content"_s]);
    finish(body[u"stop_reason"_s].toString());
}

Conversation ConversationReader::take()
{
    return std::move(m_conversation);
}

} // namespace gatehouse::admin
