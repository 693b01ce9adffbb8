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
    void helpStandsInColumns();
};

static std::vector<OptionRule> someRules()
{
    return {{.name = u"--name"_s, .value = u"NAME"_s, .help = u"a name"_s},
            {.name = u"--map"_s, .value = u"A=B"_s, .isRepeatable = true},
            {.name = u"--all"_s}};
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
    const QString secret = u"correct-horse-battery"_s;
    for (const QString &option : {u"--key="_s, u"--unknown="_s, u"--all="_s}) {
        const auto arguments = Arguments::from({option + secret}, someRules());

        QVERIFY(!arguments);
        QVERIFY(!arguments.error().message.english().contains(secret));
    }
}

void ArgumentsTest::aSlipOfTheFingerIsRecognized()
{
    const auto arguments = Arguments::from({u"--names"_s, u"a"_s}, someRules());

    QVERIFY(!arguments);
    QVERIFY(arguments.error().message.english().contains(u"Is --name meant?"_s));
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
