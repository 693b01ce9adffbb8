#include "commands/command.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

const std::vector<CommandGroup> &commandGroups()
{
    static const std::vector<CommandGroup> groups{
        {u"The gateway"_s, {serveCommand(), demoCommand()}},
        {u"The program that runs"_s,
         {statusCommand(), stopCommand(), reloadCommand(), openCommand()}},
        {u"What it manages"_s,
         {channelCommand(), modelCommand(), priceCommand(), tokenCommand(), userCommand()}},
        {u"What it has served"_s, {logsCommand(), statsCommand(), historyCommand()}},
        {u"Its data"_s, {backupCommand(), restoreCommand(), importCommand()}},
        {u"Help"_s,
         {checkConfigCommand(), doctorCommand(), openapiCommand(), completionCommand()}}};
    return groups;
}

const CommandDescription *commandNamed(const QString &name)
{
    for (const CommandGroup &group : commandGroups()) {
        for (const CommandDescription &command : group.commands) {
            if (command.name == name)
                return &command;
        }
    }
    return nullptr;
}

} // namespace gatehouse::app
