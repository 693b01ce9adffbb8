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
    // `accepted` takes over a descriptor; `mayAccept` says whether there is room for one more.
    Listener(std::function<void(qintptr)> accepted,
             std::function<bool()> mayAccept,
             QObject *parent = nullptr);

    // There may be room again.
    void resumeIfPossible();

signals:
    // There was no room for a client.
    void full();

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    const std::function<void(qintptr)> m_accepted;
    const std::function<bool()> m_mayAccept;
    bool m_paused = false;
};

} // namespace gatehouse::gateway
