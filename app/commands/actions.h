#pragma once

#include "commands/arguments.h"
#include "commands/command.h"

#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::app {

// What a command can do, as the second word tells it: `gatehouse channel list`.
struct Action
{
    static constexpr qsizetype anyNumber = 10'000;

    QString name{};
    QStringList otherNames{};
    QString operands{}; // in --help: "CHANNEL…"
    QString help{};
    qsizetype fewest = 0; // of the operands
    qsizetype most = 0;
    std::vector<OptionRule> options{}; // beside --json
    std::function<base::Result<std::unique_ptr<Command>>(const Options &, const Arguments &)>
        make{};
};

// A command of the given actions. Each takes --json. `notes` stand at the end of its --help.
CommandDescription commandOf(const QString &name,
                             const QString &summary,
                             const std::vector<Action> &actions,
                             const QString &notes);

} // namespace gatehouse::app
