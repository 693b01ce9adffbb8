#pragma once

#include "admin/foundation.h"
#include "admin/integrations/integrationsecrets.h"
#include "admin/integrations/otlpattributes.h"
#include "admin/integrations/otlpexport.h"
#include "admin/integrations/otlpmeter.h"
#include "domain/usagerecord.h"
#include "storage/ledger/ledgerwriter.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <deque>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

// Tells a collector of traces, by OTLP over HTTP at the setting integrations.otlp_endpoint, of each request
// that the ledger has stored, and its OtlpMeter one of metrics. Off while there is no address, and where
// OTEL_SDK_DISABLED is true. One export is on its way at a time; what ends meanwhile waits. Lives in the
// main thread, which waits for nothing before the end of the program.
class OtlpService : public QObject
{
    Q_OBJECT

public:
    // Requests that wait; of more, the oldest are dropped and counted.
    static constexpr size_t mostWaiting = 2'048;
    static constexpr size_t mostTogether = 256; // requests of one export

    // `ledger` outlives it. Null: nothing is relayed.
    OtlpService(const Foundation &foundation,
                const IntegrationSecrets &secrets,
                OwnAddress isOwnAddress,
                storage::LedgerWriter *ledger,
                QObject *parent = nullptr);
    ~OtlpService() override;
    // Sends what waits, once, for as long as the patience of farewells, then breaks off the rest. To be
    // called when nothing is relayed any more; it waits.
    void finish();
    // Breaks off what runs in another thread; nothing is sent from here on.
    void endWork();

    void setPatience(OtlpPatience patience);

    OtlpMeter &meter() { return m_meter; }
    // OTEL_SDK_DISABLED said so when the program was started.
    bool isDisabled() const { return m_isDisabled; }
    // Requests that had no room since the start.
    qint64 dropped() const;
    size_t waiting() const;
    // To be sent, if there is an address. Called in any thread.
    void note(std::span<const storage::LedgerEntry> stored);
    // Sends one span that says that it is a test, and metrics that hold nothing where they are on; once.
    Answer<OtlpDelivery> test();

signals:
    // What was noted was taken, or not.
    void delivered(const gatehouse::admin::OtlpDelivery &delivery);
    void failed(const gatehouse::base::Error &error);

private:
    void applySettings();
    void send();
    void sendNext();
    std::vector<domain::UsageRecord> takeWaiting();
    QFuture<base::Result<OtlpDelivery>> exportNow(std::vector<domain::UsageRecord> records);
    OtlpOrder order() const;
    OtlpResource resource() const;
    void tell(const base::Result<OtlpDelivery> &outcome, qint64 requests);
    void tellOfDropped();

    const Foundation m_base;
    const IntegrationSecrets &m_secrets;
    const OwnAddress m_isOwnAddress;
    storage::LedgerWriter *const m_ledger;
    const bool m_isDisabled;
    const QString m_instance; // of this run of the program
    OtlpMeter m_meter;
    int m_observer = -1;     // of the ledger
    bool m_isWarned = false; // of variables that are not heeded
    OtlpPatience m_patience{};

    std::atomic<bool> m_isOn = false;
    mutable std::mutex m_mutex; // of the members below it, held for a few copies
    std::deque<domain::UsageRecord> m_waiting{};
    qint64 m_dropped = 0;
    bool m_isWoken = false; // so many wait that the main thread was told

    bool m_isSending = false;
    qint64 m_toldDropped = 0;
    QElapsedTimer m_sinceDropTold{};
    qint64 m_lost = 0; // requests that were not taken since it was last told
    QElapsedTimer m_sinceLossTold{};
    QTimer m_gathering;
    std::stop_source m_hurry;
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
