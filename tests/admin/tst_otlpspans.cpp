#include "admin/integrations/otlpspans.h"

#include "domain/attemptnote.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::Channel;
using domain::EndReason;
using domain::RecordKind;
using domain::UsageRecord;

// What a request of the ledger becomes for a collector of traces.
class OtlpSpansTest : public QObject
{
    Q_OBJECT

private slots:
    void aRequestHasASpanForEachAttempt();
    void attributesTellWhatIsKnown();
    void tokensAreToldOnce();
    void failuresHaveATypeAndAStatus_data();
    void failuresHaveATypeAndAStatus();
    void operationsHaveConventionalNames_data();
    void operationsHaveConventionalNames();
    void nothingSecretIsTold();
    void idsFollowFromTheRequest();
    void whatIsSentIsAnExport();
    void onlyRequestsAreTraced();

private:
    static UsageRecord served();
    static const Channel *channelOf(domain::ChannelId id);
};

static QJsonObject spanAt(const QJsonArray &spans, int index)
{
    return spans.at(index).toObject();
}

// The value of an attribute as it stands there; empty: it has none.
static QJsonObject attribute(const QJsonObject &span, const QString &key)
{
    for (const QJsonValue each : span.value(u"attributes"_s).toArray()) {
        if (each.toObject().value(u"key"_s).toString() == key)
            return each.toObject().value(u"value"_s).toObject();
    }
    return {};
}

static QString text(const QJsonObject &span, const QString &key)
{
    return attribute(span, key).value(u"stringValue"_s).toString();
}

static QString number(const QJsonObject &span, const QString &key)
{
    return attribute(span, key).value(u"intValue"_s).toString();
}

const Channel *OtlpSpansTest::channelOf(domain::ChannelId id)
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
UsageRecord OtlpSpansTest::served()
{
    const std::vector<AttemptNote> attempts{{.channel = {1},
                                             .key = 77,
                                             .startedAt = 1'000,
                                             .endedAt = 200'000,
                                             .status = 529,
                                             .errorCode = "overloaded",
                                             .message = "Overloaded: what the person wrote"},
                                            {.channel = {2},
                                             .startedAt = 200'500,
                                             .begunAt = 700'500,
                                             .endedAt = 1'500'000,
                                             .status = 200}};
    return {.requestId = "req-1",
            .createdAt = 1'700'000'001'500,
            .userId = {3},
            .username = "anna",
            .tokenName = "laptop",
            .channelId = {2},
            .channelKeyId = 88,
            .model = "sonnet",
            .providerModel = "sonnet-2",
            .operation = "messages",
            .usage = {.input = 100,
                      .cacheRead = 40,
                      .cacheWrite = 5,
                      .cacheWriteLong = 6,
                      .output = 20,
                      .reasoning = 7,
                      .source = domain::UsageSource::Provider},
            .stream = true,
            .attempts = 2,
            .httpStatus = 200,
            .elapsedMilliseconds = 1'500,
            .clientAddress = "192.168.0.9",
            .session = "conversation-9",
            .finishReason = "end_turn",
            .attemptLog = domain::attemptLog(attempts),
            .content = "a text for people"};
}

void OtlpSpansTest::aRequestHasASpanForEachAttempt()
{
    const QJsonArray spans = spansOf(served(), channelOf);

    QCOMPARE(spans.size(), 3);
    const QJsonObject server = spanAt(spans, 0);
    const QJsonObject refused = spanAt(spans, 1);
    const QJsonObject last = spanAt(spans, 2);
    QCOMPARE(server.value(u"kind"_s).toInt(), 2);
    QCOMPARE(refused.value(u"kind"_s).toInt(), 3);
    QCOMPARE(last.value(u"kind"_s).toInt(), 3);
    QCOMPARE(server.value(u"name"_s).toString(), u"chat sonnet"_s);
    QCOMPARE(last.value(u"name"_s).toString(), u"chat sonnet-2"_s);
    // Bytes are hexadecimal digits, 64 bits are texts.
    static const QRegularExpression traceId(u"^[0-9a-f]{32}$"_s);
    static const QRegularExpression spanId(u"^[0-9a-f]{16}$"_s);
    QSet<QString> ids;
    for (const QJsonValue each : spans) {
        const QJsonObject span = each.toObject();
        QVERIFY(traceId.match(span.value(u"traceId"_s).toString()).hasMatch());
        QVERIFY(spanId.match(span.value(u"spanId"_s).toString()).hasMatch());
        QCOMPARE(span.value(u"traceId"_s), server.value(u"traceId"_s));
        ids.insert(span.value(u"spanId"_s).toString());
    }
    QCOMPARE(ids.size(), 3);
    QVERIFY(!server.contains(u"parentSpanId"_s));
    QCOMPARE(refused.value(u"parentSpanId"_s), server.value(u"spanId"_s));
    QCOMPARE(last.value(u"parentSpanId"_s), server.value(u"spanId"_s));
    QCOMPARE(server.value(u"startTimeUnixNano"_s).toString(), u"1700000000000000000"_s);
    QCOMPARE(server.value(u"endTimeUnixNano"_s).toString(), u"1700000001500000000"_s);
    QCOMPARE(refused.value(u"startTimeUnixNano"_s).toString(), u"1700000000001000000"_s);
    QCOMPARE(last.value(u"endTimeUnixNano"_s).toString(), u"1700000001500000000"_s);
}

void OtlpSpansTest::attributesTellWhatIsKnown()
{
    const QJsonArray spans = spansOf(served(), channelOf);

    const QJsonObject server = spanAt(spans, 0);
    QCOMPARE(text(server, u"gen_ai.operation.name"_s), u"chat"_s);
    QCOMPARE(text(server, u"gen_ai.request.model"_s), u"sonnet"_s);
    QCOMPARE(attribute(server, u"gen_ai.request.stream"_s).value(u"boolValue"_s), QJsonValue(true));
    QCOMPARE(text(server, u"gen_ai.conversation.id"_s), u"conversation-9"_s);
    QCOMPARE(text(server, u"gatehouse.request.id"_s), u"req-1"_s);
    QCOMPARE(number(server, u"http.response.status_code"_s), u"200"_s);
    QVERIFY(attribute(server, u"error.type"_s).isEmpty());
    const QJsonObject refused = spanAt(spans, 1);
    QCOMPARE(text(refused, u"gen_ai.provider.name"_s), u"anthropic"_s);
    QCOMPARE(text(refused, u"server.address"_s), u"api.anthropic.com"_s);
    QCOMPARE(number(refused, u"server.port"_s), u"443"_s);
    QCOMPARE(number(refused, u"http.response.status_code"_s), u"529"_s);
    QCOMPARE(text(refused, u"error.type"_s), u"529"_s);
    QCOMPARE(refused.value(u"status"_s).toObject().value(u"code"_s).toInt(), 2);
    const QJsonObject last = spanAt(spans, 2);
    QCOMPARE(text(last, u"gen_ai.provider.name"_s), u"openai"_s);
    QCOMPARE(text(last, u"gen_ai.request.model"_s), u"sonnet-2"_s);
    QCOMPARE(text(last, u"server.address"_s), u"10.0.0.7"_s);
    QCOMPARE(number(last, u"server.port"_s), u"8080"_s);
    QCOMPARE(attribute(last, u"gen_ai.response.time_to_first_chunk"_s).value(u"doubleValue"_s),
             QJsonValue(0.5));
    QCOMPARE(attribute(last, u"gen_ai.response.finish_reasons"_s)
                 .value(u"arrayValue"_s)
                 .toObject()
                 .value(u"values"_s)
                 .toArray(),
             QJsonArray{(QJsonObject{{u"stringValue"_s, u"end_turn"_s}})});
    QVERIFY(last.value(u"status"_s).toObject().isEmpty());
}

void OtlpSpansTest::tokensAreToldOnce()
{
    const QJsonArray spans = spansOf(served(), channelOf);

    const QString input = u"gen_ai.usage.input_tokens"_s;
    QVERIFY(attribute(spanAt(spans, 0), input).isEmpty());
    QVERIFY(attribute(spanAt(spans, 1), input).isEmpty());
    const QJsonObject last = spanAt(spans, 2);
    QCOMPARE(number(last, input), u"100"_s);
    QCOMPARE(number(last, u"gen_ai.usage.output_tokens"_s), u"20"_s);
    QCOMPARE(number(last, u"gen_ai.usage.cache_read.input_tokens"_s), u"40"_s);
    QCOMPARE(number(last, u"gen_ai.usage.cache_creation.input_tokens"_s), u"11"_s);
    QCOMPARE(number(last, u"gen_ai.usage.reasoning.output_tokens"_s), u"7"_s);

    UsageRecord unknown = served();
    unknown.usage = {};
    QVERIFY(attribute(spanAt(spansOf(unknown, channelOf), 2), input).isEmpty());
    UsageRecord withoutAttempts = served();
    withoutAttempts.attemptLog.clear();
    const QJsonArray alone = spansOf(withoutAttempts, channelOf);
    QCOMPARE(alone.size(), 1);
    QCOMPARE(number(spanAt(alone, 0), input), u"100"_s);
}

void OtlpSpansTest::failuresHaveATypeAndAStatus_data()
{
    QTest::addColumn<int>("httpStatus");
    QTest::addColumn<EndReason>("end");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("status"); // 0: not set

    QTest::newRow("served") << 200 << EndReason::Completed << QByteArray() << QString() << 0;
    QTest::newRow("by its code") << 503 << EndReason::Failed << QByteArray("overloaded")
                                 << u"overloaded"_s << 2;
    QTest::newRow("by its status") << 502 << EndReason::Failed << QByteArray() << u"502"_s << 2;
    QTest::newRow("a fault of the client")
        << 400 << EndReason::Failed << QByteArray("bad_request") << u"bad_request"_s << 0;
    QTest::newRow("a client that left")
        << 200 << EndReason::ClientGone << QByteArray() << u"client_gone"_s << 0;
    QTest::newRow("too late") << 200 << EndReason::TimedOut << QByteArray() << u"timeout"_s << 2;
    QTest::newRow("broken off") << 200 << EndReason::Failed << QByteArray() << u"_OTHER"_s << 2;
}

void OtlpSpansTest::failuresHaveATypeAndAStatus()
{
    QFETCH(int, httpStatus);
    QFETCH(EndReason, end);
    QFETCH(QByteArray, code);
    UsageRecord record = served();
    record.httpStatus = httpStatus;
    record.end = end;
    record.errorCode = code;

    const QJsonObject server = spanAt(spansOf(record, channelOf), 0);

    QTEST(text(server, u"error.type"_s), "type");
    QTEST(server.value(u"status"_s).toObject().value(u"code"_s).toInt(), "status");
}

void OtlpSpansTest::operationsHaveConventionalNames_data()
{
    QTest::addColumn<QByteArray>("operation");
    QTest::addColumn<QString>("name");

    QTest::newRow("chat") << QByteArray("chat") << u"chat"_s;
    QTest::newRow("responses") << QByteArray("responses") << u"chat"_s;
    QTest::newRow("completions") << QByteArray("completions") << u"text_completion"_s;
    QTest::newRow("embeddings of Gemini") << QByteArray("embed_content") << u"embeddings"_s;
    QTest::newRow("a stream of Gemini")
        << QByteArray("stream_generate_content") << u"generate_content"_s;
    QTest::newRow("one without") << QByteArray("speech") << u"speech"_s;
}

void OtlpSpansTest::operationsHaveConventionalNames()
{
    QFETCH(QByteArray, operation);
    UsageRecord record = served();
    record.operation = operation;

    const QJsonObject server = spanAt(spansOf(record, channelOf), 0);

    QTEST(text(server, u"gen_ai.operation.name"_s), "name");
}

void OtlpSpansTest::nothingSecretIsTold()
{
    const std::vector<UsageRecord> records{served()};

    const QByteArray body = tracesBody(records, channelOf, u"gatehouse"_s);

    for (const char *hidden :
         {"anna", "laptop", "192.168.0.9", "what the person wrote", "a text for people", "North"})
        QVERIFY2(!body.contains(hidden), hidden);
}

void OtlpSpansTest::idsFollowFromTheRequest()
{
    UsageRecord other = served();
    other.requestId = "req-2";
    UsageRecord nameless = served();
    nameless.requestId.clear();
    const auto traceOf = [](const UsageRecord &record) {
        return spanAt(spansOf(record, channelOf), 0).value(u"traceId"_s).toString();
    };

    QCOMPARE(spansOf(served(), channelOf), spansOf(served(), channelOf));
    QVERIFY(traceOf(served()) != traceOf(other));
    QVERIFY(traceOf(nameless) != traceOf(nameless));
}

void OtlpSpansTest::whatIsSentIsAnExport()
{
    const std::vector<UsageRecord> records{served(), served()};

    const QJsonObject body =
        QJsonDocument::fromJson(tracesBody(records, channelOf, u"the gate"_s)).object();

    const QJsonArray resources = body.value(u"resourceSpans"_s).toArray();
    QCOMPARE(resources.size(), 1);
    const QJsonObject resource = spanAt(resources, 0);
    QCOMPARE(text(resource.value(u"resource"_s).toObject(), u"service.name"_s), u"the gate"_s);
    const QJsonArray scopes = resource.value(u"scopeSpans"_s).toArray();
    QCOMPARE(scopes.size(), 1);
    QCOMPARE(spanAt(scopes, 0).value(u"spans"_s).toArray().size(), 6);
    // A channel that is gone has no name and no address.
    const QJsonObject orphan =
        spanAt(spansOf(served(), [](domain::ChannelId) -> const Channel * { return nullptr; }), 1);
    QVERIFY(attribute(orphan, u"server.address"_s).isEmpty());
    QCOMPARE(text(orphan, u"gen_ai.request.model"_s), u"sonnet"_s);
}

void OtlpSpansTest::onlyRequestsAreTraced()
{
    UsageRecord record = served();
    QVERIFY(isTraced(record));
    record.kind = RecordKind::Failure;
    QVERIFY(isTraced(record));
    record.kind = RecordKind::Test;
    QVERIFY(!isTraced(record));
    record.kind = RecordKind::Management;
    QVERIFY(!isTraced(record));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::OtlpSpansTest)
#include "tst_otlpspans.moc"
