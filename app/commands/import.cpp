#include "admin/administration.h"
#include "base/json.h"
#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

struct ImportChoice
{
    QString file{};
    bool dryRun = false;
    bool json = false;
};

// What came of an import, for people.
QStringList linesOf(const QJsonObject &report)
{
    const bool stored = report.value(u"stored"_s).toBool();
    const QString source = report.value(u"source_name"_s).toString();
    const QString key = report.value(u"source"_s).toString();
    const bool isGateway = key == "one-api"_L1 || key == "new-api"_L1;
    QStringList lines{stored ? u"Imported from %1:"_s.arg(source)
                             : u"Of %1 there would be imported:"_s.arg(source)};
    const QJsonObject counts = report.value(u"counts"_s).toObject();
    for (const QString &kind :
         {u"users"_s, u"tokens"_s, u"channels"_s, u"groups"_s, u"settings"_s}) {
        const QJsonObject count = counts.value(kind).toObject();
        if (!isGateway && kind != "channels"_L1)
            continue;
        lines.append(u"  %1 of %2 %3"_s.arg(count.value(u"imported"_s).toInteger())
                         .arg(count.value(u"found"_s).toInteger())
                         .arg(kind));
    }
    const auto addNotes = [&](const QString &member, const QString &more, const QString &heading) {
        const QJsonArray notes = report.value(member).toArray();
        if (!notes.isEmpty())
            lines.append(heading);
        for (const QJsonValue &note : notes) {
            lines.append(u"  %1 \"%2\": %3"_s.arg(note[u"kind"_s].toString(),
                                                  note[u"name"_s].toString(),
                                                  note[u"text"_s].toString()));
        }
        if (const qint64 unlisted = report.value(more).toInteger(); unlisted > 0)
            lines.append(u"  and %1 more"_s.arg(unlisted));
    };
    addNotes(u"skipped"_s, u"skipped_more"_s, u"Left out:"_s);
    addNotes(u"altered"_s, u"altered_more"_s, u"Imported otherwise than it was:"_s);
    const qint64 logs = report.value(u"logs_left"_s).toInteger();
    const qint64 codes = report.value(u"redemptions_left"_s).toInteger();
    if (isGateway) {
        lines.append(
            u"Logs are not imported (%1 lines), nor are redemption codes (%2)."_s.arg(logs).arg(
                codes));
    } else {
        lines.append(u"Of this file there are channels alone."_s);
    }
    if (report.value(u"prices_left"_s).toBool())
        lines.append(
            u"Ratios of models are not imported: prices are those of Gatehouse's table."_s);
    if (const QString copy = report.value(u"safety_copy"_s).toString(); !copy.isEmpty())
        lines.append(u"What was here before is kept in %1"_s.arg(QDir::toNativeSeparators(copy)));
    if (const QString pending = report.value(u"pending"_s).toString(); !pending.isEmpty())
        lines.append(pending);
    return lines;
}

class Import final : public Command
{
public:
    Import(const Options &options, ImportChoice choice)
        : m_commander(options, Application::Mode::Filling)
        , m_choice(std::move(choice))
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &Import::giveUp);
        // The gateway that runs has another working directory.
        const QJsonObject body{{u"path"_s, QFileInfo(m_choice.file).absoluteFilePath()},
                               {u"dry_run"_s, m_choice.dryRun}};
        m_commander.ask("POST",
                        "/api/import",
                        base::compactJson(body),
                        [this](const CommandAnswer &answer) { answered(answer); });
    }

    // Unless the last step of storing has begun: then there is to be a report of it.
    void endRequested() override
    {
        switch (m_commander.worker()) {
        case Commander::Worker::Own:
            m_isInterrupted = true;
            m_commander.administration().imports.stopAll();
            return;
        case Commander::Worker::Running:
            if (!m_choice.dryRun)
                printErrorLine(u"gatehouse: The import goes on in the running Gatehouse. Its log "
                               "tells when it has ended."_s);
            break;
        case Commander::Worker::Nobody:
            break;
        }
        finish(ExitCode::Interrupted);
    }

private:
    void answered(const CommandAnswer &answer)
    {
        if (!answer.succeeded()) {
            giveUp(m_isInterrupted ? ExitCode::Interrupted : answer.exitCode(), answer.message());
            return;
        }
        const QJsonObject report = answer.body.value(u"data"_s).toObject();
        if (m_choice.json)
            printLine(QString::fromUtf8(base::compactJson(report)));
        else
            printLine(linesOf(report).join(u'\n'));
        finish(report.value(u"partial"_s).toBool() ? ExitCode::PartialFailure : ExitCode::Ok);
    }

    Commander m_commander;
    const ImportChoice m_choice;
    bool m_isInterrupted = false;
};

base::Result<std::unique_ptr<Command>> make(const Options &options, const QStringList &arguments)
{
    const QString dryRun = u"--dry-run"_s;
    return Arguments::from(
               arguments,
               {{.name = dryRun}, jsonRule()},
               {.fewest = 1, .most = 1, .usage = u"gatehouse import FILE [--dry-run] [--json]"_s})
        .map([&](const Arguments &read) -> std::unique_ptr<Command> {
            return std::make_unique<Import>(options,
                                            ImportChoice{.file = read.operands().front(),
                                                         .dryRun = read.has(dryRun),
                                                         .json = read.has(jsonOption)});
        });
}

} // namespace

CommandDescription importCommand()
{
    return {
        .name = u"import"_s,
        .summary = u"take over another gateway's database or configuration"_s,
        .help =
            u"  FILE                the SQLite database of One API or New API, mostly one-api.db;\n"
            "                      or LiteLLM's config.yaml, cc-switch's cc-switch.db or\n"
            "                      config.json, Claude Code Router's config.json, a .env file.\n"
            "                      It is only read, and may be in use\n"
            "  --dry-run           say what would be imported, and change nothing\n"
            "  --json              print JSON\n"_s
            + commonOptionsHelp()
            + u"\nUsers keep their passwords, tokens their keys and balances; channels, groups "
              u"and\n"
              "settings that have a counterpart come along. What is here already stays as it is, "
              "and\n"
              "what was imported before is known again, also if it was deleted or changed here:\n"
              "a user name that is taken gets a number behind it, a token whose key exists is "
              "left\n"
              "out, root becomes an administrator, or an ordinary user where its name is taken.\n"
              "Numbers are kept where they are free. All is stored or nothing, after a backup of\n"
              "what is here. Logs, redemption codes and ratios of models are not imported.\n\n"
              "Of files of other programs the channels come along that are not here yet, and no\n"
              "users, tokens or prices. Variables that they name are those of the gateway's own\n"
              "environment.\n\n"
              "Speaks to the running Gatehouse of the data directory, or works on its own if "
              "there\n"
              "is none; a data directory that is empty is begun. Exit codes: 0 done, 1 the file\n"
              "cannot be imported, 4 there is no such file, 8 done, but some of it could not be\n"
              "used here.\n"_s,
        .words = {u"--dry-run"_s, u"--json"_s},
        .make = make};
}

} // namespace gatehouse::app
