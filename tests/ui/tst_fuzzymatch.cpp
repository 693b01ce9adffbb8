#include "frame/fuzzymatch.h"

#include <QTest>

using namespace Qt::StringLiterals;

using gatehouse::ui::fuzzyScore;

class FuzzyMatchTest : public QObject
{
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void prefers_data();
    void prefers();
};

void FuzzyMatchTest::matches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("matches");

    QTest::newRow("nothing typed") << u"Add channel"_s << QString() << true;
    QTest::newRow("letters in order") << u"Add channel"_s << u"adch"_s << true;
    QTest::newRow("other case") << u"Add channel"_s << u"ADD"_s << true;
    QTest::newRow("letters out of order") << u"Add channel"_s << u"chadd"_s << false;
    QTest::newRow("a blank between") << u"Add channel"_s << u"add ch"_s << true;
    QTest::newRow("Chinese") << u"添加渠道"_s << u"渠道"_s << true;
    QTest::newRow("Chinese, letters apart") << u"添加渠道"_s << u"添渠"_s << true;
    QTest::newRow("initials") << u"Copy the address"_s << u"cta"_s << true;
    QTest::newRow("a later word") << u"Open settings"_s << u"settings"_s << true;
    QTest::newRow("a word that begins too early") << u"set settings"_s << u"setti"_s << true;
    QTest::newRow("within a word") << u"Reopen"_s << u"open"_s << false;
    QTest::newRow("scattered within words")
        << u"Wrong passwords (web.password_tries)"_s << u"open"_s << false;
    QTest::newRow("a hump") << u"OpenAI"_s << u"oai"_s << true;
    QTest::newRow("a number") << u"gpt-4o-mini"_s << u"gpt4m"_s << true;
    QTest::newRow("a number in a word") << u"llama3.1"_s << u"3.1"_s << true;
    QTest::newRow("signs") << u"Port (server.port)"_s << u"server.port"_s << true;
    QTest::newRow("more than there is") << u"ab"_s << u"abc"_s << false;
    QTest::newRow("an empty text") << QString() << u"a"_s << false;
}

void FuzzyMatchTest::matches()
{
    QFETCH(QString, text);
    QFETCH(QString, typed);
    QFETCH(bool, matches);

    QCOMPARE(fuzzyScore(text, typed).has_value(), matches);
}

void FuzzyMatchTest::prefers_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("better");
    QTest::addColumn<QString>("worse");

    QTest::newRow("a run of letters") << u"test"_s << u"Test all"_s << u"The best"_s;
    QTest::newRow("beginnings of words") << u"ta"_s << u"Test all"_s << u"Start"_s;
    QTest::newRow("a later beginning of a word")
        << u"set"_s << u"Open settings"_s << u"Oversee the test"_s;
}

void FuzzyMatchTest::prefers()
{
    QFETCH(QString, typed);
    QFETCH(QString, better);
    QFETCH(QString, worse);

    const std::optional<int> high = fuzzyScore(better, typed);
    const std::optional<int> low = fuzzyScore(worse, typed);

    QVERIFY(high);
    QVERIFY(!low || *high > *low);
}

QTEST_GUILESS_MAIN(FuzzyMatchTest)
#include "tst_fuzzymatch.moc"
