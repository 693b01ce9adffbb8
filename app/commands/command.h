#pragma once

#include "configuration/options.h"
#include "exitcode.h"

#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::app {

// A sub-command of the program. It runs in the main event loop and ends with exactly one finished().
class Command : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    virtual void start() = 0;
    // The system asks the program to end; a second time it is ended without asking.
    virtual void endRequested() { finish(ExitCode::Interrupted); }
    // Whether it goes on at SIGHUP, and what it does then.
    virtual bool reloads() const { return false; }
    virtual void reloadRequested() {}

signals:
    void finished(gatehouse::app::ExitCode code);

protected:
    // An Ok whose output did not arrive is a failure.
    void finish(ExitCode code);
    // Says on standard error why the command cannot be carried out, and ends it.
    void giveUp(ExitCode code, const QString &message);
};

void printText(const QByteArray &text);    // on standard output, as it is
void printLine(const QString &text);       // on standard output
void printErrorLine(const QString &text);  // on standard error
void printJson(const QJsonObject &object); // as one line on standard output
// Something could not be printed, since a disk is full or nobody reads it any more. A standard output that
// there never was loses nothing.
bool isOutputLost();

// What a sub-command is called by, what --help says of it, and how it is made of its arguments.
struct CommandDescription
{
    QString name{};
    QString summary{}; // one line
    QString help{};    // everything below the usage line
    // Sub-commands and long options, for completion. "--by=model|user" names the values of an option,
    // "--out=FILE" and "--out=DIR" say that it takes a path, "--limit=" that it takes something else.
    QStringList words{};
    std::function<base::Result<std::unique_ptr<Command>>(const Options &, QStringList arguments)>
        make{};
};

// Commands that are to be found together in --help.
struct CommandGroup
{
    QString heading{};
    std::vector<CommandDescription> commands{};
};

// All of them, in the order of --help.
const std::vector<CommandGroup> &commandGroups();
// Null: there is no such command.
const CommandDescription *commandNamed(const QString &name);

CommandDescription serveCommand();
CommandDescription demoCommand();
CommandDescription statusCommand();
CommandDescription stopCommand();
CommandDescription reloadCommand();
CommandDescription openCommand();
CommandDescription channelCommand();
CommandDescription modelCommand();
CommandDescription priceCommand();
CommandDescription tokenCommand();
CommandDescription userCommand();
CommandDescription logsCommand();
CommandDescription statsCommand();
CommandDescription historyCommand();
CommandDescription backupCommand();
CommandDescription restoreCommand();
CommandDescription importCommand();
CommandDescription checkConfigCommand();
CommandDescription doctorCommand();
CommandDescription openapiCommand();
CommandDescription completionCommand();

} // namespace gatehouse::app
