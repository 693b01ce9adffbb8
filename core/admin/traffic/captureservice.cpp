#include "admin/traffic/captureservice.h"

#include "admin/traffic/curlcommand.h"
#include "admin/traffic/rewrites.h"
#include "storage/captures/capturestore.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using domain::Capture;
using domain::CapturedMessage;
using protocol::StreamForm;

namespace {

// Bodies that are compared or taken apart are read as far as they are kept.
constexpr qint64 wholeBody = std::numeric_limits<int>::max();

tl::unexpected<base::Error> cutBody()
{
    return base::fail(ErrorCode::Conflict,
                      Message::tr("The body was longer than what is kept of it."));
}

// Goes on in a thread of the pool with what was read.
template<typename Function>
auto inPool(QFuture<Result<Capture>> read, QObject *context, Function work)
{
    return onSuccess(read, context, [work = std::move(work)](Capture capture) {
        return runIn(*QThreadPool::globalInstance(),
                     [work, capture = std::move(capture)] { return work(capture); });
    });
}

// Absent: the message is no stream.
std::optional<StreamForm> formOf(const CapturedMessage &message)
{
    if (message.field("content-type").startsWith("text/event-st"))
        return StreamForm::Events;
    return QByteArrayView(message.body).trimmed().startsWith('[') ? std::optional(StreamForm::Array)
                                                                  : std::nullopt;
}

} // namespace

CaptureService::CaptureService(const Foundation &foundation,
                               storage::CaptureStore &store,
                               QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_store(store)
{
    connect(
        &m_base.publisher, &CatalogPublisher::catalogChanged, this, [this] { applySettings(); });
}

CaptureService::~CaptureService() = default;

void CaptureService::applySettings()
{
    const domain::Settings::Traffic &traffic = m_base.publisher.catalog()->settings().traffic;
    m_store.setLimits({.days = traffic.captureDays, .bytes = traffic.captureBytes});
}

Answer<Capture> CaptureService::find(const QByteArray &requestId, qint64 bodyBytes)
{
    return m_store.find(requestId, bodyBytes);
}

Answer<QByteArray> CaptureService::body(const QByteArray &requestId,
                                        domain::CapturePart part,
                                        qint64 offset,
                                        qint64 bytes)
{
    return m_store.body(requestId, part, offset, bytes);
}

Answer<std::shared_ptr<const JsonOutline>> CaptureService::outline(const QByteArray &requestId,
                                                                   domain::CapturePart part)
{
    using Outline = std::shared_ptr<const JsonOutline>;
    return onSuccess(m_store.body(requestId, part, 0, wholeBody), this, [](const QByteArray &body) {
        return runIn(*QThreadPool::globalInstance(), [body]() -> Result<Outline> {
            return Outline(std::make_shared<const JsonOutline>(body));
        });
    });
}

Answer<Conversation> CaptureService::conversation(const QByteArray &requestId)
{
    return inPool(m_store.find(requestId, wholeBody), this, [](const Capture &capture) {
        return Result<Conversation>(conversationOf(capture));
    });
}

Answer<std::vector<StreamEvent>> CaptureService::events(const QByteArray &requestId,
                                                        domain::CapturePart part)
{
    using Events = std::vector<StreamEvent>;
    return inPool(m_store.find(requestId, wholeBody), this, [part](const Capture &capture) {
        const CapturedMessage *message = messageOf(capture, part);
        const std::optional<StreamForm> form = message ? formOf(*message) : std::nullopt;
        return Result<Events>(form ? streamEventsOf(message->body, message->marks, *form)
                                   : Events());
    });
}

Answer<std::vector<Rewrite>> CaptureService::rewrites(const QByteArray &requestId, int attempt)
{
    using Rewrites = std::vector<Rewrite>;
    return inPool(m_store.find(requestId, wholeBody),
                  this,
                  [attempt](const Capture &capture) -> Result<Rewrites> {
                      const int last = static_cast<int>(capture.attempts.size()) - 1;
                      const CapturedMessage *sent =
                          messageOf(capture,
                                    {.side = domain::CapturePart::Side::ProviderRequest,
                                     .attempt = attempt < 0 ? last : attempt});
                      if (!sent)
                          return Rewrites();
                      if (capture.request.isCut() || sent->isCut())
                          return cutBody();
                      return rewritesBetween(capture.request.body, sent->body);
                  });
}

Answer<std::vector<Rewrite>> CaptureService::answerRewrites(const QByteArray &requestId,
                                                            int attempt)
{
    using Rewrites = std::vector<Rewrite>;
    return inPool(m_store.find(requestId, wholeBody),
                  this,
                  [attempt](const Capture &capture) -> Result<Rewrites> {
                      const int last = static_cast<int>(capture.attempts.size()) - 1;
                      const CapturedMessage *came =
                          messageOf(capture,
                                    {.side = domain::CapturePart::Side::ProviderAnswer,
                                     .attempt = attempt < 0 ? last : attempt});
                      if (!came || !came->isPresent() || came->body == capture.answer.body)
                          return Rewrites();
                      if (capture.answer.isCut() || came->isCut())
                          return cutBody();
                      const auto before = formOf(*came);
                      const auto after = formOf(capture.answer);
                      if (before && after) {
                          return rewritesBetweenStreams(
                              came->body, *before, capture.answer.body, *after);
                      }
                      return rewritesBetween(came->body, capture.answer.body);
                  });
}

Answer<QString> CaptureService::curl(const QByteArray &requestId, const QString &baseUrl)
{
    return inPool(m_store.find(requestId, wholeBody),
                  this,
                  [baseUrl](const Capture &capture) -> Result<QString> {
                      if (capture.request.isCut())
                          return cutBody();
                      constexpr qint64 longestBody = 8 * 1024 * 1024;
                      if (capture.request.size > longestBody) {
                          return base::fail(ErrorCode::Conflict,
                                            Message::tr("The body is too long for a command."));
                      }
                      return curlCommand(capture.request, baseUrl);
                  });
}

Answer<> CaptureService::forget(const QByteArray &requestId)
{
    return onSuccess(m_store.remove(requestId), this, [](qint64) { return Result<>(); });
}

Answer<qint64> CaptureService::forgetToken(domain::TokenId token)
{
    return m_store.removeOf(token);
}

Answer<qint64> CaptureService::forgetAll()
{
    return onSuccess(m_store.removeAll(), this, [this](qint64 requests) -> Result<qint64> {
        emit allForgotten();
        return requests;
    });
}

Answer<CaptureTotals> CaptureService::totals()
{
    const storage::CaptureFigures figures = m_store.figures();
    return answered<CaptureTotals>(CaptureTotals{
        .requests = figures.requests, .bytes = figures.bytes, .dropped = figures.dropped});
}

} // namespace gatehouse::admin
