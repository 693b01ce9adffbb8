#pragma once

#include "admin/foundation.h"
#include "admin/integrations/integrationsecrets.h"
#include "admin/integrations/otlpexport.h"
#include "admin/integrations/otlpmeasures.h"
#include "storage/ledger/ledgerbatch.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>

namespace gatehouse::domain {
class Catalog;
} // namespace gatehouse::domain

namespace gatehouse::admin {

// Tells a collector of metrics, by OTLP over HTTP, what requests have come to since it was switched on:
// at each interval of integrations.otlp_metrics_interval all of it, so that what was not taken is not
// lost. Off unless integrations.otlp_metrics says so, or OpenTelemetry's variables; it costs nothing
// then. Lives in the main thread, which waits for nothing before the end of the program.
class OtlpMeter : public QObject
{
    Q_OBJECT

public:
    OtlpMeter(const Foundation &foundation,
              const IntegrationSecrets &secrets,
              OwnAddress isOwnAddress,
              QString instance,
              QObject *parent = nullptr);
    ~OtlpMeter() override;

    void setPatience(OtlpPatience patience) { m_patience = std::move(patience); }
    // Counts the requests among them, if it is on. Called in any thread.
    void note(std::span<const storage::LedgerEntry> stored);
    // Sends what was counted, unless that is under way already.
    void send();
    // What send() would send, and where to; its body is empty if nothing was counted.
    OtlpOrder order() const;

    // Sends it once more, without waiting. Nothing is counted from here on.
    void sayFarewell();
    // Waits for that, then breaks it off.
    void finish(QDeadlineTimer deadline);
    // Breaks off what runs in another thread; nothing is sent from here on.
    void endWork();

signals:
    // What was counted was taken, or not.
    void delivered(const gatehouse::admin::OtlpDelivery &delivery);
    void failed(const gatehouse::base::Error &error);

private:
    void applySettings();
    QFuture<base::Result<OtlpDelivery>> exportNow();
    void tell(const base::Result<OtlpDelivery> &outcome);

    const Foundation m_base;
    const IntegrationSecrets &m_secrets;
    const OwnAddress m_isOwnAddress;
    const QString m_instance;
    OtlpPatience m_patience{};

    std::atomic<bool> m_isOn = false;
    std::mutex m_catalogMutex; // of the member below, held for a copy
    std::shared_ptr<const domain::Catalog> m_catalog{};
    OtlpMeasures m_measures{};

    bool m_isSending = false;
    QElapsedTimer m_sinceTold{};
    QTimer m_interval;
    std::stop_source m_hurry;
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
