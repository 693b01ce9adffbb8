#include "admin/traffic/harexport.h"

#include "admin/traffic/traffic.h"
#include "http/response.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringDecoder>
#include <QUrl>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::AttemptNote;
using domain::CapturedMessage;

namespace {

// What the format has for a size or a time that is not known.
constexpr int unknown = -1;
constexpr double microsecondsPerMillisecond = 1'000;

const QString &protocolName()
{
    static const QString name = u"HTTP/1.1"_s;
    return name;
}

// The phases of a request, one after the other, in microseconds.
struct Phases
{
    qint64 blocked = unknown; // until the attempt that served began
    qint64 connect = unknown; // encryption included
    qint64 send = 0;
    qint64 wait = 0;
    qint64 receive = 0;

    qint64 sum() const
    {
        return std::max<qint64>(blocked, 0) + std::max<qint64>(connect, 0) + send + wait + receive;
    }
};

// Goes from moment to moment; one that is not known, or lies before the last, takes no time.
class Walk
{
public:
    qint64 to(qint64 moment)
    {
        const qint64 taken = std::max<qint64>(moment - m_at, 0);
        m_at += taken;
        return taken;
    }

private:
    qint64 m_at = 0;
};

Phases phasesOf(const domain::UsageRecord &record)
{
    constexpr qint64 thousand = 1'000;
    const qint64 whole = record.elapsedMilliseconds * thousand;
    const std::vector<AttemptNote> attempts = domain::attemptsFrom(record.attemptLog);
    Walk walk;
    if (attempts.empty()) {
        const bool answered = record.firstByteMilliseconds >= 0;
        const qint64 first = answered ? record.firstByteMilliseconds * thousand : whole;
        const qint64 waited = walk.to(std::min(first, whole));
        return {.wait = waited, .receive = walk.to(whole)};
    }
    const AttemptNote &last = attempts.back();
    Phases phases{.blocked = walk.to(last.startedAt)};
    if (!last.reused && last.connectedAt >= 0)
        phases.connect = walk.to(last.connectedAt);
    phases.send = walk.to(last.sentAt);
    const qint64 answered = last.answeredAt >= 0 ? last.answeredAt : last.begunAt;
    phases.wait = walk.to(answered >= 0 ? answered : last.endedAt);
    phases.receive = walk.to(std::max(last.endedAt, whole));
    return phases;
}

QJsonValue inMilliseconds(qint64 microseconds)
{
    if (microseconds < 0)
        return unknown;
    return static_cast<double>(microseconds) / microsecondsPerMillisecond;
}

QJsonObject timingsOf(const Phases &phases)
{
    return {{u"blocked"_s, inMilliseconds(phases.blocked)},
            {u"dns"_s, unknown},
            {u"connect"_s, inMilliseconds(phases.connect)},
            {u"ssl"_s, unknown},
            {u"send"_s, inMilliseconds(phases.send)},
            {u"wait"_s, inMilliseconds(phases.wait)},
            {u"receive"_s, inMilliseconds(phases.receive)}};
}

QJsonArray attemptsOf(const domain::UsageRecord &record)
{
    QJsonArray attempts;
    for (const AttemptNote &note : domain::attemptsFrom(record.attemptLog)) {
        attempts.append(QJsonObject{{u"channel_id"_s, note.channel.value},
                                    {u"status"_s, note.status},
                                    {u"error"_s, QString::fromUtf8(note.errorCode)},
                                    {u"reused"_s, note.reused},
                                    {u"started_ms"_s, inMilliseconds(note.startedAt)},
                                    {u"connected_ms"_s, inMilliseconds(note.connectedAt)},
                                    {u"sent_ms"_s, inMilliseconds(note.sentAt)},
                                    {u"answered_ms"_s, inMilliseconds(note.answeredAt)},
                                    {u"begun_ms"_s, inMilliseconds(note.begunAt)},
                                    {u"ended_ms"_s, inMilliseconds(note.endedAt)}});
    }
    return attempts;
}

QJsonObject pair(const QString &name, const QString &value)
{
    return {{u"name"_s, name}, {u"value"_s, value}};
}

QJsonArray headersOf(const CapturedMessage *message)
{
    QJsonArray headers;
    if (!message)
        return headers;
    for (const auto &[name, value] : message->fields)
        headers.append(pair(QString::fromUtf8(name), QString::fromUtf8(value)));
    return headers;
}

QJsonArray queryOf(const QString &url)
{
    QJsonArray query;
    const auto items = QUrlQuery(QUrl(url)).queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : items)
        query.append(pair(name, value));
    return query;
}

// Puts in what is kept of a body, as text if it is one, else in base64, which `encodingKey` then tells.
void addBody(QJsonObject &into, const CapturedMessage &message, const QString &encodingKey)
{
    // A cut text may end within a character.
    const auto flag =
        message.isCut() ? QStringDecoder::Flag::Default : QStringDecoder::Flag::Stateless;
    QStringDecoder decoder(QStringDecoder::Utf8, flag);
    const QString text = decoder(message.body);
    if (decoder.hasError()) {
        into.insert(u"text"_s, QString::fromLatin1(message.body.toBase64()));
        into.insert(encodingKey, u"base64"_s);
    } else {
        into.insert(u"text"_s, text);
    }
    if (message.isCut())
        into.insert(u"comment"_s, u"Of this body the first %1 bytes are kept."_s.arg(message.kept));
}

QString mimeTypeOf(const CapturedMessage *message)
{
    const QByteArray type = message ? message->field("content-type") : QByteArray();
    return type.isEmpty() ? u"x-unknown"_s : QString::fromUtf8(type);
}

qint64 bodySizeOf(const CapturedMessage *message)
{
    return message ? message->size : unknown;
}

QJsonObject requestOf(const TrafficLine &line, const CapturedMessage *message, const QString &base)
{
    QString method = line.method();
    QString target = line.path();
    if (message) {
        const qsizetype space = message->line.indexOf(' ');
        method = QString::fromUtf8(message->line.left(std::max<qsizetype>(space, 0)));
        target = QString::fromUtf8(message->line.sliced(space + 1));
    }
    const QString url = base + target;
    QJsonObject request{{u"method"_s, method},
                        {u"url"_s, url},
                        {u"httpVersion"_s, protocolName()},
                        {u"cookies"_s, QJsonArray()},
                        {u"headers"_s, headersOf(message)},
                        {u"queryString"_s, queryOf(url)},
                        {u"headersSize"_s, unknown},
                        {u"bodySize"_s, bodySizeOf(message)}};
    if (message && message->size > 0) {
        QJsonObject body{{u"mimeType"_s, mimeTypeOf(message)}};
        addBody(body, *message, u"_encoding"_s);
        request.insert(u"postData"_s, body);
    }
    return request;
}

QJsonObject responseOf(const domain::UsageRecord &record, const CapturedMessage *message)
{
    const int status = message ? message->line.toInt() : record.httpStatus;
    QJsonObject content{{u"size"_s, bodySizeOf(message)}, {u"mimeType"_s, mimeTypeOf(message)}};
    if (message && message->size > 0)
        addBody(content, *message, u"encoding"_s);
    const QByteArray location = message ? message->field("location") : QByteArray();
    return {{u"status"_s, status},
            {u"statusText"_s, QString::fromLatin1(http::reasonPhrase(status))},
            {u"httpVersion"_s, protocolName()},
            {u"cookies"_s, QJsonArray()},
            {u"headers"_s, headersOf(message)},
            {u"content"_s, content},
            {u"redirectURL"_s, QString::fromUtf8(location)},
            {u"headersSize"_s, unknown},
            {u"bodySize"_s, bodySizeOf(message)}};
}

} // namespace

QByteArray harHeading()
{
    const QJsonObject creator{{u"name"_s, u"Gatehouse"_s},
                              {u"version"_s, QCoreApplication::applicationVersion()}};
    return R"({"log":{"version":"1.2","creator":)"
           + QJsonDocument(creator).toJson(QJsonDocument::Compact) + ",\"entries\":[\n";
}

QByteArray harEnding()
{
    return "\n]}}\n";
}

QJsonObject harEntry(const storage::TrafficRow &row,
                     const QJsonObject &fields,
                     const domain::Capture *capture,
                     const QString &baseUrl)
{
    const TrafficLine line{.record = row.stored.record};
    const auto present = [capture](const CapturedMessage domain::Capture::*member) {
        return capture && (capture->*member).isPresent() ? &(capture->*member) : nullptr;
    };
    const Phases phases = phasesOf(line.record);
    QJsonObject entry{
        {u"startedDateTime"_s,
         QDateTime::fromMSecsSinceEpoch(line.startedAt(), Qt::UTC).toString(Qt::ISODateWithMs)},
        {u"time"_s, inMilliseconds(phases.sum())},
        {u"request"_s, requestOf(line, present(&domain::Capture::request), baseUrl)},
        {u"response"_s, responseOf(line.record, present(&domain::Capture::answer))},
        {u"cache"_s, QJsonObject()},
        {u"timings"_s, timingsOf(phases)},
        {u"_attempt_log"_s, attemptsOf(line.record)}};
    for (auto field = fields.begin(); field != fields.end(); ++field)
        entry.insert(u'_' + field.key(), field.value());
    return entry;
}

} // namespace gatehouse::admin
