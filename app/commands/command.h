#pragma once

#include "exitcode.h"
#include "options.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>

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

signals:
    void finished(gatehouse::app::ExitCode code);

protected:
    void finish(ExitCode code) { emit finished(code); }
    // Says on standard error why the command cannot be carried out, and ends it.
    void giveUp(ExitCode code, const QString &message);
};

void printLine(const QString &text);      // on standard output
void printErrorLine(const QString &text); // on standard error

// What a sub-command is called by, what --help says of it, and how it is made of its arguments.
struct CommandDescription
{
    QString name{};
    QString summary{};   // one line
    QString help{};      // everything below the usage line
    QStringList words{}; // sub-commands and long options, for completion
    std::function<base::Result<std::unique_ptr<Command>>(const Options &, QStringList arguments)>
        make{};
};

CommandDescription serveCommand();
CommandDescription demoCommand();
CommandDescription channelCommand();
CommandDescription modelCommand();
CommandDescription priceCommand();
CommandDescription tokenCommand();
CommandDescription userCommand();
CommandDescription importCommand();

} // namespace gatehouse::app
