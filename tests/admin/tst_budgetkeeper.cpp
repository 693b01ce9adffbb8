#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Budget;
using domain::BudgetPeriod;
using domain::Quota;
using domain::Token;
using support::AdministrationFixture;

// A house in which the present day ends when a test says so.
class BudgetKeeperTest : public QObject
{
    Q_OBJECT

private slots:
    void budgetsBeginAnew();
    void whatIsDueAtTheStartBeginsAnew();
    void othersStayAsTheyAre();
    void usedUpTokensBeginAgain();
    void undoRestoresThePeriod();
    void undoLeavesTheNextPeriodAlone();
    void topUpsOutlastThePeriod();
    void clockThatWasAheadIsPutRight();
    void unlimitedTokensHaveNoPeriod();
    void aLimitIsNeeded_data();
    void aLimitIsNeeded();

private:
    static Token made(AdministrationFixture &house, Token token);
    static void nextDay(AdministrationFixture &house);
    static Token stored(AdministrationFixture &house, domain::TokenId id);
};

Token BudgetKeeperTest::made(AdministrationFixture &house, Token token)
{
    const auto made =
        house.wait(house.administration->tokens.create(house.root(), std::move(token)));
    return made ? *made : Token{};
}

Token BudgetKeeperTest::stored(AdministrationFixture &house, domain::TokenId id)
{
    const auto found = house.wait(house.administration->tokens.find(house.root(), id));
    return found ? *found : Token{};
}

void BudgetKeeperTest::nextDay(AdministrationFixture &house)
{
    house.clock.advance(std::chrono::hours(25));
}

void BudgetKeeperTest::budgetsBeginAnew()
{
    AdministrationFixture house;
    house.start();
    const Token token = made(
        house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {1'000}}});
    QCOMPARE(token.balance, Quota{1'000});
    QVERIFY(token.budget.resetsAt > house.clock.wallMilliseconds() / 1000);
    const auto user = house.wait(house.administration->users.create(
        house.root(),
        {.username = u"ann"_s,
         .password = base::Secret(u"long enough"_s),
         .budget = {.period = BudgetPeriod::Day, .limit = {500}}}));
    QVERIFY(user);
    QVERIFY(
        house.wait(house.administration->users.edit(house.root(), user->id, {.addition = {-490}})));
    QVERIFY(house.wait(house.administration->tokenManager.topUp(house.root(), token.id, {-900})));
    QCOMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{100});

    int renewed = 0;
    QObject::connect(&house.administration->budgets,
                     &BudgetKeeper::renewed,
                     this,
                     [&](int budgets) { renewed += budgets; });
    nextDay(house);
    QVERIFY(house.wait(house.administration->publisher.publish()));
    QTRY_COMPARE(renewed, 2);

    QCOMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{1'000});
    QCOMPARE(house.admission->userBalance(user->id), Quota{500});
    const Token after = stored(house, token.id);
    QCOMPARE(after.balance, Quota{1'000});
    QVERIFY(after.budget.resetsAt > house.clock.wallMilliseconds() / 1000);
    QVERIFY(!after.budget.isDue(house.clock.wallMilliseconds() / 1000));
}

void BudgetKeeperTest::whatIsDueAtTheStartBeginsAnew()
{
    AdministrationFixture house;
    house.start();
    const Token token = made(
        house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {1'000}}});
    QVERIFY(house.wait(house.administration->tokenManager.topUp(house.root(), token.id, {-1'000})));
    house.stop();
    nextDay(house);

    house.start();

    QTRY_COMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{1'000});
    QCOMPARE(stored(house, token.id).balance, Quota{1'000});
}

void BudgetKeeperTest::othersStayAsTheyAre()
{
    AdministrationFixture house;
    house.start();
    const Token once = made(house, {.name = u"once"_s, .balance = {70}});
    const Token monthly = made(
        house, {.name = u"monthly"_s, .budget = {.period = BudgetPeriod::Month, .limit = {80}}});
    const Token daily =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {90}}});
    for (const Token &token : {once, monthly, daily})
        QVERIFY(
            house.wait(house.administration->tokenManager.topUp(house.root(), token.id, {-50})));
    // The clock of the fixture stands in the midst of a month.
    nextDay(house);
    QVERIFY(house.wait(house.administration->publisher.publish()));

    QTRY_COMPARE(house.admission->tokenBalance(daily.userId, daily.id), Quota{90});
    QCOMPARE(house.admission->tokenBalance(once.userId, once.id), Quota{20});
    QCOMPARE(house.admission->tokenBalance(monthly.userId, monthly.id), Quota{30});
}

void BudgetKeeperTest::usedUpTokensBeginAgain()
{
    AdministrationFixture house;
    house.start();
    const Token token =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {10}}});
    QVERIFY(
        house.wait(house.administration->tokens.change(house.root(), token.id, [](Token &edited) {
            edited.balance = {};
            edited.status = domain::TokenStatus::Exhausted;
            return base::Result<>();
        })));
    QCOMPARE(stored(house, token.id).status, domain::TokenStatus::Exhausted);
    nextDay(house);
    QVERIFY(house.wait(house.administration->publisher.publish()));

    QTRY_COMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{10});
    QCOMPARE(stored(house, token.id).status, domain::TokenStatus::Enabled);
}

void BudgetKeeperTest::undoRestoresThePeriod()
{
    AdministrationFixture house;
    house.start();
    const Token token =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {100}}});
    TokenManager &manager = house.administration->tokenManager;
    QVERIFY(house.wait(manager.topUp(house.root(), token.id, {-30})));
    const auto changed = house.wait(manager.change(house.root(), {token.id}, [&](Token &edited) {
        changeBudget(edited,
                     {.period = BudgetPeriod::Week, .limit = {1'000}},
                     house.clock.wallMilliseconds() / 1000);
        return base::Result<>();
    }));
    QVERIFY(changed);
    QCOMPARE(stored(house, token.id).balance, Quota{1'000});

    QVERIFY(house.wait(manager.undo(house.root(), *changed)));

    QCOMPARE(stored(house, token.id).budget, token.budget);
    QCOMPARE(stored(house, token.id).balance, Quota{70});
    QCOMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{70});
}

void BudgetKeeperTest::undoLeavesTheNextPeriodAlone()
{
    AdministrationFixture house;
    house.start();
    const Token token =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {100}}});
    TokenManager &manager = house.administration->tokenManager;
    const auto renamed = house.wait(manager.change(house.root(), {token.id}, [](Token &edited) {
        edited.name = u"other"_s;
        edited.balance += Quota{20};
        return base::Result<>();
    }));
    QVERIFY(renamed);
    nextDay(house);
    QVERIFY(house.wait(house.administration->publisher.publish()));
    QTRY_VERIFY(stored(house, token.id).budget.resetsAt != token.budget.resetsAt);
    QVERIFY(house.wait(manager.change(house.root(), {token.id}, [](Token &edited) {
        edited.balance = {7}; // it was spent from
        return base::Result<>();
    })));
    const qint64 resetsAt = stored(house, token.id).budget.resetsAt;

    QVERIFY(house.wait(manager.undo(house.root(), *renamed)));

    QCOMPARE(stored(house, token.id).name, u"daily"_s);
    QCOMPARE(stored(house, token.id).budget.resetsAt, resetsAt);
    QCOMPARE(stored(house, token.id).balance, Quota{7});
    QCOMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{7});
}

void BudgetKeeperTest::topUpsOutlastThePeriod()
{
    AdministrationFixture house;
    house.start();
    const Token token =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {100}}});
    QVERIFY(house.wait(house.administration->tokenManager.topUp(house.root(), token.id, {400})));
    nextDay(house);
    QVERIFY(house.wait(house.administration->publisher.publish()));

    QTRY_VERIFY(stored(house, token.id).budget.resetsAt != token.budget.resetsAt);
    QCOMPARE(stored(house, token.id).balance, Quota{500});
    QCOMPARE(house.admission->tokenBalance(token.userId, token.id), Quota{500});
}

void BudgetKeeperTest::clockThatWasAheadIsPutRight()
{
    AdministrationFixture house;
    house.start();
    const qint64 present = house.clock.wallMilliseconds();
    house.clock.setWall(present + 5LL * 365 * 86'400 * 1000);
    const Token token =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {100}}});
    QVERIFY(house.wait(house.administration->tokenManager.topUp(house.root(), token.id, {-60})));
    house.clock.setWall(present);
    QVERIFY(house.wait(house.administration->publisher.publish()));

    QTRY_VERIFY(stored(house, token.id).budget.resetsAt < present / 1000 + 2 * 86'400);
    QCOMPARE(stored(house, token.id).balance, Quota{40});
}

void BudgetKeeperTest::unlimitedTokensHaveNoPeriod()
{
    AdministrationFixture house;
    house.start();
    const Token token =
        made(house, {.name = u"daily"_s, .budget = {.period = BudgetPeriod::Day, .limit = {100}}});
    QVERIFY(
        house.wait(house.administration->tokens.change(house.root(), token.id, [](Token &edited) {
            edited.unlimited = true;
            return base::Result<>();
        })));

    QCOMPARE(stored(house, token.id).budget.period, BudgetPeriod::Once);
}

void BudgetKeeperTest::aLimitIsNeeded_data()
{
    QTest::addColumn<int>("period");
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<int>("warning");
    QTest::newRow("nothing may be spent") << 1 << qint64(0) << 80;
    QTest::newRow("less than nothing") << 3 << qint64(-1) << 80;
    QTest::newRow("more than there is") << 3 << std::numeric_limits<qint64>::max() << 80;
    QTest::newRow("without a period") << 0 << qint64(10) << 80;
    QTest::newRow("no such period") << 4 << qint64(10) << 80;
    QTest::newRow("no such share") << 0 << qint64(0) << 101;
    QTest::newRow("a negative share") << 1 << qint64(10) << -1;
}

void BudgetKeeperTest::aLimitIsNeeded()
{
    QFETCH(int, period);
    QFETCH(qint64, limit);
    QFETCH(int, warning);
    AdministrationFixture house;
    house.start();
    const Budget budget{
        .period = static_cast<BudgetPeriod>(period), .limit = {limit}, .warning = warning};

    const auto token = house.wait(
        house.administration->tokens.create(house.root(), {.name = u"odd"_s, .budget = budget}));
    const auto user = house.wait(house.administration->users.create(
        house.root(),
        {.username = u"ann"_s, .password = base::Secret(u"long enough"_s), .budget = budget}));

    QCOMPARE(token.error().code, base::ErrorCode::InvalidInput);
    QCOMPARE(user.error().code, base::ErrorCode::InvalidInput);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::BudgetKeeperTest)
#include "tst_budgetkeeper.moc"
