#include "base/redaction.h"
#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "commands/filterkeys.h"
#include "storage/repositories/historyrepository.h"

#include <QDateTime>
#include <QJsonArray>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr int usualChanges = 50;
constexpr int mostChanges = 100'000;
constexpr int mostChangesOfPage = 200;

struct HistoryChoice
{
    QString filter{};
    int changes = usualChanges;
    bool json = false;
};

// One change on one line, for people.
QString lineOfChange(const QJsonObject &entry)
{
    QStringList details;
    for (const QJsonValue &each : entry.value(u"details"_s).toArray())
        details.append(each.toString().simplified());
    QString line =
        u"%1  %2  %3"_s.arg(QDateTime::fromSecsSinceEpoch(entry.value(u"created_at"_s).toInteger())
                                .toString(u"yyyy-MM-dd HH:mm:ss"_s),
                            entry.value(u"by"_s).toString(),
                            entry.value(u"text"_s).toString());
    if (!details.isEmpty())
        line += u"  "_s + details.join(u"; "_s);
    return base::redacted(line);
}

// Prints the last changes, the oldest of them first.
class ShowHistory final : public Command
{
public:
    ShowHistory(const Options &options, HistoryChoice choice)
        : m_commander(options)
        , m_choice(std::move(choice))
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &ShowHistory::giveUp);
        askPage(0);
    }

private:
    void askPage(qint64 before)
    {
        const auto left = m_choice.changes - static_cast<int>(m_entries.size());
        const QByteArray target =
            "/api/history?filter=" + QUrl::toPercentEncoding(m_choice.filter)
            + "&limit=" + QByteArray::number(std::min(left, mostChangesOfPage))
            + "&before=" + QByteArray::number(before);
        m_commander.ask("GET", target, {}, [this](const CommandAnswer &answer) {
            if (answer.succeeded())
                return paged(answer.body.value(u"data"_s).toObject());
            const bool isFilter = answer.body.value(u"code"_s).toString() == "invalid_input"_L1;
            giveUp(isFilter ? ExitCode::Usage : answer.exitCode(), answer.message());
        });
    }

    void paged(const QJsonObject &data)
    {
        for (const QJsonValue &entry : data.value(u"entries"_s).toArray())
            m_entries.append(entry);
        const qint64 next = data.value(u"next"_s).toObject().value(u"before"_s).toInteger();
        if (next > 0 && m_entries.size() < m_choice.changes) {
            askPage(next);
            return;
        }
        for (qsizetype i = m_entries.size() - 1; i >= 0; --i) {
            const QJsonObject entry = m_entries.at(i).toObject();
            if (m_choice.json)
                printJson(entry);
            else
                printLine(lineOfChange(entry));
        }
        finish(ExitCode::Ok);
    }

    Commander m_commander;
    const HistoryChoice m_choice;
    QJsonArray m_entries{}; // the newest first
};

base::Result<std::unique_ptr<Command>> makeHistory(const Options &options,
                                                   const QStringList &arguments)
{
    const auto read =
        Arguments::from(arguments,
                        {{.name = u"--filter"_s, .value = u"FILTER"_s},
                         {.name = u"--lines"_s, .value = u"N"_s, .shortName = u"-n"_s},
                         jsonRule()},
                        {.usage = u"gatehouse history [--filter FILTER] [--lines N] [--json]"_s});
    if (!read)
        return base::fail(read.error());
    const auto changes = read->number(u"--lines"_s, mostChanges);
    if (!changes)
        return base::fail(changes.error());
    const QString filter = read->value(u"--filter"_s).value_or(QString());
    if (const base::Result<> checked = checkFilterKeys(filter, storage::historyKeys()); !checked)
        return base::fail(checked.error());
    return std::make_unique<ShowHistory>(options,
                                         HistoryChoice{.filter = filter,
                                                       .changes = changes->value_or(usualChanges),
                                                       .json = read->has(jsonOption)});
}

} // namespace

CommandDescription historyCommand()
{
    return {.name = u"history"_s,
            .summary = u"show who changed what, and who signed in"_s,
            .help =
                u"  --filter FILTER     'object:channel', 'action:removed', 'by:alice', "
                "'by:computer',\n"
                "                      'name:gpt*', 'since:7d', '-by:program', or words\n"
                "  -n, --lines N       so many of the last; default: 50\n"
                "  --json              print JSON, one change a line\n"_s
                + commonOptionsHelp()
                + u"\nOne line tells the time, who it was, the object and what was done to it, "
                  u"with the\nfields before and after. Secrets are never in it. The setting "
                  u"traffic.history_days\nsays how long changes are kept.\n\n"
                  "Speaks to the running Gatehouse of the data directory, or works on its own "
                  "if there\n"
                  "is none. Exit codes: 0 done, 2 the filter is not understood, 4 nothing in the "
                  "data\ndirectory.\n"_s,
            .words = {u"--filter="_s, u"--lines="_s, u"--json"_s},
            .make = makeHistory};
}

} // namespace gatehouse::app
