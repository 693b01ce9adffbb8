#include "domain/attemptnote.h"
#include "support/managementfixture.h"

#include <QRegularExpression>
#include <QTemporaryFile>

using namespace Qt::StringLiterals;

namespace gatehouse {

using admin::IntegrationSecret;
using base::Secret;
using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

// What programs that watch the gateway are answered.
class MetricsRouteTest : public QObject
{
    Q_OBJECT

private slots:
    void offThereIsNothing();
    void theTokenOpensIt_data();
    void theTokenOpensIt();
    void withoutATokenNobodyIsLetIn();
    void everyLineCanBeRead_data();
    void everyLineCanBeRead();
    void countsWhatTheLedgerStored();
    void tellsOfAttempts();
    void tokensOutliveAStart();
    void tokensOfTheEnvironment_data();
    void tokensOfTheEnvironment();
    void answersUnderAnyName();
};

static void switchOn(ManagementFixture &gateway)
{
    QVERIFY(
        gateway.wait(gateway.administration->settings.set(u"integrations.metrics"_s, u"true"_s)));
}

static QByteArray newToken(ManagementFixture &gateway)
{
    const auto made = gateway.wait(
        gateway.administration->integrationSecrets.renew(IntegrationSecret::MetricsToken));
    return made ? made->reveal() : QByteArray();
}

static ApiAnswer scrape(const ManagementFixture &gateway,
                        const QByteArray &authorization,
                        const QByteArray &accept = {})
{
    gateway::ApiRequest request = gateway.request("GET", "/metrics");
    if (!authorization.isEmpty())
        request.headers.emplace_back("Authorization", authorization);
    if (!accept.isEmpty())
        request.headers.emplace_back("Accept", accept);
    return gateway.ask(request);
}

// The samples of a text by what stands before their values; fails the test on a line that is none.
static QHash<QByteArray, double> samplesOf(const QByteArray &text)
{
    static const QRegularExpression sample(
        u"^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*"
        u"\""
        "(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\")*\\})?) (\\S+)$"_s);
    QHash<QByteArray, double> samples;
    QSet<QByteArray> families;
    QByteArray family;
    for (const QByteArray &line : text.split('\n')) {
        if (line.startsWith("# TYPE ")) {
            family = line.split(' ').at(2);
            if (families.contains(family))
                qWarning("twice: %s", family.constData());
            families.insert(family);
        }
        if (line.isEmpty() || line.startsWith("# "))
            continue;
        const auto match = sample.match(QString::fromUtf8(line));
        bool isNumber = false;
        const double value = match.captured(2).toDouble(&isNumber);
        const QByteArray place = match.captured(1).toUtf8();
        if (!match.hasMatch() || !isNumber || !place.startsWith(family)
            || samples.contains(place)) {
            qWarning("not to be read: %s", line.constData());
            return {};
        }
        samples.insert(place, value);
    }
    return samples;
}

void MetricsRouteTest::offThereIsNothing()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QByteArray token = newToken(gateway);

    const ApiAnswer answer = scrape(gateway, "Bearer " + token);

    QCOMPARE(answer.status, 404);
    QVERIFY(!answer.body.contains("gatehouse_build_info"));
}

void MetricsRouteTest::theTokenOpensIt_data()
{
    QTest::addColumn<QByteArray>("authorization"); // "TOKEN" stands for the token
    QTest::addColumn<int>("status");

    QTest::newRow("the token") << QByteArray("Bearer TOKEN") << 200;
    QTest::newRow("another case of the scheme") << QByteArray("bearer TOKEN") << 200;
    QTest::newRow("nothing") << QByteArray() << 401;
    QTest::newRow("no scheme") << QByteArray("TOKEN") << 401;
    QTest::newRow("another scheme") << QByteArray("Basic TOKEN") << 401;
    QTest::newRow("more than it") << QByteArray("Bearer TOKENx") << 401;
    QTest::newRow("another one") << QByteArray("Bearer x") << 401;
    QTest::newRow("an empty one") << QByteArray("Bearer ") << 401;
}

void MetricsRouteTest::theTokenOpensIt()
{
    QFETCH(QByteArray, authorization);
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    const QByteArray token = newToken(gateway);

    const ApiAnswer answer = scrape(gateway, authorization.replace("TOKEN", token));

    QTEST(answer.status, "status");
    if (answer.status == 200) {
        QVERIFY(answer.body.contains("gatehouse_build_info"));
        return;
    }
    QVERIFY(answer.header("WWW-Authenticate").startsWith("Bearer"));
    QVERIFY(answer.header("Content-Type").startsWith("text/plain"));
    QVERIFY(answer.body.contains("oken"));
    QVERIFY(!answer.body.contains(token));
}

// Whoever administers has no token of the metrics by that, and an empty one is none.
void MetricsRouteTest::withoutATokenNobodyIsLetIn()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);

    QCOMPARE(scrape(gateway, "Bearer ").status, 401);
    QVERIFY(scrape(gateway, {}).body.contains("No token"));
    QCOMPARE(gateway.ask("GET", "/metrics", gateway.rootSession()).status, 401);
    QCOMPARE(gateway.ask("GET", "/metrics", Credentials{.local = true}).status, 200);
}

void MetricsRouteTest::everyLineCanBeRead_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<bool>("isOpenMetrics");

    QTest::newRow("whatever") << QByteArray() << false;
    QTest::newRow("plain") << QByteArray("text/plain;version=0.0.4") << false;
    QTest::newRow("as Prometheus asks")
        << QByteArray("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3") << true;
}

void MetricsRouteTest::everyLineCanBeRead()
{
    QFETCH(QByteArray, accept);
    QFETCH(bool, isOpenMetrics);
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    domain::Channel channel;
    channel.name = u"Quoted \"one\" \\ \u00e9"_s;
    channel.baseUrl = u"http://127.0.0.1:9"_s;
    channel.keys = {domain::ChannelKey{.secret = base::Secret(u"sk-0123456789abcdef"_s)}};
    channel.models = {u"small"_s};
    QVERIFY(gateway.wait(gateway.administration->channels.create({channel})));

    const ApiAnswer answer = scrape(gateway, "Bearer " + newToken(gateway), accept);

    QCOMPARE(answer.header("Content-Type").startsWith("application/openmetrics-text"),
             isOpenMetrics);
    QCOMPARE(answer.body.endsWith("# EOF\n"), isOpenMetrics);
    const auto samples = samplesOf(answer.body);
    QVERIFY(samples.size() > 10);
    const QByteArray state("channel=\"Quoted \\\"one\\\" \\\\ \xc3\xa9\",provider=\"OpenAI\","
                           "state=\"healthy\"");
    QVERIFY2(answer.body.contains(state), answer.body.constData());
    QVERIFY(samples.value("process_start_time_seconds") > 0);
}

void MetricsRouteTest::countsWhatTheLedgerStored()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    const QByteArray token = newToken(gateway);
    const domain::UsageRecord record{.requestId = "one",
                                     .userId = {1},
                                     .channelId = {77},
                                     .model = "small",
                                     .usage = {.input = 12, .output = 5},
                                     .cost = {2'000'000},
                                     .httpStatus = 200,
                                     .elapsedMilliseconds = 300};
    gateway.ledger->submit(record, {});
    gateway.administration->answers.cache().count(domain::CacheResult::Miss);
    // It is counted just after it was stored.
    QTRY_COMPARE(gateway.administration->statistics.totals().requests.size(), size_t(1));

    const auto samples = samplesOf(scrape(gateway, "Bearer " + token).body);

    const QByteArray place("channel_id=\"77\",channel=\"\",");
    QCOMPARE(samples.value("gatehouse_requests_total{" + place
                           + "provider=\"\",model=\"small\",outcome=\"ok\"}"),
             1.0);
    QCOMPARE(
        samples.value("gatehouse_tokens_total{" + place + "model=\"small\",token_type=\"input\"}"),
        12.0);
    QCOMPARE(samples.value("gatehouse_cost_usd_total{" + place + "model=\"small\"}"), 0.002);
    const QByteArray time("gatehouse_request_duration_seconds");
    QCOMPARE(samples.value(time + "_bucket{" + place + "model=\"small\",le=\"0.25\"}"), 0.0);
    QCOMPARE(samples.value(time + "_bucket{" + place + "model=\"small\",le=\"0.5\"}"), 1.0);
    QCOMPARE(samples.value(time + "_sum{" + place + "model=\"small\"}"), 0.3);
    QCOMPARE(samples.value("gatehouse_cache_requests_total{result=\"miss\"}"), 1.0);
    QCOMPARE(samples.value("gatehouse_cache_requests_total{result=\"hit\"}", -1), 0.0);
    QVERIFY(samples.value("gatehouse_ledger_rows_total") >= 1);
}

void MetricsRouteTest::tellsOfAttempts()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    const QByteArray token = newToken(gateway);
    const std::vector<domain::AttemptNote> attempts{{.channel = {77},
                                                     .startedAt = 80,
                                                     .endedAt = 900,
                                                     .status = 503,
                                                     .errorCode = "overloaded"},
                                                    {.channel = {78},
                                                     .startedAt = 1'000,
                                                     .endedAt = 300'000,
                                                     .affinity = domain::AffinityOutcome::Spill,
                                                     .status = 200}};
    gateway.ledger->submit({.requestId = "one",
                            .userId = {1},
                            .channelId = {78},
                            .model = "small",
                            .operation = "messages",
                            .httpStatus = 200,
                            .elapsedMilliseconds = 300,
                            .attemptLog = domain::attemptLog(attempts)},
                           {});
    gateway.ledger->submit({.requestId = "two",
                            .kind = domain::RecordKind::Failure,
                            .userId = {1},
                            .model = "small",
                            .operation = "chat",
                            .httpStatus = 429,
                            .end = domain::EndReason::Failed,
                            .errorCode = "rate_limit_exceeded"},
                           {});
    gateway.health->report({77}, 1, relay::HealthEvent::KeyRefused, {});
    QVERIFY(gateway.ledger->flush(std::chrono::seconds(20)));

    const auto samples = samplesOf(scrape(gateway, "Bearer " + token).body);

    const auto channel = [](const char *id) -> QByteArray {
        return "channel_id=\"" + QByteArray(id) + "\",channel=\"\",";
    };
    const auto isOne = [&samples](const QByteArray &sample) {
        const bool isThere = samples.contains(sample) && samples.value(sample) == 1.0;
        if (!isThere)
            qWarning("missing: %s", sample.constData());
        return isThere;
    };
    for (const QByteArray &sample : QByteArrayList{
             "gatehouse_http_requests_total{protocol=\"anthropic\",route=\"messages\",code="
             "\"200\"}",
             "gatehouse_http_requests_total{protocol=\"openai\",route=\"chat\",code=\"429\"}",
             "gatehouse_http_request_duration_seconds_count{protocol=\"openai\",route=\"chat\"}",
             "gatehouse_upstream_requests_total{" + channel("77")
                 + "provider=\"\",model=\"small\",code=\"503\"}",
             "gatehouse_upstream_requests_total{" + channel("78")
                 + "provider=\"\",model=\"small\",code=\"200\"}",
             "gatehouse_upstream_retries_total{" + channel("77") + "reason=\"503\"}",
             "gatehouse_upstream_duration_seconds_count{" + channel("78") + "model=\"small\"}",
             "gatehouse_gateway_overhead_seconds_count",
             "gatehouse_affinity_total{result=\"spill\"}",
             "gatehouse_rejected_total{reason=\"rate_limit_exceeded\"}",
             "gatehouse_rate_limited_total{scope=\"token_requests\"}",
             "gatehouse_circuit_transitions_total{" + channel("77") + "to=\"open\"}"})
        QVERIFY(isOne(sample));
    QCOMPARE(samples.value("gatehouse_affinity_total{result=\"hit\"}", -1), 0.0);
    QCOMPARE(samples.value("gatehouse_gateway_overhead_seconds_bucket{le=\"5e-05\"}", -1), 0.0);
}

void MetricsRouteTest::tokensOutliveAStart()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    const QByteArray former = newToken(gateway);
    const QByteArray present = newToken(gateway);

    gateway.restart();

    QVERIFY(former != present);
    QCOMPARE(scrape(gateway, "Bearer " + present).status, 200);
    QCOMPARE(scrape(gateway, "Bearer " + former).status, 401);
    QFile file(gateway.databasePath());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains(present));
    QVERIFY(gateway.wait(gateway.administration->integrationSecrets.store(
        IntegrationSecret::MetricsToken, Secret())));
    QCOMPARE(scrape(gateway, "Bearer " + present).status, 401);
}

void MetricsRouteTest::tokensOfTheEnvironment_data()
{
    QTest::addColumn<bool>("byFile");

    QTest::newRow("itself") << false;
    QTest::newRow("the name of a file") << true;
}

void MetricsRouteTest::tokensOfTheEnvironment()
{
    QFETCH(bool, byFile);
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("given-to-this-start\n");
    file.close();
    const QString name = u"GATEHOUSE_METRICS_TOKEN"_s;
    ManagementFixture gateway(byFile ? QMap<QString, QString>{{name + u"_FILE"_s, file.fileName()}}
                                     : QMap<QString, QString>{{name, u"given-to-this-start"_s}});
    gateway.startApi();
    switchOn(gateway);

    const auto refused = gateway.wait(
        gateway.administration->integrationSecrets.renew(IntegrationSecret::MetricsToken));

    QCOMPARE(scrape(gateway, "Bearer given-to-this-start").status, 200);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::Conflict);
    QVERIFY(refused.error().message.english().contains(name));
}

// Where it is scraped from, it has another name.
void MetricsRouteTest::answersUnderAnyName()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    gateway::ApiRequest request = gateway.request("GET", "/metrics");
    request.headers.front().second = "gatehouse.monitoring.svc:3000";
    request.headers.emplace_back("Authorization", "Bearer " + newToken(gateway));

    QVERIFY(gateway.api->serves("/metrics"));
    QVERIFY(!gateway.api->serves("/metrics/x"));
    QCOMPARE(gateway.ask(request).status, 200);
    request.method = "POST";
    QCOMPARE(gateway.ask(request).status, 405);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::MetricsRouteTest)
#include "tst_metricsroute.moc"
