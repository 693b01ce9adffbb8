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
using support::sseStream;

// What is done in another thread for the sake of a gateway thread's other clients, and what may happen
// in the meantime.
class ExchangeBackgroundTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void whatIsCountedElsewhere_data();
    void whatIsCountedElsewhere();
    void aClientThatLeavesIsCharged();
    void aClientThatLeavesWhileItCounts();
    void anErrorIsToldBeforeTheCount();
    void shuttingDownWhileItCounts();
    void theThreadEndsWhileItCounts();
    void aLongBodyIsRewrittenOnceForAChannel();
    void aShortBodyIsRewrittenAtOnce();
    void aBodyThatCannotBeRewritten();
    void whatEndsWhileItRewrites_data();
    void whatEndsWhileItRewrites();

private:
    HeldBackground &background() { return m_fixture->background; }

    std::unique_ptr<ExchangeFixture> m_fixture;
};

static const QByteArray
    answerWithoutUsage(R"({"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]})");

static QByteArray longRequest(const QByteArray &members = {})
{
    return R"({"model":"small","messages":[{"role":"user","content":")" + QByteArray(300'000, 'a')
           + "\"}]" + members + "}";
}

void ExchangeBackgroundTest::init()
{
    m_fixture = std::make_unique<ExchangeFixture>();
    m_fixture->context.background = &m_fixture->background;
    m_fixture->content.setPrice("small", 2, 2); // one unit a token
}

void ExchangeBackgroundTest::whatIsCountedElsewhere_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("ready");
    QTest::addColumn<bool>("elsewhere");
    QTest::addColumn<qint64>("tokens");

    const QByteArray longText =
        QByteArray(answerWithoutUsage).replace("Hello", QByteArray(50'000, 'b'));
    QTest::newRow("a long prompt")
        << longRequest() << answerWithoutUsage << true << true << qint64(1'005);
    QTest::newRow("a long answer") << chatRequest() << longText << true << true << qint64(51'000);
    QTest::newRow("tables that are not there yet")
        << chatRequest() << answerWithoutUsage << false << true << qint64(1'005);
    QTest::newRow("not a short one")
        << chatRequest() << answerWithoutUsage << true << false << qint64(1'005);
    QTest::newRow("not what the provider has told")
        << longRequest() << chatAnswer() << true << false << qint64(15);
}

void ExchangeBackgroundTest::whatIsCountedElsewhere()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, answer);
    QFETCH(bool, ready);
    QFETCH(bool, elsewhere);
    QFETCH(qint64, tokens);
    FakeUpstream provider([&](const ReceivedRequest &) { return jsonAnswer(200, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->meter.ready = ready;

    const auto asked = m_fixture->ask(request);
    if (elsewhere) {
        QTRY_COMPARE(background().waiting.size(), size_t(1));
        QVERIFY(m_fixture->ledger.records.empty());
        QVERIFY(!asked->client.hasEnded());
        QVERIFY(m_fixture->pool.snapshot().empty());
        background().finish();
    }
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(background().begun, elsewhere ? 1 : 0);
    QCOMPARE(asked->client.body, answer);
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().usage.input + m_fixture->record().usage.output, tokens);
    QCOMPARE(m_fixture->spent(), tokens);
    QCOMPARE(m_fixture->pool.running(), 0);
    // The connection has it back for its next request.
    QCOMPARE(asked->body.use_count(), 1);
}

void ExchangeBackgroundTest::aClientThatLeavesIsCharged()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    auto asked = m_fixture->ask(longRequest());
    QTRY_COMPARE(provider.requestCount(), 1);

    asked->exchange->clientGone();
    asked.reset(); // with its fields and its body
    QCOMPARE(background().waiting.size(), size_t(1));
    QVERIFY(m_fixture->ledger.records.empty());
    QCOMPARE(m_fixture->pool.running(), 1);
    background().finish();

    QCOMPARE(m_fixture->record().end, EndReason::ClientGone);
    QCOMPARE(m_fixture->record().kind, RecordKind::Consumption);
    QCOMPARE(m_fixture->record().usage.input, 1'000);
    QCOMPARE(m_fixture->spent(), 1'000);
    QCOMPARE(m_fixture->pool.running(), 0);
    QVERIFY(m_fixture->ledger.waiting.empty());
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeBackgroundTest::aClientThatLeavesWhileItCounts()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return jsonAnswer(200, answerWithoutUsage); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    auto asked = m_fixture->ask(longRequest());
    QTRY_COMPARE(background().waiting.size(), size_t(1));

    asked->exchange->clientGone();
    asked.reset();
    background().finish();

    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QCOMPARE(m_fixture->spent(), 1'005);
    QCOMPARE(m_fixture->pool.running(), 0);
    QVERIFY(m_fixture->ledger.waiting.empty());
}

void ExchangeBackgroundTest::anErrorIsToldBeforeTheCount()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    auto asked = m_fixture->ask(longRequest());
    QTRY_COMPARE(provider.requestCount(), 1);

    m_fixture->pool.shutDownAll();

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 503);
    QVERIFY(m_fixture->ledger.records.empty());
    asked.reset();
    background().finish();
    QCOMPARE(m_fixture->record().end, EndReason::ShutDown);
    QCOMPARE(m_fixture->spent(), 1'000);
}

void ExchangeBackgroundTest::shuttingDownWhileItCounts()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return jsonAnswer(200, answerWithoutUsage); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(longRequest());
    QTRY_COMPARE(background().waiting.size(), size_t(1));

    m_fixture->pool.shutDownAll();

    // The thread waits for it.
    QCOMPARE(m_fixture->pool.running(), 1);
    QVERIFY(!asked->client.hasEnded());
    background().finish();
    QTRY_VERIFY(asked->client.finished);
    QCOMPARE(asked->client.body, answerWithoutUsage);
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->pool.running(), 0);
}

void ExchangeBackgroundTest::theThreadEndsWhileItCounts()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->publish();
    auto exchanges = std::make_unique<ExchangePool>(m_fixture->context);
    Asked asked(*m_fixture, 1);
    QVERIFY(asked.body->take(longRequest()));
    Exchange *exchange =
        exchanges->start({.catalog = m_fixture->catalog,
                          .caller = m_fixture->caller,
                          .peek = *protocol::peek(asked.body->whole(), Operation::ChatCompletions),
                          .headers = &asked.headers,
                          .body = asked.body,
                          .requestId = asked.requestId},
                         asked.client);
    QTRY_COMPARE(provider.requestCount(), 1);
    exchange->clientGone();

    exchanges.reset();

    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().end, EndReason::ClientGone);
    QCOMPARE(m_fixture->record().charge.units, 1'000);
    QCOMPARE(m_fixture->spent(), 1'000);
}

void ExchangeBackgroundTest::aLongBodyIsRewrittenOnceForAChannel()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        return request.number > 1 ? jsonAnswer(200, chatAnswer()) : jsonAnswer(401, "{}");
    });
    domain::Channel &channel = m_fixture->content.addChannel(1, provider.baseUrl());
    channel.bodyOverrides = {{u"temperature"_s, 0.5}};
    channel.systemPrompt = u"Be brief."_s;
    channel.keys = {{.id = 10, .secret = base::Secret(QByteArray("one"))},
                    {.id = 11, .secret = base::Secret(QByteArray("other"))}};

    const auto asked = m_fixture->ask(longRequest());
    QCOMPARE(background().waiting.size(), size_t(1));
    QVERIFY(!asked->client.hasEnded());
    background().finish();
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(background().begun, 1);
    QCOMPARE(provider.requestCount(), 2);
    for (const ReceivedRequest &request : provider.requests()) {
        QVERIFY(request.body.contains("\"temperature\":0.5"));
        QVERIFY(request.body.contains("Be brief."));
    }
    QCOMPARE(asked->body.use_count(), 1);
}

void ExchangeBackgroundTest::aShortBodyIsRewrittenAtOnce()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl()).bodyOverrides = {{u"temperature"_s, 0.5}};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(background().begun, 0);
    QVERIFY(provider.lastRequest().body.contains("\"temperature\":0.5"));
}

void ExchangeBackgroundTest::aBodyThatCannotBeRewritten()
{
    FakeUpstream first([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    FakeUpstream second([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    domain::Channel &channel = m_fixture->content.addChannel(1, first.baseUrl());
    channel.priority = 1;
    channel.bodyOverrides = {{u"temperature"_s, 0.5}};
    m_fixture->content.addChannel(2, second.baseUrl());

    const auto asked = m_fixture->ask(longRequest(R"(,"temperature":1,"temperature":2)"));
    background().finish();
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(first.requestCount(), 0);
    QCOMPARE(second.requestCount(), 1);
}

void ExchangeBackgroundTest::whatEndsWhileItRewrites_data()
{
    QTest::addColumn<EndReason>("end");

    QTest::newRow("the client leaves") << EndReason::ClientGone;
    QTest::newRow("the program ends") << EndReason::ShutDown;
    QTest::newRow("the administrator ends it") << EndReason::Cancelled;
    QTest::newRow("it takes too long") << EndReason::TimedOut;
}

void ExchangeBackgroundTest::whatEndsWhileItRewrites()
{
    QFETCH(EndReason, end);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl()).bodyOverrides = {{u"temperature"_s, 0.5}};
    m_fixture->content.settings().relay.totalTimeout = 60s;
    auto asked = m_fixture->ask(longRequest());
    QCOMPARE(background().waiting.size(), size_t(1));
    QCOMPARE(m_fixture->pool.snapshot().size(), size_t(1));

    if (end == EndReason::ClientGone)
        asked->exchange->clientGone();
    else if (end == EndReason::ShutDown)
        m_fixture->pool.shutDownAll();
    else if (end == EndReason::Cancelled)
        asked->exchange->cancel();
    else
        m_fixture->advance(61s);
    QTRY_COMPARE(asked->client.finished, end != EndReason::ClientGone);
    asked.reset();
    background().finish();

    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().end, end);
    QCOMPARE(m_fixture->record().kind, RecordKind::Failure); // nobody has worked for it
    QCOMPARE(m_fixture->spent(), 0);
    QCOMPARE(m_fixture->pool.running(), 0);
    QCOMPARE(provider.requestCount(), 0);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeBackgroundTest)
#include "tst_exchangebackground.moc"
