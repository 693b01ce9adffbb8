#include "http/headers.h"

#include <QTest>

using namespace gatehouse;

class TestHeaders : public QObject
{
    Q_OBJECT

private slots:
    void fieldsKeepTheirOrder();
    void namesAreComparedWithoutCase();
    void clearMakesEmpty();
    void copiesAreIndependent();
    void manyFields();
    void lists_data();
    void lists();
    void fieldValues_data();
    void fieldValues();
    void aByteIsFoundWhereverItStands();
    void fieldNames_data();
    void fieldNames();
};

namespace {

QByteArray numbered(int index)
{
    return "Name-" + QByteArray::number(index);
}

} // namespace

void TestHeaders::fieldsKeepTheirOrder()
{
    http::Headers headers;
    headers.add("Host", "gate");
    headers.add("X", "1");
    headers.add("x", "2");

    QCOMPARE(headers.size(), 3);
    QCOMPARE(headers.at(0).name, QByteArrayView("Host"));
    QCOMPARE(headers.at(2).value, QByteArrayView("2"));
    QCOMPARE(headers.value("X").value(), QByteArrayView("1"));
    QCOMPARE(headers.count("x"), 2);
    QVERIFY(!headers.value("Y"));
    QCOMPARE(headers.count("Y"), 0);
}

void TestHeaders::namesAreComparedWithoutCase()
{
    QVERIFY(http::equalNames("Content-Length", "cONTENT-lENGTH"));
    QVERIFY(!http::equalNames("Content-Length", "Content-Lengt"));
    QVERIFY(!http::equalNames("[", "{"));
    QVERIFY(!http::equalNames("@", "`"));
    QVERIFY(http::equalNames("", ""));
}

void TestHeaders::clearMakesEmpty()
{
    http::Headers headers;
    headers.add("A", QByteArray(40000, 'a'));
    headers.clear();
    QCOMPARE(headers.size(), 0);
    QVERIFY(!headers.value("A"));

    headers.add("B", "b");

    QCOMPARE(headers.size(), 1);
    QCOMPARE(headers.at(0).name, QByteArrayView("B"));
    QCOMPARE(headers.at(0).value, QByteArrayView("b"));
}

void TestHeaders::copiesAreIndependent()
{
    http::Headers headers;
    headers.add("A", "a");
    const http::Headers copy = headers;

    headers.clear();
    headers.add("B", "b");

    QCOMPARE(copy.value("A").value(), QByteArrayView("a"));
    QVERIFY(!copy.value("B"));
}

void TestHeaders::manyFields()
{
    http::Headers headers;
    for (int index = 0; index < 1000; ++index)
        headers.add(numbered(index), QByteArray::number(index * 7));

    for (int index = 0; index < 1000; index += 37) {
        QCOMPARE(headers.value(numbered(index).toLower()).value(),
                 QByteArrayView(QByteArray::number(index * 7)));
    }
}

void TestHeaders::lists_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("has");

    QTest::newRow("alone") << QByteArray("gzip") << true;
    QTest::newRow("in capital letters") << QByteArray("GZIP") << true;
    QTest::newRow("last") << QByteArray("br, gzip") << true;
    QTest::newRow("between commas") << QByteArray(",gzip,") << true;
    QTest::newRow("between tabs") << QByteArray("br,\tgzip\t, x") << true;
    QTest::newRow("a part of a word") << QByteArray("xgzip, gzipx") << false;
    QTest::newRow("with a parameter") << QByteArray("gzip;q=0") << false;
    QTest::newRow("empty") << QByteArray("") << false;
}

void TestHeaders::lists()
{
    QFETCH(const QByteArray, value);
    QFETCH(const bool, has);
    http::Headers headers;
    headers.add("Other", "gzip");
    headers.add("Accept-Encoding", "identity");
    headers.add("accept-encoding", value);

    QCOMPARE(headers.lists("Accept-Encoding", "gzip"), has);
    QCOMPARE(http::listHas(value, "gzip"), has);
    QVERIFY(headers.lists("Accept-Encoding", "identity"));
}

void TestHeaders::fieldValues_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");

    QTest::newRow("empty") << QByteArray("") << true;
    QTest::newRow("words") << QByteArray("a b~!") << true;
    QTest::newRow("a tab") << QByteArray("a\tb") << true;
    QTest::newRow("UTF-8") << QByteArray("\xC3\xA4") << true;
    QTest::newRow("CR") << QByteArray("a\rb") << false;
    QTest::newRow("LF") << QByteArray("a\nb") << false;
    QTest::newRow("a whole field behind it") << QByteArray("a\r\nSet-Cookie: b") << false;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
    QTest::newRow("an escape") << QByteArray("\x1B") << false;
    QTest::newRow("DEL") << QByteArray("\x7F") << false;
}

void TestHeaders::fieldValues()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, valid);

    QCOMPARE(http::isFieldValue(text), valid);
}

void TestHeaders::aByteIsFoundWhereverItStands()
{
    for (int length = 1; length <= 20; ++length) {
        for (int place = 0; place < length; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                QByteArray text(length, length % 2 ? '~' : '\xff');
                text[place] = static_cast<char>(byte);
                const bool isControl = (byte < 0x20 && byte != '\t') || byte == 0x7F;
                QCOMPARE(http::isFieldValue(text), !isControl);
            }
        }
    }
}

void TestHeaders::fieldNames_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("valid");

    QTest::newRow("a usual name") << QByteArray("X-Request-Id") << true;
    QTest::newRow("marks and digits") << QByteArray("!#$%&'*+-.^_`|~09") << true;
    QTest::newRow("empty") << QByteArray("") << false;
    QTest::newRow("a space") << QByteArray("a b") << false;
    QTest::newRow("a colon") << QByteArray("a:") << false;
    QTest::newRow("a line end") << QByteArray("a\r\nb") << false;
    QTest::newRow("NUL") << QByteArray("a\0", 2) << false;
    QTest::newRow("UTF-8") << QByteArray("\xC3\xA4") << false;
    QTest::newRow("a bracket") << QByteArray("a[") << false;
}

void TestHeaders::fieldNames()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, valid);

    QCOMPARE(http::isFieldName(text), valid);
}

QTEST_GUILESS_MAIN(TestHeaders)
#include "tst_headers.moc"
