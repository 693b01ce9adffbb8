#include "admin/flow.h"
#include "base/json.h"
#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "configuration/checkup.h"
#include "configuration/configurationcheck.h"
#include "configuration/datadirectory.h"
#include "configuration/secretsrecord.h"
#include "secrets/secretsloader.h"

#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using Level = Finding::Level;

namespace {

// Looks at one thing after the other: the program that runs, what lies on the disk, in a thread of its
// own, and the secrets, which the keychain gives to this thread alone.
class Doctor final : public Command
{
public:
    Doctor(Options options, bool json)
        : m_options(std::move(options))
        , m_commander(m_options, Application::Mode::Command, Commander::Reach::RunningAlone)
        , m_json(json)
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, [this](ExitCode code, const QString &) {
            m_isRunning = code == ExitCode::Denied;
            if (m_isRunning)
                note({{Level::Warning,
                       u"program"_s,
                       u"one of another account runs on the data directory"_s}});
            else
                note({{Level::Ok, u"program"_s, u"none runs on the data directory"_s}});
            look();
        });
        m_commander.ask("GET", "/api/gateway", {}, [this](const CommandAnswer &answer) {
            m_isRunning = true;
            note({judgeProgram(answer)});
            look();
        });
    }

private:
    static Finding judgeProgram(const CommandAnswer &answer)
    {
        const QString subject = u"program"_s;
        if (!answer.succeeded())
            return {Level::Failed, subject, answer.message()};
        const QJsonObject data = answer.body.value(u"data"_s).toObject();
        const QString problem = data.value(u"problem"_s).toString();
        const QString state = data.value(u"state"_s).toString();
        if (state == "failed"_L1)
            return {Level::Failed, subject, problem};
        QStringList urls;
        for (const QJsonValue &url : data.value(u"listeners"_s).toArray())
            urls.append(url.toString());
        if (!problem.isEmpty())
            return {Level::Warning, subject, problem};
        return {state == "running"_L1 ? Level::Ok : Level::Warning,
                subject,
                urls.isEmpty() ? u"it runs, and the gateway in it is %1"_s.arg(state)
                               : u"its gateway is %1 on %2"_s.arg(state, urls.join(u", "_s))};
    }

    void look()
    {
        const auto work = [options = m_options,
                           isRunning = m_isRunning]() -> base::Result<QList<Finding>> {
            QList<Finding> findings = checkDataDirectory(options.dataDirectory);
            findings.append(checkSpace(options.dataDirectory));
            findings.append(checkDatabase(options));
            for (const Finding &finding : checkConfiguration(options)) {
                if (finding.level != Level::Ok)
                    findings.append(finding);
            }
            if (!isRunning)
                findings += checkAddresses(options);
            findings.append(checkClock(options));
            findings += checkWayOut(options.environment);
            return findings;
        };
        admin::whenDone(
            admin::runIn(*QThreadPool::globalInstance(), work),
            this,
            [this](const base::Result<QList<Finding>> &findings) {
                if (findings)
                    note(*findings);
                else
                    note({{Level::Failed, u"examination"_s, findings.error().message.english()}});
                lookAtSecrets();
            });
    }

    // Nothing is made here: a first start does that.
    void lookAtSecrets()
    {
        const QString subject = u"secrets"_s;
        const auto record = recordedSecrets(m_options);
        const QString &directory = m_options.dataDirectory;
        const secrets::SecretsEnvironment environment = secretsEnvironmentOf(
            m_options.environment, directory, DataDirectory::identityOf(directory));
        if (!record || !record->dataExists) {
            const auto source = secrets::chooseSource(environment, {});
            if (record && source) {
                note({{Level::Ok,
                       subject,
                       u"they are made at the first start; source: %1"_s.arg(
                           secrets::sourceName(*source))}});
            } else {
                const base::Error error = record ? source.error() : record.error();
                note({{Level::Failed, subject, error.message.english()}});
            }
            end();
            return;
        }
        m_secrets = std::make_unique<secrets::SecretsLoader>(environment);
        m_secrets->load(*record, [this, subject](const secrets::SecretsOutcome &outcome) {
            if (outcome) {
                note({{Level::Ok,
                       subject,
                       u"they are there and fit the database; source: %1"_s.arg(
                           secrets::sourceName(outcome->source))}});
            } else {
                note({{Level::Failed, subject, outcome.error().error.message.english()}});
            }
            end();
        });
    }

    void note(const QList<Finding> &findings)
    {
        for (const Finding &finding : findings) {
            m_findings.append(finding);
            if (!m_json && (finding.level != Level::Ok || !m_options.quiet))
                printLine(findingLine(finding));
        }
    }

    void end()
    {
        if (m_json)
            printLine(QString::fromUtf8(base::compactJson(findingsJson(m_findings))));
        finish(hasFailed(m_findings) ? ExitCode::PartialFailure : ExitCode::Ok);
    }

    const Options m_options;
    Commander m_commander;
    const bool m_json;
    bool m_isRunning = false;
    QList<Finding> m_findings;
    std::unique_ptr<secrets::SecretsLoader> m_secrets;
};

} // namespace

CommandDescription doctorCommand()
{
    return {
        .name = u"doctor"_s,
        .summary = u"look for what keeps Gatehouse from working"_s,
        .help =
            u"  --listen HOST:PORT  as of gatehouse serve\n"
            "  --json              print JSON\n"_s
            + commonOptionsHelp()
            + u"\nOne line for each thing, which begins with ok, warning or failed: the program "
              u"that runs,\n"
              "the data directory and its rights, disk space, the whole database, the "
              "configuration, the\n"
              "addresses to listen on, the clock, the proxies and certificate authorities of the "
              "environment\n"
              "and the secrets. Changes nothing. Whether "
              "providers\n"
              "answer is told by gatehouse channel test --all. Exit codes: 0 nothing failed, 8 "
              "something\n"
              "did.\n"_s,
        .words = {u"--listen="_s, u"--json"_s},
        .make = [](const Options &options,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            return Arguments::from(
                       arguments, {jsonRule()}, {.usage = u"gatehouse doctor [--json]"_s})
                .map([&](const Arguments &read) -> std::unique_ptr<Command> {
                    return std::make_unique<Doctor>(options, read.has(jsonOption));
                });
        }};
}

} // namespace gatehouse::app
