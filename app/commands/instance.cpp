#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "holder.h"

#include <QDateTime>
#include <QDir>
#include <QTimer>

#include <chrono>

using namespace Qt::StringLiterals;

// The commands that talk to the program that runs, and to no other: status, stop and reload.
namespace gatehouse::app {

namespace {

const QString runningHelp =
    u"\nSpeaks to the running Gatehouse of the data directory. Exit codes: 0 done, 3 none runs there.\n"_s;

// One question to the running program.
class AskRunning : public Command
{
public:
    AskRunning(const Options &options, QByteArray method, QByteArray target)
        : m_options(options)
        , m_commander(options, Application::Mode::Command, Commander::Reach::RunningAlone)
        , m_method(std::move(method))
        , m_target(std::move(target))
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &AskRunning::giveUp);
        m_commander.ask(
            m_method, m_target, {}, [this](const CommandAnswer &answer) { answered(answer); });
    }

protected:
    virtual void succeeded(const QJsonObject &data) = 0;
    virtual void answered(const CommandAnswer &answer)
    {
        if (answer.succeeded())
            succeeded(answer.body.value(u"data"_s).toObject());
        else
            giveUp(answer.exitCode(), answer.message());
    }
    const Options &options() const { return m_options; }

private:
    const Options m_options;
    Commander m_commander;
    const QByteArray m_method;
    const QByteArray m_target;
};

QString uptimeText(qint64 seconds)
{
    constexpr qint64 minute = 60;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    if (seconds < minute)
        return u"%1 s"_s.arg(seconds);
    if (seconds < hour)
        return u"%1 min"_s.arg(seconds / minute);
    if (seconds < day)
        return u"%1 h %2 min"_s.arg(seconds / hour).arg(seconds % hour / minute);
    return u"%1 d %2 h"_s.arg(seconds / day).arg(seconds % day / hour);
}

class ShowStatus final : public AskRunning
{
public:
    ShowStatus(const Options &options, bool json)
        : AskRunning(options, "GET", "/api/gateway")
        , m_json(json)
    {}

private:
    void succeeded(const QJsonObject &data) override
    {
        if (m_json) {
            printJson(data);
            finish(ExitCode::Ok);
            return;
        }
        const auto line = [](const QString &name, const QString &value) {
            if (!value.isEmpty())
                printLine(u"%1 %2"_s.arg(QString(name + u':'), -15).arg(value));
        };
        const qint64 started = data.value(u"started_at"_s).toInteger();
        QStringList urls;
        for (const QJsonValue &url : data.value(u"listeners"_s).toArray())
            urls.append(url.toString());
        const bool isWindow = data.value(u"mode"_s).toString() == "window"_L1;
        line(u"gateway"_s, data.value(u"state"_s).toString());
        line(u"problem"_s, data.value(u"problem"_s).toString());
        line(u"listening on"_s, urls.join(u", "_s));
        line(u"open requests"_s, QString::number(data.value(u"in_flight"_s).toInteger()));
        line(u"version"_s, data.value(u"version"_s).toString());
        line(u"started"_s,
             u"%1 (%2 ago)"_s.arg(
                 QDateTime::fromSecsSinceEpoch(started).toString(Qt::ISODate),
                 uptimeText(std::max<qint64>(0, QDateTime::currentSecsSinceEpoch() - started))));
        line(u"process"_s,
             u"%1 (%2)"_s.arg(data.value(u"process"_s).toInteger())
                 .arg(isWindow ? u"the window"_s : u"gatehouse serve"_s));
        line(u"data directory"_s,
             QDir::toNativeSeparators(data.value(u"data_directory"_s).toString()));
        if (data.value(u"restore_prepared"_s).toBool())
            line(u"restore"_s, u"prepared; it is carried out at the next start"_s);
        finish(ExitCode::Ok);
    }

    const bool m_json;
};

class Reload final : public AskRunning
{
public:
    explicit Reload(const Options &options)
        : AskRunning(options, "POST", "/api/gateway/reload")
    {}

private:
    void succeeded(const QJsonObject &data) override
    {
        if (!options().quiet) {
            for (const QJsonValue &url : data.value(u"listeners"_s).toArray())
                printLine(u"listening on "_s + url.toString());
        }
        finish(ExitCode::Ok);
    }
};

// Asks the program to end, and waits until it has let go of the data directory.
class Stop final : public AskRunning
{
public:
    Stop(const Options &options, bool waits)
        : AskRunning(options, "POST", "/api/gateway/stop")
        , m_waits(waits)
        , m_holder(holderOf(options.dataDirectory))
    {
        constexpr std::chrono::milliseconds between(50);
        m_poll.setInterval(between);
        connect(&m_poll, &QTimer::timeout, this, [this] {
            if (hasEnded())
                end();
        });
    }

private:
    // Its answer may be lost where it ends at once.
    void answered(const CommandAnswer &answer) override
    {
        if (answer.exitCode() == ExitCode::Unreachable && m_holder && hasEnded())
            end();
        else
            AskRunning::answered(answer);
    }

    void succeeded(const QJsonObject &) override
    {
        if (m_waits && m_holder)
            m_poll.start();
        else
            finish(ExitCode::Ok);
    }

    bool hasEnded() const { return holderOf(options().dataDirectory) != m_holder; }

    void end()
    {
        m_poll.stop();
        if (!options().quiet)
            printLine(u"Gatehouse has ended."_s);
        finish(ExitCode::Ok);
    }

    const bool m_waits;
    const std::optional<Holder> m_holder; // absent: the system does not tell
    QTimer m_poll;
};

} // namespace

CommandDescription statusCommand()
{
    return {.name = u"status"_s,
            .summary = u"say whether the gateway runs, and where it listens"_s,
            .help = u"  --json              print JSON\n"_s + commonOptionsHelp() + runningHelp,
            .words = {u"--json"_s},
            .make = [](const Options &options,
                       const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
                return Arguments::from(
                           arguments, {jsonRule()}, {.usage = u"gatehouse status [--json]"_s})
                    .map([&](const Arguments &read) -> std::unique_ptr<Command> {
                        return std::make_unique<ShowStatus>(options, read.has(jsonOption));
                    });
            }};
}

CommandDescription stopCommand()
{
    return {
        .name = u"stop"_s,
        .summary = u"end the running program once open requests have ended"_s,
        .help =
            u"  --no-wait           do not wait until it has ended\n"_s + commonOptionsHelp()
            + u"\nAs SIGTERM does: open requests may go on for the setting server.grace_period. A "
              u"window\nends, too. A service that its manager starts again is to be stopped "
              u"there.\n"_s
            + runningHelp,
        .words = {u"--no-wait"_s},
        .make = [](const Options &options,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            const QString noWait = u"--no-wait"_s;
            return Arguments::from(
                       arguments, {{.name = noWait}}, {.usage = u"gatehouse stop [--no-wait]"_s})
                .map([&](const Arguments &read) -> std::unique_ptr<Command> {
                    return std::make_unique<Stop>(options, !read.has(noWait));
                });
        }};
}

CommandDescription reloadCommand()
{
    return {.name = u"reload"_s,
            .summary = u"read settings, certificates and channels again"_s,
            .help =
                commonOptionsHelp()
                + u"\nStarts the listeners anew with what the settings say; open requests go on. "
                  u"A gateway\nthat was stopped or paused in the window stays so. Where the "
                  u"listeners cannot be\nstarted, those of before serve on, and the exit code "
                  u"is 6 where an address is\nin use, else 1.\n"_s
                + runningHelp,
            .make = [](const Options &options,
                       const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
                return Arguments::from(arguments, {}, {.usage = u"gatehouse reload"_s})
                    .map([&](const Arguments &) -> std::unique_ptr<Command> {
                        return std::make_unique<Reload>(options);
                    });
            }};
}

} // namespace gatehouse::app
