#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "channeleditor/channeldialog.h"
#include "channels/channelcolumns.h"
#include "channels/channeldetail.h"
#include "channels/channelexport.h"
#include "widgets/factgrid.h"
#include "channels/channeltrouble.h"
#include "channels/detailtabs.h"
#include "channels/modelchangedialog.h"
#include "channels/testsheet.h"
#include "support/fakeupstream.h"
#include "ui/accessibilitywalk.h"
#include "ui/channelsfixture.h"
#include "ui/find.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using tests::field;

class ChannelsPageTest : public tests::ChannelsFixture
{
    Q_OBJECT

private slots:
    void modelsAreSound();
    void saysFreeOfWhatCostNothing();
    void showsOddNamesAsTheyAre_data();
    void showsOddNamesAsTheyAre();
    void movesRowsByKeys();
    void explainsWhyRowsCannotBeMoved();
    void movesNoRowsWhileFiltered();
    void movesToAPriority();
    void offersModelsToTest();
    void takesOverNewModels();
    void saysWhatCannotBeListed();
    void showsTheErrorsOfAHiddenChannel();
    void savingKeepsTheFilterWhereItCan();
    void addsFromTheClipboard();
    void leavesAnUnknownClipboardAlone();
    void exportsNoSecrets();
    void showsDetails();
    void marksAChannelThatVerifiesNothing();
    void showsWhatTestsFindOut();
    void showsBalancesInTheirCurrency();
    void leadsToTraffic();
    void anExportLeavesTheJobOfTheTests();
    void showsNoKeyOfEcho();
    void leadsToTheFailuresThatWereCounted();
    void saysHowManyChannelsComeBefore();
    void tellsOfAttemptsThatOthersMadeGood();
    void filters();
    void isAccessible();
};

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

// A model on the owner's machine may have a price.
void ChannelsPageTest::saysFreeOfWhatCostNothing()
{
    const auto columns = ChannelColumns::columns();
    const auto cost = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == "cost"_L1;
    });
    QVERIFY(cost != columns.end());
    ChannelRow row{.channel = {.type = domain::provider::ollama}};
    QCOMPARE(cost->cell(row).text, u"free"_s);

    row.overview.day.cost.nanoDollars = 1'000'000;

    QCOMPARE(cost->cell(row).text, Format::money(row.overview.day.cost));
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

    const QPointer<ChannelDialog> editor(dialog<ChannelDialog>());
    QVERIFY(editor);
    QVERIFY(editor->isVisible());
    QCOMPARE(editor->channel().keys.size(), 1);
    editor->reject(); // asks: what was pasted would be lost
    QVERIFY(editor->isVisible());
    auto *question = editor->findChild<Confirmation *>();
    QVERIFY(question);
    QTest::mouseClick(tests::button<QPushButton>(question, u"Discard"_s), Qt::LeftButton);
    QTRY_VERIFY(!editor);
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
        .bodyOverrides = {{u"api_key"_s, u"canary"_s}, {u"user"_s, u"shown"_s}},
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
    wanted.bodyOverrides = {{u"api_key"_s, u"canary"_s}};
    const domain::Channel channel = add(wanted);
    add({.name = u"other"_s, .models = {u"b"_s}, .priority = 5});
    select({channel.id});
    auto *detail = m_page->findChild<ChannelDetail *>();
    const auto says = [detail](const QString &text) {
        const auto lists = detail->findChildren<FactGrid *>();
        return std::any_of(lists.begin(), lists.end(), [&text](const FactGrid *list) {
            return std::any_of(
                list->facts().begin(), list->facts().end(), [&text](const Fact &fact) {
                    return fact.text.contains(text) || fact.label.contains(text);
                });
        });
    };

    for (int tab = ChannelDetail::Overview; tab <= ChannelDetail::History; ++tab) {
        detail->showTab(static_cast<ChannelDetail::Tab>(tab));
        QCOMPARE(tests::accessibilityProblems(m_page.get()).join(u'\n'), QString());
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

void ChannelsPageTest::showsBalancesInTheirCurrency()
{
    const domain::Channel yuan = add({.name = u"yuan"_s, .models = {u"a"_s}});
    const domain::Channel dollars = add({.name = u"dollars"_s, .models = {u"a"_s}});
    const domain::Channel points = add({.name = u"points"_s, .models = {u"a"_s}});
    admin::Administration &administration = m_fixture->administration();
    m_fixture->wait(administration.settings.set(u"accounting.exchange_rates"_s, u"CNY 8"_s));

    m_fixture->waitFor(administration.channels.recordBalance(yuan.id, {41.2, "CNY"}));
    m_fixture->waitFor(administration.channels.recordBalance(dollars.id, {12.5, "USD"}));
    m_fixture->waitFor(administration.channels.recordBalance(points.id, {900, {}}));

    const auto shown = [this](const domain::Channel &channel) {
        return cell(channel.id, u"balance"_s).data().toString();
    };
    QTRY_COMPARE(shown(yuan), u"¥41.20"_s);
    QTRY_COMPARE(shown(dollars), u"$12.50"_s);
    QTRY_COMPARE(shown(points), u"900.00 points"_s);
    // By what they are worth: 5.15 dollars come before 12.50, and points are last.
    view()->sortBy({{.column = tableModelOf(view()->model())->columnOf(u"balance"_s)}});
    QTRY_COMPARE(namesInOrder(), (QStringList{u"yuan"_s, u"dollars"_s, u"points"_s}));
}

void ChannelsPageTest::showsWhatTestsFindOut()
{
    const domain::Channel channel = add({.name = u"one"_s, .models = {u"a"_s}});
    select({channel.id});
    QCOMPARE(cell(channel.id, u"tested"_s).data().toString(), u"never"_s);
    auto *detail = m_page->findChild<ChannelDetail *>();
    detail->showTab(ChannelDetail::Overview);
    const auto says = [detail](const QString &text) {
        const auto lists = detail->findChildren<FactGrid *>();
        return std::any_of(lists.begin(), lists.end(), [&text](const FactGrid *list) {
            return std::any_of(list->facts().begin(),
                               list->facts().end(),
                               [&text](const Fact &fact) { return fact.text.contains(text); });
        });
    };
    admin::ChannelService &service = m_fixture->administration().channels;

    const auto tested = service.recordTest(channel.id, QDateTime::currentSecsSinceEpoch(), 340);
    const auto balance = service.recordBalance(channel.id, {12.5, "USD"});
    QTRY_VERIFY(tested.isFinished() && balance.isFinished());
    QVERIFY(tested.result());
    QVERIFY(balance.result());

    QTRY_VERIFY(cell(channel.id, u"tested"_s).data().toString() != u"never"_s);
    QTRY_VERIFY(cell(channel.id, u"balance"_s).data().toString().startsWith(u"$12"_s));
    QTRY_VERIFY(says(u"340 ms"_s));

    const auto failed = service.recordTest(channel.id, QDateTime::currentSecsSinceEpoch(), 0);
    QTRY_VERIFY(failed.isFinished());
    QVERIFY(failed.result());
    const auto shown = [&] { return cell(channel.id, u"tested"_s).data(role::cell).value<Cell>(); };
    QTRY_VERIFY(shown().glyph == Glyph::Cross);
    QCOMPARE(shown().suffix, u"failed"_s);
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

void ChannelsPageTest::showsNoKeyOfEcho()
{
    const domain::Channel channel = add({.name = u"one"_s});

    const admin::ChannelDetail detail =
        m_fixture->wait(m_fixture->administration().statistics.channelDetail(channel.id));

    QVERIFY(detail.keys.empty());
    const auto steps = admin::stepsOf(*m_fixture->administration().publisher.catalog(), {});
    QVERIFY(std::all_of(steps.begin(), steps.end(), [](const admin::TestStep &step) {
        return step.keyEnding.isEmpty();
    }));
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
        for (const FactGrid *list : detail->findChildren<FactGrid *>()) {
            for (const Fact &fact : list->facts()) {
                if (!fact.door.isEmpty() && fact.filter.contains(u"error:"_s))
                    found.append(fact);
            }
        }
        return found;
    };
    QTRY_COMPARE(doors().size(), 2);

    for (const Fact &fact : doors()) {
        const domain::FilterQuery query =
            domain::filterQueryFrom(fact.filter, admin::TrafficService::filterKeys());
        const admin::TrafficCount counted =
            m_fixture->wait(m_fixture->administration().traffic.count(query, 100));
        QCOMPARE(u"%1×"_s.arg(counted.requests), fact.door);
    }
}

void ChannelsPageTest::saysHowManyChannelsComeBefore()
{
    const domain::Channel channel{.id = {9}, .name = u"last"_s, .models = {u"m"_s}};
    admin::ServedModel model{.model = "m"};
    for (const QString &name : {u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s})
        model.channels.push_back({.channel = {1}, .name = name, .priority = 5});
    model.channels.push_back({.channel = channel.id, .name = channel.name});

    const QList<Fact> facts = DetailTabs::routing(channel, {model});

    QCOMPARE(facts.back().text, u"after a, b, c and 2 more"_s);
}

// The requests are those of the channels that served them.
void ChannelsPageTest::tellsOfAttemptsThatOthersMadeGood()
{
    const domain::Channel channel = add({.name = u"fails"_s});
    admin::Administration &house = m_fixture->administration();
    const auto catalog = house.publisher.catalog();
    const QList<domain::ChannelKey> keys = catalog->channel(channel.id)->channel.keys;
    const qint64 key = keys.isEmpty() ? 0 : keys.front().id;
    for (int i = 0; i < 2; ++i) {
        house.foundation.health.report(
            channel.id, key, relay::HealthEvent::Failure, catalog->settings().relay);
    }
    select({channel.id});
    auto *detail = m_page->findChild<ChannelDetail *>();
    detail->showTab(ChannelDetail::Overview);
    m_page->findChild<QAction *>(u"channels.refresh"_s)->trigger();
    const auto says = [detail](const QString &text) {
        const auto lists = detail->findChildren<FactGrid *>();
        return std::any_of(lists.begin(), lists.end(), [&text](const FactGrid *list) {
            return std::any_of(list->facts().begin(),
                               list->facts().end(),
                               [&text](const Fact &fact) { return fact.text.contains(text); });
        });
    };
    QTRY_VERIFY(says(u"2 attempts in a row failed; the requests went on"_s));
    QVERIFY(!says(u"None in the last 24 hours"_s));
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    trigger(u"channels.errors"_s);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().at(1).toString(),
             u"tried:#%1 -channel:#%1 since:24h"_s.arg(channel.id.value));
    house.channels.resetBreaker(channel.id);
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
