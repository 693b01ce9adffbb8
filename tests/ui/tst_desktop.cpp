#include "app/fakedesktop.h"
#include "app/privatebus.h"
#include "desktop.h"
#include "frame/gatewayactions.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::app;

// The whole desktop application on a desktop that shows notifications.
class DesktopTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void aClickOnANotificationRaisesTheWindow();
    void aNotificationCopiesTheAddress();

private:
    static ui::MainWindow *window();
    void click(const QString &action, const QString &token);

    QTemporaryDir m_home;
    support::PrivateBus m_bus;
    std::unique_ptr<support::FakeDesktop> m_screen;
    std::unique_ptr<Desktop> m_desktop;
};

ui::MainWindow *DesktopTest::window()
{
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *each : all) {
        if (auto *found = qobject_cast<ui::MainWindow *>(each))
            return found;
    }
    return nullptr;
}

// On the notification that tells of another address.
void DesktopTest::click(const QString &action, const QString &token)
{
    constexpr quint32 first = 101;
    m_screen->emitSignal(u"ActivationToken"_s, {first, token});
    m_screen->emitSignal(u"ActionInvoked"_s, {first, action});
}

void DesktopTest::initTestCase()
{
    QVERIFY(m_bus.start());
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.address().toLatin1());
    qputenv("XDG_RUNTIME_DIR", m_home.path().toUtf8());
    qunsetenv("XDG_ACTIVATION_TOKEN");
    m_screen = std::make_unique<support::FakeDesktop>(m_bus.address());
    QVERIFY(m_screen->arrive());
    const Options options{.dataDirectory = m_home.filePath(u"data"_s),
                          .listen = {u"127.0.0.1:0"_s},
                          .environment = {{u"GATEHOUSE_SECRETS"_s, u"file"_s}}};
    m_desktop = std::make_unique<Desktop>(options, true);
    m_desktop->start();
    // There is no tray, so that a hidden start shows a window that is minimised.
    QTRY_VERIFY_WITH_TIMEOUT(window() && window()->isMinimized(), 20'000);
    window()->gatewayActions().restart()->trigger(); // the system chooses another port
    QTRY_COMPARE_WITH_TIMEOUT(m_screen->shown.size(), 1, 20'000);
    QCOMPARE(m_screen->actions(0).value(2), u"copy"_s);
}

void DesktopTest::cleanupTestCase()
{
    QSignalSpy finished(m_desktop.get(), &Desktop::finished);
    m_desktop->quit();
    if (finished.isEmpty())
        QVERIFY(finished.wait(20'000));
    m_desktop.reset();
    m_screen.reset();
}

void DesktopTest::aClickOnANotificationRaisesTheWindow()
{
    click(u"default"_s, u"token-1"_s);

    // Without a channel the first thing to be seen are the questions of the first start.
    QTRY_VERIFY(QApplication::activeWindow());
    // Where Qt's own platform for Wayland takes it from.
    QTRY_COMPARE(qgetenv("XDG_ACTIVATION_TOKEN"), "token-1");
}

void DesktopTest::aNotificationCopiesTheAddress()
{
    QGuiApplication::clipboard()->clear();

    click(u"copy"_s, u"token-2"_s);

    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith("http://127.0.0.1:"_L1));
    QVERIFY(m_screen->text(0).contains(QGuiApplication::clipboard()->text()));
}

QTEST_MAIN(DesktopTest)
#include "tst_desktop.moc"
