#include "configuration/datadirectory.h"
#include "holder.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

class HolderTest : public QObject
{
    Q_OBJECT

private slots:
    void lineIsReadAsItWasWritten();
    void otherLinesSayNothing_data();
    void otherLinesSayNothing();
    void isKnownWhileItHolds();
    void staleLineSaysNothing();
    void endsWhenAsked();
    void isForgottenAfterACrash();
};

// Holds the directory until it is asked to end.
static int hold(const QString &directory)
{
    const EndSignals signals_;
    QObject::connect(&signals_, &EndSignals::endRequested, [] { QCoreApplication::quit(); });
    const auto held = DataDirectory::open(directory, Holder::Kind::Window);
    std::puts(held ? "held" : "not held");
    std::fflush(stdout);
    return held ? QCoreApplication::exec() : 1;
}

// This program once more, holding `directory`.
static bool startHolder(QProcess &process, const QString &directory)
{
    process.start(QCoreApplication::applicationFilePath(), {u"--hold"_s, directory});
    return process.waitForReadyRead() && process.readLine().trimmed() == "held";
}

void HolderTest::lineIsReadAsItWasWritten()
{
    const Holder holder{.kind = Holder::Kind::Serve, .process = 4312, .began = 987654321};

    QCOMPARE(holderFrom(holderLine(holder)), holder);
}

void HolderTest::otherLinesSayNothing_data()
{
    QTest::addColumn<QByteArray>("line");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half written") << QByteArray("serve 43");
    QTest::newRow("unknown kind") << QByteArray("cook 43 1\n");
    QTest::newRow("a group of processes") << QByteArray("serve -1 1\n");
    QTest::newRow("every process") << QByteArray("serve 0 1\n");
    QTest::newRow("beyond any process") << QByteArray("serve 99999999999999999999 1\n");
    QTest::newRow("no number") << QByteArray("serve one 1\n");
    QTest::newRow("one word too many") << QByteArray("serve 43 1 2\n");
    QTest::newRow("binary") << QByteArray("\0\xff serve 1 1\n", 14);
}

void HolderTest::otherLinesSayNothing()
{
    QFETCH(QByteArray, line);

    QVERIFY(!holderFrom(line));
}

void HolderTest::isKnownWhileItHolds()
{
    const QTemporaryDir directory;
    std::optional<Holder> during;
    {
        const auto held = DataDirectory::open(directory.path(), Holder::Kind::Serve);
        QVERIFY(held);
        during = holderOf(directory.path());
        const auto second = DataDirectory::open(directory.path(), Holder::Kind::Window);
        QVERIFY(!second);
        QCOMPARE(second.error().code, base::ErrorCode::Conflict);
        QCOMPARE(holderOf(directory.path()), during);
    }

    QCOMPARE(during, ownHolder(Holder::Kind::Serve));
    QCOMPARE(during->process, QCoreApplication::applicationPid());
    QVERIFY(!holderOf(directory.path()));
}

void HolderTest::staleLineSaysNothing()
{
    const QTemporaryDir directory;
    Holder other = ownHolder(Holder::Kind::Serve);
    other.began += 1; // the same id, an earlier process
    QFile file(DataDirectory::lockFile(directory.path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(holderLine(other));
    file.close();

    QVERIFY(!holderOf(directory.path()));
    const auto ended = requestEnd(other);
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, base::ErrorCode::NotFound);
}

void HolderTest::endsWhenAsked()
{
    const QTemporaryDir directory;
    QProcess process;
    QVERIFY(startHolder(process, directory.path()));
    const std::optional<Holder> holder = holderOf(directory.path());
    QVERIFY(holder);

    QVERIFY(requestEnd(*holder));

    QCOMPARE(holder->kind, Holder::Kind::Window);
    QCOMPARE(holder->process, process.processId());
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(!holderOf(directory.path()));
    QVERIFY(!requestEnd(*holder));
}

void HolderTest::isForgottenAfterACrash()
{
    const QTemporaryDir directory;
    QProcess process;
    QVERIFY(startHolder(process, directory.path()));

    process.kill();

    QVERIFY(process.waitForFinished());
    QVERIFY(!holderOf(directory.path()));
    QVERIFY(DataDirectory::open(directory.path(), Holder::Kind::Serve));
}

} // namespace gatehouse::app

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == "--hold"_L1)
        return gatehouse::app::hold(arguments.value(2));
    gatehouse::app::HolderTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_holder.moc"
