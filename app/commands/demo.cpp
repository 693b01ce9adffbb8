#include "application.h"
#include "base/json.h"
#include "base/systemreason.h"
#include "commands/arguments.h"
#include "commands/command.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr auto models = "echo,echo-fast,echo-tool,echo-slow-500ms,echo-error-429";

Options demoOptions(Options options, const QString &directory)
{
    options.dataDirectory = directory;
    options.databaseUrl.clear();
    options.logFile.reset();
    options.environment.insert(u"GATEHOUSE_SECRETS"_s, u"file"_s);
    options.environment.remove(u"GATEHOUSE_MASTER_KEY_FILE"_s);
    // The port that clients' examples use, if it is free.
    if (options.listen.isEmpty())
        options.listen = QStringList{u"127.0.0.1:3000"_s};
    return options;
}

// A gateway that can be tried for nothing: on a directory that is removed at the end, with an Echo
// channel and a token.
class Demo final : public Command
{
public:
    explicit Demo(Options options)
        : m_options(demoOptions(std::move(options), m_directory.path()))
    {}

    void start() override
    {
        if (!m_directory.isValid()) {
            giveUp(ExitCode::Failure,
                   u"A temporary directory could not be made: %1"_s.arg(
                       base::systemReason(m_directory.errorString()).english()));
            return;
        }
        startApplication();
    }

    void endRequested() override
    {
        if (m_application)
            m_application->stop();
        else
            finish(ExitCode::Ok);
    }

private:
    void startApplication()
    {
        m_application = std::make_unique<Application>(m_options, Application::Mode::Serve);
        connect(
            m_application.get(),
            &Application::failed,
            this,
            [this](ExitCode code, const base::Message &message) { retryOrGiveUp(code, message); });
        connect(m_application.get(), &Application::started, this, &Demo::addChannel);
        connect(m_application.get(), &Application::stopped, this, [this] { finish(ExitCode::Ok); });
        connect(m_application.get(), &Application::endRequested, this, &Demo::endRequested);
        m_application->start();
    }

    // The usual port may be taken; then any other will do.
    void retryOrGiveUp(ExitCode code, const base::Message &message)
    {
        const QStringList any{u"127.0.0.1:0"_s};
        if (code != ExitCode::Conflict || m_options.listen == any) {
            giveUp(code, message.english());
            return;
        }
        m_options.listen = any;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_application.reset();
                startApplication();
            },
            Qt::QueuedConnection);
    }

    void ask(const QByteArray &path,
             const QJsonObject &body,
             std::function<void(const QJsonObject &)> next)
    {
        gateway::ApiRequest request{
            .method = "POST",
            .path = path,
            .headers = {{"Host", "localhost"}, {"Content-Type", "application/json"}},
            .body = base::compactJson(body),
            .client = QHostAddress(QHostAddress::LocalHost),
            .local = true};
        m_application->api().handle(
            std::move(request), [this, next](const gateway::ApiResponse &response) {
                QMetaObject::invokeMethod(
                    this,
                    [this, next, body = response.body] {
                        const QJsonObject answer =
                            base::parseJsonObject(body).value_or(QJsonObject());
                        if (answer.value(u"success"_s).toBool())
                            next(answer);
                        else
                            giveUp(ExitCode::Failure, answer.value(u"message"_s).toString());
                    },
                    Qt::QueuedConnection);
            });
    }

    void addChannel()
    {
        ask("/api/channel/",
            {{u"type"_s, domain::provider::echo},
             {u"name"_s, u"Echo"_s},
             {u"models"_s, QString::fromLatin1(models)},
             {u"group"_s, u"default"_s}},
            [this](const QJsonObject &) { addToken(); });
    }

    void addToken()
    {
        ask("/api/token/",
            {{u"name"_s, u"demo"_s}, {u"unlimited_quota"_s, true}},
            [this](const QJsonObject &answer) {
                m_key = answer.value(u"data"_s).toObject().value(u"key"_s).toString();
                stream();
            });
    }

    void stream()
    {
        m_url = m_application->urls().value(0);
        printLine(
            u"Gatehouse is running on %1 with a built-in offline provider.\n"
            "Here is a streamed answer, on its whole way through the gateway:\n"_s.arg(m_url));
        QNetworkRequest request(QUrl(m_url + u"/v1/chat/completions"_s));
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("Authorization", "Bearer sk-" + m_key.toLatin1());
        m_reply.reset(
            m_network.post(request,
                           R"({"model":"echo","stream":true,"messages":[{"role":"user","content":)"
                           R"("Every word of this sentence has passed through the gateway."}]})"));
        connect(m_reply.get(), &QNetworkReply::readyRead, this, [this] {
            while (m_reply->canReadLine()) {
                const QByteArray line = m_reply->readLine().trimmed();
                if (!line.isEmpty())
                    printLine(u"  "_s + QString::fromUtf8(line));
            }
        });
        connect(m_reply.get(), &QNetworkReply::finished, this, [this] {
            if (m_reply->error() != QNetworkReply::NoError) {
                giveUp(ExitCode::Failure, m_reply->errorString());
                return;
            }
            explain();
        });
    }

    void explain()
    {
        const QString key = u"sk-"_s + m_key;
        printLine(
            u"\nTry it yourself:\n\n"
            "  curl -N %1/v1/chat/completions \\\n"
            "    -H 'Authorization: Bearer %2' -H 'Content-Type: application/json' \\\n"
            "    -d "
            "'{\"model\":\"echo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":"
            "\"Hello\"}]}'\n\n"
            "  curl %1/v1/messages -H 'x-api-key: %2' -H 'anthropic-version: 2023-06-01' \\\n"
            "    -H 'Content-Type: application/json' \\\n"
            "    -d "
            "'{\"model\":\"echo\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":"
            "\"Hello\"}]}'\n\n"
            "  curl '%1/v1beta/models/echo:generateContent' -H 'x-goog-api-key: %2' \\\n"
            "    -H 'Content-Type: application/json' \\\n"
            "    -d '{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}'\n\n"
            "With the official libraries:\n\n"
            "  new OpenAI({ baseURL: '%1/v1', apiKey: '%2' })\n"
            "  new Anthropic({ baseURL: '%1', apiKey: '%2' })\n"
            "  new GoogleGenAI({ apiKey: '%2', httpOptions: { baseUrl: '%1' } })\n\n"
            "Other models: %3. Everything is removed at the end. Ctrl+C ends it."_s.arg(
                m_url, key, QString::fromLatin1(models).replace(u',', u", "_s)));
    }

    QTemporaryDir m_directory;
    Options m_options;
    std::unique_ptr<Application> m_application;
    QNetworkAccessManager m_network;
    std::unique_ptr<QNetworkReply> m_reply;
    QString m_key;
    QString m_url;
};

} // namespace

CommandDescription demoCommand()
{
    return {
        .name = u"demo"_s,
        .summary = u"try everything with a built-in offline provider"_s,
        .help =
            u"  --listen HOST:PORT  where to listen; default: 127.0.0.1:3000, else a free port\n"
            "\nStarts a gateway on a temporary data directory with an Echo channel and a token, "
            "shows\n"
            "one streamed answer, prints the lines to repeat it, and stays up until Ctrl+C.\n"_s,
        .words = {u"--listen="_s},
        .make = [](const Options &options,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            return Arguments::from(
                       arguments, {}, {.usage = u"gatehouse demo [--listen HOST:PORT]"_s})
                .map([&](const Arguments &) -> std::unique_ptr<Command> {
                    return std::make_unique<Demo>(options);
                });
        }};
}

} // namespace gatehouse::app
