#pragma once

#include "commands/command.h"

namespace gatehouse::app {

// A word that may follow on the command line, taken apart; see CommandDescription::words.
struct CompletionWord
{
    enum class Value { None, Any, Choice, File, Directory };

    QString name{};
    Value value = Value::None;
    QStringList choices{}; // of Value::Choice

    bool isOption() const { return name.startsWith(u'-'); }
    bool operator==(const CompletionWord &) const = default;
};

CompletionWord completionWordFrom(const QString &word);

enum class Shell { Bash, Zsh, Fish, PowerShell };

QStringList shellNames();
std::optional<Shell> shellNamed(const QString &name);

// The script by which a shell completes the command line: `groups` are the commands, `programWords`
// what may stand in the place of one, `commonWords` what every command takes.
QString completionScript(Shell shell,
                         const std::vector<CommandGroup> &groups,
                         const QStringList &programWords,
                         const QStringList &commonWords);

} // namespace gatehouse::app
