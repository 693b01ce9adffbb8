#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "frame/addressfield.h"
#include "frame/gatewayactions.h"
#include "frame/navigation.h"
#include "frame/statusheader.h"
#include "frame/statusline.h"
#include "frame/trayicon.h"
#include "theme/theme.h"
#include "ui/find.h"
#include "ui/mainwindowfixture.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/undostack.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What the window tells of the gateway: in its header, its status line, its bar and the tray's menu.
class WindowStateTest : public tests::MainWindowFixture
{
    Q_OBJECT

private slots:
    void countsErrorsSinceTheLastLook();
    void showsAndCopiesTheAddress();
    void tellsOfAnotherAddress();
    void tellsThatAllChannelsAreDisabled();
    void showsTheWholeSearchText();
    void countsWhatServes();
    void pausesAndResumes();
    void doesNotGoOnWhileItIsHeld();
    void tellsWhatWasDoneInPart();
    void offersToUndoBesideANotice();
    void noticesFollowTheLanguage();
    void fillsTheTrayMenuWhenItIsShown();
};

void WindowStateTest::countsErrorsSinceTheLastLook()
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

void WindowStateTest::showsAndCopiesTheAddress()
{
    AddressField &field = m_window->header().address();
    QVERIFY(field.address().startsWith(u"http://"_s));

    QTest::keyClick(m_window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);

    QCOMPARE(QGuiApplication::clipboard()->text(), field.address());
}

void WindowStateTest::tellsOfAnotherAddress()
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

void WindowStateTest::tellsThatAllChannelsAreDisabled()
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

void WindowStateTest::showsTheWholeSearchText()
{
    m_window->resize(1400, 800);
    const auto *search = m_window->findChild<QToolButton *>(u"commandField"_s);
    QVERIFY(search);
    const int text = QFontMetrics(Theme::font(TextRole::Body)).horizontalAdvance(search->text());
    const int icon = Theme::px(8 + 14 + 6);
    QTRY_VERIFY(search->width() > icon + text + Theme::px(7));
}

void WindowStateTest::countsWhatServes()
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

void WindowStateTest::pausesAndResumes()
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
void WindowStateTest::doesNotGoOnWhileItIsHeld()
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
void WindowStateTest::tellsWhatWasDoneInPart()
{
    m_fixture->services().undo.noteIncomplete(
        u"Recalculated the cost of 7 records"_s,
        {.code = base::ErrorCode::Unavailable,
         .message = base::Message::verbatim(u"The disk is full."_s)});

    auto *bar = m_window->findChild<GatewayProblemBar *>();
    QVERIFY(bar->hasMessage(u"incomplete"_s));
    bar->removeMessage(u"incomplete"_s);
}

void WindowStateTest::offersToUndoBesideANotice()
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

void WindowStateTest::noticesFollowTheLanguage()
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

void WindowStateTest::fillsTheTrayMenuWhenItIsShown()
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

QTEST_MAIN(WindowStateTest)
#include "tst_windowstate.moc"
