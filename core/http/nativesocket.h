#pragma once

#include <QtGlobal>

namespace gatehouse::http {

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
