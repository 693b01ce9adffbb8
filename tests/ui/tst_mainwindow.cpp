#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "frame/mainwindow.h"
#include "frame/navigation.h"
#include "frame/statusheader.h"
#include "storage/repositories/metarepository.h"
#include "theme/theme.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/mainwindowfixture.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/table/filterfield.h"
#include "widgets/uistate.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDialog>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QWindow>
#include <QtEndian>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using tests::RecordingPage;

// The window and its pages.
class MainWindowTest : public tests::MainWindowFixture
{
    Q_OBJECT

private slots:
    void explainsARouteOverThePage();
    void makesPagesWhenTheyAreShown();
    void tellsPagesWhenTheyAreSeen();
    void staysWithThePageItTurnsTo();
    void followsADoorToAnotherPage();
    void offersOnlyPagesThatExist();
    void runsAPageActionByItsShortcut();
    void remembersFilters();
    void remembersItsPage();
    void hidesInsteadOfEnding();
    void isAsLargeAsItWasWhenItIsRaised();
    void itsUppermostDialogHasTheKeyboardWhenItIsRaised();
    void itsDialogKeepsTheKeyboardWhenItIsClicked();
    void tellsWhatARestoreLost();
    void isWhereItWasWhenItIsOpenedAgain();
    void fitsASmallerScreen();
    void fitsAScreenOfQuiteAnotherWidth();
    void leadsToTheJobThatGoesOn();
    void aJobOutlivesTheHiddenWindow();
    void navigationModelIsSound();
    void isAccessible();
};

void MainWindowTest::explainsARouteOverThePage()
{
    m_window->showPage(PageId::Traffic);

    emit pageOf(PageId::Traffic)->routeRequested(u"gpt-4o"_s, 1, {});

    QCOMPARE(pageOf(PageId::Models)->explained, u"gpt-4o"_s);
    QCOMPARE(m_window->currentPage()->id(), PageId::Traffic);
}

void MainWindowTest::makesPagesWhenTheyAreShown()
{
    QCOMPARE(m_window->madePages().size(), 1);
    QCOMPARE(m_window->currentPage()->id(), PageId::Dashboard);

    m_window->showPage(PageId::Channels);

    QCOMPARE(m_window->madePages().size(), 2);
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
}

void MainWindowTest::tellsPagesWhenTheyAreSeen()
{
    RecordingPage *dashboard = pageOf(PageId::Dashboard);
    QCOMPARE(dashboard->activations, 1);

    m_window->showPage(PageId::Traffic);
    QCOMPARE(dashboard->deactivations, 1);
    QVERIFY(pageOf(PageId::Traffic)->isActive());

    m_window->hide();
    QVERIFY(!pageOf(PageId::Traffic)->isActive());
}

// A page that asks for another one while it is being shown does not get it.
void MainWindowTest::staysWithThePageItTurnsTo()
{
    Page *asked = nullptr;
    pageOf(PageId::Channels)->whenShown = [&] { asked = m_window->showPage(PageId::Models); };

    m_window->showPage(PageId::Channels);

    QCOMPARE(asked, pageOf(PageId::Models));
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QCOMPARE(m_fixture->services().state.value(u"window/page"_s).toInt(),
             static_cast<int>(PageId::Channels));
    QVERIFY(pageOf(PageId::Channels)->isActive());
    QCOMPARE(pageOf(PageId::Models)->activations, 0);

    m_window->showPage(PageId::Models); // as soon as it has turned
    QCOMPARE(m_window->currentPage()->id(), PageId::Models);
}

void MainWindowTest::followsADoorToAnotherPage()
{
    pageOf(PageId::Dashboard)->ask(PageId::Traffic, u"status:error"_s);

    QCOMPARE(m_window->currentPage()->id(), PageId::Traffic);
    QCOMPARE(pageOf(PageId::Traffic)->filter, u"status:error"_s);
}

void MainWindowTest::offersOnlyPagesThatExist()
{
    QCOMPARE(m_window->findChild<Navigation *>()->pages(),
             QList<PageId>({PageId::Dashboard, PageId::Traffic, PageId::Channels, PageId::Models}));
    QVERIFY(!m_window->showPage(PageId::Users));
    QCOMPARE(m_window->currentPage()->id(), PageId::Dashboard);
}

void MainWindowTest::runsAPageActionByItsShortcut()
{
    pageOf(PageId::Dashboard)->setFocusPolicy(Qt::StrongFocus);
    pageOf(PageId::Dashboard)->setFocus();

    QTest::keyClick(pageOf(PageId::Dashboard), Qt::Key_N, Qt::ControlModifier);

    QCOMPARE(pageOf(PageId::Dashboard)->added, 1);
    QCOMPARE(m_window->madePages().size(), 1);
}

void MainWindowTest::remembersFilters()
{
    m_window->showPage(PageId::Channels);
    pageOf(PageId::Channels)->field->setFilter(u"status:open"_s);
    m_window.reset();

    init();

    QCOMPARE(pageOf(PageId::Channels)->field->text(), u"status:open"_s);
    QVERIFY(pageOf(PageId::Dashboard)->field->text().isEmpty());
}

void MainWindowTest::remembersItsPage()
{
    m_window->showPage(PageId::Traffic);
    m_window.reset();
    PageFactories factories;
    factories.emplace(PageId::Traffic, [](const Services &services) -> Page * {
        return new RecordingPage(PageId::Traffic, services);
    });

    m_window = std::make_unique<MainWindow>(m_fixture->services(), factories);

    QCOMPARE(m_window->currentPage()->id(), PageId::Traffic);
}

void MainWindowTest::hidesInsteadOfEnding()
{
    QSignalSpy closing(m_window.get(), &MainWindow::closing);

    m_window->close();

    QCOMPARE(closing.size(), 1);
    QCOMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Running);
    m_window->dropPages();
    QVERIFY(m_window->madePages().isEmpty());
    m_window->show();
    QVERIFY(m_window->currentPage());
}

void MainWindowTest::isAsLargeAsItWasWhenItIsRaised()
{
    m_window->setWindowState(Qt::WindowMaximized | Qt::WindowMinimized);
    QTRY_VERIFY(m_window->isMinimized());

    m_window->raiseWindow();

    QTRY_VERIFY(!m_window->isMinimized());
    QVERIFY(m_window->isMaximized());
    m_window->showNormal();
}

void MainWindowTest::itsUppermostDialogHasTheKeyboardWhenItIsRaised()
{
    QDialog outer(m_window.get());
    outer.open();
    QDialog inner(&outer);
    inner.open();
    QVERIFY(QTest::qWaitForWindowActive(&inner));
    outer.activateWindow();

    m_window->raiseWindow();

    QTRY_COMPARE(QApplication::activeWindow(), static_cast<QWidget *>(&inner));
}

void MainWindowTest::itsDialogKeepsTheKeyboardWhenItIsClicked()
{
    QDialog dialog(m_window.get());
    dialog.open();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));

    const QSignalSpy turned(qApp, &QGuiApplication::focusWindowChanged);

    m_window->windowHandle()->requestActivate(); // as a window manager does for a click

    QTRY_VERIFY(!turned.isEmpty());
    QTRY_COMPARE(QApplication::focusWindow(), dialog.windowHandle());
}

// A backup was restored without its secrets.
void MainWindowTest::tellsWhatARestoreLost()
{
    admin::Administration &administration = m_fixture->administration();
    const domain::Channel made =
        m_fixture
            ->wait(administration.channels.create({{.name = u"Keyless"_s,
                                                    .status = domain::ChannelStatus::DisabledByHand,
                                                    .models = {u"m"_s}}}))
            .front();
    const QByteArray lost =
        domain::lostSecretsJson({.channels = {made.id}, .tokens = 2, .webhookSecret = true});
    m_fixture->waitFor(administration.foundation.storage.write([lost](storage::Database &database) {
        return storage::MetaRepository(database).save(storage::meta::lostSecrets, lost);
    }));
    m_fixture->waitFor(administration.losses.load());
    auto *bar = m_window->findChild<GatewayProblemBar *>();
    QVERIFY(bar->hasMessage(u"losses"_s));

    QTest::mouseClick(tests::button<QPushButton>(bar, u"Show channels"_s), Qt::LeftButton);
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QCOMPARE(pageOf(PageId::Channels)->filter, u"id:\"%1\""_s.arg(made.id.value));
    emit bar->dismissed(u"losses"_s);

    QTRY_VERIFY(administration.losses.missing().isTold);
    QTRY_VERIFY(!bar->hasMessage(u"losses"_s));
    QCOMPARE(administration.losses.missing().channels, QList{made.id}); // for the dashboard
    m_fixture->waitFor(administration.channels.remove(made.id));
    QVERIFY(administration.losses.missing().isEmpty());
}

void MainWindowTest::isWhereItWasWhenItIsOpenedAgain()
{
    m_window->showPage(PageId::Channels);
    m_window->hide();
    m_window->dropPages();
    QVERIFY(m_window->madePages().isEmpty());

    m_window->show();

    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
}

void MainWindowTest::fitsASmallerScreen()
{
    const QSize room = m_window->screen()->availableGeometry().size();
    m_window->resize(room * 2);
    m_window.reset(); // remembers its size

    init();

    QCOMPARE(m_window->size(), room.expandedTo(m_window->minimumSize()));
}

// As after a change of its scale.
void MainWindowTest::fitsAScreenOfQuiteAnotherWidth()
{
    const QRect room = m_window->screen()->availableGeometry();
    const QString key = u"window"_s;
    m_window.reset(); // remembers its size
    UiState &state = m_fixture->services().state;
    QByteArray kept = state.layout(key, 1);
    constexpr qsizetype screenWidthAt = 46; // in what QWidget::saveGeometry() gives
    QVERIFY(kept.size() > screenWidthAt + qsizetype(sizeof(qint32)));
    qToBigEndian<qint32>(room.width() * 2, kept.data() + screenWidthAt);
    QVERIFY(!QWidget().restoreGeometry(kept));
    state.setLayout(key, 1, kept);

    init();

    const QSize first(Theme::px(1200), Theme::px(760));
    QCOMPARE(m_window->size(), first.boundedTo(room.size()).expandedTo(m_window->minimumSize()));
}

void MainWindowTest::leadsToTheJobThatGoesOn()
{
    RecordingPage *channels = pageOf(PageId::Channels);
    channels->work(u"Testing 3 / 40"_s);
    QPushButton *chip = nullptr;
    for (QPushButton *button : m_window->header().findChildren<QPushButton *>()) {
        if (button->text() == "Testing 3 / 40"_L1)
            chip = button;
    }
    QVERIFY(chip);
    QTRY_VERIFY(chip->isVisible());
    QCOMPARE(chip->grab().toImage().pixelColor(chip->width() / 2, 1), Theme::current().busy.tint);
    QCOMPARE(m_window->currentPage()->id(), PageId::Dashboard);

    QTest::mouseClick(chip, Qt::LeftButton);

    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QCOMPARE(channels->jobsShown, 1);
    pageOf(PageId::Traffic)->work(u"Exporting"_s);
    channels->work({});
    QCOMPARE(chip->text(), u"Exporting"_s);
    pageOf(PageId::Traffic)->work({});
    QVERIFY(!chip->isVisible());
}

void MainWindowTest::aJobOutlivesTheHiddenWindow()
{
    const QPointer<RecordingPage> traffic = pageOf(PageId::Traffic);
    traffic->work(u"Exporting"_s);
    m_window->hide();

    m_window->dropPages();

    QCOMPARE(m_window->madePages(), QList<Page *>{traffic.data()});
    traffic->work({});
    QTRY_VERIFY(!traffic);
    QVERIFY(m_window->madePages().isEmpty());
    m_window->show();
    QCOMPARE(m_window->currentPage()->id(), PageId::Dashboard);
}

void MainWindowTest::navigationModelIsSound()
{
    NavigationModel model({{.page = PageId::Dashboard, .text = [] { return u"A"_s; }},
                           {.page = PageId::Users, .text = [] { return u"B"_s; }}});
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);

    model.setBadge(PageId::Users, {.count = 3, .meaning = u"3 errors"_s});
    QCOMPARE(model.index(1).data(Qt::AccessibleTextRole).toString(), u"B, 3 errors"_s);
    model.setShown(PageId::Dashboard, false);

    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.pageAt(0), PageId::Users);
}

void MainWindowTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_window.get()), QStringList());
}

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
