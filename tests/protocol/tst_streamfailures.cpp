#include "protocol/scannedevents.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Usage;
using domain::UsageSource;
using protocol::ErrorClass;
using protocol::EventRole;
using protocol::Operation;
using protocol::StreamScanner;
using tests::readInto;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

// Streams that fail, break off or say what cannot be.
class StreamFailuresTest : public QObject
{
    Q_OBJECT

private slots:
    void readsFailedResponse();
    void readsBrokenOffMessage();
    void doesNotBelieveImpossibleFigures();
    void readsErrors_data();
    void readsErrors();
    void survivesWrongTypes_data();
    void survivesWrongTypes();
    void masksKey();
};

void StreamFailuresTest::readsFailedResponse()
{
    StreamScanner failed(Operation::Responses);
    StreamScanner flat(Operation::Responses);

    const EventRole first = readInto(
        failed,
        R"({"type":"response.failed","response":{"id":"r","status":"failed","error":{"code":"rate_limit_exceeded","message":"Slow down"},"usage":{"input_tokens":3,"output_tokens":1}}})",
        "response.failed");
    const EventRole second = readInto(
        flat,
        R"({"type":"error","code":"server_error","message":"Broken","param":null,"sequence_number":3})",
        "error");

    QCOMPARE(first, EventRole::Error);
    QVERIFY(failed.isFinished());
    QCOMPARE(failed.error()->kind, ErrorClass::RateLimited);
    QCOMPARE(failed.error()->message.english(), u"Slow down"_s);
    QCOMPARE(failed.usage().input, 3);
    QCOMPARE(second, EventRole::Error);
    QCOMPARE(flat.error()->kind, ErrorClass::ServerFault);
    QCOMPARE(flat.error()->code, "server_error");
}

void StreamFailuresTest::readsBrokenOffMessage()
{
    StreamScanner scanner(Operation::Messages);

    readInto(
        scanner,
        R"({"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}})");
    readInto(scanner,
             R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}})");

    QVERIFY(scanner.hasUsage());
    QVERIFY(!scanner.coversOutput());
    QVERIFY(!scanner.isFinished());
}

void StreamFailuresTest::doesNotBelieveImpossibleFigures()
{
    StreamScanner scanner(Operation::Messages);

    readInto(
        scanner,
        R"({"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}})");
    readInto(scanner, R"({"type":"message_delta","delta":{},"usage":{"output_tokens":1e18}})");

    QCOMPARE(scanner.usage(),
             (Usage{.input = 10, .output = 1, .source = UsageSource::Provider, .anomalous = true}));
    QVERIFY(!scanner.coversOutput());
}

void StreamFailuresTest::readsErrors_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message");

    const auto row = [](const char *name,
                        Operation operation,
                        const char *type,
                        const char *data,
                        int status,
                        ErrorClass kind,
                        const char *message) {
        QTest::newRow(name) << operation << QByteArray(type) << QByteArray(data) << status
                            << int(kind) << QString::fromUtf8(message);
    };
    constexpr Operation chat = Operation::ChatCompletions;
    row("OpenAI",
        chat,
        "",
        R"({"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}})",
        502,
        ErrorClass::ServerFault,
        "The server had an error");
    row("OpenRouter in a chunk",
        chat,
        "",
        R"({"id":"gen-1","object":"chat.completion.chunk","provider":"X","error":{"code":429,"message":"Rate limited"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]})",
        429,
        ErrorClass::RateLimited,
        "Rate limited");
    row("vLLM",
        chat,
        "",
        R"({"error":{"message":"Boom","type":"InternalServerError","code":500}})",
        500,
        ErrorClass::ServerFault,
        "Boom");
    row("old vLLM, flat",
        chat,
        "",
        R"({"object":"error","message":"Too long","type":"BadRequestError","code":400})",
        400,
        ErrorClass::ClientMistake,
        "Too long");
    row("Groq's place",
        chat,
        "",
        R"({"x_groq":{"error":{"message":"over capacity","type":"server_error"}},"choices":[]})",
        502,
        ErrorClass::ServerFault,
        "over capacity");
    row("a text",
        chat,
        "",
        R"({"error":"model crashed"})",
        502,
        ErrorClass::ServerFault,
        "model crashed");
    row("named by the event",
        chat,
        "error",
        R"({"message":"Bad day"})",
        502,
        ErrorClass::ServerFault,
        "Bad day");
    row("named by the event, not JSON",
        chat,
        "error",
        "upstream gone",
        502,
        ErrorClass::NotUnderstood,
        "upstream gone");
    row("Anthropic",
        Operation::Messages,
        "error",
        R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
        503,
        ErrorClass::Overloaded,
        "Overloaded");
    row("Gemini",
        Operation::StreamGenerateContent,
        "",
        R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})",
        503,
        ErrorClass::Overloaded,
        "The model is overloaded.");
    row("Gemini, in an array",
        Operation::StreamGenerateContent,
        "",
        R"([{"error":{"code":400,"message":"Bad","status":"INVALID_ARGUMENT"}}])",
        400,
        ErrorClass::ClientMistake,
        "Bad");
}

void StreamFailuresTest::readsErrors()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, data);
    QFETCH(int, status);
    QFETCH(int, kind);
    QFETCH(QString, message);
    StreamScanner scanner(operation);

    const EventRole role = readInto(scanner, data, type);

    QCOMPARE(role, EventRole::Error);
    QVERIFY(scanner.error());
    QCOMPARE(scanner.error()->status, status);
    QCOMPARE(int(scanner.error()->kind), kind);
    QCOMPARE(scanner.error()->message.english(), message);
}

void StreamFailuresTest::survivesWrongTypes_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("data");

    const QList<QByteArray> values{"null",
                                   "1",
                                   "-1e9",
                                   "true",
                                   "\"x\"",
                                   "[]",
                                   "[[1]]",
                                   "{}",
                                   R"({"a":{}})",
                                   "[null]",
                                   R"([{"delta":7}])"};
    const QList<Operation> operations{Operation::ChatCompletions,
                                      Operation::Completions,
                                      Operation::Responses,
                                      Operation::Messages,
                                      Operation::StreamGenerateContent,
                                      Operation::ImageGenerations};
    for (const QByteArray &value : values) {
        for (const Operation operation : operations) {
            const QByteArray row =
                "everything is " + value + " for " + protocol::nameOf(operation).toByteArray();
            QByteArray data = "{";
            for (const char *name : {"id",
                                     "choices",
                                     "usage",
                                     "x_groq",
                                     "delta",
                                     "message",
                                     "content_block",
                                     "response",
                                     "candidates",
                                     "usageMetadata",
                                     "promptFeedback",
                                     "item",
                                     "index",
                                     "b64_json"})
                data += '"' + QByteArray(name) + "\":" + value + ',';
            QTest::newRow(QByteArray(row + ", no type").constData())
                << operation << QByteArray(data + "\"type\":" + value + '}');
            for (const char *type : {"message_start",
                                     "message_delta",
                                     "content_block_delta",
                                     "content_block_start",
                                     "response.completed",
                                     "response.output_item.added",
                                     "image_generation.completed"})
                QTest::newRow(QByteArray(row + ", " + type).constData())
                    << operation << QByteArray(data + "\"type\":\"" + type + "\"}");
        }
    }
}

void StreamFailuresTest::survivesWrongTypes()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, data);
    StreamScanner scanner(operation);
    // Behind what ends an answer nothing counts, so that an error needs a stream of its own.
    StreamScanner failing(operation);

    readInto(scanner, data);
    readInto(scanner, data, "error");
    readInto(failing, data, "error");

    QVERIFY(scanner.usage().input == 0 && scanner.usage().output == 0);
    QVERIFY(failing.error());
}

void StreamFailuresTest::masksKey()
{
    const QByteArray key = "sk-very-secret-key";
    StreamScanner scanner(Operation::ChatCompletions, key);

    readInto(scanner, R"({"error":{"message":"Wrong key sk-very-secret-key given"}})");

    QCOMPARE(scanner.error()->message.english(), u"Wrong key *** given"_s);
}

QTEST_GUILESS_MAIN(StreamFailuresTest)
#include "tst_streamfailures.moc"
