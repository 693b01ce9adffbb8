#include "base/redaction.h"
#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "commands/filterkeys.h"
#include "storage/traffic/trafficcondition.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr int usualLines = 50;
constexpr int mostLines = 100'000;
constexpr int mostOfPage = 200;

struct LogChoice
{
    QString filter{};
    int lines = usualLines;
    bool follow = false;
    bool json = false;
};

QString statusText(const QJsonObject &request)
{
    const QString end = request.value(u"end_reason"_s).toString();
    const qint64 status = request.value(u"http_status"_s).toInteger();
    return end == "completed"_L1 || status >= 400 ? QString::number(status)
                                                  : u"%1 %2"_s.arg(status).arg(end);
}

// One request on one line, for people.
QString lineOf(const QJsonObject &request)
{
    const QString channel = request.value(u"channel_name"_s).toString();
    const QString error = request.value(u"error_code"_s).toString();
    const qint64 created = request.value(u"created_at"_s).toInteger();
    QString line = u"%1  %2  %3 -> %4  %5/%6  %7 in %8 out  $%9"_s.arg(
        QDateTime::fromSecsSinceEpoch(created).toString(u"yyyy-MM-dd HH:mm:ss"_s),
        statusText(request),
        request.value(u"model_name"_s).toString(),
        channel.isEmpty() ? u"-"_s : channel,
        request.value(u"username"_s).toString(),
        request.value(u"token_name"_s).toString(),
        QString::number(request.value(u"prompt_tokens"_s).toInteger()),
        QString::number(request.value(u"completion_tokens"_s).toInteger()),
        QString::number(request.value(u"cost_usd"_s).toDouble(), 'f', 6));
    line += u"  %1 ms  %2"_s.arg(request.value(u"elapsed_time"_s).toInteger())
                .arg(request.value(u"request_id"_s).toString());
    if (!error.isEmpty())
        line += u"  "_s + error;
    return base::redacted(line); // names are of the clients' choice
}

// Prints the last requests, the oldest of them first, and then those that come.
class ShowLogs final : public Command
{
public:
    ShowLogs(const Options &options, LogChoice choice)
        : m_commander(options,
                      Application::Mode::Command,
                      choice.follow ? Commander::Reach::RunningAlone
                                    : Commander::Reach::RunningOrOwn)
        , m_choice(std::move(choice))
    {
        constexpr std::chrono::milliseconds between(500);
        m_poll.setSingleShot(true);
        m_poll.setInterval(between);
        connect(&m_poll, &QTimer::timeout, this, [this] { askNews(); });
    }

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &ShowLogs::giveUp);
        askPage({});
    }

    // Following ends by it and by nothing else.
    void endRequested() override { finish(m_isFollowing ? ExitCode::Ok : ExitCode::Interrupted); }

private:
    void ask(const QByteArray &place, void (ShowLogs::*next)(const QJsonObject &data))
    {
        const QByteArray filter = QUrl::toPercentEncoding(m_choice.filter);
        m_commander.ask(
            "GET",
            "/api/log/requests?filter=" + filter + place,
            {},
            [this, next](const CommandAnswer &answer) {
                if (answer.succeeded())
                    return (this->*next)(answer.body.value(u"data"_s).toObject());
                const bool isFilter = answer.body.value(u"code"_s).toString() == "invalid_input"_L1;
                giveUp(isFilter ? ExitCode::Usage : answer.exitCode(), answer.message());
            });
    }

    void askPage(const QByteArray &from)
    {
        const auto left = m_choice.lines - static_cast<int>(m_requests.size());
        ask("&limit=" + QByteArray::number(std::min(left, mostOfPage)) + from, &ShowLogs::paged);
    }

    // A search that finds little answers in parts.
    void paged(const QJsonObject &data)
    {
        for (const QJsonValue &request : data.value(u"requests"_s).toArray())
            m_requests.append(request);
        const QJsonObject next = data.value(u"next"_s).toObject();
        if (!next.isEmpty() && m_requests.size() < m_choice.lines) {
            askPage("&before=" + QByteArray::number(next.value(u"before"_s).toInteger())
                    + "&floor=" + QByteArray::number(next.value(u"floor"_s).toInteger()));
            return;
        }
        if (!m_requests.isEmpty())
            m_newest = m_requests.first().toObject().value(u"id"_s).toInteger();
        print(m_requests);
        if (!m_choice.follow) {
            finish(ExitCode::Ok);
            return;
        }
        m_requests = {};
        m_isFollowing = true;
        askNews();
    }

    void askNews() { ask("&after=" + QByteArray::number(m_newest), &ShowLogs::heard); }

    void heard(const QJsonObject &data)
    {
        print(data.value(u"requests"_s).toArray());
        if (isOutputLost()) {
            finish(ExitCode::Ok);
            return;
        }
        m_newest = data.value(u"newest"_s).toInteger();
        if (data.value(u"has_more"_s).toBool())
            printErrorLine(
                u"gatehouse: Some requests are left out; there were too many at once."_s);
        m_poll.start();
    }

    // They come the newest first.
    void print(const QJsonArray &requests) const
    {
        for (qsizetype i = requests.size() - 1; i >= 0; --i) {
            const QJsonObject request = requests.at(i).toObject();
            if (m_choice.json)
                printJson(request);
            else
                printLine(lineOf(request));
        }
    }

    Commander m_commander;
    const LogChoice m_choice;
    QTimer m_poll;
    QJsonArray m_requests; // the newest first
    qint64 m_newest = 0;   // id of the last one that was looked at
    bool m_isFollowing = false;
};

base::Result<std::unique_ptr<Command>> makeLogs(const Options &options,
                                                const QStringList &arguments)
{
    const auto read =
        Arguments::from(arguments,
                        {{.name = u"--follow"_s, .shortName = u"-f"_s},
                         {.name = u"--filter"_s, .value = u"FILTER"_s},
                         {.name = u"--lines"_s, .value = u"N"_s, .shortName = u"-n"_s},
                         jsonRule()},
                        {.usage = u"gatehouse logs [-f] [--filter FILTER] [--lines N] [--json]"_s});
    if (!read)
        return base::fail(read.error());
    const auto lines = read->number(u"--lines"_s, mostLines);
    if (!lines)
        return base::fail(lines.error());
    const QString filter = read->value(u"--filter"_s).value_or(QString());
    if (const base::Result<> checked = checkFilterKeys(filter, storage::trafficKeys()); !checked)
        return base::fail(checked.error());
    return std::make_unique<ShowLogs>(options,
                                      LogChoice{.filter = filter,
                                                .lines = lines->value_or(usualLines),
                                                .follow = read->has(u"--follow"_s),
                                                .json = read->has(jsonOption)});
}

} // namespace

CommandDescription logsCommand()
{
    return {.name = u"logs"_s,
            .summary = u"show requests of the ledger, also as they come"_s,
            .help =
                u"  -f, --follow        go on with those that come, until Ctrl+C\n"
                "  --filter FILTER     in the language of Traffic: 'status:error', 'model:gpt*',\n"
                "                      'cost:>0.01 since:24h', '-user:alice'\n"
                "  -n, --lines N       so many of the last; default: 50\n"
                "  --json              print JSON, one request a line\n"_s
                + commonOptionsHelp()
                + u"\nOne line tells the time, the status, the model, the channel, user and "
                  u"token, tokens,\ncost, duration and the id of a request; texts of "
                  u"conversations are never in it.\n\n"
                  "Speaks to the running Gatehouse of the data directory, or works on its own "
                  "if there\n"
                  "is none. Exit codes: 0 done, 2 the filter is not understood, 3 with -f: none "
                  "runs\nthere, 4 nothing in the data directory.\n"_s,
            .words = {u"--follow"_s, u"--filter="_s, u"--lines="_s, u"--json"_s},
            .make = makeLogs};
}

} // namespace gatehouse::app
