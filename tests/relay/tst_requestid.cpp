#include "relay/requestid.h"

#include <QTest>

namespace gatehouse::relay {

class RequestIdTest : public QObject
{
    Q_OBJECT

private slots:
    void ofTheClient_data();
    void ofTheClient();
    void whatIsNoIdCountsNothing_data();
    void whatIsNoIdCountsNothing();
    void isNeverTakenApartWrongly();
};

static const QByteArray own("01KBADCDEFGHJKMNPQRSTVWXYZ");

void RequestIdTest::ofTheClient_data()
{
    QTest::addColumn<QByteArray>("id");

    QTest::newRow("a word") << QByteArray("checkout");
    QTest::newRow("a UUID") << QByteArray("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    QTest::newRow("all that may be in it") << QByteArray("aZ09._-");
    QTest::newRow("one character") << QByteArray(".");
    QTest::newRow("the longest") << QByteArray(128, 'x');
}

void RequestIdTest::ofTheClient()
{
    QFETCH(QByteArray, id);

    const QByteArray made = requestIdFrom(own, id);

    QVERIFY(made.startsWith(own) && made.endsWith(id));
    QCOMPARE(idForClient(made).toByteArray(), id);
    // Two requests with one id are two in the ledger.
    QVERIFY(made != requestIdFrom("01KBADCDEFGHJKMNPQRSTVWXY0", id));
}

void RequestIdTest::whatIsNoIdCountsNothing_data()
{
    QTest::addColumn<QByteArray>("id");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("too long") << QByteArray(129, 'x');
    QTest::newRow("a space") << QByteArray("a b");
    QTest::newRow("a path") << QByteArray("../x");
    QTest::newRow("a quote") << QByteArray("a\"b");
    QTest::newRow("outside of ASCII") << QByteArray("\xc3\xa9");
}

void RequestIdTest::whatIsNoIdCountsNothing()
{
    QFETCH(QByteArray, id);

    const QByteArray made = requestIdFrom(own, id);

    QCOMPARE(made, own);
    QCOMPARE(idForClient(made).toByteArray(), own);
}

void RequestIdTest::isNeverTakenApartWrongly()
{
    QCOMPARE(own.size(), ownIdCharacters);
    for (const QByteArray &id :
         {QByteArray(), QByteArray("request-1"), QByteArray(own + '.'), QByteArray(own + "x.y")})
        QCOMPARE(idForClient(id).toByteArray(), id);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::RequestIdTest)
#include "tst_requestid.moc"
