#include "relay/exchangefixture.h"

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
    void channelsThatCannotBeUsed();
    void whatTheLastOneSaidIsTold();
    void aPinnedChannelAlone();
    void refusalsOfRouting_data();
    void refusalsOfRouting();

private:
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
        QVERIFY(!codeOf(*asked).isEmpty());
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
        QCOMPARE(codeOf(*asked), QByteArray("provider_not_understood"));
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
    QCOMPARE(codeOf(*asked), QByteArray("provider_fault"));
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
    QTEST(codeOf(*asked), "code");
    QCOMPARE(m_fixture->spent(), 0);
    QCOMPARE(m_fixture->pool.running(), 0);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeFailoverTest)
#include "tst_exchangefailover.moc"
