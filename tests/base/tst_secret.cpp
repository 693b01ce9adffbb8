#include "base/secret.h"

#include <QDebug>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

class SecretTest : public QObject
{
    Q_OBJECT

private slots:
    void comparesWholeContents_data();
    void comparesWholeContents();
    void isNeverPrinted();
};

void SecretTest::comparesWholeContents_data()
{
    QTest::addColumn<QByteArray>("left");
    QTest::addColumn<QByteArray>("right");
    QTest::addColumn<bool>("equal");

    QTest::newRow("both empty") << QByteArray() << QByteArray() << true;
    QTest::newRow("the same") << QByteArray("abc") << QByteArray("abc") << true;
    QTest::newRow("the first byte differs") << QByteArray("abc") << QByteArray("xbc") << false;
    QTest::newRow("the last byte differs") << QByteArray("abc") << QByteArray("abx") << false;
    QTest::newRow("a beginning of the other") << QByteArray("ab") << QByteArray("abc") << false;
    QTest::newRow("differences that cancel out") << QByteArray("aa") << QByteArray("bb") << false;
    QTest::newRow("behind a NUL") << QByteArray("a\0b", 3) << QByteArray("a\0c", 3) << false;
}

void SecretTest::comparesWholeContents()
{
    QFETCH(QByteArray, left);
    QFETCH(QByteArray, right);
    QFETCH(bool, equal);

    QCOMPARE(Secret(left) == Secret(right), equal);
    QCOMPARE(equalInConstantTime(left, right), equal);
}

void SecretTest::isNeverPrinted()
{
    QString text;

    QDebug(&text) << Secret(QByteArray("hunter2")) << Secret();

    QVERIFY(!text.contains(u"hunter2"_s));
    QCOMPARE(text.trimmed(), u"Secret(***) Secret(empty)"_s);
}

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::SecretTest)
#include "tst_secret.moc"
