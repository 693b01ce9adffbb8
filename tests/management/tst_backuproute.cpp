#include "storage/backup.h"
#include "support/heldfile.h"
#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::HeldFile;
using support::ManagementFixture;

class BackupRouteTest : public QObject
{
    Q_OBJECT

private slots:
    void makesOne();
    void makesOneWithSecrets();
    void refusesAPassphraseThatIsNone_data();
    void refusesAPassphraseThatIsNone();
    void cancelsOne();
    void oneAtATime();
    void forRootAlone();
};

void BackupRouteTest::makesOne()
{
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer made = gateway.ask("POST", "/api/backup", gateway.rootSession());

    QVERIFY2(made.success(), qPrintable(made.message()));
    const QStringList all = storage::backupsIn(gateway.administration->backups.directory());
    QCOMPARE(all.size(), 1);
    QCOMPARE(made.object().value(u"file").toString(), QFileInfo(all.front()).fileName());
    QCOMPARE(made.object().value(u"reason").toString(), u"manual"_s);
    QCOMPARE(made.object().value(u"bytes").toInteger(), QFileInfo(all.front()).size());
}

void BackupRouteTest::makesOneWithSecrets()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QString passphrase = u"correct horse battery"_s;

    const ApiAnswer made =
        gateway.ask("POST", "/api/backup", gateway.rootSession(), {{u"passphrase"_s, passphrase}});

    QVERIFY2(made.success(), qPrintable(made.message()));
    QCOMPARE(made.object().value(u"reason").toString(), u"manual-with-secrets"_s);
    QVERIFY(!made.body.contains(passphrase.toUtf8()));
    const QStringList all = storage::backupsIn(gateway.administration->backups.directory());
    QCOMPARE(all.size(), 1);
    QVERIFY(!storage::inspectBackup(all.front())->secrets.isEmpty());
}

void BackupRouteTest::refusesAPassphraseThatIsNone_data()
{
    QTest::addColumn<QJsonValue>("passphrase");
    QTest::newRow("empty") << QJsonValue(QString());
    QTest::newRow("a number") << QJsonValue(12345678);
}

void BackupRouteTest::refusesAPassphraseThatIsNone()
{
    QFETCH(QJsonValue, passphrase);
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer made =
        gateway.ask("POST", "/api/backup", gateway.rootSession(), {{u"passphrase"_s, passphrase}});

    QVERIFY(!made.success());
    QVERIFY(!made.body.contains("12345678"));
    QVERIFY(storage::backupsIn(gateway.administration->backups.directory()).isEmpty());
}

void BackupRouteTest::cancelsOne()
{
    ManagementFixture gateway;
    gateway.startApi();
    admin::BackupService &backups = gateway.administration->backups;
    HeldFile held;
    QVERIFY(held.isMade());
    const auto reading = backups.inspect(held.path()); // the copy waits for it
    ApiAnswer copying;
    gateway.api->handle(gateway.request("POST", "/api/backup", {}, {.local = true}),
                        [&copying](const gateway::ApiResponse &response) {
                            copying.status = response.status;
                            copying.json = QJsonDocument::fromJson(response.body).object();
                        });

    const ApiAnswer cancelled = gateway.ask("DELETE", "/api/backup", {.local = true});

    QVERIFY2(cancelled.success(), qPrintable(cancelled.message()));
    QVERIFY(held.release());
    QTRY_VERIFY(copying.status != 0);
    QCOMPARE(copying.json.value(u"code").toString(), u"cancelled"_s);
    QVERIFY(storage::backupsIn(backups.directory()).isEmpty());
    QTRY_VERIFY(reading.isFinished());
}

// Each that were made because no answer came in time would push an older one out.
void BackupRouteTest::oneAtATime()
{
    ManagementFixture gateway;
    gateway.startApi();
    admin::BackupService &backups = gateway.administration->backups;
    HeldFile held;
    QVERIFY(held.isMade());
    const auto reading = backups.inspect(held.path()); // the copy waits for it
    int status = 0;
    gateway.api->handle(
        gateway.request("POST", "/api/backup", {}, {.local = true}),
        [&status](const gateway::ApiResponse &response) { status = response.status; });
    QTRY_VERIFY(backups.isBackingUp());

    const ApiAnswer again = gateway.ask("POST", "/api/backup", {.local = true});

    QVERIFY(!again.success());
    QCOMPARE(again.json.value(u"code").toString(), u"conflict"_s);
    QVERIFY(held.release());
    QTRY_COMPARE(status, 200);
    QCOMPARE(storage::backupsIn(backups.directory()).size(), 1);
    QVERIFY(gateway.ask("POST", "/api/backup", {.local = true}).success());
    QTRY_VERIFY(reading.isFinished());
}

void BackupRouteTest::forRootAlone()
{
    ManagementFixture gateway;
    gateway.startApi();
    const auto administrator = gateway.newUser(u"ada"_s, domain::Role::Administrator);

    for (const QByteArray &method : {QByteArray("POST"), QByteArray("DELETE")}) {
        QVERIFY(!gateway.ask(method, "/api/backup", administrator).success());
        QVERIFY(!gateway.ask(method, "/api/backup", {}).success());
    }
    QVERIFY(storage::backupsIn(gateway.administration->backups.directory()).isEmpty());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::BackupRouteTest)
#include "tst_backuproute.moc"
