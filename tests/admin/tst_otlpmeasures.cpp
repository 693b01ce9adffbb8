#include "admin/integrations/otlpmeasures.h"

#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::Channel;
using domain::EndReason;
using domain::UsageRecord;

// What requests come to in the histograms of OpenTelemetry.
class OtlpMeasuresTest : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsNoExport();
    void whatIsSentIsAnExport();
    void attemptsAndRequestsAreMeasured();
    void tokensAreOfTheLastAttempt();
    void onlyStreamsHaveAFirstChunk();
    void whatFailedTellsNoTimesOfTokens();
    void valuesFallIntoTheirBuckets();
    void madeUpModelsHaveNoSeries();
    void seriesAreBounded();
    void beginningAgainForgets();
    void nothingSecretIsTold();

private:
    static UsageRecord served();
    static const Channel *channelOf(domain::ChannelId id);
    static QJsonArray metricsOf(const OtlpMeasures &measures);
    // The points of the metric; empty: it is not there.
    static QJsonArray points(const OtlpMeasures &measures, const QString &name);
};

static QString attributeText(const QJsonValue &point, const QString &key)
{
    for (const QJsonValue each : point.toObject().value(u"attributes"_s).toArray()) {
        if (each.toObject().value(u"key"_s).toString() != key)
            continue;
        const QJsonObject value = each.toObject().value(u"value"_s).toObject();
        return value.value(u"stringValue"_s).toString(value.value(u"intValue"_s).toString());
    }
    return {};
}

static double sumOf(const QJsonValue &point)
{
    return point.toObject().value(u"sum"_s).toDouble();
}

const Channel *OtlpMeasuresTest::channelOf(domain::ChannelId id)
{
    static const Channel north = [] {
        Channel channel;
        channel.id = {1};
        channel.type = domain::provider::anthropic;
        channel.name = u"North"_s;
        return channel;
    }();
    static const Channel south = [] {
        Channel channel;
        channel.id = {2};
        channel.type = domain::provider::openAi;
        channel.baseUrl = u"http://10.0.0.7:8080"_s;
        return channel;
    }();
    return id.value == 1 ? &north : id.value == 2 ? &south : nullptr;
}

// By the second channel, after the first one had refused.
UsageRecord OtlpMeasuresTest::served()
{
    const std::vector<AttemptNote> attempts{{.channel = {1},
                                             .startedAt = 1'000,
                                             .endedAt = 201'000,
                                             .status = 529,
                                             .errorCode = "overloaded",
                                             .message = "what the person wrote"},
                                            {.channel = {2},
                                             .startedAt = 250'000,
                                             .begunAt = 750'000,
                                             .endedAt = 1'500'000,
                                             .status = 200}};
    return {.requestId = "req-1",
            .createdAt = 1'700'000'001'500,
            .username = "anna",
            .channelId = {2},
            .model = "sonnet",
            .providerModel = "sonnet-2",
            .operation = "messages",
            .usage = {.input = 100, .output = 21, .source = domain::UsageSource::Provider},
            .stream = true,
            .attempts = 2,
            .httpStatus = 200,
            .elapsedMilliseconds = 1'500,
            .firstByteMilliseconds = 500,
            .session = "conversation-9",
            .attemptLog = domain::attemptLog(attempts)};
}

QJsonArray OtlpMeasuresTest::metricsOf(const OtlpMeasures &measures)
{
    const QByteArray body = measures.body({.serviceName = u"the gate"_s}, 1'700'000'060'000);
    return QJsonDocument::fromJson(body)
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
}

QJsonArray OtlpMeasuresTest::points(const OtlpMeasures &measures, const QString &name)
{
    for (const QJsonValue each : metricsOf(measures)) {
        if (each.toObject().value(u"name"_s).toString() == name) {
            return each.toObject()
                .value(u"histogram"_s)
                .toObject()
                .value(u"dataPoints"_s)
                .toArray();
        }
    }
    return {};
}

void OtlpMeasuresTest::nothingIsNoExport()
{
    OtlpMeasures measures;
    measures.begin(1);

    QCOMPARE(measures.body({}, 2), QByteArray());
}

void OtlpMeasuresTest::whatIsSentIsAnExport()
{
    OtlpMeasures measures;
    measures.begin(1'700'000'000'000);
    measures.note(served(), channelOf);

    const QJsonObject body =
        QJsonDocument::fromJson(
            measures.body({.serviceName = u"the gate"_s, .instance = u"i1"_s}, 1'700'000'060'000))
            .object();

    const QJsonObject resource =
        body.value(u"resourceMetrics"_s).toArray().at(0).toObject().value(u"resource"_s).toObject();
    QCOMPARE(attributeText(resource, u"service.name"_s), u"the gate"_s);
    QCOMPARE(attributeText(resource, u"service.instance.id"_s), u"i1"_s);
    const QJsonArray metrics = metricsOf(measures);
    QStringList names;
    for (const QJsonValue each : metrics) {
        const QJsonObject metric = each.toObject();
        names.append(metric.value(u"name"_s).toString());
        const QString unit = metric.value(u"unit"_s).toString();
        QCOMPARE(unit, names.back().endsWith(u"token.usage"_s) ? u"{token}"_s : u"s"_s);
        const QJsonObject histogram = metric.value(u"histogram"_s).toObject();
        QCOMPARE(histogram.value(u"aggregationTemporality"_s).toInt(), 2); // cumulative
        const QJsonArray values = histogram.value(u"dataPoints"_s).toArray();
        QVERIFY(!values.isEmpty());
        for (const QJsonValue value : values) {
            const QJsonObject point = value.toObject();
            QCOMPARE(point.value(u"startTimeUnixNano"_s).toString(), u"1700000000000000000"_s);
            QCOMPARE(point.value(u"timeUnixNano"_s).toString(), u"1700000060000000000"_s);
            QCOMPARE(point.value(u"count"_s).toString(), u"1"_s);
            QCOMPARE(point.value(u"bucketCounts"_s).toArray().size(),
                     point.value(u"explicitBounds"_s).toArray().size() + 1);
        }
    }
    QCOMPARE(names,
             (QStringList{u"gen_ai.client.operation.duration"_s,
                          u"gen_ai.client.token.usage"_s,
                          u"gen_ai.client.operation.time_to_first_chunk"_s,
                          u"gen_ai.server.request.duration"_s,
                          u"gen_ai.server.time_to_first_token"_s,
                          u"gen_ai.server.time_per_output_token"_s}));
}

void OtlpMeasuresTest::attemptsAndRequestsAreMeasured()
{
    OtlpMeasures measures;
    measures.note(served(), channelOf);

    const QJsonArray attempts = points(measures, u"gen_ai.client.operation.duration"_s);
    const QJsonArray requests = points(measures, u"gen_ai.server.request.duration"_s);

    QCOMPARE(attempts.size(), 2);
    QCOMPARE(sumOf(attempts.at(0)), 0.2);
    QCOMPARE(attributeText(attempts.at(0), u"gen_ai.operation.name"_s), u"chat"_s);
    QCOMPARE(attributeText(attempts.at(0), u"gen_ai.provider.name"_s), u"anthropic"_s);
    QCOMPARE(attributeText(attempts.at(0), u"gen_ai.request.model"_s), u"sonnet"_s);
    QCOMPARE(attributeText(attempts.at(0), u"error.type"_s), u"529"_s);
    QCOMPARE(attributeText(attempts.at(0), u"gatehouse.channel.id"_s), u"1"_s);
    QCOMPARE(sumOf(attempts.at(1)), 1.25);
    QCOMPARE(attributeText(attempts.at(1), u"gen_ai.request.model"_s), u"sonnet-2"_s);
    QCOMPARE(attributeText(attempts.at(1), u"server.address"_s), u"10.0.0.7"_s);
    QCOMPARE(attributeText(attempts.at(1), u"server.port"_s), u"8080"_s);
    QCOMPARE(attributeText(attempts.at(1), u"error.type"_s), QString());
    QCOMPARE(requests.size(), 1);
    QCOMPARE(sumOf(requests.at(0)), 1.5);
    QCOMPARE(attributeText(requests.at(0), u"gen_ai.request.model"_s), u"sonnet"_s);
    QCOMPARE(attributeText(requests.at(0), u"gen_ai.provider.name"_s), u"openai"_s);
    QCOMPARE(sumOf(points(measures, u"gen_ai.client.operation.time_to_first_chunk"_s).at(0)), 0.5);
    QCOMPARE(sumOf(points(measures, u"gen_ai.server.time_to_first_token"_s).at(0)), 0.5);
    // A second for twenty more.
    QCOMPARE(sumOf(points(measures, u"gen_ai.server.time_per_output_token"_s).at(0)), 0.05);
}

void OtlpMeasuresTest::tokensAreOfTheLastAttempt()
{
    OtlpMeasures measures;
    measures.note(served(), channelOf);
    measures.note(served(), channelOf);

    const QJsonArray tokens = points(measures, u"gen_ai.client.token.usage"_s);

    QCOMPARE(tokens.size(), 2);
    QCOMPARE(attributeText(tokens.at(0), u"gen_ai.token.type"_s), u"input"_s);
    QCOMPARE(sumOf(tokens.at(0)), 200.0);
    QCOMPARE(tokens.at(0).toObject().value(u"count"_s).toString(), u"2"_s);
    QCOMPARE(attributeText(tokens.at(1), u"gen_ai.token.type"_s), u"output"_s);
    QCOMPARE(sumOf(tokens.at(1)), 42.0);
    UsageRecord unknown = served();
    unknown.usage.source = domain::UsageSource::None;
    OtlpMeasures others;
    others.note(unknown, channelOf);
    QVERIFY(points(others, u"gen_ai.client.token.usage"_s).isEmpty());
}

void OtlpMeasuresTest::onlyStreamsHaveAFirstChunk()
{
    OtlpMeasures measures;
    UsageRecord record = served();
    record.stream = false;
    measures.note(record, channelOf);

    QVERIFY(points(measures, u"gen_ai.client.operation.time_to_first_chunk"_s).isEmpty());
    QVERIFY(points(measures, u"gen_ai.server.time_per_output_token"_s).isEmpty());
    QVERIFY(!points(measures, u"gen_ai.server.time_to_first_token"_s).isEmpty());
}

void OtlpMeasuresTest::whatFailedTellsNoTimesOfTokens()
{
    OtlpMeasures measures;
    UsageRecord record = served();
    record.end = EndReason::ClientGone;
    measures.note(record, channelOf);

    QVERIFY(points(measures, u"gen_ai.server.time_to_first_token"_s).isEmpty());
    QVERIFY(points(measures, u"gen_ai.server.time_per_output_token"_s).isEmpty());
    const QJsonArray requests = points(measures, u"gen_ai.server.request.duration"_s);
    QCOMPARE(attributeText(requests.at(0), u"error.type"_s), u"client_gone"_s);
}

void OtlpMeasuresTest::valuesFallIntoTheirBuckets()
{
    OtlpMeasures measures;
    for (const qint64 milliseconds : {0, 10, 11, 81'920, 81'921, 500'000}) {
        UsageRecord record = served();
        record.elapsedMilliseconds = milliseconds;
        measures.note(record, channelOf);
    }

    const QJsonObject point =
        points(measures, u"gen_ai.server.request.duration"_s).at(0).toObject();

    const QJsonArray bounds = point.value(u"explicitBounds"_s).toArray();
    QCOMPARE(bounds.size(), 14);
    QCOMPARE(bounds.first().toDouble(), 0.01);
    QCOMPARE(bounds.last().toDouble(), 81.92);
    const QJsonArray counts = point.value(u"bucketCounts"_s).toArray();
    QCOMPARE(counts.at(0).toString(), u"2"_s); // a bound is within its bucket
    QCOMPARE(counts.at(1).toString(), u"1"_s);
    QCOMPARE(counts.at(13).toString(), u"1"_s);
    QCOMPARE(counts.at(14).toString(), u"2"_s);
    QCOMPARE(point.value(u"count"_s).toString(), u"6"_s);
    const QJsonArray ofTokens = points(measures, u"gen_ai.client.token.usage"_s)
                                    .at(0)
                                    .toObject()
                                    .value(u"explicitBounds"_s)
                                    .toArray();
    QCOMPARE(ofTokens.size(), 14);
    QCOMPARE(ofTokens.last().toDouble(), 67'108'864.0);
}

void OtlpMeasuresTest::madeUpModelsHaveNoSeries()
{
    OtlpMeasures measures;
    for (int i = 0; i < 20; ++i) {
        measures.note({.kind = domain::RecordKind::Failure,
                       .model = "made up " + QByteArray::number(i),
                       .operation = "chat",
                       .httpStatus = 404,
                       .end = EndReason::Failed,
                       .errorCode = "model_not_found"},
                      channelOf);
    }

    const QJsonArray requests = points(measures, u"gen_ai.server.request.duration"_s);

    QCOMPARE(requests.size(), 1);
    QCOMPARE(requests.at(0).toObject().value(u"count"_s).toString(), u"20"_s);
    QCOMPARE(attributeText(requests.at(0), u"gen_ai.request.model"_s), QString());
}

void OtlpMeasuresTest::seriesAreBounded()
{
    OtlpMeasures measures;
    const int all = int(OtlpMeasures::mostSeries) + 50;
    for (int i = 0; i < all; ++i) {
        UsageRecord record = served();
        record.model = "m" + QByteArray::number(i);
        measures.note(record, channelOf);
    }

    const QJsonArray requests = points(measures, u"gen_ai.server.request.duration"_s);

    QCOMPARE(requests.size(), qsizetype(OtlpMeasures::mostSeries) + 1);
    qint64 counted = 0;
    int overflows = 0;
    for (const QJsonValue point : requests) {
        counted += point.toObject().value(u"count"_s).toString().toLongLong();
        const QJsonObject first =
            point.toObject().value(u"attributes"_s).toArray().at(0).toObject();
        overflows += first.value(u"key"_s).toString() == u"otel.metric.overflow"_s ? 1 : 0;
    }
    QCOMPARE(counted, qint64(all));
    QCOMPARE(overflows, 1);
}

void OtlpMeasuresTest::beginningAgainForgets()
{
    OtlpMeasures measures;
    measures.note(served(), channelOf);

    measures.begin(1'700'000'030'000);

    QCOMPARE(measures.body({}, 1'700'000'060'000), QByteArray());
}

void OtlpMeasuresTest::nothingSecretIsTold()
{
    OtlpMeasures measures;
    measures.note(served(), channelOf);

    const QByteArray body = measures.body({}, 1);

    for (const char *hidden : {"anna", "what the person wrote", "North", "conversation-9", "req-1"})
        QVERIFY2(!body.contains(hidden), hidden);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::OtlpMeasuresTest)
#include "tst_otlpmeasures.moc"
