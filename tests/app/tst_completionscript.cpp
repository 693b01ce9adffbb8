#include "completionscript.h"
#include "windowrequest.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// What shells are told of the command line.
class CompletionScriptTest : public QObject
{
    Q_OBJECT

private slots:
    void readsAWord_data();
    void readsAWord();
    void namesEveryCommandAndOption_data();
    void namesEveryCommandAndOption();
    void knowsWhatHelpTells();
    void offersValues_data();
    void offersValues();
    void quotesSummaries_data();
    void quotesSummaries();
};

static QString scriptOf(const QString &shell, const std::vector<CommandGroup> &groups)
{
    return completionScript(*shellNamed(shell), groups, windowOptionWords(), commonOptionWords());
}

static void addShells()
{
    QTest::addColumn<QString>("shell");
    for (const QString &shell : shellNames())
        QTest::newRow(qPrintable(shell)) << shell;
}

void CompletionScriptTest::readsAWord_data()
{
    using Value = CompletionWord::Value;
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("value");
    QTest::addColumn<QStringList>("choices");

    QTest::newRow("a word") << u"list"_s << u"list"_s << int(Value::None) << QStringList();
    QTest::newRow("a flag") << u"--json"_s << u"--json"_s << int(Value::None) << QStringList();
    QTest::newRow("a choice") << u"--by=model|user"_s << u"--by"_s << int(Value::Choice)
                              << QStringList{u"model"_s, u"user"_s};
    QTest::newRow("a file") << u"--out=FILE"_s << u"--out"_s << int(Value::File) << QStringList();
    QTest::newRow("a folder") << u"--data-dir=DIR"_s << u"--data-dir"_s << int(Value::Directory)
                              << QStringList();
    QTest::newRow("anything") << u"--limit="_s << u"--limit"_s << int(Value::Any) << QStringList();
}

void CompletionScriptTest::readsAWord()
{
    QFETCH(QString, word);
    QFETCH(QString, name);
    QFETCH(int, value);
    QFETCH(QStringList, choices);

    const CompletionWord made = completionWordFrom(word);

    QCOMPARE(made.name, name);
    QCOMPARE(int(made.value), value);
    QCOMPARE(made.choices, choices);
    QCOMPARE(made.isOption(), word.startsWith(u'-'));
}

void CompletionScriptTest::namesEveryCommandAndOption_data()
{
    addShells();
}

void CompletionScriptTest::namesEveryCommandAndOption()
{
    QFETCH(QString, shell);

    const QString script = scriptOf(shell, commandGroups());

    for (const CommandGroup &group : commandGroups()) {
        for (const CommandDescription &command : group.commands) {
            QVERIFY2(script.contains(command.name), qPrintable(command.name));
            for (const QString &word : command.words) {
                QString name = completionWordFrom(word).name;
                if (shell == "fish"_L1 && name.startsWith("--"_L1))
                    name = u"-l "_s + name.mid(2);
                QVERIFY2(script.contains(name), qPrintable(word));
            }
        }
    }
}

// An option that a command's help tells of is one that completion knows.
void CompletionScriptTest::knowsWhatHelpTells()
{
    static const QRegularExpression option(u"^  (?:-[a-zA-Z], )?(--[a-z-]+)"_s,
                                           QRegularExpression::MultilineOption);
    QStringList common;
    for (const QString &word : commonOptionWords())
        common.append(completionWordFrom(word).name);

    for (const CommandGroup &group : commandGroups()) {
        for (const CommandDescription &command : group.commands) {
            QStringList known = common;
            for (const QString &word : command.words)
                known.append(completionWordFrom(word).name);
            auto matches = option.globalMatch(command.help);
            while (matches.hasNext()) {
                const QString told = matches.next().captured(1);
                QVERIFY2(known.contains(told), qPrintable(command.name + u' ' + told));
            }
        }
    }
}

void CompletionScriptTest::offersValues_data()
{
    addShells();
}

void CompletionScriptTest::offersValues()
{
    QFETCH(QString, shell);
    CommandDescription command;
    command.name = u"sort"_s;
    command.words = {u"--by=amber|birch"_s, u"--out=FILE"_s, u"--in=DIR"_s};

    const QString script = scriptOf(shell, {{u"One"_s, {command}}});

    QVERIFY(script.contains(u"amber"_s) && script.contains(u"birch"_s));
    QVERIFY(!script.contains(u"amber|birch"_s));
    const QMap<QString, QStringList> paths{{u"bash"_s, {u"compgen -f "_s, u"compgen -d "_s}},
                                           {u"zsh"_s, {u"_files;"_s, u"_files -/;"_s}},
                                           {u"fish"_s, {u" -F"_s, u"directories"_s}}};
    for (const QString &part : paths.value(shell))
        QVERIFY2(script.contains(part), qPrintable(part));
}

void CompletionScriptTest::quotesSummaries_data()
{
    addShells();
}

// A quotation mark must not end what it stands in.
void CompletionScriptTest::quotesSummaries()
{
    QFETCH(QString, shell);
    CommandDescription command;
    command.name = u"sort"_s;
    command.summary = u"set a user's password: now"_s;

    const QString script = scriptOf(shell, {{u"One"_s, {command}}});

    QVERIFY(!script.contains(u" user's "_s));
    if (shell == "zsh"_L1)
        QVERIFY(script.contains(u"'sort:set a user'\\''s password\\: now'"_s));
    if (shell == "fish"_L1)
        QVERIFY(script.contains(u"'set a user\\'s password: now'"_s));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::CompletionScriptTest)
#include "tst_completionscript.moc"
