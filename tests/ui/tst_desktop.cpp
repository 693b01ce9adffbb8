#include "app/fakedesktop.h"
#include "app/privatebus.h"
#include "datadirectory.h"
#include "desktop.h"
#include "frame/gatewayactions.h"
#include "storage/statement.h"
#include "storage/storagethreads.h"
#include "wizard/welcome.h"

#include <QApplication>
#include <QClipboard>
#include <QSettings>
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
    void theFirstRunEndsWithItsLastAnswer();
    void theFirstRunIsOverOnceThereAreChannels();

private:
    template<typename Window>
    static Window *shown();
    static ui::MainWindow *window() { return shown<ui::MainWindow>(); }
    bool firstRunIsPending() const;
    void start();
    void quit();
    void click(const QString &action, const QString &token);

    QTemporaryDir m_home;
    support::PrivateBus m_bus;
    std::unique_ptr<support::FakeDesktop> m_screen;
    std::unique_ptr<Desktop> m_desktop;
};

template<typename Window>
Window *DesktopTest::shown()
{
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *each : all) {
        if (auto *found = qobject_cast<Window *>(each))
            return found;
    }
    return nullptr;
}

bool DesktopTest::firstRunIsPending() const
{
    const QSettings state(m_home.filePath(u"data/window.ini"_s), QSettings::IniFormat);
    return state.value(u"firstrun/pending"_s).toBool();
}

// Hidden; there is no tray, so that a window is shown that is minimised.
void DesktopTest::start()
{
    const Options options{.dataDirectory = m_home.filePath(u"data"_s),
                          .listen = {u"127.0.0.1:0"_s},
                          .environment = {{u"GATEHOUSE_SECRETS"_s, u"file"_s}}};
    m_desktop = std::make_unique<Desktop>(options, true);
    m_desktop->start();
    QTRY_VERIFY_WITH_TIMEOUT(window() && window()->isMinimized(), 20'000);
}

void DesktopTest::quit()
{
    QSignalSpy finished(m_desktop.get(), &Desktop::finished);
    m_desktop->quit();
    if (finished.isEmpty())
        QVERIFY(finished.wait(20'000));
    m_desktop.reset();
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
    start();
    window()->gatewayActions().restart()->trigger(); // the system chooses another port
    QTRY_COMPARE_WITH_TIMEOUT(m_screen->shown.size(), 1, 20'000);
    QCOMPARE(m_screen->actions(0).value(2), u"copy"_s);
}

void DesktopTest::cleanupTestCase()
{
    quit();
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

// Whoever quits by the tray leaves its last page open.
void DesktopTest::theFirstRunEndsWithItsLastAnswer()
{
    click(u"default"_s, u"token-3"_s);
    QTRY_VERIFY(shown<ui::Welcome>());
    QVERIFY(firstRunIsPending());

    for (int step = 0; step < 3; ++step) {
        QTest::keyClick(shown<ui::Welcome>(), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(shown<ui::Welcome>()->step(), step + 1, 20'000);
    }

    QVERIFY(shown<ui::Welcome>()->isVisible());
    QVERIFY(!firstRunIsPending());
}

void DesktopTest::theFirstRunIsOverOnceThereAreChannels()
{
    quit();
    {
        QSettings state(m_home.filePath(u"data/window.ini"_s), QSettings::IniFormat);
        state.setValue(u"firstrun/pending"_s, true); // as somebody left it who then used the API
        const auto directory =
            DataDirectory::open(m_home.filePath(u"data"_s), Holder::Kind::Command);
        QVERIFY(directory);
        storage::StorageThreads threads({.path = directory->databaseFile()});
        QVERIFY(threads.start());
        QVERIFY(threads
                    .write([](storage::Database &database) {
                        return storage::executeDirectly(
                            database,
                            u"INSERT INTO channels (type, name, status, allow_private_address,"
                            " created_at) VALUES (1, 'a', 1, 1, 0)"_s);
                    })
                    .result());
    }

    start();

    QVERIFY(!firstRunIsPending());
}

QTEST_MAIN(DesktopTest)
#include "tst_desktop.moc"
