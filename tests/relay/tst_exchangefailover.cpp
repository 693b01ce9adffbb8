#include "relay/exchangefixture.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::EndReason;
using domain::RecordKind;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;
using support::sseStream;

static const QByteArray eventStream("Content-Type: text/event-stream");
static const QByteArray errorObject(R"({"error":{"message":"no luck","type":"server_error"}})");

// A port at which nobody listens.
static QByteArray refusingUrl()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return "http://127.0.0.1:" + QByteArray::number(server.serverPort());
}

// When another channel is asked, and when not.
class ExchangeFailoverTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void anotherChannelIsAsked_data();
    void anotherChannelIsAsked();
    void aRefusedConnection();
    void silenceBeforeTheFirstByte();
    void theClientsOwnMistakes_data();
    void theClientsOwnMistakes();
    void webPagesThatMayBeMeantForTheRequest();
    void neverAfterTheFirstByte_data();
    void neverAfterTheFirstByte();
    void noMoreAttemptsThanAreAllowed();
    void eachChannelIsAskedOnce();
    void anotherKeyOfTheSameChannel();
    void refusedKeysAreTold();
    void whatIsForbiddenTouchesNoKey_data();
    void whatIsForbiddenTouchesNoKey();
    void aKeyThatAlwaysDeniesComesLast();
    void aRefusalThatDoesNotEnd();
    void aRefusalThatBreaksOff();
    void aLongRefusalIsNotWaitedFor();
    void retryAfterPutsToRest();
    void allAreRateLimited_data();
    void allAreRateLimited();
    void aTrialWhoseClientLeaves();
    void aTrialThatCannotBeSent();
    void aBreakerOpens();
    void channelsThatCannotBeUsed();
    void whatTheLastOneSaidIsTold();
    void aPinnedChannelAlone();
    void refusalsOfRouting_data();
    void refusalsOfRouting();

private:
    QByteArray code(const Asked &asked) const
    {
        const QJsonObject error =
            QJsonDocument::fromJson(asked.client.body).object().value(u"error").toObject();
        return error.value(u"code").toString().toLatin1();
    }

    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeFailoverTest::anotherChannelIsAsked_data()
{
    QTest::addColumn<Script>("first");
    QTest::addColumn<bool>("stream");

    const auto document = [](const char *name, const Script &script) {
        QTest::newRow(name) << script << false;
    };
    const auto stream = [](const char *name, const Script &script) {
        QTest::newRow(name) << script << true;
    };
    for (const int status : {401, 402, 403, 408, 429, 500, 502, 503, 504, 529}) {
        QTest::addRow("status %d", status) << jsonAnswer(status, errorObject) << false;
        QTest::addRow("status %d to a stream", status) << jsonAnswer(status, errorObject) << true;
    }
    document("a reset", Script().reset());
    document("closed without an answer", Script().close());
    document("half a head", Script().send("HTTP/1.1 200 O").close());
    document("no HTTP", Script().send("hello\r\n\r\n").close());
    document("half a document",
             Script()
                 .send(support::answerHead(
                     200, {"Content-Type: application/json", "Content-Length: 100"}))
                 .send("{\"choices\":[")
                 .close());
    document("a redirection", jsonAnswer(302, "{}", {"Location: http://127.0.0.1:1/"}));
    document("200 with an error object", jsonAnswer(200, errorObject));
    document("200 with a web page",
             jsonAnswer(200, "<html><body>Welcome</body></html>", {"Content-Type: text/html"}));
    document("200 with nothing", jsonAnswer(200, {}));
    document("200 with blanks", jsonAnswer(200, " \n "));
    document("200 with an array", jsonAnswer(200, "[]"));
    document("200 with broken JSON", jsonAnswer(200, R"({"choices":[{"message")"));
    document("400 of a proxy's web page",
             jsonAnswer(400, "<html><body>Bad</body></html>", {"Content-Type: text/html"}));
    document("204", Script().send(support::answerHead(204, {})));
    stream("an error as the first event", sseStream({"data: " + errorObject + "\n\n"}));
    stream("an error behind comments",
           sseStream({": PROCESSING\n\n", ": PROCESSING\n\n", "data: " + errorObject + "\n\n"}));
    stream("a stream without an event", sseStream({}));
    stream("a stream of comments that ends", sseStream({": a\n\n", ": b\n\n"}));
    stream("a stream that is reset at once",
           Script()
               .send(support::answerHead(200, {eventStream, "Transfer-Encoding: chunked"}))
               .reset());
    stream("an error object in place of a stream", jsonAnswer(200, errorObject));
}

void ExchangeFailoverTest::anotherChannelIsAsked()
{
    QFETCH(Script, first);
    QFETCH(bool, stream);
    FakeUpstream bad([first](const ReceivedRequest &) { return first; });
    FakeUpstream good([stream](const ReceivedRequest &) {
        return stream ? sseStream(chatEvents()) : jsonAnswer(200, chatAnswer());
    });
    m_fixture->content.addChannel(1, bad.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});

    const auto asked = m_fixture->ask(chatRequest(stream ? R"(,"stream":true)" : ""));
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.begins, 1);
    QVERIFY2(!asked->client.body.contains("luck"), asked->client.body.constData());
    QVERIFY(stream ? asked->client.body.endsWith(doneEvent) : asked->client.body == chatAnswer());
    QCOMPARE(bad.requestCount(), 1);
    QCOMPARE(good.requestCount(), 1);
    // One line, one charge.
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().channelId.value, 2);
    QCOMPARE(m_fixture->record().attempts, 2);
    QCOMPARE(m_fixture->spent(), 10);
}

void ExchangeFailoverTest::aRefusedConnection()
{
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, refusingUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().channelId.value, 2);
}

void ExchangeFailoverTest::silenceBeforeTheFirstByte()
{
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, silent.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());
    m_fixture->content.settings().relay.firstByteTimeout = 20s;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(silent.requestCount(), 1);
    m_fixture->advance(19s);
    QCOMPARE(good.requestCount(), 0);
    m_fixture->advance(2s);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().channelId.value, 2);
    QTRY_COMPARE(silent.openConnections(), 0);
}

void ExchangeFailoverTest::theClientsOwnMistakes_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("wordForWord");

    const QByteArray own(R"({"error":{"message":"max_tokens is too large","param":"max_tokens"}})");
    for (const int status : {400, 404, 409, 413, 415, 422})
        QTest::addRow("status %d", status) << status << own << true;
    QTest::newRow("400 with nothing") << 400 << QByteArray() << false;
    // nginx before a server of one's own.
    for (const int status : {413, 414, 415, 422, 431}) {
        QTest::addRow("status %d with a web page", status)
            << status << QByteArray("<html><center>nginx</center></html>") << false;
    }
}

void ExchangeFailoverTest::theClientsOwnMistakes()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, wordForWord);
    FakeUpstream first([&](const ReceivedRequest &) { return jsonAnswer(status, body); });
    FakeUpstream second([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, first.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, second.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, status);
    if (wordForWord)
        QCOMPARE(asked->client.body, body);
    else
        QVERIFY(!code(*asked).isEmpty());
    QCOMPARE(asked->client.field("X-Request-Id"), QByteArray("request-1"));
    QCOMPARE(second.requestCount(), 0);
    QCOMPARE(m_fixture->record().kind, RecordKind::Failure);
    QCOMPARE(m_fixture->record().httpStatus, status);
    QCOMPARE(m_fixture->spent(), 0);
    QVERIFY(m_fixture->health.snapshot().empty());
}

void ExchangeFailoverTest::webPagesThatMayBeMeantForTheRequest()
{
    FakeUpstream proxy([](const ReceivedRequest &) {
        return jsonAnswer(400, "<html>Bad Request</html>", {"Content-Type: text/html"});
    });
    for (qint64 id = 1; id <= 4; ++id)
        m_fixture->content.addChannel(id, proxy.baseUrl());

    for (int i = 0; i < 6; ++i) {
        const auto asked = m_fixture->ask(chatRequest());
        QTRY_VERIFY(asked->client.finished);
        QCOMPARE(asked->client.status, 502);
        QCOMPARE(code(*asked), QByteArray("provider_not_understood"));
        QCOMPARE(asked->client.field("X-Should-Retry"), QByteArray("false"));
    }

    // One other channel was asked each time, and none is thought to be ill.
    QCOMPARE(proxy.requestCount(), 12);
    QVERIFY(m_fixture->health.snapshot().empty());
}

void ExchangeFailoverTest::neverAfterTheFirstByte_data()
{
    QTest::addColumn<Script>("first");
    QTest::addColumn<bool>("errorIsTheProviders");

    const QByteArray head = support::answerHead(200, {eventStream, "Transfer-Encoding: chunked"});
    QTest::newRow("reset")
        << Script().send(head + support::chunk(chunkOf("Hel"))).pause(20ms).reset() << false;
    QTest::newRow("closed without the last chunk")
        << Script().send(head + support::chunk(chunkOf("Hel"))).close() << false;
    QTest::newRow("ended without an end marker") << sseStream({chunkOf("Hel")}) << false;
    QTest::newRow("ended within an event")
        << sseStream({chunkOf("Hel"), "data: {\"choices\":[{\"del"}) << false;
    QTest::newRow("an error event")
        << sseStream({chunkOf("Hel"), "data: " + errorObject + "\n\n"}) << true;
    QTest::newRow("a broken chunk")
        << Script().send(head + support::chunk(chunkOf("Hel"))).send("zz\r\n").close() << false;
}

void ExchangeFailoverTest::neverAfterTheFirstByte()
{
    QFETCH(Script, first);
    QFETCH(bool, errorIsTheProviders);
    FakeUpstream bad([first](const ReceivedRequest &) { return first; });
    FakeUpstream good([](const ReceivedRequest &) { return sseStream(chatEvents()); });
    m_fixture->content.addChannel(1, bad.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());
    m_fixture->content.setPrice("small", 0.0, 2'000);

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.hasEnded());

    // The client can tell that this is not the whole.
    QVERIFY(asked->client.wasCut);
    QVERIFY(asked->client.body.startsWith(chunkOf("Hel")));
    QVERIFY2(asked->client.body.contains("\"error\""), asked->client.body.constData());
    QCOMPARE(asked->client.body.contains("no luck"), errorIsTheProviders);
    QCOMPARE(asked->client.body.count("\"error\""), 1);
    QVERIFY(!asked->client.body.contains("[DONE]"));
    QCOMPARE(good.requestCount(), 0);
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().end, EndReason::Failed);
    QCOMPARE(m_fixture->record().kind, RecordKind::Consumption);
    // What was delivered is paid: a token for each byte of "Hel", and 1,000 units a token.
    QCOMPARE(m_fixture->record().usage.output, 3);
    QCOMPARE(m_fixture->record().usage.source, domain::UsageSource::Counted);
    QCOMPARE(m_fixture->spent(), 3'000);
}

void ExchangeFailoverTest::noMoreAttemptsThanAreAllowed()
{
    FakeUpstream bad([](const ReceivedRequest &) { return jsonAnswer(500, errorObject); });
    for (qint64 id = 1; id <= 6; ++id)
        m_fixture->content.addChannel(id, bad.baseUrl());
    m_fixture->content.settings().relay.retries = 2;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(bad.requestCount(), 3);
    QCOMPARE(asked->client.status, 502);
    QCOMPARE(code(*asked), QByteArray("provider_fault"));
    QCOMPARE(m_fixture->record().attempts, 3);
    QCOMPARE(m_fixture->spent(), 0);
}

void ExchangeFailoverTest::eachChannelIsAskedOnce()
{
    FakeUpstream bad([](const ReceivedRequest &) { return jsonAnswer(503, errorObject); });
    for (qint64 id = 1; id <= 3; ++id)
        m_fixture->content.addChannel(id, bad.baseUrl());
    m_fixture->content.settings().relay.retries = 20;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(bad.requestCount(), 3);
    QList<QByteArray> keys;
    for (const ReceivedRequest &request : bad.requests())
        keys.append(request.header("Authorization"));
    std::sort(keys.begin(), keys.end());
    QCOMPARE(keys,
             (QList<QByteArray>{
                 "Bearer provider-key-1", "Bearer provider-key-2", "Bearer provider-key-3"}));
    QCOMPARE(asked->client.status, 503);
}

void ExchangeFailoverTest::anotherKeyOfTheSameChannel()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        return request.header("Authorization") == "Bearer good" ? jsonAnswer(200, chatAnswer())
                                                                : jsonAnswer(401, errorObject);
    });
    m_fixture->content.addChannel(1, provider.baseUrl()).keys = {
        {.id = 10, .secret = base::Secret(QByteArray("bad"))},
        {.id = 11, .secret = base::Secret(QByteArray("good"))},
        {.id = 12, .secret = base::Secret(QByteArray("bad as well"))}};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().channelKeyId, 11);
}

void ExchangeFailoverTest::refusedKeysAreTold()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(
            401,
            R"({"error":{"message":"Incorrect API key provider-key-1","code":"invalid_api_key"}})");
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 502);
    QCOMPARE(code(*asked), QByteArray("channel_key_refused"));
    QVERIFY(!asked->client.body.contains("provider-key-1"));
    QCOMPARE(m_fixture->events.refusals.size(), size_t(1));
    const KeyRefusal &refusal = m_fixture->events.refusals.front();
    QCOMPARE(refusal.channel.value, 1);
    QCOMPARE(refusal.key, 10);
    QCOMPARE(refusal.error.kind, protocol::ErrorClass::Authentication);
    QVERIFY(!refusal.error.message.english().contains(u"provider-key-1"_s));
}

void ExchangeFailoverTest::whatIsForbiddenTouchesNoKey_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("somebody else's file")
        << 403
        << QByteArray(R"({"error":{"code":403,"message":"You do not have permission to access the )"
                      R"(File x or it may not exist.","status":"PERMISSION_DENIED"}})");
    QTest::newRow("a file that is not ready")
        << 400
        << QByteArray(R"({"error":{"code":400,"message":"The File x is not in an ACTIVE state",)"
                      R"("status":"FAILED_PRECONDITION"}})");
}

// Whoever sends a request must not be able to put the keys of others out of use by it.
void ExchangeFailoverTest::whatIsForbiddenTouchesNoKey()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    FakeUpstream provider([&](const ReceivedRequest &) { return jsonAnswer(status, body); });
    for (qint64 id = 1; id <= 3; ++id)
        m_fixture->content.addChannel(
            id, provider.baseUrl(), {u"small"_s}, domain::provider::gemini);

    for (int i = 0; i < 3; ++i) {
        const auto asked =
            m_fixture->ask(R"({"contents":[{"parts":[{"fileData":{"fileUri":"x"}}]}]})",
                           protocol::Operation::GenerateContent,
                           "small");
        QTRY_VERIFY(asked->client.finished);
        QCOMPARE(asked->client.status, status);
        QVERIFY2(asked->client.body.contains("File x"), asked->client.body.constData());
        QCOMPARE(asked->client.field("X-Should-Retry"), QByteArray("false"));
    }

    QCOMPARE(provider.requestCount(), 9);
    QVERIFY(m_fixture->events.refusals.empty());
    QVERIFY(m_fixture->health.snapshot().empty());
    QCOMPARE(m_fixture->spent(), 0);
}

// It costs an attempt now and then, not for each request.
void ExchangeFailoverTest::aKeyThatAlwaysDeniesComesLast()
{
    const QByteArray refusal = R"({"error":{"type":"permission_error","message":"Not for you"}})";
    FakeUpstream denying([&](const ReceivedRequest &) { return jsonAnswer(403, refusal); });
    bool serves = true;
    FakeUpstream good([&](const ReceivedRequest &) {
        return serves ? jsonAnswer(200, chatAnswer()) : jsonAnswer(500, errorObject);
    });
    m_fixture->content.addChannel(1, denying.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());
    const auto ask = [this] {
        const auto asked = m_fixture->ask(chatRequest());
        return QTest::qWaitFor([&] { return asked->client.finished; }) ? asked->client.status : 0;
    };
    for (int i = 0; i < 8; ++i)
        QCOMPARE(ask(), 200);
    QCOMPARE(denying.requestCount(), 5);
    QVERIFY(m_fixture->health.snapshot().empty()); // for others it is as good as before

    m_fixture->advance(31s);

    QCOMPARE(ask(), 200);
    QCOMPARE(ask(), 200);
    QCOMPARE(denying.requestCount(), 6);
    // It is better than none.
    serves = false;
    QCOMPARE(ask(), 403);
    QCOMPARE(denying.requestCount(), 7);
}

void ExchangeFailoverTest::aRefusalThatDoesNotEnd()
{
    FakeUpstream limited([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                429, {"Content-Type: application/json", "Content-Length: 1000", "Retry-After: 40"}))
            .send(R"({"error":{"mess)")
            .stall();
    });
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, limited.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(limited.requestCount(), 1);
    // Before anybody would take it for stalled.
    m_fixture->advance(3s);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().channelId.value, 2);
    const auto health = m_fixture->health.snapshot();
    QCOMPARE(health.size(), size_t(1));
    QCOMPARE(health.front().cause, HealthEvent::RateLimited);
    QTRY_COMPARE(limited.openConnections(), 0);
}

void ExchangeFailoverTest::aRefusalThatBreaksOff()
{
    FakeUpstream limited([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(
                429, {"Content-Type: application/json", "Content-Length: 1000", "Retry-After: 40"}))
            .send(R"({"error":{"mess)")
            .close();
    });
    m_fixture->content.addChannel(1, limited.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 429);
    QCOMPARE(asked->client.field("Retry-After"), QByteArray("40"));
    QCOMPARE(code(*asked), QByteArray("provider_rate_limited"));
}

void ExchangeFailoverTest::aLongRefusalIsNotWaitedFor()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(400,
                                      {"Content-Type: application/json", "Content-Length: 200000"}))
            .send("{\"error\":{\"message\":\"" + QByteArray(100'000, 'x'))
            .stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    // Half a document helps no client.
    QCOMPARE(asked->client.status, 400);
    QCOMPARE(code(*asked), QByteArray("provider_refused_request"));
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeFailoverTest::retryAfterPutsToRest()
{
    FakeUpstream limited(
        [](const ReceivedRequest &) { return jsonAnswer(429, errorObject, {"Retry-After: 20"}); });
    m_fixture->content.addChannel(1, limited.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 429);
    QCOMPARE(asked->client.field("Retry-After"), QByteArray("20"));
    const auto again = m_fixture->ask(chatRequest());
    QTRY_VERIFY(again->client.finished);

    QCOMPARE(again->client.status, 429);
    QCOMPARE(code(*again), QByteArray("provider_rate_limited"));
    QCOMPARE(again->client.field("Retry-After"), QByteArray("20"));
    QVERIFY2(again->client.body.contains("rests for 20 more seconds"),
             again->client.body.constData());
    QCOMPARE(limited.requestCount(), 1);
    m_fixture->advance(20s);
    const auto later = m_fixture->ask(chatRequest());
    QTRY_VERIFY(later->client.finished);
    QCOMPARE(limited.requestCount(), 2);
}

void ExchangeFailoverTest::allAreRateLimited_data()
{
    QTest::addColumn<protocol::Operation>("operation");
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("words");

    QTest::newRow("OpenAI") << protocol::Operation::ChatCompletions << int(domain::provider::openAi)
                            << chatRequest() << QByteArray(R"("type":"rate_limit_error")");
    QTest::newRow("Anthropic") << protocol::Operation::Messages << int(domain::provider::anthropic)
                               << QByteArray(R"({"model":"small","max_tokens":5,"messages":[]})")
                               << QByteArray(R"("type":"rate_limit_error")");
    QTest::newRow("Gemini") << protocol::Operation::GenerateContent << int(domain::provider::gemini)
                            << QByteArray(R"({"contents":[]})")
                            << QByteArray(R"("status":"RESOURCE_EXHAUSTED")");
}

void ExchangeFailoverTest::allAreRateLimited()
{
    QFETCH(protocol::Operation, operation);
    QFETCH(int, type);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, words);
    FakeUpstream longer(
        [](const ReceivedRequest &) { return jsonAnswer(429, errorObject, {"Retry-After: 40"}); });
    FakeUpstream shorter(
        [](const ReceivedRequest &) { return jsonAnswer(429, errorObject, {"Retry-After: 15"}); });
    m_fixture->content.addChannel(1, shorter.baseUrl(), {u"small"_s}, type).priority = 1;
    m_fixture->content.addChannel(2, longer.baseUrl(), {u"small"_s}, type);
    const QByteArray pathModel =
        operation == protocol::Operation::GenerateContent ? "small" : QByteArray();

    // The first finds it out, the second is told without a question to the providers.
    for (int i = 0; i < 2; ++i) {
        const auto asked = m_fixture->ask(request, operation, pathModel);
        QTRY_VERIFY(asked->client.finished);

        QCOMPARE(asked->client.status, 429);
        QCOMPARE(asked->client.field("Retry-After"), QByteArray("15"));
        QVERIFY2(asked->client.body.contains(words), asked->client.body.constData());
    }
    QCOMPARE(longer.requestCount(), 1);
    QCOMPARE(shorter.requestCount(), 1);
}

void ExchangeFailoverTest::aTrialWhoseClientLeaves()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(500, errorObject); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.breakerFailures = 1;
    const auto failed = m_fixture->ask(chatRequest());
    QTRY_VERIFY(failed->client.finished);
    m_fixture->advance(30s);
    provider.setHandler([](const ReceivedRequest &) { return Script().stall(); });
    const auto trial = m_fixture->ask(chatRequest());
    QTRY_COMPARE(provider.requestCount(), 2);

    trial->exchange->clientGone();

    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    const auto next = m_fixture->ask(chatRequest());
    QTRY_VERIFY(next->client.finished);
    QCOMPARE(next->client.status, 200);
}

void ExchangeFailoverTest::aTrialThatCannotBeSent()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(500, errorObject); });
    domain::Channel &channel = m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.breakerFailures = 1;
    const auto failed = m_fixture->ask(chatRequest());
    QTRY_VERIFY(failed->client.finished);
    m_fixture->advance(30s);
    const QString url = std::exchange(channel.baseUrl, u"no base URL"_s);
    m_fixture->publish();
    const auto trial = m_fixture->ask(chatRequest());
    QTRY_VERIFY(trial->client.finished);
    QCOMPARE(trial->client.status, 503);

    channel.baseUrl = url;
    m_fixture->publish();
    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    const auto next = m_fixture->ask(chatRequest());
    QTRY_VERIFY(next->client.finished);

    QCOMPARE(next->client.status, 200);
}

void ExchangeFailoverTest::aBreakerOpens()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(500, errorObject); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.breakerFailures = 3;

    for (int i = 0; i < 5; ++i) {
        const auto asked = m_fixture->ask(chatRequest());
        QTRY_VERIFY(asked->client.finished);
    }

    QCOMPARE(provider.requestCount(), 3);
    m_fixture->advance(30s);
    provider.setHandler([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    const auto tried = m_fixture->ask(chatRequest());
    QTRY_VERIFY(tried->client.finished);
    QCOMPARE(tried->client.status, 200);
    QVERIFY(m_fixture->health.snapshot().empty());
}

void ExchangeFailoverTest::channelsThatCannotBeUsed()
{
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, "no base URL").priority = 9;
    m_fixture->content.addChannel(2, good.baseUrl(), {u"small"_s}, int(domain::provider::anthropic))
        .priority = 8;
    m_fixture->content.addChannel(3, good.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().channelId.value, 3);
    QCOMPARE(good.requestCount(), 1);
}

void ExchangeFailoverTest::whatTheLastOneSaidIsTold()
{
    FakeUpstream first([](const ReceivedRequest &) { return jsonAnswer(429, errorObject); });
    FakeUpstream second([](const ReceivedRequest &) {
        return jsonAnswer(400, R"({"error":{"message":"too long"}})");
    });
    m_fixture->content.addChannel(1, first.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, second.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 400);
    QCOMPARE(asked->client.body, QByteArray(R"({"error":{"message":"too long"}})"));
}

void ExchangeFailoverTest::aPinnedChannelAlone()
{
    FakeUpstream bad([](const ReceivedRequest &) { return jsonAnswer(500, errorObject); });
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, good.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, bad.baseUrl());
    m_fixture->content.user().role = domain::Role::Root;
    m_fixture->publish();
    m_fixture->pinned = domain::ChannelId{2};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 502);
    QCOMPARE(good.requestCount(), 0);
    QCOMPARE(bad.requestCount(), 1);
}

void ExchangeFailoverTest::refusalsOfRouting_data()
{
    QTest::addColumn<QStringList>("models");
    QTest::addColumn<int>("type");
    QTest::addColumn<bool>("refusesUnpriced");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");

    QTest::newRow("no such model") << QStringList{u"large"_s} << int(domain::provider::openAi)
                                   << false << 404 << QByteArray("model_not_found");
    QTest::newRow("another dialect") << QStringList{u"small"_s} << int(domain::provider::gemini)
                                     << false << 400 << QByteArray("unsupported_operation");
    QTest::newRow("no price") << QStringList{u"small"_s} << int(domain::provider::openAi) << true
                              << 400 << QByteArray("unsupported_operation");
}

void ExchangeFailoverTest::refusalsOfRouting()
{
    QFETCH(QStringList, models);
    QFETCH(int, type);
    QFETCH(bool, refusesUnpriced);
    m_fixture->content.addChannel(1, refusingUrl(), models, type);
    if (refusesUnpriced)
        m_fixture->content.settings().accounting.unpriced = domain::UnpricedPolicy::Refuse;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QTEST(asked->client.status, "status");
    QTEST(code(*asked), "code");
    QCOMPARE(m_fixture->spent(), 0);
    QCOMPARE(m_fixture->pool.running(), 0);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeFailoverTest)
#include "tst_exchangefailover.moc"
