#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;

// What a request costs whose price changes with the time.
class ExchangePricesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void theHourOfTheBeginningCounts_data();
    void theHourOfTheBeginningCounts();
    void aPriceOfTheFutureTakesOver();

private:
    static constexpr std::chrono::milliseconds someDay = 20'000 * 24h;

    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangePricesTest::theHourOfTheBeginningCounts_data()
{
    QTest::addColumn<qint64>("begun"); // milliseconds of the day
    QTest::addColumn<qint64>("nanoDollars");

    QTest::newRow("before the dear hours") << qint64((1h - 1ms).count()) << qint64(15);
    QTest::newRow("in their first moment")
        << qint64(std::chrono::milliseconds(1h).count()) << qint64(1'500);
    QTest::newRow("in their last") << qint64((2h - 1ms).count()) << qint64(1'500);
    QTest::newRow("behind them") << qint64(std::chrono::milliseconds(2h).count()) << qint64(15);
}

// Ten tokens in, five out; the answer takes an hour, in which the price changes.
void ExchangePricesTest::theHourOfTheBeginningCounts()
{
    QFETCH(qint64, begun);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    m_fixture->content.content.prices = {
        {.model = "small",
         .tokens = {.input = {1'000}, .output = {1'000}},
         .windows = {
             {.from = 1h, .until = 2h, .tokens = {.input = {100'000}, .output = {100'000}}}}}};
    m_fixture->publish();
    m_fixture->clock.setWall(someDay.count() + begun);

    const auto asked = m_fixture->ask(chatRequest());
    m_fixture->clock.setWall((someDay + 1h).count() + begun);
    QTRY_VERIFY(asked->client.hasEnded());

    QTEST(m_fixture->record().cost.nanoDollars, "nanoDollars");
    QVERIFY(!m_fixture->record().unpriced);
    QCOMPARE(m_fixture->spent(), m_fixture->record().charge.units);
}

// One catalog serves all three.
void ExchangePricesTest::aPriceOfTheFutureTakesOver()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, provider.baseUrl());
    const qint64 change = someDay.count() / 1000;
    m_fixture->content.content.prices = {
        {.model = "small", .tokens = {.input = {1'000}, .output = {1'000}}},
        {.model = "small",
         .tokens = {.input = {200'000}, .output = {200'000}},
         .effectiveFrom = change}};
    m_fixture->publish();
    const auto costAt = [this](qint64 milliseconds) {
        m_fixture->clock.setWall(milliseconds);
        const auto asked = m_fixture->ask(chatRequest());
        if (!QTest::qWaitFor([&asked] { return asked->client.hasEnded(); }))
            return qint64(-1);
        return m_fixture->record().cost.nanoDollars;
    };

    QCOMPARE(costAt(change * 1000 - 1), 15);
    QCOMPARE(costAt(change * 1000), 3'000);
    QCOMPARE(costAt(change * 1000 + 1), 3'000);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangePricesTest)
#include "tst_exchangeprices.moc"
