#include "admin/gateway/gatewaycontrol.h"
#include "admin/gateway/gatewayparts.h"
#include "relay/tokenmeter.h"
#include "scenarios/testclient.h"
#include "storage/ledger/ledgerwriter.h"
#include "support/administrationfixture.h"
#include "support/fakeupstream.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QUrl>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using support::AdministrationFixture;
using support::FakeUpstream;
using support::ReceivedRequest;
using support::Script;
using support::TestClient;

namespace {

// Answers every path of the management with a fixed text.
class FixedApi final : public gateway::ApiHandler
{
public:
    bool serves(QByteArrayView path) const override { return path.startsWith("/api/"); }
    void handle(gateway::ApiRequest, Reply reply) override { reply({.body = "managed"}); }
};

// The administration with a gateway that a GatewayControl starts and stops.
class ControlledHouse
{
public:
    ControlledHouse()
    {
        house.start();
        ledger = std::make_unique<storage::LedgerWriter>(*house.storage, house.clock);
        shared.reset(new gateway::Shared{.clock = house.clock,
                                         .admission = *house.admission,
                                         .health = *house.health,
                                         .load = *house.load,
                                         .ledger = *ledger,
                                         .events = events,
                                         .meter = meter,
                                         .api = &api,
                                         .spool = spool});
        storage::LedgerWriter *writer = ledger.get();
        control = std::make_unique<GatewayControl>(GatewayParts{
            .administration = *house.administration,
            .shared = *shared,
            .receipts = {
                .add = [writer](auto post) { return writer->registerReceiver(std::move(post)); },
                .remove = [writer](int receiver) { writer->unregisterReceiver(receiver); }},
            .ownAddresses = own,
            .dispatcher = qEnvironmentVariable("GATEHOUSE_DISPATCHER")});
        set(u"server.listen"_s, u"127.0.0.1:0"_s);
    }
    ~ControlledHouse()
    {
        control.reset();
        house.administration->publisher.settled();
        ledger.reset();
    }

    void set(const QString &name, const QString &value)
    {
        QVERIFY(house.wait(house.administration->settings.set(name, value)));
    }
    // A channel that leads to `provider`, and a token of root for it.
    void serve(const FakeUpstream &provider)
    {
        QVERIFY(house.wait(house.administration->channels.create(
            {domain::Channel{.name = u"provider"_s,
                             .baseUrl = QString::fromLatin1(provider.baseUrl()),
                             .keys = {domain::ChannelKey{.secret = base::Secret(u"k"_s)}},
                             .models = {u"small"_s}}})));
        const auto token = house.wait(
            house.administration->tokens.create(house.root(), {.name = u"t"_s, .unlimited = true}));
        key = token->key.reveal();
        QVERIFY(house.wait(house.administration->users.change(
            house.root(), house.root().id, {.balance = domain::Quota{1'000'000}})));
    }
    quint16 port() const { return static_cast<quint16>(QUrl(control->urls().value(0)).port()); }
    std::unique_ptr<TestClient> chat(const QByteArray &path = "/v1/chat/completions") const
    {
        auto client = std::make_unique<TestClient>(port());
        client->send(support::post(
            path,
            R"({"model":"small","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})",
            key));
        return client;
    }

    class Meter final : public relay::TokenMeter
    {
    public:
        qint64 promptTokens(QByteArrayView, QByteArrayView) const override { return 1; }
        qint64 textTokens(QByteArrayView, QByteArrayView) const override { return 1; }
    };
    class Events final : public relay::RelayEvents
    {
    public:
        void keyRefused(const relay::KeyRefusal &) override {}
    };

    AdministrationFixture house{};
    std::unique_ptr<storage::LedgerWriter> ledger{};
    Meter meter{};
    Events events{};
    FixedApi api{};
    http::SpoolBudget spool{16 * 1024 * 1024};
    std::unique_ptr<gateway::Shared> shared{};
    OwnAddresses own{};
    std::unique_ptr<GatewayControl> control{};
    QByteArray key{};
};

Script answer()
{
    return support::jsonAnswer(
        200,
        R"({"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"usage":)"
        R"({"prompt_tokens":10,"completion_tokens":5}})");
}

Script late()
{
    const Script prompt = answer();
    Script script;
    script.pause(300ms);
    for (const Script::Step &step : prompt.steps())
        script.send(step.bytes);
    return script;
}

} // namespace

// The window's switch: the gateway comes and goes while all else lives.
class GatewayControlScenario : public QObject
{
    Q_OBJECT

private slots:
    void startsAndStops();
    void aPausedGatewayRefusesNewRequestsAlone();
    void whatStartsWhileItIsHeldWaits();
    void anotherNetworkEndsKeptConnections();
    void drainingLetsRequestsEnd();
    void aRestartHeedsTheSettingsOfNow();
    void aRestartThatFailsLeavesWhatServes();
    void aRestartKeepsThePortThatStays();
    void widerAddressesTakeThePortOver();
    void whatWasLetGoOfIsListenedOnAgain();
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

void GatewayControlScenario::aRestartHeedsTheSettingsOfNow()
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

void GatewayControlScenario::aRestartThatFailsLeavesWhatServes()
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

// A client that has connected and was not accepted yet is served by the one that follows.
void GatewayControlScenario::aRestartKeepsThePortThatStays()
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
void GatewayControlScenario::widerAddressesTakeThePortOver()
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

void GatewayControlScenario::whatWasLetGoOfIsListenedOnAgain()
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
