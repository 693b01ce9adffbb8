#include "admin/integrations/webhookservice.h"

#include "base/redaction.h"
#include "support/administrationfixture.h"
#include "support/fakeupstream.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using base::Secret;
using support::AdministrationFixture;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

using Kind = Happening::Kind;

// What another program is told, and what becomes of it if that program behaves badly.
class WebhookTest : public QObject
{
    Q_OBJECT

private slots:
    void eventsAreSentTogether();
    void whatComesAgainIsToldOnce();
    void tooManyAreCounted();
    void bodiesAreSigned();
    void triesAgain_data();
    void triesAgain();
    void givesUpAtOnce_data();
    void givesUpAtOnce();
    void whatComesMeanwhileWaits();
    void withoutAnAddressNothingIsSent();
    void aTestSaysWhatCameOfIt();
    void ourOwnAddressIsRefused();
    void secretsAreMaskedInTheLog();
    void endsWhileAnAnswerHangs();
    void noticesWhatHappens();
};

static QJsonObject bodyOf(const ReceivedRequest &request)
{
    return QJsonDocument::fromJson(request.body).object();
}

static Happening opened(const QString &name, qint64 id = 1)
{
    return {.kind = Kind::ChannelOpened, .name = name, .channel = {id}};
}

// A started administration whose webhook is the provider, impatiently.
static void prepare(AdministrationFixture &gateway, const FakeUpstream &other)
{
    gateway.start();
    gateway.administration->webhook.setPatience(
        {.gathering = 20ms, .answer = 2s, .pauses = {10ms, 10ms}});
    QVERIFY(gateway.wait(gateway.administration->settings.set(
        u"integrations.webhook_url"_s, QString::fromLatin1(other.baseUrl() + "/hook?a=b"))));
}

static Script okAnswer(const ReceivedRequest &)
{
    return jsonAnswer(200, "{}");
}

void WebhookTest::eventsAreSentTogether()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;
    QSignalSpy delivered(&webhook, &WebhookService::delivered);

    webhook.note(opened(u"North"_s));
    webhook.note(
        {.kind = Kind::BudgetSpent, .name = u"laptop"_s, .token = {7}, .user = {3}, .share = 1.25});
    QTRY_COMPARE(delivered.size(), 1);

    QCOMPARE(other.requestCount(), 1);
    const ReceivedRequest request = other.lastRequest();
    QCOMPARE(request.method, QByteArray("POST"));
    QCOMPARE(request.target, QByteArray("/hook?a=b"));
    QCOMPARE(request.header("Content-Type"), QByteArray("application/json"));
    const QJsonObject body = bodyOf(request);
    QCOMPARE(body.value(u"id"_s).toString().toLatin1(), request.header("X-Gatehouse-Delivery"));
    QCOMPARE(body.value(u"left_out"_s).toInt(), 0);
    const QJsonArray events = body.value(u"events"_s).toArray();
    QCOMPARE(events.size(), 2);
    QCOMPARE(events.at(0).toObject().value(u"event"_s).toString(), u"channel_opened"_s);
    QCOMPARE(events.at(0).toObject().value(u"channel_id"_s).toInt(), 1);
    QCOMPARE(events.at(1).toObject().value(u"event"_s).toString(), u"budget_spent"_s);
    QCOMPARE(events.at(1).toObject().value(u"token_id"_s).toInt(), 7);
    QCOMPARE(events.at(1).toObject().value(u"share"_s).toDouble(), 1.25);
    QVERIFY(body.value(u"text"_s).toString().contains(u"North is left out"_s));
    // Without a secret there is nothing to sign with.
    QVERIFY(request.header("X-Gatehouse-Signature").isEmpty());
}

void WebhookTest::whatComesAgainIsToldOnce()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;

    for (int i = 0; i < 5; ++i)
        webhook.note(opened(u"North"_s));
    webhook.note(opened(u"South"_s, 2));
    QTRY_COMPARE(other.requestCount(), 1);

    QCOMPARE(bodyOf(other.lastRequest()).value(u"events"_s).toArray().size(), 2);
}

void WebhookTest::tooManyAreCounted()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;

    for (int i = 0; i < int(WebhookService::mostEvents) + 30; ++i)
        webhook.note(opened(u"Channel %1"_s.arg(i), i + 1));
    QTRY_COMPARE(other.requestCount(), 1);

    const QJsonObject body = bodyOf(other.lastRequest());
    QCOMPARE(body.value(u"events"_s).toArray().size(), qsizetype(WebhookService::mostEvents));
    QCOMPARE(body.value(u"left_out"_s).toInt(), 30);
}

void WebhookTest::bodiesAreSigned()
{
    // RFC 4231, test case 2.
    QCOMPARE(webhookSignature(Secret(QByteArray("Jefe")), "what do ya want for nothing?"),
             QByteArray("sha256="
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    const Secret secret(QByteArray("a-shared-secret"));
    QVERIFY(gateway.wait(gateway.administration->integrationSecrets.store(
        IntegrationSecret::WebhookSecret, secret)));

    gateway.administration->webhook.note(opened(u"North"_s));
    QTRY_COMPARE(other.requestCount(), 1);

    const ReceivedRequest request = other.lastRequest();
    QCOMPARE(request.header("X-Gatehouse-Signature"), webhookSignature(secret, request.body));
    QVERIFY(!request.head.contains("a-shared-secret"));
}

void WebhookTest::triesAgain_data()
{
    QTest::addColumn<int>("kind");

    QTest::newRow("a fault of its own") << 0;
    QTest::newRow("too many requests") << 1;
    QTest::newRow("a reset") << 2;
    QTest::newRow("no answer") << 3;
    QTest::newRow("an end without an answer") << 4;
    QTest::newRow("no HTTP") << 5;
}

void WebhookTest::triesAgain()
{
    QFETCH(int, kind);
    FakeUpstream other([kind](const ReceivedRequest &request) {
        if (request.number == 3)
            return jsonAnswer(204, {});
        switch (kind) {
        case 0:
            return jsonAnswer(500, "{}");
        case 1:
            return jsonAnswer(429, "{}");
        case 2:
            return Script().reset();
        case 3:
            return Script().stall();
        case 4:
            return Script().close();
        default:
            return Script().send("nonsense\r\n\r\n").close();
        }
    });
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;
    QSignalSpy delivered(&webhook, &WebhookService::delivered);

    webhook.note(opened(u"North"_s));
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    QCOMPARE(other.requestCount(), 3);
    QCOMPARE(delivered.front().front().value<WebhookDelivery>().tries, 3);
    // It is the same message to whoever got it twice.
    const QList<ReceivedRequest> requests = other.requests();
    QCOMPARE(requests.at(0).body, requests.at(2).body);
}

void WebhookTest::givesUpAtOnce_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("tries");

    QTest::newRow("not found") << 404 << 1;
    QTest::newRow("refused") << 401 << 1;
    QTest::newRow("elsewhere") << 302 << 1;
    QTest::newRow("broken for good") << 503 << 3;
}

void WebhookTest::givesUpAtOnce()
{
    QFETCH(int, status);
    FakeUpstream other([status](const ReceivedRequest &) {
        return jsonAnswer(status, "{}", {"Location: http://127.0.0.1:9/"});
    });
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;
    QSignalSpy failed(&webhook, &WebhookService::failed);

    webhook.note(opened(u"North"_s));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);

    QTEST(other.requestCount(), "tries");
    const auto error = failed.front().front().value<base::Error>();
    QVERIFY(error.message.english().contains(QString::number(status)));
    // An address may hold a key.
    QVERIFY(!error.message.english().contains(u"hook"_s));
}

void WebhookTest::whatComesMeanwhileWaits()
{
    FakeUpstream other([](const ReceivedRequest &request) {
        return request.number == 1 ? Script().stall() : jsonAnswer(200, "{}");
    });
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;
    QSignalSpy delivered(&webhook, &WebhookService::delivered);
    webhook.note(opened(u"North"_s));
    QTRY_COMPARE(other.requestCount(), 1);

    webhook.note(opened(u"South"_s, 2));
    webhook.note(opened(u"East"_s, 3));
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 2, 20'000);

    const QJsonArray events = bodyOf(other.lastRequest()).value(u"events"_s).toArray();
    QCOMPARE(events.size(), 2);
    QCOMPARE(events.at(0).toObject().value(u"name"_s).toString(), u"South"_s);
}

void WebhookTest::withoutAnAddressNothingIsSent()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    QVERIFY(gateway.wait(gateway.administration->settings.reset(u"integrations.webhook_url"_s)));

    gateway.administration->webhook.note(opened(u"North"_s));
    const auto test = gateway.wait(gateway.administration->webhook.test());

    QVERIFY(!test);
    QCOMPARE(test.error().code, base::ErrorCode::InvalidInput);
    QCOMPARE(other.connectionCount(), 0);
}

void WebhookTest::aTestSaysWhatCameOfIt()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;

    const auto taken = gateway.wait(webhook.test());
    QVERIFY(taken);
    QCOMPARE(taken->status, 200);
    QVERIFY(bodyOf(other.lastRequest()).value(u"test"_s).toBool());

    other.setHandler([](const ReceivedRequest &) { return jsonAnswer(500, "{}"); });
    const auto refused = gateway.wait(webhook.test());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::Unavailable);
    QCOMPARE(other.requestCount(), 2);

    other.setHandler([](const ReceivedRequest &) { return Script().stall(); });
    const auto late = gateway.wait(webhook.test());
    QVERIFY(!late);
    QCOMPARE(late.error().code, base::ErrorCode::TimedOut);
}

void WebhookTest::ourOwnAddressIsRefused()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    bool isOwn = false;
    gateway.isOwnAddress = [&isOwn](const QString &, quint16) { return isOwn; };
    prepare(gateway, other);
    isOwn = true;

    const auto set = gateway.wait(gateway.administration->settings.set(
        u"integrations.webhook_url"_s, u"http://127.0.0.1:3000/api"_s));
    const auto test = gateway.wait(gateway.administration->webhook.test());

    QVERIFY(!set);
    QCOMPARE(set.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!test);
    QVERIFY(test.error().message.english().contains(u"back to this gateway"_s));
    QCOMPARE(other.connectionCount(), 0);
}

// Whatever they look like, and those of metrics and traces, too.
void WebhookTest::secretsAreMaskedInTheLog()
{
    AdministrationFixture gateway({{u"GATEHOUSE_METRICS_TOKEN"_s, u"grey.heron.of.metrics"_s}});
    gateway.start();
    IntegrationSecrets &secrets = gateway.administration->integrationSecrets;
    QCOMPARE(base::redacted(u"it sent grey.heron.of.metrics"_s), u"it sent ***"_s);

    QVERIFY(gateway.wait(
        secrets.store(IntegrationSecret::WebhookSecret, Secret(u"blue.kite.of.hooks"_s))));
    QVERIFY(gateway.wait(secrets.store(IntegrationSecret::OtlpHeaders,
                                       Secret(u"x-a=red.owl%20of%20traces,x-b=9"_s))));

    QCOMPARE(base::redacted(u"blue.kite.of.hooks red.owl of traces red.owl%20of%20traces"_s),
             u"*** *** ***"_s);
    QCOMPARE(base::redacted(u"grey.heron.of.metrics 9"_s), u"*** 9"_s);
    QVERIFY(gateway.wait(secrets.store(IntegrationSecret::WebhookSecret, {})));
    QCOMPARE(base::redacted(u"blue.kite.of.hooks"_s), u"blue.kite.of.hooks"_s);
}

void WebhookTest::endsWhileAnAnswerHangs()
{
    FakeUpstream other([](const ReceivedRequest &) { return Script().stall(); });
    AdministrationFixture gateway;
    prepare(gateway, other);
    WebhookService &webhook = gateway.administration->webhook;
    webhook.setPatience({.gathering = 0ms, .answer = 600s, .pauses = {600s}});
    webhook.note(opened(u"North"_s));
    QTRY_COMPARE(other.requestCount(), 1);

    gateway.stop(); // comes back

    QVERIFY(!gateway.administration);
}

// From where it is noticed to where it is told, without a window.
void WebhookTest::noticesWhatHappens()
{
    FakeUpstream other(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, other);
    Administration &administration = *gateway.administration;
    domain::Channel channel;
    channel.name = u"North"_s;
    channel.baseUrl = u"http://127.0.0.1:9"_s;
    channel.keys = {domain::ChannelKey{.secret = Secret(u"sk-0123456789abcdef"_s)}};
    channel.models = {u"sonnet"_s};
    const auto made = gateway.wait(administration.channels.create({channel}));
    QVERIFY(made);
    const domain::Channel &stored = made->front();
    administration.happenings.start();
    QSignalSpy happened(&administration.happenings, &HappeningWatch::happened);

    const domain::Settings settings = administration.settings.current();
    for (qint64 i = 0; i < settings.relay.breakerFailures; ++i) {
        gateway.health->report(
            stored.id, stored.keys.front().id, relay::HealthEvent::Failure, settings.relay);
    }
    administration.statistics.noteFindings(); // it looks again
    QTRY_VERIFY(happened.size() >= 2);
    emit administration.backups.scheduleFailed(
        {base::ErrorCode::Unavailable, base::Message::verbatim(u"The disk is full."_s), {}});

    QTRY_VERIFY(other.requestCount() >= 1);
    QStringList events;
    for (const QJsonValue each : bodyOf(other.requests().front()).value(u"events"_s).toArray())
        events.append(each.toObject().value(u"event"_s).toString());
    QVERIFY2(events.contains(u"channel_opened"_s), qPrintable(events.join(u' ')));
    QVERIFY2(events.contains(u"model_down"_s), qPrintable(events.join(u' ')));
    QCOMPARE(happened.back().front().value<Happening>().kind, Kind::BackupFailed);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::WebhookTest)
#include "tst_webhook.moc"
