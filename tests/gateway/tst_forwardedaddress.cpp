#include "gateway/forwardedaddress.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

class ForwardedAddressTest : public QObject
{
    Q_OBJECT

private slots:
    void hops_data();
    void hops();
    void namesTheLastThatIsNoProxy_data();
    void namesTheLastThatIsNoProxy();
};

void ForwardedAddressTest::hops_data()
{
    QTest::addColumn<QByteArray>("hop");
    QTest::addColumn<QHostAddress>("address");

    const QHostAddress v4(u"192.0.2.1"_s);
    const QHostAddress v6(u"2001:db8::1"_s);
    QTest::newRow("IPv4") << QByteArray(" 192.0.2.1 ") << v4;
    QTest::newRow("with a port") << QByteArray("192.0.2.1:5555") << v4;
    QTest::newRow("quoted") << QByteArray("\"192.0.2.1\"") << v4;
    QTest::newRow("mapped") << QByteArray("::ffff:192.0.2.1") << v4;
    QTest::newRow("IPv6") << QByteArray("2001:db8::1") << v6;
    QTest::newRow("in brackets") << QByteArray("[2001:db8::1]") << v6;
    QTest::newRow("in brackets, with a port") << QByteArray("\"[2001:db8::1]:443\"") << v6;
    QTest::newRow("nothing") << QByteArray() << QHostAddress();
    QTest::newRow("a word") << QByteArray("unknown") << QHostAddress();
    QTest::newRow("no port behind the colon") << QByteArray("192.0.2.1:x") << QHostAddress();
    QTest::newRow("an open bracket") << QByteArray("[2001:db8::1") << QHostAddress();
    QTest::newRow("a closed one alone") << QByteArray("[]") << QHostAddress();
    QTest::newRow("one quote") << QByteArray("\"") << QHostAddress();
}

void ForwardedAddressTest::hops()
{
    QFETCH(QByteArray, hop);

    QTEST(hopAddress(hop), "address");
}

void ForwardedAddressTest::namesTheLastThatIsNoProxy_data()
{
    QTest::addColumn<QByteArrayList>("values");
    QTest::addColumn<QHostAddress>("address");

    const QHostAddress client(u"192.0.2.1"_s);
    QTest::newRow("no field") << QByteArrayList() << QHostAddress(u"10.0.0.1"_s);
    QTest::newRow("one hop") << QByteArrayList{"192.0.2.1"} << client;
    QTest::newRow("forged hops before it") << QByteArrayList{"<x>, 8.8.8.8, 192.0.2.1"} << client;
    QTest::newRow("a proxy behind it") << QByteArrayList{"8.8.8.8, 192.0.2.1, 10.0.0.2"} << client;
    QTest::newRow("in fields of their own")
        << QByteArrayList{"8.8.8.8", "192.0.2.1", "10.0.0.3, 10.0.0.2"} << client;
    QTest::newRow("proxies alone")
        << QByteArrayList{"10.0.0.3, 10.0.0.2"} << QHostAddress(u"10.0.0.3"_s);
    QTest::newRow("an unreadable hop behind a proxy")
        << QByteArrayList{"192.0.2.1, unknown, 10.0.0.2"} << QHostAddress();
    QTest::newRow("an empty hop at the end") << QByteArrayList{"192.0.2.1,"} << QHostAddress();
    QTest::newRow("an empty field at the end") << QByteArrayList{"192.0.2.1", ""} << QHostAddress();
}

void ForwardedAddressTest::namesTheLastThatIsNoProxy()
{
    QFETCH(QByteArrayList, values);
    http::Headers fields;
    fields.add("Host", "localhost");
    for (const QByteArray &value : std::as_const(values))
        fields.add("X-Forwarded-For", value);
    const auto trusts = [](const QHostAddress &address) {
        return address.isInSubnet(QHostAddress(u"10.0.0.0"_s), 8);
    };

    QTEST(forwardedAddress(fields, QHostAddress(u"10.0.0.1"_s), trusts), "address");
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::ForwardedAddressTest)
#include "tst_forwardedaddress.moc"
