#pragma once

#include "http/socket.h"

#include <QHostAddress>

#include <memory>

class QTcpSocket;

namespace gatehouse::http {

// A client's connection, and who is at its other end.
struct Accepted
{
    std::unique_ptr<Socket> socket{}; // null: it could not be used, and is closed
    QHostAddress peer{};
};

// The descriptor of a client that uses no TLS, as a Socket of the kind that costs least here.
Accepted acceptedSocket(qintptr descriptor, qint64 readAhead);

// A socket that was connected by Qt, as a Socket of the kind that costs least for it. It may be in
// the midst of a signal.
std::unique_ptr<Socket> connectedSocket(std::unique_ptr<QTcpSocket> socket, qint64 readAhead);

} // namespace gatehouse::http
