#include "application.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "servicemanager.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

class Serve final : public Command
{
public:
    explicit Serve(const Options &options)
        : m_application(options, Application::Mode::Serve)
        , m_serviceManager(options.environment)
    {}

    void start() override
    {
        connect(&m_application,
                &Application::failed,
                this,
                [this](ExitCode code, const base::Message &message) {
                    giveUp(code, message.english());
                });
        connect(&m_application, &Application::started, this, [this] {
            const QStringList urls = m_application.urls();
            for (const QString &url : urls)
                printLine(u"listening on "_s + url);
            m_serviceManager.ready(u"Listening on "_s + urls.join(u", "_s));
        });
        connect(&m_application, &Application::stopped, this, [this] {
            emit finished(ExitCode::Ok); // whoever read the addresses may be gone by then
        });
        connect(&m_application, &Application::endRequested, this, &Serve::endRequested);
        m_application.start();
    }

    void endRequested() override
    {
        m_serviceManager.stopping(u"Open requests are coming to their end"_s);
        m_application.stop();
    }

    bool reloads() const override { return true; }
    void reloadRequested() override { m_application.reload(); }

private:
    Application m_application;
    ServiceManager m_serviceManager;
};

} // namespace

CommandDescription serveCommand()
{
    return {
        .name = u"serve"_s,
        .summary = u"run the gateway in the foreground, without a display"_s,
        .help =
            u"  --listen HOST:PORT  where to listen; may be given several times\n"
            "                      [GATEHOUSE_LISTEN, or GATEHOUSE_PORT for a port of this\n"
            "                      machine] default: 127.0.0.1:3000; port 0 lets the system choose\n"_s
            + commonOptionsHelp() + logFileOptionHelp(u"none"_s)
            + u"\nPrints \"listening on http://HOST:PORT\" on standard output when it is ready. "
              u"Ends on\n"
              "SIGTERM or SIGINT after open requests have ended (at most 10 seconds, the setting\n"
              "server.grace_period); a second signal ends it at once. SIGHUP reads the settings,\n"
              "certificates and channels again and starts the listeners anew, as gatehouse reload\n"
              "does; in a terminal it ends the program, as ever.\n\n"
              "The secrets of this installation are kept in the keychain, or elsewhere by choice:\n"
              "  GATEHOUSE_MASTER_KEY_FILE=FILE   a file with at least 32 random bytes\n"
              "  GATEHOUSE_SECRETS=file           a file in the data directory, mode 0600\n\n"
              "At the first start the user \"root\" is made, with the password in\n"
              "GATEHOUSE_ROOT_PASSWORD, else a random one that is printed once.\n\n"
              "Each setting has a variable, GATEHOUSE_SERVER_LISTEN or GATEHOUSE_SERVER__LISTEN "
              "for\n"
              "server.listen, which stands above what is stored. With _FILE behind its name each\n"
              "variable with a secret names a file that holds it: GATEHOUSE_ROOT_PASSWORD_FILE,\n"
              "GATEHOUSE_DATABASE_FILE, … GATEHOUSE_LANG (en, zh_CN) and GATEHOUSE_THEME (system,\n"
              "light, dark) are those of the window. Nothing is printed in colours.\n\n"
              "GATEHOUSE_METRICS_TOKEN opens GET /metrics while the setting integrations.metrics "
              "is\n"
              "on; GATEHOUSE_WEBHOOK_SECRET signs what is sent to integrations.webhook_url.\n\n"
              "OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS and OTEL_SERVICE_NAME say\n"
              "where traces and metrics are sent to by OTLP, as the settings\n"
              "integrations.otlp_endpoint and integrations.otlp_service_name;\n"
              "OTEL_RESOURCE_ATTRIBUTES is sent along. OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and\n"
              "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT are whole addresses of either. Metrics are "
              "sent\n"
              "where integrations.otlp_metrics is on, as often as OTEL_METRIC_EXPORT_INTERVAL "
              "says,\n"
              "in milliseconds. OTEL_SDK_DISABLED=true switches all of it off.\n\n"
              "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, or the same in small letters, say\n"
              "through which proxies channels that name none are reached, and what is sent to.\n"
              "SSL_CERT_FILE and SSL_CERT_DIR name the certificate authorities that are trusted.\n"_s,
        .words = QStringList{u"--listen="_s} + logFileOptionWords(),
        .make = [](const Options &options,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            return Arguments::from(
                       arguments, {}, {.usage = u"gatehouse serve [--listen HOST:PORT]"_s})
                .map([&](const Arguments &) -> std::unique_ptr<Command> {
                    return std::make_unique<Serve>(options);
                });
        }};
}

} // namespace gatehouse::app
