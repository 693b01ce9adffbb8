#include "ui/windowfixture.h"

#include "admin/administration.h"
#include "domain/providertype.h"
#include "storage/repositories/settingsrepository.h"
#include "theme/theme.h"

#include <QApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace gatehouse::support {

WindowFixture::WindowFixture()
    : WindowFixture(Given{})
{}

WindowFixture::WindowFixture(const Given &given)
{
    ui::Theme::apply(ui::Scheme::Light);
    app::Options options{.dataDirectory = m_directory.filePath(u"data"_s),
                         .environment = given.environment};
    options.environment.insert(u"GATEHOUSE_SECRETS"_s, u"file"_s);
    if (!given.stored.contains(u"server.listen"_s))
        options.listen = {u"127.0.0.1:0"_s};
    store(given.stored);
    m_application = std::make_unique<app::Application>(options, app::Application::Mode::Window);
    m_state = std::make_unique<ui::UiState>(m_directory.filePath(u"window.ini"_s));
    m_undo = std::make_unique<ui::UndoStack>();
}

WindowFixture::~WindowFixture()
{
    m_services.reset();
    m_undo.reset();
    QSignalSpy stopped(m_application.get(), &app::Application::stopped);
    m_application->stop();
    if (stopped.isEmpty())
        stopped.wait(15'000);
    m_application.reset();
}

bool WindowFixture::start()
{
    QSignalSpy started(m_application.get(), &app::Application::started);
    QSignalSpy failed(m_application.get(), &app::Application::failed);
    m_application->start();
    const bool came =
        QTest::qWaitFor([&] { return !started.isEmpty() || !failed.isEmpty(); }, 20'000);
    if (!failed.isEmpty())
        qWarning().noquote() << failed.first().at(1).toString();
    if (!came || started.isEmpty())
        return false;
    const auto root = administration().sessions.root();
    m_services.reset(new ui::Services{.administration = administration(),
                                      .tester = m_application->tester(),
                                      .gateway = m_application->gateway(),
                                      .actor = admin::Actor::of(*root),
                                      .state = *m_state,
                                      .undo = *m_undo});
    return true;
}

void WindowFixture::store(const QMap<QString, QString> &settings) const
{
    if (settings.isEmpty())
        return;
    const auto directory =
        app::DataDirectory::open(m_directory.filePath(u"data"_s), app::Holder::Kind::Command);
    if (!directory)
        qFatal("%s", qPrintable(directory.error().message.english()));
    storage::StorageThreads threads({.path = directory->databaseFile()});
    if (const base::Result<> started = threads.start(); !started)
        qFatal("%s", qPrintable(started.error().message.english()));
    const auto write = [settings](storage::Database &database) -> base::Result<> {
        storage::SettingsRepository repository(database);
        for (auto it = settings.cbegin(); it != settings.cend(); ++it) {
            if (base::Result<> saved = repository.save(it.key(), it.value()); !saved)
                return saved;
        }
        return {};
    };
    const base::Result<> written = threads.write(write).result();
    threads.stop();
    if (!written)
        qFatal("%s", qPrintable(written.error().message.english()));
}

void WindowFixture::waitFor(QFuture<base::Result<>> answer)
{
    const bool came = QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20'000);
    if (!came || answer.resultCount() == 0)
        qFatal("A service did not answer.");
    if (const base::Result<> result = answer.result(); !result)
        qFatal("A service answered: %s", qPrintable(result.error().message.english()));
}

domain::Channel WindowFixture::addEchoChannel(const QString &name, const QStringList &models)
{
    domain::Channel channel;
    channel.type = domain::provider::echo;
    channel.name = name;
    channel.models = models.isEmpty() ? QStringList{u"echo"_s} : models;
    return wait(administration().channels.create({channel})).front();
}

domain::Token WindowFixture::addToken(const QString &name)
{
    domain::Token token;
    token.name = name;
    token.unlimited = true;
    return wait(administration().tokens.create(m_services->actor, token));
}

int WindowFixture::chat(const domain::Token &token, const QString &model, bool stream)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(url() + u"/v1/chat/completions"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + token.key.reveal());
    const QByteArray body = QByteArray("{\"model\":\"") + model.toUtf8()
                            + "\",\"stream\":" + (stream ? "true" : "false")
                            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000))
        return 0;
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

} // namespace gatehouse::support
