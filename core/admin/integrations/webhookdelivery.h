#pragma once

#include "admin/channels/channeladdress.h"
#include "admin/integrations/happening.h"
#include "base/result.h"
#include "base/secret.h"
#include "domain/outgoingproxies.h"

#include <QDateTime>
#include <QUrl>

#include <chrono>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

// How often and how long a delivery is tried.
struct WebhookPatience
{
    // Events that come within it are sent together.
    std::chrono::milliseconds gathering{2'000};
    std::chrono::milliseconds answer{10'000};
    // Between two tries; there is one try more than pauses.
    std::vector<std::chrono::milliseconds> pauses{std::chrono::milliseconds(1'000),
                                                  std::chrono::milliseconds(5'000)};
};

// Something that happened, with the time.
struct WebhookEvent
{
    Happening happening{};
    QDateTime time{};
};

// One message to the webhook, as a value for a worker.
struct WebhookOrder
{
    QUrl url{};
    base::Secret secret{}; // empty: nothing is signed
    QByteArray id{};
    QByteArray body{};
    WebhookPatience patience{};
    OwnAddress isOwnAddress{};
    domain::OutgoingProxies proxies{}; // of the environment
};

struct WebhookDelivery
{
    int status = 0; // of the answer that was a success
    int tries = 0;
};

// The JSON that is sent. `left`: how many events had no room.
QByteArray webhookBody(const QByteArray &id,
                       const std::vector<WebhookEvent> &events,
                       qint64 left,
                       const QDateTime &now);
// What is sent for a try by hand.
QByteArray webhookTestBody(const QByteArray &id, const QDateTime &now);

// Of `body` with `secret`: "sha256=" and 64 hexadecimal digits.
QByteArray webhookSignature(const base::Secret &secret, const QByteArray &body);

// Refuses an address that leads back to this gateway.
base::Result<> checkWebhookTarget(const QUrl &url, const OwnAddress &isOwnAddress);

// Posts it until it is taken, its tries are used up or a further one is of no use. Called in a thread of
// a pool, where it waits; ends early on a stop request. Redirects are not followed.
base::Result<WebhookDelivery> deliver(const WebhookOrder &order, const std::stop_token &stop);

} // namespace gatehouse::admin
