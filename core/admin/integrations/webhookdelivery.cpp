#include "admin/integrations/webhookdelivery.h"

#include "admin/integrations/posting.h"
#include "secrets/keyderivation.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

// Whether the same message may be taken a moment later.
bool isWorthRetrying(int status)
{
    constexpr int requestTimeout = 408;
    constexpr int tooEarly = 425;
    constexpr int tooManyRequests = 429;
    constexpr int firstServerError = 500;
    return status == 0 || status == requestTimeout || status == tooEarly
           || status == tooManyRequests || status >= firstServerError;
}

Posting postingOf(const WebhookOrder &order)
{
    Posting posting{.url = order.url,
                    .fields = "X-Gatehouse-Delivery: " + order.id + "\r\n",
                    .body = order.body,
                    .patience = order.patience.answer,
                    .proxies = order.proxies};
    // An empty secret would be anybody's.
    if (!order.secret.isEmpty()) {
        posting.fields +=
            "X-Gatehouse-Signature: " + webhookSignature(order.secret, order.body) + "\r\n";
    }
    return posting;
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QJsonObject eventJson(const WebhookEvent &event)
{
    const Happening &of = event.happening;
    QJsonObject object{{u"event"_s, QString::fromLatin1(happeningName(of.kind))},
                       {u"at"_s, timeText(event.time)},
                       {u"text"_s, happeningText(of)}};
    if (!of.name.isEmpty())
        object.insert(u"name"_s, of.name);
    if (!of.channel.isNull())
        object.insert(u"channel_id"_s, of.channel.value);
    if (!of.token.isNull())
        object.insert(u"token_id"_s, of.token.value);
    if (!of.user.isNull())
        object.insert(u"user_id"_s, of.user.value);
    if (of.kind == Happening::Kind::BudgetLow || of.kind == Happening::Kind::BudgetSpent)
        object.insert(u"share"_s, of.share);
    return object;
}

QByteArray documentOf(const QByteArray &id,
                      const QDateTime &now,
                      const QStringList &texts,
                      const QJsonArray &events,
                      qint64 left,
                      bool isTest)
{
    // Chat programs show "text".
    return QJsonDocument(QJsonObject{{u"source"_s, u"gatehouse"_s},
                                     {u"version"_s, QCoreApplication::applicationVersion()},
                                     {u"id"_s, QString::fromLatin1(id)},
                                     {u"sent_at"_s, timeText(now)},
                                     {u"test"_s, isTest},
                                     {u"text"_s, texts.join(u'\n')},
                                     {u"events"_s, events},
                                     {u"left_out"_s, left}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

QByteArray webhookBody(const QByteArray &id,
                       const std::vector<WebhookEvent> &events,
                       qint64 left,
                       const QDateTime &now)
{
    QStringList texts;
    QJsonArray array;
    for (const WebhookEvent &event : events) {
        texts.append(happeningText(event.happening));
        array.append(eventJson(event));
    }
    return documentOf(id, now, texts, array, left, false);
}

QByteArray webhookTestBody(const QByteArray &id, const QDateTime &now)
{
    return documentOf(id, now, {u"This is a test of Gatehouse."_s}, {}, 0, true);
}

QByteArray webhookSignature(const base::Secret &secret, const QByteArray &body)
{
    return "sha256=" + secrets::hmacSha256(secret, body).toHex();
}

Result<> checkWebhookTarget(const QUrl &url, const OwnAddress &isOwnAddress)
{
    if (url.host().isEmpty())
        return fail(ErrorCode::InvalidInput, Message::tr("No webhook address was set."));
    if (isOwnAddress && isOwnAddress(url.host(), portOf(url))) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("This webhook address leads back to this gateway."));
    }
    return {};
}

Result<WebhookDelivery> deliver(const WebhookOrder &order, const std::stop_token &stop)
{
    const base::Error stopped{ErrorCode::Cancelled, Message::tr("The program ends."), {}};
    if (const Result<> sound = checkWebhookTarget(order.url, order.isOwnAddress); !sound)
        return fail(sound.error());
    const std::vector<std::chrono::milliseconds> &pauses = order.patience.pauses;
    const Posting posting = postingOf(order);
    for (size_t i = 0;; ++i) {
        const Posted tried = post(posting, stop);
        if (tried.isSuccess())
            return WebhookDelivery{.status = tried.status, .tries = static_cast<int>(i) + 1};
        if (stop.stop_requested())
            return fail(stopped);
        if (!isWorthRetrying(tried.status) || i == pauses.size())
            return fail(tried.error);
        if (!pauseFor(pauses.at(i), stop))
            return fail(stopped);
    }
}

} // namespace gatehouse::admin
