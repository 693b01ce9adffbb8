#include "support/managementfixture.h"

#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::ManagementFixture;

// Copies to a named file and their restoring: for the program's own command line alone.
class RestoreRoutesTest : public QObject
{
    Q_OBJECT

private slots:
    void copiesAndPreparesARestore();
    void givesAPreparedOneUp();
    void refusesTheNetwork();
    void refusesBadRequests_data();
    void refusesBadRequests();
};

void RestoreRoutesTest::copiesAndPreparesARestore()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"copy.db"_s);
    const QJsonObject body{{u"path"_s, file}};

    const ApiAnswer copied = gateway.ask("POST", "/api/backup/file", {.local = true}, body);
    const ApiAnswer prepared = gateway.ask("POST", "/api/restore", {.local = true}, body);

    QVERIFY2(copied.success(), qPrintable(copied.message()));
    QCOMPARE(copied.object().value(u"path").toString(), file);
    QCOMPARE(copied.object().value(u"bytes").toInteger(), QFileInfo(file).size());
    QVERIFY(QFileInfo(file).size() > 0);
    QVERIFY2(prepared.success(), qPrintable(prepared.message()));
    QVERIFY(QFileInfo::exists(prepared.object().value(u"safety_copy").toString()));
    QVERIFY(gateway.administration->backups.isRestorePrepared());
    QVERIFY(gateway.ask("GET", "/api/gateway", {.local = true})
                .object()
                .value(u"restore_prepared")
                .toBool());
}

void RestoreRoutesTest::givesAPreparedOneUp()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QTemporaryDir folder;
    const QJsonObject body{{u"path"_s, folder.filePath(u"copy.db"_s)}};
    QVERIFY(gateway.ask("POST", "/api/backup/file", {.local = true}, body).success());
    QVERIFY(gateway.ask("POST", "/api/restore", {.local = true}, body).success());

    const ApiAnswer first = gateway.ask("DELETE", "/api/restore", {.local = true});
    const ApiAnswer again = gateway.ask("DELETE", "/api/restore", {.local = true});

    QVERIFY2(first.success(), qPrintable(first.message()));
    QVERIFY(!gateway.administration->backups.isRestorePrepared());
    QVERIFY(!again.success());
    QCOMPARE(again.json.value(u"code").toString(), u"not_found"_s);
}

void RestoreRoutesTest::refusesTheNetwork()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"copy.db"_s);
    const auto root = gateway.rootSession();

    for (const auto &[method, path] : {std::pair("POST", "/api/backup/file"),
                                       std::pair("POST", "/api/restore"),
                                       std::pair("DELETE", "/api/restore")}) {
        const ApiAnswer answer = gateway.ask(method, path, root, {{u"path"_s, file}});
        QVERIFY2(!answer.success(), path);
        QCOMPARE(answer.json.value(u"code").toString(), u"denied"_s);
    }
    QVERIFY(!QFileInfo::exists(file));
}

void RestoreRoutesTest::refusesBadRequests_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QJsonObject>("body");

    QTest::newRow("no file") << QByteArray("/api/backup/file")
                             << QJsonObject{{u"passphrase"_s, u"a passphrase"_s}};
    QTest::newRow("a relative path")
        << QByteArray("/api/backup/file") << QJsonObject{{u"path"_s, u"copy.db"_s}};
    QTest::newRow("a number for a path")
        << QByteArray("/api/restore") << QJsonObject{{u"path"_s, 5}};
    QTest::newRow("a word for a choice")
        << QByteArray("/api/restore")
        << QJsonObject{{u"path"_s, u"/nowhere/copy.db"_s}, {u"without_secrets"_s, u"yes"_s}};
    QTest::newRow("a file that is not there")
        << QByteArray("/api/restore") << QJsonObject{{u"path"_s, u"/nowhere/copy.db"_s}};
}

void RestoreRoutesTest::refusesBadRequests()
{
    QFETCH(QByteArray, path);
    QFETCH(QJsonObject, body);
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer = gateway.ask("POST", path, {.local = true}, body);

    QVERIFY(!answer.success());
    QVERIFY(!answer.message().isEmpty());
    QVERIFY(!gateway.administration->backups.isRestorePrepared());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::RestoreRoutesTest)
#include "tst_restoreroutes.moc"
