#include "commands/arguments.h"
#include "commands/command.h"

#include <QFile>

using namespace Qt::StringLiterals;

// Q_INIT_RESOURCE() wants to be called outside of every namespace.
static void loadOpenApi()
{
    Q_INIT_RESOURCE(openapi);
}

namespace gatehouse::app {

namespace {

class PrintOpenApi final : public Command
{
public:
    void start() override
    {
        loadOpenApi();
        QFile file(u":/docs/openapi.yaml"_s);
        if (!file.open(QIODevice::ReadOnly)) {
            giveUp(ExitCode::Failure, u"This program was built without its description."_s);
            return;
        }
        printText(file.readAll());
        finish(ExitCode::Ok);
    }
};

} // namespace

CommandDescription openapiCommand()
{
    return {.name = u"openapi"_s,
            .summary = u"print the description of the HTTP interfaces (OpenAPI)"_s,
            .help = u"Prints YAML on standard output, for other tools.\n"_s,
            .make = [](const Options &,
                       const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
                return Arguments::from(arguments, {}, {.usage = u"gatehouse openapi"_s})
                    .map([](const Arguments &) -> std::unique_ptr<Command> {
                        return std::make_unique<PrintOpenApi>();
                    });
            }};
}

} // namespace gatehouse::app
