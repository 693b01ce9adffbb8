#include "relay/exchange/tap.h"

#include "http/bodysource.h"
#include "http/response.h"
#include "relay/routing/routing.h"
#include "upstream/call.h"

namespace gatehouse::relay {

using domain::CapturedMessage;

namespace {

// A stream of more parts than this keeps the times of the first ones.
constexpr size_t mostMarks = 8'192;

void setFields(CapturedMessage &message, const http::Headers &fields)
{
    message.fields.clear();
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const http::Field field = fields.at(i);
        message.fields.emplace_back(field.name.toByteArray(), field.value.toByteArray());
    }
}

// Takes apart what is sent to a provider, which this program has put together.
void setHead(CapturedMessage &message, const QByteArray &head)
{
    const QByteArrayList lines = head.split('\n');
    message.line = lines.constFirst().trimmed();
    if (message.line.endsWith(" HTTP/1.1"))
        message.line.chop(qsizetype(qstrlen(" HTTP/1.1")));
    for (const QByteArray &line : lines.sliced(1)) {
        if (const qsizetype colon = line.indexOf(':'); colon > 0)
            message.fields.emplace_back(line.first(colon), line.sliced(colon + 1).trimmed());
    }
}

} // namespace

Tap::Tap(domain::CaptureSink &sink,
         const base::Clock &clock,
         base::SteadyTime startedAt,
         qint64 mostBodyBytes)
    : m_sink(sink)
    , m_clock(clock)
    , m_startedAt(startedAt)
    , m_mostBodyBytes(mostBodyBytes)
{}

Tap::~Tap()
{
    m_sink.giveMemoryBack(m_memory);
}

qint64 Tap::microseconds() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(m_clock.steadyNow() - m_startedAt)
        .count();
}

void Tap::append(CapturedMessage &message, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    if (message.marks.size() < mostMarks)
        message.marks.push_back({.offset = message.size, .microseconds = microseconds()});
    // Once something is left out, nothing that comes after it is kept.
    const bool isWhole = message.body.size() == message.size;
    message.size += bytes.size();
    const qint64 room = std::min<qint64>(bytes.size(), m_mostBodyBytes - message.body.size());
    if (!isWhole || room <= 0 || !m_sink.takeMemory(room))
        return;
    m_memory += room;
    message.body.append(bytes.first(room));
}

// A client's key may come back in what it or a provider says.
void Tap::noteCredentials(const http::Headers &fields)
{
    for (const QByteArrayView name : {QByteArrayView("authorization"),
                                      QByteArrayView("x-api-key"),
                                      QByteArrayView("x-goog-api-key"),
                                      QByteArrayView("api-key")}) {
        QByteArray value = fields.value(name).value_or(QByteArrayView()).toByteArray().trimmed();
        if (const qsizetype space = value.lastIndexOf(' '); space > 0)
            value = value.sliced(space + 1);
        if (!value.isEmpty())
            m_secrets.emplace_back(value);
        if (value.startsWith("sk-"))
            m_secrets.emplace_back(value.sliced(3));
    }
}

void Tap::requestCame(const QByteArray &line, const http::Headers &fields)
{
    m_capture.request.line = line;
    setFields(m_capture.request, fields);
    noteCredentials(fields);
}

void Tap::requestBody(http::BodySource &body)
{
    CapturedMessage &request = m_capture.request;
    if (request.size > 0)
        return;
    append(request, body.read(0, m_mostBodyBytes));
    request.size = body.size();
    request.marks.clear();
}

void Tap::answerBegan(int status, const http::Headers &fields)
{
    m_capture.answer.line = QByteArray::number(status);
    setFields(m_capture.answer, fields);
}

void Tap::answerBytes(QByteArrayView bytes)
{
    append(m_capture.answer, bytes);
}

void Tap::answerFlushed()
{
    const CapturedMessage &answer = m_capture.answer;
    m_flushed = {.body = answer.body.size(), .size = answer.size, .marks = answer.marks.size()};
}

void Tap::answerDiscarded()
{
    CapturedMessage &answer = m_capture.answer;
    answer.body.truncate(m_flushed.body);
    answer.size = m_flushed.size;
    answer.marks.resize(m_flushed.marks);
}

void Tap::attemptSent(const Route &route,
                      const upstream::Call &call,
                      const std::vector<base::Secret> &secretOverrides)
{
    domain::CapturedAttempt &attempt = m_capture.attempts.emplace_back();
    attempt.channel = route.channel->channel.id;
    attempt.channelName = route.channel->channel.name.toUtf8();
    attempt.key = route.key ? route.key->id : 0;
    if (route.key)
        m_secrets.push_back(route.key->secret);
    m_secrets.insert(m_secrets.end(), secretOverrides.begin(), secretOverrides.end());
    setHead(attempt.request, call.head);
    append(attempt.request, call.body);
    if (call.spooled) {
        append(attempt.request, call.spooled->read(call.spooledFrom, m_mostBodyBytes));
        attempt.request.size = call.body.size() + call.spooled->size() - call.spooledFrom;
    }
    attempt.request.marks.clear();
}

void Tap::keptAnswerBegan(const domain::Channel &channel,
                          const std::vector<base::Secret> &secretOverrides)
{
    for (const domain::ChannelKey &key : channel.keys)
        m_secrets.push_back(key.secret);
    m_secrets.insert(m_secrets.end(), secretOverrides.begin(), secretOverrides.end());
}

void Tap::providerAnswered(const http::ResponseHead &head)
{
    providerAnswer().line = QByteArray::number(head.status);
    setFields(providerAnswer(), head.headers);
}

void Tap::providerBytes(QByteArrayView bytes)
{
    append(providerAnswer(), bytes);
}

void Tap::submit(const QByteArray &requestId, domain::TokenId token, qint64 createdAt)
{
    m_capture.requestId = requestId;
    m_capture.token = token;
    m_capture.createdAt = createdAt;
    m_sink.submit(std::move(m_capture), std::move(m_secrets), std::exchange(m_memory, 0));
}

} // namespace gatehouse::relay
