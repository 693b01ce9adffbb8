#include "gateway/addresscount.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

class AddressCountTest : public QObject
{
    Q_OBJECT

private slots:
    void countsEachAddress();
    void countsANetworkOfIPv6();
    void countsNothingWithoutALimit();
};

void AddressCountTest::countsEachAddress()
{
    AddressCount count;
    const QHostAddress first(u"192.0.2.1"_s);

    const auto one = count.take(first, 2);
    auto two = count.take(first, 2);
    QVERIFY(one && two);
    QVERIFY(!count.take(first, 2));
    QVERIFY(count.take(QHostAddress(u"192.0.2.2"_s), 2));
    // The same address on a listener for both kinds.
    QVERIFY(!count.take(QHostAddress(u"::ffff:192.0.2.1"_s), 2));

    two.reset();
    QVERIFY(count.take(first, 2));
}

void AddressCountTest::countsANetworkOfIPv6()
{
    AddressCount count;

    const auto one = count.take(QHostAddress(u"2001:db8::1"_s), 1);

    QVERIFY(one);
    QVERIFY(!count.take(QHostAddress(u"2001:db8::2"_s), 1));
    QVERIFY(count.take(QHostAddress(u"2001:db8:0:1::1"_s), 1));
}

void AddressCountTest::countsNothingWithoutALimit()
{
    AddressCount count;
    const QHostAddress address(u"192.0.2.1"_s);

    const auto first = count.take(address, 0);
    const auto second = count.take(address, 0);

    QVERIFY(first && second);
    QVERIFY(count.take(address, 1));
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::AddressCountTest)
#include "tst_addresscount.moc"
