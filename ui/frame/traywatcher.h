#pragma once

#include <QObject>
#include <QTimer>

namespace gatehouse::ui {

// Tells when Qt can be asked for a tray. On Linux it asks the desktop but once, and stays with that
// answer: asked before the desktop is up, as at a login, there is none for as long as the program runs.
class TrayWatcher : public QObject
{
    Q_OBJECT

public:
    explicit TrayWatcher(QObject *parent = nullptr);

    // Until then, no QSystemTrayIcon must be made, and none of its functions be called.
    bool isReady() const { return m_isReady; }

signals:
    // Once.
    void ready();

private slots:
    void ask();

private:
    void follow();
    void answer(bool hasTray);

    bool m_isReady = false;
    QTimer m_patience;
};

} // namespace gatehouse::ui
