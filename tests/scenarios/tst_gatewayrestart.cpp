#include "scenarios/controlledhouse.h"

#include <QSignalSpy>
#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

// What follows takes the place of what serves, or leaves it.
class GatewayRestartScenario : public QObject
{
    Q_OBJECT

private slots:
    void aRestartHeedsTheSettingsOfNow();
    void aRestartThatFailsLeavesWhatServes();
    void aRestartKeepsThePortThatStays();
    void widerAddressesTakeThePortOver();
    void whatWasLetGoOfIsListenedOnAgain();
};

void GatewayRestartScenario::aRestartHeedsTheSettingsOfNow()
{
    FakeUpstream provider([](const ReceivedRequest &) { return late(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const quint16 before = house.port();
    const auto running = house.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const quint16 wanted = free.serverPort();
    free.close();
    QVERIFY(!house.control->needsRestart());
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(wanted));
    QVERIFY(house.control->needsRestart());

    house.control->restart();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QVERIFY(!house.control->needsRestart());
    QCOMPARE(house.port(), wanted);
    const auto served = house.chat();
    QTRY_VERIFY(running->isAnswered());
    QCOMPARE(running->reply().status, 200);
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
    QVERIFY(!house.own.contains(u"localhost"_s, before));
    QCOMPARE(house.control->state(), GatewayState::Running);
}

void GatewayRestartScenario::aRestartThatFailsLeavesWhatServes()
{
    FakeUpstream provider([](const ReceivedRequest &) { return late(); });
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const quint16 before = house.port();
    const auto running = house.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(other.serverPort()));
    QSignalSpy told(house.control.get(), &GatewayControl::problemChanged);

    house.control->restart();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QCOMPARE(house.port(), before);
    QVERIFY(house.control->isBeforeChange());
    QVERIFY(house.control->needsRestart());
    QVERIFY(!house.control->triesAgain()); // a person decides
    QVERIFY(!told.isEmpty());
    QCOMPARE(house.control->problem()->kind, GatewayProblem::Kind::PortInUse);
    QTRY_VERIFY(house.control->problem()->isExplained);
    QVERIFY(house.control->problem()->nextFreePort > 0);
    const auto served = house.chat();
    QTRY_VERIFY(running->isAnswered());
    QCOMPARE(running->reply().status, 200);
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
    // What it failed for is taken back, or another port is taken.
    const quint16 free = house.control->problem()->nextFreePort;
    house.set(u"server.listen"_s, u"127.0.0.1:0"_s);
    QVERIFY(!house.control->isBeforeChange());
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(free));
    house.control->restart();
    QCOMPARE(house.control->state(), GatewayState::Running);
    QCOMPARE(house.port(), free);
    QVERIFY(!house.control->problem());
}

// With other threads, while a request runs.
void GatewayRestartScenario::aRestartKeepsThePortThatStays()
{
    FakeUpstream provider([](const ReceivedRequest &) { return late(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const quint16 port = house.port();
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(port));
    house.set(u"server.threads"_s, u"2"_s);
    const auto running = house.chat();
    QTRY_COMPARE(provider.requestCount(), 1);

    house.control->restart();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QCOMPARE(house.port(), port);
    QVERIFY(!house.control->needsRestart());
    const auto served = house.chat();
    QTRY_VERIFY(running->isAnswered());
    QCOMPARE(running->reply().status, 200);
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
    house.set(u"server.threads"_s, u"1"_s);
    house.control->restart();
    QCOMPARE(house.port(), port);
    const auto again = house.chat();
    QTRY_VERIFY(again->isAnswered());
    QCOMPARE(again->reply().status, 200);
    house.control->stopNow();
    QTRY_COMPARE(house.control->state(), GatewayState::Stopped);
    QTcpServer next;
    QVERIFY(next.listen(QHostAddress::LocalHost, port)); // nobody holds it any more
}

// As from "this computer only" to "local network", at the same port.
void GatewayRestartScenario::widerAddressesTakeThePortOver()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const quint16 port = house.port();
    house.set(u"server.listen"_s, u"0.0.0.0:%1"_s.arg(port));

    house.control->restart();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QVERIFY(!house.control->problem());
    QCOMPARE(house.control->urls(), QStringList{u"http://0.0.0.0:%1"_s.arg(port)});
    const auto served = house.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
}

void GatewayRestartScenario::whatWasLetGoOfIsListenedOnAgain()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const quint16 port = house.port();
    house.set(u"server.listen"_s, u"0.0.0.0:%1 127.0.0.1:%2"_s.arg(port).arg(other.serverPort()));

    house.control->restart();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QCOMPARE(house.control->problem()->port, other.serverPort());
    QCOMPARE(house.port(), port);
    const auto served = house.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::GatewayRestartScenario)
#include "tst_gatewayrestart.moc"
