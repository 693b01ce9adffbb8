#pragma once

#include "admin/flow.h"
#include "admin/foundation.h"
#include "admin/traffic/conversation.h"
#include "admin/traffic/jsonoutline.h"
#include "domain/capture.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace gatehouse::storage {
class CaptureStore;
} // namespace gatehouse::storage

namespace gatehouse::admin {

// One server-sent event of a stream that was captured.
struct StreamEvent
{
    qint64 microseconds = 0; // since the request began to be served
    qint64 bytes = 0;
    QByteArray name{};    // of `event:`; empty: none
    QByteArray preview{}; // the beginning of its data

    bool operator==(const StreamEvent &) const = default;
};

// One place in a body that the gateway changed on its way between client and provider.
struct Rewrite
{
    enum class Kind { Changed, Added, Removed };

    Kind kind = Kind::Changed;
    QString path{};   // "stream_options.include_usage", "messages[0].content"
    QString before{}; // JSON, cut to a few lines
    QString after{};

    bool operator==(const Rewrite &) const = default;
};

struct CaptureTotals
{
    qint64 requests = 0;
    qint64 bytes = 0;   // on the disk
    qint64 dropped = 0; // that could not be kept for want of memory or disk, since the start
};

// The heads and bodies of requests, where the setting traffic.capture has them kept. Secrets are
// masked in all of it. Lives in the main thread; everything is read, parsed and compared in others.
class CaptureService : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 firstBytes = 256 * 1024;

    CaptureService(const Foundation &foundation,
                   storage::CaptureStore &store,
                   QObject *parent = nullptr);
    ~CaptureService() override;

    // Everything of a request, each body up to `bodyBytes`. NotFound: nothing is kept of it.
    Answer<domain::Capture> find(const QByteArray &requestId, qint64 bodyBytes = firstBytes);
    // More of one body, up to CapturedMessage::kept; empty at the end.
    Answer<QByteArray>
    body(const QByteArray &requestId, domain::CapturePart part, qint64 offset, qint64 bytes);
    // Of the client's answer or a provider's; empty: it was no stream.
    Answer<std::vector<StreamEvent>> events(const QByteArray &requestId, domain::CapturePart part);
    // What was said, as far as it is kept.
    Answer<Conversation> conversation(const QByteArray &requestId);
    // The structure of one body as far as it is kept, be it JSON or not.
    Answer<std::shared_ptr<const JsonOutline>> outline(const QByteArray &requestId,
                                                       domain::CapturePart part);
    // What the gateway changed for the attempt of that place; -1: the last one. Conflict: one of the
    // bodies was cut or is no JSON, so they cannot be compared.
    Answer<std::vector<Rewrite>> rewrites(const QByteArray &requestId, int attempt = -1);
    // The same of the answer, from what the provider sent to what the client got: of streams, their
    // events in order.
    Answer<std::vector<Rewrite>> answerRewrites(const QByteArray &requestId, int attempt = -1);
    // The client's request as a command for a shell, with $API_KEY for the key. `baseUrl` has no
    // slash at its end. Conflict: its body was cut, or is too long for a shell.
    Answer<QString> curl(const QByteArray &requestId, const QString &baseUrl);

    Answer<> forget(const QByteArray &requestId);
    // Gives the number of requests whose heads and bodies were removed.
    Answer<qint64> forgetToken(domain::TokenId token);
    Answer<qint64> forgetAll();
    Answer<CaptureTotals> totals();

signals:
    // By forgetAll().
    void allForgotten();

private:
    void applySettings();

    const Foundation m_base;
    storage::CaptureStore &m_store;
};

} // namespace gatehouse::admin
