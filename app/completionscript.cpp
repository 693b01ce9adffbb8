#include "completionscript.h"

#include <QMap>

#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

using Value = CompletionWord::Value;

struct NamedShell
{
    Shell shell = Shell::Bash;
    QLatin1StringView name{};
};
constexpr std::array<NamedShell, 4> namedShells{{{Shell::Bash, "bash"_L1},
                                                 {Shell::Zsh, "zsh"_L1},
                                                 {Shell::Fish, "fish"_L1},
                                                 {Shell::PowerShell, "powershell"_L1}}};

// A command with all that may follow it.
struct Entry
{
    QString name{};
    QString summary{};
    QList<CompletionWord> words{};
};

// What all scripts are made of.
struct Table
{
    QList<Entry> commands{};
    QList<CompletionWord> program{};         // in the place of a command
    QMap<QString, CompletionWord> options{}; // those with a value, of all commands
};

QList<CompletionWord> wordsFrom(const QStringList &words)
{
    QList<CompletionWord> all;
    for (const QString &word : words)
        all.append(completionWordFrom(word));
    return all;
}

// One option means the same everywhere; of choices all are offered.
void noteOptions(Table &table, const QList<CompletionWord> &words)
{
    for (const CompletionWord &word : words) {
        if (word.value == Value::None)
            continue;
        CompletionWord &known = table.options[word.name];
        QStringList choices = known.choices + word.choices;
        choices.removeDuplicates();
        known = word;
        known.choices = choices;
    }
}

Table tableFrom(const std::vector<CommandGroup> &groups,
                const QStringList &programWords,
                const QStringList &commonWords)
{
    Table table{.program = wordsFrom(programWords)};
    noteOptions(table, table.program);
    for (const CommandGroup &group : groups) {
        for (const CommandDescription &command : group.commands) {
            const QStringList words = command.words + commonWords + QStringList{u"--help"_s};
            table.commands.append({command.name, command.summary, wordsFrom(words)});
            noteOptions(table, table.commands.back().words);
        }
    }
    return table;
}

QStringList namesOf(const QList<CompletionWord> &words)
{
    QStringList names;
    for (const CompletionWord &word : words)
        names.append(word.name);
    return names;
}

QStringList commandNames(const Table &table)
{
    QStringList names;
    for (const Entry &command : table.commands)
        names.append(command.name);
    return names;
}

// In single quotes; `inner` stands for one within.
QString quoted(const QString &text, const QString &inner)
{
    return u'\'' + QString(text).replace(u'\'', inner) + u'\'';
}

QString origin(QLatin1StringView shell)
{
    return u"# Completion of gatehouse's command line, made by: gatehouse completion %1\n"_s.arg(
        shell);
}

QString bashScript(const Table &table)
{
    QString script =
        origin("bash"_L1)
        + u"_gatehouse()\n"
          "{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local choices\n"
          "    COMPREPLY=()\n"
          "    case $before in\n"_s;
    for (const CompletionWord &option : table.options) {
        QString action = u"return"_s;
        if (option.value == Value::Choice)
            action = u"choices=\"%1\""_s.arg(option.choices.join(u' '));
        else if (option.value == Value::File || option.value == Value::Directory)
            action = u"mapfile -t COMPREPLY < <(compgen -%1 -- \"$word\"); return"_s.arg(
                option.value == Value::File ? u"f"_s : u"d"_s);
        script += u"    %1) %2 ;;\n"_s.arg(option.name, action);
    }
    script += u"    *)\n"
              "        local command=${COMP_WORDS[1]-}\n"
              "        [ \"$COMP_CWORD\" -gt 1 ] || command=\n"
              "        case $command in\n"_s;
    for (const Entry &command : table.commands)
        script += u"        %1) choices=\"%2\" ;;\n"_s.arg(command.name,
                                                           namesOf(command.words).join(u' '));
    script += u"        *) choices=\"%1\" ;;\n"
              "        esac\n"
              "        ;;\n"
              "    esac\n"
              "    mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$word\")\n"
              "}\n"
              "complete -o default -F _gatehouse gatehouse\n"_s.arg(
                  (commandNames(table) + namesOf(table.program)).join(u' '));
    return script;
}

QString zshScript(const Table &table)
{
    const QString quote = u"'\\''"_s;
    QString script = u"#compdef gatehouse\n"_s + origin("zsh"_L1)
                     + u"_gatehouse()\n"
                       "{\n"
                       "    case ${words[CURRENT-1]} in\n"_s;
    for (const CompletionWord &option : table.options) {
        QString action = u"return"_s;
        if (option.value == Value::Choice)
            action = u"compadd -- %1; return"_s.arg(option.choices.join(u' '));
        else if (option.value == Value::File)
            action = u"_files; return"_s;
        else if (option.value == Value::Directory)
            action = u"_files -/; return"_s;
        script += u"    %1) %2 ;;\n"_s.arg(option.name, action);
    }
    script += u"    esac\n"
              "    if (( CURRENT == 2 )); then\n"
              "        local -a commands\n"
              "        commands=(\n"_s;
    for (const Entry &command : table.commands) {
        const QString name = QString(command.name).replace(u':', u"\\:"_s);
        script += u"            %1\n"_s.arg(
            quoted(name + u':' + QString(command.summary).replace(u':', u"\\:"_s), quote));
    }
    script += u"        )\n"
              "        _describe -t commands command commands\n"
              "        compadd -- %1\n"
              "        return\n"
              "    fi\n"
              "    case ${words[2]} in\n"_s.arg(namesOf(table.program).join(u' '));
    for (const Entry &command : table.commands)
        script +=
            u"    %1) compadd -- %2 ;;\n"_s.arg(command.name, namesOf(command.words).join(u' '));
    script += u"    esac\n"
              "    _files\n"
              "}\n"
              "if [ \"${funcstack[1]}\" = _gatehouse ]; then\n"
              "    _gatehouse \"$@\"\n"
              "else\n"
              "    compdef _gatehouse gatehouse\n"
              "fi\n"_s;
    return script;
}

QString fishOption(const CompletionWord &word)
{
    QString line = u" -l "_s + word.name.mid(2);
    if (word.value == Value::Choice)
        line += u" -x -a "_s + quoted(word.choices.join(u' '), u"\\'"_s);
    else if (word.value == Value::Any)
        line += u" -x"_s;
    else if (word.value == Value::File)
        line += u" -r -F"_s;
    else if (word.value == Value::Directory)
        line += u" -x -a '(__fish_complete_directories)'"_s;
    return line;
}

QString fishScript(const Table &table)
{
    const QString quote = u"\\'"_s;
    const QString first = u"complete -c gatehouse -n __fish_use_subcommand"_s;
    QString script = origin("fish"_L1);
    for (const Entry &command : table.commands)
        script += u"%1 -f -a %2 -d %3\n"_s.arg(first, command.name, quoted(command.summary, quote));
    for (const CompletionWord &word : table.program)
        script += first + fishOption(word) + u'\n';
    for (const Entry &command : table.commands) {
        const QString start =
            u"complete -c gatehouse -n '__fish_seen_subcommand_from %1'"_s.arg(command.name);
        for (const CompletionWord &word : command.words)
            script += start
                      + (word.isOption() ? fishOption(word) : QString(u" -f -a "_s + word.name))
                      + u'\n';
    }
    return script;
}

QString powerShellList(const QStringList &words)
{
    QStringList all;
    for (const QString &word : words)
        all.append(quoted(word, u"''"_s));
    return u"@("_s + all.join(u", "_s) + u')';
}

QString powerShellScript(const Table &table)
{
    QString script = origin("powershell"_L1)
                     + u"Register-ArgumentCompleter -Native -CommandName gatehouse -ScriptBlock {\n"
                       "    param($wordToComplete, $commandAst, $cursorPosition)\n"
                       "    $values = @{\n"_s;
    for (const CompletionWord &option : table.options) {
        if (option.value == Value::Choice)
            script += u"        %1 = %2\n"_s.arg(quoted(option.name, u"''"_s),
                                                 powerShellList(option.choices));
    }
    script += u"    }\n"
              "    $commands = @{\n"_s;
    for (const Entry &command : table.commands)
        script += u"        %1 = %2\n"_s.arg(quoted(command.name, u"''"_s),
                                             powerShellList(namesOf(command.words)));
    script += u"    }\n"
              "    $first = %1\n"
              "    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })\n"
              "    $position = $words.Count\n"
              "    if ($wordToComplete -ne '') { $position = $words.Count - 1 }\n"
              "    $before = $words[$position - 1]\n"
              "    $choices = $first\n"
              "    if ($values.ContainsKey($before)) { $choices = $values[$before] }\n"
              "    elseif ($position -gt 1 -and $commands.ContainsKey($words[1])) {\n"
              "        $choices = $commands[$words[1]]\n"
              "    }\n"
              "    $choices | Where-Object { $_ -like \"$wordToComplete*\" } | ForEach-Object {\n"
              "        [System.Management.Automation.CompletionResult]::new($_, $_, "
              "'ParameterValue', $_)\n"
              "    }\n"
              "}\n"_s.arg(powerShellList(commandNames(table) + namesOf(table.program)));
    return script;
}

} // namespace

CompletionWord completionWordFrom(const QString &word)
{
    const qsizetype equals = word.indexOf(u'=');
    if (equals < 0)
        return {.name = word};
    CompletionWord made{.name = word.left(equals), .value = Value::Any};
    const QString value = word.mid(equals + 1);
    if (value == "FILE"_L1) {
        made.value = Value::File;
    } else if (value == "DIR"_L1) {
        made.value = Value::Directory;
    } else if (!value.isEmpty()) {
        made.value = Value::Choice;
        made.choices = value.split(u'|');
    }
    return made;
}

QStringList shellNames()
{
    QStringList names;
    for (const NamedShell &each : namedShells)
        names.append(each.name);
    return names;
}

std::optional<Shell> shellNamed(const QString &name)
{
    for (const NamedShell &each : namedShells) {
        if (each.name == name)
            return each.shell;
    }
    return std::nullopt;
}

QString completionScript(Shell shell,
                         const std::vector<CommandGroup> &groups,
                         const QStringList &programWords,
                         const QStringList &commonWords)
{
    const Table table = tableFrom(groups, programWords, commonWords);
    switch (shell) {
    case Shell::Bash:
        return bashScript(table);
    case Shell::Zsh:
        return zshScript(table);
    case Shell::Fish:
        return fishScript(table);
    case Shell::PowerShell:
        break;
    }
    return powerShellScript(table);
}

} // namespace gatehouse::app
