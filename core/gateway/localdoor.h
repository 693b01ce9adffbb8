#pragma once

#include "base/result.h"
#include "gateway/apihandler.h"

#include <QLocalServer>

namespace gatehouse::gateway {

// Where the program that holds a data directory can be spoken to: a socket in the runtime directory,
// named after the data directory.
QString localDoorPath(const QString &dataDirectory);

// The management API over HTTP/1.1 on a local socket, for the command line. Whoever can open it is
// the account that runs the program (mode 0600, and the peer is checked), and acts as root. Lives in
// the main thread.
class LocalDoor final : public QObject
{
    Q_OBJECT

public:
    explicit LocalDoor(ApiHandler &api, QObject *parent = nullptr);

    base::Result<> open(const QString &path);

private:
    void accept();

    ApiHandler &m_api;
    QLocalServer m_server;
};

} // namespace gatehouse::gateway
