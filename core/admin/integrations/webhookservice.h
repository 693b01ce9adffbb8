#pragma once

#include "admin/foundation.h"
#include "admin/integrations/integrationsecrets.h"
#include "admin/integrations/webhookdelivery.h"

#include <QThreadPool>
#include <QTimer>

namespace gatehouse::admin {

// Tells another program, by a POST to the setting integrations.webhook_url, what happened. What happens
// within a moment is sent together; while one message is on its way, the next waits. A message that is
// not taken by its last try is dropped, with a line in the log. Lives in the main thread, which waits
// for nothing.
class WebhookService : public QObject
{
    Q_OBJECT

public:
    // Events that wait; of more, the oldest are dropped and counted.
    static constexpr size_t mostEvents = 100;

    WebhookService(const Foundation &foundation,
                   const IntegrationSecrets &secrets,
                   OwnAddress isOwnAddress,
                   QObject *parent = nullptr);
    ~WebhookService() override;
    // Breaks off what runs in another thread; nothing is sent from here on.
    void endWork();

    void setPatience(WebhookPatience patience) { m_patience = std::move(patience); }

    // To be sent, if there is an address.
    void note(const gatehouse::admin::Happening &happening);
    // Sends a message that says that it is a test, once.
    Answer<WebhookDelivery> test();

signals:
    // What was noted was taken, or not.
    void delivered(const gatehouse::admin::WebhookDelivery &delivery);
    void failed(const gatehouse::base::Error &error);

private:
    QUrl url() const;
    WebhookOrder orderOf(const QByteArray &id, QByteArray body) const;
    QDateTime now() const;
    void send();

    const Foundation m_base;
    const IntegrationSecrets &m_secrets;
    const OwnAddress m_isOwnAddress;
    WebhookPatience m_patience{};
    std::vector<WebhookEvent> m_waiting{};
    qint64 m_left = 0; // events that had no room
    bool m_isSending = false;
    QTimer m_gathering;
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
