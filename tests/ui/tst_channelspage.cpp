#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "channeleditor/bulkdialog.h"
#include "channeleditor/channeldialog.h"
#include "channels/channelcommands.h"
#include "channels/channeldetail.h"
#include "channels/channelexport.h"
#include "channels/channelfacts.h"
#include "channels/channelspage.h"
#include "channels/channeltrouble.h"
#include "channels/detailtabs.h"
#include "channels/modelchangedialog.h"
#include "channels/testsheet.h"
#include "domain/providertype.h"
#include "support/fakeupstream.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/fields/tagedit.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using tests::field;
namespace provider = gatehouse::domain::provider;

class ChannelsPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void modelsAreSound();
    void showsOddNamesAsTheyAre_data();
    void showsOddNamesAsTheyAre();
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
    void movesRowsByKeys();
    void explainsWhyRowsCannotBeMoved();
    void movesNoRowsWhileFiltered();
    void movesToAPriority();
    void offersModelsToTest();
    void takesOverNewModels();
    void saysWhatCannotBeListed();
    void undoesWhatTheDialogChanged();
    void undoesAReplacedKey();
    void leavesWhatTheGatewaySwitchedOff();
    void offersNoUndoForAnotherAddress();
    void showsTheErrorsOfAHiddenChannel();
    void savingKeepsTheFilterWhereItCan();
    void addsFromTheClipboard();
    void leavesAnUnknownClipboardAlone();
    void exportsNoSecrets();
    void showsDetails();
    void marksAChannelThatVerifiesNothing();
    void showsWhatTestsFindOut();
    void leadsToTraffic();
    void anExportLeavesTheJobOfTheTests();
    void leadsToTheFailuresThatWereCounted();
    void filters();
    void isAccessible();

private:
    domain::Channel add(domain::Channel channel);
    domain::Channel stored(domain::ChannelId id)
    {
        return m_fixture->wait(m_fixture->administration().channels.find(id));
    }
    TableView *view() const { return m_page->findChild<TableView *>(); }
    int viewRow(domain::ChannelId id) const
    {
        return tests::rowOf(view(), u"id"_s, QString::number(id.value));
    }
    QModelIndex cell(domain::ChannelId id, const QString &column) const;
    void select(const QList<domain::ChannelId> &ids);
    QAction *action(const QString &name) const { return tests::action(*m_page, name); }
    void trigger(const QString &name) { action(name)->trigger(); }
    QStringList namesInOrder() const;
    template<typename T>
    T *dialog() const
    {
        return m_page->findChild<T *>();
    }
    static void typeTag(QWidget *parent, const QString &name, const QString &text);

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ChannelsPage> m_page;
    QList<domain::ChannelId> m_ids{};
};

void ChannelsPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    connect(&m_fixture->services().undo,
            &UndoStack::failed,
            this,
            [](const QString &text, const base::Error &error) {
                qInfo().noquote() << text << "was refused:" << error.message.english();
            });
}

void ChannelsPageTest::init()
{
    m_ids.clear();
    m_fixture->services().undo.clear();
    m_page = std::make_unique<ChannelsPage>(m_fixture->services());
    m_page->resize(1100, 640);
    m_page->setVisible(true);
    m_page->setActive(true);
}

void ChannelsPageTest::cleanup()
{
    m_page.reset();
    std::vector<domain::ChannelId> ids;
    for (const auto &each : m_fixture->administration().publisher.catalog()->channels())
        ids.push_back(each->channel.id);
    if (!ids.empty())
        m_fixture->waitFor(m_fixture->administration().channels.removeAll(ids));
}

domain::Channel ChannelsPageTest::add(domain::Channel channel)
{
    if (channel.type == provider::openAi && channel.baseUrl.isEmpty())
        channel.type = provider::echo;
    if (channel.models.isEmpty())
        channel.models = {u"echo"_s};
    const domain::Channel made =
        m_fixture->wait(m_fixture->administration().channels.create({channel})).front();
    m_ids.append(made.id);
    if (!QTest::qWaitFor([&] { return viewRow(made.id) >= 0; }, 10'000))
        qWarning("The channel did not come to the table.");
    return made;
}

QModelIndex ChannelsPageTest::cell(domain::ChannelId id, const QString &column) const
{
    return view()->model()->index(viewRow(id), tableModelOf(view()->model())->columnOf(column));
}

void ChannelsPageTest::select(const QList<domain::ChannelId> &ids)
{
    view()->clearSelection();
    for (const domain::ChannelId id : ids) {
        view()->selectionModel()->select(view()->model()->index(viewRow(id), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    view()->selectionModel()->setCurrentIndex(cell(ids.back(), u"name"_s),
                                              QItemSelectionModel::NoUpdate);
}

QStringList ChannelsPageTest::namesInOrder() const
{
    QStringList names;
    const int column = tableModelOf(view()->model())->columnOf(u"name"_s);
    for (int row = 0; row < view()->model()->rowCount(); ++row)
        names.append(view()->model()->index(row, column).data().toString());
    return names;
}

void ChannelsPageTest::typeTag(QWidget *parent, const QString &name, const QString &text)
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

void ChannelsPageTest::modelsAreSound()
{
    QAbstractItemModelTester shown(view()->model(),
                                   QAbstractItemModelTester::FailureReportingMode::QtTest);
    const domain::Channel first = add({.name = u"first"_s});
    add({.name = u"second"_s, .priority = 5});

    view()->commitCell(cell(first.id, u"priority"_s), u"9"_s);

    QTRY_COMPARE(namesInOrder(), QStringList({u"first"_s, u"second"_s}));
    m_fixture->waitFor(m_fixture->administration().channels.remove(first.id));
    QTRY_COMPARE(view()->model()->rowCount(), 1);
}

void ChannelsPageTest::showsOddNamesAsTheyAre_data()
{
    QTest::addColumn<QString>("name");

    QTest::newRow("with markup") << u"<b>bold</b> & <img src=x>"_s;
    QTest::newRow("from right to left") << u"قناة عربية"_s;
    QTest::newRow("as long as a name may be") << QString(200, u'W');
    QTest::newRow("with a turning character") << u"abc\u202Edef"_s;
}

void ChannelsPageTest::showsOddNamesAsTheyAre()
{
    QFETCH(QString, name);

    const domain::Channel channel = add({.name = name, .note = QString(10'000, u'n')});
    select({channel.id});

    QCOMPARE(cell(channel.id, u"name"_s).data().toString(), name);
    QVERIFY(!m_page->grab().isNull());
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

void ChannelsPageTest::editsCells_data()
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

void ChannelsPageTest::editsCells()
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

void ChannelsPageTest::refusesNonsenseInCells_data()
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

void ChannelsPageTest::refusesNonsenseInCells()
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

void ChannelsPageTest::switchesOffAndOnBySpace()
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

void ChannelsPageTest::deletesAndBringsBack()
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

void ChannelsPageTest::duplicatesSeveral()
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

void ChannelsPageTest::editsSeveralAndLeavesTheRest()
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

void ChannelsPageTest::editsLimitsOfSeveral()
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

void ChannelsPageTest::keepsMixedLimits()
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

void ChannelsPageTest::liftsLimitsOfSeveral()
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

void ChannelsPageTest::refusesNonsenseAsALimit_data()
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

void ChannelsPageTest::refusesNonsenseAsALimit()
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

void ChannelsPageTest::showsWhatIsMixed()
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

void ChannelsPageTest::changesNothingUntouched()
{
    BulkDialog bulk({{.name = u"one"_s, .priority = 1}, {.name = u"two"_s, .priority = 1}});
    QSignalSpy confirmed(&bulk, &BulkDialog::confirmed);
    bulk.show();

    QTest::mouseClick(tests::button<QPushButton>(&bulk, u"Change 2 channels"_s), Qt::LeftButton);

    QVERIFY(confirmed.isEmpty());
    QVERIFY(!bulk.isVisible());
}

void ChannelsPageTest::refusesNonsenseForSeveral()
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

void ChannelsPageTest::movesRowsByKeys()
{
    add({.name = u"high"_s, .priority = 9});
    add({.name = u"middle"_s, .priority = 5});
    const domain::Channel low = add({.name = u"low"_s, .priority = 1});
    QTRY_COMPARE(namesInOrder(), QStringList({u"high"_s, u"middle"_s, u"low"_s}));
    select({low.id});

    QTest::keyClick(view(), Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE(namesInOrder(), QStringList({u"high"_s, u"low"_s, u"middle"_s}));

    m_fixture->services().undo.undo();
    QTRY_COMPARE(namesInOrder(), QStringList({u"high"_s, u"middle"_s, u"low"_s}));
    QCOMPARE(stored(low.id).priority, 1);
}

void ChannelsPageTest::explainsWhyRowsCannotBeMoved()
{
    add({.name = u"a"_s, .priority = 9});
    const domain::Channel second = add({.name = u"b"_s, .priority = 5});
    view()->sortBy({{.column = tableModelOf(view()->model())->columnOf(u"name"_s),
                     .order = Qt::AscendingOrder}});
    select({second.id});

    QTest::keyClick(view(), Qt::Key_Up, Qt::AltModifier);

    QTRY_VERIFY(QToolTip::text().contains(u"priority"_s));
    QCOMPARE(stored(second.id).priority, 5);
    QToolTip::hideText();
    view()->sortBy({{.column = tableModelOf(view()->model())->columnOf(u"priority"_s),
                     .order = Qt::DescendingOrder}});
}

void ChannelsPageTest::movesNoRowsWhileFiltered()
{
    add({.name = u"east 1"_s, .priority = 9});
    const domain::Channel hidden = add({.name = u"west"_s, .priority = 7});
    const domain::Channel low = add({.name = u"east 2"_s, .priority = 5});
    m_page->setFilter(u"east"_s);
    QTRY_COMPARE(namesInOrder(), QStringList({u"east 1"_s, u"east 2"_s}));
    select({low.id});

    QTest::keyClick(view(), Qt::Key_Up, Qt::AltModifier);

    QTRY_VERIFY(QToolTip::text().contains(u"filter"_s));
    QVERIFY(!m_fixture->services().undo.isBusy());
    QCOMPARE(stored(low.id).priority, 5);
    QCOMPARE(stored(hidden.id).priority, 7);
    QToolTip::hideText();
}

void ChannelsPageTest::movesToAPriority()
{
    const domain::Channel one = add({.name = u"one"_s, .priority = 30});
    const domain::Channel two = add({.name = u"two"_s, .priority = 10});
    const domain::Channel three = add({.name = u"three"_s, .priority = 10});
    select({two.id, three.id});

    QMenu *menu = action(u"channels.priority"_s)->menu();
    QVERIFY(menu);
    emit menu->aboutToShow();
    QStringList texts;
    for (const QAction *each : menu->actions())
        texts.append(each->text());
    QCOMPARE(texts.front(), u"Before all others (40)"_s);
    menu->actions().front()->trigger();

    QTRY_COMPARE(stored(three.id).priority, 40);
    QCOMPARE(stored(two.id).priority, 40);
    QCOMPARE(stored(one.id).priority, 30);
    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(two.id).priority, 10);
}

void ChannelsPageTest::offersModelsToTest()
{
    const domain::Channel channel = add({.name = u"one"_s, .models = {u"a&b"_s, u"echo"_s}});
    select({channel.id});
    QMenu *menu = action(u"channels.testModel"_s)->menu();
    QSignalSpy tested(&m_fixture->services().tester, &admin::ChannelTester::tested);

    emit menu->aboutToShow();
    QCOMPARE(menu->actions().at(0)->text(), u"a&&b"_s);
    menu->actions().at(1)->trigger();

    QTRY_COMPARE(tested.size(), 1);
    QCOMPARE(tested.front().front().value<admin::ChannelTestOutcome>().model, u"echo"_s);
}

void ChannelsPageTest::takesOverNewModels()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &) {
        return support::jsonAnswer(200,
                                   R"({"data":[{"id":"kept"},{"id":"new<b>"},{"id":"newer"}]})");
    });
    domain::Channel wanted{.name = u"one"_s,
                           .baseUrl = QString::fromLatin1(upstream.baseUrl()),
                           .models = {u"kept"_s, u"gone"_s}};
    wanted.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789"))});
    const domain::Channel channel = add(wanted);
    select({channel.id});

    trigger(u"channels.refreshModels"_s);
    QTRY_VERIFY(dialog<ModelChangeDialog>());
    auto *change = dialog<ModelChangeDialog>();
    QCOMPARE(change->added(), QStringList());
    QCOMPARE(change->removed(), QStringList{u"gone"_s});
    QCOMPARE(ModelChangeDialog::summary(wanted.models, {u"kept"_s, u"new"_s}), u"+1 −1"_s);
    QCOMPARE(tests::accessibilityProblems(change), QStringList());
    auto *list = change->findChild<QListView *>();
    QVERIFY(list->model()->setData(list->model()->index(0, 0), Qt::Checked, Qt::CheckStateRole));
    QTest::mouseClick(tests::button<QPushButton>(change, u"Take over"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(channel.id).models, QStringList({u"kept"_s, u"new<b>"_s}));
    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(channel.id).models, QStringList({u"kept"_s, u"gone"_s}));
}

void ChannelsPageTest::saysWhatCannotBeListed()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &) {
        return support::jsonAnswer(401, R"({"error":{"message":"<b>no</b>"}})");
    });
    const domain::Channel channel =
        add({.name = u"one"_s, .baseUrl = QString::fromLatin1(upstream.baseUrl())});
    select({channel.id});

    trigger(u"channels.refreshModels"_s);

    QTRY_VERIFY(
        m_page->findChild<MessageBar *>()->hasMessage(u"models %1"_s.arg(channel.id.value)));
    QVERIFY(!dialog<ModelChangeDialog>());
}

void ChannelsPageTest::undoesWhatTheDialogChanged()
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

void ChannelsPageTest::undoesAReplacedKey()
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
void ChannelsPageTest::leavesWhatTheGatewaySwitchedOff()
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
void ChannelsPageTest::offersNoUndoForAnotherAddress()
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

// Not those of the channel that happens to be selected.
void ChannelsPageTest::showsTheErrorsOfAHiddenChannel()
{
    const domain::Channel shown = add({.name = u"east"_s});
    const domain::Channel hidden = add({.name = u"west"_s});
    m_page->setFilter(u"east"_s);
    QTRY_COMPARE(namesInOrder(), QStringList{u"east"_s});
    select({shown.id});
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    emit m_page->findChild<ChannelTrouble *>()->errorsRequested(hidden.id);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().at(1).toString(), u"channel:#%1 status:error"_s.arg(hidden.id.value));
}

void ChannelsPageTest::savingKeepsTheFilterWhereItCan()
{
    const domain::Channel channel = add({.name = u"east 1"_s});
    add({.name = u"west"_s});
    m_page->setFilter(u"east"_s);
    QTRY_COMPARE(namesInOrder(), QStringList{u"east 1"_s});
    const auto rename = [&](const QString &name) {
        select({channel.id});
        trigger(u"channels.edit"_s);
        QPointer<ChannelDialog> editor(dialog<ChannelDialog>());
        QVERIFY(editor);
        field<QLineEdit>(editor, u"Name"_s)->setText(name);
        QTest::mouseClick(tests::button<QPushButton>(editor, u"Save"_s), Qt::LeftButton);
        QTRY_VERIFY(!editor);
    };

    rename(u"east 2"_s);
    QTRY_COMPARE(namesInOrder(), QStringList{u"east 2"_s});
    QCOMPARE(m_page->findChild<FilterField *>()->text(), u"east"_s);
    rename(u"north"_s);
    QTRY_COMPARE(m_page->findChild<FilterField *>()->text(), QString());
    QTRY_COMPARE(view()->model()->rowCount(), 2);
    QTRY_COMPARE(view()->selectionModel()->selectedRows().value(0).row(), viewRow(channel.id));
}

void ChannelsPageTest::addsFromTheClipboard()
{
    QGuiApplication::clipboard()->setText(u"GROQ_API_KEY=gsk_0123456789abcdef0123456789\n"_s);

    trigger(u"channels.paste"_s);

    auto *editor = dialog<ChannelDialog>();
    QVERIFY(editor);
    QVERIFY(editor->isVisible());
    QCOMPARE(editor->channel().keys.size(), 1);
    editor->reject();
}

void ChannelsPageTest::leavesAnUnknownClipboardAlone()
{
    QGuiApplication::clipboard()->setText(u"Good morning,\nhow are you?"_s);
    QSignalSpy told(m_page.get(), &Page::noticeRaised);

    trigger(u"channels.paste"_s);

    QCOMPARE(told.size(), 1);
    QVERIFY(!dialog<ChannelDialog>());
}

void ChannelsPageTest::exportsNoSecrets()
{
    domain::Channel channel{
        .name = u"one"_s,
        .headerOverrides = {{u"Authorization"_s, u"canary"_s}, {u"X-Title"_s, u"shown"_s}},
        .proxy = u"http://user:canary@proxy:8080"_s};
    channel.keys.append({.secret = base::Secret(QByteArray("canary-key"))});

    const QByteArray text = exportedChannels({channel}).toJson();

    QVERIFY(!text.contains("canary"));
    QVERIFY(text.contains("shown"));
    QVERIFY(text.contains("proxy:8080"));
}

void ChannelsPageTest::showsDetails()
{
    domain::Channel wanted{.name = u"one"_s, .models = {u"a"_s, u"b"_s}};
    wanted.modelMapping = {{u"a"_s, u"real-a"_s}};
    wanted.headerOverrides = {{u"Authorization"_s, u"canary"_s}};
    const domain::Channel channel = add(wanted);
    add({.name = u"other"_s, .models = {u"b"_s}, .priority = 5});
    select({channel.id});
    auto *detail = m_page->findChild<ChannelDetail *>();
    const auto says = [detail](const QString &text) {
        const auto lists = detail->findChildren<ChannelFacts *>();
        return std::any_of(lists.begin(), lists.end(), [&text](const ChannelFacts *list) {
            return std::any_of(
                list->facts().begin(), list->facts().end(), [&text](const Fact &fact) {
                    return fact.text.contains(text) || fact.label.contains(text);
                });
        });
    };

    for (int tab = ChannelDetail::Overview; tab <= ChannelDetail::History; ++tab) {
        detail->showTab(static_cast<ChannelDetail::Tab>(tab));
        QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
    }

    QVERIFY(says(u"priority 0, weight 1"_s));
    QVERIFY(says(u"is sent as real-a"_s));
    QVERIFY(!says(u"canary"_s));
    detail->showTab(ChannelDetail::Routing);
    QTRY_VERIFY(says(u"after other"_s));
    QTest::keyClick(m_page.get(), Qt::Key_F4);
    QTRY_VERIFY(!detail->isVisible());
    QTest::keyClick(m_page.get(), Qt::Key_F4);
    QTRY_VERIFY(detail->isVisible());
}

void ChannelsPageTest::marksAChannelThatVerifiesNothing()
{
    ChannelRow row{.channel = {.id = {1},
                               .name = u"Careless"_s,
                               .timeouts = {.total = std::chrono::seconds(90)},
                               .limits = {.concurrentRequests = 4},
                               .priceRatioMillionths = 850'000,
                               .verifyCertificate = false}};
    const auto isMarked = [](const QList<Fact> &facts) {
        return std::any_of(facts.begin(), facts.end(), [](const Fact &fact) {
            return fact.label == u"Certificate"_s && fact.tone == Tone::Failure;
        });
    };
    const auto textOf = [](const QList<Fact> &facts, const QString &label) {
        for (const Fact &fact : facts) {
            if (fact.label == label)
                return fact.text;
        }
        return QString();
    };

    QVERIFY(isMarked(DetailTabs::overview(row)));
    const QList<Fact> advanced = DetailTabs::advanced(row.channel);
    QVERIFY(isMarked(advanced));
    QCOMPARE(textOf(advanced, u"At the same time"_s), u"at most 4"_s);
    QCOMPARE(textOf(advanced, u"Price multiplier"_s), u"0.85"_s);
    QVERIFY(!textOf(advanced, u"Whole answer within"_s).isEmpty());
    row.channel.verifyCertificate = true;
    QVERIFY(!isMarked(DetailTabs::overview(row)));
}

void ChannelsPageTest::showsWhatTestsFindOut()
{
    const domain::Channel channel = add({.name = u"one"_s, .models = {u"a"_s}});
    select({channel.id});
    QCOMPARE(cell(channel.id, u"tested"_s).data().toString(), u"never"_s);
    auto *detail = m_page->findChild<ChannelDetail *>();
    detail->showTab(ChannelDetail::Overview);
    const auto says = [detail](const QString &text) {
        const auto lists = detail->findChildren<ChannelFacts *>();
        return std::any_of(lists.begin(), lists.end(), [&text](const ChannelFacts *list) {
            return std::any_of(list->facts().begin(),
                               list->facts().end(),
                               [&text](const Fact &fact) { return fact.text.contains(text); });
        });
    };
    admin::ChannelService &service = m_fixture->administration().channels;

    const auto tested = service.recordTest(channel.id, QDateTime::currentSecsSinceEpoch(), 340);
    const auto balance = service.recordBalance(channel.id, 12.5);
    QTRY_VERIFY(tested.isFinished() && balance.isFinished());
    QVERIFY(tested.result());
    QVERIFY(balance.result());

    QTRY_VERIFY(cell(channel.id, u"tested"_s).data().toString() != u"never"_s);
    QTRY_VERIFY(cell(channel.id, u"balance"_s).data().toString().startsWith(u"$12"_s));
    QTRY_VERIFY(says(u"340 ms"_s));
}

void ChannelsPageTest::anExportLeavesTheJobOfTheTests()
{
    auto *exporter = m_page->findChild<TableExporter *>();
    QVERIFY(exporter);
    admin::ChannelTester &tester = m_fixture->services().tester;

    emit exporter->jobChanged(u"Exporting"_s);
    QCOMPARE(m_page->job(), u"Exporting"_s);
    m_page->showJob();
    QVERIFY(!m_page->findChild<TestSheet *>());

    emit tester.runProgressed(1, 3, 40);
    emit exporter->jobChanged({});
    QCOMPARE(m_page->job(), u"Testing 3 / 40"_s);

    emit tester.runFinished({});
    QCOMPARE(m_page->job(), QString());
}

void ChannelsPageTest::leadsToTraffic()
{
    add({.name = u"one two"_s});
    const domain::Channel channel = add({.name = u"one two"_s});
    select({channel.id});
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    trigger(u"channels.errors"_s);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().at(1).toString(), u"channel:#%1 status:error"_s.arg(channel.id.value));
}

void ChannelsPageTest::leadsToTheFailuresThatWereCounted()
{
    const domain::Channel channel =
        add({.name = u"fails"_s, .models = {u"echo"_s, u"echo-error-503"_s, u"echo-error-400"_s}});
    const domain::Token token = m_fixture->addToken(u"failures"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(token, u"echo-error-400"_s), 400);
    QCOMPARE(m_fixture->chat(token, u"echo-error-400"_s), 400);
    QVERIFY(m_fixture->chat(token, u"echo-error-503"_s) >= 500);
    select({channel.id});
    auto *detail = m_page->findChild<ChannelDetail *>();
    detail->showTab(ChannelDetail::Overview);
    m_page->findChild<QAction *>(u"channels.refresh"_s)->trigger();
    const auto doors = [detail] {
        QList<Fact> found;
        for (const ChannelFacts *list : detail->findChildren<ChannelFacts *>()) {
            for (const Fact &fact : list->facts()) {
                if (!fact.door.isEmpty() && fact.filter.contains(u"error:"_s))
                    found.append(fact);
            }
        }
        return found;
    };
    QTRY_COMPARE(doors().size(), 2);

    for (const Fact &fact : doors()) {
        const QString filter = u"channel:#%1"_s.arg(channel.id.value) + fact.filter;
        const domain::FilterQuery query =
            domain::filterQueryFrom(filter, admin::TrafficService::filterKeys());
        const admin::TrafficCount counted =
            m_fixture->wait(m_fixture->administration().traffic.count(query, 100));
        QCOMPARE(u"%1×"_s.arg(counted.requests), fact.door);
    }
}

void ChannelsPageTest::filters()
{
    add({.name = u"alpha"_s, .models = {u"gpt-5"_s}});
    add({.name = u"beta no"_s});
    add({.name = u"gamma"_s, .status = domain::ChannelStatus::DisabledByHand});

    m_page->setFilter(u"enabled:no"_s);
    QTRY_COMPARE(namesInOrder(), QStringList{u"gamma"_s});
    m_page->setFilter(u"no"_s); // a word of a name, not that of a check box
    QTRY_COMPARE(namesInOrder(), QStringList{u"beta no"_s});
    m_page->setFilter(u"status:disabled"_s);
    QTRY_COMPARE(namesInOrder(), QStringList{u"gamma"_s});
    const auto *rows = qobject_cast<TableFilterModel *>(view()->model());
    QCOMPARE(rows->values(u"enabled"_s), QStringList({u"no"_s, u"yes"_s}));
    QCOMPARE(rows->values(u"model"_s), QStringList({u"echo"_s, u"gpt-5"_s}));
    QCOMPARE(rows->values(u"weight"_s), QStringList());
    m_page->setFilter(u"model:gpt*"_s);
    QTRY_COMPARE(namesInOrder(), QStringList{u"alpha"_s});
    m_page->setFilter(u"nothing"_s);
    QTRY_COMPARE(view()->model()->rowCount(), 0);
    QTest::keyClick(m_page->findChild<FilterField *>(), Qt::Key_Escape);
    QTRY_COMPARE(view()->model()->rowCount(), 3);
}

void ChannelsPageTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList()); // while it is empty
    const domain::Channel one = add({.name = u"one"_s});
    const domain::Channel two = add({.name = u"two"_s});
    select({one.id, two.id});
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

QTEST_MAIN(ChannelsPageTest)
#include "tst_channelspage.moc"
