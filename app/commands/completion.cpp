#include "commands/arguments.h"
#include "completionscript.h"
#include "program.h"
#include "windowrequest.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

class PrintCompletion final : public Command
{
public:
    explicit PrintCompletion(Shell shell)
        : m_shell(shell)
    {}

    void start() override
    {
        const QStringList program = (hasWindow() ? windowOptionWords() : QStringList())
                                    + commonOptionWords()
                                    + QStringList{u"--listen="_s, u"--version"_s, u"--help"_s};
        printLine(
            completionScript(m_shell, commandGroups(), program, commonOptionWords()).trimmed());
        finish(ExitCode::Ok);
    }

private:
    const Shell m_shell;
};

} // namespace

CommandDescription completionCommand()
{
    return {
        .name = u"completion"_s,
        .summary = u"print the script by which a shell completes command lines"_s,
        .help =
            u"  bash, zsh, fish, powershell   the shell\n\n"
            "For this session: source <(gatehouse completion bash); gatehouse completion fish | "
            "source;\n"
            "gatehouse completion powershell | Out-String | Invoke-Expression. The packages "
            "install "
            "those\n"
            "of bash, zsh and fish.\n"_s,
        .words = shellNames(),
        .make = [](const Options &,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            const QString usage = u"gatehouse completion %1"_s.arg(shellNames().join(u'|'));
            return Arguments::from(arguments, {}, {.fewest = 1, .most = 1, .usage = usage})
                .and_then([&](const Arguments &read) -> base::Result<std::unique_ptr<Command>> {
                    const std::optional<Shell> shell = shellNamed(read.operands().front());
                    if (!shell)
                        return base::fail(base::ErrorCode::InvalidInput,
                                          base::Message::verbatim(u"Write: "_s + usage));
                    return std::make_unique<PrintCompletion>(*shell);
                });
        }};
}

} // namespace gatehouse::app
