#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// What refusals and failures mean for keys and channels: which rest, which are tried again.
class ExchangeHealthTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
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

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeHealthTest::anotherKeyOfTheSameChannel()
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

void ExchangeHealthTest::refusedKeysAreTold()
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
    QCOMPARE(codeOf(*asked), QByteArray("channel_key_refused"));
    QVERIFY(!asked->client.body.contains("provider-key-1"));
    QCOMPARE(m_fixture->events.refusals.size(), size_t(1));
    const KeyRefusal &refusal = m_fixture->events.refusals.front();
    QCOMPARE(refusal.channel.value, 1);
    QCOMPARE(refusal.key, 10);
    QCOMPARE(refusal.error.kind, protocol::ErrorClass::Authentication);
    QVERIFY(!refusal.error.message.english().contains(u"provider-key-1"_s));
}

void ExchangeHealthTest::whatIsForbiddenTouchesNoKey_data()
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
void ExchangeHealthTest::whatIsForbiddenTouchesNoKey()
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
void ExchangeHealthTest::aKeyThatAlwaysDeniesComesLast()
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

void ExchangeHealthTest::aRefusalThatDoesNotEnd()
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

void ExchangeHealthTest::aRefusalThatBreaksOff()
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
    QCOMPARE(codeOf(*asked), QByteArray("provider_rate_limited"));
}

void ExchangeHealthTest::aLongRefusalIsNotWaitedFor()
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
    QCOMPARE(codeOf(*asked), QByteArray("provider_refused_request"));
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeHealthTest::retryAfterPutsToRest()
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
    QCOMPARE(codeOf(*again), QByteArray("provider_rate_limited"));
    QCOMPARE(again->client.field("Retry-After"), QByteArray("20"));
    QVERIFY2(again->client.body.contains("rests for 20 more seconds"),
             again->client.body.constData());
    QCOMPARE(limited.requestCount(), 1);
    m_fixture->advance(20s);
    const auto later = m_fixture->ask(chatRequest());
    QTRY_VERIFY(later->client.finished);
    QCOMPARE(limited.requestCount(), 2);
}

void ExchangeHealthTest::allAreRateLimited_data()
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

void ExchangeHealthTest::allAreRateLimited()
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

void ExchangeHealthTest::aTrialWhoseClientLeaves()
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

void ExchangeHealthTest::aTrialThatCannotBeSent()
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

void ExchangeHealthTest::aBreakerOpens()
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

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeHealthTest)
#include "tst_exchangehealth.moc"
