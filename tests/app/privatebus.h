#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace gatehouse::support {

// A D-Bus bus for one test program, on which nothing is started by the bus itself.
class PrivateBus
{
public:
    PrivateBus() = default;
    PrivateBus(const PrivateBus &) = delete;
    PrivateBus &operator=(const PrivateBus &) = delete;
    ~PrivateBus();

    // False if there is no dbus-daemon.
    bool start();
    QString address() const { return m_address; }

private:
    QTemporaryDir m_directory;
    QProcess m_daemon;
    QString m_address;
};

} // namespace gatehouse::support
