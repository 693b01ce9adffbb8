#pragma once

#include "admin/administration.h"
#include "admin/boxsealer.h"
#include "relay/admission/admission.h"
#include "relay/routing/channelhealth.h"
#include "relay/routing/channelload.h"
#include "storage/ledger/ledgerwriter.h"
#include "storage/storagethreads.h"
#include "support/manualclock.h"

#include <QTemporaryDir>
#include <QtTest>

namespace gatehouse::support {

// The administration on a SQLite database in a temporary folder, with the cheapest password hashes.
// start() and stop() may be called several times, as for a program that is started anew.
class AdministrationFixture
{
public:
    static inline const QByteArray rootPassword = "correct horse battery";

    explicit AdministrationFixture(QMap<QString, QString> environment = {})
        : m_environment(std::move(environment))
    {}
    ~AdministrationFixture() { stop(); }

    ManualClock clock{};
    base::Secret sessionSecret{QByteArray(32, 's')};
    base::Secret masterKey{QByteArray(32, 'm')};
    admin::BuiltInPrice builtInPrice{};
    admin::RouteService::ContextWindow contextWindow{};
    admin::RouteService::Capabilities capabilities{};
    admin::OwnAddress isOwnAddress{};
    admin::FirstStartOptions first{.rootPassword = base::Secret(rootPassword)};

    // The parts that exist between start() and stop().
    std::unique_ptr<admin::BoxSealer> sealer{};
    std::unique_ptr<storage::StorageThreads> storage{};
    std::unique_ptr<relay::Admission> admission{};
    std::unique_ptr<relay::ChannelHealth> health{};
    std::unique_ptr<relay::ChannelLoad> load{};
    std::unique_ptr<storage::LedgerWriter> ledger{};
    std::unique_ptr<admin::Administration> administration{};
    admin::FirstStartReport report{};

    void open()
    {
        storage::DatabaseOptions options;
        options.path = databasePath();
        sealer = std::make_unique<admin::BoxSealer>(masterKey);
        storage = std::make_unique<storage::StorageThreads>(options);
        const base::Result<> started = storage->start();
        QVERIFY2(started, started ? "" : qPrintable(started.error().message.english()));
        admission = std::make_unique<relay::Admission>(clock);
        health = std::make_unique<relay::ChannelHealth>(clock);
        load = std::make_unique<relay::ChannelLoad>(clock);
        ledger = std::make_unique<storage::LedgerWriter>(*storage, clock);
        administration = std::make_unique<admin::Administration>(admin::AdministrationParts{
            .storage = *storage,
            .sealer = *sealer,
            .clock = clock,
            .admission = *admission,
            .health = *health,
            .load = *load,
            .sessionSecret = sessionSecret,
            .masterKey = masterKey,
            .environment = m_environment,
            .builtInPrice = builtInPrice,
            .contextWindow = contextWindow,
            .capabilities = capabilities,
            .isOwnAddress = isOwnAddress,
            .directory = m_directory.path(),
            .ledger = ledger.get(),
            .passwordCost = {.memoryKibibytes = 64, .passes = 1, .lanes = 1}});
    }
    void start()
    {
        open();
        const auto started = wait(administration->start(first));
        QVERIFY2(started, started ? "" : qPrintable(started.error().message.english()));
        report = *started;
    }
    void stop()
    {
        if (storage)
            storage->stop();
        administration.reset();
        ledger.reset();
        storage.reset();
    }

    // Runs the event loop until the answer is there.
    template<typename T>
    static base::Result<T> wait(admin::Answer<T> answer)
    {
        if (!QTest::qWaitFor([&] { return answer.isFinished(); }, 30'000)
            || answer.resultCount() == 0) {
            return base::fail(base::ErrorCode::TimedOut,
                              base::Message::tr("There was no answer in time."));
        }
        return answer.result();
    }

    QString databasePath() const { return m_directory.filePath(QStringLiteral("gatehouse.db")); }
    admin::Actor root() const { return admin::Actor::of(*administration->sessions.root()); }

private:
    const QMap<QString, QString> m_environment;
    QTemporaryDir m_directory;
};

} // namespace gatehouse::support
