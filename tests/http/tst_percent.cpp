#include "http/percent.h"

#include <QTest>

using namespace gatehouse;

class TestPercent : public QObject
{
    Q_OBJECT

private slots:
    void decoded_data();
    void decoded();
    void refused_data();
    void refused();
    void parameters_data();
    void parameters();
    void firstParameterOfAName();
    void segments_data();
    void segments();
    void refusedPaths_data();
    void refusedPaths();
};

void TestPercent::decoded_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("form");

    const auto row = [](const char *name, const char *text, const char *plain, const char *form) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(plain) << QByteArray(form);
    };
    row("empty", "", "", "");
    row("nothing to do", "a-b_c.d~e", "a-b_c.d~e", "a-b_c.d~e");
    row("both cases of digits", "%2f%2F", "//", "//");
    row("a plus", "a+b", "a+b", "a b");
    row("an escaped plus", "a%2Bb", "a+b", "a+b");
    row("an escaped percent sign is decoded once", "%2541", "%41", "%41");
    row("UTF-8", "%C3%A4", "\xC3\xA4", "\xC3\xA4");
    row("line ends", "%0D%0A", "\r\n", "\r\n");
}

void TestPercent::decoded()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, plain);
    QFETCH(const QByteArray, form);

    QCOMPARE(http::decodePercent(text).value(), plain);
    QCOMPARE(http::decodeForm(text).value(), form);
}

void TestPercent::refused_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("a percent sign at the end") << QByteArray("a%");
    QTest::newRow("one digit") << QByteArray("a%4");
    QTest::newRow("no digits") << QByteArray("%zz");
    QTest::newRow("a second sign") << QByteArray("%4%41");
    QTest::newRow("a sign in the number") << QByteArray("%+1");
    QTest::newRow("an escaped NUL") << QByteArray("a%00b");
    QTest::newRow("a raw NUL") << QByteArray("a\0b", 3);
}

void TestPercent::refused()
{
    QFETCH(const QByteArray, text);

    QCOMPARE(http::decodePercent(text).error().code, base::ErrorCode::InvalidInput);
    QCOMPARE(http::decodeForm(text).error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!http::parametersFrom(QByteArray("a=" + text)));
    QVERIFY(!http::parametersFrom(QByteArray("b=1&" + text + "=c")));
    QVERIFY(!http::segmentsOf(QByteArray("/" + text)));
}

void TestPercent::parameters_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("parameters");

    QTest::newRow("none") << QByteArray("") << QByteArray("");
    QTest::newRow("one") << QByteArray("a=b") << QByteArray("<a|b>");
    QTest::newRow("two") << QByteArray("a=b&c=d") << QByteArray("<a|b><c|d>");
    QTest::newRow("no equals sign") << QByteArray("a&b") << QByteArray("<a|><b|>");
    QTest::newRow("no name") << QByteArray("=b") << QByteArray("<|b>");
    QTest::newRow("two equals signs") << QByteArray("a=b=c") << QByteArray("<a|b=c>");
    QTest::newRow("empty pieces") << QByteArray("&&a=b&&") << QByteArray("<a|b>");
    QTest::newRow("escaped separators") << QByteArray("a%3D=b%26c") << QByteArray("<a=|b&c>");
    QTest::newRow("spaces") << QByteArray("a+b=c%20d+e") << QByteArray("<a b|c d e>");
    QTest::newRow("a name twice") << QByteArray("a=1&a=2") << QByteArray("<a|1><a|2>");
}

void TestPercent::parameters()
{
    QFETCH(const QByteArray, query);
    QFETCH(const QByteArray, parameters);

    QByteArray text;
    const auto found = http::parametersFrom(query);
    QVERIFY(found);
    for (const http::Parameter &one : *found)
        text += '<' + one.name + '|' + one.value + '>';

    QCOMPARE(text, parameters);
}

void TestPercent::firstParameterOfAName()
{
    const auto parameters = http::parametersFrom("a=1&b=2&a=3").value();

    QCOMPARE(http::parameter(parameters, "a").value(), QByteArray("1"));
    QCOMPARE(http::parameter(parameters, "b").value(), QByteArray("2"));
    QVERIFY(!http::parameter(parameters, "A"));
}

void TestPercent::segments_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("segments");

    QTest::newRow("the root") << QByteArray("/") << QByteArray("<>");
    QTest::newRow("two") << QByteArray("/v1/models") << QByteArray("<v1><models>");
    QTest::newRow("a slash at the end") << QByteArray("/v1/") << QByteArray("<v1><>");
    QTest::newRow("an empty part") << QByteArray("//a") << QByteArray("<><a>");
    QTest::newRow("an escaped slash") << QByteArray("/a%2Fb/c") << QByteArray("<a/b><c>");
    QTest::newRow("a plus") << QByteArray("/a+b") << QByteArray("<a+b>");
    QTest::newRow("dots within a name") << QByteArray("/..a/b..") << QByteArray("<..a><b..>");
    QTest::newRow("a colon") << QByteArray("/models/x:generate")
                             << QByteArray("<models><x:generate>");
}

void TestPercent::segments()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, segments);

    QByteArray text;
    const auto found = http::segmentsOf(path);
    QVERIFY(found);
    for (const QByteArray &one : *found)
        text += '<' + one + '>';

    QCOMPARE(text, segments);
}

void TestPercent::refusedPaths_data()
{
    QTest::addColumn<QByteArray>("path");

    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("no slash at the beginning") << QByteArray("v1");
    QTest::newRow("a dot") << QByteArray("/a/./b");
    QTest::newRow("two dots") << QByteArray("/a/../b");
    QTest::newRow("two dots at the end") << QByteArray("/a/..");
    QTest::newRow("escaped dots") << QByteArray("/a/%2e%2E/b");
    QTest::newRow("one escaped dot of two") << QByteArray("/a/.%2e");
}

void TestPercent::refusedPaths()
{
    QFETCH(const QByteArray, path);

    QCOMPARE(http::segmentsOf(path).error().code, base::ErrorCode::InvalidInput);
}

QTEST_GUILESS_MAIN(TestPercent)
#include "tst_percent.moc"
