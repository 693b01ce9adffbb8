#include "protocol/errorbody.h"

#include "http/eventstream.h"
#include "protocol/streamparser.h"
#include "protocol/streamscanner.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Dialect;
using protocol::ClientError;
using protocol::Operation;
using protocol::StreamForm;

Q_DECLARE_METATYPE(gatehouse::domain::Dialect)
Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

namespace {

const ClientError noChannel{.status = 503,
                            .code = "no_channel",
                            .message = u"No \"channel\" serves\nthis."_s,
                            .requestId = "req-1"};

} // namespace

class ErrorBodyTest : public QObject
{
    Q_OBJECT

private slots:
    void writesBodies();
    void choosesTypes_data();
    void choosesTypes();
    void writesStreamEvents_data();
    void writesStreamEvents();
    void keepsAlive();
    void writesIntoArrays_data();
    void writesIntoArrays();
};

void ErrorBodyTest::writesBodies()
{
    const QByteArray told(R"(No \"channel\" serves\nthis. (request id: req-1))");
    const QByteArray openAi = "{\"error\":{\"message\":\"" + told
                              + "\",\"type\":\"server_error\",\"param\":null,"
                                "\"code\":\"no_channel\"}}";
    const QByteArray anthropic =
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"" + told
        + "\",\"details\":{\"error_code\":\"no_channel\"}},\"request_id\":\"req-1\"}";
    const QByteArray gemini =
        "{\"error\":{\"code\":503,\"message\":\"" + told
        + "\",\"status\":\"UNAVAILABLE\",\"details\":[{\"@type\":"
          "\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"no_channel\","
          "\"domain\":\"gatehouse\"},{\"@type\":\"type.googleapis.com/google.rpc.RequestInfo\","
          "\"requestId\":\"req-1\"}]}}";
    QCOMPARE(protocol::errorBody(Dialect::OpenAi, noChannel), openAi);
    QCOMPARE(protocol::errorBody(Dialect::Anthropic, noChannel), anthropic);
    QCOMPARE(protocol::errorBody(Dialect::Gemini, noChannel), gemini);
    const ClientError bare{.status = 400, .type = "own_type", .message = u"x"_s};
    QCOMPARE(protocol::errorBody(Dialect::OpenAi, bare),
             R"({"error":{"message":"x","type":"own_type","param":null,"code":null}})");
    QCOMPARE(protocol::errorBody(Dialect::Anthropic, bare),
             R"({"type":"error","error":{"type":"own_type","message":"x"}})");
    QCOMPARE(protocol::errorBody(Dialect::Gemini, bare),
             R"({"error":{"code":400,"message":"x","status":"own_type","details":[]}})");
}

void ErrorBodyTest::choosesTypes_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("openAi");
    QTest::addColumn<QByteArray>("anthropic");
    QTest::addColumn<QByteArray>("gemini");

    const auto row = [](int status, const char *openAi, const char *anthropic, const char *gemini) {
        QTest::newRow(QByteArray::number(status).constData())
            << status << QByteArray(openAi) << QByteArray(anthropic) << QByteArray(gemini);
    };
    row(400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT");
    row(401, "authentication_error", "authentication_error", "UNAUTHENTICATED");
    row(402, "insufficient_quota", "billing_error", "RESOURCE_EXHAUSTED");
    row(403, "permission_error", "permission_error", "PERMISSION_DENIED");
    row(404, "invalid_request_error", "not_found_error", "NOT_FOUND");
    row(413, "invalid_request_error", "request_too_large", "INVALID_ARGUMENT");
    row(429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED");
    row(500, "server_error", "api_error", "INTERNAL");
    row(502, "server_error", "api_error", "UNAVAILABLE");
    row(503, "server_error", "overloaded_error", "UNAVAILABLE");
    row(504, "server_error", "timeout_error", "DEADLINE_EXCEEDED");
    row(529, "server_error", "overloaded_error", "INTERNAL");
}

void ErrorBodyTest::choosesTypes()
{
    QFETCH(int, status);
    QFETCH(QByteArray, openAi);
    QFETCH(QByteArray, anthropic);
    QFETCH(QByteArray, gemini);

    QCOMPARE(protocol::errorType(Dialect::OpenAi, status), openAi);
    QCOMPARE(protocol::errorType(Dialect::Anthropic, status), anthropic);
    QCOMPARE(protocol::errorType(Dialect::Gemini, status), gemini);
}

void ErrorBodyTest::writesStreamEvents_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("type");

    QTest::newRow("chat") << Operation::ChatCompletions << QByteArray();
    QTest::newRow("responses") << Operation::Responses << QByteArray("error");
    QTest::newRow("messages") << Operation::Messages << QByteArray("error");
    QTest::newRow("gemini") << Operation::StreamGenerateContent << QByteArray();
}

void ErrorBodyTest::writesStreamEvents()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, type);
    const QByteArray bytes = protocol::streamErrorEvent(operation, noChannel, 7);
    protocol::StreamScanner scanner(operation);

    http::EventStreamParser parser;
    parser.feed(bytes);
    http::Event event;
    int events = 0;
    while (parser.next(event)) {
        if (events++ == 0)
            QCOMPARE(event.type, type);
        QVERIFY(QJsonDocument::fromJson(event.data.toByteArray()).isObject());
        QCOMPARE(scanner.read(event).role, protocol::EventRole::Error);
    }

    QCOMPARE(parser.rest().size(), 0);
    QCOMPARE(events, operation == Operation::Responses ? 2 : 1);
    QVERIFY(scanner.error()->message.english().contains(u"channel"_s));
    if (operation == Operation::Responses)
        QVERIFY(bytes.contains("\"sequence_number\":8,\"response\":{\"id\":\"resp_req-1\""));
}

void ErrorBodyTest::keepsAlive()
{
    for (const Operation operation :
         {Operation::ChatCompletions, Operation::Messages, Operation::StreamGenerateContent}) {
        http::EventStreamParser parser;
        parser.feed(protocol::keepAlive(protocol::dialectOf(operation)));
        http::Event event;
        QVERIFY(parser.next(event));
        QCOMPARE(event.isComment, operation != Operation::Messages);
        protocol::StreamScanner scanner(operation);
        QCOMPARE(scanner.read(event).role, protocol::EventRole::Comment);
        QVERIFY(!parser.next(event));
    }
}

// Whatever went before it, what is written into an array leaves it one.
void ErrorBodyTest::writesIntoArrays_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<bool>("isFirst");

    QTest::newRow("the first object") << QByteArray() << true;
    QTest::newRow("behind another one") << QByteArray("{}") << false;
}

void ErrorBodyTest::writesIntoArrays()
{
    QFETCH(QByteArray, before);
    QFETCH(bool, isFirst);
    const QByteArray sign = protocol::keepAlive(Dialect::Gemini, StreamForm::Array).toByteArray();

    const QByteArray bytes = protocol::streamOpening(StreamForm::Array).toByteArray() + sign
                             + before + sign
                             + protocol::streamErrorObject(Dialect::Gemini, noChannel, isFirst);

    const QJsonArray all = QJsonDocument::fromJson(bytes + ']').array();
    QCOMPARE(all.size(), isFirst ? 1 : 2);
    protocol::StreamParser parser(StreamForm::Array, 10'000);
    protocol::StreamScanner scanner(Operation::StreamGenerateContent, {}, StreamForm::Array);
    parser.feed(bytes);
    http::Event event;
    protocol::EventRole last = protocol::EventRole::Comment;
    while (parser.next(event))
        last = scanner.read(event).role;
    QCOMPARE(last, protocol::EventRole::Error);
    QVERIFY(scanner.error()->message.english().contains(u"channel"_s));
    // It shows that the stream was not whole.
    QVERIFY(!scanner.isFinished());
}

QTEST_GUILESS_MAIN(ErrorBodyTest)
#include "tst_errorbody.moc"
