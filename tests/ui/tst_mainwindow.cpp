#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "domain/filterquery.h"
#include "frame/addressfield.h"
#include "frame/commandpalette.h"
#include "frame/gatewayactions.h"
#include "frame/mainwindow.h"
#include "frame/navigation.h"
#include "frame/shortcutsdialog.h"
#include "frame/statusheader.h"
#include "frame/statusline.h"
#include "frame/trayicon.h"
#include "theme/theme.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/table/filterfield.h"
#include "widgets/undostack.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenuBar>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

// A page that remembers what it was told.
class RecordingPage : public Page
{
public:
    RecordingPage(PageId id, const Services &services)
        : Page(id, services)
    {
        addPageAction({.name = "recording.add",
                       .icon = u"plus"_s,
                       .shortcut = QKeySequence(u"Ctrl+N"_s),
                       .text = [] { return u"Add thing"_s; }},
                      [this] { ++added; });
        field->setGeometry(20, 20, 200, 28);
    }

    void setFilter(const QString &text) override { filter = text; }
    void showItem(qint64 wanted) override { item = wanted; }
    void activated() override { ++activations; }
    void deactivated() override { ++deactivations; }
    void showEvent(QShowEvent *event) override
    {
        Page::showEvent(event);
        if (whenShown)
            whenShown();
    }
    void showJob() override { ++jobsShown; }
    void work(const QString &text) { setJob(text); }
    void ask(PageId page, const QString &text) { emit navigationRequested(page, text); }

    FilterField *field = new FilterField(this);
    QString filter{};
    qint64 item = 0;
    int added = 0;
    int activations = 0;
    int deactivations = 0;
    int jobsShown = 0;
    std::function<void()> whenShown{};
};

} // namespace

class MainWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void makesPagesWhenTheyAreShown();
    void tellsPagesWhenTheyAreSeen();
    void staysWithThePageItTurnsTo();
    void followsADoorToAnotherPage();
    void offersOnlyPagesThatExist();
    void runsAPageActionByItsShortcut();
    void findsCommandsAndChannelsInThePalette();
    void findsModelsInThePalette();
    void saysWhatAChoiceIsFor();
    void findsRequestsInThePalette();
    void keepsWhatIsChosenInThePalette();
    void saysWhenNothingIsFound();
    void countsErrorsSinceTheLastLook();
    void remembersFilters();
    void listsEveryShortcut();
    void listsTheKeysOfTables();
    void showsAndCopiesTheAddress();
    void tellsOfAnotherAddress();
    void tellsThatAllChannelsAreDisabled();
    void showsTheWholeSearchText();
    void countsWhatServes();
    void pausesAndResumes();
    void doesNotGoOnWhileItIsHeld();
    void tellsWhatWasDoneInPart();
    void remembersItsPage();
    void hidesInsteadOfEnding();
    void isAsLargeAsItWasWhenItIsRaised();
    void itsUppermostDialogHasTheKeyboardWhenItIsRaised();
    void offersToUndoBesideANotice();
    void noticesFollowTheLanguage();
    void isWhereItWasWhenItIsOpenedAgain();
    void fitsASmallerScreen();
    void leadsToTheJobThatGoesOn();
    void aJobOutlivesTheHiddenWindow();
    void fillsTheTrayMenuWhenItIsShown();
    void navigationModelIsSound();
    void isAccessible();

private:
    RecordingPage *pageOf(PageId id) { return static_cast<RecordingPage *>(m_window->page(id)); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<MainWindow> m_window;
};

void MainWindowTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo chamber"_s);
}

void MainWindowTest::init()
{
    PageFactories factories;
    for (const PageId id : {PageId::Dashboard, PageId::Traffic, PageId::Channels, PageId::Models}) {
        factories.emplace(id, [id](const Services &services) -> Page * {
            return new RecordingPage(id, services);
        });
    }
    m_window = std::make_unique<MainWindow>(m_fixture->services(), factories);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void MainWindowTest::cleanup()
{
    m_window.reset();
    m_fixture->services().state.remove(u"window/page"_s);
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

void MainWindowTest::findsCommandsAndChannelsInThePalette()
{
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    auto *palette = m_window->findChild<CommandPalette *>();
    QVERIFY(palette->isVisible());
    auto *field = palette->findChild<QLineEdit *>();
    const auto *list = palette->findChild<QListView *>();

    QTest::keyClicks(field, u"echo ch"_s);
    QCOMPARE(list->currentIndex().data().toString(), u"Echo chamber"_s);
    QTest::keyClick(field, Qt::Key_Return);

    QVERIFY(!palette->isVisible());
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QVERIFY(pageOf(PageId::Channels)->item > 0);
}

void MainWindowTest::findsModelsInThePalette()
{
    admin::ChannelService &channels = m_fixture->administration().channels;
    const auto made = m_fixture->wait(channels.create(
        {{.type = domain::provider::echo, .name = u"Other"_s, .models = {u"qwen:7b"_s}}}));
    m_window->openCommandPalette();
    auto *field = m_window->findChild<CommandPalette *>()->findChild<QLineEdit *>();

    QTest::keyClicks(field, u"qwen"_s);
    QTest::keyClick(field, Qt::Key_Return);

    // The name alone would be read as a key, "qwen", and its value.
    QCOMPARE(m_window->currentPage()->id(), PageId::Models);
    QCOMPARE(pageOf(PageId::Models)->filter, u"model:\"qwen:7b\""_s);
    const auto removed = channels.remove(made.front().id);
    QTRY_VERIFY(removed.isFinished());
    QVERIFY(removed.result());
}

void MainWindowTest::findsRequestsInThePalette()
{
    const domain::Token token = m_fixture->addToken(u"palette"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    auto &traffic = m_fixture->administration().traffic;
    const admin::TrafficPage page = m_fixture->wait(traffic.page({}));
    QVERIFY(!page.lines.empty());
    const QString id = QString::fromUtf8(page.lines.front().record.requestId);
    m_window->openCommandPalette();
    auto *palette = m_window->findChild<CommandPalette *>();
    auto *field = palette->findChild<QLineEdit *>();
    const auto *list = palette->findChild<QListView *>();

    QTest::keyClicks(field, id);
    QTRY_COMPARE(list->currentIndex().data().toString(), id);
    QTest::keyClick(field, Qt::Key_Return);

    QCOMPARE(m_window->currentPage()->id(), PageId::Traffic);
    QCOMPARE(pageOf(PageId::Traffic)->filter, domain::exactTerm(u"id"_s, id));
}

// What is read from the database comes a moment later.
void MainWindowTest::keepsWhatIsChosenInThePalette()
{
    CommandPalette palette;
    const auto item = [](const QString &text) {
        return PaletteItem{.text = text, .kind = u"Channel"_s, .run = [] {}};
    };
    palette.open({item(u"alpha two"_s), item(u"alpha three"_s), item(u"alpha four"_s)});
    auto *field = palette.findChild<QLineEdit *>();
    const auto *list = palette.findChild<QListView *>();
    QTest::keyClicks(field, u"alpha"_s);
    QTest::keyClick(field, Qt::Key_Down);
    const QString chosen = list->currentIndex().data().toString();
    QVERIFY(list->currentIndex().row() == 1);

    palette.addItems({item(u"alpha"_s), item(u"other"_s)});

    QCOMPARE(list->model()->rowCount(), 4);
    QCOMPARE(list->model()->index(0, 0).data().toString(), u"alpha"_s);
    QCOMPARE(list->currentIndex().data().toString(), chosen);
}

void MainWindowTest::saysWhenNothingIsFound()
{
    m_window->openCommandPalette();
    auto *palette = m_window->findChild<CommandPalette *>();
    auto *field = palette->findChild<QLineEdit *>();

    QTest::keyClicks(field, u"zzzzqqqq <b>x"_s);

    QVERIFY(!palette->findChild<QListView *>()->isVisible());
    QVERIFY(palette->findChild<QLabel *>()->isVisible());
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(palette->isVisible());
    palette->reject();
}

void MainWindowTest::countsErrorsSinceTheLastLook()
{
    const auto badge = [this] {
        const auto *list = m_window->findChild<Navigation *>()->findChild<QListView *>();
        return list->model()->index(1, 0).data(NavigationModel::BadgeCountRole).toInt();
    };
    m_window->showPage(PageId::Traffic);
    m_window->showPage(PageId::Dashboard);
    const domain::Token token = m_fixture->addToken(u"errors"_s);
    QCOMPARE(m_fixture->chat(token, u"no-such-model"_s) / 100, 4);

    QTRY_COMPARE_WITH_TIMEOUT(badge(), 1, 15'000);
    m_window->showPage(PageId::Traffic);
    QCOMPARE(badge(), 0);
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

void MainWindowTest::listsEveryShortcut()
{
    const QList<ShortcutLine> lines =
        shortcutLines(u"Page"_s, pageOf(PageId::Dashboard)->pageActions());

    QCOMPARE(lines, QList<ShortcutLine>({{u"Page"_s, u"Add thing"_s, u"Ctrl+N"_s}}));
    QAction settings(u"设置(&S)…"_s);
    settings.setShortcut(QKeySequence(u"Ctrl+P"_s));
    QCOMPARE(shortcutLines(u"Page"_s, {&settings}),
             QList<ShortcutLine>({{u"Page"_s, u"设置"_s, u"Ctrl+P"_s}}));
}

void MainWindowTest::saysWhatAChoiceIsFor()
{
    m_window->openCommandPalette();
    auto *palette = m_window->findChild<CommandPalette *>();
    QTest::keyClicks(palette->findChild<QLineEdit *>(), u"dark"_s);

    const auto *list = palette->findChild<QListView *>();
    QCOMPARE(list->currentIndex().data().toString(), u"Theme: Dark"_s);
    palette->reject();
}

void MainWindowTest::listsTheKeysOfTables()
{
    m_window->openShortcuts();

    auto *dialog = m_window->findChild<ShortcutsDialog *>();
    QVERIFY(dialog);
    const QAbstractItemModel *lines = dialog->findChild<QTreeView *>()->model();
    const QModelIndexList found = lines->match(
        lines->index(0, 0), Qt::DisplayRole, u"Move column to the left"_s, 1, Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.front().siblingAtColumn(1).data().toString(), u"Ctrl+Shift+Left"_s);
    const QModelIndex group = found.front().parent();
    QMap<QString, QString> keys;
    for (int row = 0; row < lines->rowCount(group); ++row) {
        const QModelIndex line = lines->index(row, 0, group);
        keys.insert(line.data().toString(), line.siblingAtColumn(1).data().toString());
    }
    QCOMPARE(keys.value(u"Open the row"_s), u"Return"_s);
    QCOMPARE(keys.value(u"Edit the cell"_s), u"F2"_s);
    QCOMPARE(keys.value(u"Copy the selected rows"_s), u"Ctrl+C"_s);
    QVERIFY(!lines
                 ->match(lines->index(0, 0),
                         Qt::DisplayRole,
                         u"Show the requests of a step"_s,
                         1,
                         Qt::MatchRecursive)
                 .isEmpty());
    dialog->reject();
}

void MainWindowTest::showsAndCopiesTheAddress()
{
    AddressField &field = m_window->header().address();
    QVERIFY(field.address().startsWith(u"http://"_s));

    QTest::keyClick(m_window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(QGuiApplication::clipboard()->text(), field.address());
}

void MainWindowTest::tellsOfAnotherAddress()
{
    auto *bar = m_window->findChild<GatewayProblemBar *>();
    QVERIFY(!bar->hasMessage(u"address"_s));
    const QString former = m_fixture->url();

    m_fixture->services().gateway.restart(); // the system chooses another port

    QTRY_VERIFY(bar->hasMessage(u"address"_s));
    const QString address = m_fixture->url();
    QVERIFY(address != former);
    QVERIFY(bar->accessibleDescription().contains(address));
    QTest::mouseClick(tests::button<QPushButton>(bar, u"Copy"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), address);
}

void MainWindowTest::tellsThatAllChannelsAreDisabled()
{
    admin::ChannelService &channels = m_fixture->administration().channels;
    std::vector<domain::ChannelId> ids;
    const auto catalog = m_fixture->administration().publisher.catalog();
    for (const auto &each : catalog->channels())
        ids.push_back(each->channel.id);
    const auto says = [this](const QString &text) {
        const auto labels = m_window->findChild<StatusLine *>()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->text() == text;
        });
    };
    const auto changed =
        m_fixture->wait(channels.changeAll(ids, [](domain::Channel &channel) -> base::Result<> {
            channel.status = domain::ChannelStatus::DisabledByHand;
            return {};
        }));

    m_window->findChild<StatusLine *>()->setActive(true);

    QVERIFY(says(u"All channels are disabled"_s));
    m_fixture->wait(channels.takeBack(changed));
    m_window->findChild<StatusLine *>()->setActive(true);
    QVERIFY(!says(u"All channels are disabled"_s));
}

void MainWindowTest::showsTheWholeSearchText()
{
    m_window->resize(1400, 800);
    const auto *search = m_window->findChild<QToolButton *>(u"commandField"_s);
    QVERIFY(search);
    const int text = QFontMetrics(Theme::font(TextRole::Body)).horizontalAdvance(search->text());
    const int icon = Theme::px(8 + 14 + 6);
    QTRY_VERIFY(search->width() > icon + text + Theme::px(7));
}

void MainWindowTest::countsWhatServes()
{
    auto *line = m_window->findChild<StatusLine *>();
    const auto says = [line](const QString &part) {
        line->setActive(true); // it is brought up to date
        const auto labels = line->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&part](const QLabel *label) {
            return label->text().contains(part);
        });
    };
    const auto count =
        static_cast<int>(m_fixture->administration().publisher.catalog()->channels().size());
    const domain::Channel empty = m_fixture->addEchoChannel(u"No models yet"_s);
    m_fixture->wait(m_fixture->administration().channels.change(
        empty.id, [](domain::Channel &channel) -> base::Result<> {
            channel.models.clear();
            return {};
        }));

    QVERIFY(says(u" of %1 channels serving"_s.arg(count + 1)));
    QVERIFY(!says(u"%1 of %1 channels"_s.arg(count + 1)));

    m_fixture->services().gateway.stopNow();
    QTRY_COMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Stopped);
    QVERIFY(!says(u"serving"_s));
    QVERIFY(says(u"%1 channel"_s.arg(count + 1)));

    m_fixture->services().gateway.start();
    QTRY_COMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Running);
    m_fixture->waitFor(m_fixture->administration().channels.remove(empty.id));
}

void MainWindowTest::pausesAndResumes()
{
    const GatewayActions &actions = m_window->gatewayActions();
    QVERIFY(!actions.start()->isEnabled());

    actions.pause()->trigger();
    QCOMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Paused);
    QVERIFY(actions.pause()->isChecked());

    actions.pause()->trigger();
    QCOMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Running);
}

// As while the database is being compacted.
void MainWindowTest::doesNotGoOnWhileItIsHeld()
{
    const GatewayActions &actions = m_window->gatewayActions();
    admin::GatewayControl &gateway = m_fixture->services().gateway;
    const QString tip = actions.pause()->toolTip();

    gateway.hold();

    QCOMPARE(gateway.state(), admin::GatewayState::Paused);
    for (const QAction *action : {actions.start(), actions.pause(), actions.restart()}) {
        QVERIFY(!action->isEnabled());
        QVERIFY(action->toolTip().contains(u"compacted"_s));
    }
    gateway.resume();
    gateway.restart();
    QCOMPARE(gateway.state(), admin::GatewayState::Paused);
    gateway.release();
    QCOMPARE(gateway.state(), admin::GatewayState::Running);
    QVERIFY(actions.pause()->isEnabled());
    QCOMPARE(actions.pause()->toolTip(), tip);
}

// Such as a recalculation that is done anew and ends midway.
void MainWindowTest::tellsWhatWasDoneInPart()
{
    m_fixture->services().undo.noteIncomplete(
        u"Recalculated the cost of 7 records"_s,
        {.code = base::ErrorCode::Unavailable,
         .message = base::Message::verbatim(u"The disk is full."_s)});

    auto *bar = m_window->findChild<GatewayProblemBar *>();
    QVERIFY(bar->hasMessage(u"incomplete"_s));
    bar->removeMessage(u"incomplete"_s);
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

void MainWindowTest::offersToUndoBesideANotice()
{
    auto *line = m_window->findChild<StatusLine *>();
    QToolButton *undo = nullptr;
    for (QToolButton *button : line->findChildren<QToolButton *>()) {
        if (button->text() == u"Undo"_s)
            undo = button;
    }
    QVERIFY(undo);
    const auto labels = line->findChildren<QLabel *>();
    const auto says = [&labels](const QString &text) {
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->text().contains(text);
        });
    };
    bool isUndone = false;
    const auto done = [] { return admin::answered<void>({}); };
    m_fixture->services().undo.push({.text = u"Removed the thing"_s, .redo = done, .undo = [&] {
                                         isUndone = true;
                                         return admin::answered<void>({});
                                     }});
    QTRY_VERIFY(undo->isVisible());
    QCOMPARE(undo->accessibleName(), u"Undo: Removed the thing"_s);

    m_window->notice(u"Copied the address"_s);

    QVERIFY(undo->isVisible());
    QVERIFY(says(u"Copied the address"_s));
    QVERIFY(says(u"Removed the thing"_s));
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_VERIFY(isUndone);
    QTRY_VERIFY(says(u"Undone: "_s));
    QVERIFY(!undo->isVisible());
    // Names are said there, and may look like markup.
    for (const QLabel *label : labels)
        QCOMPARE(label->textFormat(), Qt::PlainText);
    m_fixture->services().undo.clear();
}

void MainWindowTest::noticesFollowTheLanguage()
{
    auto *line = m_window->findChild<StatusLine *>();
    const auto says = [line](const QString &text) {
        const auto labels = line->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->text().contains(text);
        });
    };
    QString language = u"en"_s;
    const auto in = [&language](const QString &english, const QString &german) {
        return [&language, english, german] { return language == u"en" ? english : german; };
    };
    const auto done = [] { return admin::answered<void>({}); };
    UndoStack &undo = m_fixture->services().undo;
    undo.push({.text = in(u"Removed"_s, u"Entfernt"_s), .redo = done, .undo = done});
    QTRY_VERIFY(says(u"Removed"_s));
    m_window->notice(in(u"Copied"_s, u"Kopiert"_s));
    QVERIFY(says(u"Copied"_s));

    language = u"de"_s;
    QEvent changed(QEvent::LanguageChange);
    QApplication::sendEvent(line, &changed);

    QVERIFY(says(u"Kopiert"_s) && says(u"Entfernt"_s));
    QCOMPARE(undo.undoText(), u"Entfernt"_s);
    undo.clear();
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

void MainWindowTest::fillsTheTrayMenuWhenItIsShown()
{
    TrayIcon tray(m_fixture->services(), m_window->gatewayActions(), {});
    QSignalSpy opened(&tray, &TrayIcon::openRequested);

    emit tray.menu()->aboutToShow();

    QStringList texts;
    for (const QAction *action : tray.menu()->actions())
        texts.append(action->text());
    QVERIFY(texts.first().startsWith(u"Running"_s));
    QVERIFY(texts.contains(u"Quit"_s));
    tray.menu()->actions().at(static_cast<int>(texts.indexOf(u"Open Gatehouse"_s)))->trigger();
    QCOMPARE(opened.size(), 1);
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
