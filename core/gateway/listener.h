#pragma once

#include <QHostAddress>
#include <QTcpServer>

#include <functional>

namespace gatehouse::gateway {

// Accepts clients at one address, in its own thread, and hands their descriptors on. Holds back
// while there are as many connections as the process can bear: QTcpServer would spin at the limit
// of open files.
class Listener final : public QTcpServer
{
    Q_OBJECT

public:
    // Whom it accepts for.
    struct Client
    {
        std::function<void(qintptr)> accepted{}; // takes over a descriptor
        std::function<bool()> mayAccept{};       // whether there is room for one more
    };

    explicit Listener(Client client, QObject *parent = nullptr);

    // Accepts for another one from now on.
    void serve(Client client) { m_client = std::move(client); }
    // After close().
    bool reopen(const QHostAddress &host, quint16 port);

    // There may be room again.
    void resumeIfPossible();

signals:
    // There was no room for a client.
    void full();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    Client m_client;
    bool m_paused = false;
};

} // namespace gatehouse::gateway
