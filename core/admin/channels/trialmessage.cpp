#include "admin/channels/trialmessage.h"

#include "admin/channels/probebench.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;

namespace {

constexpr int ok = 200;
constexpr qsizetype longestText = 2000;

// Notes the whole answer, and ends the worker's event loop.
class TrialReader final : public upstream::StreamReceiver
{
public:
    TrialReader(TrialAnswer &answer, QEventLoop &loop)
        : m_answer(answer)
        , m_loop(loop)
    {}

    void headReceived(const http::ResponseHead &head) override
    {
        m_answer.httpStatus = head.status;
    }
    void bodyReceived(QByteArrayView bytes) override
    {
        constexpr qsizetype most = 1024 * 1024;
        m_body.append(bytes.first(std::min(bytes.size(), most - m_body.size())));
    }
    void batchEnded() override {}
    void completed() override
    {
        const QJsonObject answer = QJsonDocument::fromJson(m_body).object();
        const QString said = answer[u"choices"][0][u"message"][u"content"].toString();
        m_answer.answered = m_answer.httpStatus == ok && answer[u"choices"].isArray();
        const QString text = m_answer.answered ? said : answer[u"error"][u"message"].toString();
        m_answer.text = m_answer.answered || !text.isEmpty()
                            ? Message::verbatim(text.trimmed().left(longestText))
                            : Message::tr("The answer is no chat completion (HTTP %1).")
                                  .arg(m_answer.httpStatus);
        m_isDone = true;
        m_loop.quit();
    }
    void failed(const upstream::Failure &failure) override
    {
        m_answer.text = failure.message;
        m_isDone = true;
        m_loop.quit();
    }

    bool isDone() const { return m_isDone; }

private:
    TrialAnswer &m_answer;
    QEventLoop &m_loop;
    QByteArray m_body;
    bool m_isDone = false;
};

upstream::Call callFor(const TrialOrder &order)
{
    const QUrl url(order.url, QUrl::StrictMode);
    const bool tls = url.scheme() == "https"_L1;
    constexpr int httpsPort = 443;
    constexpr int httpPort = 80;
    upstream::Endpoint endpoint{.tls = tls,
                                .host = url.host().toUtf8(),
                                .port = static_cast<quint16>(url.port(tls ? httpsPort : httpPort)),
                                .certificateAuthority = order.authority};
    const QByteArray key = order.key.reveal();
    const QJsonObject body{
        {u"model"_s, order.model},
        {u"messages"_s,
         QJsonArray{QJsonObject{{u"role"_s, u"user"_s}, {u"content"_s, order.text}}}}};
    upstream::Call call{.endpoint =
                            std::make_shared<const upstream::Endpoint>(std::move(endpoint))};
    call.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    call.head = "POST /v1/chat/completions HTTP/1.1\r\nHost: " + url.authority().toUtf8()
                + "\r\nContent-Type: application/json\r\nAccept: application/json"
                  "\r\nAccept-Encoding: identity\r\nAuthorization: Bearer "
                + (key.startsWith("sk-") ? key : "sk-" + key)
                + "\r\nContent-Length: " + QByteArray::number(call.body.size()) + "\r\n\r\n";
    return call;
}

TrialAnswer
ask(const TrialOrder &order, std::chrono::milliseconds limit, const std::stop_token &stop)
{
    TrialAnswer answer;
    QElapsedTimer timer;
    timer.start();
    ProbeBench bench(limit, stop, [&answer, limit] {
        answer.text =
            Message::tr("There was no answer within %1 seconds.").arg(limit.count() / 1000);
    });
    if (stop.stop_requested())
        return answer;
    TrialReader reader(answer, bench.loop);
    upstream::Stream *stream = bench.client().send(callFor(order), reader);
    bench.loop.exec();
    if (!reader.isDone())
        stream->abort();
    answer.elapsed = std::chrono::milliseconds(timer.elapsed());
    return answer;
}

} // namespace

TrialMessage::TrialMessage(QObject *parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

TrialMessage::~TrialMessage()
{
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

Answer<TrialAnswer> TrialMessage::send(TrialOrder order, std::chrono::milliseconds limit)
{
    return runIn(m_pool,
                 [order = std::move(order), limit, stop = m_stop.get_token()]()
                     -> base::Result<TrialAnswer> { return ask(order, limit, stop); });
}

} // namespace gatehouse::admin
