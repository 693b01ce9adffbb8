#include "app/privatebus.h"
#include "frame/traywatcher.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

// What a desktop puts on the bus for its tray.
class FakeTrayHost : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost)

public:
    bool hasHost() const { return m_hasHost; }
    void setHost() { m_hasHost = true; }

private:
    bool m_hasHost = false;
};

// A tray that comes up after the program, as at a login.
class TrayWatcherTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void waitsForTheTray();

private:
    static constexpr auto panel = "panel";

    support::PrivateBus m_bus;
};

void TrayWatcherTest::initTestCase()
{
    QVERIFY(m_bus.start());
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.address().toLatin1());
}

void TrayWatcherTest::cleanupTestCase()
{
    QDBusConnection::disconnectFromBus(QLatin1StringView(panel));
}

void TrayWatcherTest::waitsForTheTray()
{
    const TrayWatcher watcher;
    const QSignalSpy ready(&watcher, &TrayWatcher::ready);
    QVERIFY(!watcher.isReady());

    FakeTrayHost tray;
    QDBusConnection desktop =
        QDBusConnection::connectToBus(m_bus.address(), QLatin1StringView(panel));
    QVERIFY(desktop.registerObject(
        u"/StatusNotifierWatcher"_s, &tray, QDBusConnection::ExportAllProperties));
    QVERIFY(desktop.registerService(u"org.kde.StatusNotifierWatcher"_s));
    QTest::qWait(100);
    QVERIFY(!watcher.isReady()); // there is nothing yet that shows icons

    tray.setHost();
    // Told again until it listens, which the bus lets begin at a time of its own.
    const auto becomesReady = [&] {
        desktop.send(QDBusMessage::createSignal(u"/StatusNotifierWatcher"_s,
                                                u"org.kde.StatusNotifierWatcher"_s,
                                                u"StatusNotifierHostRegistered"_s));
        return watcher.isReady();
    };

    QVERIFY(QTest::qWaitFor(becomesReady, 5000));
    QCOMPARE(ready.size(), 1);
}

QTEST_MAIN(TrayWatcherTest)
#include "tst_traywatcher.moc"
