#include "base/maskrules.h"
#include "base/redaction.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

class MaskRulesTest : public QObject
{
    Q_OBJECT

private slots:
    void masks_data();
    void masks();
    void masksBytesInPlace_data();
    void masksBytesInPlace();
    void refusesWhatIsNoExpression_data();
    void refusesWhatIsNoExpression();
    void refusesTooMany();
    void findsWhatStandsAcrossWindows();
    void anExpressionThatTakesTooLongMasksTheWhole();
    void logsGoByTheRulesInForce();
};

void MaskRulesTest::masks_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("masked");

    QTest::newRow("none") << QString() << u"Project Orion"_s << u"Project Orion"_s;
    QTest::newRow("empty lines") << u"\n  \n"_s << u"Project Orion"_s << u"Project Orion"_s;
    QTest::newRow("a word in any case") << u"orion"_s << u"Project Orion"_s << u"Project ***"_s;
    QTest::newRow("several words as one") << u"Ann Lee"_s << u"Ann Lee, Ann"_s << u"***, Ann"_s;
    QTest::newRow("signs of expressions in words") << u"a.c"_s << u"abc a.c"_s << u"abc ***"_s;
    QTest::newRow("a single slash") << u"/"_s << u"a/b"_s << u"a***b"_s;
    QTest::newRow("an expression")
        << u"/\\b[A-Z]{2}\\d{6}\\b/"_s << u"card DE123456, de123456"_s << u"card ***, de123456"_s;
    QTest::newRow("blanks around a rule") << u"  /\\d+/ \r\n"_s << u"no 17"_s << u"no ***"_s;
    QTest::newRow("several rules") << u"orion\n/\\d+/"_s << u"Orion 17"_s << u"*** ***"_s;
    QTest::newRow("matches that touch") << u"ab\nbc"_s << u"xabcx"_s << u"x***x"_s;
    QTest::newRow("an expression that may match nothing") << u"/x*/"_s << u"axxb"_s << u"a***b"_s;
    QTest::newRow("nothing between characters of two units")
        << u"/x*/"_s << u"\U0001F600\U0001F600 axxb \U0001F600"_s
        << u"\U0001F600\U0001F600 a***b \U0001F600"_s;
    QTest::newRow("a character of two units")
        << u"/\\x{1F600}/"_s << u"a\U0001F600\U0001F601"_s << u"a***\U0001F601"_s;
    QTest::newRow("Chinese") << u"张三"_s << u"客户张三来电"_s << u"客户***来电"_s;
    QTest::newRow("line by line") << u"/^a.*$/"_s << u"ab\nba\nac"_s << u"***\nba\n***"_s;
}

void MaskRulesTest::masks()
{
    QFETCH(QString, rules);
    QFETCH(QString, text);
    QFETCH(QString, masked);

    const Result<MaskRules> made = MaskRules::from(rules);

    QVERIFY(made);
    QCOMPARE(made->masked(text), masked);
}

void MaskRulesTest::masksBytesInPlace_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("masked");

    QTest::newRow("none") << QString() << QByteArray("Orion") << QByteArray("Orion");
    QTest::newRow("words") << u"orion"_s << QByteArray("{\"a\":\"Orion\"}")
                           << QByteArray("{\"a\":\"*****\"}");
    QTest::newRow("characters of several bytes")
        << u"张三"_s << QByteArray("é张三é") << QByteArray("é******é");
    QTest::newRow("places between characters of several bytes")
        << u"/\\d/\nab"_s
        << QByteArray("\xF0\x9F\x98\x80"
                      "1\xC3\xA9"
                      "AB2\xF0\x9F\x98\x80"
                      "345")
        << QByteArray("\xF0\x9F\x98\x80*\xC3\xA9***\xF0\x9F\x98\x80***");
    QTest::newRow("halves of characters") << u"/a\\C/"_s
                                          << QByteArray("a\xF0\x9F\x98\x80"
                                                        "b")
                                          << QByteArray("*****b");
    QTest::newRow("no UTF-8") << u"/\\d+/"_s << QByteArray("\xff\xfe 17 \x80")
                              << QByteArray("\xff\xfe ** \x80");
}

void MaskRulesTest::masksBytesInPlace()
{
    QFETCH(QString, rules);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, masked);

    MaskRules::from(rules)->mask(text);

    QCOMPARE(text, masked);
}

void MaskRulesTest::refusesWhatIsNoExpression_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QString>("line");

    QTest::newRow("a bracket that stays open") << u"/(a/"_s << u"Line 1: "_s;
    QTest::newRow("the second line") << u"orion\n/[z-a]/"_s << u"Line 2: "_s;
}

void MaskRulesTest::refusesWhatIsNoExpression()
{
    QFETCH(QString, rules);
    QFETCH(QString, line);

    const Result<MaskRules> made = MaskRules::from(rules);

    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::InvalidInput);
    QVERIFY(made.error().message.english().startsWith(line));
}

void MaskRulesTest::refusesTooMany()
{
    QVERIFY(MaskRules::from(u"word\n"_s.repeated(MaskRules::mostRules)));
    QVERIFY(!MaskRules::from(u"word\n"_s.repeated(MaskRules::mostRules + 1)));
}

void MaskRulesTest::findsWhatStandsAcrossWindows()
{
    const Result<MaskRules> rules = MaskRules::from(u"needle\n/\\d{200}/"_s);
    for (const qsizetype before : {2'040, 2'047, 4'000, 10'000}) {
        const QByteArray filling(before, 'x');
        QByteArray text = filling + "needle" + filling + QByteArray(200, '7') + "é" + filling;
        const QByteArray expected =
            filling + "******" + filling + QByteArray(200, '*') + "é" + filling;

        QCOMPARE(rules->masked(QString::fromUtf8(text)),
                 QString(QString::fromUtf8(filling) + u"***" + QString::fromUtf8(filling) + u"***é"
                         + QString::fromUtf8(filling)));
        rules->mask(text);
        QCOMPARE(text, expected);
    }
}

// Without a limit this takes longer than anybody lives.
void MaskRulesTest::anExpressionThatTakesTooLongMasksTheWhole()
{
    const Result<MaskRules> rules = MaskRules::from(u"/(a+)+b$/"_s);
    QVERIFY(rules);
    const QString text = QString(60, u'a') + u"c, about it";

    QCOMPARE(rules->masked(text), u"***"_s);
    QCOMPARE(rules->masked(u"another text"_s), u"another text"_s);
}

void MaskRulesTest::logsGoByTheRulesInForce()
{
    setMaskRules(u"orion\n/\\d{4}/"_s);
    QVERIFY(maskRules());
    QCOMPARE(redacted(u"Orion of 1999"_s), u"*** of ***"_s);

    setMaskRules(u"(not an expression)"_s);
    QCOMPARE(redacted(u"Orion of 1999"_s), u"Orion of 1999"_s);

    setMaskRules({});
    QVERIFY(!maskRules());
    QCOMPARE(redacted(u"Orion (not an expression)"_s), u"Orion (not an expression)"_s);
}

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::MaskRulesTest)
#include "tst_maskrules.moc"
