#pragma once

#include <QtGlobal>

class QTcpSocket;

namespace gatehouse::http {

// The system's descriptor of a connection. Through a SOCKS5 proxy Qt's own function gives a number
// that it has made up. -1: it has none.
qintptr systemDescriptor(const QTcpSocket &socket);

// Has the system ask the other side of a connection every few seconds, while nothing passes, whether
// it is still there. Such a question alone never ends a connection sooner than a stalled answer does.
void probeWhileSilent(qintptr descriptor);

// The other side has taken all that was sent, and has shown within the last seconds that it is still
// there: by data, by acknowledging some, or by answering a probe. Where the system tells none of
// that, a connection that it has not given up counts as proven.
bool hasProvenAlive(qintptr descriptor);

// Something has arrived that nobody has read yet, or the other side has closed the connection. False
// where the system cannot be asked.
bool hasUnread(qintptr descriptor);

// A second descriptor of a connection, which outlives the socket that Qt closes by itself. It tells
// what Qt does not: whether the other side reset the connection or ended it in order, and what it
// had said before a write failed. Where the system has no such thing, every end is orderly and
// nothing was said.
class SocketCopy
{
public:
    // Made while the connection is open.
    explicit SocketCopy(qintptr descriptor);
    ~SocketCopy();
    SocketCopy(const SocketCopy &) = delete;
    SocketCopy &operator=(const SocketCopy &) = delete;

    // Both are asked after the end.
    bool wasReset() const;
    // What has arrived and was not read, a part at a time; 0: that was all.
    qint64 takeRest(char *to, qint64 most);

private:
    int m_descriptor = -1;
};

} // namespace gatehouse::http
