#include "commands/argumentreader.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// A command's own options, taken out of its arguments.
class ArgumentReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void takesFlags();
    void takesValues_data();
    void takesValues();
    void refusesAMissingValue();
    void takesNumbers_data();
    void takesNumbers();
    void givesTheWords_data();
    void givesTheWords();
    void repeatsNoKey();
};

void ArgumentReaderTest::takesFlags()
{
    ArgumentReader reader({u"-f"_s, u"word"_s, u"--json"_s, u"--json"_s});

    QVERIFY(reader.takeFlag(u"--follow"_s, u"-f"_s));
    QVERIFY(reader.takeFlag(u"--json"_s));
    QVERIFY(!reader.takeFlag(u"--force"_s));
    QCOMPARE(reader.takeWords(1, 1, {}), QStringList{u"word"_s});
}

void ArgumentReaderTest::takesValues_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("value"); // null: none

    QTest::newRow("not given") << QStringList{u"word"_s} << QString();
    QTest::newRow("in the next word") << QStringList{u"--by"_s, u"user"_s} << u"user"_s;
    QTest::newRow("in the same word") << QStringList{u"--by=a=b"_s} << u"a=b"_s;
    QTest::newRow("the last of several")
        << QStringList{u"--by=user"_s, u"--by"_s, u"token"_s} << u"token"_s;
    QTest::newRow("what looks like an option")
        << QStringList{u"--by"_s, u"-user:alice"_s} << u"-user:alice"_s;
    QTest::newRow("after the end of options")
        << QStringList{u"--"_s, u"--by"_s, u"user"_s} << QString();
}

void ArgumentReaderTest::takesValues()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, value);

    const auto taken = ArgumentReader(arguments).takeValue(u"--by"_s);

    QVERIFY(taken);
    QCOMPARE(taken->has_value(), !value.isNull());
    QCOMPARE(taken->value_or(QString()), value);
}

void ArgumentReaderTest::refusesAMissingValue()
{
    const auto taken = ArgumentReader({u"--by"_s}).takeValue(u"--by"_s);

    QVERIFY(!taken);
    QVERIFY(taken.error().message.english().contains(u"--by"_s));
}

void ArgumentReaderTest::takesNumbers_data()
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

void ArgumentReaderTest::takesNumbers()
{
    QFETCH(QString, text);
    QFETCH(int, number);

    const auto taken = ArgumentReader({u"-n"_s, text}).takeNumber(u"--lines"_s, 100, u"-n"_s);

    QCOMPARE(taken.has_value(), number > 0);
    if (taken)
        QCOMPARE(taken->value_or(-1), number);
}

void ArgumentReaderTest::givesTheWords_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("taken");

    QTest::newRow("none") << QStringList() << false;
    QTest::newRow("one") << QStringList{u"file"_s} << true;
    QTest::newRow("two") << QStringList{u"file"_s, u"another"_s} << false;
    QTest::newRow("an unknown option") << QStringList{u"--file"_s} << false;
    QTest::newRow("one that looks like an option") << QStringList{u"--"_s, u"--file"_s} << true;
    QTest::newRow("standard input") << QStringList{u"-"_s} << true;
}

void ArgumentReaderTest::givesTheWords()
{
    QFETCH(QStringList, arguments);
    QFETCH(bool, taken);

    const auto words = ArgumentReader(arguments).takeWords(1, 1, u"gatehouse restore FILE"_s);

    QCOMPARE(words.has_value(), taken);
    if (!words)
        QVERIFY(words.error().message.english().contains(u"gatehouse restore FILE"_s));
}

void ArgumentReaderTest::repeatsNoKey()
{
    const QString key = u"sk-0123456789abcdef0123456789abcdef"_s;

    const auto words = ArgumentReader({u"--key="_s + key}).takeWords(0, 0, u"gatehouse status"_s);

    QVERIFY(!words);
    QVERIFY(!words.error().message.english().contains(key));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::ArgumentReaderTest)
#include "tst_argumentreader.moc"
