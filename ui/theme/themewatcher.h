#pragma once

#include <QObject>
#include <QString>

#ifdef GATEHOUSE_PORTAL
#include <QDBusVariant> // the parameters of a slot that QtDBus calls must be known whole
#else
class QDBusVariant;
#endif

namespace gatehouse::ui {

// Follows the light or dark setting of the system and tells Theme. Made once, before or after the
// first Theme::apply(); belongs to the main thread.
class ThemeWatcher : public QObject
{
    Q_OBJECT

public:
    explicit ThemeWatcher(QObject *parent = nullptr);

signals:
    // The palette or the font of the application is another one now, for whatever reason.
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private slots:
    void readPortalSetting(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void askPortal();
    void readSystem();

    int m_portalScheme = 0; // 0: no preference, 1: dark, 2: light
    bool m_portalHighContrast = false;
    bool m_portalMotionReduced = false;
    bool m_desktopIsStill = false; // GNOME's own setting, which is older than the portal's
};

} // namespace gatehouse::ui
