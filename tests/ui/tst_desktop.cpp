#include "app/fakedesktop.h"
#include "app/privatebus.h"
#include "channeleditor/channeldialog.h"
#include "channeleditor/linksheet.h"
#include "configuration/datadirectory.h"
#include "desktop/desktop.h"
#include "domain/providertype.h"
#include "frame/gatewayactions.h"
#include "frame/lockscreen.h"
#include "frame/windowlock.h"
#include "storage/statement.h"
#include "storage/storagethreads.h"
#include "ui/find.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "wizard/welcome.h"

#include <QApplication>
#include <QClipboard>
#include <QFileOpenEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::app;

static const QString proposal =
    u"gatehouse://v1/import?resource=channel&type=anthropic&name=Relay"
    "&base_url=https%3A%2F%2Frelay.example&key=0123456789abcdef&models=a,b"_s;

static const QString rootPassword = u"correct horse battery"_s;

// The whole desktop application on a desktop that shows notifications.
class DesktopTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void aClickOnANotificationRaisesTheWindow();
    void aNotificationCopiesTheAddress();
    void aLinkWaitsForTheQuestionsOfTheFirstRun();
    void theFirstRunEndsWithItsLastAnswer();
    void theFirstRunIsOverOnceThereAreChannels();
    void aLinkOfAFurtherStartIsProposed();
    void aProposalThatIsRefusedLeavesNothing();
    void aLinkOpensAPageWithItsFilter();
    void aBadLinkIsToldOf();
    void theQuestionsOfTheFirstRunComeAgain();
    void aLinkOfTheSystemIsProposed();
    void aFurtherStartStopsAndStartsTheGateway();
    void aFurtherStartCopiesTheAddress();
    void aFurtherStartOfAnotherVersionShowsTheWindow();
    void aFurtherStartDoesNothingToALockedWindow();
    void aFurtherStartFindsALockedWindowLocked();

private:
    template<typename Window>
    static Window *shown();
    static ui::MainWindow *window() { return shown<ui::MainWindow>(); }
    bool firstRunIsPending() const;
    void start();
    void quit();
    void click(const QString &action, const QString &token);
    static void unlock();
    HandOver startAgain(const QStringList &arguments);
    bool tells(const QString &message) const;

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
                          .environment = {{u"GATEHOUSE_SECRETS"_s, u"file"_s},
                                          {u"GATEHOUSE_ROOT_PASSWORD"_s, rootPassword}}};
    m_desktop = std::make_unique<Desktop>(options, WindowRequest{.hidden = true});
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

// As another process does it, while this one goes on.
HandOver DesktopTest::startAgain(const QStringList &arguments)
{
    std::future<HandOver> outcome =
        std::async(std::launch::async, [directory = m_home.filePath(u"data"_s), arguments] {
            return handOver(directory, arguments, std::chrono::seconds(20));
        });
    const auto isDone = [&outcome] {
        return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    return QTest::qWaitFor(isDone, 20'000) ? outcome.get() : HandOver::Refused;
}

void DesktopTest::unlock()
{
    auto *screen = window()->findChild<ui::LockScreen *>();
    screen->findChild<QLineEdit *>()->setText(rootPassword);
    tests::button<QPushButton>(screen, u"Unlock"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!window()->isLocked(), 20'000);
}

bool DesktopTest::tells(const QString &message) const
{
    const auto bars = window()->findChildren<ui::MessageBar *>();
    return std::any_of(bars.begin(), bars.end(), [&message](const ui::MessageBar *bar) {
        return bar->hasMessage(message);
    });
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

void DesktopTest::aLinkWaitsForTheQuestionsOfTheFirstRun()
{
    QCOMPARE(startAgain({proposal}), HandOver::Delivered);

    QTRY_VERIFY(shown<ui::Welcome>());
    QVERIFY(!shown<ui::LinkSheet>());
}

// Whoever quits by the tray leaves its last page open.
void DesktopTest::theFirstRunEndsWithItsLastAnswer()
{
    click(u"default"_s, u"token-3"_s);
    QTRY_VERIFY(shown<ui::Welcome>());
    QVERIFY(firstRunIsPending());
    const auto labels = shown<ui::Welcome>()->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(u"Root has one"_s); // by its variable
    }));

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

void DesktopTest::aLinkOfAFurtherStartIsProposed()
{
    QCOMPARE(startAgain({u"--log-level=info"_s, proposal}), HandOver::Delivered);
    QTRY_VERIFY(shown<ui::LinkSheet>());
    QVERIFY(window()->isVisible() && !window()->isMinimized());
    QVERIFY(QTest::qWaitForWindowActive(shown<ui::LinkSheet>()));
    QVERIFY(!shown<ui::ChannelDialog>());

    QTest::mouseClick(tests::button<QPushButton>(shown<ui::LinkSheet>(), u"Review channel…"_s),
                      Qt::LeftButton);

    QTRY_VERIFY(shown<ui::ChannelDialog>());
    const domain::Channel channel = shown<ui::ChannelDialog>()->channel();
    QCOMPARE(channel.name, u"Relay"_s);
    QCOMPARE(channel.type, domain::provider::anthropic);
    QCOMPARE(channel.baseUrl, u"https://relay.example"_s);
    QCOMPARE(channel.models, QStringList({u"a"_s, u"b"_s}));
    QCOMPARE(channel.keys.size(), 1);
    // What the link filled in is not lost without a question.
    shown<ui::ChannelDialog>()->reject();
    QTRY_VERIFY(shown<ui::Confirmation>());
    QTest::mouseClick(tests::button<QPushButton>(shown<ui::Confirmation>(), u"Discard"_s),
                      Qt::LeftButton);
    QTRY_VERIFY(!shown<ui::ChannelDialog>());
}

void DesktopTest::aProposalThatIsRefusedLeavesNothing()
{
    m_desktop->openLink(proposal);
    QVERIFY(shown<ui::LinkSheet>());
    m_desktop->openLink(QString(proposal).replace(u"Relay"_s, u"Another"_s)); // one at a time
    QVERIFY(QTest::qWaitForWindowActive(shown<ui::LinkSheet>()));
    QCOMPARE(tests::field<QLineEdit>(shown<ui::LinkSheet>(), u"Name"_s)->text(), u"Relay"_s);

    QTest::keyClick(shown<ui::LinkSheet>(), Qt::Key_Return);

    QTRY_VERIFY(!shown<ui::LinkSheet>());
    QVERIFY(!shown<ui::ChannelDialog>());
}

void DesktopTest::aLinkOpensAPageWithItsFilter()
{
    m_desktop->activate({u"gatehouse://v1/open?page=channels&filter=ab+cd"_s});

    QCOMPARE(window()->currentPage()->id(), ui::PageId::Channels);
    QCOMPARE(window()->currentPage()->findChild<ui::FilterField *>()->text(), u"ab cd"_s);
    QVERIFY(!shown<ui::LinkSheet>());
}

void DesktopTest::aBadLinkIsToldOf()
{
    QVERIFY(!tells(u"link"_s));

    m_desktop->activate({u"gatehouse://v9/import?resource=channel&type=openai"_s});

    QVERIFY(tells(u"link"_s));
    QVERIFY(!shown<ui::LinkSheet>());
}

// As macOS does it.
void DesktopTest::theQuestionsOfTheFirstRunComeAgain()
{
    window()->raiseWindow();
    auto *action = window()->findChild<QAction *>(u"help.setUp"_s);
    QVERIFY(action);

    action->trigger();

    QTRY_VERIFY(shown<ui::Welcome>());
    QVERIFY(QTest::qWaitForWindowActive(shown<ui::Welcome>()));
    QVERIFY(window()->isVisible());
    QTest::keyClick(shown<ui::Welcome>(), Qt::Key_Escape);
    QTRY_VERIFY(!shown<ui::Welcome>());
    QVERIFY(window()->isVisible());
    QVERIFY(!firstRunIsPending());
}

void DesktopTest::aLinkOfTheSystemIsProposed()
{
    QFileOpenEvent file(u"/etc/hostname"_s);
    QFileOpenEvent event((QUrl(proposal)));

    QCoreApplication::sendEvent(qApp, &file);
    QVERIFY(!shown<ui::LinkSheet>());
    QCoreApplication::sendEvent(qApp, &event);

    QVERIFY(shown<ui::LinkSheet>());
    shown<ui::LinkSheet>()->reject();
    QTRY_VERIFY(!shown<ui::LinkSheet>());
}

void DesktopTest::aFurtherStartStopsAndStartsTheGateway()
{
    QAction *start = window()->gatewayActions().start();
    QVERIFY(!start->isEnabled());

    QCOMPARE(startAgain({u"--stop"_s}), HandOver::Delivered);
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), 20'000);

    QCOMPARE(startAgain({u"--start"_s}), HandOver::Delivered);
    QTRY_VERIFY_WITH_TIMEOUT(window()->gatewayActions().pause()->isEnabled(), 20'000);
}

void DesktopTest::aFurtherStartCopiesTheAddress()
{
    QGuiApplication::clipboard()->clear();

    QCOMPARE(startAgain({u"--copy-endpoint"_s}), HandOver::Delivered);

    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith("http://127.0.0.1:"_L1));
}

void DesktopTest::aFurtherStartOfAnotherVersionShowsTheWindow()
{
    window()->hide();

    m_desktop->activate({u"--sing"_s});

    QVERIFY(window()->isVisible());
}

void DesktopTest::aFurtherStartDoesNothingToALockedWindow()
{
    window()->findChild<ui::WindowLock *>()->lock();
    QGuiApplication::clipboard()->clear();
    QVERIFY(!tells(u"tray"_s));

    m_desktop->activate({u"--stop"_s, u"--copy-endpoint"_s});

    QVERIFY(tells(u"tray"_s));
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
    QVERIFY(!window()->gatewayActions().start()->isEnabled()); // it runs
    unlock();
}

void DesktopTest::aFurtherStartFindsALockedWindowLocked()
{
    window()->findChild<ui::WindowLock *>()->lock();
    window()->hide();

    QCOMPARE(startAgain({proposal}), HandOver::Delivered);

    QTRY_VERIFY(window()->isVisible());
    QVERIFY(window()->isLocked());
    QVERIFY(!shown<ui::LinkSheet>());
    unlock();
    QTRY_VERIFY(shown<ui::LinkSheet>()); // which waited
    shown<ui::LinkSheet>()->reject();
    QTRY_VERIFY(!shown<ui::LinkSheet>());
}

QTEST_MAIN(DesktopTest)
#include "tst_desktop.moc"
