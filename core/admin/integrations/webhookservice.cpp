#include "admin/integrations/webhookservice.h"

#include "base/logging.h"

#include <QUuid>

namespace gatehouse::admin {

using base::Result;

namespace {

QByteArray newDeliveryId()
{
    return QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
}

bool isSameSubject(const Happening &left, const Happening &right)
{
    return left.kind == right.kind && left.channel == right.channel && left.token == right.token
           && left.user == right.user && left.name == right.name;
}

} // namespace

WebhookService::WebhookService(const Foundation &foundation,
                               const IntegrationSecrets &secrets,
                               OwnAddress isOwnAddress,
                               QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_secrets(secrets)
    , m_isOwnAddress(std::move(isOwnAddress))
{
    m_gathering.setSingleShot(true);
    connect(&m_gathering, &QTimer::timeout, this, &WebhookService::send);
    m_pool.setMaxThreadCount(2); // a test does not wait for a message that hangs
}

WebhookService::~WebhookService()
{
    endWork();
}

void WebhookService::endWork()
{
    m_gathering.stop();
    m_stop.request_stop();
    m_pool.waitForDone();
}

QUrl WebhookService::url() const
{
    const auto &catalog = m_base.publisher.catalog();
    return catalog ? QUrl(catalog->settings().integrations.webhookUrl) : QUrl();
}

QDateTime WebhookService::now() const
{
    return QDateTime::fromMSecsSinceEpoch(m_base.clock.wallMilliseconds(), Qt::UTC);
}

WebhookOrder WebhookService::orderOf(const QByteArray &id, QByteArray body) const
{
    const auto &catalog = m_base.publisher.catalog();
    return {.url = url(),
            .secret = m_secrets.value(IntegrationSecret::WebhookSecret),
            .id = id,
            .body = std::move(body),
            .patience = m_patience,
            .isOwnAddress = m_isOwnAddress,
            .proxies = catalog ? catalog->settings().proxies : domain::OutgoingProxies{}};
}

void WebhookService::note(const Happening &happening)
{
    if (url().isEmpty() || m_stop.stop_requested())
        return;
    // Of what comes again and again before it is sent, the newest counts.
    std::erase_if(m_waiting, [&happening](const WebhookEvent &waiting) {
        return isSameSubject(waiting.happening, happening);
    });
    if (m_waiting.size() == mostEvents) {
        m_waiting.erase(m_waiting.begin());
        ++m_left;
    }
    m_waiting.push_back({.happening = happening, .time = now()});
    if (!m_isSending && !m_gathering.isActive())
        m_gathering.start(m_patience.gathering);
}

void WebhookService::send()
{
    if (m_waiting.empty() || m_stop.stop_requested())
        return;
    const QByteArray id = newDeliveryId();
    WebhookOrder order = orderOf(id, webhookBody(id, m_waiting, m_left, now()));
    m_waiting.clear();
    m_left = 0;
    if (order.url.isEmpty())
        return;
    m_isSending = true;
    auto sent = runIn(m_pool, [order = std::move(order), stop = m_stop.get_token()] {
        return deliver(order, stop);
    });
    whenDone(std::move(sent), this, [this](const Result<WebhookDelivery> &outcome) {
        m_isSending = false;
        if (outcome) {
            emit delivered(*outcome);
        } else {
            qCWarning(base::lcAdmin).noquote()
                << "Events were not sent to the webhook:" << outcome.error().message.english();
            emit failed(outcome.error());
        }
        if (!m_waiting.empty() && !m_stop.stop_requested())
            m_gathering.start(m_patience.gathering);
    });
}

Answer<WebhookDelivery> WebhookService::test()
{
    const QByteArray id = newDeliveryId();
    WebhookOrder order = orderOf(id, webhookTestBody(id, now()));
    order.patience.pauses.clear();
    return runIn(m_pool, [order = std::move(order), stop = m_stop.get_token()] {
        return deliver(order, stop);
    });
}

} // namespace gatehouse::admin
