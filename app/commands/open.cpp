#include "admin/applicationlink.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "integration/autostart.h"
#include "integration/singleinstance.h"
#include "program.h"

#include <QDir>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

// Hands a link to the window, which shows what it proposes and asks.
class OpenLink final : public Command
{
public:
    OpenLink(const Options &options, QString link)
        : m_directory(options.dataDirectory)
        , m_link(std::move(link))
    {}

    void start() override
    {
        switch (handOver(m_directory, {u"--data-dir"_s, m_directory, m_link})) {
        case HandOver::Delivered:
            finish(ExitCode::Ok);
            return;
        case HandOver::Refused:
            giveUp(ExitCode::Failure,
                   u"The window on %1 does not take the link. Restart it."_s.arg(
                       QDir::toNativeSeparators(m_directory)));
            return;
        case HandOver::NobodyThere:
            break;
        }
        openWindow();
    }

private:
    void openWindow()
    {
        if (!hasWindow() || !hasDisplay()) {
            giveUp(ExitCode::Unreachable,
                   u"No window is open on %1, and there is no display to open one on."_s.arg(
                       QDir::toNativeSeparators(m_directory)));
            return;
        }
        const bool isStarted =
            QProcess::startDetached(ownProgramFile(), {u"--data-dir"_s, m_directory, m_link});
        if (isStarted)
            finish(ExitCode::Ok);
        else
            giveUp(ExitCode::Failure, u"The window could not be started."_s);
    }

    const QString m_directory;
    const QString m_link;
};

} // namespace

CommandDescription openCommand()
{
    return {.name = u"open"_s,
            .summary = u"hand a gatehouse:// link to the window"_s,
            .help =
                u"  gatehouse://...     the link; the window shows what it proposes, and asks\n"_s
                + commonOptionsHelp()
                + u"\nOpens the window if none is open. Exit codes: 0 handed over, 3 there is no "
                  u"window and\nno display for one.\n"_s,
            .make = [](const Options &options,
                       const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
                const QString usage = u"gatehouse open gatehouse://..."_s;
                return Arguments::from(arguments, {}, {.fewest = 1, .most = 1, .usage = usage})
                    .and_then([&](const Arguments &read) -> base::Result<std::unique_ptr<Command>> {
                        // What was given may hold a key.
                        const QString link = read.operands().front();
                        if (!admin::isApplicationLink(link))
                            return base::fail(base::ErrorCode::InvalidInput,
                                              base::Message::verbatim(u"Write: "_s + usage));
                        return std::make_unique<OpenLink>(options, link);
                    });
            }};
}

} // namespace gatehouse::app
