#include "relay/exchangefixture.h"

#include <QDateTime>
#include <QSemaphore>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using protocol::Operation;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;
using support::sseStream;

// What the head of an answer tells of the way of its request, and of the limits of its token.
class ExchangeFieldsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void whoServed();
    void theModelIfItIsAnotherOne();
    void howManyAttempts();
    void timesOfAStream();
    void timesOfADocument();
    void failuresTellThem_data();
    void failuresTellThem();
    void beforeAnAttemptNothingIsTold();
    void aSignOfLifeDecidesNothing();
    void nothingOfTheProviders();
    void canBeOff_data();
    void canBeOff();
    void theIdOfTheClient();
    void limitsOfTheToken_data();
    void limitsOfTheToken();
    void withoutLimitsThoseOfTheProvider();
    void refusedByALimit();
    void limitsBesideARefusal();
    void overloadedAsAnthropicSaysIt();
    void waitsAtLeastASecond();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

static const QByteArray messageAnswer(
    R"({"type":"message","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn",)"
    R"("usage":{"input_tokens":10,"output_tokens":5}})");
static const QByteArray messageRequest(
    R"({"model":"small","max_tokens":50,"messages":[{"role":"user","content":"hi"}]})");

// The figure of one name in Server-Timing; -1: it is not there.
static double duration(const Asked &asked, const QByteArray &name)
{
    for (const QByteArray &metric : asked.client.field("Server-Timing").split(',')) {
        const QByteArrayList parts = metric.trimmed().split(';');
        if (parts.size() == 2 && parts.front() == name && parts.back().startsWith("dur="))
            return parts.back().sliced(4).toDouble();
    }
    return -1;
}

void ExchangeFieldsTest::whoServed()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(7, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.field("X-Gatehouse-Channel"), QByteArray("7"));
    QCOMPARE(asked->client.field("X-Gatehouse-Attempts"), QByteArray("1"));
    QVERIFY(!asked->client.fields.value("X-Gatehouse-Model"));
    for (qsizetype i = 0; i < asked->client.fields.size(); ++i)
        QVERIFY(!asked->client.fields.at(i).value.contains("channel-7"));
}

void ExchangeFieldsTest::theModelIfItIsAnotherOne()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl()).modelMapping = {
        {u"small"_s, u"vendor/large"_s}};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.field("X-Gatehouse-Model"), QByteArray("vendor/large"));
}

void ExchangeFieldsTest::howManyAttempts()
{
    FakeUpstream bad([](const ReceivedRequest &) { return jsonAnswer(500, errorObject); });
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, bad.baseUrl()).priority = 1;
    m_fixture->content.addChannel(2, good.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.field("X-Gatehouse-Channel"), QByteArray("2"));
    QCOMPARE(asked->client.field("X-Gatehouse-Attempts"), QByteArray("2"));
}

void ExchangeFieldsTest::timesOfAStream()
{
    QSemaphore arrived;
    QSemaphore goOn;
    FakeUpstream provider([&](const ReceivedRequest &) {
        arrived.release();
        goOn.tryAcquire(1, 30'000);
        return Script().send(streamHead + support::chunk(chunkOf("Hel"))).stall();
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(arrived.available(), 1);

    m_fixture->clock.advance(512ms);
    goOn.release();
    QTRY_COMPARE(asked->client.begins, 1);

    QCOMPARE(duration(*asked, "gw"), 0.0);
    QCOMPARE(duration(*asked, "upstream"), 512.0);
    QCOMPARE(duration(*asked, "ttft"), 512.0);
    asked->exchange->clientGone();
}

void ExchangeFieldsTest::timesOfADocument()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(duration(*asked, "gw"), 0.0);
    QCOMPARE(duration(*asked, "upstream"), 0.0);
    QCOMPARE(duration(*asked, "ttft"), -1.0);
}

void ExchangeFieldsTest::failuresTellThem_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("answered");

    QTest::newRow("of the provider") << 500 << errorObject << 502;
    QTest::newRow("of the client, word for word")
        << 400 << QByteArray(R"({"error":{"message":"too long"}})") << 400;
}

void ExchangeFieldsTest::failuresTellThem()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    FakeUpstream provider([&](const ReceivedRequest &) { return jsonAnswer(status, body); });
    m_fixture->content.addChannel(3, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QTEST(asked->client.status, "answered");
    QCOMPARE(asked->client.field("X-Gatehouse-Channel"), QByteArray("3"));
    QCOMPARE(asked->client.field("X-Gatehouse-Attempts"), QByteArray("1"));
    QVERIFY(duration(*asked, "upstream") >= 0);
}

void ExchangeFieldsTest::beforeAnAttemptNothingIsTold()
{
    m_fixture->content.addChannel(1, "http://127.0.0.1:9", {u"other"_s});

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.status >= 400);
    QVERIFY(!asked->client.fields.value("X-Gatehouse-Channel"));
    QVERIFY(!asked->client.fields.value("X-Gatehouse-Attempts"));
    QVERIFY(!asked->client.fields.value("Server-Timing"));
}

// Another channel may still give the answer.
void ExchangeFieldsTest::aSignOfLifeDecidesNothing()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_COMPARE(provider.requestCount(), 1);

    m_fixture->advance(15'100ms);

    QCOMPARE(asked->client.status, 200);
    QVERIFY(!asked->client.fields.value("X-Gatehouse-Channel"));
    QVERIFY(!asked->client.fields.value("X-Gatehouse-Attempts"));
    QCOMPARE(duration(*asked, "gw"), 0.0);
    QCOMPARE(duration(*asked, "upstream"), -1.0);
    asked->exchange->clientGone();
}

void ExchangeFieldsTest::nothingOfTheProviders()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200,
                          chatAnswer(),
                          {"X-Gatehouse-Channel: 99",
                           "X-Gatehouse-Attempts: 98",
                           "X-Gatehouse-Model: theirs",
                           "X-Gatehouse-Other: 1",
                           "Server-Timing: theirs;dur=1",
                           "Content-Type: application/json"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    const http::Headers &fields = asked->client.fields;
    QCOMPARE(asked->client.field("X-Gatehouse-Channel"), QByteArray("1"));
    QCOMPARE(fields.count("X-Gatehouse-Channel"), 1);
    QCOMPARE(fields.count("X-Gatehouse-Attempts"), 1);
    QCOMPARE(fields.count("Server-Timing"), 1);
    QVERIFY(!fields.value("X-Gatehouse-Model"));
    QVERIFY(!fields.value("X-Gatehouse-Other"));
    QVERIFY(!asked->client.field("Server-Timing").contains("theirs"));
}

void ExchangeFieldsTest::canBeOff_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("status");

    QTest::newRow("an answer") << chatAnswer() << 200;
    QTest::newRow("a failure") << errorObject << 500;
}

void ExchangeFieldsTest::canBeOff()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, status);
    FakeUpstream provider([&](const ReceivedRequest &) { return jsonAnswer(status, answer); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.settings().relay.answerDetails = false;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    for (qsizetype i = 0; i < asked->client.fields.size(); ++i) {
        const QByteArray name = asked->client.fields.at(i).name.toByteArray().toLower();
        QVERIFY2(!name.startsWith("x-gatehouse-") && name != "server-timing", name.constData());
    }
}

// It is told the client, and stands behind the gateway's own in the ledger.
void ExchangeFieldsTest::theIdOfTheClient()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const QByteArray id("01KBADCDEFGHJKMNPQRSTVWXYZ.checkout-7");
    m_fixture->publish();
    Asked asked(*m_fixture, 1);
    QVERIFY(asked.body->take(messageRequest));

    asked.exchange = m_fixture->pool.start(
        {.catalog = m_fixture->catalog,
         .caller = m_fixture->caller,
         .peek = *protocol::peek(asked.body->whole(), Operation::ChatCompletions, {}),
         .headers = &asked.headers,
         .body = asked.body,
         .requestId = id,
         .clientAddress = "127.0.0.1"},
        asked.client);
    QTRY_VERIFY(asked.client.finished);

    QCOMPARE(asked.client.field("X-Request-Id"), QByteArray("checkout-7"));
    QCOMPARE(asked.client.field("X-Oneapi-Request-Id"), id);
    QCOMPARE(m_fixture->record().requestId, id);
}

void ExchangeFieldsTest::limitsOfTheToken_data()
{
    QTest::addColumn<bool>("isAnthropic");
    QTest::addColumn<bool>("isStream");

    QTest::newRow("OpenAI") << false << false;
    QTest::newRow("OpenAI, a stream") << false << true;
    QTest::newRow("Anthropic") << true << false;
}

void ExchangeFieldsTest::limitsOfTheToken()
{
    QFETCH(bool, isAnthropic);
    QFETCH(bool, isStream);
    const QByteArrayList theirs{"x-ratelimit-limit-requests: 5000",
                                "x-ratelimit-remaining-tokens: 7",
                                "anthropic-ratelimit-input-tokens-limit: 8",
                                "x-ratelimit-of-their-own: 9",
                                "Content-Type: application/json"};
    FakeUpstream provider([&](const ReceivedRequest &) {
        return isStream      ? sseStream(chatEvents())
               : isAnthropic ? jsonAnswer(200, messageAnswer, theirs)
                             : jsonAnswer(200, chatAnswer(), theirs);
    });
    m_fixture->content.addChannel(1,
                                  provider.baseUrl(),
                                  {u"small"_s},
                                  isAnthropic ? domain::provider::anthropic
                                              : domain::provider::openAi);
    m_fixture->content.token().requestsPerMinute = 3;

    std::unique_ptr<Asked> asked;
    for (int i = 0; i < 2; ++i) {
        m_fixture->clock.advance(10s);
        asked = isAnthropic ? m_fixture->ask(messageRequest, Operation::Messages)
                            : m_fixture->ask(chatRequest(isStream ? R"(,"stream":true)" : ""));
        QTRY_VERIFY(asked->client.finished);
    }

    const RecordingDownstream &client = asked->client;
    const QByteArray beginning = isAnthropic ? "anthropic-ratelimit-" : "x-ratelimit-";
    QByteArrayList names;
    for (qsizetype i = 0; i < client.fields.size(); ++i) {
        if (client.fields.at(i).name.toByteArray().toLower().contains("ratelimit"))
            names.append(client.fields.at(i).name.toByteArray());
    }
    QCOMPARE(names.size(), 3);
    for (const QByteArray &name : names)
        QVERIFY2(name.startsWith(beginning) && name.contains("requests"), name.constData());
    if (isAnthropic) {
        QCOMPARE(client.field("anthropic-ratelimit-requests-limit"), QByteArray("3"));
        QCOMPARE(client.field("anthropic-ratelimit-requests-remaining"), QByteArray("1"));
        const qint64 reset = m_fixture->clock.wallMilliseconds() / 1000 + 60;
        QCOMPARE(client.field("anthropic-ratelimit-requests-reset"),
                 QDateTime::fromSecsSinceEpoch(reset, Qt::UTC).toString(Qt::ISODate).toLatin1());
    } else {
        QCOMPARE(client.field("x-ratelimit-limit-requests"), QByteArray("3"));
        QCOMPARE(client.field("x-ratelimit-remaining-requests"), QByteArray("1"));
        QCOMPARE(client.field("x-ratelimit-reset-requests"), QByteArray("1m0s"));
    }
}

void ExchangeFieldsTest::withoutLimitsThoseOfTheProvider()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(200,
                          chatAnswer(),
                          {"x-ratelimit-limit-requests: 5000", "Content-Type: application/json"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.token().concurrentRequests = 4;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.field("x-ratelimit-limit-requests"), QByteArray("5000"));
    QVERIFY(!asked->client.fields.value("x-ratelimit-remaining-requests"));
}

void ExchangeFieldsTest::refusedByALimit()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.token().requestsPerMinute = 1;
    m_fixture->content.token().tokensPerMinute = 1'000;
    const auto first = m_fixture->ask(chatRequest());
    QTRY_VERIFY(first->client.finished);
    m_fixture->clock.advance(20s);

    const auto asked = m_fixture->ask(chatRequest());

    QVERIFY(asked->client.hasEnded());
    QCOMPARE(asked->client.status, 429);
    QCOMPARE(asked->client.field("Retry-After"), QByteArray("40"));
    QCOMPARE(asked->client.field("x-ratelimit-limit-requests"), QByteArray("1"));
    QCOMPARE(asked->client.field("x-ratelimit-remaining-requests"), QByteArray("0"));
    QCOMPARE(asked->client.field("x-ratelimit-reset-requests"), QByteArray("40s"));
    QCOMPARE(asked->client.field("x-ratelimit-limit-tokens"), QByteArray("1000"));
    QCOMPARE(asked->client.field("x-ratelimit-remaining-tokens"), QByteArray("985"));
    QVERIFY(asked->client.body.contains(QByteArray("(request id: " + asked->requestId + ")")));
}

// Of the provider, for the request itself: word for word, with our limits.
void ExchangeFieldsTest::limitsBesideARefusal()
{
    const QByteArray body(R"({"error":{"message":"too long"}})");
    FakeUpstream provider([&](const ReceivedRequest &) {
        return jsonAnswer(
            400, body, {"x-ratelimit-limit-tokens: 8", "Content-Type: application/json"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.token().tokensPerMinute = 500;

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.body, body);
    QCOMPARE(asked->client.fields.count("x-ratelimit-limit-tokens"), 1);
    QCOMPARE(asked->client.field("x-ratelimit-limit-tokens"), QByteArray("500"));
    QCOMPARE(asked->client.field("x-ratelimit-remaining-tokens"), QByteArray("500"));
    QCOMPARE(asked->client.field("x-ratelimit-reset-tokens"), QByteArray("0s"));
}

void ExchangeFieldsTest::overloadedAsAnthropicSaysIt()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(
            529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
    });
    m_fixture->content.addChannel(1, provider.baseUrl(), {u"small"_s}, domain::provider::anthropic);

    const auto asked = m_fixture->ask(messageRequest, Operation::Messages);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 529);
    QVERIFY(asked->client.body.contains(R"("type":"overloaded_error")"));
    QCOMPARE(asked->client.field("request-id"), asked->requestId);
    QVERIFY(!asked->client.fields.value("X-Should-Retry"));
}

void ExchangeFieldsTest::waitsAtLeastASecond()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(429,
                          R"({"error":{"message":"slow down"}})",
                          {"Retry-After: 0", "Content-Type: application/json"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 429);
    QVERIFY(asked->client.field("Retry-After").toInt() >= 1);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeFieldsTest)
#include "tst_exchangefields.moc"
