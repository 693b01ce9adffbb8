#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::EndReason;
using domain::RecordKind;
using protocol::Operation;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// Silence, time limits, limits of channels and slow readers.
class ExchangeLimitsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void signsOfLife_data();
    void signsOfLife();
    void aSignOfLifeBeforeTheHead();
    void noSignOfLifeWithoutProof_data();
    void noSignOfLifeWithoutProof();
    void aFailureBehindASignOfLife();
    void aDocumentBehindASignOfLife();
    void noSignOfLifeForADocument();
    void aStalledStream();
    void aStalledStreamOfAChannelWithItsOwnLimit();
    void noFirstByte();
    void theWholeTime_data();
    void theWholeTime();
    void theWholeTimeOfAChannel();
    void theWholeTimeOfAChannelWithinAStream();
    void aChannelAtItsLimitIsPassedOver();
    void everyEndFreesThePlace_data();
    void everyEndFreesThePlace();
    void tokensCountForTheChannel();
    void aSlowReaderPausesTheProvider();
    void aSlowReaderOfADocument();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeLimitsTest::signsOfLife_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<bool>("isPing");

    QTest::newRow("a comment") << int(domain::provider::openAi) << Operation::ChatCompletions
                               << chatRequest(R"(,"stream":true)") << chunkOf("Hel") << false;
    QTest::newRow("Anthropic's ping")
        << int(domain::provider::anthropic) << Operation::Messages
        << QByteArray(R"({"model":"small","max_tokens":50,"messages":[],"stream":true})")
        << QByteArray("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n")
        << true;
}

void ExchangeLimitsTest::signsOfLife()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, event);
    QFETCH(bool, isPing);
    FakeUpstream provider([event](const ReceivedRequest &) {
        return Script().send(streamHead + support::chunk(event)).stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, type);
    const auto asked = m_fixture->ask(request, operation);
    QTRY_COMPARE(asked->client.body, event);

    m_fixture->advance(14'900ms);
    QCOMPARE(asked->client.body, event);
    m_fixture->advance(200ms);

    const QByteArray sign = asked->client.body.sliced(event.size());
    QVERIFY2(isPing ? sign.startsWith("event: ping\n") : sign.startsWith(":"), sign.constData());
    QVERIFY(sign.endsWith("\n\n"));
    m_fixture->advance(30s);
    QCOMPARE(asked->client.body.size(), event.size() + 3 * sign.size());
    asked->exchange->clientGone();
}

void ExchangeLimitsTest::aSignOfLifeBeforeTheHead()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(provider.requestCount(), 1);

    m_fixture->advance(15'100ms);

    QCOMPARE(asked->client.status, 200);
    QVERIFY(asked->client.field("Content-Type").startsWith("text/event-stream"));
    QVERIFY(asked->client.body.startsWith(":"));
    asked->exchange->clientGone();
}

void ExchangeLimitsTest::noSignOfLifeWithoutProof_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<int>("padding");

    // Connected, but the handshake has no end.
    QTest::newRow("a provider that is silent in the TLS handshake") << true << 0;
    // More than the sockets of both sides hold.
    QTest::newRow("a provider that does not take the request") << false << 24 * 1024 * 1024;
}

void ExchangeLimitsTest::noSignOfLifeWithoutProof()
{
    QFETCH(bool, tls);
    QFETCH(int, padding);
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); },
                          {.answerAt = FakeUpstream::AnswerAt::Connection});
    QByteArray url = provider.baseUrl();
    if (tls)
        url.replace("http:", "https:");
    m_fixture->content.addChannel(1, url);
    m_fixture->content.settings().relay.connectTimeout = 60s;
    m_fixture->content.settings().relay.firstByteTimeout = 60s;
    const auto asked =
        m_fixture->ask(chatRequest(R"(,"stream":true,"x":")" + QByteArray(padding, 'x') + '"'));
    QTRY_COMPARE(provider.connectionCount(), 1);

    m_fixture->advance(59s);

    QCOMPARE(asked->client.begins, 0);
    asked->exchange->clientGone();
}

void ExchangeLimitsTest::aFailureBehindASignOfLife()
{
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    FakeUpstream good([](const ReceivedRequest &) { return support::sseStream(chatEvents()); });
    m_fixture->content.addChannel(1, silent.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());
    m_fixture->content.settings().relay.firstByteTimeout = 20s;
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(silent.requestCount(), 1);
    m_fixture->advance(16s);
    QCOMPARE(asked->client.begins, 1);

    m_fixture->advance(5s);
    QTRY_VERIFY(asked->client.finished);

    // A comment is not yet an answer: another channel may still be asked.
    QCOMPARE(asked->client.begins, 1);
    QVERIFY(asked->client.body.endsWith(doneEvent));
    QCOMPARE(good.requestCount(), 1);
}

void ExchangeLimitsTest::aDocumentBehindASignOfLife()
{
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    FakeUpstream whole(
        [](const ReceivedRequest &) { return support::jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, silent.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, whole.baseUrl());
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->content.settings().relay.firstByteTimeout = 20s;
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(silent.requestCount(), 1);
    m_fixture->advance(16s);

    m_fixture->advance(5s);
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(!asked->client.finished);
    QVERIFY(asked->client.body.contains("provider_not_understood"));
    QVERIFY(!asked->client.body.contains(chatAnswer()));
    QCOMPARE(m_fixture->record().end, domain::EndReason::Failed);
    // Nothing of it was passed on.
    QCOMPARE(m_fixture->record().kind, RecordKind::Failure);
    QCOMPARE(m_fixture->spent(), 0);
}

void ExchangeLimitsTest::noSignOfLifeForADocument()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(provider.requestCount(), 1);

    m_fixture->advance(60s);

    QCOMPARE(asked->client.begins, 0);
    asked->exchange->clientGone();
}

void ExchangeLimitsTest::aStalledStream()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script().send(streamHead + support::chunk(chunkOf("Hel"))).stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.stallTimeout = 40s;
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(asked->client.body, chunkOf("Hel"));

    m_fixture->advance(39s);
    QVERIFY(!asked->client.hasEnded());
    m_fixture->advance(2s);

    // Signs of life for the client are none of the provider.
    QTRY_VERIFY(asked->client.wasCut);
    QVERIFY(asked->client.body.contains("provider_timeout"));
    QCOMPARE(m_fixture->record().end, EndReason::Failed);
    QCOMPARE(m_fixture->record().usage.output, 3);
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeLimitsTest::aStalledStreamOfAChannelWithItsOwnLimit()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script().send(streamHead + support::chunk(chunkOf("Hel"))).stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl()).timeouts.idle = 5s;
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(asked->client.body, chunkOf("Hel"));

    m_fixture->advance(6s);

    QTRY_VERIFY(asked->client.wasCut);
}

void ExchangeLimitsTest::noFirstByte()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl()).timeouts.firstByte = 10s;
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(provider.requestCount(), 1);

    m_fixture->advance(11s);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 504);
    QVERIFY(asked->client.body.contains("provider_timeout"));
    QCOMPARE(m_fixture->record().kind, RecordKind::Failure);
    QCOMPARE(m_fixture->spent(), 0);
}

void ExchangeLimitsTest::theWholeTime_data()
{
    QTest::addColumn<bool>("stream");
    QTest::addColumn<bool>("hasBegun");

    QTest::newRow("before a document") << false << false;
    QTest::newRow("within a document") << false << true;
    QTest::newRow("before a stream") << true << false;
    QTest::newRow("within a stream") << true << true;
}

void ExchangeLimitsTest::theWholeTime()
{
    QFETCH(bool, stream);
    QFETCH(bool, hasBegun);
    const QByteArray part = stream ? chunkOf("Hel") : "{\"a\":\"" + QByteArray(400'000, 'x');
    Script script;
    if (hasBegun && stream)
        script.send(streamHead + support::chunk(part));
    else if (hasBegun)
        script
            .send(support::answerHead(200,
                                      {"Content-Type: application/json", "Content-Length: 900000"}))
            .send(part);
    script.stall();
    FakeUpstream provider([script](const ReceivedRequest &) { return script; });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.totalTimeout = 10s;
    const auto asked = m_fixture->ask(chatRequest(stream ? R"(,"stream":true)" : ""));
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(asked->client.body.size(), hasBegun ? part.size() : 0);

    m_fixture->advance(9'900ms);
    QVERIFY(!asked->client.hasEnded());
    m_fixture->advance(200ms);
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.wasCut, hasBegun);
    QCOMPARE(asked->client.finished, !hasBegun);
    QCOMPARE(asked->client.status, hasBegun ? 200 : 504);
    QCOMPARE(asked->client.body.contains("request_timeout"), stream || !hasBegun);
    QCOMPARE(m_fixture->record().end, EndReason::TimedOut);
    QCOMPARE(m_fixture->record().kind, hasBegun ? RecordKind::Consumption : RecordKind::Failure);
    QTRY_COMPARE(provider.openConnections(), 0);
}

// Another channel may still be quick enough.
void ExchangeLimitsTest::theWholeTimeOfAChannel()
{
    FakeUpstream slow([](const ReceivedRequest &) { return Script().stall(); });
    FakeUpstream quick([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    domain::Channel &first = m_fixture->content.addChannel(1, slow.baseUrl());
    first.priority = 1;
    first.timeouts.total = 10s;
    m_fixture->content.addChannel(2, quick.baseUrl());
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(slow.requestCount(), 1);

    m_fixture->advance(9'900ms);
    QCOMPARE(quick.requestCount(), 0);
    m_fixture->advance(200ms);

    QTRY_VERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().attempts, 2);
    QCOMPARE(m_fixture->record().channelId.value, 2);
    QTRY_COMPARE(slow.openConnections(), 0);
}

void ExchangeLimitsTest::theWholeTimeOfAChannelWithinAStream()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script().send(streamHead + support::chunk(chunkOf("Hel"))).stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl()).timeouts.total = 10s;
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(asked->client.body, chunkOf("Hel"));

    m_fixture->advance(10'100ms);

    QTRY_VERIFY(asked->client.wasCut);
    QVERIFY(asked->client.body.contains("provider_timeout"));
    QCOMPARE(m_fixture->record().kind, RecordKind::Consumption);
    QCOMPARE(m_fixture->record().httpStatus, 504);
    // A provider that is in the midst of an answer works.
    QVERIFY(m_fixture->health.snapshot().empty());
}

void ExchangeLimitsTest::aChannelAtItsLimitIsPassedOver()
{
    FakeUpstream busy([](const ReceivedRequest &) { return Script().stall(); });
    FakeUpstream other([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    domain::Channel &first = m_fixture->content.addChannel(1, busy.baseUrl());
    first.priority = 1;
    first.limits.concurrentRequests = 1;
    m_fixture->content.addChannel(2, other.baseUrl()).limits.requestsPerMinute = 1;
    const auto running = m_fixture->ask(chatRequest());
    QTRY_COMPARE(busy.requestCount(), 1);

    const auto second = m_fixture->ask(chatRequest());
    QTRY_VERIFY(second->client.finished);
    QCOMPARE(second->client.status, 200);
    QCOMPARE(m_fixture->record().channelId.value, 2);
    QCOMPARE(m_fixture->record().attempts, 1); // the first one was not even asked

    const auto third = m_fixture->ask(chatRequest());
    QTRY_VERIFY(third->client.finished);
    QCOMPARE(third->client.status, 429);
    QCOMPARE(third->client.field("Retry-After"), QByteArray("1"));
    QVERIFY(third->client.body.contains("channel_limit_reached"));
    QCOMPARE(busy.requestCount(), 1);
    running->exchange->clientGone();
}

void ExchangeLimitsTest::everyEndFreesThePlace_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<bool>("clientLeaves");

    QTest::newRow("an answer") << jsonAnswer(200, chatAnswer()) << false;
    QTest::newRow("a fault") << jsonAnswer(500, "{}") << false;
    QTest::newRow("the client's mistake")
        << jsonAnswer(400, R"({"error":{"message":"no","type":"invalid_request_error"}})") << false;
    QTest::newRow("half an answer")
        << Script().send(support::answerHead(200, {"Content-Length: 900"}) + "{").close() << false;
    QTest::newRow("a client that leaves") << Script().stall() << true;
}

void ExchangeLimitsTest::everyEndFreesThePlace()
{
    QFETCH(Script, script);
    QFETCH(bool, clientLeaves);
    FakeUpstream provider([script](const ReceivedRequest &) { return script; });
    domain::Channel &narrow = m_fixture->content.addChannel(1, provider.baseUrl());
    narrow.limits.concurrentRequests = 1;
    const auto asked = m_fixture->ask(chatRequest());
    QTRY_COMPARE(provider.requestCount(), 1);
    if (clientLeaves)
        asked->exchange->clientGone();
    else
        QTRY_VERIFY(asked->client.hasEnded());

    const auto kind = m_fixture->load.limitReached(m_fixture->content.content.channels[0]).kind;

    QVERIFY(kind == LimitReached::Kind::None);
}

void ExchangeLimitsTest::tokensCountForTheChannel()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl()).limits.tokensPerMinute = 15;
    const auto first = m_fixture->ask(chatRequest());
    QTRY_VERIFY(first->client.finished);

    const auto second = m_fixture->ask(chatRequest());

    QTRY_VERIFY(second->client.finished);
    QCOMPARE(second->client.status, 429);
    QVERIFY(second->client.body.contains("15 tokens a minute"));
    m_fixture->advance(61s);
    const auto third = m_fixture->ask(chatRequest());
    QTRY_VERIFY(third->client.finished);
    QCOMPARE(third->client.status, 200);
}

void ExchangeLimitsTest::aSlowReaderPausesTheProvider()
{
    const QByteArray event = chunkOf(QByteArray(10'000, 'x'));
    FakeUpstream provider([event](const ReceivedRequest &) {
        return Script().send(streamHead).repeat(support::chunk(event));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    asked->client.mayTake = 0;
    // What the provider could hand to the system grows until all buffers on the way are full.
    QTRY_VERIFY(asked->client.unsent() > 128 * 1024);
    qint64 before = -1;
    QTRY_VERIFY_WITH_TIMEOUT(before == std::exchange(before, asked->client.unsent()), 10'000);
    QTest::qWait(200);

    QCOMPARE(asked->client.unsent(), before);
    QVERIFY2(before <= 256 * 1024, QByteArray::number(before).constData());
    // Without a limit of time while it is paused by us.
    m_fixture->advance(1h);
    QVERIFY(!asked->client.hasEnded());
    asked->client.mayTake = before + 1'000'000;
    asked->exchange->drained();
    QTRY_VERIFY(asked->client.body.size() > before + 1'000'000);
    asked->exchange->clientGone();
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeLimitsTest::aSlowReaderOfADocument()
{
    const QByteArray answer = "{\"data\":[\"" + QByteArray(8'000'000, 'v') + "\"]}";
    FakeUpstream provider([answer](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(R"({"model":"small","input":"a"})", Operation::Embeddings);
    asked->client.mayTake = 0;
    QTRY_VERIFY(asked->client.unsent() > 128 * 1024);
    QTest::qWait(100);
    QVERIFY2(asked->client.unsent() <= 512 * 1024,
             QByteArray::number(asked->client.unsent()).constData());

    // It takes a little again and again.
    while (!asked->client.hasEnded()) {
        asked->client.mayTake = asked->client.body.size();
        asked->exchange->drained();
        const qsizetype size = asked->client.body.size();
        QTRY_VERIFY(asked->client.body.size() > size || asked->client.hasEnded());
    }

    QVERIFY(asked->client.finished);
    QVERIFY(asked->client.body == answer);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeLimitsTest)
#include "tst_exchangelimits.moc"
