#pragma once

#include "admin/foundation.h"

#include <QObject>

#include <array>

namespace gatehouse::admin {

// What the program shares with other programs of its owner.
enum class IntegrationSecret {
    MetricsToken,  // whoever sends it may read GET /metrics
    WebhookSecret, // signs what is sent to the webhook
    OtlpHeaders,   // sent with traces, as name=value,name=value
};

// Those secrets. They are kept sealed in the database, or given to a start in the environment
// (GATEHOUSE_METRICS_TOKEN, GATEHOUSE_WEBHOOK_SECRET, OTEL_EXPORTER_OTLP_HEADERS), also as the name of a
// file with _FILE behind it; such a one cannot be changed here. Lives in the main thread.
class IntegrationSecrets : public QObject
{
    Q_OBJECT

public:
    static constexpr int longest = 500;          // bytes
    static constexpr int longestHeaders = 4'000; // bytes, of OtlpHeaders

    explicit IntegrationSecrets(const Foundation &foundation, QObject *parent = nullptr);

    // Reads them; what was stored with another master key is left out, with a line in the log.
    Answer<> load();

    // Empty: there is none.
    const base::Secret &value(IntegrationSecret which) const { return place(which).value; }
    // The variable that it was given by; empty: by none.
    const QString &variable(IntegrationSecret which) const { return place(which).variable; }

    // In force when it is answered. An empty one removes what is there.
    Answer<> store(IntegrationSecret which, const base::Secret &secret);
    // Makes one in the place of what is there, and gives it.
    Answer<base::Secret> renew(IntegrationSecret which);

signals:
    void changed();

private:
    struct Place
    {
        base::Secret value{};
        QString variable{};
    };

    const Place &place(IntegrationSecret which) const
    {
        return m_places.at(static_cast<size_t>(which));
    }
    // What is known now is masked in the log.
    void noteChange();
    Place &place(IntegrationSecret which) { return m_places.at(static_cast<size_t>(which)); }

    const Foundation m_base;
    std::array<Place, 3> m_places{};
};

} // namespace gatehouse::admin
