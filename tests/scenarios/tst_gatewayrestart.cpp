#include "scenarios/controlledhouse.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>

#include <atomic>
#include <thread>

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
    void whatARestartCutsOffIsToldSo();
    void widerAddressesTakeThePortOver();
    void otherAddressesTakeThePortOver_data();
    void otherAddressesTakeThePortOver();
    void whatWasLetGoOfIsListenedOnAgain();
    void aPortThatWasLostIsListenedOnAnew();
    void aPortThatWasLostIsTakenBackByItself();
    void whoHasOnlyComeIsServed();

private:
    static bool losePort(ControlledHouse &house);
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

void GatewayRestartScenario::whatARestartCutsOffIsToldSo()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    house.set(u"server.threads"_s, u"2"_s);
    house.set(u"server.grace_period"_s, u"0"_s);
    const auto running = house.chat();
    QTRY_COMPARE(provider.requestCount(), 1);

    house.control->restart();

    QTRY_VERIFY(running->isAnswered());
    QCOMPARE(running->reply().status, 503);
    QVERIFY(running->reply().body.contains("gateway_restarted"));
    const auto later = house.chat();
    QTRY_COMPARE(provider.requestCount(), 2);
    house.control->stopNow();
    QTRY_VERIFY(later->isAnswered());
    QVERIFY(later->reply().body.contains("shutting_down"));
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

void GatewayRestartScenario::otherAddressesTakeThePortOver_data()
{
    QTest::addColumn<QStringList>("before"); // %1: the port
    QTest::addColumn<QStringList>("after");
    QTest::addColumn<bool>("isForAll"); // also for clients of other addresses of this computer

    const QStringList local{u"127.0.0.1:%1"_s};
    const QStringList all4{u"0.0.0.0:%1"_s};
    const QStringList all{u":%1"_s};
    QTest::newRow("narrower") << all4 << local << false;
    QTest::newRow("both kinds to this computer") << all << local << false;
    QTest::newRow("this computer to both kinds") << local << all << true;
    QTest::newRow("one kind to both") << all4 << all << true;
    QTest::newRow("both kinds to one") << all << all4 << true;
    QTest::newRow("both kinds by one or by two listeners")
        << all << QStringList{u"0.0.0.0:%1"_s, u"[::]:%1"_s} << true;
}

void GatewayRestartScenario::otherAddressesTakeThePortOver()
{
    QFETCH(QStringList, before);
    QFETCH(QStringList, after);
    QFETCH(bool, isForAll);
    if (!QTcpServer().listen(QHostAddress::AnyIPv6))
        QSKIP("There is no IPv6.");
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const QString port = QString::number(house.port());
    const auto restartWith = [&](const QStringList &addresses) {
        house.set(u"server.listen"_s, addresses.join(u' ').replace(u"%1"_s, port));
        house.control->restart();
        return house.control->state() == GatewayState::Running && !house.control->problem();
    };
    QVERIFY(restartWith(before));

    QVERIFY(restartWith(after));
    QVERIFY(restartWith(after)); // and at once again

    QCOMPARE(house.control->urls().size(), after.size());
    const auto served = house.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
    QTcpSocket elsewhere;
    elsewhere.connectToHost(QHostAddress(u"127.0.0.2"_s), house.port());
    QCOMPARE(elsewhere.waitForConnected(), isForAll);
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

// Another program is faster while it is let go of, and ends later. False: it never was the faster one.
bool GatewayRestartScenario::losePort(ControlledHouse &house)
{
    const quint16 port = house.port();
    const QString local = u"127.0.0.1:%1"_s.arg(port);
    bool isLost = false;
    constexpr int mostTries = 50;
    for (int i = 0; i < mostTries && !isLost; ++i) {
        std::atomic<bool> isOver = false;
        std::atomic<bool> hasPort = false;
        std::thread other([port, &isOver, &hasPort] {
            QTcpServer server;
            while (!isOver && !hasPort)
                hasPort = server.listen(QHostAddress::LocalHost, port);
            while (!isOver)
                std::this_thread::yield();
        });
        house.set(u"server.listen"_s, u"0.0.0.0:%1"_s.arg(port));
        house.control->restart();
        isLost = hasPort && house.control->problem();
        isOver = true;
        other.join();
        house.set(u"server.listen"_s, local);
        if (!isLost)
            house.control->restart();
    }
    return isLost;
}

void GatewayRestartScenario::aPortThatWasLostIsListenedOnAnew()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    if (!losePort(house))
        QSKIP("The other program was never the faster one.");

    house.control->restart();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QVERIFY(!house.control->problem());
    const auto served = house.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
}

void GatewayRestartScenario::aPortThatWasLostIsTakenBackByItself()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const quint16 port = house.port();
    if (!losePort(house))
        QSKIP("The other program was never the faster one.");

    QTRY_VERIFY_WITH_TIMEOUT(house.control->lostPorts().isEmpty(), 20'000);

    QVERIFY(!house.control->triesAgain());
    QCOMPARE(house.port(), port);
    QCOMPARE(house.control->addresses().front().url, u"http://127.0.0.1:%1"_s.arg(port));
    const auto served = house.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
}

// A client whose connection was accepted, and whose request is on its way, meets no closed door.
void GatewayRestartScenario::whoHasOnlyComeIsServed()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.serve(provider);
    house.set(u"server.threads"_s, u"1"_s);
    house.control->start();
    const QByteArray question = "GET /v1/models HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "
                                + house.key + "\r\n\r\n";
    TestClient former(house.port());
    former.send(question);
    QTRY_VERIFY(former.isAnswered());
    TestClient client(house.port());
    QTRY_COMPARE(house.shared->connections.load(), 2);
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(free.serverPort()));
    free.close();

    house.control->restart();
    QTRY_VERIFY(former.isClosed()); // idle, as it is left
    client.send(question);

    QTRY_VERIFY(client.isAnswered());
    QCOMPARE(client.reply().status, 200);
    QTRY_VERIFY(client.isClosed()); // by whom it was let in, and who serves no further one
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::GatewayRestartScenario)
#include "tst_gatewayrestart.moc"
