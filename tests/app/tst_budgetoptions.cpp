#include "commands/budgetoptions.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// Budgets as people write them, and what the management API is sent.
class BudgetOptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void ofANewToken_data();
    void ofANewToken();
    void ofAChangedToken_data();
    void ofAChangedToken();
    void aUserHasNoUnlimitedBudget();
    void ofAChangedUser();
    void areShown();
};

static const QString balance = u"remain_quota"_s;
static const QString refused = u"refused"_s;

static base::Result<QJsonObject> bodyFrom(const QStringList &words, bool mayBeUnlimited)
{
    const std::vector<Field> fields = budgetFields(mayBeUnlimited);
    std::vector<OptionRule> rules;
    for (const Field &field : fields)
        rules.push_back(field.option);
    return Arguments::from(words, rules).and_then([&](const Arguments &arguments) {
        QJsonObject body;
        return putFields(fields, arguments, body).map([&] { return body; });
    });
}

static QJsonObject refusal()
{
    return {{refused, true}};
}

static QJsonObject tokenRow(const QString &period, bool unlimited)
{
    return {{u"unlimited_quota"_s, unlimited},
            {u"budget_period"_s, period},
            {u"budget_limit"_s, period == "once"_L1 ? 0 : 1'000'000},
            {balance, 300'000}};
}

void BudgetOptionsTest::ofANewToken_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QJsonObject>("body");

    QTest::newRow("nothing") << QStringList() << QJsonObject();
    QTest::newRow("once") << QStringList{u"--budget=5"_s} << QJsonObject{{balance, 2'500'000}};
    QTest::newRow("each month") << QStringList{u"--budget=5"_s, u"--period=month"_s}
                                << QJsonObject{{u"budget_period"_s, u"month"_s},
                                               {u"budget_limit"_s, 2'500'000}};
    QTest::newRow("unlimited") << QStringList{u"--budget=unlimited"_s}
                               << QJsonObject{{u"unlimited_quota"_s, true}};
    QTest::newRow("a warning alone")
        << QStringList{u"--warn-at=50"_s} << QJsonObject{{u"budget_warning"_s, 50}};
    QTest::newRow("unlimited each month")
        << QStringList{u"--budget=unlimited"_s, u"--period=month"_s} << refusal();
    QTest::newRow("nothing each month")
        << QStringList{u"--budget=0"_s, u"--period=month"_s} << refusal();
    QTest::newRow("a period alone") << QStringList{u"--period=month"_s} << refusal();
    QTest::newRow("an unknown period")
        << QStringList{u"--budget=5"_s, u"--period=year"_s} << refusal();
}

void BudgetOptionsTest::ofANewToken()
{
    QFETCH(QStringList, words);

    const auto body = bodyFrom(words, true).and_then([](QJsonObject read) {
        return completeBudget(read, balance).map([&] { return read; });
    });

    QTEST(body.value_or(refusal()), "body");
}

void BudgetOptionsTest::ofAChangedToken_data()
{
    QTest::addColumn<QJsonObject>("row");
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QJsonObject>("body");
    QTest::addColumn<bool>("endsPeriod");

    const QJsonObject once = tokenRow(u"once"_s, false);
    const QJsonObject monthly = tokenRow(u"month"_s, false);
    const QJsonObject unlimited = tokenRow(u"once"_s, true);
    QTest::newRow("nothing of it") << monthly << QStringList() << QJsonObject() << false;
    QTest::newRow("another balance")
        << once << QStringList{u"--budget=5"_s}
        << QJsonObject{{u"unlimited_quota"_s, false}, {balance, 2'500'000}} << false;
    QTest::newRow("a limit at last")
        << unlimited << QStringList{u"--budget=5"_s}
        << QJsonObject{{u"unlimited_quota"_s, false}, {balance, 2'500'000}} << false;
    QTest::newRow("another limit of the same period")
        << monthly << QStringList{u"--budget=5"_s}
        << QJsonObject{{u"unlimited_quota"_s, false}, {u"budget_limit"_s, 2'500'000}} << false;
    QTest::newRow("another period, the same limit")
        << monthly << QStringList{u"--period=day"_s} << QJsonObject{{u"budget_period"_s, u"day"_s}}
        << false;
    QTest::newRow("no limit any more") << monthly << QStringList{u"--budget=unlimited"_s}
                                       << QJsonObject{{u"unlimited_quota"_s, true}} << false;
    QTest::newRow("what is left stays, without a period")
        << monthly << QStringList{u"--period=once"_s}
        << QJsonObject{{u"budget_period"_s, u"once"_s}, {u"budget_limit"_s, 0}} << false;
    QTest::newRow("a balance in the place of a period")
        << monthly << QStringList{u"--period=once"_s, u"--budget=5"_s}
        << QJsonObject{{u"unlimited_quota"_s, false},
                       {u"budget_period"_s, u"once"_s},
                       {u"budget_limit"_s, 0},
                       {balance, 2'500'000}}
        << true;
    QTest::newRow("a period without an amount")
        << once << QStringList{u"--period=day"_s} << refusal() << false;
    QTest::newRow("a period of no limit")
        << unlimited << QStringList{u"--period=day"_s} << refusal() << false;
}

void BudgetOptionsTest::ofAChangedToken()
{
    QFETCH(QJsonObject, row);
    QFETCH(QStringList, words);
    auto body = bodyFrom(words, true);
    QVERIFY(body);

    const auto endsPeriod = changeBudgetOf(row, *body, balance);

    QTEST(endsPeriod ? *body : refusal(), "body");
    QTEST(endsPeriod.value_or(false), "endsPeriod");
}

void BudgetOptionsTest::aUserHasNoUnlimitedBudget()
{
    QVERIFY(!bodyFrom({u"--budget=unlimited"_s}, false));
}

void BudgetOptionsTest::ofAChangedUser()
{
    auto body = bodyFrom({u"--budget=5"_s}, false);
    QVERIFY(body);

    QVERIFY(changeBudgetOf({{u"budget_period"_s, u"once"_s}}, *body, u"quota"_s));

    QCOMPARE(*body, (QJsonObject{{u"quota"_s, 2'500'000}}));
}

void BudgetOptionsTest::areShown()
{
    QCOMPARE(budgetText(tokenRow(u"month"_s, false)), u"$2.00 each month"_s);
    QCOMPARE(budgetText(tokenRow(u"once"_s, false)), u"once"_s);
    QCOMPARE(budgetText(tokenRow(u"once"_s, true)), u"no limit"_s);
    QCOMPARE(leftText(tokenRow(u"month"_s, false), balance), u"$0.60"_s);
    QCOMPARE(leftText(tokenRow(u"once"_s, true), balance), u"no limit"_s);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::BudgetOptionsTest)
#include "tst_budgetoptions.moc"
