#include "admin/traffic/jsonoutline.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using Kind = JsonOutline::Kind;

class JsonOutlineTest : public QObject
{
    Q_OBJECT

private slots:
    void keepsWhatWasWritten();
    void escapes();
    void whole_data();
    void whole();
    void broken_data();
    void broken();
    void anyDepth();
    void manyValues();
    void longTextsAreCut();
};

void JsonOutlineTest::keepsWhatWasWritten()
{
    const JsonOutline outline(R"( {"z":1.50,"a":[true,{"x":"y"}],"a":1e999} )");

    QVERIFY(!outline.brokenAt());
    const auto members = outline.children(0);
    QCOMPARE(members.size(), size_t(3));
    QCOMPARE(outline.key(members[0]), u"z"_s);
    QCOMPARE(outline.value(members[0]), u"1.50"_s);
    QCOMPARE(outline.key(members[2]), u"a"_s); // twice, as it was written
    QCOMPARE(outline.value(members[2]), u"1e999"_s);
    QCOMPARE(outline.node(members[1]).kind, Kind::Array);
    const auto values = outline.children(members[1]);
    QCOMPARE(values.size(), size_t(2));
    QCOMPARE(outline.value(values[0]), u"true"_s);
    const int text = outline.children(values[1])[0];
    QCOMPARE(outline.value(text), u"y"_s);
    QCOMPARE(outline.path(text), u"a[1].x"_s);
    QCOMPARE(outline.node(text).parent, values[1]);
}

void JsonOutlineTest::escapes()
{
    const JsonOutline outline(R"({"k\"":"a\n\u00e9\ud83d\ude00\/\\ \uZZ"})");

    const int text = outline.children(0)[0];
    QCOMPARE(outline.key(text), u"k\""_s);
    QVERIFY(outline.value(text).startsWith(u"a\né😀/\\ "_s));
}

void JsonOutlineTest::whole_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"{}",
                             "[]",
                             "[[],{}]",
                             "1",
                             "\"a\"",
                             "null",
                             " [1 , 2 ] ",
                             "{\"\":\"\"}",
                             "\xEF\xBB\xBF{}"})
        QTest::newRow(text) << QByteArray(text);
}

void JsonOutlineTest::whole()
{
    QFETCH(QByteArray, text);

    const JsonOutline outline(text);

    QVERIFY(!outline.brokenAt());
    QVERIFY(!outline.nodes().empty());
}

void JsonOutlineTest::broken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("at");
    QTest::addColumn<int>("nodes");

    QTest::newRow("nothing") << QByteArray() << qint64(0) << 0;
    QTest::newRow("no JSON") << QByteArray("<html>") << qint64(0) << 0;
    QTest::newRow("cut in a text") << QByteArray("{\"a\":\"bc") << qint64(8) << 2;
    QTest::newRow("cut behind an escape") << QByteArray("[\"\\") << qint64(3) << 2;
    QTest::newRow("cut in a word") << QByteArray("[tru") << qint64(4) << 2;
    QTest::newRow("cut in a key") << QByteArray("{\"a\":1,\"b") << qint64(9) << 2;
    QTest::newRow("a comma too much") << QByteArray("[1,]") << qint64(3) << 2;
    QTest::newRow("a wrong bracket") << QByteArray("[1}") << qint64(2) << 2;
    QTest::newRow("a value too much") << QByteArray("{} {}") << qint64(3) << 1;
    QTest::newRow("no value") << QByteArray("{\"a\":}") << qint64(5) << 1;
    QTest::newRow("bytes") << QByteArray("\x00\xFF\xFE", 3) << qint64(0) << 0;
}

void JsonOutlineTest::broken()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, at);
    QFETCH(int, nodes);

    const JsonOutline outline(text);

    QVERIFY(outline.brokenAt().has_value());
    QCOMPARE(*outline.brokenAt(), at);
    QCOMPARE(outline.isCutOff(), at == text.size());
    QCOMPARE(static_cast<int>(outline.nodes().size()), nodes);
}

void JsonOutlineTest::anyDepth()
{
    constexpr int depth = 10'000;
    const JsonOutline outline(QByteArray(depth, '[') + QByteArray(depth, ']'));

    QVERIFY(!outline.brokenAt());
    QCOMPARE(static_cast<int>(outline.nodes().size()), depth);
    QVERIFY(outline.path(depth - 1).startsWith(u'…'));
    QVERIFY(JsonOutline(QByteArray(depth, '[')).isCutOff());
}

void JsonOutlineTest::manyValues()
{
    const QByteArray text = '[' + QByteArray("0,").repeated(JsonOutline::mostNodes + 5) + "0]";

    const JsonOutline outline(text);

    QCOMPARE(static_cast<int>(outline.nodes().size()), JsonOutline::mostNodes);
    QVERIFY(outline.brokenAt().has_value());
    QCOMPARE(static_cast<int>(outline.children(0).size()), JsonOutline::mostNodes - 1);
}

void JsonOutlineTest::longTextsAreCut()
{
    const JsonOutline outline("[\"" + QByteArray(10'000, 'x') + "\"]");

    QCOMPARE(outline.value(1, 100).size(), 100);
    QCOMPARE(outline.value(1).size(), 2'000);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::JsonOutlineTest)
#include "tst_jsonoutline.moc"
