#pragma once

#include "base/timingwheel.h"
#include "upstream/call.h"
#include "upstream/resolver.h"

#include <QObject>

namespace gatehouse::upstream {

// A call that is under way. Belongs to the Client and lives until it has completed, failed or been
// aborted.
class Stream
{
public:
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    // While paused nothing is read from the provider beyond a small buffer; the stall deadline
    // rests.
    virtual void pause() = 0;
    virtual void resume() = 0;
    // Ends the call at once: the connection is closed, the receiver hears nothing more.
    virtual void abort() = 0;
    // The provider is connected, has taken the whole request, and its end of the connection has
    // answered the system within the last seconds. It says nothing of what the provider is doing.
    virtual bool isProvenAlive() const = 0;

protected:
    Stream() = default;
    virtual ~Stream() = default;
};

struct ClientLimits
{
    int idlePerEndpoint = 1024;
    int idleInAll = 4096;
    std::chrono::milliseconds idleTimeout{60'000};
};

// The connections of one thread to the providers: HTTP/1.1, kept alive, last used first. It must be
// used and destroyed in one thread with an event loop. A kept connection that turns out to be
// closed before any byte of the answer came is replaced once, silently.
class Client : public QObject
{
    Q_OBJECT

public:
    Client(const base::Clock &clock,
           base::TimingWheel &wheel,
           ClientLimits limits = {},
           QObject *parent = nullptr);
    // Aborts every call. Not to be destroyed from inside a receiver's function.
    ~Client() override;

    // Begins the call. Nothing of `receiver` is called before this function has returned.
    Stream *send(Call call, StreamReceiver &receiver);

    // Looks names up in another way than by the system's resolver.
    void setLookup(HostLookup lookup);

    // Forgets kept connections: all of them, or those to one endpoint (its key was changed).
    void closeIdle();
    void closeIdle(const Endpoint &endpoint);

    // Looks names up anew: the network may be another one.
    void forgetNames();

    int activeCalls() const;
    int idleConnections() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::upstream
