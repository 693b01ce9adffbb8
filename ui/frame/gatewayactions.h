#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "widgets/translated.h"

#include <QAction>

namespace gatehouse::ui {

// Start, stop, restart, pause and drain as actions, which are enabled as the gateway's state allows.
// The menu bar, the power menu and the tray show the same ones.
class GatewayActions : public QObject
{
    Q_OBJECT

public:
    // `owner` gives the language's changes and the shortcuts' window.
    GatewayActions(admin::GatewayControl &gateway, QWidget *owner);

    QAction *start() const { return m_start; }
    QAction *stop() const { return m_stop; }
    QAction *restart() const { return m_restart; }
    QAction *pause() const { return m_pause; }
    QAction *drain() const { return m_drain; }
    QList<QAction *> all() const { return {m_start, m_pause, m_restart, m_drain, m_stop}; }

    // Stops at once if nothing is in flight; else asks whether to wait for what is.
    void stopGently();

signals:
    // Requests are running and the person wants to stop: whether to drain is to be asked.
    void stopQuestion(qint64 inFlight);

private:
    QAction *make(const char *name, const QString &iconName, std::function<void()> run);
    void update();
    void setTexts();

    admin::GatewayControl &m_gateway;
    QWidget *m_owner;
    QAction *m_start;
    QAction *m_stop;
    QAction *m_restart;
    QAction *m_pause;
    QAction *m_drain;
};

} // namespace gatehouse::ui
