#pragma once

#include <QByteArrayView>

namespace gatehouse::http {

// Who uses a Socket. Called in the socket's thread, from the event loop or, where the socket is one
// of Qt's, from inside its own functions. What is called may close the socket, but not destroy it.
class SocketObserver
{
public:
    SocketObserver() = default;
    SocketObserver(const SocketObserver &) = delete;
    SocketObserver &operator=(const SocketObserver &) = delete;
    virtual ~SocketObserver() = default;

    // Something can be read. Who does not read it finds it later, up to the size of a buffer;
    // meanwhile the other side has to wait.
    virtual void socketReadable() = 0;
    // The system has taken something that had been waiting.
    virtual void socketWritten() = 0;
    // The connection is no more. What had arrived before can still be read.
    virtual void socketEnded() = 0;
};

// One connected stream of bytes, of a client or of a provider. Reading and writing never wait.
// Lives in one thread with an event loop. Destroying it closes it.
class Socket
{
public:
    Socket() = default;
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    virtual ~Socket() = default;

    // Null: nobody is told of anything any more.
    virtual void setObserver(SocketObserver *observer) = 0;
    // How many bytes were read; 0: there are none for now, or for ever.
    virtual qint64 read(char *to, qint64 most) = 0;
    // Whether read() may give something at once.
    virtual bool hasInput() const = 0;
    // Whether nothing at all has arrived that was not read, encrypted or not.
    virtual bool isSilent() const { return !hasInput(); }
    // Sends what the system takes and keeps the rest. False: the connection takes nothing more; its
    // end will be told.
    virtual bool write(QByteArrayView bytes) = 0;
    // What was written and the system has not taken yet.
    virtual qint64 unsent() const = 0;
    // Not closed, by neither side.
    virtual bool isOpen() const = 0;
    // After the end: it came from the other side and in order, so that nothing is missing.
    virtual bool endedInOrder() const = 0;
    // While it is on, endedInOrder() knows of a reset, and what the other side said before a write
    // failed can be read. Costs a descriptor where the system's own calls are not used.
    virtual void watchEnd(bool) {}
    // Closes it once everything written has been sent. True: it is closed already; else the end
    // will be told.
    virtual bool closeWhenSent() = 0;
    virtual void closeNow() = 0;
    // Closes it so that the other side sees a failure, where the system can do that.
    virtual void reset() { closeNow(); }
    // As the system knows it; -1: it is closed.
    virtual qintptr descriptor() const = 0;
};

} // namespace gatehouse::http
