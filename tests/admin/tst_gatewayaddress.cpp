#include "admin/gateway/ownaddresses.h"

#include <QHostInfo>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using Kind = GatewayAddress::Kind;

class GatewayAddressTest : public QObject
{
    Q_OBJECT

private slots:
    void loopbackIsForThisComputerAlone();
    void allInterfaces();
    void oneInterface();
    void oneIsShown();
    void tellsWhichListenersAreLost();
    void ownAddresses();
    void presentInterfacesAreFound();
    void outwardAreThoseOfNetworks();
    void tellsOfAddressesThatAreGone_data();
    void tellsOfAddressesThatAreGone();

private:
    const std::vector<InterfaceAddress> m_interfaces{{u"lo"_s, QHostAddress(u"127.0.0.1"_s)},
                                                     {u"eth0"_s, QHostAddress(u"192.168.1.20"_s)},
                                                     {u"eth0"_s, QHostAddress(u"fe80::1"_s)},
                                                     {u"eth0"_s, QHostAddress(u"fd00::20"_s)},
                                                     {u"docker0"_s, QHostAddress(u"172.17.0.1"_s)}};
};

void GatewayAddressTest::loopbackIsForThisComputerAlone()
{
    const auto all =
        addressesOf({{QHostAddress(QHostAddress::LocalHost), 3000, false}}, m_interfaces);

    QCOMPARE(all.size(), size_t(1));
    QCOMPARE(all[0].kind, Kind::Localhost);
    QCOMPARE(all[0].url, u"http://127.0.0.1:3000"_s);
    QVERIFY(!all[0].note.isEmpty());
}

void GatewayAddressTest::allInterfaces()
{
    const auto all = addressesOf({{QHostAddress(QHostAddress::Any), 3000, true}}, m_interfaces);

    QCOMPARE(all.size(), size_t(4));
    QCOMPARE(all[0].url, u"http://127.0.0.1:3000"_s); // programs of this computer need no TLS
    QCOMPARE(all[1].kind, Kind::Lan4);
    QCOMPARE(all[1].url, u"https://192.168.1.20:3000"_s);
    QCOMPARE(all[2].kind, Kind::Lan6);
    QCOMPARE(all[2].url, u"https://[fd00::20]:3000"_s);
    QCOMPARE(all[3].kind, Kind::Container);
    QCOMPARE(all[3].url, u"https://172.17.0.1:3000"_s);
}

void GatewayAddressTest::oneIsShown()
{
    const auto all = addressesOf({{QHostAddress(QHostAddress::Any), 3000, true}}, m_interfaces);
    const auto local =
        addressesOf({{QHostAddress(QHostAddress::LocalHost), 3000, true}}, m_interfaces);

    QCOMPARE(shownAddress(all), u"https://192.168.1.20:3000"_s);
    QCOMPARE(shownAddress(all, u"http://127.0.0.1:3000"_s), u"http://127.0.0.1:3000"_s);
    // One that was chosen before and is gone.
    QCOMPARE(shownAddress(all, u"http://127.0.0.1:4000"_s), u"https://192.168.1.20:3000"_s);
    QCOMPARE(shownAddress(local, u"https://192.168.1.20:3000"_s), u"http://127.0.0.1:3000"_s);
    QCOMPARE(shownAddress({}, u"http://127.0.0.1:3000"_s), QString());
}

void GatewayAddressTest::oneInterface()
{
    const auto all = addressesOf({{QHostAddress(u"192.168.1.20"_s), 3000, false},
                                  {QHostAddress(QHostAddress::LocalHostIPv6), 3000, false}},
                                 m_interfaces);

    QCOMPARE(all.size(), size_t(2));
    QCOMPARE(all[0].url, u"http://[::1]:3000"_s);
    QCOMPARE(all[1].url, u"http://192.168.1.20:3000"_s);
}

void GatewayAddressTest::tellsWhichListenersAreLost()
{
    const std::vector<BoundAddress> bound{{QHostAddress(QHostAddress::LocalHost), 3000, false},
                                          {QHostAddress(QHostAddress::Any), 3001, false},
                                          {QHostAddress(u"192.168.1.20"_s), 3000, false},
                                          {QHostAddress(u"fe80::1%eth0"_s), 3000, false},
                                          {QHostAddress(u"192.168.1.21"_s), 3000, true},
                                          {QHostAddress(u"fd00::21"_s), 3000, true}};

    QCOMPARE(lostAddresses(bound, m_interfaces),
             (QStringList{u"192.168.1.21:3000"_s, u"[fd00::21]:3000"_s}));
    QCOMPARE(lostAddresses({}, m_interfaces), QStringList());
}

void GatewayAddressTest::ownAddresses()
{
    OwnAddresses own;
    own.set({{QHostAddress(QHostAddress::LocalHost), 3000, false},
             {QHostAddress(QHostAddress::Any), 4000, false}},
            m_interfaces);

    QVERIFY(own.contains(u"127.0.0.1"_s, 3000));
    QVERIFY(own.contains(u"LOCALHOST"_s, 3000));
    QVERIFY(own.contains(u"any.localhost."_s, 3000));
    QVERIFY(own.contains(QHostInfo::localHostName(), 4000));
    QVERIFY(own.contains(QHostInfo::localHostName().toUpper() + u".local"_s, 4000));
    QVERIFY(!own.contains(QHostInfo::localHostName(), 5000));
    QVERIFY(own.contains(u"0.0.0.0"_s, 3000));
    QVERIFY(!own.contains(u"192.168.1.20"_s, 3000));
    QVERIFY(own.contains(u"192.168.1.20"_s, 4000));
    QVERIFY(own.contains(u"::1"_s, 4000));
    QVERIFY(!own.contains(u"127.0.0.1"_s, 5000));
    QVERIFY(!own.contains(u"203.0.113.1"_s, 4000));
    QVERIFY(!own.contains(u"example.com"_s, 4000));
}

void GatewayAddressTest::presentInterfacesAreFound()
{
    const auto all = interfaceAddresses();

    QVERIFY(std::any_of(
        all.begin(), all.end(), [](const auto &own) { return own.address.isLoopback(); }));
}

void GatewayAddressTest::outwardAreThoseOfNetworks()
{
    const auto all = outward({{u"lo"_s, QHostAddress(QHostAddress::LocalHost)},
                              {u"eth0"_s, QHostAddress(u"192.168.1.20"_s)},
                              {u"eth0"_s, QHostAddress(u"fe80::1"_s)},
                              {u"veth12ab"_s, QHostAddress(u"172.20.0.3"_s)},
                              {u"docker0"_s, QHostAddress(u"172.17.0.1"_s)},
                              {u"tun0"_s, QHostAddress(u"10.8.0.2"_s)}});

    QCOMPARE(all.size(), size_t(2));
    QCOMPARE(all[0].interface, u"eth0"_s);
    QCOMPARE(all[1].interface, u"tun0"_s);
}

void GatewayAddressTest::tellsOfAddressesThatAreGone_data()
{
    using Steps = QList<QStringList>;
    QTest::addColumn<Steps>("steps"); // the addresses, one time after the other
    QTest::addColumn<QString>("local");
    QTest::addColumn<QString>("network");
    const QString here = u"127.0.0.1"_s;
    const QString first = u"192.168.1.20"_s;
    const QString second = u"192.168.1.31"_s;
    const QString v6 = u"fd00::20"_s;
    const QString otherV6 = u"fd00::31"_s;

    QTest::newRow("what is so at first") << Steps{{here, first}} << QString() << QString();
    QTest::newRow("the same again")
        << Steps{{here, first}, {here, first}} << QString() << QString();
    QTest::newRow("another one") << Steps{{here, first}, {here, second}} << QString() << second;
    QTest::newRow("one more") << Steps{{here, first}, {here, first, second}} << QString()
                              << QString();
    QTest::newRow("one of two goes")
        << Steps{{here, first, second}, {here, second}} << QString() << second;
    QTest::newRow("a tunnel behind it goes")
        << Steps{{here, first, second}, {here, first}} << QString() << QString();
    QTest::newRow("no network for a while")
        << Steps{{here, first}, {here}, {here, first}} << QString() << QString();
    QTest::newRow("no network, then another")
        << Steps{{here, first}, {here}, {here, second}} << QString() << second;
    QTest::newRow("it stood still")
        << Steps{{here, first}, {}, {here, first}} << QString() << QString();
    QTest::newRow("a temporary address goes")
        << Steps{{here, v6, otherV6}, {here, otherV6}} << QString() << QString();
    QTest::newRow("all of IPv6 go") << Steps{{here, v6}, {here, otherV6}} << QString() << otherV6;
    QTest::newRow("IPv6 beside IPv4 is no news")
        << Steps{{here, first, v6}, {here, first, otherV6}} << QString() << QString();
    QTest::newRow("IPv4 comes to IPv6")
        << Steps{{here, v6}, {here, first, v6}} << QString() << QString();
    QTest::newRow("opened to the network")
        << Steps{{here}, {here, first}} << QString() << QString();
    QTest::newRow("a bridge for containers")
        << Steps{{here, u"172.17.0.1"_s}, {here, u"172.18.0.1"_s}} << QString() << QString();
    QTest::newRow("this computer's own") << Steps{{here}, {u"::1"_s}} << u"::1"_s << QString();
    QTest::newRow("both") << Steps{{here, first}, {u"::1"_s, second}} << u"::1"_s << second;
}

void GatewayAddressTest::tellsOfAddressesThatAreGone()
{
    QFETCH(QList<QStringList>, steps);
    QFETCH(QString, local);
    QFETCH(QString, network);
    AddressWatch watch;

    std::optional<AddressChange> change;
    for (const QStringList &step : steps) {
        std::vector<GatewayAddress> present;
        for (const QString &text : step) {
            const QHostAddress host(text);
            const Kind kind = host.isLoopback()            ? Kind::Localhost
                              : text.startsWith(u"172."_s) ? Kind::Container
                              : text.contains(u':')        ? Kind::Lan6
                                                           : Kind::Lan4;
            present.push_back({.kind = kind, .url = text});
        }
        change = watch.note(present);
    }

    QCOMPARE(change.has_value(), !local.isEmpty() || !network.isEmpty());
    if (!change)
        return;
    QCOMPARE(change->local, local);
    QCOMPARE(change->network, network);
    QCOMPARE(change->address(), network.isEmpty() ? local : network);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::GatewayAddressTest)
#include "tst_gatewayaddress.moc"
