#include "domain/settings.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using Kind = SettingDescriptor::Kind;

class SettingsTest : public QObject
{
    Q_OBJECT

private slots:
    void namesAreUnique();
    void eachDefaultIsWithinItsLimits_data() { addDescriptors(); }
    void eachDefaultIsWithinItsLimits();
    void eachRoundTrips_data() { addDescriptors(); }
    void eachRoundTrips();
    void eachRefusesWhatDoesNotFit_data() { addDescriptors(); }
    void eachRefusesWhatDoesNotFit();
    void unitsOfTime();
    void oneApiNames();
    void environmentStandsAboveTheStored();
    void whatIsNotUnderstoodKeepsItsDefault();
    void trustedProxiesMustBeRanges();
    void exchangeRatesMustBeReadable();
    void rulesForMaskingMustBeReadable();
    void foldersMustBeNamedAsAWhole();
    void networksThatCannotBeReadLetNobodyElseIn();
    void theDefaultModelIsANameOfModels();
    void theDatabaseHasNoLimitOrALargeOne();
    void webhooksAreAddresses_data();
    void webhooksAreAddresses();
    void tracesGoToAnAddress_data();
    void tracesGoToAnAddress();
    void openTelemetrySaysWhereTracesGo();
    void openTelemetryTellsWhatNoSettingDoes();
    void whatIsExported_data();
    void whatIsExported();

private:
    static void addDescriptors()
    {
        QTest::addColumn<QString>("key");
        for (const SettingDescriptor &setting : settingDescriptors())
            QTest::newRow(setting.key.toLatin1().constData()) << setting.key;
    }
    static bool isNumber(Kind kind)
    {
        return kind != Kind::Boolean && kind != Kind::Choice && !isText(kind);
    }
    static bool isText(Kind kind)
    {
        return kind == Kind::Text || kind == Kind::LongText || kind == Kind::Path
               || kind == Kind::Folder;
    }
    // Values other than the default that must be accepted.
    static QStringList otherValues(const SettingDescriptor &setting)
    {
        switch (setting.kind) {
        case Kind::Boolean:
            return {u"true"_s, u"false"_s};
        case Kind::Choice:
            return setting.choices;
        case Kind::Path:
            return {u"/etc/a file.pem"_s, QString()};
        case Kind::Folder:
            return {QDir::rootPath() + u"a folder"_s, QString()};
        case Kind::LongText:
        case Kind::Text:
            if (setting.key == "relay.retry_statuses"_L1)
                return {u"429, 500-599"_s, QString()};
            if (setting.key == "server.cors_origins"_L1)
                return {u"https://chat.example http://localhost:8080"_s, u"*"_s, QString()};
            if (setting.key == "integrations.webhook_url"_L1)
                return {u"https://hooks.example/a/b?c=d"_s, u"http://10.0.0.2:8080/"_s, QString()};
            if (setting.key == "integrations.otlp_endpoint"_L1)
                return {u"https://collector.example/otlp/"_s, u"http://[::1]:4318"_s, QString()};
            if (setting.key == "accounting.exchange_rates"_L1)
                return {u"CNY 7.1 EUR 0.92"_s, QString()};
            return {u"10.0.0.0/8"_s, QString()};
        case Kind::Number:
            return {QString::number(setting.least, 'g', 12),
                    QString::number(setting.most, 'g', 12)};
        default:
            return {QString::number(qint64(setting.least)), QString::number(qint64(setting.most))};
        }
    }
};

void SettingsTest::namesAreUnique()
{
    QSet<QString> names;
    for (const SettingDescriptor &setting : settingDescriptors()) {
        for (const QString &name : {setting.key, setting.oneApiKey, setting.oneApiEnvironment}) {
            if (name.isEmpty())
                continue;
            QVERIFY2(!names.contains(name), qPrintable(name));
            names.insert(name);
        }
        QVERIFY2(!setting.description.isEmpty(), qPrintable(setting.key));
    }
    QVERIFY(names.size() > 50);
}

void SettingsTest::eachDefaultIsWithinItsLimits()
{
    QFETCH(QString, key);
    const SettingDescriptor &setting = *settingDescriptor(key);
    const QString usual = setting.read(Settings());
    Settings settings;

    QVERIFY2(assign(settings, key, usual), qPrintable(usual));
    QCOMPARE(setting.read(settings), usual);
}

void SettingsTest::eachRoundTrips()
{
    QFETCH(QString, key);
    const SettingDescriptor &setting = *settingDescriptor(key);

    for (const QString &value : otherValues(setting)) {
        Settings settings;
        const auto assigned = assign(settings, key, value);
        QVERIFY2(assigned, qPrintable(value));
        QCOMPARE(setting.read(settings), value);
        // Nothing else has changed.
        for (const SettingDescriptor &other : settingDescriptors()) {
            if (other.key != key)
                QCOMPARE(other.read(settings), other.read(Settings()));
        }
    }
}

void SettingsTest::eachRefusesWhatDoesNotFit()
{
    QFETCH(QString, key);
    const SettingDescriptor &setting = *settingDescriptor(key);
    QStringList bad;
    if (isNumber(setting.kind)) {
        bad = {u""_s, u"x"_s, u"1e400"_s, u"nan"_s, u"12 apples"_s};
        bad += QString::number(setting.least - 1, 'f', 0);
        bad += QString::number(setting.most * 2 + 1, 'f', 0);
        if (setting.kind != Kind::Number)
            bad += u"1.5"_s;
    } else if (setting.kind == Kind::Boolean) {
        bad = {u""_s, u"yes"_s, u"2"_s, u"TRUE!"_s};
    } else if (setting.kind == Kind::Choice) {
        bad = {u""_s, u"gratis"_s};
    } else {
        bad = {QString(qsizetype(setting.most) + 1, u'x')};
    }

    for (const QString &value : bad) {
        Settings settings;
        const auto assigned = assign(settings, key, value);
        QVERIFY2(!assigned, qPrintable(value.left(50)));
        QCOMPARE(assigned.error().code, base::ErrorCode::InvalidInput);
        QVERIFY(assigned.error().message.english().contains(key) || isText(setting.kind));
        QCOMPARE(setting.read(settings), setting.read(Settings()));
    }
}

void SettingsTest::unitsOfTime()
{
    using namespace std::chrono_literals;
    Settings settings;

    QVERIFY(assign(settings, u"relay.connect_timeout"_s, u" 7 "_s));
    QVERIFY(assign(settings, u"tests.interval"_s, u"90"_s));
    QVERIFY(assign(settings, u"sessions.lifetime"_s, u"48"_s));
    QVERIFY(assign(settings, u"storage.busy_timeout"_s, u"250"_s));

    QCOMPARE(settings.relay.connectTimeout, std::chrono::milliseconds(7s));
    QCOMPARE(settings.tests.interval, std::chrono::minutes(90));
    QCOMPARE(settings.sessions.lifetime, std::chrono::hours(48));
    QCOMPARE(settings.storage.busyTimeout, 250ms);
}

void SettingsTest::oneApiNames()
{
    Settings settings;

    QVERIFY(assign(settings, u"RetryTimes"_s, u"9"_s));
    QVERIFY(assign(settings, u"AutomaticDisableChannelEnabled"_s, u"true"_s));

    QCOMPARE(settings.relay.retries, 9);
    QVERIFY(settings.relay.disableAutomatically);
    QCOMPARE(settingDescriptor(u"RetryTimes"), settingDescriptor(u"relay.retries"));
    QCOMPARE(settingDescriptor(u""), nullptr);
    const auto unknown = assign(settings, u"relay.speed"_s, u"1"_s);
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().code, base::ErrorCode::NotFound);
}

void SettingsTest::environmentStandsAboveTheStored()
{
    using namespace std::chrono_literals;
    const QMap<QString, QString> stored{{u"relay.retries"_s, u"1"_s},
                                        {u"relay.total_timeout"_s, u"10"_s},
                                        {u"http.api_rate_limit"_s, u"7"_s}};
    const QMap<QString, QString> environment{{u"GATEHOUSE_RELAY_RETRIES"_s, u"2"_s},
                                             {u"RELAY_TIMEOUT"_s, u"20"_s},
                                             {u"GLOBAL_API_RATE_LIMIT"_s, u"0"_s},
                                             {u"GATEHOUSE_HTTP_API_RATE_LIMIT"_s, u"5"_s},
                                             {u"GLOBAL_WEB_RATE_LIMIT"_s, u"0"_s},
                                             {u"GATEHOUSE_LISTEN"_s, u"elsewhere"_s}};
    QStringList ignored;

    const Settings settings = settingsFrom(stored, environment, &ignored);

    QCOMPARE(settings.relay.retries, 2);
    QCOMPARE(settings.relay.totalTimeout, std::chrono::milliseconds(20s));
    // Of two names of one setting our own counts.
    QCOMPARE(settings.http.apiRequestsPerThreeMinutes, 5);
    QCOMPARE(settings.http.webRequestsPerThreeMinutes, 0);
    QCOMPARE(Settings().http.webRequestsPerThreeMinutes, 240);
    QVERIFY(ignored.isEmpty());
}

void SettingsTest::whatIsNotUnderstoodKeepsItsDefault()
{
    const QMap<QString, QString> stored{{u"relay.retries"_s, u"many"_s},
                                        {u"of.another.program"_s, u"1"_s},
                                        {u"relay.breaker_failures"_s, u"8"_s}};
    const QMap<QString, QString> environment{{u"RELAY_TIMEOUT"_s, u"soon"_s}};
    QStringList ignored;

    const Settings settings = settingsFrom(stored, environment, &ignored);

    QCOMPARE(settings.relay.retries, Settings().relay.retries);
    QCOMPARE(settings.relay.totalTimeout, Settings().relay.totalTimeout);
    QCOMPARE(settings.relay.breakerFailures, 8);
    QCOMPARE(ignored.size(), 2);
    QVERIFY(ignored.at(0).startsWith(u"relay.retries: "_s));
    QVERIFY(ignored.at(1).startsWith(u"RELAY_TIMEOUT: "_s));
}

void SettingsTest::networksThatCannotBeReadLetNobodyElseIn()
{
    const QMap<QString, QString> stored{{u"server.allowed_networks"_s, u"10.0.0.0/8"_s}};
    const QMap<QString, QString> environment{
        {u"GATEHOUSE_SERVER_ALLOWED_NETWORKS"_s, u"10.0.0.0/99"_s}};
    QStringList ignored;

    const Settings settings = settingsFrom(stored, environment, &ignored);

    QCOMPARE(settings.server.allowedNetworks, u"local"_s);
    QCOMPARE(ignored.size(), 1);
    QVERIFY(ignored.front().startsWith(u"GATEHOUSE_SERVER_ALLOWED_NETWORKS: "_s));
}

void SettingsTest::theDefaultModelIsANameOfModels()
{
    const QString key = u"relay.default_model"_s;
    Settings settings;

    QVERIFY(assign(settings, key, u"vendor/model:free"_s));
    for (const QString &bad :
         {u"two\nlines"_s, u"a\u202eb"_s, u"a\u200bb"_s, QString(100, QChar(0x6a21))})
        QVERIFY2(!assign(settings, key, bad), qPrintable(bad));

    QCOMPARE(settings.relay.defaultModel, u"vendor/model:free"_s);
    QVERIFY(assign(settings, key, QString()));
    QCOMPARE(settings.relay.defaultModel, QString());
}

void SettingsTest::foldersMustBeNamedAsAWhole()
{
    Settings settings;

    const auto refused = assign(settings, u"storage.backup_directory"_s, u"backups/mine"_s);

    QCOMPARE(refused.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(refused.error().message.english().contains(u"backups/mine"_s));
    QCOMPARE(settings.storage.backupDirectory, QString());
}

void SettingsTest::trustedProxiesMustBeRanges()
{
    Settings settings;

    QVERIFY(assign(settings, u"server.trusted_proxies"_s, u"10.0.0.0/8, ::1"_s));
    QVERIFY(!assign(settings, u"server.trusted_proxies"_s, u"my-proxy"_s));
    QCOMPARE(settings.server.trustedProxies, u"10.0.0.0/8, ::1"_s);
}

void SettingsTest::webhooksAreAddresses_data()
{
    QTest::addColumn<QString>("bad");

    QTest::newRow("a word") << u"hooks"_s;
    QTest::newRow("another scheme") << u"ftp://hooks.example/x"_s;
    QTest::newRow("no host") << u"https:///x"_s;
    QTest::newRow("a user") << u"https://me:secret@hooks.example/"_s;
    QTest::newRow("a blank") << u"https://hooks.example/a b"_s;
    QTest::newRow("a fragment") << u"https://hooks.example/#x"_s;
    QTest::newRow("port 0") << u"https://hooks.example:0/"_s;
}

void SettingsTest::webhooksAreAddresses()
{
    QFETCH(QString, bad);
    Settings settings;

    const auto refused = assign(settings, u"integrations.webhook_url"_s, bad);

    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::InvalidInput);
    QCOMPARE(settings.integrations.webhookUrl, QString());
}

void SettingsTest::tracesGoToAnAddress_data()
{
    webhooksAreAddresses_data();
    QTest::newRow("a query") << u"https://collector.example/?key=secret"_s;
}

void SettingsTest::tracesGoToAnAddress()
{
    QFETCH(QString, bad);
    Settings settings;

    const auto refused = assign(settings, u"integrations.otlp_endpoint"_s, bad);

    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::InvalidInput);
    QCOMPARE(settings.integrations.otlpEndpoint, QString());
}

void SettingsTest::openTelemetrySaysWhereTracesGo()
{
    QStringList ignored;
    const Settings settings =
        settingsFrom({{u"integrations.otlp_endpoint"_s, u"http://stored.example"_s}},
                     {{u"OTEL_EXPORTER_OTLP_ENDPOINT"_s, u"http://collector.example:4318"_s},
                      {u"OTEL_SERVICE_NAME"_s, u"gate of the house"_s}},
                     &ignored);

    QCOMPARE(settings.integrations.otlpEndpoint, u"http://collector.example:4318"_s);
    QCOMPARE(settings.integrations.otlpServiceName, u"gate of the house"_s);
    QVERIFY(ignored.isEmpty());
    QCOMPARE(Settings().integrations.otlpEndpoint, QString());
}

void SettingsTest::openTelemetryTellsWhatNoSettingDoes()
{
    QStringList ignored;
    const Settings settings = settingsFrom(
        {},
        {{u"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"_s, u"http://t.example:4318/v1/traces"_s},
         {u"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"_s, u"no address"_s},
         {u"OTEL_METRIC_EXPORT_INTERVAL"_s, u"15000"_s},
         {u"OTEL_RESOURCE_ATTRIBUTES"_s, u"a=b"_s},
         {u"OTEL_SDK_DISABLED"_s, u" TRUE"_s}},
        &ignored);

    const auto &told = settings.integrations.openTelemetry;
    QCOMPARE(told.tracesEndpoint, u"http://t.example:4318/v1/traces"_s);
    QCOMPARE(told.metricsEndpoint, QString());
    QCOMPARE(told.resourceAttributes, u"a=b"_s);
    QVERIFY(told.isDisabled);
    QCOMPARE(settings.integrations.otlpMetricsInterval.count(), 15'000);
    QCOMPARE(ignored.size(), 1);
    QVERIFY(ignored.front().startsWith(u"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"_s));
}

void SettingsTest::whatIsExported_data()
{
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<bool>("metrics");
    QTest::addColumn<QString>("ofTraces");
    QTest::addColumn<QString>("ofMetrics");
    QTest::addColumn<bool>("exportsTraces");
    QTest::addColumn<bool>("exportsMetrics");

    const QString none;
    const QString some = u"http://c.example"_s;
    QTest::newRow("nothing") << none << false << none << none << false << false;
    QTest::newRow("traces alone") << some << false << none << none << true << false;
    QTest::newRow("both") << some << true << none << none << true << true;
    QTest::newRow("metrics without an address") << none << true << none << none << false << false;
    QTest::newRow("an address of metrics alone") << none << false << none << some << false << true;
    QTest::newRow("an address of traces alone") << none << true << some << none << true << false;
}

void SettingsTest::whatIsExported()
{
    QFETCH(QString, endpoint);
    QFETCH(bool, metrics);
    QFETCH(QString, ofTraces);
    QFETCH(QString, ofMetrics);
    Settings settings;
    Settings::Integrations &integrations = settings.integrations;
    integrations.otlpEndpoint = endpoint;
    integrations.otlpMetrics = metrics;
    integrations.openTelemetry.tracesEndpoint = ofTraces;
    integrations.openTelemetry.metricsEndpoint = ofMetrics;

    QTEST(integrations.exportsTraces(), "exportsTraces");
    QTEST(integrations.exportsMetrics(), "exportsMetrics");
    integrations.openTelemetry.isDisabled = true;
    QVERIFY(!integrations.exportsTraces());
    QVERIFY(!integrations.exportsMetrics());
}

void SettingsTest::exchangeRatesMustBeReadable()
{
    Settings settings;
    const QString key = u"accounting.exchange_rates"_s;

    QVERIFY(assign(settings, key, u"JPY 157.25"_s));
    QVERIFY(!assign(settings, key, u"JPY"_s));
    QCOMPARE(settings.accounting.exchangeRates, u"JPY 157.25"_s);
}

void SettingsTest::rulesForMaskingMustBeReadable()
{
    Settings settings;
    const QString key = u"log.mask"_s;

    QVERIFY(assign(settings, key, u"Orion\n/[A-Z]{2}\\d{6}/"_s));
    const auto broken = assign(settings, key, u"Orion\n/[A-Z/"_s);

    QVERIFY(!broken);
    QVERIFY(broken.error().message.english().startsWith(u"Line 2: "_s));
    QCOMPARE(settings.logging.mask, u"Orion\n/[A-Z]{2}\\d{6}/"_s);
}

// A number that was meant in megabytes would empty it.
void SettingsTest::theDatabaseHasNoLimitOrALargeOne()
{
    Settings settings;
    const QString key = u"traffic.ledger_bytes"_s;

    const auto tooSmall = assign(settings, key, u"512"_s);

    QVERIFY(!tooSmall);
    QVERIFY(tooSmall.error().message.english().contains(u"0 or at least 1048576 bytes"_s));
    QCOMPARE(settings.traffic.ledgerBytes, 0);
    QVERIFY(assign(settings, key, u"1048576"_s));
    QVERIFY(assign(settings, key, u"0"_s));
    QVERIFY(!assign(settings, key, u"-1"_s));
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::SettingsTest)
#include "tst_settings.moc"
