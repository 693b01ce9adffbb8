#include "app/privatebus.h"
#include "theme/theme.h"
#include "theme/themewatcher.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QStyle>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

// Light and dark as the portal of a desktop tells of them.
class ThemeWatcherTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void followsThePortal();

private:
    static constexpr auto portal = "portal";

    // As the person changes it in the settings of the desktop.
    static void tell(uint scheme);
    static void tell(const QString &group, const QString &key, const QVariant &value);

    support::PrivateBus m_bus;
};

void ThemeWatcherTest::initTestCase()
{
    QVERIFY(m_bus.start());
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.address().toLatin1());
    Theme::apply(Scheme::System);
}

void ThemeWatcherTest::cleanupTestCase()
{
    QDBusConnection::disconnectFromBus(QLatin1StringView(portal));
}

void ThemeWatcherTest::tell(uint scheme)
{
    tell(u"org.freedesktop.appearance"_s, u"color-scheme"_s, scheme);
}

void ThemeWatcherTest::tell(const QString &group, const QString &key, const QVariant &value)
{
    QDBusMessage signal = QDBusMessage::createSignal(u"/org/freedesktop/portal/desktop"_s,
                                                     u"org.freedesktop.portal.Settings"_s,
                                                     u"SettingChanged"_s);
    signal << group << key << QVariant::fromValue(QDBusVariant(value));
    QDBusConnection(QLatin1StringView(portal)).send(signal);
}

void ThemeWatcherTest::followsThePortal()
{
    QDBusConnection desktop =
        QDBusConnection::connectToBus(m_bus.address(), QLatin1StringView(portal));
    QVERIFY(desktop.registerService(u"org.freedesktop.portal.Desktop"_s));
    const ThemeWatcher watcher;
    // Told again until it listens, which the bus lets begin at a time of its own.
    const auto turnsDark = [](bool dark) {
        const auto isDark = [dark] {
            tell(dark ? 1 : 2);
            return Theme::isDark() == dark;
        };
        return QTest::qWaitFor(isDark, 5000);
    };

    QVERIFY(turnsDark(true));
    QVERIFY(turnsDark(false));

    const auto stands = [] { return Theme::isMotionReduced(); };
    QVERIFY(!stands());
    tell(u"org.freedesktop.appearance"_s, u"reduced-motion"_s, 1U);
    QTRY_VERIFY(stands());
    QCOMPARE(QApplication::style()->styleHint(QStyle::SH_Widget_Animation_Duration), 0);
    tell(u"org.freedesktop.appearance"_s, u"reduced-motion"_s, 0U);
    QTRY_VERIFY(!stands());
    tell(u"org.gnome.desktop.interface"_s, u"enable-animations"_s, false);
    QTRY_VERIFY(stands());
    tell(u"org.gnome.desktop.interface"_s, u"enable-animations"_s, true);
    QTRY_VERIFY(!stands());
}

QTEST_MAIN(ThemeWatcherTest)
#include "tst_themewatcher.moc"
