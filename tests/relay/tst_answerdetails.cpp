#include "relay/exchange/answerdetails.h"

#include <QTest>

namespace gatehouse::relay {

class AnswerDetailsTest : public QObject
{
    Q_OBJECT

private slots:
    void allThatIsKnown();
    void whatIsNotKnownIsNotTold();
    void times_data();
    void times();
};

static QByteArray told(const http::Headers &fields, QByteArrayView name)
{
    return fields.value(name).value_or(QByteArrayView()).toByteArray();
}

void AnswerDetailsTest::allThatIsKnown()
{
    http::Headers fields;

    addAnswerDetails({.channel = {12},
                      .attempts = 3,
                      .model = "other",
                      .gateway = 210,
                      .upstream = 843'000,
                      .firstByte = 843'219},
                     fields);

    QCOMPARE(fields.size(), 4);
    QCOMPARE(told(fields, "X-Gatehouse-Channel"), QByteArray("12"));
    QCOMPARE(told(fields, "X-Gatehouse-Attempts"), QByteArray("3"));
    QCOMPARE(told(fields, "X-Gatehouse-Model"), QByteArray("other"));
    QCOMPARE(told(fields, "Server-Timing"),
             QByteArray("gw;dur=0.21, upstream;dur=843.00, ttft;dur=843.21"));
}

void AnswerDetailsTest::whatIsNotKnownIsNotTold()
{
    http::Headers none;
    http::Headers one;

    addAnswerDetails({}, none);
    addAnswerDetails({.upstream = 5'000}, one);

    QCOMPARE(none.size(), 0);
    QCOMPARE(one.size(), 1);
    QCOMPARE(told(one, "Server-Timing"), QByteArray("upstream;dur=5.00"));
}

void AnswerDetailsTest::times_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("none") << qint64(0) << QByteArray("gw;dur=0.00");
    QTest::newRow("less than is told") << qint64(9) << QByteArray("gw;dur=0.00");
    QTest::newRow("hundredths") << qint64(1'050) << QByteArray("gw;dur=1.05");
    QTest::newRow("the longest") << qint64(INT64_MAX) << QByteArray("gw;dur=9223372036854775.80");
}

void AnswerDetailsTest::times()
{
    QFETCH(qint64, microseconds);
    http::Headers fields;

    addAnswerDetails({.gateway = microseconds}, fields);

    QTEST(told(fields, "Server-Timing"), "text");
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::AnswerDetailsTest)
#include "tst_answerdetails.moc"
