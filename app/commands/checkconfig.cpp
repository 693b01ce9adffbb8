#include "base/json.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "configuration/configurationcheck.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

class CheckConfig final : public Command
{
public:
    CheckConfig(Options options, bool json)
        : m_options(std::move(options))
        , m_json(json)
    {}

    void start() override
    {
        const QList<Finding> findings = checkConfiguration(m_options);
        const bool isSound = !hasFailed(findings);
        if (m_json) {
            printLine(QString::fromUtf8(base::compactJson(findingsJson(findings))));
        } else {
            for (const Finding &finding : findings) {
                if (finding.level != Finding::Level::Ok || !m_options.quiet)
                    printLine(findingLine(finding));
            }
            if (isSound && !m_options.quiet)
                printLine(u"The configuration is sound."_s);
        }
        finish(isSound ? ExitCode::Ok : ExitCode::Configuration);
    }

private:
    const Options m_options;
    const bool m_json;
};

} // namespace

CommandDescription checkConfigCommand()
{
    return {
        .name = u"check-config"_s,
        .summary = u"look for mistakes in options, environment and settings"_s,
        .help =
            u"  --listen HOST:PORT  as of gatehouse serve\n"
            "  --json              print JSON\n"_s
            + commonOptionsHelp()
            + u"\nLooks at unknown GATEHOUSE_ variables, files with keys, the addresses to listen "
              u"on, the\n"
              "certificate and the settings that are stored. Starts and changes nothing; a "
              "Gatehouse may be\n"
              "running. Exit codes: 0 sound, 7 something is wrong.\n"_s,
        .words = {u"--listen="_s, u"--json"_s},
        .make = [](const Options &options,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            return Arguments::from(
                       arguments, {jsonRule()}, {.usage = u"gatehouse check-config [--json]"_s})
                .map([&](const Arguments &read) -> std::unique_ptr<Command> {
                    return std::make_unique<CheckConfig>(options, read.has(jsonOption));
                });
        }};
}

} // namespace gatehouse::app
