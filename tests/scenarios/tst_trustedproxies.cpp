#include "scenarios/gatewayharness.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::chatDocument;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;

// Whose word counts for where a client is: the ledger's address, and a token's ranges.
class TrustedProxiesScenario : public QObject
{
    Q_OBJECT

private slots:
    void forwardedAddresses_data();
    void forwardedAddresses();
    void aForgedAddressOpensNoToken();
    void anUnreadableAddressOpensNoToken_data();
    void anUnreadableAddressOpensNoToken();
};

static const QByteArray path("/v1/chat/completions");

void TrustedProxiesScenario::forwardedAddresses_data()
{
    QTest::addColumn<QString>("trusted");
    QTest::addColumn<QByteArrayList>("fields");
    QTest::addColumn<QByteArray>("address");

    const QString loopback = u"127.0.0.0/8, ::1"_s;
    const auto row = [](const char *name,
                        const QString &trusted,
                        const QByteArrayList &fields,
                        const QByteArray &address) {
        QTest::newRow(name) << trusted << fields << address;
    };
    const QByteArray forwarded("X-Forwarded-For: ");
    row("nobody is trusted", {}, {forwarded + "203.0.113.9"}, "127.0.0.1");
    row("another proxy is trusted", u"10.0.0.0/8"_s, {forwarded + "203.0.113.9"}, "127.0.0.1");
    row("a trusted proxy", loopback, {forwarded + "203.0.113.9"}, "203.0.113.9");
    row("in another case", loopback, {"x-forwarded-for:203.0.113.9"}, "203.0.113.9");
    row("it says nothing", loopback, {}, "127.0.0.1");
    // The client can write what it likes before what the proxy adds.
    row("several hops", loopback, {forwarded + "198.51.100.1, 203.0.113.9"}, "203.0.113.9");
    row("several fields",
        loopback,
        {forwarded + "198.51.100.1", forwarded + "203.0.113.9"},
        "203.0.113.9");
    row("garbage before it", loopback, {forwarded + "<x>,,1.2.3, 203.0.113.9"}, "203.0.113.9");
    row("IPv6", loopback, {forwarded + "2001:db8::7"}, "2001:db8::7");
    row("IPv4 in IPv6", loopback, {forwarded + "::ffff:203.0.113.9"}, "203.0.113.9");
    row("a port", loopback, {forwarded + "203.0.113.9:5555"}, "203.0.113.9");
    row("two trusted proxies", loopback, {forwarded + "203.0.113.9, 127.0.0.9"}, "203.0.113.9");
    // The log names the proxy then.
    row("garbage", loopback, {forwarded + "unknown"}, "127.0.0.1");
    row("garbage at the end", loopback, {forwarded + "203.0.113.9, x"}, "127.0.0.1");
    row("an empty hop at the end", loopback, {forwarded + "203.0.113.9,"}, "127.0.0.1");
    row("nothing in it", loopback, {forwarded}, "127.0.0.1");
    row("another field", loopback, {"Forwarded: for=203.0.113.9"}, "127.0.0.1");
}

void TrustedProxiesScenario::forwardedAddresses()
{
    QFETCH(QString, trusted);
    QFETCH(QByteArrayList, fields);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.settings().server.trustedProxies = trusted;
    gate.start();
    const auto client = gate.connect();

    client->send(support::post(path, support::chatBody(), support::testKey, fields));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 200);
    QCOMPARE(gate.rows().size(), size_t(1));
    QTEST(gate.rows().front().clientAddress, "address");
}

void TrustedProxiesScenario::aForgedAddressOpensNoToken()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.token().addressRanges = *domain::addressRangesFrom(u"203.0.113.0/24"_s);
    gate.start();
    const QByteArrayList forged{"X-Forwarded-For: 203.0.113.9"};
    const auto client = gate.connect();

    client->send(support::post(path, support::chatBody(), support::testKey, forged));
    QTRY_VERIFY(client->isAnswered());
    gate.content.settings().server.trustedProxies = u"127.0.0.1"_s;
    gate.publish();
    const auto behindProxy = gate.connect();
    behindProxy->send(support::post(path, support::chatBody(), support::testKey, forged));
    QTRY_VERIFY(behindProxy->isAnswered());

    QCOMPARE(client->reply().status, 403);
    QCOMPARE(behindProxy->reply().status, 200);
    QCOMPARE(provider.requestCount(), 1);
}

void TrustedProxiesScenario::anUnreadableAddressOpensNoToken_data()
{
    QTest::addColumn<QByteArray>("forwarded");

    QTest::newRow("a word") << QByteArray("unknown");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("nothing at the end") << QByteArray("127.0.0.1,");
    QTest::newRow("an address outside, with a port") << QByteArray("8.8.8.8:5555");
    QTest::newRow("IPv6 outside, with a port") << QByteArray("[2001:db8::1]:555");
    QTest::newRow("a second trusted proxy") << QByteArray("8.8.8.8, 127.0.0.9");
}

// The proxy's own address lies in the token's ranges.
void TrustedProxiesScenario::anUnreadableAddressOpensNoToken()
{
    QFETCH(QByteArray, forwarded);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.token().addressRanges =
        *domain::addressRangesFrom(u"127.0.0.0/8, 0.0.0.0/8, ::"_s);
    gate.content.settings().server.trustedProxies = u"127.0.0.0/8"_s;
    gate.start();
    const auto client = gate.connect();

    client->send(support::post(path,
                               support::chatBody(),
                               support::testKey,
                               QByteArrayList{"X-Forwarded-For: " + forwarded}));
    QTRY_VERIFY(client->isAnswered());

    QCOMPARE(client->reply().status, 403);
    QCOMPARE(provider.requestCount(), 0);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TrustedProxiesScenario)
#include "tst_trustedproxies.moc"
