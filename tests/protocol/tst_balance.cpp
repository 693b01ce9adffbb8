#include "protocol/balance.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::protocol {

class BalanceTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsAsked_data();
    void whatIsAsked();
    void whatIsLeft_data();
    void whatIsLeft();
    void platformOfSiliconFlow();
};

static QJsonObject object(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

void BalanceTest::whatIsAsked_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("subscription");
    QTest::addColumn<QByteArrayList>("paths");

    const QByteArray first("/v1/dashboard/billing/subscription");
    QTest::newRow("OpenAI, by month")
        << 1 << QByteArray(R"({"has_payment_method":true})")
        << QByteArrayList{first,
                          "/v1/dashboard/billing/usage?start_date=2026-05-01&end_date=2026-05-20"};
    QTest::newRow("a server like it, of the last hundred days")
        << 8 << QByteArray("{}")
        << QByteArrayList{first,
                          "/v1/dashboard/billing/usage?start_date=2026-02-09&end_date=2026-05-20"};
    QTest::newRow("OpenRouter") << 20 << QByteArray("{}") << QByteArrayList{"/v1/credits"};
    QTest::newRow("DeepSeek") << 36 << QByteArray("{}") << QByteArrayList{"/user/balance"};
    QTest::newRow("SiliconFlow") << 44 << QByteArray("{}") << QByteArrayList{"/v1/user/info"};
    QTest::newRow("CloseAI") << 4 << QByteArray("{}")
                             << QByteArrayList{"/dashboard/billing/credit_grants"};
    QTest::newRow("Anthropic tells nothing") << 14 << QByteArray("{}") << QByteArrayList();
    QTest::newRow("one that wants the key in the URL") << 5 << QByteArray("{}") << QByteArrayList();
}

void BalanceTest::whatIsAsked()
{
    QFETCH(int, type);
    QFETCH(QByteArray, subscription);
    QFETCH(QByteArrayList, paths);
    QByteArrayList asked;
    QList<QJsonObject> answers;

    while (const auto path = nextBalancePath(type, answers, QDate(2026, 5, 20))) {
        asked.append(*path);
        answers.append(object(subscription));
    }

    QCOMPARE(asked, paths);
    QCOMPARE(tellsBalance(type), !paths.isEmpty());
}

void BalanceTest::whatIsLeft_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArrayList>("answers");
    QTest::addColumn<double>("balance"); // -1: no figure
    QTest::addColumn<QByteArray>("currency");

    QTest::newRow("OpenAI") << 1
                            << QByteArrayList{R"({"hard_limit_usd":20.5})",
                                              R"({"total_usage":150.0})"}
                            << 19.0 << QByteArray("USD");
    QTest::newRow("a local server that answers everything with 200")
        << 8 << QByteArrayList{"{}", "{}"} << -1.0 << QByteArray();
    QTest::newRow("the second answer is missing")
        << 1 << QByteArrayList{R"({"hard_limit_usd":20.5})"} << -1.0 << QByteArray();
    QTest::newRow("OpenRouter")
        << 20 << QByteArrayList{R"({"data":{"total_credits":10,"total_usage":2.5}})"} << 7.5
        << QByteArray("USD");
    QTest::newRow("OpenRouter without a usage")
        << 20 << QByteArrayList{R"({"data":{"total_credits":10}})"} << -1.0 << QByteArray();
    QTest::newRow("OpenRouter with wrong types")
        << 20 << QByteArrayList{R"({"data":[{"total_credits":10}]})"} << -1.0 << QByteArray();
    QTest::newRow("DeepSeek in dollars, although there are yuan")
        << 36
        << QByteArrayList{R"({"balance_infos":[{"currency":"CNY","total_balance":"70.00"},)"
                          R"({"currency":"USD","total_balance":"9.50"}]})"}
        << 9.5 << QByteArray("USD");
    QTest::newRow("DeepSeek in yuan")
        << 36 << QByteArrayList{R"({"balance_infos":[{"currency":"CNY","total_balance":"70.00"}]})"}
        << 70.0 << QByteArray("CNY");
    QTest::newRow("DeepSeek without an account")
        << 36 << QByteArrayList{R"({"balance_infos":[]})"} << -1.0 << QByteArray();
    QTest::newRow("DeepSeek in yuan, with an empty purse in dollars")
        << 36
        << QByteArrayList{R"({"balance_infos":[{"currency":"USD","total_balance":"0.00"},)"
                          R"({"currency":"CNY","total_balance":"110.00"}]})"}
        << 110.0 << QByteArray("CNY");
    QTest::newRow("DeepSeek with nothing left")
        << 36 << QByteArrayList{R"({"balance_infos":[{"currency":"CNY","total_balance":"0.00"}]})"}
        << 0.0 << QByteArray("CNY");
    QTest::newRow("DeepSeek without a currency")
        << 36 << QByteArrayList{R"({"balance_infos":[{"total_balance":"70.00"}]})"} << -1.0
        << QByteArray();
    QTest::newRow("SiliconFlow")
        << 44 << QByteArrayList{R"({"code":20000,"data":{"totalBalance":"3.2"}})"} << 3.2
        << QByteArray("CNY");
    QTest::newRow("CloseAI") << 4 << QByteArrayList{R"({"total_available":2})"} << 2.0
                             << QByteArray("CNY");
    QTest::newRow("API2GPT") << 12 << QByteArrayList{R"({"total_remaining":4})"} << 4.0
                             << QByteArray("CNY");
    QTest::newRow("AIGC2D in points")
        << 13 << QByteArrayList{R"({"total_available":0})"} << 0.0 << QByteArray();
    QTest::newRow("text that is no number")
        << 13 << QByteArrayList{R"({"total_available":"much"})"} << -1.0 << QByteArray();
    QTest::newRow("infinite") << 13 << QByteArrayList{R"({"total_available":"inf"})"} << -1.0
                              << QByteArray();
}

void BalanceTest::whatIsLeft()
{
    QFETCH(int, type);
    QFETCH(QByteArrayList, answers);
    QFETCH(double, balance);
    QFETCH(QByteArray, currency);
    QList<QJsonObject> objects;
    for (const QByteArray &answer : answers)
        objects.append(object(answer));

    const auto found = balanceFrom(type, objects, u"api.siliconflow.cn"_s);

    QCOMPARE(found.has_value(), balance >= 0);
    if (found)
        QCOMPARE(*found, (domain::AccountBalance{balance, currency}));
}

void BalanceTest::platformOfSiliconFlow()
{
    const QList<QJsonObject> answers{object(R"({"data":{"totalBalance":"3.2"}})")};

    QCOMPARE(balanceFrom(44, answers, u"api.siliconflow.cn"_s)->currency, QByteArray("CNY"));
    QCOMPARE(balanceFrom(44, answers, u"api.siliconflow.com"_s)->currency, QByteArray("USD"));
}

} // namespace gatehouse::protocol

QTEST_GUILESS_MAIN(gatehouse::protocol::BalanceTest)
#include "tst_balance.moc"
