#include "gateway/echo/echoprompt.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

constexpr qsizetype longestPiece = 24;
constexpr int deepestSchema = 8;

// Where the piece that begins at `begin` ends.
qsizetype pieceEnd(const QString &text, qsizetype begin)
{
    qsizetype end = begin;
    while (end < text.size() && text[end].isSpace())
        ++end; // only in front of the first word
    const qsizetype word = end;
    while (end < text.size() && !text[end].isSpace() && end - word < longestPiece)
        ++end;
    if (end < text.size() && text[end].isLowSurrogate())
        ++end;
    while (end < text.size() && text[end].isSpace())
        ++end;
    return end;
}

QString compact(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

// The text of a message's content: a string, or an array of parts with a member `text`.
QString textOf(const QJsonValue &content)
{
    if (content.isString())
        return content.toString();
    QStringList texts;
    for (const QJsonValue &part : content.toArray()) {
        if (part.isString())
            texts.append(part.toString());
        else if (part[u"text"_s].isString())
            texts.append(part[u"text"_s].toString());
    }
    return texts.join(u'\n');
}

QJsonValue sampleOf(const QJsonObject &schema, int depth);

QJsonObject sampleObject(const QJsonObject &schema, int depth)
{
    QJsonObject sample;
    const QJsonObject properties = schema[u"properties"_s].toObject();
    for (auto it = properties.begin(); it != properties.end(); ++it)
        sample[it.key()] = sampleOf(it.value().toObject(), depth + 1);
    return sample;
}

QJsonValue sampleOf(const QJsonObject &schema, int depth)
{
    if (depth > deepestSchema)
        return QJsonValue::Null;
    for (const QString &given : {u"const"_s, u"default"_s}) {
        if (schema.contains(given))
            return schema[given];
    }
    const QJsonArray values = schema[u"enum"_s].toArray();
    if (!values.isEmpty())
        return values.first();
    for (const QString &choice : {u"anyOf"_s, u"oneOf"_s, u"allOf"_s}) {
        const QJsonArray choices = schema[choice].toArray();
        if (!choices.isEmpty())
            return sampleOf(choices.first().toObject(), depth + 1);
    }

    const QJsonValue types = schema[u"type"_s];
    const QString type =
        (types.isArray() ? types.toArray().first().toString() : types.toString()).toLower();
    if (type == u"string"_s) {
        const int least = std::clamp(schema[u"minLength"_s].toInt(), 0, 1000);
        return u"echo"_s.leftJustified(least, u'.');
    }
    if (type == u"integer"_s || type == u"number"_s) {
        if (schema.contains(u"minimum"_s))
            return schema[u"minimum"_s];
        return schema.contains(u"maximum"_s) ? schema[u"maximum"_s] : QJsonValue(1);
    }
    if (type == u"boolean"_s)
        return true;
    if (type == u"null"_s)
        return QJsonValue::Null;
    if (type == u"array"_s) {
        QJsonArray items;
        const int count = std::clamp(schema[u"minItems"_s].toInt(), 0, 100);
        for (int i = 0; i < count; ++i)
            items.append(sampleOf(schema[u"items"_s].toObject(), depth + 1));
        return items;
    }
    return sampleObject(schema, depth);
}

EchoPrompt begun(const QJsonObject &request)
{
    EchoPrompt prompt;
    prompt.model = request[u"model"_s].toString();
    prompt.stream = request[u"stream"_s].toBool();
    prompt.includeUsage = request[u"stream_options"_s][u"include_usage"_s].toBool();
    for (const QString &name :
         {u"max_output_tokens"_s, u"max_completion_tokens"_s, u"max_tokens"_s}) {
        if (prompt.mostTokens == 0)
            prompt.mostTokens = std::max<qint64>(0, request[name].toInteger());
    }
    return prompt;
}

// `tool_choice` of the two OpenAI dialects: a word, or an object that names a tool.
void readToolChoice(const QJsonValue &choice, EchoPrompt &prompt)
{
    if (choice.toString() == u"none"_s)
        prompt.toolRefused = true;
    prompt.toolForced = choice.toString() == u"required"_s || choice.isObject();
}

} // namespace

QStringList echoPieces(const QString &text, qint64 most)
{
    QStringList pieces;
    for (qsizetype begin = 0; begin < text.size() && pieces.size() < most;) {
        const qsizetype end = pieceEnd(text, begin);
        pieces.append(text.mid(begin, end - begin));
        begin = end;
    }
    return pieces;
}

qint64 echoTokens(const QString &text)
{
    qint64 count = 0;
    for (qsizetype begin = 0; begin < text.size(); begin = pieceEnd(text, begin))
        ++count;
    return count;
}

QJsonObject echoArguments(const QJsonObject &schema)
{
    return sampleObject(schema, 0);
}

EchoPrompt promptOfChat(const QJsonObject &request)
{
    EchoPrompt prompt = begun(request);
    for (const QJsonValue &message : request[u"messages"_s].toArray()) {
        const QString text = textOf(message[u"content"_s]);
        const QString role = message[u"role"_s].toString();
        prompt.inputTokens += echoTokens(text);
        if (role == u"user"_s || role == u"tool"_s) {
            prompt.text = text;
            prompt.toolRefused = role == u"tool"_s;
        }
    }
    for (const QJsonValue &tool : request[u"tools"_s].toArray()) {
        if (prompt.toolName.isEmpty() && tool[u"type"_s].toString() == u"function"_s) {
            prompt.toolName = tool[u"function"_s][u"name"_s].toString();
            prompt.toolSchema = tool[u"function"_s][u"parameters"_s].toObject();
        }
    }
    readToolChoice(request[u"tool_choice"_s], prompt);
    return prompt;
}

EchoPrompt promptOfCompletion(const QJsonObject &request)
{
    EchoPrompt prompt = begun(request);
    prompt.text = textOf(request[u"prompt"_s]);
    prompt.inputTokens = echoTokens(prompt.text);
    return prompt;
}

EchoPrompt promptOfResponses(const QJsonObject &request)
{
    EchoPrompt prompt = begun(request);
    prompt.inputTokens = echoTokens(request[u"instructions"_s].toString());
    const QJsonValue input = request[u"input"_s];
    if (input.isString()) {
        prompt.text = input.toString();
        prompt.inputTokens += echoTokens(prompt.text);
    }
    for (const QJsonValue &item : input.toArray()) {
        const bool isResult = item[u"type"_s].toString() == u"function_call_output"_s;
        const QString text = textOf(item[isResult ? u"output"_s : u"content"_s]);
        prompt.inputTokens += echoTokens(text);
        if (isResult || item[u"role"_s].toString() == u"user"_s) {
            prompt.text = text;
            prompt.toolRefused = isResult;
        }
    }
    for (const QJsonValue &tool : request[u"tools"_s].toArray()) {
        if (prompt.toolName.isEmpty() && tool[u"type"_s].toString() == u"function"_s) {
            prompt.toolName = tool[u"name"_s].toString();
            prompt.toolSchema = tool[u"parameters"_s].toObject();
        }
    }
    readToolChoice(request[u"tool_choice"_s], prompt);
    return prompt;
}

EchoPrompt promptOfMessages(const QJsonObject &request)
{
    EchoPrompt prompt = begun(request);
    prompt.inputTokens = echoTokens(textOf(request[u"system"_s]));
    for (const QJsonValue &message : request[u"messages"_s].toArray()) {
        QString text = textOf(message[u"content"_s]);
        bool isResult = false;
        for (const QJsonValue &block : message[u"content"_s].toArray()) {
            if (block[u"type"_s].toString() == u"tool_result"_s) {
                isResult = true;
                text = textOf(block[u"content"_s]);
            }
        }
        prompt.inputTokens += echoTokens(text);
        if (message[u"role"_s].toString() == u"user"_s) {
            prompt.text = text;
            prompt.toolRefused = isResult;
        }
    }
    for (const QJsonValue &tool : request[u"tools"_s].toArray()) {
        if (prompt.toolName.isEmpty() && tool[u"input_schema"_s].isObject()) {
            prompt.toolName = tool[u"name"_s].toString();
            prompt.toolSchema = tool[u"input_schema"_s].toObject();
        }
    }
    const QString choice = request[u"tool_choice"_s][u"type"_s].toString();
    prompt.toolRefused |= choice == u"none"_s;
    prompt.toolForced = choice == u"any"_s || choice == u"tool"_s;
    return prompt;
}

EchoPrompt promptOfGemini(const QJsonObject &request)
{
    EchoPrompt prompt;
    const QJsonValue config = request[u"generationConfig"_s];
    prompt.mostTokens = std::max<qint64>(0, config[u"maxOutputTokens"_s].toInteger());
    prompt.inputTokens = echoTokens(textOf(request[u"systemInstruction"_s][u"parts"_s]));
    for (const QJsonValue &content : request[u"contents"_s].toArray()) {
        QString text = textOf(content[u"parts"_s]);
        bool isResult = false;
        for (const QJsonValue &part : content[u"parts"_s].toArray()) {
            if (part[u"functionResponse"_s].isObject()) {
                isResult = true;
                text = compact(part[u"functionResponse"_s][u"response"_s]);
            }
        }
        prompt.inputTokens += echoTokens(text);
        if (content[u"role"_s].toString() != u"model"_s) {
            prompt.text = text;
            prompt.toolRefused = isResult;
        }
    }
    for (const QJsonValue &tool : request[u"tools"_s].toArray()) {
        for (const QJsonValue &function : tool[u"functionDeclarations"_s].toArray()) {
            if (!prompt.toolName.isEmpty())
                continue;
            prompt.toolName = function[u"name"_s].toString();
            const QJsonObject schema = function[u"parametersJsonSchema"_s].toObject();
            prompt.toolSchema = schema.isEmpty() ? function[u"parameters"_s].toObject() : schema;
        }
    }
    const QString mode = request[u"toolConfig"_s][u"functionCallingConfig"_s][u"mode"_s].toString();
    prompt.toolRefused |= mode == u"NONE"_s;
    prompt.toolForced = mode == u"ANY"_s;
    return prompt;
}

} // namespace gatehouse::gateway
