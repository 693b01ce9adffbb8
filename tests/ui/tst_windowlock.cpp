#include "admin/administration.h"
#include "frame/commandpalette.h"
#include "frame/lockscreen.h"
#include "frame/mainwindow.h"
#include "frame/trayicon.h"
#include "frame/windowlock.h"
#include "preferences/windowsettings.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/undostack.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

const QString rootPassword = u"correct horse battery"_s;

class PlainPage : public Page
{
public:
    PlainPage(PageId id, const Services &services)
        : Page(id, services)
    {
        field->setText(u"a secret of the page"_s);
        addPageAction({.name = "plain.add",
                       .icon = u"plus"_s,
                       .shortcut = QKeySequence(u"Ctrl+N"_s),
                       .text = [] { return u"Add thing"_s; }},
                      [this] { ++added; });
    }

    QLineEdit *field = new QLineEdit(this);
    int added = 0;
};

} // namespace

class WindowLockTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsNothingWhileItIsLocked();
    void doesNothingWhileItIsLocked();
    void keepsOtherFocusAway();
    void isUnlockedByThePassword();
    void refusesAnotherPassword();
    void hidesDialogsUntilItIsUnlocked();
    void leavesTheFieldOfADialogAsItWas();
    void holdsBackADialogThatComesLater();
    void letsAHarmlessDialogStay();
    void asksOnceWhetherThePasswordIsKnown();
    void locksWhenNobodyUsesIt();
    void useKeepsItOpen();
    void followsTheSetting();
    void isLockedAtTheStart();
    void theTrayOffersToOpenAndQuit();
    void namesAnUnusualDataDirectory();
    void cutsNothingOff();
    void slowsDownGuessing();

private:
    void makeWindow();
    WindowLock *lock() const { return m_window->findChild<WindowLock *>(); }
    LockScreen *screen() const { return m_window->findChild<LockScreen *>(); }
    PlainPage *page() const { return static_cast<PlainPage *>(m_window->currentPage()); }
    void type(const QString &password) const;
    bool says(const QString &text) const;

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<MainWindow> m_window;
};

void WindowLockTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>(support::WindowFixture::Given{
        .environment = {{u"GATEHOUSE_ROOT_PASSWORD"_s, rootPassword}}});
    QVERIFY(m_fixture->start());
}

void WindowLockTest::makeWindow()
{
    PageFactories factories;
    for (const PageId id : {PageId::Dashboard, PageId::Channels}) {
        factories.emplace(
            id, [id](const Services &services) -> Page * { return new PlainPage(id, services); });
    }
    m_window = std::make_unique<MainWindow>(m_fixture->services(), factories);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void WindowLockTest::init()
{
    makeWindow();
    m_window->showPage(PageId::Channels);
}

void WindowLockTest::cleanup()
{
    m_window.reset();
    for (const QString &key : {windowkey::locked, windowkey::lockAfter, windowkey::passwordKnown})
        m_fixture->services().state.remove(key);
}

void WindowLockTest::type(const QString &password) const
{
    auto *field = screen()->findChild<QLineEdit *>();
    field->setText(password);
    QTest::keyClick(field, Qt::Key_Return);
}

bool WindowLockTest::says(const QString &text) const
{
    const auto labels = screen()->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
        return label->text().contains(text);
    });
}

void WindowLockTest::showsNothingWhileItIsLocked()
{
    QSignalSpy changed(m_window.get(), &MainWindow::lockedChanged);
    QVERIFY(page()->isActive());

    lock()->lock();

    QVERIFY(m_window->isLocked());
    QCOMPARE(changed.size(), 1);
    QVERIFY(screen()->isVisible());
    QVERIFY(!page()->isVisible());
    QVERIFY(!page()->isActive());
    QVERIFY(!m_window->menuBar()->isVisible());
    QCOMPARE(m_window->windowTitle(), u"Gatehouse"_s);
    const auto fields = m_window->findChildren<QLineEdit *>();
    for (const QLineEdit *field : fields)
        QCOMPARE(field->isVisible(), screen()->isAncestorOf(field));
    QCOMPARE(tests::accessibilityProblems(m_window.get()), QStringList());
}

void WindowLockTest::doesNothingWhileItIsLocked()
{
    bool isUndone = false;
    m_fixture->services().undo.push({.text = u"Removed the thing"_s,
                                     .redo = [] { return admin::answered<void>({}); },
                                     .undo =
                                         [&isUndone] {
                                             isUndone = true;
                                             return admin::answered<void>({});
                                         }});
    lock()->lock();
    QWidget *field = screen()->findChild<QLineEdit *>();

    QTest::keyClick(field, Qt::Key_K, Qt::ControlModifier);
    QTest::keyClick(field, Qt::Key_N, Qt::ControlModifier);
    QTest::keyClick(field, Qt::Key_1, Qt::ControlModifier);
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTest::qWait(50);

    QVERIFY(!m_window->findChild<CommandPalette *>()->isVisible());
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QCOMPARE(page()->added, 0);
    QVERIFY(!isUndone);
    const auto menus = m_window->menuBar()->actions();
    for (const QAction *menu : menus)
        QVERIFY(!menu->isEnabled());
    QSignalSpy quits(m_window.get(), &MainWindow::quitRequested);
    QTest::keyClick(field, Qt::Key_Q, Qt::ControlModifier);
    QCOMPARE(quits.size(), 1);
    m_fixture->services().undo.clear();
}

void WindowLockTest::keepsOtherFocusAway()
{
    lock()->lock();

    page()->field->setFocus();

    QTRY_VERIFY(screen()->isAncestorOf(QApplication::focusWidget()));
}

void WindowLockTest::isUnlockedByThePassword()
{
    page()->field->setFocus();
    lock()->lock();
    QVERIFY(m_fixture->services().state.value(windowkey::locked).toBool());

    type(rootPassword);

    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QVERIFY(page()->isVisible());
    QVERIFY(page()->isActive());
    QVERIFY(m_window->menuBar()->isVisibleTo(m_window.get()));
    QTRY_VERIFY(page()->field->hasFocus());
    QVERIFY(!m_fixture->services().state.value(windowkey::locked).toBool());
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(m_window->currentPage()->id(), PageId::Dashboard);
}

void WindowLockTest::refusesAnotherPassword()
{
    lock()->lock();
    auto *unlock = tests::button<QPushButton>(screen(), u"Unlock"_s);
    QVERIFY(unlock && !unlock->isEnabled()); // nothing was typed yet

    type(u"quite another one"_s);

    QTRY_VERIFY_WITH_TIMEOUT(says(u"This is not the password of the administrator."_s), 20'000);
    QVERIFY(m_window->isLocked());
    QVERIFY(unlock->isEnabled());
    type(rootPassword); // and the attempts before it are forgotten
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);
}

void WindowLockTest::hidesDialogsUntilItIsUnlocked()
{
    QDialog outer(m_window.get());
    outer.open();
    QDialog inner(&outer);
    inner.open();
    QSignalSpy finished(&outer, &QDialog::finished);

    lock()->lock();

    QVERIFY(!outer.isVisible());
    m_window->hide();
    m_window->dropPages(); // would take the dialogs of the pages with them
    QVERIFY(!m_window->madePages().isEmpty());
    m_window->show();
    QVERIFY(!inner.isVisible());
    QCOMPARE(QApplication::activeModalWidget(), nullptr);
    type(rootPassword);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);
    QVERIFY(outer.isVisible());
    QVERIFY(inner.isVisible());
    QCOMPARE(outer.windowModality(), Qt::WindowModal);
    QCOMPARE(finished.size(), 0);
}

void WindowLockTest::leavesTheFieldOfADialogAsItWas()
{
    QDialog dialog(m_window.get());
    auto *first = new QLineEdit(u"first"_s, &dialog);
    auto *second = new QLineEdit(u"second"_s, &dialog);
    second->move(0, 100);
    dialog.open();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    second->setFocus(Qt::OtherFocusReason);
    second->setCursorPosition(3);

    lock()->lock();
    type(rootPassword);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);

    QVERIFY(dialog.isVisible());
    QTRY_VERIFY(second->hasFocus());
    QVERIFY(!first->hasSelectedText());
    QVERIFY(!second->hasSelectedText());
    QCOMPARE(second->cursorPosition(), 3);
}

void WindowLockTest::holdsBackADialogThatComesLater()
{
    lock()->lock();
    QDialog late(m_window.get());

    late.open();

    QTRY_VERIFY(!late.isVisible());
    type(rootPassword);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);
    QVERIFY(late.isVisible());
}

void WindowLockTest::letsAHarmlessDialogStay()
{
    QDialog question(m_window.get());
    WindowLock::letStay(&question);
    question.open();

    lock()->lock();
    QTest::qWait(20);

    QVERIFY(question.isVisible());
}

void WindowLockTest::asksOnceWhetherThePasswordIsKnown()
{
    QTest::keyClick(m_window.get(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    auto *question = m_window->findChild<Confirmation *>();
    QVERIFY(question);
    QVERIFY(!m_window->isLocked());

    auto *agree = tests::button<QPushButton>(question, u"Lock"_s);
    QVERIFY(agree);
    agree->click();
    QTRY_VERIFY(m_window->isLocked());
    type(rootPassword);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);

    // Here nobody else gives the focus back after the question.
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_window->isLocked());
}

void WindowLockTest::locksWhenNobodyUsesIt()
{
    m_window->hide(); // as in the tray

    lock()->lockAfter(std::chrono::milliseconds(60));

    QTRY_VERIFY(m_window->isLocked());
}

void WindowLockTest::useKeepsItOpen()
{
    lock()->lockAfter(std::chrono::seconds(3));
    for (int i = 0; i < 8; ++i) {
        QTest::qWait(500);
        QTest::keyClick(m_window.get(), Qt::Key_Shift);
    }

    QVERIFY(!m_window->isLocked());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isLocked(), 10'000);
}

void WindowLockTest::followsTheSetting()
{
    UiState &state = m_fixture->services().state;
    QCOMPARE(lockDelay(state), std::chrono::minutes(0));
    state.setValue(windowkey::lockAfter, u"15"_s);
    QCOMPARE(lockDelay(state), std::chrono::minutes(15));
    state.setValue(windowkey::lockAfter, u"a while"_s);
    QCOMPARE(lockDelay(state), std::chrono::minutes(0));
}

void WindowLockTest::isLockedAtTheStart()
{
    QVERIFY(!m_window->isLocked());
    m_window.reset();
    m_fixture->services().state.setValue(windowkey::lockAfter, u"15"_s);
    makeWindow();
    QVERIFY(m_window->isLocked());
    QVERIFY(screen()->isAncestorOf(QApplication::focusWidget()));
    type(rootPassword);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isLocked(), 20'000);
    m_fixture->services().state.remove(windowkey::lockAfter);
    lock()->lock();
    m_window.reset();
    makeWindow();

    QVERIFY(m_window->isLocked());
}

void WindowLockTest::theTrayOffersToOpenAndQuit()
{
    TrayIcon tray(m_fixture->services(), m_window->gatewayActions(), {});
    tray.setLocked(true);

    emit tray.menu()->aboutToShow();

    QStringList texts;
    for (const QAction *action : tray.menu()->actions()) {
        if (!action->isSeparator())
            texts.append(action->text());
    }
    QCOMPARE(texts, QStringList({u"Running"_s, u"Open Gatehouse"_s, u"Quit"_s}));
    QVERIFY(!tray.toolTip().contains(u'$'));
    tray.setLocked(false);
    emit tray.menu()->aboutToShow();
    QVERIFY(tray.menu()->actions().size() > 6);
}

void WindowLockTest::namesAnUnusualDataDirectory()
{
    Services services = m_fixture->services();
    const auto namesIt = [](const LockScreen &screen) {
        const auto labels = screen.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(u"--data-dir \""_s);
        });
    };

    QVERIFY(!namesIt(LockScreen(services)));
    services.dataDirectory = u"/srv/a house"_s;
    QVERIFY(namesIt(LockScreen(services)));
}

// The lines break at the width of the column, not at that of the window.
void WindowLockTest::cutsNothingOff()
{
    lock()->lock();
    m_window->resize(1200, 800);
    QCoreApplication::processEvents();

    for (const QLabel *label : screen()->findChildren<QLabel *>()) {
        const int needed = label->hasHeightForWidth() ? label->heightForWidth(label->width())
                                                      : label->sizeHint().height();
        QVERIFY2(label->height() >= needed, qPrintable(label->text()));
    }
}

// The last: it leaves a wait behind.
void WindowLockTest::slowsDownGuessing()
{
    lock()->lock();
    auto *field = screen()->findChild<QLineEdit *>();
    const auto isThrottled = [this] { return says(u"Too many wrong passwords."_s); };
    for (int i = 0; i < 10 && !isThrottled(); ++i) {
        type(u"wrong again"_s);
        QTRY_VERIFY_WITH_TIMEOUT(!field->isReadOnly(), 20'000);
    }

    QVERIFY(isThrottled());
    QVERIFY(!says(u".00 s"_s));
    QVERIFY(!tests::button<QPushButton>(screen(), u"Unlock"_s)->isEnabled());
    type(rootPassword);
    QVERIFY(!field->isReadOnly()); // it was not tried
    QVERIFY(m_window->isLocked());
}

QTEST_MAIN(WindowLockTest)
#include "tst_windowlock.moc"
