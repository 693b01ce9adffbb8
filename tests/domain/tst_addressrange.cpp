#include "domain/addressrange.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

class AddressRangeTest : public QObject
{
    Q_OBJECT

private slots:
    void contains_data();
    void contains();
    void refusesWhatIsNoRange_data();
    void refusesWhatIsNoRange();
    void readsLists();
};

void AddressRangeTest::contains_data()
{
    QTest::addColumn<QString>("range");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isInside");

    QTest::newRow("first of a /24") << u"192.168.1.0/24"_s << u"192.168.1.0"_s << true;
    QTest::newRow("last of a /24") << u"192.168.1.0/24"_s << u"192.168.1.255"_s << true;
    QTest::newRow("behind a /24") << u"192.168.1.0/24"_s << u"192.168.2.0"_s << false;
    QTest::newRow("a single address") << u"10.0.0.7"_s << u"10.0.0.7"_s << true;
    QTest::newRow("its neighbour") << u"10.0.0.7"_s << u"10.0.0.8"_s << false;
    QTest::newRow("everything") << u"0.0.0.0/0"_s << u"203.0.113.9"_s << true;
    QTest::newRow("not on a byte's border") << u"172.16.0.0/12"_s << u"172.31.255.1"_s << true;
    QTest::newRow("beyond it") << u"172.16.0.0/12"_s << u"172.32.0.1"_s << false;
    QTest::newRow("mapped into IPv6") << u"10.0.0.0/8"_s << u"::ffff:10.1.2.3"_s << true;
    QTest::newRow("mapped, and outside") << u"10.0.0.0/8"_s << u"::ffff:11.1.2.3"_s << false;
    QTest::newRow("a mapped range") << u"::ffff:127.0.0.0/104"_s << u"127.1.2.3"_s << true;
    QTest::newRow("a mapped range, outside")
        << u"::ffff:127.0.0.0/104"_s << u"128.0.0.1"_s << false;
    QTest::newRow("a mapped address") << u"::ffff:10.0.0.7"_s << u"10.0.0.7"_s << true;
    QTest::newRow("all mapped ones") << u"::ffff:0:0/96"_s << u"203.0.113.9"_s << true;
    QTest::newRow("no mapped range") << u"::/96"_s << u"203.0.113.9"_s << false;
    QTest::newRow("nobody's address") << u"::/0"_s << QString() << false;
    QTest::newRow("nobody's address, IPv4") << u"0.0.0.0/0"_s << QString() << false;
    QTest::newRow("IPv6") << u"fd00::/8"_s << u"fdab::1"_s << true;
    QTest::newRow("IPv6, outside") << u"fd00::/8"_s << u"fe80::1"_s << false;
    QTest::newRow("IPv6 is not IPv4") << u"0.0.0.0/0"_s << u"fd00::1"_s << false;
    QTest::newRow("IPv4 is not IPv6") << u"fd00::/8"_s << u"10.0.0.1"_s << false;
}

void AddressRangeTest::contains()
{
    QFETCH(QString, range);
    QFETCH(QString, address);
    const auto ranges = addressRangesFrom(range);
    QVERIFY(ranges && ranges->size() == 1);

    QTEST(ranges->first().contains(QHostAddress(address)), "isInside");
}

void AddressRangeTest::refusesWhatIsNoRange_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("a name") << u"localhost"_s;
    QTest::newRow("a byte too large") << u"10.0.0.256"_s;
    QTest::newRow("a prefix too long") << u"10.0.0.0/33"_s;
    QTest::newRow("no prefix behind the slash") << u"10.0.0.0/x"_s;
    QTest::newRow("one bad among good ones") << u"10.0.0.0/8, nonsense, ::1"_s;
}

void AddressRangeTest::refusesWhatIsNoRange()
{
    QFETCH(QString, text);

    const auto ranges = addressRangesFrom(text);

    QVERIFY(!ranges);
    QCOMPARE(ranges.error().code, base::ErrorCode::InvalidInput);
}

void AddressRangeTest::readsLists()
{
    const auto ranges = addressRangesFrom(u" 10.0.0.0/8,192.168.0.0/16\n::1  fd00::/8,"_s);

    QVERIFY(ranges.has_value());
    QCOMPARE(ranges->size(), 4);
    QCOMPARE(ranges->at(1).prefixLength, 16);
    QCOMPARE(ranges->at(2).prefixLength, 128);
    QVERIFY(addressRangesFrom(u" , \n"_s)->isEmpty());
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::AddressRangeTest)
#include "tst_addressrange.moc"
