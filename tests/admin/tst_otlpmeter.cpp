#include "admin/integrations/otlpmeter.h"

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

using domain::UsageRecord;
using support::AdministrationFixture;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// How metrics reach a collector, and what becomes of them if that behaves badly.
class OtlpMeterTest : public QObject
{
    Q_OBJECT

private slots:
    void whatTheLedgerStoresIsCounted();
    void theIntervalSendsByItself();
    void whatWasNotTakenIsSentAgain();
    void figuresGrow();
    void offUnlessSwitchedOn();
    void addressesOfTheirOwn();
    void openTelemetrySwitchesItOff();
    void whatIsNotHeededIsSaid();
    void aTestAsksWhetherMetricsAreTaken();
    void switchingOnBeginsAnew();
    void theEndSendsWhatWasCounted();
    void theEndDoesNotWaitForLong();
};

static QByteArray unpackedBody(const ReceivedRequest &request)
{
    upstream::ContentDecoder decoder;
    decoder.begin(upstream::ContentDecoder::Format::Gzip);
    QByteArray all;
    QByteArrayView input(request.body);
    QByteArrayView output;
    while (!input.isEmpty() || decoder.hasMore()) {
        if (!decoder.step(input, output))
            return {};
        all.append(output);
    }
    return decoder.isWhole() ? all : QByteArray();
}

// How many requests it tells of; -1: it is no export of metrics.
static qint64 requestsIn(const ReceivedRequest &request)
{
    const QJsonArray metrics = QJsonDocument::fromJson(unpackedBody(request))
                                   .object()
                                   .value(u"resourceMetrics"_s)
                                   .toArray()
                                   .at(0)
                                   .toObject()
                                   .value(u"scopeMetrics"_s)
                                   .toArray()
                                   .at(0)
                                   .toObject()
                                   .value(u"metrics"_s)
                                   .toArray();
    for (const QJsonValue each : metrics) {
        const QJsonObject metric = each.toObject();
        if (metric.value(u"name"_s).toString() != u"gen_ai.server.request.duration"_s)
            continue;
        const QJsonArray points =
            metric.value(u"histogram"_s).toObject().value(u"dataPoints"_s).toArray();
        return points.at(0).toObject().value(u"count"_s).toString().toLongLong();
    }
    return -1;
}

static QList<ReceivedRequest> sentTo(const FakeUpstream &collector, const QByteArray &target)
{
    QList<ReceivedRequest> found;
    for (const ReceivedRequest &request : collector.requests()) {
        if (request.target == target)
            found.append(request);
    }
    return found;
}

static Script takenAnswer(const ReceivedRequest &)
{
    return jsonAnswer(200, "{}");
}

static OtlpPatience impatience()
{
    return {.gathering = 600s, .answer = 2s, .pauses = {10ms, 10ms}, .farewell = 10s};
}

static void set(AdministrationFixture &gateway, const QString &key, const QString &value)
{
    QVERIFY(gateway.wait(gateway.administration->settings.set(key, value)));
}

// A started administration whose collector is the provider, and gets metrics too.
static void prepare(AdministrationFixture &gateway,
                    const FakeUpstream &collector,
                    const OtlpPatience &patience = impatience())
{
    gateway.start();
    gateway.administration->otlp.setPatience(patience);
    set(gateway, u"integrations.otlp_endpoint"_s, QString::fromLatin1(collector.baseUrl()));
    set(gateway, u"integrations.otlp_metrics_interval"_s, u"3600000"_s);
    set(gateway, u"integrations.otlp_metrics"_s, u"true"_s);
}

// As the ledger does.
static void note(AdministrationFixture &gateway, int count)
{
    const storage::LedgerEntry entry{.record = UsageRecord{.requestId = "r1",
                                                           .createdAt = 1'700'000'000'000,
                                                           .operation = "chat",
                                                           .httpStatus = 200},
                                     .ticket = {}};
    gateway.administration->otlp.note(
        std::vector<storage::LedgerEntry>(static_cast<size_t>(count), entry));
}

void OtlpMeterTest::whatTheLedgerStoresIsCounted()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpMeter &meter = gateway.administration->otlp.meter();
    QVERIFY(gateway.wait(gateway.administration->integrationSecrets.store(
        IntegrationSecret::OtlpHeaders, base::Secret(QByteArray("x-api-key=k1")))));
    QSignalSpy delivered(&meter, &OtlpMeter::delivered);
    for (const auto kind : {domain::RecordKind::Consumption, domain::RecordKind::Test}) {
        gateway.ledger->submit({.requestId = "r1",
                                .kind = kind,
                                .createdAt = gateway.clock.wallMilliseconds(),
                                .operation = "chat",
                                .httpStatus = 200},
                               {});
    }
    QVERIFY(gateway.ledger->flush(20s));

    meter.send();
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    const ReceivedRequest request = collector.lastRequest();
    QCOMPARE(request.method, QByteArray("POST"));
    QCOMPARE(request.target, QByteArray("/v1/metrics"));
    QCOMPARE(request.header("Content-Type"), QByteArray("application/json"));
    QCOMPARE(request.header("Content-Encoding"), QByteArray("gzip"));
    QCOMPARE(request.header("x-api-key"), QByteArray("k1"));
    QCOMPARE(requestsIn(request), 1);
}

void OtlpMeterTest::theIntervalSendsByItself()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    note(gateway, 1);

    set(gateway, u"integrations.otlp_metrics_interval"_s, u"1000"_s);

    QTRY_VERIFY_WITH_TIMEOUT(sentTo(collector, "/v1/metrics").size() >= 2, 20'000);
    QCOMPARE(requestsIn(sentTo(collector, "/v1/metrics").back()), 1);
}

void OtlpMeterTest::whatWasNotTakenIsSentAgain()
{
    FakeUpstream collector([](const ReceivedRequest &request) {
        return jsonAnswer(request.number < 3 ? 503 : 200, "{}");
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpMeter &meter = gateway.administration->otlp.meter();
    QSignalSpy delivered(&meter, &OtlpMeter::delivered);
    note(gateway, 1);

    meter.send();
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    QCOMPARE(delivered.front().front().value<OtlpDelivery>().tries, 3);
    QCOMPARE(collector.requests().at(0).body, collector.requests().at(2).body);
}

// What one export lost is in the next one.
void OtlpMeterTest::figuresGrow()
{
    FakeUpstream collector([](const ReceivedRequest &request) {
        return jsonAnswer(request.number == 1 ? 400 : 200, "{}");
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpMeter &meter = gateway.administration->otlp.meter();
    QSignalSpy failed(&meter, &OtlpMeter::failed);
    QSignalSpy delivered(&meter, &OtlpMeter::delivered);
    note(gateway, 2);
    meter.send();
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20'000);

    note(gateway, 3);
    meter.send();
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    QCOMPARE(requestsIn(collector.lastRequest()), 5);
}

void OtlpMeterTest::offUnlessSwitchedOn()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    set(gateway, u"integrations.otlp_metrics"_s, u"false"_s);
    OtlpMeter &meter = gateway.administration->otlp.meter();

    note(gateway, 1);
    meter.send();
    gateway.administration->otlp.finish();

    QVERIFY(meter.order().url.isEmpty());
    QCOMPARE(sentTo(collector, "/v1/metrics").size(), 0);
    QCOMPARE(sentTo(collector, "/v1/traces").size(), 1);
}

void OtlpMeterTest::addressesOfTheirOwn()
{
    FakeUpstream collector(takenAnswer);
    const QString base = QString::fromLatin1(collector.baseUrl());
    AdministrationFixture gateway(
        {{u"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"_s, QString(base + u"/their/traces"_s)},
         {u"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"_s, QString(base + u"/their/metrics"_s)},
         {u"OTEL_RESOURCE_ATTRIBUTES"_s, u"deployment.environment.name=lab"_s}});
    gateway.start();
    gateway.administration->otlp.setPatience(impatience());
    note(gateway, 1);

    gateway.administration->otlp.finish();

    QCOMPARE(sentTo(collector, "/their/traces").size(), 1);
    QCOMPARE(sentTo(collector, "/their/metrics").size(), 1);
    QCOMPARE(collector.requestCount(), 2);
    for (const ReceivedRequest &request : collector.requests())
        QVERIFY(unpackedBody(request).contains("deployment.environment.name"));
}

void OtlpMeterTest::openTelemetrySwitchesItOff()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway({{u"OTEL_SDK_DISABLED"_s, u"true"_s}});
    prepare(gateway, collector);
    note(gateway, 1);

    gateway.administration->otlp.meter().send();
    gateway.administration->otlp.finish();

    QCOMPARE(collector.connectionCount(), 0);
}

// Also where metrics alone are sent.
void OtlpMeterTest::whatIsNotHeededIsSaid()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway(
        {{u"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"_s, QString::fromLatin1(collector.baseUrl())},
         {u"OTEL_EXPORTER_OTLP_PROTOCOL"_s, u"grpc"_s},
         {u"OTEL_RESOURCE_ATTRIBUTES"_s, u"oops"_s}});
    QTest::ignoreMessage(QtWarningMsg, "OTEL_RESOURCE_ATTRIBUTES is not understood and left out.");
    QTest::ignoreMessage(QtWarningMsg,
                         "Traces and metrics are sent by http/json alone, not by \"grpc\"");

    gateway.start(); // an ignored message that does not come fails the test
}

void OtlpMeterTest::aTestAsksWhetherMetricsAreTaken()
{
    FakeUpstream collector([](const ReceivedRequest &request) {
        return jsonAnswer(request.target == "/v1/metrics" ? 404 : 200, "{}");
    });
    AdministrationFixture gateway;
    prepare(gateway, collector);
    OtlpService &otlp = gateway.administration->otlp;

    const auto refused = gateway.wait(otlp.test());
    QVERIFY(!refused);
    QVERIFY(refused.error().message.english().contains(u"etrics"_s));
    QCOMPARE(collector.requestCount(), 2);

    collector.setHandler(takenAnswer);
    QVERIFY(gateway.wait(otlp.test()));
    QVERIFY(unpackedBody(collector.lastRequest()).contains("resourceMetrics"));

    set(gateway, u"integrations.otlp_metrics"_s, u"false"_s);
    QVERIFY(gateway.wait(otlp.test()));
    QCOMPARE(collector.requestCount(), 5);
    QCOMPARE(collector.lastRequest().target, QByteArray("/v1/traces"));
}

void OtlpMeterTest::switchingOnBeginsAnew()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    note(gateway, 4);
    set(gateway, u"integrations.otlp_metrics"_s, u"false"_s);
    note(gateway, 2);
    set(gateway, u"integrations.otlp_metrics"_s, u"true"_s);
    OtlpMeter &meter = gateway.administration->otlp.meter();
    QSignalSpy delivered(&meter, &OtlpMeter::delivered);

    note(gateway, 1);
    meter.send();
    QTRY_COMPARE_WITH_TIMEOUT(delivered.size(), 1, 20'000);

    QCOMPARE(requestsIn(collector.lastRequest()), 1);
}

void OtlpMeterTest::theEndSendsWhatWasCounted()
{
    FakeUpstream collector(takenAnswer);
    AdministrationFixture gateway;
    prepare(gateway, collector);
    note(gateway, 3);

    gateway.administration->otlp.finish();

    const QList<ReceivedRequest> sent = sentTo(collector, "/v1/metrics");
    QCOMPARE(sent.size(), 1);
    QCOMPARE(requestsIn(sent.front()), 3);
    note(gateway, 1);
    gateway.administration->otlp.meter().send();
    QCOMPARE(sentTo(collector, "/v1/metrics").size(), 1);
}

void OtlpMeterTest::theEndDoesNotWaitForLong()
{
    FakeUpstream collector([](const ReceivedRequest &) { return Script().stall(); });
    AdministrationFixture gateway;
    prepare(gateway,
            collector,
            {.gathering = 600s, .answer = 600s, .pauses = {600s}, .farewell = 50ms});
    note(gateway, 1);
    gateway.administration->otlp.meter().send();
    QTRY_COMPARE(collector.requestCount(), 1);

    gateway.administration->otlp.finish(); // comes back

    gateway.stop(); // so does this
    QVERIFY(!gateway.administration);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::OtlpMeterTest)
#include "tst_otlpmeter.moc"
