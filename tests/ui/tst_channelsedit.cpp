#include "admin/administration.h"
#include "channeleditor/bulkdialog.h"
#include "channeleditor/channeldialog.h"
#include "channels/channelcommands.h"
#include "channels/testsheet.h"
#include "ui/accessibilitywalk.h"
#include "ui/channelsfixture.h"
#include "ui/find.h"
#include "widgets/fields/tagedit.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using tests::field;

// What is changed, of one channel or of several at once, and how it is undone.
class ChannelsEditTest : public tests::ChannelsFixture
{
    Q_OBJECT

private slots:
    void editsCells_data();
    void editsCells();
    void refusesNonsenseInCells_data();
    void refusesNonsenseInCells();
    void switchesOffAndOnBySpace();
    void deletesAndBringsBack();
    void duplicatesSeveral();
    void editsSeveralAndLeavesTheRest();
    void editsLimitsOfSeveral();
    void keepsMixedLimits();
    void liftsLimitsOfSeveral();
    void refusesNonsenseAsALimit_data();
    void refusesNonsenseAsALimit();
    void showsWhatIsMixed();
    void changesNothingUntouched();
    void refusesNonsenseForSeveral();
    void undoesWhatTheDialogChanged();
    void undoesAReplacedKey();
    void leavesWhatTheGatewaySwitchedOff();
    void offersNoUndoForAnotherAddress();

private:
    static void typeTag(QWidget *parent, const QString &name, const QString &text);
};

void ChannelsEditTest::typeTag(QWidget *parent, const QString &name, const QString &text)
{
    auto *tags = field<TagEdit>(parent, name);
    QVERIFY2(tags, qPrintable(name));
    auto *line = tags->findChild<QLineEdit *>();
    line->setFocus();
    QTest::keyClicks(line, text);
    if (line->completer() && line->completer()->popup()->isVisible())
        line->completer()->popup()->hide(); // it would take the key
    QTest::keyClick(line, Qt::Key_Return);
}

void ChannelsEditTest::editsCells_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");

    QTest::newRow("the name") << u"name"_s << QVariant(u" other "_s) << u"one"_s << u"other"_s;
    QTest::newRow("the priority") << u"priority"_s << QVariant(u"-7"_s) << u"0"_s << u"-7"_s;
    QTest::newRow("a huge priority")
        << u"priority"_s << QVariant(u"2147483647"_s) << u"0"_s << u"2147483647"_s;
    QTest::newRow("the weight") << u"weight"_s << QVariant(u"0"_s) << u"1"_s << u"0"_s;
    QTest::newRow("the groups") << u"group"_s << QVariant(u"default, vip ,default"_s)
                                << u"default"_s << u"default, vip"_s;
}

void ChannelsEditTest::editsCells()
{
    QFETCH(QString, column);
    QFETCH(QVariant, value);
    QFETCH(QString, before);
    QFETCH(QString, after);
    const domain::Channel channel = add({.name = u"one"_s});
    QCOMPARE(cell(channel.id, column).data().toString(), before);

    view()->commitCell(cell(channel.id, column), value);
    QTRY_COMPARE(cell(channel.id, column).data().toString(), after);

    m_fixture->services().undo.undo();
    QTRY_COMPARE(cell(channel.id, column).data().toString(), before);
    m_fixture->services().undo.redo();
    QTRY_COMPARE(cell(channel.id, column).data().toString(), after);
}

void ChannelsEditTest::refusesNonsenseInCells_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("value");

    QTest::newRow("no name") << u"name"_s << u"  "_s;
    QTest::newRow("a priority in words") << u"priority"_s << u"high"_s;
    QTest::newRow("a priority beyond all bounds") << u"priority"_s << u"99999999999999999999"_s;
    QTest::newRow("a negative weight") << u"weight"_s << u"-1"_s;
    QTest::newRow("a huge weight") << u"weight"_s << u"1000001"_s;
    QTest::newRow("no group") << u"group"_s << u" , "_s;
    QTest::newRow("a name of 10,000 characters") << u"name"_s << QString(10'000, u'x');
}

void ChannelsEditTest::refusesNonsenseInCells()
{
    QFETCH(QString, column);
    QFETCH(QString, value);
    const domain::Channel channel = add({.name = u"one"_s});
    QSignalSpy failed(view(), &TableView::commitFailed);

    view()->commitCell(cell(channel.id, column), value);

    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
    QCOMPARE(stored(channel.id).name, u"one"_s);
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void ChannelsEditTest::switchesOffAndOnBySpace()
{
    const domain::Channel one = add({.name = u"one"_s});
    const domain::Channel two = add({.name = u"two"_s});
    select({one.id, two.id});
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    auto *testAll = tests::button<QPushButton>(m_page.get(), u"Test &all"_s);
    QVERIFY(testAll);
    testAll->setFocus();
    QTest::keyClick(testAll, Qt::Key_Space); // presses the button alone
    QTRY_VERIFY(dialog<TestSheet>());
    dialog<TestSheet>()->close();
    QTRY_VERIFY(!dialog<TestSheet>());
    QVERIFY(stored(one.id).isEnabled());

    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setFocus();
    QTRY_VERIFY(view()->hasFocus());
    QTest::keyClick(view(), Qt::Key_Space);
    QTRY_VERIFY(!stored(one.id).isEnabled() && !stored(two.id).isEnabled());

    m_fixture->services().undo.undo();
    QTRY_VERIFY(stored(one.id).isEnabled() && stored(two.id).isEnabled());
}

void ChannelsEditTest::deletesAndBringsBack()
{
    const domain::Channel one = add({.name = u"one"_s});
    add({.name = u"two"_s});
    select({one.id});

    QTest::keyClick(view(), Qt::Key_Delete);
    QTRY_COMPARE(namesInOrder(), QStringList{u"two"_s});

    m_fixture->services().undo.undo();
    QTRY_COMPARE(view()->model()->rowCount(), 2);
    QVERIFY(viewRow(one.id) >= 0);
}

void ChannelsEditTest::duplicatesSeveral()
{
    const domain::Channel one = add({.name = u"one"_s});
    const domain::Channel two = add({.name = u"two"_s});
    select({one.id, two.id});

    trigger(u"channels.duplicate"_s);
    QTRY_COMPARE(view()->model()->rowCount(), 4);

    m_fixture->services().undo.undo();
    QTRY_COMPARE(view()->model()->rowCount(), 2);
    m_fixture->services().undo.redo();
    QTRY_COMPARE(view()->model()->rowCount(), 4);
}

void ChannelsEditTest::editsSeveralAndLeavesTheRest()
{
    const domain::Channel one =
        add({.name = u"one"_s, .models = {u"a"_s, u"b"_s}, .priority = 1, .tags = {u"old"_s}});
    const domain::Channel two = add(
        {.name = u"two"_s, .models = {u"b"_s}, .groups = {u"vip"_s}, .priority = 2, .weight = 3});
    select({one.id, two.id});
    QCOMPARE(action(u"channels.edit"_s)->text(), u"&Edit 2…"_s);

    trigger(u"channels.edit"_s);
    auto *bulk = dialog<BulkDialog>();
    QVERIFY(bulk);
    QTest::keyClicks(field<QLineEdit>(bulk, u"Priority"_s), u"42"_s);
    typeTag(bulk, u"Add models"_s, u"c"_s);
    typeTag(bulk, u"Remove models"_s, u"b"_s);
    typeTag(bulk, u"Add tags"_s, u"new"_s);
    QTest::mouseClick(tests::button<QPushButton>(bulk, u"Change 2 channels"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(one.id).priority, 42);
    const domain::Channel first = stored(one.id);
    const domain::Channel second = stored(two.id);
    QCOMPARE(second.priority, 42);
    QCOMPARE(first.models, QStringList({u"a"_s, u"c"_s}));
    QCOMPARE(second.models, QStringList{u"c"_s});
    QCOMPARE(first.tags, QStringList({u"old"_s, u"new"_s}));
    QCOMPARE(first.weight, 1);
    QCOMPARE(second.weight, 3);
    QCOMPARE(second.groups, QStringList{u"vip"_s});
    QTRY_VERIFY(!dialog<BulkDialog>());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(two.id).priority, 2);
    QCOMPARE(stored(one.id).models, QStringList({u"a"_s, u"b"_s}));
}

void ChannelsEditTest::editsLimitsOfSeveral()
{
    const domain::Channel one = add({.name = u"one"_s,
                                     .timeouts = {.connect = 3s},
                                     .limits = {.concurrentRequests = 2, .requestsPerMinute = 60}});
    const domain::Channel two = add({.name = u"two"_s, .limits = {.requestsPerMinute = 60}});
    select({one.id, two.id});
    trigger(u"channels.edit"_s);
    auto *bulk = dialog<BulkDialog>();
    QVERIFY(bulk);
    QCOMPARE(field<QLineEdit>(bulk, u"Requests a minute"_s)->text(), u"60"_s);
    const auto typeInto = [bulk](const QString &name, const QString &text) {
        auto *edit = field<QLineEdit>(bulk, name);
        QVERIFY(edit);
        edit->selectAll();
        QTest::keyClicks(edit, text);
    };

    typeInto(u"At the same time"_s, u"5"_s);
    typeInto(u"Tokens a minute"_s, u"90000"_s);
    typeInto(u"Price multiplier"_s, u"1.25"_s);
    typeInto(u"Whole answer within"_s, u"5 min"_s);
    QTest::mouseClick(tests::button<QPushButton>(bulk, u"Change 2 channels"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(one.id).limits.concurrentRequests, 5);
    for (const domain::ChannelId id : {one.id, two.id}) {
        const domain::Channel changed = stored(id);
        QCOMPARE(changed.limits.concurrentRequests, 5);
        QCOMPARE(changed.limits.requestsPerMinute, 60);
        QCOMPARE(changed.limits.tokensPerMinute, 90'000);
        QCOMPARE(changed.priceRatioMillionths, 1'250'000);
        QCOMPARE(changed.timeouts.total, std::chrono::milliseconds(5min));
    }
    QCOMPARE(stored(one.id).timeouts.connect, std::chrono::milliseconds(3s));
    QTRY_VERIFY(!dialog<BulkDialog>());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(one.id).limits, one.limits);
    QTRY_COMPARE(stored(two.id).limits, two.limits);
    QCOMPARE(stored(one.id).priceRatioMillionths, 1'000'000);
    QCOMPARE(stored(two.id).timeouts.total, 0ms);
}

void ChannelsEditTest::keepsMixedLimits()
{
    const domain::Channel one =
        add({.name = u"one"_s,
             .timeouts = {.total = 10s},
             .limits = {.concurrentRequests = 1, .requestsPerMinute = 2, .tokensPerMinute = 3},
             .priceRatioMillionths = 500'000});
    const domain::Channel two = add({.name = u"two"_s});
    select({one.id, two.id});
    trigger(u"channels.edit"_s);
    auto *bulk = dialog<BulkDialog>();
    QVERIFY(bulk);
    for (const QString &name : {u"At the same time"_s,
                                u"Requests a minute"_s,
                                u"Tokens a minute"_s,
                                u"Price multiplier"_s,
                                u"Whole answer within"_s}) {
        QCOMPARE(field<QLineEdit>(bulk, name)->text(), QString());
        QCOMPARE(field<QLineEdit>(bulk, name)->placeholderText(), u"— (mixed)"_s);
    }
    QVERIFY(bulk->change().isEmpty());

    QTest::keyClicks(field<QLineEdit>(bulk, u"Requests a minute"_s), u"30"_s);
    QTest::mouseClick(tests::button<QPushButton>(bulk, u"Change 2 channels"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(two.id).limits.requestsPerMinute, 30);
    domain::Channel expected = one;
    expected.limits.requestsPerMinute = 30;
    QCOMPARE(stored(one.id).limits, expected.limits);
    QCOMPARE(stored(one.id).priceRatioMillionths, 500'000);
    QCOMPARE(stored(one.id).timeouts.total, std::chrono::milliseconds(10s));
    QVERIFY(stored(two.id).limits == domain::ChannelLimits{.requestsPerMinute = 30});
    QCOMPARE(stored(two.id).priceRatioMillionths, 1'000'000);
}

void ChannelsEditTest::liftsLimitsOfSeveral()
{
    const domain::Channel limited{.name = u"one"_s,
                                  .timeouts = {.total = 90s},
                                  .limits = {.tokensPerMinute = 3},
                                  .priceRatioMillionths = 1'500'000};
    BulkDialog bulk({limited, limited});
    bulk.show();
    QCOMPARE(field<QLineEdit>(&bulk, u"Price multiplier"_s)->text(), u"1.5"_s);
    QVERIFY(bulk.change().isEmpty());

    field<QLineEdit>(&bulk, u"Tokens a minute"_s)->setText(u"0"_s);
    field<QLineEdit>(&bulk, u"Whole answer within"_s)->setText(u"0"_s);

    QVERIFY(bulk.change() == (BulkChange{.wholeTime = 0ms, .tokensPerMinute = 0}));
    QVERIFY(tests::button<QPushButton>(&bulk, u"Change 2 channels"_s)->isEnabled());
}

void ChannelsEditTest::refusesNonsenseAsALimit_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("typed");

    QTest::newRow("words") << u"At the same time"_s << u"many"_s;
    QTest::newRow("less than nothing") << u"Requests a minute"_s << u"-1"_s;
    QTest::newRow("too much") << u"Tokens a minute"_s << u"1000000001"_s;
    QTest::newRow("a price below zero") << u"Price multiplier"_s << u"-0.5"_s;
    QTest::newRow("too large a price") << u"Price multiplier"_s << u"1001"_s;
    QTest::newRow("no number") << u"Price multiplier"_s << u"nan"_s;
    QTest::newRow("no time") << u"Whole answer within"_s << u"soon"_s;
    QTest::newRow("more than a day") << u"Whole answer within"_s << u"25 h"_s;
}

void ChannelsEditTest::refusesNonsenseAsALimit()
{
    QFETCH(QString, name);
    QFETCH(QString, typed);
    BulkDialog bulk({{.name = u"one"_s}, {.name = u"two"_s}});
    bulk.show();
    const QPushButton *apply = tests::button<QPushButton>(&bulk, u"Change 2 channels"_s);
    auto *edit = field<QLineEdit>(&bulk, name);
    QVERIFY(edit && apply->isEnabled());

    edit->selectAll();
    QTest::keyClicks(edit, typed);

    QVERIFY(!apply->isEnabled());
    QVERIFY(bulk.change().isEmpty());
}

void ChannelsEditTest::showsWhatIsMixed()
{
    BulkDialog bulk({{.name = u"one"_s, .groups = {u"a"_s}, .priority = 1, .weight = 7},
                     {.name = u"two"_s,
                      .status = domain::ChannelStatus::DisabledByHand,
                      .groups = {u"b"_s},
                      .priority = 2,
                      .weight = 7,
                      .proxy = u"http://proxy:8080"_s}});
    bulk.show();

    QCOMPARE(field<QLineEdit>(&bulk, u"Priority"_s)->text(), QString());
    QCOMPARE(field<QLineEdit>(&bulk, u"Priority"_s)->placeholderText(), u"— (mixed)"_s);
    QCOMPARE(field<QLineEdit>(&bulk, u"Weight"_s)->text(), u"7"_s);
    QCOMPARE(field<QComboBox>(&bulk, u"State"_s)->currentText(), u"— (mixed)"_s);
    QCOMPARE(field<QComboBox>(&bulk, u"Proxy"_s)->currentText(), u"— (mixed)"_s);
    QVERIFY(bulk.change().isEmpty());
    QCOMPARE(tests::accessibilityProblems(&bulk), QStringList());
}

void ChannelsEditTest::changesNothingUntouched()
{
    BulkDialog bulk({{.name = u"one"_s, .priority = 1}, {.name = u"two"_s, .priority = 1}});
    QSignalSpy confirmed(&bulk, &BulkDialog::confirmed);
    bulk.show();

    QTest::mouseClick(tests::button<QPushButton>(&bulk, u"Change 2 channels"_s), Qt::LeftButton);

    QVERIFY(confirmed.isEmpty());
    QVERIFY(!bulk.isVisible());
}

void ChannelsEditTest::refusesNonsenseForSeveral()
{
    BulkDialog bulk({{.name = u"one"_s}, {.name = u"two"_s}});
    bulk.show();
    QPushButton *apply = tests::button<QPushButton>(&bulk, u"Change 2 channels"_s);

    auto *priority = field<QLineEdit>(&bulk, u"Priority"_s);
    priority->selectAll();
    QTest::keyClicks(priority, u"many"_s);
    QVERIFY(!apply->isEnabled());
    priority->selectAll();
    QTest::keyClicks(priority, u"3"_s);
    QVERIFY(apply->isEnabled());
    auto *proxy = field<QComboBox>(&bulk, u"Proxy"_s);
    proxy->setCurrentIndex(proxy->count() - 1);
    QVERIFY(!apply->isEnabled());
    QTest::keyClicks(field<QLineEdit>(&bulk, u"Its address"_s), u"http://proxy:8080"_s);
    QVERIFY(apply->isEnabled());
    QCOMPARE(bulk.change().proxy, u"http://proxy:8080"_s);
    QCOMPARE(bulk.change().priority, 3);
}

void ChannelsEditTest::undoesWhatTheDialogChanged()
{
    const domain::Channel channel = add({.name = u"one"_s});
    select({channel.id});
    trigger(u"channels.edit"_s);
    auto *editor = dialog<ChannelDialog>();
    QVERIFY(editor);
    field<QLineEdit>(editor, u"Name"_s)->setText(u"changed"_s);
    QTest::mouseClick(tests::button<QPushButton>(editor, u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE(stored(channel.id).name, u"changed"_s);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(channel.id).name, u"one"_s);
    m_fixture->services().undo.redo();
    QTRY_COMPARE(stored(channel.id).name, u"changed"_s);
}

void ChannelsEditTest::undoesAReplacedKey()
{
    domain::Channel wanted{.name = u"one"_s, .baseUrl = u"https://one.example"_s};
    wanted.keys.append({.secret = base::Secret(QByteArray("sk-0123456789-old-7Qa1"))});
    const domain::Channel channel = add(wanted);
    const auto ending = [&] {
        return m_fixture->wait(m_fixture->administration().channels.keys(channel.id))
            .front()
            .ending;
    };
    QCOMPARE(ending(), u"7Qa1"_s);
    select({channel.id});
    trigger(u"channels.edit"_s);
    auto *editor = dialog<ChannelDialog>();
    QVERIFY(editor);
    auto *keys = field<TableView>(editor, u"Keys and what their test said"_s);
    QVERIFY(keys && keys->model()->rowCount() == 1);
    keys->selectRow(0);
    QTest::keyClicks(field<QLineEdit>(editor, u"Another key for the selected one"_s),
                     u"sk-0123456789-new-9tRe"_s);
    QTest::mouseClick(tests::button<QPushButton>(editor, u"Replace"_s), Qt::LeftButton);
    QTest::mouseClick(tests::button<QPushButton>(editor, u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE(ending(), u"9tRe"_s);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(ending(), u"7Qa1"_s);
    QTRY_VERIFY(m_fixture->services().undo.canRedo());
    m_fixture->services().undo.redo();
    QTRY_COMPARE(ending(), u"9tRe"_s);
    QCOMPARE(stored(channel.id).keys.size(), 1);
}

// After the change that is undone.
void ChannelsEditTest::leavesWhatTheGatewaySwitchedOff()
{
    domain::Channel wanted{.name = u"one"_s, .baseUrl = u"https://one.example"_s};
    wanted.keys.append({.secret = base::Secret(QByteArray("sk-0123456789-one"))});
    const domain::Channel channel = add(wanted);
    view()->commitCell(cell(channel.id, u"name"_s), u"renamed"_s);
    QTRY_COMPARE(stored(channel.id).name, u"renamed"_s);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    QVERIFY(m_fixture->wait(m_fixture->administration().channels.setEnabledAutomatically(
        channel.id, false, u"No credit is left."_s)));

    m_fixture->services().undo.undo();

    QTRY_COMPARE(stored(channel.id).name, u"one"_s);
    QCOMPARE(stored(channel.id).status, domain::ChannelStatus::DisabledAutomatically);
    QCOMPARE(stored(channel.id).statusReason, u"No credit is left."_s);
}

// Its keys were forgotten, and what was done before can still be undone.
void ChannelsEditTest::offersNoUndoForAnotherAddress()
{
    domain::Channel wanted{.name = u"one"_s, .baseUrl = u"https://one.example"_s};
    wanted.keys.append({.secret = base::Secret(QByteArray("sk-0123456789-one"))});
    const domain::Channel channel = add(wanted);
    ChannelCommands commands(m_fixture->services());
    m_fixture->waitFor(commands.setPriority({channel}, 7));
    const auto changed = m_fixture->wait(m_fixture->administration().channels.changeAll(
        {channel.id}, [](domain::Channel &stored) -> base::Result<> {
            stored.baseUrl = u"https://two.example"_s;
            stored.keys = {{.secret = base::Secret(QByteArray("sk-0123456789-two"))}};
            return {};
        }));

    commands.noteEdited(changed.front().before, changed.front().after);

    QVERIFY(m_fixture->services().undo.undoText().contains(u"priority 7"_s));
    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(channel.id).priority, 0);
    QCOMPARE(stored(channel.id).baseUrl, u"https://two.example"_s);
}

QTEST_MAIN(ChannelsEditTest)
#include "tst_channelsedit.moc"
