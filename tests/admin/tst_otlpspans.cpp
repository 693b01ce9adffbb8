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
    void theTraceOfTheClientGoesOn();
    void whatIsNotRecordedIsNotTold();
    void parametersAndAnswersAreTold();
    void theResourceIsTheOwners_data();
    void theResourceIsTheOwners();

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

    const QByteArray body = tracesBody(records, channelOf, {.serviceName = u"gatehouse"_s});

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
        QJsonDocument::fromJson(tracesBody(records, channelOf, {.serviceName = u"the gate"_s}))
            .object();

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

static std::shared_ptr<domain::RequestTrace> tracedBy(unsigned char flags)
{
    auto trace = std::make_shared<domain::RequestTrace>();
    trace->parent = domain::TraceContext{.traceId = "4bf92f3577b34da6a3ce929d0e0e4736",
                                         .parentId = "00f067aa0ba902b7",
                                         .flags = flags,
                                         .state = "a=1"};
    return trace;
}

void OtlpSpansTest::theTraceOfTheClientGoesOn()
{
    UsageRecord record = served();
    const QJsonArray alone = spansOf(record, channelOf);
    record.trace = tracedBy(0x03);

    const QJsonArray spans = spansOf(record, channelOf);

    QCOMPARE(spans.size(), 3);
    for (int i = 0; i < 3; ++i) {
        const QJsonObject span = spanAt(spans, i);
        QCOMPARE(span.value(u"traceId"_s).toString(), u"4bf92f3577b34da6a3ce929d0e0e4736"_s);
        QCOMPARE(span.value(u"traceState"_s).toString(), u"a=1"_s);
        QCOMPARE(span.value(u"spanId"_s), spanAt(alone, i).value(u"spanId"_s));
        // The parent of the first alone is elsewhere.
        QCOMPARE(span.value(u"flags"_s).toInt(), i == 0 ? 0x303 : 0x103);
        QCOMPARE(spanAt(alone, i).value(u"flags"_s).toInt(), 0x101);
    }
    QCOMPARE(spanAt(spans, 0).value(u"parentSpanId"_s).toString(), u"00f067aa0ba902b7"_s);
    QCOMPARE(spanAt(spans, 1).value(u"parentSpanId"_s), spanAt(spans, 0).value(u"spanId"_s));
}

void OtlpSpansTest::whatIsNotRecordedIsNotTold()
{
    UsageRecord record = served();
    record.trace = tracedBy(1);
    QVERIFY(isTraced(record));
    record.trace = tracedBy(2);
    QVERIFY(!isTraced(record));
    QVERIFY(isMeasured(record));
    record.trace = std::make_shared<domain::RequestTrace>();
    QVERIFY(isTraced(record));
}

void OtlpSpansTest::parametersAndAnswersAreTold()
{
    auto parameters = std::make_shared<domain::RequestParameters>();
    *parameters = {.temperature = 0.5,
                   .topP = 0.9,
                   .topK = 40,
                   .seed = -7,
                   .choices = 2,
                   .stopSequences = {"END", "###"}};
    auto trace = std::make_shared<domain::RequestTrace>();
    trace->parameters = parameters;
    trace->maxOutputTokens = 256;
    trace->responseId = "msg_1";
    trace->responseModel = "sonnet-2-2026";
    UsageRecord record = served();
    record.trace = trace;

    const QJsonArray spans = spansOf(record, channelOf);

    for (int i = 0; i < 3; ++i) {
        const QJsonObject span = spanAt(spans, i);
        QCOMPARE(number(span, u"gen_ai.request.max_tokens"_s), u"256"_s);
        QCOMPARE(number(span, u"gen_ai.request.top_k"_s), u"40"_s);
        QCOMPARE(number(span, u"gen_ai.request.seed"_s), u"-7"_s);
        QCOMPARE(number(span, u"gen_ai.request.choice.count"_s), u"2"_s);
        QCOMPARE(attribute(span, u"gen_ai.request.temperature"_s).value(u"doubleValue"_s),
                 QJsonValue(0.5));
        QCOMPARE(attribute(span, u"gen_ai.request.top_p"_s).value(u"doubleValue"_s),
                 QJsonValue(0.9));
        QCOMPARE(attribute(span, u"gen_ai.request.stop_sequences"_s)
                     .value(u"arrayValue"_s)
                     .toObject()
                     .value(u"values"_s)
                     .toArray()
                     .size(),
                 2);
        QCOMPARE(text(span, u"gen_ai.conversation.id"_s), u"conversation-9"_s);
    }
    QCOMPARE(text(spanAt(spans, 2), u"gen_ai.response.id"_s), u"msg_1"_s);
    QCOMPARE(text(spanAt(spans, 2), u"gen_ai.response.model"_s), u"sonnet-2-2026"_s);
    QCOMPARE(text(spanAt(spans, 1), u"gen_ai.response.id"_s), QString());
    // The usual number of answers says nothing.
    parameters->choices = 1;
    QCOMPARE(number(spanAt(spansOf(record, channelOf), 2), u"gen_ai.request.choice.count"_s),
             QString());
}

void OtlpSpansTest::theResourceIsTheOwners_data()
{
    QTest::addColumn<QString>("name"); // the setting
    QTest::addColumn<QString>("told"); // OTEL_RESOURCE_ATTRIBUTES
    QTest::addColumn<QString>("service");
    QTest::addColumn<QString>("environment"); // one of the attributes
    QTest::addColumn<QString>("instance");

    const QString usual = u"gatehouse"_s;
    QTest::newRow("nothing") << usual << QString() << usual << QString() << u"one"_s;
    QTest::newRow("an attribute") << usual << u"deployment.environment.name=the%20lab"_s << usual
                                  << u"the lab"_s << u"one"_s;
    QTest::newRow("several, with blanks")
        << usual << u" a=b , deployment.environment.name = lab ,"_s << usual << u"lab"_s
        << u"one"_s;
    QTest::newRow("a name") << usual << u"service.name=gate"_s << u"gate"_s << QString()
                            << u"one"_s;
    QTest::newRow("the setting goes before")
        << u"mine"_s << u"service.name=gate"_s << u"mine"_s << QString() << u"one"_s;
    QTest::newRow("an instance") << usual << u"service.instance.id=two"_s << usual << QString()
                                 << u"two"_s;
    QTest::newRow("one that cannot be read spoils all")
        << usual << u"deployment.environment.name=lab,oops"_s << usual << QString() << u"one"_s;
}

void OtlpSpansTest::theResourceIsTheOwners()
{
    QFETCH(QString, name);
    QFETCH(QString, told);
    domain::Settings::Integrations settings;
    settings.otlpServiceName = name;
    settings.openTelemetry.resourceAttributes = told;

    const QJsonObject resource = otlpResourceJson(otlpResourceOf(settings, u"one"_s));

    QTEST(text(resource, u"service.name"_s), "service");
    QTEST(text(resource, u"deployment.environment.name"_s), "environment");
    QTEST(text(resource, u"service.instance.id"_s), "instance");
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::OtlpSpansTest)
#include "tst_otlpspans.moc"
