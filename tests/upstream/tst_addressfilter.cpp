#include "upstream/addressfilter.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;

class AddressFilterTest : public QObject
{
    Q_OBJECT

private slots:
    void mayConnect_data();
    void mayConnect();
    void literalAddress_data();
    void literalAddress();
    void isLocalhost_data();
    void isLocalhost();
};

void AddressFilterTest::mayConnect_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("ever"); // with private addresses allowed
    QTest::addColumn<bool>("publicly");

    QTest::newRow("public IPv4") << u"93.184.216.34"_s << true << true;
    QTest::newRow("public IPv6") << u"2606:4700::1111"_s << true << true;
    QTest::newRow("loopback") << u"127.0.0.1"_s << true << false;
    QTest::newRow("other loopback") << u"127.255.0.9"_s << true << false;
    QTest::newRow("IPv6 loopback") << u"::1"_s << true << false;
    QTest::newRow("10/8") << u"10.1.2.3"_s << true << false;
    QTest::newRow("172.16/12, last") << u"172.31.255.255"_s << true << false;
    QTest::newRow("just behind 172.16/12") << u"172.32.0.0"_s << true << true;
    QTest::newRow("192.168/16") << u"192.168.1.1"_s << true << false;
    QTest::newRow("carrier-grade NAT") << u"100.64.0.1"_s << true << false;
    QTest::newRow("unique local") << u"fd12::1"_s << true << false;
    QTest::newRow("site-local") << u"fec0::1"_s << true << false;
    QTest::newRow("link-local, metadata") << u"169.254.169.254"_s << false << false;
    QTest::newRow("IPv6 link-local") << u"fe80::1"_s << false << false;
    QTest::newRow("IPv6 link-local with scope") << u"fe80::1%lo"_s << false << false;
    QTest::newRow("multicast") << u"224.0.0.1"_s << false << false;
    QTest::newRow("IPv6 multicast") << u"ff02::1"_s << false << false;
    QTest::newRow("unspecified") << u"0.0.0.0"_s << false << false;
    QTest::newRow("this network") << u"0.1.2.3"_s << false << false;
    QTest::newRow("IPv6 unspecified") << u"::"_s << false << false;
    QTest::newRow("broadcast") << u"255.255.255.255"_s << false << false;
    QTest::newRow("reserved") << u"240.0.0.1"_s << false << false;
    QTest::newRow("mapped loopback") << u"::ffff:127.0.0.1"_s << true << false;
    QTest::newRow("mapped metadata") << u"::ffff:169.254.169.254"_s << false << false;
    QTest::newRow("compatible metadata") << u"::169.254.169.254"_s << false << false;
    QTest::newRow("NAT64 metadata") << u"64:ff9b::a9fe:a9fe"_s << false << false;
    QTest::newRow("NAT64 of one's own, metadata") << u"64:ff9b:1::a9fe:a9fe"_s << false << false;
    QTest::newRow("NAT64 public") << u"64:ff9b::5db8:d822"_s << true << true;
    QTest::newRow("6to4 loopback") << u"2002:7f00:1::1"_s << true << false;
    QTest::newRow("6to4 metadata") << u"2002:a9fe:a9fe::1"_s << false << false;
    QTest::newRow("IPv6 metadata of a cloud") << u"fd00:ec2::254"_s << false << false;
    QTest::newRow("metadata in a carrier's range") << u"100.100.100.200"_s << false << false;
}

void AddressFilterTest::mayConnect()
{
    QFETCH(QString, address);
    QFETCH(bool, ever);
    QFETCH(bool, publicly);
    const QHostAddress parsed(address);
    QVERIFY(!parsed.isNull());

    QCOMPARE(upstream::mayConnect(parsed, true), ever);
    QCOMPARE(upstream::mayConnect(parsed, false), publicly);
}

void AddressFilterTest::literalAddress_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QString>("address"); // empty: a name

    QTest::newRow("dotted") << QByteArray("127.0.0.1") << u"127.0.0.1"_s;
    QTest::newRow("with a final dot") << QByteArray("127.0.0.1.") << u"127.0.0.1"_s;
    QTest::newRow("two parts") << QByteArray("127.1") << u"127.0.0.1"_s;
    QTest::newRow("three parts") << QByteArray("10.1.258") << u"10.1.1.2"_s;
    QTest::newRow("decimal") << QByteArray("2130706433") << u"127.0.0.1"_s;
    QTest::newRow("hexadecimal") << QByteArray("0x7f000001") << u"127.0.0.1"_s;
    QTest::newRow("octal") << QByteArray("0177.0.0.1") << u"127.0.0.1"_s;
    QTest::newRow("mixed") << QByteArray("0xA9.0376.43518") << u"169.254.169.254"_s;
    QTest::newRow("IPv6") << QByteArray("::1") << u"::1"_s;
    QTest::newRow("mapped") << QByteArray("::ffff:10.0.0.1") << u"::ffff:10.0.0.1"_s;
    QTest::newRow("name") << QByteArray("api.example.com") << u""_s;
    QTest::newRow("name of hexadecimal letters") << QByteArray("cafe") << u""_s;
    QTest::newRow("part too large") << QByteArray("256.0.0.1") << u""_s;
    QTest::newRow("number too large") << QByteArray("4294967296") << u""_s;
    QTest::newRow("five parts") << QByteArray("1.2.3.4.5") << u""_s;
    QTest::newRow("empty part") << QByteArray("1..2") << u""_s;
    QTest::newRow("empty") << QByteArray("") << u""_s;
}

void AddressFilterTest::literalAddress()
{
    QFETCH(QByteArray, host);
    QFETCH(QString, address);

    const auto literal = upstream::literalAddress(host);

    QCOMPARE(literal.has_value(), !address.isEmpty());
    if (literal)
        QCOMPARE(*literal, QHostAddress(address));
}

void AddressFilterTest::isLocalhost_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("expected");

    QTest::newRow("localhost") << QByteArray("localhost") << true;
    QTest::newRow("capitals and a dot") << QByteArray("LocalHost.") << true;
    QTest::newRow("below it") << QByteArray("ollama.localhost") << true;
    QTest::newRow("only ending so") << QByteArray("mylocalhost") << false;
}

void AddressFilterTest::isLocalhost()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, expected);

    QCOMPARE(upstream::isLocalhost(host), expected);
}

QTEST_GUILESS_MAIN(AddressFilterTest)
#include "tst_addressfilter.moc"
