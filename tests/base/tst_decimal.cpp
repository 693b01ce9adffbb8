#include "base/decimal.h"

#include <QTest>

namespace gatehouse {

class DecimalTest : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatIsANumber_data();
    void readsWhatIsANumber();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
};

void DecimalTest::readsWhatIsANumber_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("whole") << QByteArray("30") << 30.0;
    QTest::newRow("fraction") << QByteArray("0.25") << 0.25;
    QTest::newRow("below zero") << QByteArray("-1.5") << -1.5;
    QTest::newRow("exponent") << QByteArray("2.5e-3") << 0.0025;
    QTest::newRow("zero with an exponent") << QByteArray("0.0e999") << 0.0;
    QTest::newRow("subnormal") << QByteArray("5e-324") << 5e-324;
}

void DecimalTest::readsWhatIsANumber()
{
    QFETCH(QByteArray, text);
    QFETCH(double, value);
    // Two that compare equal: nothing is rounded on the way.
    QCOMPARE(base::decimalOf(text).has_value(), true);
    QVERIFY(*base::decimalOf(text) == value);
    // It ends where the view ends.
    const QByteArray longer = text + "7";
    QVERIFY(base::decimalOf(QByteArrayView(longer).first(text.size())) == value);
}

void DecimalTest::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             " 1",
                             "1 ",
                             "+1",
                             "1,5",
                             "1s",
                             "0x10",
                             "inf",
                             "-inf",
                             "nan",
                             "1e",
                             "-",
                             ".",
                             "1.2.3",
                             "1e999",
                             "-1e999",
                             "1e-999"})
        QTest::addRow("'%s'", text) << QByteArray(text);
}

void DecimalTest::refusesWhatIsNone()
{
    QFETCH(QByteArray, text);
    QVERIFY(!base::decimalOf(text));
}

} // namespace gatehouse

QTEST_APPLESS_MAIN(gatehouse::DecimalTest)

#include "tst_decimal.moc"
