#include "base/redaction.h"
#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "storage/traffic/trafficcondition.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

const QStringList kindsOfStats{u"model"_s, u"channel"_s, u"user"_s, u"token"_s};
constexpr int usualEntries = 20;
constexpr int mostEntries = 1000;

struct StatsChoice
{
    QString by = u"model"_s;
    qint64 since = 0; // seconds since 1970, UTC
    int entries = usualEntries;
    bool json = false;
};

QString statsLine(const QString &name, const QJsonObject &sums)
{
    const QJsonValue share = sums.value(u"success_share"_s);
    const qint64 input = sums.value(u"input_tokens"_s).toInteger()
                         + sums.value(u"cache_read_tokens"_s).toInteger()
                         + sums.value(u"cache_write_tokens"_s).toInteger();
    const QString ok =
        share.isDouble() ? QString(QString::number(share.toDouble() * 100, 'f', 1) + u'%') : u"-"_s;
    const QString cost = u'$' + QString::number(sums.value(u"cost_usd"_s).toDouble(), 'f', 4);
    return u"%1 %2 %3 %4 %5  "_s.arg(sums.value(u"requests"_s).toInteger(), 9)
               .arg(ok, 7)
               .arg(input, 12)
               .arg(sums.value(u"output_tokens"_s).toInteger(), 12)
               .arg(cost, 12)
           + name;
}

QString nameOfEntry(const QJsonObject &entry)
{
    const QString name = entry.value(u"name"_s).toString();
    return name.isEmpty() ? u"#%1"_s.arg(entry.value(u"id"_s).toInteger()) : base::redacted(name);
}

class ShowStats final : public Command
{
public:
    ShowStats(const Options &options, StatsChoice choice)
        : m_commander(options)
        , m_choice(std::move(choice))
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &ShowStats::giveUp);
        m_commander.ask("GET",
                        "/api/statistics?by=" + m_choice.by.toLatin1()
                            + "&start_timestamp=" + QByteArray::number(m_choice.since)
                            + "&limit=" + QByteArray::number(m_choice.entries),
                        {},
                        [this](const CommandAnswer &answer) {
                            if (answer.succeeded())
                                show(answer.body.value(u"data"_s).toObject());
                            else
                                giveUp(answer.exitCode(), answer.message());
                        });
    }

private:
    void show(const QJsonObject &data)
    {
        if (m_choice.json)
            printJson(data);
        else
            printTable(data);
        if (!data.value(u"complete"_s).toBool()) {
            printErrorLine(u"gatehouse: Older requests are still being summed up; the figures grow "
                           "until that is done."_s);
        }
        finish(ExitCode::Ok);
    }

    void printTable(const QJsonObject &data) const
    {
        printLine(u"%1 %2 %3 %4 %5  %6"_s.arg(u"REQUESTS"_s, 9)
                      .arg(u"OK"_s, 7)
                      .arg(u"INPUT"_s, 12)
                      .arg(u"OUTPUT"_s, 12)
                      .arg(u"COST"_s, 12)
                      .arg(m_choice.by.toUpper()));
        for (const QJsonValue &entry : data.value(u"entries"_s).toArray())
            printLine(statsLine(nameOfEntry(entry.toObject()), entry.toObject()));
        const QJsonObject other = data.value(u"other"_s).toObject();
        if (const qint64 count = other.value(u"count"_s).toInteger(); count > 0)
            printLine(statsLine(u"(%1 others)"_s.arg(count), other));
        printLine(statsLine(u"(all)"_s, data.value(u"total"_s).toObject()));
    }

    Commander m_commander;
    const StatsChoice m_choice;
};

base::Result<std::unique_ptr<Command>> makeStats(const Options &options,
                                                 const QStringList &arguments)
{
    const auto read = Arguments::from(
        arguments,
        {{.name = u"--since"_s, .value = u"SPAN"_s},
         {.name = u"--by"_s, .value = u"KIND"_s},
         {.name = u"--limit"_s, .value = u"N"_s},
         jsonRule()},
        {.usage = u"gatehouse stats [--since 24h] [--by model|channel|user|token] [--limit N] "
                  "[--json]"_s});
    if (!read)
        return base::fail(read.error());
    const auto entries = read->number(u"--limit"_s, mostEntries);
    if (!entries)
        return base::fail(entries.error());
    StatsChoice choice{.json = read->has(jsonOption)};
    choice.by = read->value(u"--by"_s).value_or(u"model"_s);
    choice.entries = entries->value_or(usualEntries);
    if (!kindsOfStats.contains(choice.by)) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::verbatim(u"The option --by needs one of: %1."_s.arg(
                              kindsOfStats.join(u", "_s))));
    }
    const std::optional<qint64> moment =
        storage::momentFrom(read->value(u"--since"_s).value_or(u"24h"_s),
                            QDateTime::currentMSecsSinceEpoch(),
                            QTimeZone::systemTimeZone());
    if (!moment) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::verbatim(
                              u"The option --since needs a span such as 24h or 7d, \"today\", "
                              "or a date such as 2026-01-31."_s));
    }
    if (*moment > QDateTime::currentMSecsSinceEpoch()) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::verbatim(u"The option --since names a time that is yet to come."_s));
    }
    choice.since = std::max<qint64>(*moment / 1000, 1);
    return std::make_unique<ShowStats>(options, choice);
}

} // namespace

CommandDescription statsCommand()
{
    return {
        .name = u"stats"_s,
        .summary = u"sum up requests, tokens and costs"_s,
        .help = u"  --since SPAN        24h, 7d, today, yesterday, 2026-01-31; default: 24h\n"
                "  --by KIND           model, channel, user or token; default: model\n"
                "  --limit N           so many of the most expensive; default: 20\n"
                "  --json              print JSON\n"_s
                + commonOptionsHelp()
                + u"\nWhat begins more than two days ago is counted from the whole hour.\n\n"
                  u"Speaks to the running Gatehouse of the data directory, or works on its own if "
                  u"there\n"
                  "is none. Exit codes: 0 done, 4 nothing in the data directory.\n"_s,
        .words = {u"--since="_s, u"--by=model|channel|user|token"_s, u"--limit="_s, u"--json"_s},
        .make = makeStats};
}

} // namespace gatehouse::app
