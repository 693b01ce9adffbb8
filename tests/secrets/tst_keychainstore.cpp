#include "secrets/keychainstore.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;

// Drives keychaintool in private sessions made by with-keychain.sh, each with a keychain in another
// state.
class KeychainStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void outcomes_data();
    void outcomes();
    void slowKeychainIsGivenUpInTime();
    void lateAnswerIsIgnored();
    void survivesItsProcess();
    void lockedItemIsNotTakenForAbsent();
    void everyIdentityHasItsOwnItem();
    void destroyedStoreAnswersNoMore();

private:
    struct Step
    {
        QString state{};
        qint64 milliseconds = 0;
        QString item{};
    };

    static QString tool(const QString &arguments) { return u"" KEYCHAIN_TOOL " "_s + arguments; }
    QList<Step> run(const QStringList &arguments) const;
    static QStringList statesOf(const QList<Step> &steps);
};

// The tests of this process itself must not reach the keychain of whoever runs them.
void KeychainStoreTest::initTestCase()
{
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/gatehouse");
}

QList<KeychainStoreTest::Step> KeychainStoreTest::run(const QStringList &arguments) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(u"" WITH_KEYCHAIN ""_s, arguments);
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != 0) {
        qWarning("with-keychain.sh ended with %d", process.exitCode());
        return {};
    }
    QList<Step> steps;
    const QStringList lines =
        QString::fromUtf8(process.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines)
        steps.append({line.section(u' ', 0, 0),
                      line.section(u' ', 1, 1).toLongLong(),
                      line.section(u' ', 2, 2)});
    return steps;
}

QStringList KeychainStoreTest::statesOf(const QList<Step> &steps)
{
    QStringList states;
    for (const Step &step : steps)
        states.append(step.state);
    return states;
}

void KeychainStoreTest::outcomes_data()
{
    QTest::addColumn<QStringList>("session");
    QTest::addColumn<QString>("operations");
    QTest::addColumn<QStringList>("states");

    const QStringList before{u"--before"_s, tool(u"here 5000 write=hello"_s)};
    QTest::newRow("written, read back, removed")
        << QStringList{u"unlocked"_s} << u"read write=hello read remove read remove"_s
        << QStringList{
               u"Absent"_s, u"Written"_s, u"Found"_s, u"Written"_s, u"Absent"_s, u"Written"_s};
    QTest::newRow("replaced") << QStringList{u"unlocked"_s} << u"write=one write=two read"_s
                              << QStringList{u"Written"_s, u"Written"_s, u"Found"_s};
    QTest::newRow("locked") << QStringList{u"locked"_s} + before << u"read write=other remove"_s
                            << QStringList{u"Written"_s, u"Locked"_s, u"Locked"_s, u"Locked"_s};
    QTest::newRow("no collection to store it in")
        << QStringList{u"empty"_s} << u"read write=hello read"_s
        << QStringList{u"Absent"_s, u"NoKeychain"_s, u"Absent"_s};
    QTest::newRow("no daemon") << QStringList{u"no-daemon"_s} << u"read write=hello remove"_s
                               << QStringList{u"NoKeychain"_s, u"NoKeychain"_s, u"NoKeychain"_s};
    QTest::newRow("no bus") << QStringList{u"no-bus"_s} << u"read write=hello remove"_s
                            << QStringList{u"NoKeychain"_s, u"NoKeychain"_s, u"NoKeychain"_s};
    QTest::newRow("a daemon that answers with errors")
        << QStringList{u"silent"_s, u"--service"_s, tool(u"own 1"_s)} << u"read write=hello"_s
        << QStringList{u"Failed"_s, u"Failed"_s};
    QTest::newRow("a daemon that lets nobody in")
        << QStringList{u"silent"_s,
                       u"--service"_s,
                       tool(u"own 1 org.freedesktop.Secret.Error.IsLocked"_s)}
        << u"read"_s << QStringList{u"Denied"_s};
}

void KeychainStoreTest::outcomes()
{
    QFETCH(QStringList, session);
    QFETCH(QString, operations);
    QFETCH(QStringList, states);

    const QList<Step> steps = run(session + tool(u"here 5000 "_s + operations).split(u' '));

    QCOMPARE(statesOf(steps), states);
    for (const Step &step : steps)
        QVERIFY(step.milliseconds < 5000);
}

void KeychainStoreTest::slowKeychainIsGivenUpInTime()
{
    const QList<Step> steps = run(QStringList{u"silent"_s, u"--service"_s, tool(u"own 0"_s)}
                                  + tool(u"here 300 read write=hello"_s).split(u' '));

    QCOMPARE(statesOf(steps), (QStringList{u"TimedOut"_s, u"TimedOut"_s}));
    for (const Step &step : steps)
        QVERIFY2(step.milliseconds >= 250 && step.milliseconds < 2000,
                 qPrintable(QString::number(step.milliseconds)));
}

// The tool prints one line for each answer; a second answer to the read would be one too many.
void KeychainStoreTest::lateAnswerIsIgnored()
{
    const QList<Step> steps = run(QStringList{u"silent"_s, u"--service"_s, tool(u"own 300"_s)}
                                  + tool(u"here 100 read linger=1000"_s).split(u' '));

    QCOMPARE(statesOf(steps), QStringList{u"TimedOut"_s});
}

void KeychainStoreTest::survivesItsProcess()
{
    const QList<Step> steps =
        run({u"unlocked"_s,
             u"sh"_s,
             u"-c"_s,
             tool(u"here 5000 write=hello"_s) + u"; "_s + tool(u"here 5000 read"_s)});

    QCOMPARE(statesOf(steps), (QStringList{u"Written"_s, u"Found"_s}));
    QCOMPARE(steps.last().item, u"hello"_s);
}

// Found again after the daemon was restarted and unlocked: what was locked has not been replaced.
void KeychainStoreTest::lockedItemIsNotTakenForAbsent()
{
    const QString write = tool(u"here 5000 write=hello"_s);

    const QList<Step> locked = run(QStringList{u"locked"_s, u"--before"_s, write}
                                   + tool(u"other 5000 read"_s).split(u' '));
    const QList<Step> unlocked = run(QStringList{u"unlocked"_s, u"--before"_s, write}
                                     + tool(u"here 5000 read"_s).split(u' '));

    QCOMPARE(statesOf(locked), (QStringList{u"Written"_s, u"Locked"_s}));
    QCOMPARE(statesOf(unlocked), (QStringList{u"Written"_s, u"Found"_s}));
    QCOMPARE(unlocked.last().item, u"hello"_s);
}

void KeychainStoreTest::everyIdentityHasItsOwnItem()
{
    const QList<Step> steps = run({u"unlocked"_s,
                                   u"sh"_s,
                                   u"-c"_s,
                                   tool(u"/data/one 5000 write=one"_s) + u"; "_s
                                       + tool(u"/data/two 5000 read write=two"_s) + u"; "_s
                                       + tool(u"/data/one 5000 read"_s)});

    QCOMPARE(statesOf(steps), (QStringList{u"Written"_s, u"Absent"_s, u"Written"_s, u"Found"_s}));
    QCOMPARE(steps.last().item, u"one"_s);
}

void KeychainStoreTest::destroyedStoreAnswersNoMore()
{
    int answers = 0;
    const auto count = [&answers](const secrets::StoreOutcome &) { ++answers; };
    auto doomed = std::make_unique<secrets::KeychainStore>("here");
    secrets::KeychainStore witness("here");
    doomed->read(count);
    QCOMPARE(answers, 0);

    doomed.reset();
    bool answered = false;
    witness.read([&answered](const secrets::StoreOutcome &outcome) {
        answered = outcome.state == secrets::StoreOutcome::State::NoKeychain;
    });

    QTRY_VERIFY(answered);
    QCOMPARE(answers, 0);
}

QTEST_GUILESS_MAIN(KeychainStoreTest)
#include "tst_keychainstore.moc"
