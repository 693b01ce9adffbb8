#pragma once

#include "gateway/echo/echobehaviour.h"
#include "gateway/echo/echoprompt.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace gatehouse::gateway {

// A request to the Echo provider, as far as its answer depends on it.
struct EchoRequest
{
    QByteArray method{};
    QByteArray path{};
    QByteArray query{};
    bool isAnthropic = false; // it carries `anthropic-version`
    bool isGoogle = false;    // its key is in `x-goog-api-key`
    QByteArray body{};
};

// What the Echo provider sends: the pieces one after the other, those of a stream with the
// behaviour's gaps between them.
struct EchoAnswer
{
    int status = 200;
    QByteArray contentType = QByteArrayLiteral("application/json");
    QList<QByteArray> pieces{};
    bool stream = false;
    EchoBehaviour behaviour{};
};

// The content of an answer, before it is put into the words of a dialect.
struct EchoReply
{
    EchoPrompt prompt{};
    EchoBehaviour behaviour{};
    QString id{};         // the random part of every id in the answer
    qint64 created = 0;   // seconds since 1970
    QStringList pieces{}; // of the text, or of the tool's arguments
    bool callsTool = false;
    bool truncated = false; // by the request's limit of tokens
    qint64 outputTokens() const { return pieces.size(); }
    QString text() const { return pieces.join(QString()); }
};

EchoReply echoReply(const EchoPrompt &prompt);

// Answers any request: the operations of the three dialects at their own paths, the lists of models,
// and errors in the dialect of the path. The key was checked before.
EchoAnswer echoAnswer(const EchoRequest &request);
EchoAnswer echoError(const EchoRequest &request, int status, const QString &message);

// The dialects' writers. `event` makes one server-sent event; without a type it has a data line only.
QByteArray echoEvent(const QJsonObject &data, const QByteArray &type = {});
EchoAnswer chatAnswer(const EchoReply &reply);
EchoAnswer completionAnswer(const EchoReply &reply);
EchoAnswer embeddingsAnswer(const QJsonObject &request);
EchoAnswer moderationsAnswer(const QJsonObject &request);
EchoAnswer imagesAnswer(const QJsonObject &request);
EchoAnswer speechAnswer(const QJsonObject &request);
EchoAnswer responsesAnswer(const EchoReply &reply);
EchoAnswer messagesAnswer(const EchoReply &reply);
EchoAnswer geminiAnswer(const EchoReply &reply, bool serverSentEvents);
EchoAnswer geminiEmbeddingAnswer(const QJsonObject &request);
EchoAnswer geminiEmbeddingsAnswer(const QJsonObject &request);

// A unit vector that depends on nothing but the text.
QList<double> echoVector(const QString &text, qint64 dimensions);
// The names that the lists of models show.
QStringList echoModels();

} // namespace gatehouse::gateway
