#include "admin/integrations/otlpservice.h"

#include "support/administrationfixture.h"
#include "support/fakeupstream.h"
#include "upstream/contentdecoder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using base::Secret;
using domain::UsageRecord;
using support::AdministrationFixture;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// How traces reach a collector, and what becomes of them if that behaves badly.
class OtlpTest : public QObject
{
    Q_OBJECT

private slots:
    void whatTheLedgerStoresIsSent();
    void requestsAreSentTogether();
    void aFullExportDoesNotWait();
    void thePathIsAppended_data();
    void thePathIsAppended();
    void headersAreSent();
    void headersMustBeFields_data();
    void headersMustBeFields();
    void triesAgain_data();
    void triesAgain();
    void givesUpAtOnce_data();
    void givesUpAtOnce();
    void pausesHeedWhatIsAsked();
    void triesAgainWhereItIsAskedToWait();
    void aTooLongWaitIsNoUse();
    void whatHasNoRoomIsDropped();
    void partialSuccessIsTaken();
    void offWithoutAnAddress();
    void openTelemetrySwitchesItOff();
    void theEnvironmentGoesBeforeTheSettings();
    void ourOwnAddressIsRefused();
    void aTestSaysWhatCameOfIt();
    void theEndSendsWhatWaits();
    void nothingIsLostBetweenLedgerAndEnd();
    void theEndDoesNotWaitForLong();
    void endsWhileAnAnswerHangs();
};

static Script okAnswer(const ReceivedRequest &)
{
    return jsonAnswer(200, "{}");
}

static QByteArray unpacked(const QByteArray &packed)
{
    upstream::ContentDecoder decoder;
    decoder.begin(upstream::ContentDecoder::Format::Gzip);
    QByteArray all;
    QByteArrayView input(packed);
    QByteArrayView output;
    while (!input.isEmpty() || decoder.hasMore()) {
        if (!decoder.step(input, output))
            return {};
        all.append(output);
    }
    return decoder.isWhole() ? all : QByteArray();
}

static QJsonArray spansIn(const ReceivedRequest &request)
{
    return QJsonDocument::fromJson(unpacked(request.body))
        .object()
        .value(u"resourceSpans"_s)
        .toArray()
        .at(0)
        .toObject()
        .value(u"scopeSpans"_s)
        .toArray()
        .at(0)
        .toObject()
        .value(u"spans"_s)
        .toArray();
}

static QString spanName(const ReceivedRequest &request, int index)
{
    return spansIn(request).at(index).toObject().value(u"name"_s).toString();
}

static OtlpPatience impatience()
{
    return {.gathering = 20ms, .answer = 2s, .pauses = {10ms, 10ms}, .farewell = 10s};
}

// A started administration whose collector is the provider, impatiently.
static void prepare(AdministrationFixture &gateway,
                    const FakeUpstream &collector,
                    const OtlpPatience &patience = impatience())
{
    gateway.start();
    gateway.administration->otlp.setPatience(patience);
    QVERIFY(gateway.wait(gateway.administration->settings.set(
        u"integrations.otlp_endpoint"_s, QString::fromLatin1(collector.baseUrl()))));
}

// As the ledger does, requests for models "m0", "m1", ….
static void note(OtlpService &otlp, int count, int first = 0)
{
    std::vector<storage::LedgerEntry> stored;
    for (int i = first; i < first + count; ++i) {
        const QByteArray number = QByteArray::number(i);
        stored.push_back({.record = UsageRecord{.requestId = "r" + number,
                                                .createdAt = 1'700'000'000'000,
                                                .model = "m" + number,
                                                .operation = "chat",
                                                .httpStatus = 200},
                          .ticket = {}});
    }
    otlp.note(stored);
}

void OtlpTest::whatTheLedgerStoresIsSent()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);

    gateway.ledger->submit({.requestId = "r1",
                            .createdAt = gateway.clock.wallMilliseconds(),
                            .model = "sonnet",
                            .operation = "messages",
                            .httpStatus = 200},
                           {});
    QTRY_COMPARE_WITH_TIMEOUT(collector.requestCount(), 1, 20'000);

    const ReceivedRequest request = collector.lastRequest();
    QCOMPARE(request.method, QByteArray("POST"));
    QCOMPARE(request.target, QByteArray("/v1/traces"));
    QCOMPARE(request.header("Content-Type"), QByteArray("application/json"));
    QCOMPARE(request.header("Content-Encoding"), QByteArray("gzip"));
    QCOMPARE(spansIn(request).size(), 1);
    QCOMPARE(spanName(request, 0), u"chat sonnet"_s);
    QVERIFY(unpacked(request.body).contains("\"gatehouse\""));
}

void OtlpTest::requestsAreSentTogether()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);

    note(gateway.administration->otlp, 3);
    note(gateway.administration->otlp, 2, 3);
    QTRY_COMPARE(collector.requestCount(), 1);

    QCOMPARE(spansIn(collector.lastRequest()).size(), 5);
    QCOMPARE(gateway.administration->otlp.dropped(), 0);
}

void OtlpTest::aFullExportDoesNotWait()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    OtlpPatience patience = impatience();
    patience.gathering = 600s;
    prepare(gateway, collector, patience);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy delivered(&otlp, &OtlpService::delivered);

    note(otlp, int(OtlpService::mostTogether) * 2 + 1);
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 2, 20'000);

    QCOMPARE(spansIn(collector.lastRequest()).size(), qsizetype(OtlpService::mostTogether));
    QCOMPARE(otlp.waiting(), size_t(1));
}

void OtlpTest::thePathIsAppended_data()
{
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<QString>("url");

    QTest::newRow("none") << u"http://c:4318"_s << u"http://c:4318/v1/traces"_s;
    QTest::newRow("a slash") << u"http://c:4318/"_s << u"http://c:4318/v1/traces"_s;
    QTest::newRow("a path") << u"https://c/otlp"_s << u"https://c/otlp/v1/traces"_s;
    QTest::newRow("both") << u"https://c/a%20b/"_s << u"https://c/a%20b/v1/traces"_s;
}

void OtlpTest::thePathIsAppended()
{
    QFETCH(QString, endpoint);

    QTEST(QString::fromLatin1(tracesUrl(QUrl(endpoint)).toEncoded()), "url");
}

void OtlpTest::headersAreSent()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    QVERIFY(gateway.wait(gateway.administration->integrationSecrets.store(
        IntegrationSecret::OtlpHeaders,
        Secret(QByteArray("Authorization=Bearer%20abc%2Cd=, x-team = gate keepers")))));

    note(gateway.administration->otlp, 1);
    QTRY_COMPARE(collector.requestCount(), 1);

    QCOMPARE(collector.lastRequest().header("Authorization"), QByteArray("Bearer abc,d="));
    QCOMPARE(collector.lastRequest().header("x-team"), QByteArray("gate keepers"));
}

void OtlpTest::headersMustBeFields_data()
{
    QTest::addColumn<QByteArray>("headers");

    QTest::newRow("no value") << QByteArray("Authorization");
    QTest::newRow("no name") << QByteArray("=abc");
    QTest::newRow("a blank in the name") << QByteArray("x team=abc");
    QTest::newRow("a line end") << QByteArray("x-team=abc%0D%0AX-Other: 1");
    QTest::newRow("one of the protocol") << QByteArray("Content-Length=3");
    QTest::newRow("too long") << QByteArray("x-team=" + QByteArray(5'000, 'a'));
}

void OtlpTest::headersMustBeFields()
{
    QFETCH(QByteArray, headers);
    AdministrationFixture gateway;
    gateway.start();

    const auto stored = gateway.wait(gateway.administration->integrationSecrets.store(
        IntegrationSecret::OtlpHeaders, Secret(headers)));

    QVERIFY(!stored);
    QCOMPARE(stored.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!stored.error().message.english().contains(u"abc"_s));
}

void OtlpTest::triesAgain_data()
{
    QTest::addColumn<int>("status"); // 0: none
    QTest::addColumn<int>("kind");

    QTest::newRow("too many requests") << 429 << 0;
    QTest::newRow("a bad gateway") << 502 << 0;
    QTest::newRow("not now") << 503 << 0;
    QTest::newRow("a gateway that waited") << 504 << 0;
    QTest::newRow("a reset") << 0 << 1;
    QTest::newRow("no answer") << 0 << 2;
    QTest::newRow("an end without an answer") << 0 << 3;
}

void OtlpTest::triesAgain()
{
    QFETCH(int, status);
    QFETCH(int, kind);
    FakeUpstream collector([status, kind](const ReceivedRequest &request) {
        if (request.number == 3)
            return jsonAnswer(200, "{}");
        switch (kind) {
        case 0:
            return jsonAnswer(status, "{}");
        case 1:
            return Script().reset();
        case 2:
            return Script().stall();
        default:
            return Script().close();
        }
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy delivered(&otlp, &OtlpService::delivered);

    note(otlp, 1);
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    QCOMPARE(collector.requestCount(), 3);
    QCOMPARE(delivered.front().front().value<OtlpDelivery>().tries, 3);
    // It is the same to whoever got it twice.
    const QList<ReceivedRequest> requests = collector.requests();
    QCOMPARE(requests.at(0).body, requests.at(2).body);
}

void OtlpTest::givesUpAtOnce_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("tries");

    QTest::newRow("bad data") << 400 << 1;
    QTest::newRow("refused") << 401 << 1;
    QTest::newRow("elsewhere") << 302 << 1;
    QTest::newRow("a fault of its own") << 500 << 1;
    QTest::newRow("not now for good") << 503 << 3;
}

void OtlpTest::givesUpAtOnce()
{
    QFETCH(int, status);
    FakeUpstream collector([status](const ReceivedRequest &) {
        return jsonAnswer(status, "{}", {"Location: http://127.0.0.1:9/"});
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy failed(&otlp, &OtlpService::failed);

    note(otlp, 1);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);

    QTEST(collector.requestCount(), "tries");
    const auto error = failed.front().front().value<base::Error>();
    QVERIFY(error.message.english().contains(QString::number(status)));
    // What comes later is sent all the same.
    collector.setHandler(okAnswer);
    QSignalSpy delivered(&otlp, &OtlpService::delivered);
    note(otlp, 1);
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);
}

void OtlpTest::pausesHeedWhatIsAsked()
{
    for (int i = 0; i < 100; ++i) {
        const std::chrono::milliseconds usual = pauseBefore(1s, 0s);
        QVERIFY(usual >= 800ms && usual <= 1'200ms);
        QCOMPARE(pauseBefore(1s, 7s).count(), 7'000);
    }
}

void OtlpTest::triesAgainWhereItIsAskedToWait()
{
    FakeUpstream collector([](const ReceivedRequest &request) {
        return request.number == 1 ? jsonAnswer(429, "{}", {"Retry-After: 1"})
                                   : jsonAnswer(200, "{}");
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy delivered(&otlp, &OtlpService::delivered);

    note(otlp, 1);
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    QCOMPARE(delivered.front().front().value<OtlpDelivery>().tries, 2);
}

void OtlpTest::aTooLongWaitIsNoUse()
{
    FakeUpstream collector(
        [](const ReceivedRequest &) { return jsonAnswer(429, "{}", {"Retry-After: 3600"}); });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy failed(&otlp, &OtlpService::failed);

    note(otlp, 1);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);

    QCOMPARE(collector.requestCount(), 1);
}

void OtlpTest::whatHasNoRoomIsDropped()
{
    FakeUpstream collector([](const ReceivedRequest &request) {
        return request.number == 1 ? Script().stall() : jsonAnswer(200, "{}");
    });
    AdministrationFixture gateway;
    OtlpPatience patience = impatience();
    patience.answer = 5s;
    prepare(gateway, collector, patience);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy delivered(&otlp, &OtlpService::delivered);
    note(otlp, 1);
    QTRY_COMPARE(collector.requestCount(), 1); // and hangs

    note(otlp, int(OtlpService::mostWaiting) + 10, 100);

    QCOMPARE(otlp.dropped(), 10);
    QCOMPARE(otlp.waiting(), OtlpService::mostWaiting);
    QTRY_VERIFY_WITH_TIMEOUT(delivered.size() >= 2, 30'000);
    // The oldest went.
    QCOMPARE(spanName(collector.requests().at(2), 0), u"chat m110"_s);
}

void OtlpTest::partialSuccessIsTaken()
{
    FakeUpstream collector([](const ReceivedRequest &) {
        return jsonAnswer(200,
                          "{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"too "
                          "long\\nby far\"}}");
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;
    QSignalSpy delivered(&otlp, &OtlpService::delivered);

    QTest::ignoreMessage(QtWarningMsg,
                         "The receiver of traces left out 3 spans and said: too long by far");
    note(otlp, 5);
    QTRY_COMPARE(delivered.size(), 1);

    const auto delivery = delivered.front().front().value<OtlpDelivery>();
    QCOMPARE(delivery.rejected, 3);
    QCOMPARE(delivery.message, u"too long by far"_s);
    QCOMPARE(collector.requestCount(), 1); // it is not tried again
}

void OtlpTest::offWithoutAnAddress()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;
    QVERIFY(gateway.wait(gateway.administration->settings.reset(u"integrations.otlp_endpoint"_s)));

    note(otlp, 5);
    const auto test = gateway.wait(otlp.test());

    QCOMPARE(otlp.waiting(), size_t(0));
    QVERIFY(!test);
    QCOMPARE(test.error().code, base::ErrorCode::InvalidInput);
    QCOMPARE(collector.connectionCount(), 0);
}

void OtlpTest::openTelemetrySwitchesItOff()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway({{u"OTEL_SDK_DISABLED"_s, u"True"_s}});
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;

    note(otlp, 5);
    const auto test = gateway.wait(otlp.test());

    QVERIFY(otlp.isDisabled());
    QCOMPARE(otlp.waiting(), size_t(0));
    QCOMPARE(test.error().code, base::ErrorCode::Conflict);
    QCOMPARE(collector.connectionCount(), 0);
}

void OtlpTest::theEnvironmentGoesBeforeTheSettings()
{
    FakeUpstream collector(okAnswer);
    const QString address = QString::fromLatin1(collector.baseUrl());
    AdministrationFixture gateway({{u"OTEL_EXPORTER_OTLP_ENDPOINT"_s, address},
                                   {u"OTEL_EXPORTER_OTLP_HEADERS"_s, u"x-api-key=k1"_s},
                                   {u"OTEL_SERVICE_NAME"_s, u"the gate"_s}});
    gateway.start();
    gateway.administration->otlp.setPatience(impatience());

    note(gateway.administration->otlp, 1);
    QTRY_COMPARE(collector.requestCount(), 1);

    QCOMPARE(collector.lastRequest().header("x-api-key"), QByteArray("k1"));
    QVERIFY(unpacked(collector.lastRequest().body).contains("\"the gate\""));
    const auto view = gateway.administration->settings.find(u"integrations.otlp_endpoint"_s);
    QVERIFY(view->fromEnvironment);
    QCOMPARE(view->variable, u"OTEL_EXPORTER_OTLP_ENDPOINT"_s);
    QCOMPARE(gateway.administration->integrationSecrets.variable(IntegrationSecret::OtlpHeaders),
             u"OTEL_EXPORTER_OTLP_HEADERS"_s);
    const auto set = gateway.wait(gateway.administration->settings.set(
        u"integrations.otlp_endpoint"_s, u"http://other.example"_s));
    QVERIFY(!set);
    QCOMPARE(set.error().code, base::ErrorCode::Conflict);
}

void OtlpTest::ourOwnAddressIsRefused()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    bool isOwn = false;
    gateway.isOwnAddress = [&isOwn](const QString &, quint16) { return isOwn; };
    prepare(gateway, collector);
    isOwn = true;

    const auto set = gateway.wait(gateway.administration->settings.set(
        u"integrations.otlp_endpoint"_s, u"http://127.0.0.1:3000"_s));
    const auto test = gateway.wait(gateway.administration->otlp.test());

    QVERIFY(!set);
    QCOMPARE(set.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!test);
    QVERIFY(test.error().message.english().contains(u"back to this gateway"_s));
    QCOMPARE(collector.connectionCount(), 0);
}

void OtlpTest::aTestSaysWhatCameOfIt()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;

    const auto taken = gateway.wait(otlp.test());
    QVERIFY(taken);
    QCOMPARE(taken->status, 200);
    QCOMPARE(spanName(collector.lastRequest(), 0), u"gatehouse test"_s);

    collector.setHandler([](const ReceivedRequest &) { return jsonAnswer(503, "{}"); });
    const auto refused = gateway.wait(otlp.test());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::Unavailable);
    QCOMPARE(collector.requestCount(), 2);

    collector.setHandler([](const ReceivedRequest &) { return Script().stall(); });
    const auto late = gateway.wait(otlp.test());
    QVERIFY(!late);
    QCOMPARE(late.error().code, base::ErrorCode::TimedOut);
}

void OtlpTest::theEndSendsWhatWaits()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    OtlpPatience patience = impatience();
    patience.gathering = 600s;
    prepare(gateway, collector, patience);
    note(gateway.administration->otlp, 3);

    gateway.administration->otlp.finish();

    QCOMPARE(collector.requestCount(), 1);
    QCOMPARE(spansIn(collector.lastRequest()).size(), 3);
    note(gateway.administration->otlp, 3);
    QCOMPARE(gateway.administration->otlp.waiting(), size_t(0));
}

// A ledger that is flushed has told of all that it stored.
void OtlpTest::nothingIsLostBetweenLedgerAndEnd()
{
    FakeUpstream collector(okAnswer);
    AdministrationFixture gateway;
    OtlpPatience patience = impatience();
    patience.gathering = 600s;
    prepare(gateway, collector, patience);
    for (int i = 0; i < 20; ++i) {
        gateway.ledger->submit({.requestId = "r" + QByteArray::number(i),
                                .createdAt = gateway.clock.wallMilliseconds(),
                                .model = "sonnet",
                                .httpStatus = 200},
                               {});
    }
    QVERIFY(gateway.ledger->flush(20s));

    gateway.administration->otlp.finish();

    QCOMPARE(collector.requestCount(), 1);
    QCOMPARE(spansIn(collector.lastRequest()).size(), 20);
}

void OtlpTest::theEndDoesNotWaitForLong()
{
    FakeUpstream collector([](const ReceivedRequest &) { return Script().stall(); });
    AdministrationFixture gateway;
    prepare(gateway,
            collector,
            {.gathering = 600s, .answer = 600s, .pauses = {600s}, .farewell = 50ms});
    note(gateway.administration->otlp, int(OtlpService::mostTogether) * 4);

    gateway.administration->otlp.finish(); // comes back

    QCOMPARE(gateway.administration->otlp.waiting(), size_t(0));
}

void OtlpTest::endsWhileAnAnswerHangs()
{
    FakeUpstream collector([](const ReceivedRequest &) { return Script().stall(); });
    AdministrationFixture gateway;
    prepare(gateway, collector, {.gathering = 10ms, .answer = 600s, .pauses = {600s}});
    note(gateway.administration->otlp, 1);
    QTRY_COMPARE(collector.requestCount(), 1);

    gateway.stop(); // comes back

    QVERIFY(!gateway.administration);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::OtlpTest)
#include "tst_otlp.moc"
