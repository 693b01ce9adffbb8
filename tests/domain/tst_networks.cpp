#include "domain/networks.h"

#include "domain/settings.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

class NetworksTest : public QObject
{
    Q_OBJECT

private slots:
    void contain_data();
    void contain();
    void areASetting();
};

void NetworksTest::contain_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isInside");

    QTest::newRow("this computer") << u"local"_s << u"127.0.0.1"_s << true;
    QTest::newRow("this computer in IPv6") << u"local"_s << u"::1"_s << true;
    QTest::newRow("the LAN is not this computer") << u"local"_s << u"192.168.1.7"_s << false;
    QTest::newRow("the LAN") << u"lan"_s << u"192.168.1.7"_s << true;
    QTest::newRow("the LAN in capitals") << u"LAN"_s << u"fe80::7"_s << true;
    QTest::newRow("this computer is in the LAN") << u"lan"_s << u"127.0.0.1"_s << true;
    QTest::newRow("the internet is not") << u"lan"_s << u"203.0.113.9"_s << false;
    QTest::newRow("a range beside the LAN") << u"lan, 203.0.113.0/24"_s << u"203.0.113.9"_s << true;
    QTest::newRow("a range alone") << u"203.0.113.0/24"_s << u"192.168.1.7"_s << false;
}

void NetworksTest::contain()
{
    QFETCH(QString, text);
    QFETCH(QString, address);

    const auto ranges = networksFrom(text);

    QVERIFY(ranges);
    const QHostAddress host(address);
    QTEST(std::any_of(ranges->cbegin(),
                      ranges->cend(),
                      [&host](const AddressRange &range) { return range.contains(host); }),
          "isInside");
}

void NetworksTest::areASetting()
{
    const QString key = u"server.allowed_networks"_s;
    Settings settings;

    QVERIFY(assign(settings, key, u"lan 203.0.113.0/24"_s));
    QCOMPARE(settings.server.allowedNetworks, u"lan 203.0.113.0/24"_s);
    const auto refused = assign(settings, key, u"everybody"_s);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.english().contains("everybody"_L1));
    QCOMPARE(Settings().server.allowedNetworks, QString());
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::NetworksTest)
#include "tst_networks.moc"
