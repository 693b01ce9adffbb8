#include "storage/repositories/catalogloader.h"

#include "storage/repositories/channelrepository.h"
#include "storage/repositories/grouprepository.h"
#include "storage/repositories/metarepository.h"
#include "storage/repositories/pricerepository.h"
#include "storage/repositories/routingrepository.h"
#include "storage/repositories/settingsrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::ModelPrice;
using storage::Dialect;
using support::TemporaryDatabase;

class CatalogLoaderTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void prices_data() { TemporaryDatabase::addRows(); }
    void prices();
    void pricesOfSeveralDates_data() { TemporaryDatabase::addRows(); }
    void pricesOfSeveralDates();
    void routings_data() { TemporaryDatabase::addRows(); }
    void routings();
    void groups_data() { TemporaryDatabase::addRows(); }
    void groups();
    void settings_data() { TemporaryDatabase::addRows(); }
    void settings();
    void meta_data() { TemporaryDatabase::addRows(); }
    void meta();
    void load_data() { TemporaryDatabase::addRows(); }
    void load();

private:
    support::MarkingSealer m_sealer;
};

static ModelPrice fullPrice()
{
    ModelPrice price{.model = "größe/large", .source = domain::PriceSource::Edited, .asOf = 17};
    price.tokens = {.input = {2'500'000},
                    .output = {9'007'199'254'740'993}, // more than a double holds
                    .cacheRead = domain::UnitPrice{0},
                    .reasoning = domain::UnitPrice{3}};
    price.tiers = {{.aboveInputTokens = 200'000, .tokens = {.input = {5'000'000}}}};
    price.windows = {{.from = std::chrono::minutes(990),
                      .until = std::chrono::minutes(30),
                      .tokens = {.input = {3}, .cacheWrite = domain::UnitPrice{4}},
                      .tiers = {{.aboveInputTokens = 9, .tokens = {.output = {5}}}}}};
    price.perCall = {7};
    price.perCharacter = {8};
    price.perImage = {{"", {1}}, {"1024x1024/hd", {2}}};
    price.currency = "CNY";
    return price;
}

void CatalogLoaderTest::prices()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::PriceRepository prices(temporary.database());
    const auto channel = storage::ChannelRepository(temporary.database(), m_sealer).insert({});
    ModelPrice own = fullPrice();
    own.channel = channel.value();
    own.tokens.input = {1};

    QVERIFY(prices.save(fullPrice()));
    QVERIFY(prices.save(own));
    QVERIFY(prices.save(own));

    QCOMPARE(prices.all()->size(), 2u);
    QCOMPARE(prices.find(fullPrice().model)->value(), fullPrice());
    QCOMPARE(prices.find(own.model, own.channel)->value(), own);
    QVERIFY(prices.remove(own.model));
    QVERIFY(!prices.find(own.model)->has_value());
    QCOMPARE(prices.remove(own.model).error().code, base::ErrorCode::NotFound);
    // A channel takes its prices with it.
    QVERIFY(storage::ChannelRepository(temporary.database(), m_sealer).remove(*channel, 1));
    QCOMPARE(prices.all()->size(), 0u);
}

void CatalogLoaderTest::pricesOfSeveralDates()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::PriceRepository prices(temporary.database());
    const auto dated = [](qint64 from) {
        ModelPrice price = fullPrice();
        price.effectiveFrom = from;
        price.perCall = {from + 1};
        return price;
    };

    for (const qint64 from : {qint64(10), qint64(0), qint64(4'000'000'000), qint64(10)})
        QVERIFY(prices.save(dated(from)));

    QVERIFY(*prices.all() == (std::vector{dated(4'000'000'000), dated(10), dated(0)}));
    QCOMPARE(prices.find(fullPrice().model)->value(), dated(4'000'000'000));
    QVERIFY(prices.remove(fullPrice().model, {}, 10));
    QCOMPARE(prices.remove(fullPrice().model, {}, 10).error().code, base::ErrorCode::NotFound);
    QVERIFY(*prices.all() == (std::vector{dated(4'000'000'000), dated(0)}));
    QVERIFY(prices.remove(fullPrice().model));
    QVERIFY(prices.all()->empty());
}

void CatalogLoaderTest::routings()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::RoutingRepository routings(temporary.database());
    using domain::ModelRouting;
    using domain::RoutingStrategy;
    const ModelRouting whole{
        .model = "größe/large", .strategy = RoutingStrategy::RoundRobin, .affinity = false};
    const ModelRouting half{.model = "half", .affinity = true};

    QVERIFY(routings.save(half));
    QVERIFY(routings.save({.model = whole.model, .strategy = RoutingStrategy::LeastBusy}));
    QVERIFY(routings.save(whole));

    QCOMPARE(routings.all().value(), (std::vector{whole, half}));
    const auto content = storage::CatalogLoader(m_sealer, {}).load(temporary.database());
    QCOMPARE(content->routings, (std::vector{whole, half}));
    QVERIFY(routings.save({.model = half.model}));
    QVERIFY(routings.save({.model = "never there"}));
    QCOMPARE(routings.all().value(), std::vector{whole});
    // As of a later version.
    QVERIFY(storage::execute(temporary.database(),
                             u"UPDATE model_routing SET strategy = 'by_magic'"_s));
    QCOMPARE(routings.all().value(),
             (std::vector{ModelRouting{.model = whole.model, .affinity = false}}));
}

void CatalogLoaderTest::groups()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::GroupRepository groups(temporary.database());

    QVERIFY(groups.save({.name = "vip", .ratioMillionths = 500'000}));
    QVERIFY(groups.save({.name = "new", .ratioMillionths = 2}));
    QVERIFY(groups.remove("svip"));

    const std::vector<domain::Group> expected{{"default", 1'000'000}, {"new", 2}, {"vip", 500'000}};
    QCOMPARE(groups.all().value(), expected);
    QVERIFY(groups.replaceAll({{"only", 1}}));
    QCOMPARE(groups.all()->size(), 1u);
    // One that is refused leaves what was there.
    QVERIFY(!groups.replaceAll({{"good", 1}, {"bad", -1}}));
    QCOMPARE(groups.all()->front().name, "only");
}

void CatalogLoaderTest::settings()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::SettingsRepository settings(temporary.database());

    QVERIFY(settings.save(u"a"_s, u"1"_s));
    QVERIFY(settings.save(u"a"_s, u"it's “2”"_s));
    QVERIFY(settings.save(u"b"_s, {}));
    QVERIFY(settings.remove(u"never"_s));

    QCOMPARE(settings.find(u"a"_s)->value(), u"it's “2”"_s);
    QVERIFY(!settings.find(u"never"_s)->has_value());
    QCOMPARE(settings.all().value(),
             (QMap<QString, QString>{{u"a"_s, u"it's “2”"_s}, {u"b"_s, u""_s}}));
}

void CatalogLoaderTest::meta()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::MetaRepository meta(temporary.database());
    const QByteArray bytes("\0\1\xff'", 4);

    QCOMPARE(meta.saveFirst(u"secret"_s, bytes).value(), bytes);
    QCOMPARE(meta.saveFirst(u"secret"_s, "later").value(), bytes);
    QVERIFY(meta.save(u"source"_s, "file"));
    QVERIFY(meta.save(u"source"_s, "keychain"));

    QCOMPARE(meta.find(u"source"_s)->value(), "keychain");
    QVERIFY(meta.remove(u"source"_s));
    QVERIFY(!meta.find(u"source"_s)->has_value());
}

void CatalogLoaderTest::load()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    storage::Database &database = temporary.database();
    const auto channel =
        storage::ChannelRepository(database, m_sealer)
            .insert({.name = u"one"_s, .keys = {{.secret = base::Secret(u"sk-one"_s)}}});
    const auto user = storage::UserRepository(database).insert({.username = u"ann"_s}, "h");
    QVERIFY(channel && user);
    QVERIFY(
        storage::TokenRepository(database, m_sealer)
            .insert(
                {.userId = *user, .key = base::Secret(u"k"_s), .keyHash = QByteArray(32, 'h')}));
    QVERIFY(storage::PriceRepository(database).save(fullPrice()));
    storage::SettingsRepository settings(database);
    const domain::SettingDescriptor *descriptor = domain::settingDescriptor(u"RetryTimes");
    QVERIFY(descriptor);
    QVERIFY(settings.save(descriptor->key, u"7"_s));
    QVERIFY(settings.save(u"unknown"_s, u"x"_s));

    const auto content = storage::CatalogLoader(m_sealer, {}).load(database);

    QVERIFY(content);
    QCOMPARE(content->channels.front().keys.front().secret.reveal(), "sk-one");
    QCOMPARE(content->users.front().username, u"ann"_s);
    QCOMPARE(content->tokens.front().keyHash, QByteArray(32, 'h'));
    QVERIFY(content->tokens.front().key.isEmpty());
    QCOMPARE(content->prices.front(), fullPrice());
    QCOMPARE(content->groups.size(), 3u);
    QCOMPARE(content->settings.relay.retries, 7);
    QVERIFY(!database.isInTransaction());
}

QTEST_GUILESS_MAIN(CatalogLoaderTest)
#include "tst_catalogloader.moc"
