#include "theme/theme.h"
#include "widgets/detailpane.h"
#include "widgets/emptystate.h"
#include "widgets/fields/chiprow.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/secondarylabel.h"
#include "widgets/splitter.h"
#include "widgets/table/actionrow.h"
#include "widgets/table/tablefooter.h"
#include "widgets/uistate.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

QPushButton *buttonOf(const QWidget &parent, const QString &text)
{
    const QList<QPushButton *> buttons = parent.findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->text() == text && button->isVisible())
            return button;
    }
    return nullptr;
}

} // namespace

class PagePartsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void showsTheWorstMessageFirst();
    void whatLastsKeepsItsPlace();
    void keepsButtonsThatSayTheSame();
    void runsActionsOfMessages();
    void opensTheDetailsOfAMessage();
    void describesMessages();
    void showsMarkupOfMessagesAsText();
    void messagesFollowTheLanguage();
    void showsEmptyAndFilteredState();
    void followsActionsInTheHeader();
    void showsBulkActions();
    void putsWhatHasNoRoomIntoAMenu();
    void choosesChips();
    void choosesSegmentsByKeys();
    void marksTheChosenSegment();
    void switchesTabs();
    void leadsToTabsWithoutRoom();
    void catchesTheSplitterBesideItsLine();
    void remembersSplitters();
    void keepsTheOrientationOfSplitters();
};

void PagePartsTest::showsTheWorstMessageFirst()
{
    MessageBar bar;
    QVERIFY(!bar.isVisible());
    bar.showMessage({.id = u"info"_s, .tone = Tone::Busy, .text = u"An update is ready."_s});
    bar.showMessage({.id = u"bad"_s, .tone = Tone::Failure, .text = u"The port is taken."_s});
    bar.showMessage({.id = u"amber"_s, .tone = Tone::Caution, .text = u"DeepSeek rests."_s});
    const QSignalSpy dismissed(&bar, &MessageBar::dismissed);

    QCOMPARE(bar.shownId(), u"bad"_s);
    QVERIFY(buttonOf(bar, u"2 more"_s));
    QTest::mouseClick(buttonOf(bar, u"2 more"_s), Qt::LeftButton);
    QCOMPARE(bar.shownId(), u"amber"_s);

    QTest::mouseClick(bar.findChild<QToolButton *>(), Qt::LeftButton);
    QCOMPARE(dismissed.front().front().toString(), u"amber"_s);
    QCOMPARE(bar.messageCount(), 2);
    bar.removeMessage(u"info"_s);
    bar.removeMessage(u"bad"_s);
    QVERIFY(!bar.isVisible());
}

void PagePartsTest::whatLastsKeepsItsPlace()
{
    MessageBar bar;
    const auto tellTrouble = [&bar](const QString &text) {
        bar.showMessage({.id = u"trouble"_s, .tone = Tone::Failure, .text = text, .lasting = true});
    };
    tellTrouble(u"DeepSeek rests."_s);
    bar.showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = u"It was not stored."_s});

    tellTrouble(u"DeepSeek rests still."_s);
    QCOMPARE(bar.shownId(), u"failure"_s);

    QTest::mouseClick(buttonOf(bar, u"1 more"_s), Qt::LeftButton);
    QCOMPARE(bar.accessibleDescription(), u"DeepSeek rests still."_s);
    tellTrouble(u"DeepSeek rests again."_s);
    QCOMPARE(bar.accessibleDescription(), u"DeepSeek rests again."_s);
    // What happens comes to the front, though it was told before.
    bar.showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = u"It was not stored."_s});
    QCOMPARE(bar.shownId(), u"failure"_s);
}

void PagePartsTest::keepsButtonsThatSayTheSame()
{
    MessageBar bar;
    QStringList runs;
    const auto tell = [&](const QString &id, const QString &text) {
        bar.showMessage({.id = id, .text = text, .actions = {{u"Cancel"_s, [&runs, text] {
                                                                  runs.append(text);
                                                              }}}});
    };
    tell(u"export"_s, u"1 request so far"_s);
    QPushButton *button = buttonOf(bar, u"Cancel"_s);

    tell(u"export"_s, u"2 requests so far"_s);

    QCOMPARE(buttonOf(bar, u"Cancel"_s), button);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(runs, QStringList(u"2 requests so far"_s));
    // That of another message is another, lest a click meant for one reach the other.
    tell(u"other"_s, u"Something else"_s);
    QVERIFY(buttonOf(bar, u"Cancel"_s) != button);
}

void PagePartsTest::runsActionsOfMessages()
{
    MessageBar bar;
    int runs = 0;
    bar.showMessage({.id = u"a"_s, .text = u"It failed."_s, .actions = {{u"Try now"_s, [&] {
                                                                             ++runs;
                                                                             bar.removeMessage(
                                                                                 u"a"_s);
                                                                         }}}});

    QTest::mouseClick(buttonOf(bar, u"Try now"_s), Qt::LeftButton);

    QCOMPARE(runs, 1);
    QVERIFY(!bar.hasMessage(u"a"_s));
}

void PagePartsTest::opensTheDetailsOfAMessage()
{
    MessageBar bar;
    bar.showMessage({.id = u"a"_s, .text = u"It failed."_s, .details = u"code 17\n<b>"_s});
    auto *details = bar.findChild<QPushButton *>(u"details"_s);
    const auto *text = bar.findChild<QPlainTextEdit *>();
    QVERIFY(details->isVisible());
    QVERIFY(!text->isVisible());

    QTest::mouseClick(details, Qt::LeftButton);

    QVERIFY(text->isVisible());
    QCOMPARE(text->toPlainText(), u"code 17\n<b>"_s);
    QTest::mouseClick(buttonOf(bar, u"Copy"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"code 17\n<b>"_s);
    bar.showMessage({.id = u"a"_s, .text = u"It failed."_s, .details = u"code 18"_s});
    QCOMPARE(text->toPlainText(), u"code 18"_s); // they stay open while it is told anew
    QVERIFY(text->isVisible());
    bar.showMessage({.id = u"b"_s, .tone = Tone::Failure, .text = u"Worse."_s, .details = u"x"_s});
    QVERIFY(!text->isVisible());
    bar.removeMessage(u"b"_s);
    bar.showMessage({.id = u"a"_s, .text = u"It failed."_s});
    QVERIFY(!details->isVisible());
}

void PagePartsTest::describesMessages()
{
    MessageBar bar;

    bar.showMessage({.id = u"a"_s, .subject = u"DeepSeek"_s, .text = u"Key refused: 401"_s});
    QCOMPARE(bar.accessibleDescription(), u"DeepSeek – Key refused: 401"_s);
    bar.showMessage({.id = u"a"_s, .subject = u"Some keys were left out."_s, .text = u"Two."_s});

    QCOMPARE(bar.messageCount(), 1);
    QCOMPARE(bar.accessibleDescription(), u"Some keys were left out. Two."_s);
}

void PagePartsTest::showsMarkupOfMessagesAsText()
{
    MessageBar bar;

    bar.showMessage({.id = u"a"_s, .subject = u"<img src=x>"_s, .text = u"<b>failed</b>"_s});

    const QList<QLabel *> labels = bar.findChildren<QLabel *>();
    const bool escaped = std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(u"&lt;b&gt;failed"_s);
    });
    QVERIFY(escaped);
}

// What is shown is made anew, and its buttons stay the same.
void PagePartsTest::messagesFollowTheLanguage()
{
    MessageBar bar;
    QString language = u"en"_s;
    const auto in = [&language](const QString &english, const QString &german) {
        return [&language, english, german] { return language == u"en" ? english : german; };
    };
    bar.showMessage({.id = u"later"_s, .tone = Tone::Busy, .text = in(u"wait"_s, u"warten"_s)});
    bar.showMessage({.id = u"a"_s,
                     .tone = Tone::Failure,
                     .subject = u"DeepSeek"_s,
                     .text = in(u"rests."_s, u"ruht."_s),
                     .actions = {{in(u"Try now"_s, u"Versuchen"_s), [] {}}}});
    QPushButton *button = buttonOf(bar, u"Try now"_s);
    QVERIFY(button);

    language = u"de"_s;
    QEvent changed(QEvent::LanguageChange);
    QApplication::sendEvent(&bar, &changed);

    QCOMPARE(bar.accessibleDescription(), u"DeepSeek \u2013 ruht."_s);
    QCOMPARE(buttonOf(bar, u"Versuchen"_s), button);
    bar.removeMessage(u"a"_s);
    QCOMPARE(bar.accessibleDescription(), u"warten"_s);
}

void PagePartsTest::showsEmptyAndFilteredState()
{
    EmptyState empty;
    QAction add(u"Add channel"_s);
    QAction scan(u"Scan for local models"_s);
    QAction import(u"Import…"_s);
    empty.setTexts(u"No channels yet"_s, u"Add a provider key."_s);
    empty.setActions(&add, &scan, &import);
    empty.show();
    const QSignalSpy added(&add, &QAction::triggered);
    const QSignalSpy cleared(&empty, &EmptyState::filterCleared);

    QVERIFY(buttonOf(empty, u"Add channel"_s)->isDefault());
    QTest::mouseClick(buttonOf(empty, u"Add channel"_s), Qt::LeftButton);
    QCOMPARE(added.count(), 1);
    QVERIFY(buttonOf(empty, u"Import…"_s));

    empty.setFiltered(u"No channel matches “gpt”."_s);
    QVERIFY(!buttonOf(empty, u"Add channel"_s));
    QTest::mouseClick(buttonOf(empty, u"Clear filter"_s), Qt::LeftButton);
    QCOMPARE(cleared.count(), 1);
}

void PagePartsTest::followsActionsInTheHeader()
{
    PageHeader header;
    QAction add(u"&Add channel"_s);
    QAction toggle(u"Details"_s);
    toggle.setCheckable(true);
    toggle.setShortcut(Qt::Key_F4);
    header.setTitle(u"Channels"_s);
    header.addPrimary(&add);
    header.addToggle(&toggle);
    header.show();

    add.setEnabled(false);
    toggle.setChecked(true);

    auto *button = buttonOf(header, u"&Add channel"_s);
    QVERIFY(button && !button->isEnabled() && button->isDefault());
    QCOMPARE(button->accessibleName(), u"Add channel"_s);
    const QList<QToolButton *> tools = header.findChildren<QToolButton *>();
    const auto tool = std::find_if(tools.begin(), tools.end(), [](const QToolButton *one) {
        return one->accessibleName() == u"Details"_s;
    });
    QVERIFY(tool != tools.end() && (*tool)->isChecked());
    QCOMPARE((*tool)->toolTip(), u"Details (F4)"_s);
    QTest::mouseClick(*tool, Qt::LeftButton);
    QVERIFY(!toggle.isChecked() && !(*tool)->isChecked());
    header.setPrimaryEmphasised(false);
    QVERIFY(!button->isDefault());
}

void PagePartsTest::showsBulkActions()
{
    TableFooter footer;
    QAction disable(u"Disable"_s);
    footer.addBulkAction(&disable);
    footer.setSelection(u"3 selected"_s, u", $0.95"_s);
    footer.resize(600, 26);
    footer.show();
    QVERIFY(!buttonOf(footer, u"Disable"_s));

    footer.setBulkVisible(true);
    QTRY_VERIFY(buttonOf(footer, u"Disable"_s));

    const QSignalSpy triggered(&disable, &QAction::triggered);
    QTest::mouseClick(buttonOf(footer, u"Disable"_s), Qt::LeftButton);
    QCOMPARE(triggered.count(), 1);
    QCOMPARE(footer.selectionText(), u"3 selected, $0.95"_s);
}

void PagePartsTest::putsWhatHasNoRoomIntoAMenu()
{
    QWidget window;
    const QPushButton before(u"Davor"_s, &window);
    ActionRow row(&window);
    QAction edit(u"Bearbeiten"_s);
    QAction hidden(u"Nicht hier"_s);
    QAction test(u"Alle prüfen"_s);
    QAction remove(u"Löschen"_s);
    hidden.setVisible(false);
    for (QAction *action : {&edit, &hidden, &test, &remove})
        row.addRowAction(action);
    window.resize(800, 60);
    window.show();
    const QSize whole = row.sizeHint();
    row.resize(whole);
    QVERIFY(row.hiddenActions().isEmpty());
    const auto *more = row.findChild<QToolButton *>(u"moreActions"_s);
    QVERIFY(!more->isVisible());
    QVERIFY(more->previousInFocusChain() == buttonOf(row, u"Löschen"_s)); // it stands at the right

    row.resize(whole.width() - 1, whole.height());

    QVERIFY(buttonOf(row, u"Bearbeiten"_s));
    QVERIFY(row.hiddenActions().contains(&remove));
    QVERIFY(!row.hiddenActions().contains(&hidden));
    QVERIFY(more->isVisible());
    QVERIFY(row.rect().contains(more->geometry()));
    QVERIFY(row.minimumSizeHint().width() < whole.width());
    remove.setVisible(false);
    QVERIFY(!row.hiddenActions().contains(&remove));
}

void PagePartsTest::choosesChips()
{
    ChipRow row;
    row.setChips(
        {{.id = u"all"_s, .text = u"All"_s, .count = 5}, {.id = u"errors"_s, .text = u"Errors"_s}});
    row.setCurrent(u"all"_s);
    row.show();
    const QSignalSpy chosen(&row, &ChipRow::chosen);

    QTest::mouseClick(buttonOf(row, u"Errors"_s), Qt::LeftButton);
    QCOMPARE(row.current(), u"errors"_s);
    QTest::mouseClick(buttonOf(row, u"Errors"_s), Qt::LeftButton);

    QCOMPARE(chosen.count(), 2);
    QCOMPARE(chosen.at(0).front().toString(), u"errors"_s);
    QCOMPARE(chosen.at(1).front().toString(), QString());
    QCOMPARE(row.current(), QString());
    row.setCount(u"errors"_s, 7);
    QCOMPARE(buttonOf(row, u"Errors"_s)->accessibleName(), u"Errors, 7"_s);
}

void PagePartsTest::choosesSegmentsByKeys()
{
    SegmentedControl control;
    control.setSegments({{u"1h"_s, u"1 h"_s}, {u"24h"_s, u"24 h"_s}, {u"7d"_s, u"7 d"_s}});
    QCOMPARE(control.current(), u"1h"_s);
    control.show();
    QVERIFY(QTest::qWaitForWindowActive(&control));
    const QSignalSpy chosen(&control, &SegmentedControl::chosen);
    QTest::keyClick(&control, Qt::Key_Tab);

    QTest::keyClick(control.focusWidget(), Qt::Key_Right);
    QTest::keyClick(control.focusWidget(), Qt::Key_Right);
    QTest::keyClick(control.focusWidget(), Qt::Key_Right);

    QCOMPARE(chosen.count(), 2);
    QCOMPARE(control.current(), u"7d"_s);
}

// By more than its fill, which hardly shows in the dark.
void PagePartsTest::marksTheChosenSegment()
{
    SegmentedControl control;
    control.setSegments({{u"day"_s, u"Day"_s}, {u"week"_s, u"Week"_s}});
    control.setCurrent(u"week"_s);
    control.resize(control.sizeHint());
    const QList<QAbstractButton *> segments = control.findChildren<QAbstractButton *>();
    QCOMPARE(segments.size(), 2);
    const auto lowerEdge = [&control](const QAbstractButton *segment) {
        const QImage image = control.grab().toImage();
        const QRect place = segment->geometry();
        const QPointF within(place.center().x(), place.bottom() - 1);
        return image.pixel((within * image.devicePixelRatio()).toPoint());
    };
    for (const Scheme scheme : {Scheme::Dark, Scheme::Light}) {
        Theme::apply(scheme);
        QCOMPARE(lowerEdge(segments.back()), Theme::current().link.rgb());
        QVERIFY(lowerEdge(segments.front()) != Theme::current().link.rgb());
    }
}

void PagePartsTest::switchesTabs()
{
    DetailPane pane;
    auto *overview = new QLabel(u"Overview body"_s);
    auto *keys = new QLabel(u"Keys body"_s);
    pane.addTab(u"Overview"_s, overview);
    pane.addTab(u"Keys"_s, keys);
    pane.show();
    const QSignalSpy closed(&pane, &DetailPane::closeRequested);

    pane.setCurrentTab(1);
    QVERIFY(keys->isVisible() && !overview->isVisible());

    pane.setPlaceholder(u"Nothing is selected."_s);
    QVERIFY(!keys->isVisible());
    pane.setPlaceholder({});
    QVERIFY(keys->isVisible());

    const QList<QToolButton *> tools = pane.findChildren<QToolButton *>();
    const auto close = std::find_if(tools.begin(), tools.end(), [](const QToolButton *one) {
        return one->accessibleName() == u"Close the details"_s;
    });
    QVERIFY(close != tools.end());
    QTest::mouseClick(*close, Qt::LeftButton);
    QCOMPARE(closed.count(), 1);
}

void PagePartsTest::leadsToTabsWithoutRoom()
{
    DetailPane pane;
    for (const QString &title : {u"Overview"_s, u"Keys"_s, u"Models"_s, u"Routing"_s})
        pane.addTab(title, new QLabel(title));
    pane.resize(pane.tabsWidth() + 20, 300);
    pane.show();
    const auto *tabs = pane.findChild<QTabBar *>();
    const auto tools = pane.findChildren<QToolButton *>();
    const auto all = std::find_if(tools.begin(), tools.end(), [](const QToolButton *one) {
        return one->accessibleName() == u"All tabs"_s;
    });
    QVERIFY(all != tools.end());
    QVERIFY(!(*all)->isVisible());
    QVERIFY(tabs->rect().contains(tabs->tabRect(3)));

    pane.resize(pane.tabsWidth() / 2, 300);
    QVERIFY((*all)->isVisible());
    QMenu *menu = (*all)->menu();
    menu->popup(QPoint());
    QCOMPARE(menu->actions().size(), 4);
    QVERIFY(menu->actions().front()->isChecked());
    menu->actions().last()->trigger();
    menu->close();
    QCOMPARE(pane.currentTab(), 3);

    pane.setPlaceholder(u"Nothing is selected."_s);
    QVERIFY(!(*all)->isVisible());
}

void PagePartsTest::catchesTheSplitterBesideItsLine()
{
    Splitter splitter(Qt::Horizontal);
    splitter.addWidget(new QWidget);
    splitter.addWidget(new QWidget);
    splitter.resize(401, 100);
    splitter.setSizes({200, 200});
    splitter.show();
    QVERIFY(QTest::qWaitForWindowExposed(&splitter));
    QSplitterHandle *handle = splitter.handle(1);
    QCOMPARE(handle->width(), 7);
    QCOMPARE(splitter.widget(0)->width() + splitter.widget(1)->width(), 400);

    QTest::mousePress(handle, Qt::LeftButton, {}, {0, 50});
    QTest::mouseMove(handle, {40, 50});

    QCOMPARE(splitter.widget(0)->width(), 240);
}

void PagePartsTest::remembersSplitters()
{
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    const auto make = [] {
        auto splitter = std::make_unique<Splitter>(Qt::Horizontal);
        splitter->addWidget(new QWidget);
        splitter->addWidget(new QWidget);
        splitter->resize(401, 100);
        return splitter;
    };
    const auto first = make();
    first->setSizes({100, 300});
    first->remember(state, u"channels"_s);
    emit first->splitterMoved(100, 1);
    QTRY_VERIFY(!state.layout(u"splitter/channels"_s, 4).isEmpty());
    QVERIFY(state.layout(u"channels"_s, 2).isEmpty()); // a table may have that key

    const auto second = make();
    second->remember(state, u"channels"_s);

    QCOMPARE(second->sizes(), first->sizes());
}

// Whatever is stored: what a header wrote under the same key, or a splitter that lay otherwise.
void PagePartsTest::keepsTheOrientationOfSplitters()
{
    const QTemporaryDir folder;
    UiState state(folder.filePath(u"ui.ini"_s));
    QStandardItemModel columns(1, 3);
    QHeaderView header(Qt::Horizontal);
    header.setModel(&columns);
    Splitter upright(Qt::Vertical);
    upright.addWidget(new QWidget);
    upright.addWidget(new QWidget);
    const QByteArray headers = header.saveState();
    const QByteArray otherwise = upright.saveState();
    state.setLayout(u"channels"_s, 2, headers);
    state.setLayout(u"splitter/channels"_s, 4, otherwise);

    Splitter splitter(Qt::Horizontal);
    splitter.addWidget(new QWidget);
    splitter.addWidget(new QWidget);
    splitter.remember(state, u"channels"_s);

    QCOMPARE(splitter.orientation(), Qt::Horizontal);
    QCOMPARE(state.layout(u"channels"_s, 2), headers);
}

QTEST_MAIN(PagePartsTest)
#include "tst_pageparts.moc"
