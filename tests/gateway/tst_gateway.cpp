#include "gateway/gateway.h"
#include "gateway/portholder.h"

#include "support/manualclock.h"
#include "support/testcatalog.h"

#include "relay/admission/tokenmeter.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::gateway {

class NoLedger final : public domain::UsageSink
{
public:
    bool isHealthy() const override { return true; }
    void submit(domain::UsageRecord, domain::ReceiptTicket) override {}
};

class NoEvents final : public relay::RelayEvents
{
public:
    void keyRefused(const relay::KeyRefusal &) override {}
};

class NoMeter final : public relay::TokenMeter
{
public:
    qint64 promptTokens(QByteArrayView, QByteArrayView) const override { return 0; }
    qint64 textTokens(QByteArrayView, QByteArrayView) const override { return 0; }
};

// All that a gateway needs from elsewhere.
class Surroundings
{
public:
    ReceiptRegistry receipts()
    {
        return {.add = [this](const auto &) { return ++added; },
                .remove = [this](int) { ++removed; }};
    }

    support::ManualClock clock;
    relay::Admission admission{clock};
    relay::ChannelHealth health{clock};
    relay::ChannelLoad load{clock};
    NoLedger ledger;
    NoEvents events;
    NoMeter meter;
    http::SpoolBudget spool{1024 * 1024};
    Shared shared{.clock = clock,
                  .admission = admission,
                  .health = health,
                  .load = load,
                  .ledger = ledger,
                  .events = events,
                  .meter = meter,
                  .spool = spool};
    std::atomic<int> added{0};
    std::atomic<int> removed{0};
};

class GatewayTest : public QObject
{
    Q_OBJECT

private slots:
    void addressesToListenOn_data();
    void addressesToListenOn();
    void startsAndStops();
    void refusesAPortInUse();
    void tellsWhoHoldsThePort();
    void refusesWhatIsNoCertificate();
    void stopsWithoutHavingBeenTold();
    void closesWhatNoThreadTookOver();
    void takesNoBodyFromStrangers_data();
    void takesNoBodyFromStrangers();
    void refusesInTheClientsDialect_data();
    void refusesInTheClientsDialect();
    void limitsTheConnectionsOfOneAddress();
    void theManagementIsOpenToNoPage();
};

void GatewayTest::addressesToListenOn_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host"); // empty: refused
    QTest::addColumn<int>("port");

    QTest::newRow("IPv4") << u"127.0.0.1:3000"_s << u"127.0.0.1"_s << 3000;
    QTest::newRow("IPv6") << u"[::1]:0"_s << u"::1"_s << 0;
    QTest::newRow("localhost") << u"localhost:80"_s << u"127.0.0.1"_s << 80;
    QTest::newRow("everywhere") << u"0.0.0.0:80"_s << u"0.0.0.0"_s << 80;
    QTest::newRow("no port") << u"127.0.0.1"_s << QString() << 0;
    QTest::newRow("a port too large") << u"127.0.0.1:65536"_s << QString() << 0;
    QTest::newRow("a name") << u"example.com:80"_s << QString() << 0;
    QTest::newRow("nothing") << QString() << QString() << 0;
}

void GatewayTest::addressesToListenOn()
{
    QFETCH(QString, text);
    QFETCH(QString, host);

    const auto address = listenAddressFrom(text);

    QCOMPARE(address.has_value(), !host.isEmpty());
    if (!address) {
        QCOMPARE(address.error().code, base::ErrorCode::InvalidInput);
        return;
    }
    QCOMPARE(address->host.toString(), host);
    QTEST(int(address->port), "port");
}

void GatewayTest::startsAndStops()
{
    Surroundings around;
    Gateway gateway(around.shared, around.receipts());

    QVERIFY(gateway.start({.listen = {{.port = 0}, {.port = 0}}, .threads = 3},
                          support::TestCatalog().build()));
    QCOMPARE(gateway.urls().size(), 2);
    QVERIFY(gateway.urls().first().startsWith(u"http://127.0.0.1:"_s));
    QVERIFY(gateway.urls().first() != gateway.urls().last());
    QCOMPARE(around.added.load(), 3);
    const QFuture<void> inForce = gateway.setCatalog(support::TestCatalog().build());
    QTRY_VERIFY(inForce.isFinished());
    QSignalSpy stopped(&gateway, &Gateway::stopped);
    gateway.stop(10s);

    QVERIFY(stopped.wait());
}

void GatewayTest::refusesAPortInUse()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Surroundings around;
    Gateway gateway(around.shared, around.receipts());

    const auto started = gateway.start({.listen = {{.port = other.serverPort()}}, .threads = 1},
                                       support::TestCatalog().build());

    QVERIFY(!started);
    QCOMPARE(started.error().code, base::ErrorCode::Conflict);
    QVERIFY(started.error().message.english().contains(QString::number(other.serverPort())));
}

void GatewayTest::tellsWhoHoldsThePort()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Surroundings around;
    Gateway gateway(around.shared, around.receipts());

    QVERIFY(!gateway.start({.listen = {{.port = other.serverPort()}}, .threads = 1},
                           support::TestCatalog().build()));

    QVERIFY(gateway.bindFailure().has_value());
    QCOMPARE(gateway.bindFailure()->reason, QAbstractSocket::AddressInUseError);
    QCOMPARE(gateway.bindFailure()->address.port, other.serverPort());
#ifdef Q_OS_LINUX
    const auto holder = holderOfPort(other.serverPort());
    QVERIFY(holder.has_value());
    QCOMPARE(holder->process, QCoreApplication::applicationPid());
    QVERIFY(!holder->program.isEmpty());
#endif
    const quint16 free = nextFreePort(QHostAddress::LocalHost, other.serverPort());
    QVERIFY(free > other.serverPort());
    QTcpServer third;
    QVERIFY(third.listen(QHostAddress::LocalHost, free));
}

void GatewayTest::refusesWhatIsNoCertificate()
{
    Surroundings around;
    Gateway gateway(around.shared, around.receipts());

    const auto started = gateway.start({.listen = {{.port = 0}},
                                        .threads = 1,
                                        .tlsCertificate = u"/nonexistent.pem"_s,
                                        .tlsKey = u"/nonexistent.key"_s},
                                       support::TestCatalog().build());

    QVERIFY(!started);
    QVERIFY(started.error().message.english().contains(u"/nonexistent.pem"_s));
}

void GatewayTest::stopsWithoutHavingBeenTold()
{
    Surroundings around;
    QTcpSocket client;
    {
        Gateway gateway(around.shared, around.receipts());
        QVERIFY(
            gateway.start({.listen = {{.port = 0}}, .threads = 2}, support::TestCatalog().build()));
        client.connectToHost(QHostAddress(QHostAddress::LocalHost),
                             static_cast<quint16>(gateway.urls().first().section(u':', 2).toInt()));
        QVERIFY(client.waitForConnected());
        // An answer shows that a thread has taken it over.
        client.write("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_VERIFY(client.bytesAvailable() > 0);
    }

    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(around.removed.load(), 2);
}

// Holds up the gateway thread that asks it, until the test lets it go.
class HoldingApi final : public ApiHandler
{
public:
    bool serves(QByteArrayView path) const override { return path.startsWith("/api/"); }
    void handle(ApiRequest, Reply reply) override
    {
        held.release();
        goOn.acquire();
        reply({});
    }

    QSemaphore held;
    QSemaphore goOn;
};

void GatewayTest::closesWhatNoThreadTookOver()
{
    HoldingApi api;
    Surroundings around;
    around.shared.api = &api;
    auto gateway = std::make_unique<Gateway>(around.shared, around.receipts());
    QVERIFY(
        gateway->start({.listen = {{.port = 0}}, .threads = 1}, support::TestCatalog().build()));
    const auto port = static_cast<quint16>(gateway->urls().first().section(u':', 2).toInt());
    QTcpSocket first;
    first.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    QVERIFY(first.waitForConnected());
    first.write("GET /api/x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTRY_COMPARE(api.held.available(), 1);
    QTcpSocket waiting;
    waiting.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    QVERIFY(waiting.waitForConnected());
    QTRY_COMPARE(around.shared.connections.load(), 2);

    // The thread goes on when nobody listens any more, which is when it has been told to end.
    const std::unique_ptr<QThread> helper(QThread::create([&api, port] {
        bool isListening = true;
        while (isListening) {
            QTcpSocket probe;
            probe.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
            isListening = probe.waitForConnected();
        }
        api.goOn.release();
    }));
    helper->start();
    gateway.reset();
    helper->wait();

    QTRY_COMPARE(waiting.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(around.shared.connections.load() <= 1, true);
}

// Knows one path, and says so by the head alone.
class JudgingApi final : public ApiHandler
{
public:
    bool serves(QByteArrayView path) const override { return path.startsWith("/api/"); }
    std::optional<ApiResponse> refusedByHead(const ApiRequest &request) override
    {
        if (request.path == "/api/known")
            return std::nullopt;
        return ApiResponse{.status = 404, .body = "unknown"};
    }
    void handle(ApiRequest request, Reply reply) override
    {
        reply({.body = request.judged ? "judged" : "not judged"});
    }
};

// A gateway with such an API, and a client of it.
class Served
{
public:
    explicit Served(const std::shared_ptr<const domain::Catalog> &catalog)
    {
        around.shared.api = &api;
        QVERIFY(gateway.start({.listen = {{.port = 0}}, .threads = 1}, catalog));
        connectTo(client);
    }
    void connectTo(QTcpSocket &socket) const
    {
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), gateway.bound().front().port);
        QVERIFY(socket.waitForConnected());
    }
    QByteArray answer()
    {
        received += client.readAll();
        return received;
    }

    JudgingApi api;
    Surroundings around;
    Gateway gateway{around.shared, around.receipts()};
    QTcpSocket client;
    QByteArray received;
};

void GatewayTest::takesNoBodyFromStrangers_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("length");
    QTest::addColumn<QByteArray>("status"); // empty: the body is waited for
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("OPTIONS") << QByteArray("OPTIONS /v1/chat/completions") << 30'000'000
                             << QByteArray("204") << QByteArray();
    QTest::newRow("an unknown path of the API") << QByteArray("POST /api/unknown") << 1'000'000
                                                << QByteArray("404") << QByteArray("unknown");
    QTest::newRow("too much for the API") << QByteArray("POST /api/known") << 3'000'000
                                          << QByteArray("413") << QByteArray(R"("success":false)");
    QTest::newRow("what the API knows")
        << QByteArray("POST /api/known") << 1'000'000 << QByteArray() << QByteArray();
}

void GatewayTest::takesNoBodyFromStrangers()
{
    QFETCH(QByteArray, line);
    QFETCH(int, length);
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, body);
    Served served(support::TestCatalog().build());

    served.client.write(line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + QByteArray::number(length) + "\r\n\r\n{");
    if (status.isEmpty()) {
        served.client.write(QByteArray(length - 1, ' '));
        QTRY_VERIFY(served.answer().endsWith("\r\n\r\njudged"));
        return;
    }
    QTRY_VERIFY(served.answer().contains("\r\n\r\n"));

    QVERIFY2(served.received.startsWith(QByteArray("HTTP/1.1 " + status)),
             served.received.constData());
    QTRY_VERIFY(served.answer().contains(body));
    // Our side ends: no further request is read out of the body.
    QTRY_COMPARE(served.client.state(), QAbstractSocket::UnconnectedState);
}

void GatewayTest::refusesInTheClientsDialect_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("framing");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("shape");

    const QByteArray badChunk = "Transfer-Encoding: chunked\r\n\r\nxyz\r\n";
    const QByteArray tooLong = "Content-Length: 99000000\r\n\r\n";
    const QByteArray anthropic = R"("type":"error")";
    const QByteArray gemini = R"("status":"INVALID_ARGUMENT")";
    QTest::newRow("Anthropic, a bad chunk")
        << QByteArray("/v1/messages") << badChunk << 400 << anthropic;
    QTest::newRow("Anthropic, too long")
        << QByteArray("/v1/messages") << tooLong << 413 << anthropic;
    QTest::newRow("Gemini, a bad chunk")
        << QByteArray("/v1beta/models/m:generateContent") << badChunk << 400 << gemini;
    QTest::newRow("the management, a bad chunk")
        << QByteArray("/api/known") << badChunk << 400 << QByteArray(R"("success":false)");
    QTest::newRow("the management, too long")
        << QByteArray("/api/known") << tooLong << 413 << QByteArray(R"("success":false)");
}

void GatewayTest::refusesInTheClientsDialect()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, framing);
    QFETCH(int, status);
    QFETCH(QByteArray, shape);
    Served served(support::TestCatalog().build());

    served.client.write("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: "
                        + QByteArray(support::testKey) + "\r\n" + framing);
    QTRY_COMPARE(served.client.state(), QAbstractSocket::UnconnectedState);

    const QByteArray answer = served.answer();
    QVERIFY2(answer.startsWith(QByteArray("HTTP/1.1 " + QByteArray::number(status))),
             answer.constData());
    QVERIFY2(answer.contains(shape), answer.constData());
}

void GatewayTest::limitsTheConnectionsOfOneAddress()
{
    support::TestCatalog catalog;
    catalog.settings().http.connectionsPerAddress = 2;
    Served served(catalog.build());
    QTcpSocket second;
    served.connectTo(second);
    QTRY_COMPARE(served.around.shared.connections.load(), 2);

    QTcpSocket third;
    served.connectTo(third);

    QTRY_COMPARE(third.state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(served.around.shared.connections.load(), 2);
    QCOMPARE(second.state(), QAbstractSocket::ConnectedState);
    second.abort();
    QTRY_COMPARE(served.around.shared.connections.load(), 1);
    QTcpSocket fourth;
    served.connectTo(fourth);
    fourth.write("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTRY_VERIFY(fourth.bytesAvailable() > 0);
}

// Not even to one that may use the relay: its sessions are cookies.
void GatewayTest::theManagementIsOpenToNoPage()
{
    support::TestCatalog content;
    content.settings().server.corsOrigins = u"http://page.example"_s;
    Served served(content.build());

    served.client.write("GET /api/known HTTP/1.1\r\nHost: localhost\r\n"
                        "Origin: http://page.example\r\n\r\n");
    QTRY_VERIFY(served.answer().endsWith("\r\n\r\nnot judged"));
    QVERIFY(!served.received.toLower().contains("access-control-"));

    served.received.clear();
    served.client.write("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"
                        "Origin: http://page.example\r\n\r\n");
    QTRY_VERIFY(served.answer().contains("401"));
    QVERIFY(served.received.contains("Access-Control-Allow-Origin: http://page.example\r\n"));
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::GatewayTest)
#include "tst_gateway.moc"
