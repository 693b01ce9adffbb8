#pragma once

#include "base/result.h"
#include "domain/channel.h"
#include "frame/traywatcher.h"
#include "theme/mark.h"
#include "widgets/services.h"

#include <QIcon>
#include <QMenu>
#include <QSystemTrayIcon>
#include <QTimer>

namespace gatehouse::ui {

class GatewayActions;

// What the tray's menu needs from the program.
struct TrayHooks
{
    std::function<bool()> startsAtLogin{};
    std::function<base::Result<>(bool)> setStartsAtLogin{}; // empty: not offered here
};

// The icon in the tray: the gateway's state by its shape, a menu that is made anew each time it is
// shown. Where there is no tray it stays hidden, and appears when one comes up.
class TrayIcon : public QObject
{
    Q_OBJECT

public:
    TrayIcon(const Services &services,
             GatewayActions &actions,
             TrayHooks hooks,
             QObject *parent = nullptr);

    // Whether a person can reach the program by it.
    bool isReachable() const;
    TrayState state() const { return m_state; }
    QMenu *menu() { return &m_menu; }
    void showMessage(const QString &title, const QString &text);
    // While the window is locked, the menu opens it and quits, and no figures are shown.
    void setLocked(bool locked);
    // Shows what is so now; called by a timer, too.
    void refresh();
    QIcon shownIcon() const { return m_shown; }
    QString toolTip() const { return m_toolTip; }

signals:
    void openRequested();
    void pageRequested(int page, const QString &filter);
    void quitRequested();
    void messageClicked();
    // A tray came up or went away.
    void reachableChanged(bool reachable);
    // What was chosen in the menu could not be done.
    void failed(const QString &title, const QString &text);

private:
    void report(const QString &title, const base::Error &error);
    void makeIcon();
    void showIcon(const QIcon &icon);
    void fill();
    void addControls();
    void addAddresses();
    void addDefaultModel();
    void setDefaultModel(const QString &model);
    void addChannels();
    // Writes how the channels of the menu are now.
    void showHealth(QMenu &menu) const;
    void addFailures(QMenu *menu);
    void switchChannel(const domain::Channel &channel, bool enabled);
    QString statusText() const;
    QString addressText() const;
    TrayState presentState() const;

    const Services m_services;
    GatewayActions &m_actions;
    const TrayHooks m_hooks;
    QMenu m_menu;
    TrayWatcher m_watcher;
    std::unique_ptr<QSystemTrayIcon> m_icon; // none before there may be a tray
    QIcon m_shown;
    QString m_toolTip{};
    QTimer m_timer;
    TrayState m_state = TrayState::Stopped;
    bool m_isPanelDark = false;
    bool m_isLocked = false;
    bool m_reachable = false;
};

} // namespace gatehouse::ui
