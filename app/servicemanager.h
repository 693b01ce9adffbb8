#pragma once

#include <QMap>
#include <QObject>
#include <QTimer>

namespace gatehouse::app {

// Tells the service manager that started this process how it is (sd_notify, for units with
// Type=notify), and feeds its watchdog from the main event loop. Does nothing where there is none.
class ServiceManager final : public QObject
{
    Q_OBJECT

public:
    explicit ServiceManager(const QMap<QString, QString> &environment, QObject *parent = nullptr);

    // The service serves; `status` is one line for people.
    void ready(const QString &status);
    void stopping(const QString &status);

private:
    void send(const QByteArray &state) const;

    QByteArray m_socket; // its address; empty if nobody listens
    QTimer m_watchdog;
};

} // namespace gatehouse::app
