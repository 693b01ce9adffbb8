#include "base/json.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

class JsonTest : public QObject
{
    Q_OBJECT

private slots:
    void readsMembers();
    void absentAndNullAreNoValue();
    void wrongTypeNamesTheMember_data();
    void wrongTypeNamesTheMember();
    void wholeNumbers_data();
    void wholeNumbers();
    void parsesObjectsAlone_data();
    void parsesObjectsAlone();
};

static JsonReader reader(const QByteArray &text)
{
    return JsonReader(*parseJsonObject(text));
}

void JsonTest::readsMembers()
{
    const JsonReader json = reader(R"({"s":"text","i":7,"n":1.5,"b":true,"o":{"x":1},"a":[1,2]})");

    QCOMPARE(**json.string(u"s"), u"text"_s);
    QCOMPARE(**json.integer(u"i"), 7);
    QCOMPARE(**json.number(u"n"), 1.5);
    QCOMPARE(**json.boolean(u"b"), true);
    QCOMPARE((**json.object(u"o")).value(u"x").toInt(), 1);
    QCOMPARE((**json.array(u"a")).size(), 2);
    QVERIFY(json.contains(u"s"));
    QVERIFY(!json.contains(u"t"));
}

void JsonTest::absentAndNullAreNoValue()
{
    const JsonReader json = reader(R"({"nothing":null})");

    for (const QStringView name : {QStringView(u"nothing"), QStringView(u"absent")}) {
        QVERIFY(json.string(name) && !*json.string(name));
        QVERIFY(json.integer(name) && !*json.integer(name));
        QVERIFY(json.number(name) && !*json.number(name));
        QVERIFY(json.boolean(name) && !*json.boolean(name));
        QVERIFY(json.object(name) && !*json.object(name));
        QVERIFY(json.array(name) && !*json.array(name));
    }
}

void JsonTest::wrongTypeNamesTheMember_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("fits"); // the readers that take it: s i n b o a

    QTest::newRow("a text") << QByteArray(R"("1")") << QByteArray("s");
    QTest::newRow("a whole number") << QByteArray("1") << QByteArray("in");
    QTest::newRow("a fraction") << QByteArray("1.5") << QByteArray("n");
    QTest::newRow("a boolean") << QByteArray("true") << QByteArray("b");
    QTest::newRow("an object") << QByteArray("{}") << QByteArray("o");
    QTest::newRow("an array") << QByteArray("[]") << QByteArray("a");
}

void JsonTest::wrongTypeNamesTheMember()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, fits);
    const JsonReader json = reader("{\"balance\":" + value + "}");

    const auto check = [&fits](char kind, const auto &result) {
        if (fits.contains(kind))
            return result.has_value() && result->has_value();
        return !result && result.error().code == ErrorCode::InvalidInput
               && result.error().message.english().contains(u"\"balance\""_s);
    };

    QVERIFY(check('s', json.string(u"balance")));
    QVERIFY(check('i', json.integer(u"balance")));
    QVERIFY(check('n', json.number(u"balance")));
    QVERIFY(check('b', json.boolean(u"balance")));
    QVERIFY(check('o', json.object(u"balance")));
    QVERIFY(check('a', json.array(u"balance")));
}

void JsonTest::wholeNumbers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isWhole");
    QTest::addColumn<qint64>("value");

    QTest::newRow("zero") << QByteArray("0") << true << qint64(0);
    QTest::newRow("negative") << QByteArray("-5") << true << qint64(-5);
    QTest::newRow("written with an exponent") << QByteArray("1e3") << true << qint64(1000);
    QTest::newRow("2^53 - 1") << QByteArray("9007199254740991") << true << 9007199254740991LL;
    QTest::newRow("the largest of 64 bits")
        << QByteArray("9223372036854775807") << false << qint64(0);
    QTest::newRow("beyond 64 bits") << QByteArray("1e30") << false << qint64(0);
    QTest::newRow("a fraction") << QByteArray("0.5") << false << qint64(0);
}

void JsonTest::wholeNumbers()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isWhole);
    QFETCH(qint64, value);

    const auto result = reader("{\"n\":" + text + "}").integer(u"n");

    QCOMPARE(result.has_value(), isWhole);
    if (isWhole)
        QCOMPARE(result->value(), value);
}

void JsonTest::parsesObjectsAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isObject");

    QTest::newRow("an object") << QByteArray(R"({"a":1})") << true;
    QTest::newRow("an array") << QByteArray("[1]") << false;
    QTest::newRow("a text") << QByteArray("\"a\"") << false;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("broken off") << QByteArray(R"({"a":)") << false;
    QTest::newRow("something behind it") << QByteArray("{} {}") << false;
    QTest::newRow("too deep") << QByteArray(200'000, '[') << false;
}

void JsonTest::parsesObjectsAlone()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isObject);

    const Result<QJsonObject> result = parseJsonObject(text);

    QCOMPARE(result.has_value(), isObject);
    if (isObject)
        QCOMPARE(compactJson(*result), text);
    else
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
}

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::JsonTest)
#include "tst_json.moc"
