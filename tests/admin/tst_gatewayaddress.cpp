#include "admin/gateway/ownaddresses.h"

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
    void ownAddresses();
    void presentInterfacesAreFound();

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
    QCOMPARE(all[0].url, u"https://127.0.0.1:3000"_s);
    QCOMPARE(all[1].kind, Kind::Lan4);
    QCOMPARE(all[1].url, u"https://192.168.1.20:3000"_s);
    QCOMPARE(all[2].kind, Kind::Lan6);
    QCOMPARE(all[2].url, u"https://[fd00::20]:3000"_s);
    QCOMPARE(all[3].kind, Kind::Container);
    QCOMPARE(all[3].url, u"https://172.17.0.1:3000"_s);
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

void GatewayAddressTest::ownAddresses()
{
    OwnAddresses own;
    own.set({{QHostAddress(QHostAddress::LocalHost), 3000, false},
             {QHostAddress(QHostAddress::Any), 4000, false}},
            m_interfaces);

    QVERIFY(own.contains(u"127.0.0.1"_s, 3000));
    QVERIFY(own.contains(u"LOCALHOST"_s, 3000));
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

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::GatewayAddressTest)
#include "tst_gatewayaddress.moc"
