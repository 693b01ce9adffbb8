#include "support/foreigndatabase.h"
#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::ForeignDatabase;
using support::ManagementFixture;

// POST /api/import: for the program's own command line alone.
class ImportRouteTest : public QObject
{
    Q_OBJECT

private slots:
    void importsOverTheLocalSocket();
    void stopsOverTheLocalSocketAlone();
    void importsAConfiguration();
    void refusesTheNetwork();
    void refusesBadRequests_data();
    void refusesBadRequests();
};

void ImportRouteTest::importsOverTheLocalSocket()
{
    ManagementFixture gateway;
    gateway.startApi();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);
    source.addUser(6, u"gone"_s, {{u"status"_s, 3}});
    source.addToken(2, 5);
    source.addChannel(1, 99);
    const QJsonObject body{{u"path"_s, source.path()}};
    QJsonObject dry = body;
    dry.insert(u"dry_run"_s, true);

    const ApiAnswer plan = gateway.ask("POST", "/api/import", {.local = true}, dry);
    const bool wasThere = gateway.ask("GET", "/api/user/5", {.local = true}).success();
    const ApiAnswer done = gateway.ask("POST", "/api/import", {.local = true}, body);

    QVERIFY2(plan.success(), qPrintable(plan.message()));
    QVERIFY(!wasThere);
    QCOMPARE(plan.object().value(u"stored").toBool(), false);
    QVERIFY2(done.success(), qPrintable(done.message()));
    const QJsonObject report = done.object();
    QCOMPARE(report.value(u"stored").toBool(), true);
    QCOMPARE(report.value(u"source").toString(), u"one-api"_s);
    QCOMPARE(report.value(u"partial").toBool(), true);
    QCOMPARE(report[u"counts"][u"users"].toObject(),
             (QJsonObject{{u"found"_s, 2}, {u"imported"_s, 1}}));
    QCOMPARE(report[u"counts"][u"channels"][u"imported"].toInt(), 0);
    QStringList causes;
    for (const QJsonValue &note : report[u"skipped"].toArray())
        causes.append(note[u"kind"].toString() + u' ' + note[u"cause"].toString());
    QCOMPARE(causes, (QStringList{u"user deleted"_s, u"channel unusable"_s}));
    QVERIFY(!done.body.contains(ForeignDatabase::keyOf(2).toUtf8()));
    QVERIFY(!done.body.contains("sk-provider"));
    QVERIFY(gateway.ask("GET", "/api/user/5", {.local = true}).success());
    QVERIFY(!gateway.signIn(u"alice"_s, QString::fromLatin1(ForeignDatabase::oldPassword))
                 .session.isEmpty());
}

void ImportRouteTest::stopsOverTheLocalSocketAlone()
{
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer here = gateway.ask("DELETE", "/api/import", {.local = true});
    const ApiAnswer there = gateway.ask("DELETE", "/api/import", gateway.rootSession());

    QVERIFY2(here.success(), qPrintable(here.message()));
    QVERIFY(!there.success());
    QCOMPARE(there.json.value(u"code").toString(), u"denied"_s);
}

void ImportRouteTest::importsAConfiguration()
{
    ManagementFixture gateway;
    gateway.startApi();
    QTemporaryDir folder;
    const QString path = folder.filePath(u"config.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"Providers":[{"name":"relay","api_base_url":"https://relay.example/v1",
                   "api_key":"sk-relay-0123456789","models":["m"]},{"name":"nowhere"}]})");
    file.close();

    const ApiAnswer done = gateway.ask("POST", "/api/import", {.local = true}, {{u"path"_s, path}});

    QVERIFY2(done.success(), qPrintable(done.message()));
    const QJsonObject report = done.object();
    QCOMPARE(report.value(u"source").toString(), u"claude-code-router"_s);
    QCOMPARE(report.value(u"source_name").toString(), u"Claude Code Router"_s);
    QCOMPARE(report[u"counts"][u"channels"].toObject(),
             (QJsonObject{{u"found"_s, 2}, {u"imported"_s, 1}}));
    QVERIFY(!done.body.contains("sk-relay"));
}

void ImportRouteTest::refusesTheNetwork()
{
    ManagementFixture gateway;
    gateway.startApi();
    ForeignDatabase source;
    source.addUser(5, u"alice"_s);

    const ApiAnswer answer =
        gateway.ask("POST", "/api/import", gateway.rootSession(), {{u"path"_s, source.path()}});

    QVERIFY(!answer.success());
    QCOMPARE(answer.json.value(u"code").toString(), u"denied"_s);
    QVERIFY(answer.message().contains(u"gatehouse import"_s));
    QVERIFY(!gateway.ask("GET", "/api/user/5", {.local = true}).success());
}

void ImportRouteTest::refusesBadRequests_data()
{
    QTest::addColumn<QJsonObject>("body");
    QTest::addColumn<QString>("code"); // empty: none

    QTest::newRow("no path") << QJsonObject{{u"dry_run"_s, true}} << QString();
    QTest::newRow("a relative path") << QJsonObject{{u"path"_s, u"one-api.db"_s}} << QString();
    QTest::newRow("a number") << QJsonObject{{u"path"_s, 7}} << u"invalid_input"_s;
    QTest::newRow("a word for a boolean")
        << QJsonObject{{u"path"_s, u"/x"_s}, {u"dry_run"_s, u"yes"_s}} << u"invalid_input"_s;
    QTest::newRow("no such file") << QJsonObject{{u"path"_s, u"/nowhere/one-api.db"_s}}
                                  << u"not_found"_s;
    QTest::newRow("a folder") << QJsonObject{{u"path"_s, u"/"_s}} << u"invalid_input"_s;
}

void ImportRouteTest::refusesBadRequests()
{
    QFETCH(QJsonObject, body);
    QFETCH(QString, code);
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer = gateway.ask("POST", "/api/import", {.local = true}, body);

    QVERIFY(!answer.success());
    QVERIFY(!answer.message().isEmpty());
    QCOMPARE(answer.json.value(u"code").toString(), code);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::ImportRouteTest)
#include "tst_importroute.moc"
