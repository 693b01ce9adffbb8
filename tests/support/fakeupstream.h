#pragma once

#include "support/script.h"
#include "support/testcertificates.h"

#include <QList>
#include <QThread>

#include <functional>
#include <memory>

namespace gatehouse::support {

// A request as it arrived at a FakeUpstream.
struct ReceivedRequest
{
    QByteArray method{};
    QByteArray target{};
    QByteArray head{};    // as sent, with the empty line
    QByteArray body{};    // decoded, if it was chunked; empty with AnswerAt::Head
    int number = 0;       // of all requests, from 1 on
    int connection = 0;   // of the connection it came on, from 1 on
    int onConnection = 0; // of the requests on that connection, from 1 on

    // The first field of that name (in any case), without white space around; empty: none.
    QByteArray header(const QByteArray &name) const;
};

// A provider on the loopback that does whatever a test wants: for each request a handler says what
// to send, and when to pause, stop or cut the connection. It runs in a thread of its own, so that a
// blocked test does not block it. Requests on one connection are answered in turn.
//
//     FakeUpstream upstream([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
//     … call http://127.0.0.1:upstream.port() …
//     QCOMPARE(upstream.requestCount(), 1);
class FakeUpstream
{
public:
    // Called in the provider's thread; what it shares with the test must be synchronised.
    using Handler = std::function<Script(const ReceivedRequest &)>;

    enum class AnswerAt {
        End,        // the handler is called when the whole request is there
        Head,       // … when its head is there; the body is read and thrown away
        HeadUnread, // … when its head is there; nothing more is read
        Connection, // … as soon as a connection is made (before TLS); nothing is read, and it
                    // counts as a request
    };
    struct Options
    {
        AnswerAt answerAt = AnswerAt::End;
        TestIdentity tls{};      // empty: plain HTTP
        bool isOldTls = false;   // TLS 1.1 at most
        bool keepsBodies = true; // in requests(); false for large ones
        QByteArray address{"127.0.0.1"};
        quint16 port = 0; // 0: any that is free
    };

    explicit FakeUpstream(Handler handler);
    FakeUpstream(Handler handler, const Options &options);
    ~FakeUpstream();
    FakeUpstream(const FakeUpstream &) = delete;
    FakeUpstream &operator=(const FakeUpstream &) = delete;

    // 0: it could not listen.
    quint16 port() const { return m_port; }
    // "http://127.0.0.1:PORT", or https.
    QByteArray baseUrl() const;

    // For the requests from now on.
    void setHandler(Handler handler);

    // Safe to call at any time, from the test's thread.
    int requestCount() const;
    int connectionCount() const; // accepted so far
    int openConnections() const;
    qint64 sentBytes() const;     // handed to the system
    qint64 receivedBytes() const; // read from it, before TLS is removed: of plain connections only
    QList<ReceivedRequest> requests() const;
    ReceivedRequest lastRequest() const;
    // Closes all connections in order. Returns when that is done.
    void closeConnections();

private:
    class Shared;
    class Server;
    class Peer;

    void runInThread(const std::function<void()> &function) const;

    std::shared_ptr<Shared> m_shared;
    QThread m_thread;
    QObject *m_context = nullptr; // lives in the thread
    Server *m_server = nullptr;   // likewise
    Options m_options;
    quint16 m_port = 0;
};

} // namespace gatehouse::support
