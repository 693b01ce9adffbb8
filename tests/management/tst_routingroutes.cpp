#include "support/managementfixture.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

namespace {

const Credentials byRoot{.local = true};

} // namespace

class TestRoutingRoutes : public QObject
{
    Q_OBJECT

private slots:
    void aModelsOwnRouting();
    void whatIsNoRoutingIsRefused_data();
    void whatIsNoRoutingIsRefused();
    void isForRoot();
};

void TestRoutingRoutes::aModelsOwnRouting()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QJsonObject routing{
        {u"model"_s, u"mine"_s}, {u"strategy"_s, u"least_busy"_s}, {u"affinity"_s, false}};
    QVERIFY(gateway.ask("GET", "/api/routing", byRoot).array().isEmpty());

    const ApiAnswer stored = gateway.ask("PUT", "/api/routing", byRoot, routing);

    QVERIFY2(stored.success(), qPrintable(stored.message()));
    QCOMPARE(gateway.ask("GET", "/api/routing", byRoot).array(), QJsonArray{routing});
    // What is absent or null is as the settings say.
    QVERIFY(
        gateway.ask("PUT", "/api/routing", byRoot, {{u"model"_s, u"mine"_s}, {u"affinity"_s, true}})
            .success());
    const QJsonObject half = gateway.ask("GET", "/api/routing", byRoot).array().first().toObject();
    QVERIFY(half.value(u"strategy"_s).isNull());
    QCOMPARE(half.value(u"affinity"_s), QJsonValue(true));
    QVERIFY(gateway
                .ask("PUT",
                     "/api/routing",
                     byRoot,
                     {{u"model"_s, u"mine"_s}, {u"strategy"_s, QJsonValue()}})
                .success());
    QVERIFY(gateway.ask("GET", "/api/routing", byRoot).array().isEmpty());
}

void TestRoutingRoutes::whatIsNoRoutingIsRefused_data()
{
    QTest::addColumn<QJsonObject>("routing");

    QTest::newRow("without a model") << QJsonObject{{u"affinity"_s, true}};
    QTest::newRow("an unknown strategy")
        << QJsonObject{{u"model"_s, u"mine"_s}, {u"strategy"_s, u"by_magic"_s}};
    QTest::newRow("an affinity that is none")
        << QJsonObject{{u"model"_s, u"mine"_s}, {u"affinity"_s, u"often"_s}};
}

void TestRoutingRoutes::whatIsNoRoutingIsRefused()
{
    QFETCH(QJsonObject, routing);
    ManagementFixture gateway;
    gateway.startApi();

    QVERIFY(!gateway.ask("PUT", "/api/routing", byRoot, routing).success());
    QVERIFY(gateway.ask("GET", "/api/routing", byRoot).array().isEmpty());
}

void TestRoutingRoutes::isForRoot()
{
    ManagementFixture gateway;
    gateway.startApi();

    QVERIFY(!gateway.ask("GET", "/api/routing", {}).success());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestRoutingRoutes)
#include "tst_routingroutes.moc"
