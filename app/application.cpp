#include "application.h"

#include "admin/flow.h"
#include "admin/gateway/gatewayparts.h"
#include "base/json.h"
#include "configuration/environment.h"
#include "configuration/secretsrecord.h"
#include "configuration/storedsettings.h"
#include "storage/repositories/metarepository.h"
#include "storage/repositories/sealingcontexts.h"
#include "storage/repositories/userrepository.h"
#include "upstream/trustedauthorities.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QThreadPool>
#include <QTimer>

#include <array>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::Error;
using base::lcApp;
using base::Result;

namespace {

// What made this start listen elsewhere than the stored setting says.
QString originOfListen(const Options &options)
{
    const QMap<QString, QString> &environment = options.environment;
    if (options.listen == environment.value(u"GATEHOUSE_LISTEN"_s).split(u' ', Qt::SkipEmptyParts))
        return u"GATEHOUSE_LISTEN"_s;
    for (const QString &name : {u"GATEHOUSE_PORT"_s, u"PORT"_s}) {
        if (options.listen == QStringList(u"127.0.0.1:"_s + environment.value(name)))
            return name;
    }
    return u"--listen"_s;
}

Error nothingIn(const QString &directory)
{
    return {
        base::ErrorCode::NotFound,
        base::Message::tr("There is nothing of Gatehouse in %1 yet. Name another directory with "
                          "--data-dir, or start \"gatehouse serve\" to begin there.")
            .arg(directory)};
}

} // namespace

// Counts with tiktoken's tables, or by length where the setting says so.
class Application::Meter final : public relay::TokenMeter
{
public:
    Meter(const protocol::TokenCounter &counter)
        : m_counter(counter)
    {}

    void setApproximate(bool approximate) { m_approximate = approximate; }

    bool isReady(QByteArrayView model) const override
    {
        return m_approximate || m_counter.isLoaded(model);
    }
    qint64 promptTokens(QByteArrayView body, QByteArrayView model) const override
    {
        return m_approximate ? protocol::TokenCounter::estimateByLength(body.size())
                             : m_counter.countPrompt(body, model);
    }
    qint64 textTokens(QByteArrayView text, QByteArrayView model) const override
    {
        return m_approximate ? protocol::TokenCounter::estimateByLength(text.size())
                             : m_counter.countTokens(text, model);
    }

private:
    const protocol::TokenCounter &m_counter;
    std::atomic<bool> m_approximate{false};
};

// Passes on to the main thread what gateway threads see.
class Application::Events final : public QObject, public relay::RelayEvents
{
public:
    explicit Events(admin::Administration &administration)
        : m_channels(administration.channels)
        , m_tokens(administration.tokenManager)
        , m_statistics(administration.statistics)
    {}

    void keyRefused(const relay::KeyRefusal &refusal) override
    {
        QMetaObject::invokeMethod(
            this,
            [this, refusal] {
                m_channels.keyRefused(refusal);
                m_statistics.keyRefused(refusal);
            },
            Qt::QueuedConnection);
    }
    void formerKeyUsed(const domain::FormerKeyUse &use) override
    {
        QMetaObject::invokeMethod(
            this, [this, use] { m_tokens.formerKeyUsed(use); }, Qt::QueuedConnection);
    }

private:
    admin::ChannelService &m_channels;
    admin::TokenManager &m_tokens;
    admin::StatisticsService &m_statistics;
};

Application::Application(Options options, Mode mode, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_mode(mode)
{}

Application::~Application()
{
    // Answers that a start still waits for are of no more interest, nor is what becomes of it.
    m_isEnding = true;
    blockSignals(true);
    // Gateway, ledger, tests, storage: whoever hands work on ends before whoever takes it.
    m_door.reset();
    m_control.reset();
    QThreadPool::globalInstance()->waitForDone(); // bodies that are still being read
    if (m_ledger && !m_ledger->flush(std::chrono::seconds(5)))
        qCCritical(lcApp) << "Some ledger rows could not be stored before the end.";
    if (m_administration)
        m_administration->otlp.finish();
    m_api.reset();
    m_tester.reset();
    m_events.reset();
    // What is still asked of the storage is answered or refused while those who asked are there.
    if (m_storage)
        m_storage->stop();
    // Answers that wait for a turn of this thread, see base::finishInMainThread().
    QCoreApplication::sendPostedEvents(QCoreApplication::instance(), QEvent::MetaCall);
    m_administration.reset();
    m_requestLog.reset();
    m_ledger.reset();
}

void Application::start()
{
    QTimer::singleShot(0, this, &Application::openStorage);
}

void Application::giveUp(const base::Error &error)
{
    if (!error.detail.isEmpty())
        qCInfo(lcApp).noquote() << error.detail;
    giveUp(exitCodeOf(error.code), error.message);
}

void Application::giveUp(ExitCode code, const base::Message &message)
{
    emit failed(code, message);
}

// A mistyped option or directory is told before anything is made, the first user and the password that is
// shown once included.
Result<> Application::mayStart() const
{
    if (m_mode == Mode::Serve) {
        for (const QString &text : m_options.listen) {
            if (const auto address = gateway::listenAddressFrom(text); !address)
                return base::fail(address.error());
        }
    }
    const storage::DatabaseOptions database = databaseOptionsOf(m_options);
    if (m_mode == Mode::Command && database.url.isEmpty() && !QFileInfo::exists(database.path))
        return base::fail(nothingIn(m_options.dataDirectory));
    return {};
}

// By a start of the program alone: who lists the channels does not expect it.
Result<> Application::carryOutRestore(const storage::DatabaseOptions &database)
{
    if (m_mode == Mode::Restoring)
        return storage::RestoreRoom::make(database).map(
            [this](std::unique_ptr<storage::RestoreRoom> room) { m_room = std::move(room); });
    if (m_mode == Mode::Command || m_mode == Mode::Filling) {
        if (storage::isRestorePrepared(database)) {
            qCWarning(lcApp)
                << "A backup takes the place of this database when Gatehouse is started. "
                   "What is changed until then is not in it. To give it up: gatehouse "
                   "restore --cancel";
            return {};
        }
        return storage::leaveStandIn(database);
    }
    const auto restored = storage::applyPreparedRestore(database);
    if (!restored)
        return base::fail(restored.error());
    if (*restored)
        qCInfo(lcApp).noquote() << "A backup was restored. The former database is kept in"
                                << **restored;
    return {};
}

void Application::openStorage()
{
    if (const Result<> may = mayStart(); !may)
        return giveUp(may.error());
    const Holder::Kind kind = m_mode == Mode::Serve    ? Holder::Kind::Serve
                              : m_mode == Mode::Window ? Holder::Kind::Window
                                                       : Holder::Kind::Command;
    Result<DataDirectory> directory = DataDirectory::open(m_options.dataDirectory, kind);
    if (!directory)
        return giveUp(directory.error());
    m_directory = std::make_unique<DataDirectory>(std::move(*directory));
    const bool isProgram = m_mode == Mode::Serve || m_mode == Mode::Window;
    if (const QString logFile = m_options.logFile.value_or(QString());
        isProgram && !logFile.isEmpty()) {
        // Not before: until now another program may have been the one that logs there.
        base::logToFile(logFile);
        qCInfo(lcApp).noquote() << "Gatehouse" << QCoreApplication::applicationVersion() << "with"
                                << m_options.dataDirectory;
    }
    emit directoryLocked();

    storage::DatabaseOptions database{.path = m_directory->databaseFile()};
    if (!m_options.databaseUrl.isEmpty()) {
        if (const Result<> valid = storage::checkDatabaseUrl(m_options.databaseUrl); !valid)
            return giveUp(valid.error());
        database.url = m_options.databaseUrl;
    }
    if (const Result<> restored = carryOutRestore(database); !restored)
        return giveUp(restored.error());
    // The settings that the database is opened with are kept in it. One that cannot be read yet, such as
    // one that is to be made, has none.
    const domain::Settings settings = domain::settingsFrom(
        storedSettings(database).value_or(QMap<QString, QString>()), m_options.environment);
    database.synchronousFull = settings.storage.synchronousFull;
    database.busyTimeout = settings.storage.busyTimeout;
    database.keptBackups = settings.storage.keptBackups;
    database.backupDirectory = settings.storage.backupDirectory;
    m_storage = std::make_unique<storage::StorageThreads>(std::move(database));
    if (const Result<> started = m_storage->start(); !started)
        return giveUp(started.error());
    readRecord();
}

void Application::readRecord()
{
    admin::whenDone(m_storage->read(secretsRecordIn),
                    this,
                    [this](const Result<secrets::SecretsRecord> &record) {
                        if (m_isEnding)
                            return;
                        if (!record)
                            return giveUp(record.error());
                        // A first start that came to no end, or tables on a server that nobody has begun to use.
                        if (m_mode == Mode::Command && !record->dataExists)
                            return giveUp(nothingIn(m_options.dataDirectory));
                        m_isNew = !record->dataExists;
                        loadSecrets(*record);
                    });
}

secrets::SecretsEnvironment Application::secretsEnvironment() const
{
    return secretsEnvironmentOf(
        m_options.environment, m_directory->path(), m_directory->identity());
}

void Application::loadSecrets(const secrets::SecretsRecord &record)
{
    m_secretsLoader = std::make_unique<secrets::SecretsLoader>(secretsEnvironment());
    m_secretsLoader->load(
        record, [this, isNew = !record.dataExists](const secrets::SecretsOutcome &outcome) {
            if (!outcome) {
                m_needsSecretsChoice = isNew;
                const base::Error &error = outcome.error().error;
                if (!error.detail.isEmpty())
                    qCInfo(lcApp).noquote() << error.detail;
                return giveUp(ExitCode::Unavailable, error.message);
            }
            keepRecord(*outcome);
        });
}

// Which source was used is remembered, so that one that vanishes is never taken for a first start.
void Application::keepRecord(const secrets::LoadedSecrets &loaded)
{
    m_secretSource = loaded.source;
    m_sealer = std::make_unique<admin::BoxSealer>(loaded.secrets.masterKey);
    const bool shared = !m_options.databaseUrl.isEmpty();
    const auto write = [loaded, shared, sealer = m_sealer.get()](
                           storage::Database &database) -> Result<base::Secret> {
        storage::MetaRepository meta(database);
        Result<> kept =
            meta.save(storage::meta::secretsSource, secrets::sourceName(loaded.source).toLatin1());
        if (kept)
            kept = meta.save(storage::meta::masterKeyCheck, loaded.fingerprint);
        if (!kept)
            return base::fail(kept.error());
        if (!shared)
            return loaded.secrets.sessionSecret;
        // All nodes on one database sign sessions with one secret.
        constexpr QByteArrayView context = storage::sessionSecretContext;
        const Result<QByteArray> sealed =
            meta.saveFirst(storage::meta::sealedSessionSecret,
                           sealer->seal(loaded.secrets.sessionSecret, context));
        if (!sealed)
            return base::fail(sealed.error());
        return sealer->open(*sealed, context);
    };
    admin::whenDone(
        m_storage->write(write),
        this,
        [this, masterKey = loaded.secrets.masterKey](const Result<base::Secret> &session) {
            if (m_isEnding)
                return;
            if (!session)
                return giveUp(session.error());
            startAdministration({.sessionSecret = *session, .masterKey = masterKey});
        });
}

void Application::startAdministration(const secrets::MachineSecrets &machine)
{
    Result<protocol::BuiltinPrices> prices = protocol::BuiltinPrices::load();
    if (!prices)
        return giveUp(prices.error());
    m_prices = std::make_unique<protocol::BuiltinPrices>(std::move(*prices));
    const QStringList problems = upstream::trustAuthoritiesOf(m_options.environment);
    for (const QString &problem : problems)
        qCWarning(lcApp).noquote() << problem;
    m_counter = std::make_unique<protocol::TokenCounter>();
    m_meter = std::make_unique<Meter>(*m_counter);
    m_admission = std::make_unique<relay::Admission>(m_clock);
    m_health = std::make_unique<relay::ChannelHealth>(m_clock);
    m_load = std::make_unique<relay::ChannelLoad>(m_clock);
    m_ledger = std::make_unique<storage::LedgerWriter>(*m_storage, m_clock);
    m_requestLog = std::make_unique<storage::RequestLog>(*m_ledger);
    m_echo = std::make_unique<gateway::EchoProvider>();
    const Result<quint16> echoPort = m_echo->start();
    if (!echoPort)
        return giveUp(echoPort.error());

    m_administration = std::make_unique<admin::Administration>(admin::AdministrationParts{
        .storage = *m_storage,
        .sealer = *m_sealer,
        .clock = m_clock,
        .admission = *m_admission,
        .health = *m_health,
        .load = *m_load,
        .sessionSecret = machine.sessionSecret,
        .masterKey = machine.masterKey,
        .environment = m_options.environment,
        .builtInPrice =
            [prices = m_prices.get()](QByteArrayView provider, QByteArrayView model) {
                return prices->history(provider, model);
            },
        .contextWindow = [prices = m_prices.get(), capabilities = &m_capabilities](
                             QByteArrayView provider,
                             QByteArrayView model) -> std::optional<qint64> {
            if (const auto window = prices->contextWindow(provider, model))
                return window;
            const auto known = capabilities->find(provider, model);
            return known && known->contextTokens > 0 ? std::optional(known->contextTokens)
                                                     : std::nullopt;
        },
        .promptTokens =
            [meter = m_meter.get()](QByteArrayView body, QByteArrayView model) {
                return meter->promptTokens(body, model);
            },
        .capabilities =
            [capabilities = &m_capabilities](QByteArrayView provider, QByteArrayView model) {
                return capabilities->find(provider, model);
            },
        .isOwnAddress = [own = &m_ownAddresses](const QString &host,
                                                quint16 port) { return own->contains(host, port); },
        .directory = m_directory->path(),
        .ledger = m_ledger.get()});
    m_administration->publisher.setEcho(
        {.baseUrl = u"http://127.0.0.1:%1"_s.arg(*echoPort), .key = m_echo->secret()});
    m_events = std::make_unique<Events>(*m_administration);

    const Result<admin::FirstStartOptions> firstStart = firstStartOf();
    if (!firstStart)
        return giveUp(ExitCode::Configuration, firstStart.error().message);
    admin::whenDone(
        m_administration->start(*firstStart),
        this,
        [this](const Result<admin::FirstStartReport> &report) {
            if (m_isEnding)
                return;
            if (!report)
                return giveUp(report.error());
            m_firstStart = report->created;
            // In the window the person is root without it and can set one there.
            if (report->created && !report->password.isEmpty() && m_mode != Mode::Window
                && m_mode != Mode::Restoring) {
                // Past the log on purpose: this is the one time that it is shown.
                std::fprintf(
                    stderr,
                    "First start: the user \"root\" was made. Its password is %s\n"
                    "It is shown only now. Change it with: gatehouse user set-password root\n",
                    report->password.reveal().constData());
            }
            startServing();
        });
}

// What a first start is told. Later nobody needs the files, which may be gone by then.
Result<admin::FirstStartOptions> Application::firstStartOf() const
{
    admin::FirstStartOptions told;
    const std::array members{
        std::pair{&told.rootPassword, u"GATEHOUSE_ROOT_PASSWORD"_s},
        std::pair{&told.initialToken, u"INITIAL_ROOT_TOKEN"_s},
        std::pair{&told.initialAccessToken, u"INITIAL_ROOT_ACCESS_TOKEN"_s},
    };
    for (const auto &[member, name] : members) {
        const Result<base::Secret> secret = secretVariable(m_options.environment, name);
        if (!secret && m_isNew)
            return base::fail(secret.error());
        *member = secret.value_or(base::Secret());
    }
    return told;
}

void Application::startServing()
{
    m_tester = std::make_unique<admin::ChannelTester>(*m_administration);
    auto api = management::ManagementApi::create({.administration = *m_administration,
                                                  .tests = m_tester.get(),
                                                  .version = QCoreApplication::applicationVersion(),
                                                  .instance = instance()});
    if (!api)
        return giveUp(api.error());
    m_api = std::move(*api);
    tellOrigins(m_options);
    if (m_options.hasLogLevelOption) {
        m_administration->settings.fix(
            u"log.level"_s, base::logLevelName(m_options.logLevel), u"--log-level"_s);
    }
    const auto applySettings = [this](const std::shared_ptr<const domain::Catalog> &catalog) {
        m_meter->setApproximate(catalog->settings().accounting.approximateTokens);
        m_requestLog->setOn(catalog->settings().logging.requests);
        if (!m_options.hasLogLevelOption)
            base::setLogLevel(catalog->settings().logging.level);
    };
    applySettings(m_administration->publisher.catalog());
    connect(&m_administration->publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            applySettings);
    if (m_mode == Mode::Serve || m_mode == Mode::Window) {
        makeGateway();
        m_administration->statistics.start();
        m_administration->traffic.start();
        m_administration->bookmarks.start();
        m_administration->backups.startSchedule();
        m_administration->happenings.start();
        m_isStarting = true;
        m_control->start();
        // A certificate may have to be made first; gatewayChanged() goes on then.
        if (m_control->state() != admin::GatewayState::Starting)
            gatewayStarted();
        return;
    }
    emit started();
}

// Empty where one command is carried out.
management::Instance Application::instance()
{
    if (m_mode != Mode::Serve && m_mode != Mode::Window)
        return {};
    return {.mode = m_mode == Mode::Serve ? u"serve"_s : u"window"_s,
            .dataDirectory = m_directory->path(),
            .gateway = [this] { return m_control.get(); },
            .readAgain = [this] { return readConfigurationAgain(); },
            .stop = [this] { emit endRequested(); }};
}

// What the options of the start say stays, since it stands above the file.
Result<> Application::readConfigurationAgain()
{
    return withConfigurationReadAgain(m_options).map([this](const Options &options) {
        m_administration->publisher.setEnvironment(options.environment);
        tellOrigins(options);
    });
}

void Application::tellOrigins(const Options &options)
{
    QMap<QString, QString> origins;
    for (auto it = options.fromConfiguration.cbegin(); it != options.fromConfiguration.cend(); ++it)
        origins.insert(it.key(), options.configurationFile);
    m_administration->settings.setOrigins(origins);
}

void Application::makeGateway()
{
    const std::shared_ptr<const domain::Catalog> catalog = m_administration->publisher.catalog();
    const domain::Settings::Http &http = catalog->settings().http;
    m_spool = std::make_unique<http::SpoolBudget>(http.bodyMemoryBudget, http.maxBodyBytes);
    // NOLINTNEXTLINE(modernize-make-unique): an aggregate of references
    m_shared.reset(new gateway::Shared{.clock = m_clock,
                                       .admission = *m_admission,
                                       .health = *m_health,
                                       .load = *m_load,
                                       .ledger = *m_ledger,
                                       .events = *m_events,
                                       .meter = *m_meter,
                                       .api = m_api.get(),
                                       .spool = *m_spool,
                                       .captures = &m_administration->captureSink(),
                                       .answers = &m_administration->answers.cache(),
                                       .version = QCoreApplication::applicationVersion().toUtf8()});
    if (!m_options.listen.isEmpty()) {
        m_administration->settings.fix(
            u"server.listen"_s, m_options.listen.join(u' '), originOfListen(m_options));
    }
    storage::LedgerWriter *ledger = m_ledger.get();
    m_control = std::make_unique<admin::GatewayControl>(admin::GatewayParts{
        .administration = *m_administration,
        .shared = *m_shared,
        .receipts = {
            .add = [ledger](auto post) { return ledger->registerReceiver(std::move(post)); },
            .remove = [ledger](int receiver) { ledger->unregisterReceiver(receiver); }},
        .ownAddresses = m_ownAddresses,
        .listen = m_options.listen,
        .dispatcher = m_options.environment.value(u"GATEHOUSE_DISPATCHER"_s),
        .started = [api = m_api.get()](const QStringList &urls) { api->setListeners(urls); }});
    connect(
        m_control.get(), &admin::GatewayControl::stateChanged, this, &Application::gatewayChanged);
    connect(m_control.get(), &admin::GatewayControl::problemChanged, this, [this] {
        if (m_isStarting && !m_stopping)
            gatewayStarted();
    });
    m_network = std::make_unique<NetworkWatch>();
    admin::GatewayControl *control = m_control.get();
#ifdef Q_OS_LINUX
    const auto changed = &admin::GatewayControl::interfacesChanged;
#else
    // Elsewhere it is told too when the way out is lost while the addresses stay.
    const auto changed = &admin::GatewayControl::networkChanged;
#endif
    connect(m_network.get(), &NetworkWatch::addressesChanged, control, changed);
    connect(
        m_network.get(), &NetworkWatch::wokenUp, control, &admin::GatewayControl::networkChanged);
}

void Application::gatewayChanged(admin::GatewayState state)
{
    m_administration->statistics.setServing(state == admin::GatewayState::Running
                                            || state == admin::GatewayState::Paused
                                            || state == admin::GatewayState::Draining);
    if (m_stopping && state == admin::GatewayState::Stopped)
        finishStop();
    if (m_isStarting && !m_stopping && state != admin::GatewayState::Starting)
        gatewayStarted();
}

void Application::gatewayStarted()
{
    if (m_mode == Mode::Serve && m_control->problem() && !m_control->problem()->isExplained)
        return; // until it is known
    // Once: the change of state may be heard before start() returns.
    if (!std::exchange(m_isStarting, false))
        return;
    if (m_mode == Mode::Serve && m_control->problem())
        return giveUp(m_control->problem()->error);
    openDoor();
    emit started();
}

// Programs of this account reach the management here whether the gateway runs or not.
void Application::openDoor()
{
    m_door = std::make_unique<gateway::LocalDoor>(*m_api);
    if (const Result<> open = m_door->open(gateway::localDoorPath(m_directory->path())); !open)
        qCWarning(lcApp).noquote() << open.error().message.english();
}

void Application::stop()
{
    const bool serves = m_administration && m_administration->publisher.catalog();
    stop(serves ? m_administration->settings.current().server.gracePeriod
                : std::chrono::milliseconds(0));
}

void Application::stop(std::chrono::milliseconds grace)
{
    if (std::exchange(m_stopping, true))
        return;
    m_door.reset();
    const bool stands = !m_control || m_control->state() == admin::GatewayState::Stopped
                        || m_control->state() == admin::GatewayState::Failed;
    if (stands) {
        QTimer::singleShot(0, this, &Application::finishStop);
        return;
    }
    qCInfo(lcApp) << "Stopping: open requests may go on for" << grace.count() / 1000 << "seconds.";
    m_control->drain(grace);
}

void Application::reload()
{
    if (!m_api || m_stopping)
        return;
    m_api->handle({.method = "POST",
                   .path = "/api/gateway/reload",
                   .headers = {{"Host", "localhost"}},
                   .client = QHostAddress(QHostAddress::LocalHost),
                   .local = true},
                  [](const gateway::ApiResponse &response) {
                      const QJsonObject answer =
                          base::parseJsonObject(response.body).value_or(QJsonObject());
                      if (answer.value(u"success"_s).toBool())
                          qCInfo(lcApp) << "The settings were read again.";
                      else
                          qCWarning(lcApp).noquote() << "The settings were not read again:"
                                                     << answer.value(u"message"_s).toString();
                  });
}

void Application::finishStop()
{
    emit stopped();
}

} // namespace gatehouse::app
