#include "app/privatebus.h"
#include "integration/networkwatch.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

class NetworkWatchTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void tellsOfSleep();

private:
    support::PrivateBus m_bus;
};

void NetworkWatchTest::initTestCase()
{
    QVERIFY(m_bus.start());
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_bus.address().toLatin1());
}

void NetworkWatchTest::tellsOfSleep()
{
    const NetworkWatch watch;
    const QSignalSpy asleep(&watch, &NetworkWatch::goingToSleep);
    const QSignalSpy awake(&watch, &NetworkWatch::wokenUp);
    QDBusConnection logind = QDBusConnection::connectToBus(m_bus.address(), u"logind"_s);
    const auto announce = [&logind](bool begins) {
        QDBusMessage signal = QDBusMessage::createSignal(u"/org/freedesktop/login1"_s,
                                                         u"org.freedesktop.login1.Manager"_s,
                                                         u"PrepareForSleep"_s);
        signal << begins;
        return logind.send(signal);
    };

    QVERIFY(announce(true));
    QTRY_COMPARE(asleep.size(), 1);
    QCOMPARE(awake.size(), 0);
    QVERIFY(announce(false));
    QTRY_COMPARE(awake.size(), 1);
    QCOMPARE(asleep.size(), 1);

    QDBusConnection::disconnectFromBus(u"logind"_s);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::NetworkWatchTest)
#include "tst_networkwatch.moc"
