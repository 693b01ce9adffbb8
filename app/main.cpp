#include "base/redaction.h"
#include "commands/command.h"
#include "platform.h"
#include "program.h"
#include "windowrequest.h"

#ifdef GATEHOUSE_WINDOW
#include "desktop/desktop.h"
#include "integration/singleinstance.h"
#endif

#include <QCoreApplication>

#include <cstdlib>

using namespace Qt::StringLiterals;

namespace {

using namespace gatehouse;
using app::Command;
using app::CommandDescription;
using app::ExitCode;

QString overview()
{
    QString text = u"Gatehouse: one endpoint for every language model.\n\n"
                   "Usage: gatehouse [options]             the window, or raises the open one\n"
                   "       gatehouse COMMAND [options]\n"_s;
    for (const app::CommandGroup &group : app::commandGroups()) {
        text += u"\n%1:\n"_s.arg(group.heading);
        for (const CommandDescription &command : group.commands)
            text += u"  %1  %2\n"_s.arg(command.name, -12).arg(command.summary);
    }
#ifdef GATEHOUSE_WINDOW
    text += u"\nOptions of the window:\n"_s + app::windowOptionsHelp();
#endif
    return text
           + u"\ngatehouse COMMAND --help tells more. gatehouse --version prints the version.\n\n"
             "Exit codes: 0 ok, 1 failure, 2 usage, 3 not running, 4 not found, 5 not permitted,\n"
             "6 conflict (data directory, address or file in use), 7 configuration,\n"
             "8 partial failure, 69 something that is needed is not available"_s;
}

int code(ExitCode exitCode)
{
    return static_cast<int>(exitCode);
}

int usageError(const QString &message)
{
    app::printErrorLine(u"gatehouse: "_s + message);
    app::printErrorLine(u"gatehouse --help shows what there is."_s);
    return code(ExitCode::Usage);
}

// Where the command line alone is understood, the environment is wrong.
int optionsError(const base::Error &error, QStringList arguments)
{
    const bool isConfigurationFile = error.code == base::ErrorCode::Unavailable;
    if (isConfigurationFile) {
        app::printErrorLine(u"gatehouse: "_s + error.message.english());
        return code(ExitCode::Configuration);
    }
    if (!app::takeOptions(arguments, {}))
        return usageError(error.message.english());
    app::printErrorLine(u"gatehouse: In the environment: "_s + error.message.english());
    return code(ExitCode::Configuration);
}

#ifdef GATEHOUSE_WINDOW

// Without a command the window is meant: `gatehouse`, `gatehouse --hidden`, `gatehouse --data-dir D`.
bool wantsWindow(int argc, char *argv[])
{
    return argc < 2 || app::meansWindow(argv[1]);
}

int noDisplay(int &argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    app::nameProgram();
    QStringList arguments = QCoreApplication::arguments().mid(1);
    const QStringList given = arguments;
    const base::Result<app::Options> options =
        app::takeOptions(arguments, app::processEnvironment());
    if (!options)
        return optionsError(options.error(), given);
    const base::Result<app::WindowRequest> request = app::windowRequestFrom(arguments);
    if (!request)
        return usageError(request.error().message.english());
    // The window may be open elsewhere, such as when this is a login over the network.
    if (request->isErrand()
        && app::handOver(options->dataDirectory, given) == app::HandOver::Delivered)
        return code(ExitCode::Ok);
    if (request->needsRunning())
        return app::notRunning();
    app::printErrorLine(u"gatehouse: there is no display to show the window on. Without one, start "
                        "\"gatehouse serve\"."_s);
    return code(ExitCode::Unavailable);
}

#endif

int run(QCoreApplication &application, const CommandDescription &description, QStringList arguments)
{
    // Behind "--" stand names.
    const QStringList words = arguments.first(
        arguments.contains(u"--"_s) ? arguments.indexOf(u"--"_s) : arguments.size());
    if (words.contains(u"--help"_s) || words.contains(u"-h"_s)) {
        app::printLine(u"Usage: gatehouse %1 [options]\n%2.\n\n%3"_s.arg(
            description.name, description.summary, description.help));
        return code(ExitCode::Ok);
    }
    const QStringList given = arguments;
    const base::Result<app::Options> options =
        app::takeOptions(arguments, app::processEnvironment());
    if (!options)
        return optionsError(options.error(), given);
    base::installLogging(options->logLevel, options->logFormat);
    base::Result<std::unique_ptr<Command>> command = description.make(*options, arguments);
    if (!command)
        return usageError(command.error().message.english());

    app::EndSignals endSignals;
    bool asked = false;
    QObject::connect(&endSignals, &app::EndSignals::endRequested, command->get(), [&] {
        constexpr int interrupted = 130;
        if (asked)
            std::_Exit(interrupted);
        asked = true;
        (*command)->endRequested();
    });
    if ((*command)->reloads())
        endSignals.hearReloads();
    QObject::connect(
        &endSignals, &app::EndSignals::reloadRequested, command->get(), &Command::reloadRequested);
    QObject::connect(command->get(), &Command::finished, &application, [](ExitCode exitCode) {
        QCoreApplication::exit(code(exitCode));
    });
    QMetaObject::invokeMethod(
        command->get(), [&command] { (*command)->start(); }, Qt::QueuedConnection);
    const int result = application.exec();
    command->reset();
    return result;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc > 1 && qstrcmp(argv[1], "serve") == 0)
        app::holdReloads();
    app::attachConsole();
    app::hardenProcess();
#ifdef GATEHOUSE_WINDOW
    if (wantsWindow(argc, argv)) {
        if (!app::hasDisplay())
            return noDisplay(argc, argv);
        return app::runDesktop(argc, argv);
    }
#endif
    QCoreApplication application(argc, argv);
    app::nameProgram();
    app::leaveSystemProxies();

    QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.isEmpty())
        return usageError(u"a command is missing."_s);
    app::hideLinks(argc, argv);
    const QString first = arguments.takeFirst();
    if (first == "--version"_L1 || first == "-V"_L1) {
        app::printLine(u"gatehouse %1\nqt %2"_s.arg(QCoreApplication::applicationVersion(),
                                                    QString::fromLatin1(qVersion())));
        return code(ExitCode::Ok);
    }
    if (first == "--help"_L1 || first == "-h"_L1 || first == "help"_L1) {
        app::printLine(overview());
        return code(ExitCode::Ok);
    }
    if (const CommandDescription *description = app::commandNamed(first))
        return run(application, *description, arguments);
    return usageError(u"there is no command \"%1\"."_s.arg(base::redacted(first)));
}
