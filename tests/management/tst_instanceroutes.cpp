#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::ManagementFixture;

// What the program that serves tells of itself, and lets others do with it.
class InstanceRoutesTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsThePlaceToItsOwnMachineAlone();
    void stopsOverTheLocalSocketAlone();
    void servesNothingForACommand();
};

void InstanceRoutesTest::tellsThePlaceToItsOwnMachineAlone()
{
    ManagementFixture gateway;
    gateway.instance = {.mode = u"serve"_s, .dataDirectory = u"/a/place"_s};
    gateway.startApi();

    const QJsonObject here = gateway.ask("GET", "/api/gateway", {.local = true}).object();
    const QJsonObject there = gateway.ask("GET", "/api/gateway", gateway.rootSession()).object();

    QCOMPARE(here.value(u"data_directory").toString(), u"/a/place"_s);
    QCOMPARE(here.value(u"mode").toString(), u"serve"_s);
    QCOMPARE(here.value(u"process").toInteger(), QCoreApplication::applicationPid());
    QCOMPARE(there.value(u"version").toString(), u"1.2.3"_s);
    QCOMPARE(there.value(u"state").toString(), u"stopped"_s);
    for (const QString &name : {u"data_directory"_s, u"mode"_s, u"process"_s})
        QVERIFY2(!there.contains(name), qPrintable(name));
}

void InstanceRoutesTest::stopsOverTheLocalSocketAlone()
{
    ManagementFixture gateway;
    int stops = 0;
    gateway.instance.stop = [&stops] { ++stops; };
    gateway.startApi();

    const ApiAnswer there = gateway.ask("POST", "/api/gateway/stop", gateway.rootSession());
    const int stopsFromThere = stops;
    const ApiAnswer here = gateway.ask("POST", "/api/gateway/stop", {.local = true});

    QVERIFY(!there.success());
    QCOMPARE(there.json.value(u"code").toString(), u"denied"_s);
    QCOMPARE(stopsFromThere, 0);
    QVERIFY2(here.success(), qPrintable(here.message()));
    QTRY_COMPARE(stops, 1);
}

void InstanceRoutesTest::servesNothingForACommand()
{
    ManagementFixture gateway;
    gateway.startApi();

    for (const QByteArray &what : {QByteArray("stop"), QByteArray("reload")}) {
        const ApiAnswer answer = gateway.ask("POST", "/api/gateway/" + what, {.local = true});
        QVERIFY2(!answer.success(), what.constData());
        QVERIFY2(answer.message().contains(u"gateway"_s), qPrintable(answer.message()));
    }
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::InstanceRoutesTest)
#include "tst_instanceroutes.moc"
