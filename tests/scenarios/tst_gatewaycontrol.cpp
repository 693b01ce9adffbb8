#include "scenarios/controlledhouse.h"

#include <QSignalSpy>
#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

// The window's switch: the gateway comes and goes while all else lives.
class GatewayControlScenario : public QObject
{
    Q_OBJECT

private slots:
    void startsAndStops();
    void aPausedGatewayRefusesNewRequestsAlone();
    void whatStartsWhileItIsHeldWaits();
    void anotherNetworkEndsKeptConnections();
    void aFormerKeyIsToldOncePerClient();
    void drainingLetsRequestsEnd();
    void aUsedPortIsExplained();
    void theHolderIsLookedForOnce();
    void aPortThatIsFreedIsTaken();
    void wrongSettingsAreExplained_data();
    void wrongSettingsAreExplained();
};

void GatewayControlScenario::startsAndStops()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.serve(provider);
    QSignalSpy states(house.control.get(), &GatewayControl::stateChanged);
    QCOMPARE(house.control->state(), GatewayState::Stopped);
    QVERIFY(house.control->addresses().empty());

    house.control->start();

    QCOMPARE(house.control->state(), GatewayState::Running);
    QCOMPARE(house.control->addresses().at(0).url, house.control->urls().at(0));
    QVERIFY(house.own.contains(u"localhost"_s, house.port()));
    const auto client = house.chat();
    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 200);
    house.control->stopNow();
    QTRY_COMPARE(house.control->state(), GatewayState::Stopped);
    QVERIFY(house.control->urls().isEmpty());
    QVERIFY(house.control->addresses().empty());
    house.control->start();
    QCOMPARE(house.control->state(), GatewayState::Running);
    const auto again = house.chat();
    QTRY_VERIFY(again->isAnswered());
    QCOMPARE(again->reply().status, 200);
    QCOMPARE(states.at(0).at(0).value<GatewayState>(), GatewayState::Starting);
    QCOMPARE(states.at(1).at(0).value<GatewayState>(), GatewayState::Running);
    QCOMPARE(states.at(2).at(0).value<GatewayState>(), GatewayState::Draining);
    QCOMPARE(states.at(3).at(0).value<GatewayState>(), GatewayState::Stopped);
}

void GatewayControlScenario::aPausedGatewayRefusesNewRequestsAlone()
{
    FakeUpstream provider(
        [](const ReceivedRequest &request) { return request.number == 1 ? late() : answer(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const auto running = house.chat();
    QTRY_COMPARE(provider.requestCount(), 1);

    house.control->pause();

    QCOMPARE(house.control->state(), GatewayState::Paused);
    const auto refused = house.chat();
    QTRY_VERIFY(refused->isAnswered());
    QCOMPARE(refused->reply().status, 503);
    QVERIFY(refused->reply().header("retry-after").toInt() > 0);
    QVERIFY(refused->reply().body.contains("gateway_paused"));
    const auto anthropic = house.chat("/v1/messages");
    QTRY_VERIFY(anthropic->isAnswered());
    QCOMPARE(anthropic->reply().status, 503);
    QVERIFY(anthropic->reply().body.contains(R"("type":"error")"));
    TestClient api(house.port());
    api.send("GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTRY_VERIFY(api.isAnswered());
    QCOMPARE(api.reply().body, "managed");
    QTRY_VERIFY(running->isAnswered());
    QCOMPARE(running->reply().status, 200);
    house.control->resume();
    const auto served = house.chat();
    QTRY_VERIFY(served->isAnswered());
    QCOMPARE(served->reply().status, 200);
    QCOMPARE(provider.requestCount(), 2);
}

void GatewayControlScenario::whatStartsWhileItIsHeldWaits()
{
    ControlledHouse house;
    house.set(u"server.tls"_s, u"local"_s);
    house.control->start();
    QCOMPARE(house.control->state(), GatewayState::Starting); // its certificate is being made

    house.control->hold();

    QTRY_COMPARE(house.control->state(), GatewayState::Paused);
    house.control->release();
    QCOMPARE(house.control->state(), GatewayState::Running);
    // One that was released before it could start runs at once.
    house.control->stopNow();
    QTRY_COMPARE(house.control->state(), GatewayState::Stopped);
    house.control->start();
    house.control->hold();
    house.control->release();
    QTRY_COMPARE(house.control->state(), GatewayState::Running);
}

void GatewayControlScenario::anotherNetworkEndsKeptConnections()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.set(u"server.threads"_s, u"1"_s);
    house.serve(provider);
    house.control->networkChanged(); // it stands still
    house.control->start();
    for (int i = 0; i < 2; ++i) {
        const auto client = house.chat();
        QTRY_VERIFY(client->isAnswered());
    }
    QCOMPARE(provider.connectionCount(), 1);

    house.control->networkChanged();

    const auto client = house.chat();
    QTRY_VERIFY(client->isAnswered());
    QCOMPARE(client->reply().status, 200);
    QCOMPARE(provider.connectionCount(), 2);
}

void GatewayControlScenario::aFormerKeyIsToldOncePerClient()
{
    FakeUpstream provider([](const ReceivedRequest &) { return answer(); });
    ControlledHouse house;
    house.set(u"server.threads"_s, u"1"_s);
    house.serve(provider);
    house.control->start();
    Administration &administration = *house.house.administration;
    const auto listed = house.house.wait(administration.tokenManager.list(house.house.root()));
    const domain::TokenId token = listed->front().token.id;
    QVERIFY(house.house.wait(administration.tokenManager.rotate(house.house.root(), token, 1h)));
    const auto ask = [&house](const QByteArray &field) {
        QByteArray request =
            support::post("/v1/chat/completions", R"({"model":"small"})", house.key);
        request.insert(request.indexOf("\r\n") + 2, field);
        TestClient client(house.port());
        client.send(request);
        QTRY_VERIFY(client.isAnswered());
    };

    for (int i = 0; i < 2; ++i) {
        ask({});
        ask("User-Agent: claude-cli/2.0.1 (external, cli)\r\n");
    }

    const auto uses = house.events.formerUses();
    QCOMPARE(uses.size(), size_t(2));
    QCOMPARE(uses[0].token, token);
    QVERIFY(uses[0].client.isEmpty());
    QCOMPARE(uses[1].client, u"Claude Code"_s);
    QCOMPARE(uses[1].address, u"127.0.0.1"_s);
}

void GatewayControlScenario::drainingLetsRequestsEnd()
{
    FakeUpstream provider([](const ReceivedRequest &) { return late(); });
    ControlledHouse house;
    house.serve(provider);
    house.control->start();
    const auto running = house.chat();
    QTRY_COMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(house.control->inFlight(), 1);

    house.control->drain(30s);

    QCOMPARE(house.control->state(), GatewayState::Draining);
    QTRY_COMPARE(house.control->state(), GatewayState::Stopped);
    QVERIFY(running->isAnswered());
    QCOMPARE(running->reply().status, 200);
    QTRY_COMPARE(house.control->inFlight(), 0);
}

void GatewayControlScenario::aUsedPortIsExplained()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ControlledHouse house;
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(other.serverPort()));

    house.control->start();

    QCOMPARE(house.control->state(), GatewayState::Failed);
    QCOMPARE(house.control->problem()->kind, GatewayProblem::Kind::PortInUse);
    QVERIFY(!house.control->problem()->isExplained); // it is looked for in another thread
    QVERIFY(!house.control->problem()->error.message.isEmpty());
    QTRY_VERIFY(house.control->problem()->isExplained);
    const GatewayProblem problem = house.control->problem().value();
    QCOMPARE(problem.kind, GatewayProblem::Kind::PortInUse);
    QCOMPARE(problem.port, other.serverPort());
    QVERIFY(problem.nextFreePort > 0);
    QVERIFY(problem.error.message.english().contains(QString::number(other.serverPort())));
#ifdef Q_OS_LINUX
    QCOMPARE(problem.holderProcess, QCoreApplication::applicationPid());
    QVERIFY(problem.error.message.english().contains(problem.holder));
#endif
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(problem.nextFreePort));
    house.control->start();
    QCOMPARE(house.control->state(), GatewayState::Running);
    QVERIFY(!house.control->problem());
}

// What was found out holds for the attempts that follow.
void GatewayControlScenario::theHolderIsLookedForOnce()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ControlledHouse house;
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(other.serverPort()));
    house.control->start();
    QTRY_VERIFY(house.control->problem()->isExplained);
    const GatewayProblem first = house.control->problem().value();
    bool allExplained = true;
    int attempts = 0;
    connect(house.control.get(), &GatewayControl::problemChanged, this, [&] {
        ++attempts;
        const auto &problem = house.control->problem();
        allExplained = allExplained && problem->isExplained
                       && problem->holderProcess == first.holderProcess
                       && problem->nextFreePort == first.nextFreePort;
    });

    QTRY_COMPARE_WITH_TIMEOUT(attempts, 2, 20'000);

    QVERIFY(allExplained);
    // A person who tries anew is told anew.
    house.control->start();
    QVERIFY(!house.control->problem()->isExplained);
    QTRY_VERIFY(house.control->problem()->isExplained);
}

void GatewayControlScenario::aPortThatIsFreedIsTaken()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const quint16 port = other.serverPort();
    ControlledHouse house;
    house.set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(port));
    house.control->start();
    QCOMPARE(house.control->state(), GatewayState::Failed);
    QVERIFY(house.control->triesAgain());

    other.close();

    QTRY_COMPARE_WITH_TIMEOUT(house.control->state(), GatewayState::Running, 20'000);
    QCOMPARE(house.port(), port);
    QVERIFY(!house.control->problem());
    QVERIFY(!house.control->triesAgain());
    // Nobody asks for what a person has stopped.
    house.control->stopNow();
    QVERIFY(!house.control->triesAgain());
}

void GatewayControlScenario::wrongSettingsAreExplained_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<GatewayProblem::Kind>("kind");

    QTest::newRow("an address of another computer")
        << u"server.listen"_s << u"203.0.113.1:3000"_s << GatewayProblem::Kind::AddressMissing;
    QTest::newRow("no certificate") << u"server.tls_certificate"_s << u"/nonexistent.pem"_s
                                    << GatewayProblem::Kind::Certificate;
}

void GatewayControlScenario::wrongSettingsAreExplained()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(GatewayProblem::Kind, kind);
    ControlledHouse house;
    house.set(key, value);

    house.control->start();

    QCOMPARE(house.control->state(), GatewayState::Failed);
    QCOMPARE(house.control->problem()->kind, kind);
    QVERIFY(!house.control->problem()->error.message.isEmpty());
    QVERIFY(house.control->urls().isEmpty());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::GatewayControlScenario)
#include "tst_gatewaycontrol.moc"
