#include "commands/arguments.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// The words behind a command.
class ArgumentsTest : public QObject
{
    Q_OBJECT

private slots:
    void areToldApart_data();
    void areToldApart();
    void areRefused_data();
    void areRefused();
    void noMessageRepeatsAValue();
    void aSlipOfTheFingerIsRecognized();
    void aShortNameIsAnother();
    void numbers_data();
    void numbers();
    void operandsAreCounted_data();
    void operandsAreCounted();
    void helpStandsInColumns();
};

static std::vector<OptionRule> someRules()
{
    return {{.name = u"--name"_s, .value = u"NAME"_s, .help = u"a name"_s},
            {.name = u"--map"_s, .value = u"A=B"_s, .isRepeatable = true},
            {.name = u"--all"_s, .shortName = u"-a"_s},
            {.name = u"--lines"_s, .value = u"N"_s, .shortName = u"-n"_s}};
}

void ArgumentsTest::areToldApart_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QStringList>("operands");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("mappings");
    QTest::addColumn<bool>("all");

    const QStringList none;
    QTest::newRow("nothing") << none << none << QString() << none << false;
    QTest::newRow("options between operands")
        << QStringList{u"a"_s, u"--name"_s, u"x"_s, u"b"_s, u"--all"_s}
        << QStringList{u"a"_s, u"b"_s} << u"x"_s << none << true;
    QTest::newRow("a value in the same word, with a sign of its own")
        << QStringList{u"--name=a=b"_s} << none << u"a=b"_s << none << false;
    QTest::newRow("a value that looks like an option")
        << QStringList{u"--name"_s, u"--all"_s} << none << u"--all"_s << none << false;
    QTest::newRow("an empty value")
        << QStringList{u"--name="_s, u"--all"_s} << none << QString() << none << true;
    QTest::newRow("an option that is repeated")
        << QStringList{u"--map"_s, u"a=b"_s, u"--map=c=d"_s} << none << QString()
        << QStringList{u"a=b"_s, u"c=d"_s} << false;
    QTest::newRow("operands alone behind two dashes")
        << QStringList{u"--"_s, u"--all"_s, u"--"_s} << QStringList{u"--all"_s, u"--"_s}
        << QString() << none << false;
    QTest::newRow("twice what has no value") << QStringList{u"--all"_s, u"a"_s, u"--all"_s}
                                             << QStringList{u"a"_s} << QString() << none << true;
    QTest::newRow("a value that begins with a dash")
        << QStringList{u"--name"_s, u"-user:alice"_s} << none << u"-user:alice"_s << none << false;
    QTest::newRow("standard input")
        << QStringList{u"-"_s} << QStringList{u"-"_s} << QString() << none << false;
}

void ArgumentsTest::areToldApart()
{
    QFETCH(QStringList, words);

    const auto arguments = Arguments::from(words, someRules());

    QVERIFY(arguments);
    QTEST(arguments->operands(), "operands");
    QTEST(arguments->value(u"--name"_s).value_or(QString()), "name");
    QTEST(arguments->values(u"--map"_s), "mappings");
    QTEST(arguments->has(u"--all"_s), "all");
}

void ArgumentsTest::areRefused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");

    QTest::newRow("unknown") << QStringList{u"--colour"_s} << u"--colour"_s;
    QTest::newRow("a number below zero") << QStringList{u"-1"_s} << u"-1"_s;
    QTest::newRow("twice") << QStringList{u"--name"_s, u"a"_s, u"--name=b"_s}
                           << u"more than once"_s;
    QTest::newRow("no value") << QStringList{u"--name"_s} << u"--name NAME"_s;
    QTest::newRow("a value that has no place") << QStringList{u"--all=yes"_s} << u"no value"_s;
    QTest::newRow("a key") << QStringList{u"--key"_s, u"sk-0"_s} << u"standard input"_s;
    QTest::newRow("a password") << QStringList{u"--password=x"_s} << u"standard input"_s;
}

void ArgumentsTest::areRefused()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);

    const auto arguments = Arguments::from(words, someRules());

    QVERIFY(!arguments);
    QCOMPARE(arguments.error().code, base::ErrorCode::InvalidInput);
    QVERIFY2(arguments.error().message.english().contains(says),
             qPrintable(arguments.error().message.english()));
}

void ArgumentsTest::noMessageRepeatsAValue()
{
    for (const QString &secret :
         {u"correct-horse-battery"_s, u"sk-0123456789abcdef0123456789abcdef"_s}) {
        for (const QString &option :
             {u"--key="_s, u"--unknown="_s, u"--all="_s, u"--lines="_s, u"-x="_s}) {
            const auto number = Arguments::from({option + secret}, someRules())
                                    .and_then([](const Arguments &arguments) {
                                        return arguments.number(u"--lines"_s, 100);
                                    });

            QVERIFY(!number);
            QVERIFY(!number.error().message.english().contains(secret));
        }
    }
}

void ArgumentsTest::aSlipOfTheFingerIsRecognized()
{
    const auto arguments = Arguments::from({u"--names"_s, u"a"_s}, someRules());

    QVERIFY(!arguments);
    QVERIFY(arguments.error().message.english().contains(u"Is --name meant?"_s));
}

void ArgumentsTest::aShortNameIsAnother()
{
    const auto arguments = Arguments::from({u"-a"_s, u"word"_s, u"-n"_s, u"5"_s}, someRules());

    QVERIFY(arguments);
    QVERIFY(arguments->has(u"--all"_s));
    QCOMPARE(arguments->value(u"--lines"_s), u"5"_s);
    QCOMPARE(arguments->operands(), QStringList{u"word"_s});
    QVERIFY(!Arguments::from({u"-n"_s, u"5"_s, u"--lines"_s, u"6"_s}, someRules()));
    QVERIFY(!Arguments::from({u"-n"_s}, someRules()));
}

void ArgumentsTest::numbers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("number"); // 0: refused

    QTest::newRow("one") << u"1"_s << 1;
    QTest::newRow("the most") << u"100"_s << 100;
    QTest::newRow("too many") << u"101"_s << 0;
    QTest::newRow("none") << u"0"_s << 0;
    QTest::newRow("below none") << u"-1"_s << 0;
    QTest::newRow("a word") << u"all"_s << 0;
}

void ArgumentsTest::numbers()
{
    QFETCH(QString, text);
    QFETCH(int, number);
    const auto arguments = Arguments::from({u"-n"_s, text}, someRules());
    QVERIFY(arguments);

    const auto read = arguments->number(u"--lines"_s, 100);

    QCOMPARE(read.has_value(), number > 0);
    if (read)
        QCOMPARE(read->value_or(-1), number);
    const auto absent = Arguments().number(u"--lines"_s, 100);
    QVERIFY(absent && !absent->has_value());
}

void ArgumentsTest::operandsAreCounted_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<bool>("taken");

    QTest::newRow("none") << QStringList() << false;
    QTest::newRow("one") << QStringList{u"file"_s} << true;
    QTest::newRow("two") << QStringList{u"file"_s, u"another"_s} << false;
    QTest::newRow("one that looks like an option") << QStringList{u"--"_s, u"--file"_s} << true;
    QTest::newRow("standard input") << QStringList{u"-"_s} << true;
}

void ArgumentsTest::operandsAreCounted()
{
    QFETCH(QStringList, words);
    QFETCH(bool, taken);

    const auto arguments = Arguments::from(
        words, someRules(), {.fewest = 1, .most = 1, .usage = u"gatehouse restore FILE"_s});

    QCOMPARE(arguments.has_value(), taken);
    if (!arguments)
        QVERIFY(arguments.error().message.english().contains(u"gatehouse restore FILE"_s));
}

void ArgumentsTest::helpStandsInColumns()
{
    QCOMPARE(helpEntry(u"list"_s, u"all of them"_s), u"  list                all of them\n"_s);
    QCOMPARE(helpEntry(u"a word that is far too long"_s, u"one\ntwo"_s),
             u"  a word that is far too long\n                      one\n"
             "                      two\n"_s);
    QCOMPARE(helpEntry(someRules().front()), u"  --name NAME         a name\n"_s);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::ArgumentsTest)
#include "tst_arguments.moc"
