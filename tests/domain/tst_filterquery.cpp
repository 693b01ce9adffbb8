#include "domain/filterquery.h"

#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse::domain;

class FilterQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void readsTerms_data();
    void readsTerms();
    void writesWhatItReads_data();
    void writesWhatItReads();
    void quotesWhatWouldBeReadAsMore_data();
    void quotesWhatWouldBeReadAsMore();
    void exactTermsMeanOneValue();
    void keepsUnknownKeysAsText();
    void matchesPatterns_data();
    void matchesPatterns();
    void readsNumbers_data();
    void readsNumbers();
};

void FilterQueryTest::readsTerms_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<FilterTerm>>("terms");

    using enum FilterTerm::Comparison;
    QTest::newRow("nothing") << u"  "_s << QList<FilterTerm>{};
    QTest::newRow("a word") << u" gpt "_s
                            << QList<FilterTerm>{{.value = u"gpt"_s, .position = 1, .length = 3}};
    QTest::newRow("a key") << u"Status:error"_s
                           << QList<FilterTerm>{
                                  {.key = u"status"_s, .value = u"error"_s, .length = 12}};
    QTest::newRow("a comparison") << u"cost:>=0.01"_s
                                  << QList<FilterTerm>{{.key = u"cost"_s,
                                                        .comparison = GreaterOrEqual,
                                                        .value = u"0.01"_s,
                                                        .length = 11}};
    QTest::newRow("excluded, then quoted")
        << u"-model:gpt* token:\"alice laptop\""_s
        << QList<FilterTerm>{
               {.key = u"model"_s, .value = u"gpt*"_s, .excluded = true, .length = 11},
               {.key = u"token"_s,
                .value = u"alice laptop"_s,
                .whole = true,
                .position = 12,
                .length = 20}};
    QTest::newRow("quoted in part")
        << u"model:gpt\"-4\""_s
        << QList<FilterTerm>{{.key = u"model"_s, .value = u"gpt-4"_s, .length = 13}};
    QTest::newRow("still being quoted")
        << u"model:\"gpt"_s
        << QList<FilterTerm>{{.key = u"model"_s, .value = u"gpt"_s, .length = 10}};
    QTest::newRow("a quoted word")
        << u"\"gpt\""_s << QList<FilterTerm>{{.value = u"gpt"_s, .length = 5}};
    QTest::newRow("a quote without end")
        << u"\"a b"_s << QList<FilterTerm>{{.value = u"a b"_s, .length = 4}};
    QTest::newRow("a minus alone") << u"-"_s << QList<FilterTerm>{{.excluded = true, .length = 1}};
    QTest::newRow("a key without value")
        << u"model:"_s << QList<FilterTerm>{{.key = u"model"_s, .length = 6}};
}

void FilterQueryTest::readsTerms()
{
    QFETCH(QString, text);
    QFETCH(QList<FilterTerm>, terms);

    QCOMPARE(filterQueryFrom(text).terms, terms);
}

void FilterQueryTest::writesWhatItReads_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("keys") << u"status:error cost:>0.01 -model:gpt*"_s;
    QTest::newRow("quotes") << u"token:\"alice laptop\" \"two words\""_s;
    QTest::newRow("quotes that are needless but mean the whole") << u"owner:\"al\""_s;
    QTest::newRow("text with a colon") << u"\"http://host\""_s;
}

void FilterQueryTest::writesWhatItReads()
{
    QFETCH(QString, text);

    QCOMPARE(filterText(filterQueryFrom(text)), text);
}

void FilterQueryTest::quotesWhatWouldBeReadAsMore_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");

    QTest::newRow("colon") << u"model"_s << u"qwen:7b"_s;
    QTest::newRow("colon in free text") << QString() << u"qwen:7b"_s;
    QTest::newRow("space") << u"model"_s << u"a b"_s;
    QTest::newRow("tabulator") << u"model"_s << u"a\tb"_s;
    QTest::newRow("ideographic space") << u"model"_s << u"通义\u3000千问"_s;
    QTest::newRow("no-break space") << QString() << u"a\u00a0b"_s;
    QTest::newRow("greater") << u"model"_s << u">4"_s;
    QTest::newRow("less") << u"model"_s << u"<none>"_s;
}

void FilterQueryTest::quotesWhatWouldBeReadAsMore()
{
    QFETCH(QString, key);
    QFETCH(QString, value);

    const FilterQuery read = filterQueryFrom(filterText({{{.key = key, .value = value}}}));

    QCOMPARE(read.terms.size(), 1);
    QCOMPARE(read.terms.front().key, key);
    QCOMPARE(read.terms.front().value, value);
    QCOMPARE(read.terms.front().comparison, FilterTerm::Comparison::Is);
}

void FilterQueryTest::exactTermsMeanOneValue()
{
    QCOMPARE(exactTerm(u"token"_s, u"alice laptop"_s, true), u"-token:\"alice laptop\""_s);
    QCOMPARE(exactTerm(u"model"_s, u"qwen:7b"_s), u"model:qwen:7b"_s);
    QCOMPARE(wholeTerm(u"owner"_s, u"al"_s), u"owner:\"al\""_s);
    // Neither two alternatives nor the end of a quotation.
    const QString term = exactTerm(u"name"_s, u"one, \"two\""_s);
    const FilterQuery query = filterQueryFrom(term, {u"name"_s});
    QCOMPARE(query.terms.size(), 1);
    QCOMPARE(alternatives(query.terms.front()), QStringList{u"one? ?two?"_s});
}

void FilterQueryTest::keepsUnknownKeysAsText()
{
    const FilterQuery query =
        filterQueryFrom(u"https://api.example.com status:ok"_s, {u"status"_s});

    QCOMPARE(query.terms.size(), 2);
    QVERIFY(query.terms.at(0).key.isEmpty());
    QCOMPARE(query.terms.at(0).value, u"https://api.example.com"_s);
    QCOMPARE(query.terms.at(1).key, u"status"_s);
}

void FilterQueryTest::matchesPatterns_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("matches");

    QTest::newRow("part of it") << u"claude-sonnet-4-5"_s << u"Sonnet"_s << true;
    QTest::newRow("not a part") << u"claude"_s << u"gpt"_s << false;
    QTest::newRow("beginning") << u"gpt-5"_s << u"gpt*"_s << true;
    QTest::newRow("not its beginning") << u"my-gpt-5"_s << u"gpt*"_s << false;
    QTest::newRow("two stars") << u"a-b-c-d"_s << u"*b*d"_s << true;
    QTest::newRow("one letter") << u"gpt-5"_s << u"gpt-?"_s << true;
    QTest::newRow("one letter too many") << u"gpt-50"_s << u"gpt-?"_s << false;
    QTest::newRow("empty text") << QString() << u"*"_s << true;
}

void FilterQueryTest::matchesPatterns()
{
    QFETCH(QString, text);
    QFETCH(QString, pattern);
    QFETCH(bool, matches);

    QCOMPARE(matchesPattern(text, pattern), matches);
}

void FilterQueryTest::readsNumbers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("number");

    QTest::newRow("plain") << u"0.01"_s << 0.01;
    QTest::newRow("milliseconds") << u"340ms"_s << 340.0;
    QTest::newRow("seconds") << u"2s"_s << 2000.0;
    QTest::newRow("minutes") << u"5min"_s << 300'000.0;
    QTest::newRow("days") << u"7d"_s << 604'800'000.0;
    QTest::newRow("thousands") << u"1.5k"_s << 1500.0;
    QTest::newRow("dollars") << u"$3"_s << 3.0;
    QTest::newRow("no number") << u"fast"_s << -1.0;
    QTest::newRow("nothing") << QString() << -1.0;
}

void FilterQueryTest::readsNumbers()
{
    QFETCH(QString, text);
    QFETCH(double, number);

    QCOMPARE(filterNumber(text).value_or(-1.0), number);
}

QTEST_GUILESS_MAIN(FilterQueryTest)
#include "tst_filterquery.moc"
