#include "theme/themewatcher.h"

#include "theme/theme.h"

#include <QApplication>
#include <QEvent>
#include <QSettings>
#include <QStyleHints>

#ifdef GATEHOUSE_PORTAL
#include <QDBusConnection>
#include <QDBusError>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLoggingCategory>
#endif

#ifdef Q_OS_WIN
#include <qt_windows.h>
#endif

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

#ifdef Q_OS_WIN
namespace {

bool windowsIsDark()
{
    const QSettings personal(u"HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion"
                             "\\Themes\\Personalize"_s,
                             QSettings::NativeFormat);
    return personal.value(u"AppsUseLightTheme"_s, 1).toInt() == 0;
}

bool windowsHasHighContrast()
{
    HIGHCONTRASTW contrast = {};
    contrast.cbSize = sizeof contrast;
    return SystemParametersInfoW(SPI_GETHIGHCONTRAST, sizeof contrast, &contrast, 0)
           && (contrast.dwFlags & HCF_HIGHCONTRASTON);
}

bool windowsHasAnimations()
{
    BOOL shown = TRUE;
    return !SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, &shown, 0) || shown;
}

} // namespace
#endif

ThemeWatcher::ThemeWatcher(QObject *parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(),
            &QStyleHints::colorSchemeChanged,
            this,
            &ThemeWatcher::readSystem);
#endif
    readSystem();
    askPortal();
}

bool ThemeWatcher::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != qApp)
        return false;
    if (event->type() == QEvent::ApplicationPaletteChange
        || event->type() == QEvent::ApplicationFontChange)
        emit changed();
    // Where the system does not tell of a change, it is looked up as the person comes back.
    if (event->type() == QEvent::ThemeChange || event->type() == QEvent::ApplicationActivate)
        readSystem();
    return false;
}

void ThemeWatcher::readSystem()
{
#if defined(Q_OS_WIN)
    Theme::setMotionReduced(!windowsHasAnimations());
    Theme::setSystem(windowsIsDark(), windowsHasHighContrast());
#else
#if defined(Q_OS_MACOS)
    const QSettings access(u"apple.com"_s, u"universalaccess"_s); // System Settings, Accessibility
    Theme::setMotionReduced(access.value(u"reduceMotion"_s).toBool());
#else
    Theme::setMotionReduced(m_portalMotionReduced || m_desktopIsStill);
#endif
    if (m_portalScheme != 0 || m_portalHighContrast) {
        Theme::setSystem(m_portalScheme == 1, m_portalHighContrast);
        return;
    }
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown)
        Theme::setSystem(scheme == Qt::ColorScheme::Dark, false);
#endif
#endif
}

#ifdef GATEHOUSE_PORTAL

namespace {

Q_LOGGING_CATEGORY(logTheme, "gatehouse.ui.theme")

const QString portalService = u"org.freedesktop.portal.Desktop"_s;
const QString portalPath = u"/org/freedesktop/portal/desktop"_s;
const QString portalInterface = u"org.freedesktop.portal.Settings"_s;
const QString appearance = u"org.freedesktop.appearance"_s;
const QString gnome = u"org.gnome.desktop.interface"_s;
const QString animations = u"enable-animations"_s;

// Some portals wrap the value twice.
uint plain(const QDBusVariant &wrapped)
{
    QVariant value = wrapped.variant();
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt();
}

} // namespace

void ThemeWatcher::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    // Qt 6.4 looks the parameters of a slot up by the names that were registered.
    qRegisterMetaType<QDBusVariant>();
    const bool follows = bus.connect(portalService,
                                     portalPath,
                                     portalInterface,
                                     u"SettingChanged"_s,
                                     this,
                                     SLOT(readPortalSetting(QString, QString, QDBusVariant)));
    if (!follows)
        qCWarning(logTheme) << "Changes of the system's theme are not followed:"
                            << bus.lastError().message();
    for (const auto &[group, key] : {std::pair(appearance, u"color-scheme"_s),
                                     std::pair(appearance, u"contrast"_s),
                                     std::pair(appearance, u"reduced-motion"_s),
                                     std::pair(gnome, animations)}) {
        QDBusMessage question =
            QDBusMessage::createMethodCall(portalService, portalPath, portalInterface, u"Read"_s);
        question << group << key;
        auto *answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
        const auto read = [this, answer, group = group, key = key] {
            answer->deleteLater();
            const QDBusPendingReply<QDBusVariant> reply = *answer;
            if (!reply.isError())
                readPortalSetting(group, key, reply.value());
        };
        connect(answer, &QDBusPendingCallWatcher::finished, this, read);
    }
}

void ThemeWatcher::readPortalSetting(const QString &group,
                                     const QString &key,
                                     const QDBusVariant &value)
{
    if (group == gnome && key == animations) {
        m_desktopIsStill = plain(value) == 0;
        return readSystem();
    }
    if (group != appearance)
        return;
    if (key == u"color-scheme"_s)
        m_portalScheme = static_cast<int>(plain(value));
    else if (key == u"contrast"_s)
        m_portalHighContrast = plain(value) == 1;
    else if (key == u"reduced-motion"_s)
        m_portalMotionReduced = plain(value) == 1;
    readSystem();
}

#else

void ThemeWatcher::askPortal() {}

void ThemeWatcher::readPortalSetting(const QString &, const QString &, const QDBusVariant &) {}

#endif

} // namespace gatehouse::ui
