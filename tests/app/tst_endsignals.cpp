#include "platform.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <cstdio>

namespace gatehouse::app {

// What the system tells the program by signals.
class EndSignalsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aReloadThatComesTooEarlyIsHeardLater();
    void anEndIsHeard();
};

void EndSignalsTest::initTestCase()
{
    // In a terminal SIGHUP ends the program.
    QVERIFY(std::freopen("/dev/null", "r", stdin));
}

void EndSignalsTest::aReloadThatComesTooEarlyIsHeardLater()
{
    holdReloads();

    std::raise(SIGHUP);
    EndSignals heard;
    QSignalSpy reloads(&heard, &EndSignals::reloadRequested);
    heard.hearReloads();

    QTRY_COMPARE(reloads.size(), 1);
    std::raise(SIGHUP);
    QTRY_COMPARE(reloads.size(), 2);
}

void EndSignalsTest::anEndIsHeard()
{
    EndSignals heard;
    QSignalSpy ends(&heard, &EndSignals::endRequested);

    std::raise(SIGTERM);

    QTRY_COMPARE(ends.size(), 1);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::EndSignalsTest)
#include "tst_endsignals.moc"
