#include "configuration/checkup.h"

#include <QDateTime>
#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using Level = Finding::Level;

// What gatehouse doctor finds.
class CheckupTest : public QObject
{
    Q_OBJECT

private slots:
    void space_data();
    void space();
    void clock_data();
    void clock();
    void aDirectoryThatIsNotThereYet();
    void aDirectoryThatCannotBeMade();
    void aFileInItsPlace();
    void filesThatOthersMayUse();
    void aFreeAddress();
    void anAddressInUse();
    void noDatabaseYet();
    void aDatabaseThatIsNone();
    void theWayOut();
};

static constexpr qint64 mebibyte = 1024 * 1024;

// A data directory as the program makes it.
static QString privateFolder(const QTemporaryDir &folder)
{
    QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return folder.path();
}

static Options optionsOf(const QString &directory, QStringList arguments = {})
{
    arguments += {u"--data-dir"_s, directory};
    return *takeOptions(arguments, {});
}

void CheckupTest::space_data()
{
    QTest::addColumn<qint64>("available");
    QTest::addColumn<Level>("level");

    QTest::newRow("not told") << qint64(-1) << Level::Warning;
    QTest::newRow("none") << qint64(0) << Level::Failed;
    QTest::newRow("hardly any") << 63 * mebibyte << Level::Failed;
    QTest::newRow("little") << 1023 * mebibyte << Level::Warning;
    QTest::newRow("enough") << 1024 * mebibyte << Level::Ok;
}

void CheckupTest::space()
{
    QFETCH(qint64, available);
    QFETCH(Level, level);

    const Finding finding = judgeSpace(available, u"/a/place"_s);

    QCOMPARE(finding.level, level);
    QVERIFY(finding.text.contains(u"place"_s));
}

void CheckupTest::clock_data()
{
    const auto moment = [](int year) {
        return QDateTime(QDate(year, 6, 1), QTime(12, 0), Qt::UTC).toMSecsSinceEpoch();
    };
    constexpr qint64 minute = 60'000;
    QTest::addColumn<qint64>("now");
    QTest::addColumn<qint64>("written");
    QTest::addColumn<Level>("level");

    QTest::newRow("nothing was written") << moment(2027) << qint64(0) << Level::Ok;
    QTest::newRow("written before") << moment(2027) << moment(2026) << Level::Ok;
    QTest::newRow("written a little later")
        << moment(2027) << moment(2027) + 4 * minute << Level::Ok;
    QTest::newRow("written much later") << moment(2027) << moment(2028) << Level::Warning;
    QTest::newRow("as a machine without a battery has it")
        << qint64(0) << qint64(0) << Level::Failed;
}

void CheckupTest::clock()
{
    QFETCH(qint64, now);
    QFETCH(qint64, written);
    QFETCH(Level, level);

    QCOMPARE(judgeClock(now, written).level, level);
}

void CheckupTest::aDirectoryThatIsNotThereYet()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"deep/below"_s);

    const QList<Finding> findings = checkDataDirectory(path);

    QCOMPARE(findings.size(), 1);
    QCOMPARE(findings.front().level, Level::Ok);
    QVERIFY(!QFileInfo::exists(path));
}

void CheckupTest::aDirectoryThatCannotBeMade()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));

    const QList<Finding> findings = checkDataDirectory(file.fileName() + u"/below"_s);

    QCOMPARE(findings.size(), 1);
    QCOMPARE(findings.front().level, Level::Failed);
}

void CheckupTest::aFileInItsPlace()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));

    QVERIFY(hasFailed(checkDataDirectory(file.fileName())));
}

void CheckupTest::filesThatOthersMayUse()
{
#ifdef Q_OS_WIN
    QSKIP("Windows has other rights.");
#endif
    const QTemporaryDir folder;
    const QString path = privateFolder(folder);
    QFile file(folder.filePath(u"secrets"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    const QList<Finding> before = checkDataDirectory(path);

    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    const QList<Finding> after = checkDataDirectory(path);

    QVERIFY(!hasFailed(before));
    QVERIFY(hasFailed(after));
    QVERIFY(after.front().text.contains(u"secrets"_s));
}

void CheckupTest::aFreeAddress()
{
    const QTemporaryDir folder;

    const auto findings =
        checkAddresses(optionsOf(folder.path(), {u"--listen"_s, u"127.0.0.1:0"_s}));

    QCOMPARE(findings.size(), 1);
    QCOMPARE(findings.front().level, Level::Ok);
}

void CheckupTest::anAddressInUse()
{
    const QTemporaryDir folder;
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString address = u"127.0.0.1:%1"_s.arg(server.serverPort());

    const auto findings = checkAddresses(
        optionsOf(folder.path(), {u"--listen"_s, u"127.0.0.1:0"_s, u"--listen"_s, address}));

    QCOMPARE(findings.size(), 2);
    QCOMPARE(findings.at(1).level, Level::Failed);
    QVERIFY(findings.at(1).subject.contains(address));
}

void CheckupTest::noDatabaseYet()
{
    const QTemporaryDir folder;

    QCOMPARE(checkDatabase(optionsOf(folder.path())).level, Level::Ok);
    const auto record = recordedSecrets(optionsOf(folder.path()));
    QVERIFY(record && !record->dataExists);
}

void CheckupTest::aDatabaseThatIsNone()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"gatehouse.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(4096, 'x'));
    file.close();

    QCOMPARE(checkDatabase(optionsOf(folder.path())).level, Level::Failed);
}

void CheckupTest::theWayOut()
{
    const QTemporaryDir folder;
    const QList<Finding> findings =
        checkWayOut({{u"HTTPS_PROXY"_s, u"http://user:canary@p.example:3128"_s},
                     {u"SSL_CERT_FILE"_s, folder.filePath(u"none.pem"_s)}});

    QCOMPARE(findings.size(), 2);
    QCOMPARE(findings.at(0).level, Level::Ok);
    QVERIFY(findings.at(0).text.contains("http://p.example:3128"_L1));
    QVERIFY(!findings.at(0).text.contains("canary"_L1));
    QCOMPARE(findings.at(1).level, Level::Warning);
    QVERIFY(findings.at(1).text.startsWith("SSL_CERT_FILE"_L1));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::CheckupTest)
#include "tst_checkup.moc"
