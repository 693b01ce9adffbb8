#include "commands/command.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// The commands as they are made of what stands on the command line.
class CommandTableTest : public QObject
{
    Q_OBJECT

private slots:
    void areRefused_data();
    void areRefused();
    void areTaken_data();
    void areTaken();
};

void CommandTableTest::areRefused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");

    QTest::newRow("statistics of the future")
        << QStringList{u"stats"_s, u"--since"_s, u"2999-01-01"_s} << u"yet to come"_s;
    QTest::newRow("a key of the filter that there is not")
        << QStringList{u"logs"_s, u"--filter"_s, u"status:error modle:x"_s} << u"\"modle\""_s;
    QTest::newRow("the keys that there are")
        << QStringList{u"logs"_s, u"--filter"_s, u"-modle:x"_s} << u"model"_s;
    QTest::newRow("a filter twice")
        << QStringList{u"logs"_s, u"--filter=a"_s, u"--filter=b"_s} << u"more than once"_s;
    QTest::newRow("another operand")
        << QStringList{u"stop"_s, u"now"_s} << u"gatehouse stop [--no-wait]"_s;
    QTest::newRow("no file to restore") << QStringList{u"restore"_s} << u"gatehouse restore FILE"_s;
    QTest::newRow("a file to restore no more")
        << QStringList{u"restore"_s, u"a"_s, u"--cancel"_s} << u"gatehouse restore FILE"_s;
    QTest::newRow("no file to import") << QStringList{u"import"_s} << u"gatehouse import FILE"_s;
    QTest::newRow("a word behind serve")
        << QStringList{u"serve"_s, u"now"_s} << u"gatehouse serve"_s;
}

void CommandTableTest::areRefused()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);

    const CommandDescription *description = commandNamed(words.takeFirst());
    QVERIFY(description);
    const auto command = description->make(Options{}, words);

    QVERIFY(!command);
    QCOMPARE(command.error().code, base::ErrorCode::InvalidInput);
    QVERIFY2(command.error().message.english().contains(says),
             qPrintable(command.error().message.english()));
}

void CommandTableTest::areTaken_data()
{
    QTest::addColumn<QStringList>("words");

    QTest::newRow("a filter with an address")
        << QStringList{u"logs"_s, u"-f"_s, u"--filter"_s, u"model:gpt* https://host/"_s};
    QTest::newRow("a filter with a colon in quotes")
        << QStringList{u"logs"_s, u"-n"_s, u"5"_s, u"--filter"_s, u"\"modle:x\""_s};
    QTest::newRow("a day before") << QStringList{u"stats"_s, u"--since=yesterday"_s, u"--json"_s};
    QTest::newRow("a file that looks like an option")
        << QStringList{u"import"_s, u"--dry-run"_s, u"--"_s, u"--file"_s};
}

void CommandTableTest::areTaken()
{
    QFETCH(QStringList, words);

    const CommandDescription *description = commandNamed(words.takeFirst());
    QVERIFY(description);
    const auto command = description->make(Options{}, words);

    QVERIFY2(command, command ? "" : qPrintable(command.error().message.english()));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::CommandTableTest)
#include "tst_commandtable.moc"
