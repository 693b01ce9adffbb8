#include "storage/ledger/ledgerwriter.h"
#include "storage/statement.h"
#include "storage/traffic/recalculation.h"
#include "storage/traffic/rollupquery.h"
#include "storage/traffic/usagecleanup.h"
#include "storage/traffic/usagerepository.h"
#include "support/administrationfixture.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::Channel;
using domain::ChannelKey;
using domain::UnitPrice;
using support::AdministrationFixture;

// Prices, and the pricing anew of what is in the ledger.
class RecalculationTest : public QObject
{
    Q_OBJECT

private:
    static constexpr qint64 records = 250; // more than a slice holds

    static void prepare(AdministrationFixture &house)
    {
        house.start();
        const auto made = house.wait(house.administration->channels.create(
            {Channel{.name = u"provider"_s,
                     .keys = {ChannelKey{.secret = base::Secret(u"k"_s)}},
                     .models = {u"new-model"_s}}}));
        QVERIFY(made);
        storage::LedgerWriter ledger(*house.storage, house.clock);
        for (int i = 0; i < records; ++i) {
            ledger.submit({.requestId = QByteArray::number(i),
                           .createdAt = 1'000 + i,
                           .userId = house.root().id,
                           .username = "root",
                           .channelId = made->front().id,
                           .model = "new-model",
                           .providerModel = "new-model",
                           .group = "default",
                           .operation = "chat",
                           .usage = {.input = 1'000, .source = domain::UsageSource::Provider},
                           .unpriced = true},
                          {});
        }
        QVERIFY(ledger.flush(10s));
        house.clock.setWall(2'000);
    }
    static void setPrice(AdministrationFixture &house, double dollarsPerMillion)
    {
        QVERIFY(house.wait(house.administration->prices.save(
            {.model = "new-model",
             .tokens = {.input = UnitPrice::fromDollarsPerMillion(dollarsPerMillion)}})));
    }
    static storage::UsageSums sums(AdministrationFixture &house)
    {
        return *house.wait(house.administration->usage.sums(
            house.root(), {.kind = domain::RecordKind::Consumption}));
    }

private slots:
    void unpricedModels();
    void pricesInForce();
    void aRangeIsPricedAnewAndUndone();
    void aPreviewIsStopped();
    void whatARollUpHasReadIsNotStored();
    void onlyOneRunAtATime();
    void isCancelledBetweenSlices();
    void whatIsOfferedNoMoreKeepsItsCost();
    void theModelIsTheOneThatWasServed();
    void whatIsSettledMeanwhileStays();
    void thePriceOfTheTimeCounts();
    void theHourOfTheTimeCounts();
    void theListPriceOfTheTimeCounts();
    void aRateThatIsGoneChangesNothing();
    void anInterruptedUndoGoesOn();
    void whatFailsMidwayCanBeTakenBack();
    void formerFiguresAreForgotten();
};

void RecalculationTest::unpricedModels()
{
    AdministrationFixture house;
    prepare(house);

    const auto models = house.wait(house.administration->prices.unpriced());

    QVERIFY(models);
    QCOMPARE(models->size(), size_t(1));
    QCOMPARE(models->front().model, "new-model");
    QCOMPARE(models->front().channels, QStringList{u"provider"_s});
    QCOMPARE(models->front().requests, records);
    QCOMPARE(models->front().lastUsed, 1'000 + records - 1);
}

void RecalculationTest::pricesInForce()
{
    AdministrationFixture house;
    prepare(house);
    QVERIFY(house.wait(house.administration->prices.inForce())->empty());
    setPrice(house, 2.0);
    QVERIFY(house.wait(house.administration->prices.save({.model = "unused"})));

    const auto prices = house.wait(house.administration->prices.inForce());

    QCOMPARE(prices->size(), size_t(2));
    QCOMPARE(prices->at(0).price.model, "new-model");
    QCOMPARE(prices->at(0).price.source, domain::PriceSource::Edited);
    QCOMPARE(prices->at(0).channels, QStringList{u"provider"_s});
    QVERIFY(prices->at(1).channels.isEmpty());
}

void RecalculationTest::aPreviewIsStopped()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    std::stop_source stop;
    stop.request_stop();

    const auto preview = house.wait(house.administration->prices.previewRecalculation(
        {.since = 1'000, .until = 1'000 + records}, stop.get_token()));

    QVERIFY(preview);
    QVERIFY(preview->cancelled);
    QCOMPARE(preview->records, 0);
}

void RecalculationTest::aRangeIsPricedAnewAndUndone()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    PriceService &prices = house.administration->prices;
    const auto balance = house.administration->publisher.catalog()->user(house.root().id)->balance;
    const RecalculationRange range{.since = 1'000, .until = 1'000 + records - 50};

    const auto preview = house.wait(prices.previewRecalculation(range));
    QVERIFY(preview);
    QCOMPARE(preview->changed, records - 50);
    QCOMPARE(sums(house).cost.nanoDollars, 0);
    const auto done = house.wait(prices.recalculate(range));

    QVERIFY2(done, done ? "" : qPrintable(done.error().message.english() + done.error().detail));
    QCOMPARE(done->records, records - 50);
    QCOMPARE(done->changed, records - 50);
    QCOMPARE(done->before.nanoDollars, 0);
    QCOMPARE(done->after, preview->after);
    QCOMPARE(done->after.nanoDollars, (records - 50) * 2'000'000);
    QCOMPARE(sums(house).cost, done->after);
    // Fifty lines have no price still, but their model has one.
    QVERIFY(house.wait(house.administration->prices.unpriced())->empty());
    const auto undone = house.wait(prices.undoRecalculation(done->id));
    QVERIFY(undone && undone->undone);
    QCOMPARE(sums(house).cost.nanoDollars, 0);
    QCOMPARE(house.wait(prices.undoRecalculation(done->id)).error().code,
             base::ErrorCode::Conflict);
    QCOMPARE(house.wait(prices.recalculations())->size(), size_t(1));
    QCOMPARE(house.administration->publisher.catalog()->user(house.root().id)->balance, balance);
}

// A roll-up reads lines in one thread and stores their sums later in another one.
void RecalculationTest::whatARollUpHasReadIsNotStored()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    const qint64 now = house.clock.wallMilliseconds();
    const auto read = [&] {
        return house.wait(house.storage->read([now](storage::Database &database) {
            return storage::readRollUpChunk(database, {.rowsOfSlice = 20, .now = now});
        }));
    };
    const auto store = [&](const storage::RollUpSlice &slice) {
        return *house.wait(house.storage->write([slice](storage::Database &database) {
            return storage::storeRollUpSlice(database, slice);
        }));
    };
    const auto before = read();
    QVERIFY(before && before->slices.size() == 1);

    QVERIFY(house.wait(house.administration->prices.recalculate({.since = 0, .until = 10'000})));

    QVERIFY(!store(before->slices.front()));
    const auto after = read();
    QVERIFY(after);
    for (const storage::RollUpSlice &slice : after->slices)
        QVERIFY(store(slice));
    const auto figures = house.wait(house.storage->read([now](storage::Database &database) {
        return storage::RollUpQuery(database).figures(storage::segmentsFor(0, now, now), {});
    }));
    QCOMPARE(figures->sums.cost.nanoDollars, records * 2'000'000);
    QCOMPARE(figures->sums.unpriced, 0);
    // What is summed up by then is corrected in the sums.
    QVERIFY(house.wait(house.administration->prices.undoRecalculation(1)));
    const auto undone = house.wait(house.storage->read([now](storage::Database &database) {
        return storage::RollUpQuery(database).figures(storage::segmentsFor(0, now, now), {});
    }));
    QCOMPARE(undone->sums.cost.nanoDollars, 0);
    QCOMPARE(undone->sums.unpriced, records);
}

void RecalculationTest::onlyOneRunAtATime()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    PriceService &prices = house.administration->prices;

    auto first = prices.recalculate({.since = 0, .until = 10'000});
    const auto second = house.wait(prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(second.error().code, base::ErrorCode::Conflict);
    QVERIFY(house.wait(first));
    QCOMPARE(house.wait(prices.recalculate({.since = 0, .until = 10'000}))->changed, 0);
    QCOMPARE(house.wait(prices.recalculate({.since = 5, .until = 5})).error().code,
             base::ErrorCode::InvalidInput);
}

void RecalculationTest::isCancelledBetweenSlices()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    PriceService &prices = house.administration->prices;
    connect(&prices, &PriceService::recalculating, &prices, [&prices] {
        prices.cancelRecalculation();
    });

    const auto part = house.wait(prices.recalculate({.since = 0, .until = 10'000}));

    QVERIFY(part && part->cancelled);
    QVERIFY(part->changed > 0 && part->changed < records);
    QCOMPARE(sums(house).cost, part->after);
    prices.disconnect();
    // The rest can follow, and the part can be taken back.
    const auto rest = house.wait(prices.recalculate({.since = 0, .until = 10'000}));
    QVERIFY(rest && !rest->cancelled);
    QCOMPARE(rest->changed, records - part->changed);
    QVERIFY(house.wait(prices.undoRecalculation(rest->id)));
    QVERIFY(house.wait(prices.undoRecalculation(part->id)));
    QCOMPARE(sums(house).cost.nanoDollars, 0);
    prices.cancelRecalculation(); // nothing runs
}

void RecalculationTest::whatIsOfferedNoMoreKeepsItsCost()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    PriceService &prices = house.administration->prices;
    QVERIFY(house.wait(prices.recalculate({.since = 0, .until = 10'000})));
    QVERIFY(house.wait(prices.remove("new-model", {})));

    const auto again = house.wait(prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(again->records, records);
    QCOMPARE(again->changed, 0);
    QCOMPARE(sums(house).cost.nanoDollars, records * 2'000'000);

    // What was free by a price stays so, and is not said to have none.
    setPrice(house, 0.0);
    QVERIFY(house.wait(prices.recalculate({.since = 0, .until = 10'000})));
    QVERIFY(house.wait(prices.remove("new-model", {})));
    const auto free = house.wait(prices.recalculate({.since = 0, .until = 10'000}));
    QCOMPARE(free->records, records);
    QCOMPARE(free->changed, 0);
    QCOMPARE(sums(house).cost.nanoDollars, 0);
}

// The mapping may be another one since.
void RecalculationTest::theModelIsTheOneThatWasServed()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    QVERIFY(house.wait(house.administration->prices.save(
        {.model = "dear", .tokens = {.input = UnitPrice::fromDollarsPerMillion(50)}})));
    const auto &channels = house.administration->publisher.catalog()->channels();
    QVERIFY(house.wait(
        house.administration->channels.change(channels.front()->channel.id, [](Channel &channel) {
            channel.modelMapping = {{u"new-model"_s, u"dear"_s}};
            return base::Result<>();
        })));

    const auto done =
        house.wait(house.administration->prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(done->after.nanoDollars, records * 2'000'000);
}

void RecalculationTest::whatIsSettledMeanwhileStays()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    house.clock.setWall(1'100);

    const auto done =
        house.wait(house.administration->prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(done->records, 100);
}

// The requests began in the seconds 1 and 2; they are from 1,000 to 1,249 by the millisecond.
void RecalculationTest::thePriceOfTheTimeCounts()
{
    AdministrationFixture house;
    prepare(house);
    house.clock.setWall(10'000'000);
    PriceService &prices = house.administration->prices;
    const auto save = [&](double dollars, qint64 from) {
        return house.wait(
            prices.save({.model = "new-model",
                         .tokens = {.input = UnitPrice::fromDollarsPerMillion(dollars)},
                         .effectiveFrom = from}));
    };
    QVERIFY(save(7.0, 9'000));
    QVERIFY(save(9.0, 20'000));

    // There was none then, so that the one of now counts.
    const auto without = house.wait(prices.recalculate({.since = 0, .until = 10'000}));
    QCOMPARE(without->after.nanoDollars, records * 7'000'000);
    QVERIFY(save(3.0, 1));
    QVERIFY(save(5.0, 2));
    const auto with = house.wait(prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(with->changed, records);
    QCOMPARE(with->after.nanoDollars, records * 3'000'000);
}

void RecalculationTest::theHourOfTheTimeCounts()
{
    AdministrationFixture house;
    prepare(house);
    house.clock.setWall(1'000LL * 60 * 60 * 24 + 10'000'000);
    QVERIFY(house.wait(house.administration->prices.save(
        {.model = "new-model",
         .tokens = {.input = UnitPrice::fromDollarsPerMillion(7)},
         .windows = {{.from = 23h,
                      .until = 1min,
                      .tokens = {.input = UnitPrice::fromDollarsPerMillion(2)}}},
         .effectiveFrom = 50'000})));

    const auto done =
        house.wait(house.administration->prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(done->after.nanoDollars, records * 2'000'000);
}

// It is another one by now.
void RecalculationTest::theListPriceOfTheTimeCounts()
{
    AdministrationFixture house;
    house.builtInPrice = [](QByteArrayView, QByteArrayView) {
        const auto listed = [](double dollars, qint64 from) {
            return domain::ModelPrice{
                .tokens = {.input = UnitPrice::fromDollarsPerMillion(dollars)},
                .effectiveFrom = from};
        };
        return std::vector{listed(4, 0), listed(9, 5'000)};
    };
    prepare(house);
    house.clock.setWall(10'000'000);

    const auto done =
        house.wait(house.administration->prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(done->after.nanoDollars, records * 4'000'000);
}

// The price of the time is known still, though not in dollars; one that came later is no reason to change
// what was charged by it.
void RecalculationTest::aRateThatIsGoneChangesNothing()
{
    AdministrationFixture house;
    prepare(house);
    const QString key = u"accounting.exchange_rates"_s;
    SettingsService &settings = house.administration->settings;
    PriceService &prices = house.administration->prices;
    QVERIFY(house.wait(settings.set(key, u"CNY 2"_s)));
    QVERIFY(house.wait(prices.save({.model = "new-model",
                                    .tokens = {.input = UnitPrice::fromDollarsPerMillion(6)},
                                    .currency = "CNY"})));
    QCOMPARE(house.wait(prices.recalculate({.since = 0, .until = 10'000}))->after.nanoDollars,
             records * 3'000'000);
    QVERIFY(house.wait(settings.set(key, QString())));
    house.clock.setWall(10'000'000);
    QVERIFY(house.wait(prices.save({.model = "new-model",
                                    .tokens = {.input = UnitPrice::fromDollarsPerMillion(50)},
                                    .effectiveFrom = 9'000})));

    const auto done = house.wait(prices.recalculate({.since = 0, .until = 10'000}));

    QCOMPARE(done->changed, 0);
    QCOMPARE(sums(house).cost.nanoDollars, records * 3'000'000);
}

void RecalculationTest::anInterruptedUndoGoesOn()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    PriceService &prices = house.administration->prices;
    const auto done = house.wait(prices.recalculate({.since = 0, .until = 10'000}));
    QVERIFY(house.wait(house.storage->write([id = done->id](storage::Database &database) {
        return storage::RecalculationRepository(database).undoSlice(id, 10);
    })));
    QCOMPARE(sums(house).cost.nanoDollars, (records - 10) * 2'000'000);

    const auto undone = house.wait(prices.undoRecalculation(done->id));

    QVERIFY(undone && undone->undone);
    QCOMPARE(sums(house).cost.nanoDollars, 0);
}

void RecalculationTest::whatFailsMidwayCanBeTakenBack()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    PriceService &prices = house.administration->prices;
    QVERIFY(house.wait(house.storage->write([](storage::Database &database) {
        return storage::done(storage::execute(
            database,
            u"CREATE TRIGGER refuse BEFORE UPDATE ON usage_records WHEN old.id = 120"
            " BEGIN SELECT raise(ABORT, 'refused'); END"_s));
    })));
    QSignalSpy ended(&prices, &PriceService::recalculationEnded);

    const auto part = house.wait(prices.recalculate({.since = 0, .until = 10'000}));

    QVERIFY(part && part->problem && part->cancelled);
    QCOMPARE(part->changed, 100);
    QCOMPARE(ended.size(), 1);
    QVERIFY(!prices.isRecalculating());
    QVERIFY(house.wait(prices.undoRecalculation(part->id)));
    QCOMPARE(sums(house).cost.nanoDollars, 0);
}

void RecalculationTest::formerFiguresAreForgotten()
{
    AdministrationFixture house;
    prepare(house);
    setPrice(house, 2.0);
    QVERIFY(house.wait(house.administration->prices.recalculate({.since = 0, .until = 10'000})));
    const auto kept = [&house] {
        return *house.wait(house.storage->read([](storage::Database &database) {
            return storage::numberOf(
                database,
                storage::execute(database, u"SELECT count(*) FROM recalculated_records"_s));
        }));
    };
    QCOMPARE(*house.wait(storage::removeFormerFigures(*house.storage, 2'000)), 0);
    QCOMPARE(kept(), records);

    QCOMPARE(*house.wait(storage::removeFormerFigures(*house.storage, 2'001)), records);

    QCOMPARE(kept(), 0);
    // Who asks for them nevertheless is told so.
    house.clock.advance(Trash::kept + std::chrono::hours(1));
    const auto all = house.wait(house.administration->prices.recalculations());
    QVERIFY(all && !all->empty());
    const auto undone = house.wait(house.administration->prices.undoRecalculation(all->front().id));
    QVERIFY(!undone);
    QCOMPARE(undone.error().code, base::ErrorCode::Conflict);
    QVERIFY(!house.administration->prices.isRecalculating());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::RecalculationTest)
#include "tst_recalculation.moc"
