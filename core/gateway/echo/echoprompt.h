#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace gatehouse::gateway {

// What the Echo provider takes from a request, whatever its dialect.
struct EchoPrompt
{
    QString model{};
    QString text{};     // the last user message, or the result of a tool that was called
    QString toolName{}; // the first tool offered; empty: none
    QJsonObject toolSchema{};
    bool toolForced = false;  // the request demands a call
    bool toolRefused = false; // the request forbids one, or a result was just handed in
    bool stream = false;
    bool includeUsage = false; // OpenAI's stream_options.include_usage
    qint64 inputTokens = 0;
    qint64 mostTokens = 0; // 0: no limit
};

// The texts are cut into words with the white space behind them, and words into pieces of at most 24
// characters; joined, the pieces are the text. A piece counts as one token.
QStringList echoPieces(const QString &text, qint64 most);
qint64 echoTokens(const QString &text);

// Arguments that satisfy a JSON schema (or Gemini's subset with types in capitals): every property
// with the least value that is valid.
QJsonObject echoArguments(const QJsonObject &schema);

EchoPrompt promptOfChat(const QJsonObject &request);
EchoPrompt promptOfCompletion(const QJsonObject &request);
EchoPrompt promptOfResponses(const QJsonObject &request);
EchoPrompt promptOfMessages(const QJsonObject &request);
EchoPrompt promptOfGemini(const QJsonObject &request);

} // namespace gatehouse::gateway
