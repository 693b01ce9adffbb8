#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "channels/channelcommands.h"
#include "channels/channelspage.h"
#include "channels/testcolumns.h"
#include "channels/testsheet.h"
#include "domain/providertype.h"
#include "support/fakeupstream.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/testsheetfixture.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using namespace gatehouse;
using namespace gatehouse::ui;
using admin::TestStep;
using admin::TestVerdict;
using support::Script;
using tests::soundAnswer;

// Tests of channels: what is tested, how it goes, and what is told of it.
class TestSheetTest : public tests::TestSheetFixture
{
    Q_OBJECT

private slots:
    void survivesEveryProvider_data();
    void survivesEveryProvider();
    void survivesAllOfThemTogether();
    void testsEachKey();
    void testsEachModel();
    void testsOnlyWhatIsChosen();
    void tellsWhatItWillTest();
    void sumsUpByKind();
    void listingCostsNothing();
    void stopsAtOnce();
    void goesOnWhenTheWindowIsClosed();
    void copiesAReport();
    void theLargestGroupsComeFirst();
    void aFastAnswerHasATime();
    void theTableIsSorted();
    void theModelIsSound();
    void isAccessible();
};

void TestSheetTest::survivesEveryProvider_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<TestVerdict>("verdict");

    const auto head = [](int status, const QByteArrayList &lines = {}) {
        return support::answerHead(status, lines);
    };
    QTest::newRow("sound") << soundAnswer() << TestVerdict::Answered;
    QTest::newRow("a refused key")
        << support::jsonAnswer(401, R"({"error":{"message":"no","code":"invalid_api_key"}})")
        << TestVerdict::KeyRefused;
    QTest::newRow("no credit") << support::jsonAnswer(
        429, R"({"error":{"message":"pay","code":"insufficient_quota"}})")
                               << TestVerdict::NoCredit;
    QTest::newRow("a rate limit") << support::jsonAnswer(
        429, R"({"error":{"message":"slow down"}})", {"Retry-After: 41"})
                                  << TestVerdict::RateLimited;
    QTest::newRow("an unknown model")
        << support::jsonAnswer(404, R"({"error":{"message":"x","code":"model_not_found"}})")
        << TestVerdict::UnknownModel;
    QTest::newRow("a fault of its own")
        << support::jsonAnswer(503, R"({"error":{"message":"busy"}})")
        << TestVerdict::ProviderFault;
    QTest::newRow("an answer without choices")
        << support::jsonAnswer(200, "{}") << TestVerdict::NotUnderstood;
    QTest::newRow("null in all places")
        << support::jsonAnswer(200, R"({"choices":[null],"usage":null,"error":null})")
        << TestVerdict::NotUnderstood;
    QTest::newRow("no JSON") << support::jsonAnswer(200, "<html>hello</html>")
                             << TestVerdict::NotUnderstood;
    QTest::newRow("an empty body") << support::jsonAnswer(200, "") << TestVerdict::NotUnderstood;
    QTest::newRow("half a body, then gone")
        << Script().send(head(200, {"Content-Length: 500"}) + "{\"choi").close()
        << TestVerdict::NotReached;
    QTest::newRow("no answer at all") << Script().stall() << TestVerdict::TimedOut;
    QTest::newRow("a reset") << Script().reset() << TestVerdict::NotReached;
    QTest::newRow("rubbish") << Script().send("\x01\x02\xff no HTTP at all\r\n\r\n").close()
                             << TestVerdict::NotUnderstood;
    QTest::newRow("endless headers")
        << Script().send("HTTP/1.1 200 OK\r\n").repeat("X-Filler: 0123456789abcdef\r\n")
        << TestVerdict::NotUnderstood;
    QTest::newRow("an endless body") << Script()
                                            .send(head(200, {"Transfer-Encoding: chunked"}))
                                            .repeat(support::chunk(QByteArray(65'536, ' ')))
                                     << TestVerdict::NotUnderstood;
    QTest::newRow("a deep document")
        << support::jsonAnswer(200, QByteArray(100'000, '[')) << TestVerdict::NotUnderstood;
}

// Whatever it answers, the test ends with a word for it, and the key is shown nowhere.
void TestSheetTest::survivesEveryProvider()
{
    QFETCH(Script, script);
    QFETCH(TestVerdict, verdict);
    support::FakeUpstream upstream([script](const auto &) { return script; });
    add(u"<i>hostile</i>"_s, upstream);
    TestSheet sheet(m_fixture->services());

    runAll(sheet);

    QCOMPARE(sheet.table().row(0).state, TestStep::State::Done);
    QCOMPARE(sheet.table().row(0).outcome.verdict, verdict);
    QVERIFY(!sheet.table().row(0).outcome.text.english().contains(u"canary"_s));
    QVERIFY(!sheet.table().row(0).outcome.text.isEmpty());
    QVERIFY(!sheet.grab().isNull());
}

void TestSheetTest::survivesAllOfThemTogether()
{
    std::vector<std::unique_ptr<support::FakeUpstream>> upstreams;
    const std::vector<Script> scripts{soundAnswer(),
                                      support::jsonAnswer(401, "{}"),
                                      support::jsonAnswer(500, QByteArray(1'000'000, 'x')),
                                      Script().stall(),
                                      Script().reset(),
                                      Script().send("HTTP/1.1 200 OK\r\n").repeat("A: b\r\n"),
                                      support::jsonAnswer(200, "{\"choices\":[]}")};
    for (int i = 0; i < 21; ++i) {
        const Script script = scripts[static_cast<size_t>(i) % scripts.size()];
        upstreams.push_back(
            std::make_unique<support::FakeUpstream>([script](const auto &) { return script; }));
        add(u"channel %1"_s.arg(i), *upstreams.back());
    }
    TestSheet sheet(m_fixture->services());

    runAll(sheet);

    const std::vector<admin::ChannelTestOutcome> outcomes = run()->outcomes;
    QCOMPARE(outcomes.size(), size_t(21));
    const auto answered = std::count_if(
        outcomes.begin(), outcomes.end(), [](const auto &outcome) { return outcome.succeeded(); });
    QCOMPARE(answered, 3);
}

void TestSheetTest::testsEachKey()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &request) {
        return request.header("Authorization").endsWith("good-7Qa1")
                   ? soundAnswer()
                   : support::jsonAnswer(401, R"({"error":{"message":"no"}})");
    });
    add(u"one"_s, upstream, {u"m"_s}, {"sk-0123456789-good-7Qa1", "sk-0123456789-bad-9tRe"});
    TestSheet sheet(m_fixture->services());
    sheet.show();
    check(sheet, u"With each key"_s)->click();

    runAll(sheet);

    QCOMPARE(sheet.table().rowCount(), 2);
    QCOMPARE(sheet.table().row(0).keyEnding, u"7Qa1"_s);
    QCOMPARE(sheet.table().row(0).outcome.verdict, TestVerdict::Answered);
    QCOMPARE(sheet.table().row(1).keyEnding, u"9tRe"_s);
    QCOMPARE(sheet.table().row(1).outcome.verdict, TestVerdict::KeyRefused);
}

void TestSheetTest::testsEachModel()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &request) {
        return request.body.contains("\"bad\"")
                   ? support::jsonAnswer(404, R"({"error":{"code":"model_not_found"}})")
                   : soundAnswer();
    });
    add(u"one"_s, upstream, {u"good"_s, u"bad"_s, u"fine"_s});
    TestSheet sheet(m_fixture->services());
    sheet.show();
    choose(sheet, admin::TestSubject::AllModels);

    runAll(sheet);

    QCOMPARE(upstream.requestCount(), 3);
    QCOMPARE(sheet.table().row(1).model, u"bad"_s);
    QCOMPARE(sheet.table().row(1).outcome.verdict, TestVerdict::UnknownModel);
    QCOMPARE(sheet.table().row(2).outcome.verdict, TestVerdict::Answered);
}

void TestSheetTest::testsOnlyWhatIsChosen()
{
    support::FakeUpstream upstream([](const auto &) { return soundAnswer(); });
    const domain::Channel on = add(u"on"_s, upstream);
    const domain::Channel off = add(u"off"_s, upstream);
    m_fixture->wait(m_fixture->administration().channels.change(
        off.id, [](domain::Channel &channel) -> base::Result<> {
            channel.status = domain::ChannelStatus::DisabledByHand;
            return {};
        }));
    TestSheet sheet(m_fixture->services());

    runAll(sheet);
    QCOMPARE(sheet.table().rowCount(), 1);
    QCOMPARE(sheet.table().row(0).channel, on.id);

    check(sheet, u"Disabled channels too"_s)->click();
    runAll(sheet);
    QCOMPARE(sheet.table().rowCount(), 2);

    TestSheet ofOne(m_fixture->services(), {off.id});
    runAll(ofOne);
    QCOMPARE(ofOne.table().rowCount(), 1);
    QCOMPARE(ofOne.table().row(0).channel, off.id);
}

void TestSheetTest::tellsWhatItWillTest()
{
    support::FakeUpstream upstream([](const auto &) { return soundAnswer(); });
    TestSheet sheet(m_fixture->services());
    sheet.show();
    QVERIFY(says(sheet, u"There is nothing to test."_s));
    add(u"one"_s, upstream, {u"m"_s}, {"sk-0123456789-first", "sk-0123456789-other"});
    add(u"two"_s, upstream);

    choose(sheet, admin::TestSubject::Listing);
    QVERIFY(says(sheet, u"2 channels · 2 keys · 2 tests · they cost nothing"_s));
    check(sheet, u"With each key"_s)->click();

    QVERIFY(says(sheet, u"2 channels · 3 keys · 3 tests"_s));
    choose(sheet, admin::TestSubject::OneModel);
    const admin::TestForecast forecast = m_fixture->services().tester.forecast(
        {.scope = admin::TestScope::Enabled, .eachKey = true});
    QCOMPARE(forecast.channels, 2);
    QCOMPARE(forecast.keys, 3);
    QCOMPARE(forecast.tests, 3);
}

void TestSheetTest::sumsUpByKind()
{
    support::FakeUpstream good([](const auto &) { return soundAnswer(); });
    support::FakeUpstream bad([](const auto &) {
        return support::jsonAnswer(401, R"({"error":{"message":"no","type":"auth_error"}})");
    });
    add(u"good"_s, good);
    add(u"bad"_s, bad);
    TestSheet sheet(m_fixture->services());

    runAll(sheet);

    QTRY_VERIFY(says(sheet, u"1 of 2 answered"_s));
    const auto *sums = sheet.findChild<VerdictSums *>();
    QVERIFY(sums->text().contains(u"1 answered"_s));
    QVERIFY(sums->text().contains(u"refused"_s));
    QCOMPARE(sums->toolTip(), sums->text());
}

void TestSheetTest::listingCostsNothing()
{
    support::FakeUpstream upstream([](const auto &) {
        return support::jsonAnswer(200, R"({"data":[{"id":"a"},{"id":"b"}]})");
    });
    add(u"one"_s, upstream, {u"gpt-4o"_s});
    auto &tester = m_fixture->services().tester;
    QVERIFY(tester.forecast({}).cost.nanoDollars > 0 || tester.forecast({}).unpriced > 0);
    QCOMPARE(tester.forecast({.subject = admin::TestSubject::Listing}).cost, domain::Cost());
    TestSheet sheet(m_fixture->services());
    sheet.show();
    choose(sheet, admin::TestSubject::Listing);

    runAll(sheet);

    QCOMPARE(sheet.table().row(0).outcome.verdict, TestVerdict::Answered);
    QCOMPARE(upstream.lastRequest().method, QByteArray("GET"));
}

void TestSheetTest::stopsAtOnce()
{
    support::FakeUpstream quick([](const auto &) { return soundAnswer(); });
    support::FakeUpstream silent([](const auto &) { return Script().stall(); });
    const domain::Channel first = add(u"quick"_s, quick);
    m_fixture->wait(m_fixture->administration().channels.change(
        first.id, [](domain::Channel &channel) -> base::Result<> {
            channel.priority = 9; // it is tested first
            return {};
        }));
    for (int i = 0; i < 12; ++i)
        add(u"silent %1"_s.arg(i), silent);
    TestSheet sheet(m_fixture->services());
    sheet.show();
    click(sheet, button(sheet, u"Start"_s) ? u"Start"_s : u"Test again"_s);
    QTRY_VERIFY(run()->done() >= 1 && silent.requestCount() >= 1);

    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(button(sheet, u"Stop"_s)->isVisible());
    click(sheet, u"Stop"_s);
    QTRY_VERIFY(isOver());

    QVERIFY(timer.elapsed() < 1500); // well before the silent ones would time out one after another
    QVERIFY(run()->cancelled);
    QCOMPARE(run()->steps.front().outcome.verdict, TestVerdict::Answered);
    QCOMPARE(run()->steps.back().outcome.verdict, TestVerdict::NotTested);
    QTRY_VERIFY(button(sheet, u"Test again"_s)->isVisible());
}

void TestSheetTest::goesOnWhenTheWindowIsClosed()
{
    support::FakeUpstream slow([](const auto &) {
        const QByteArray body = tests::soundBody();
        return Script().pause(200ms).send(
            support::answerHead(200,
                                {"Content-Type: application/json",
                                 "Content-Length: " + QByteArray::number(body.size())})
            + body);
    });
    for (int i = 0; i < 8; ++i)
        add(u"slow %1"_s.arg(i), slow);
    auto page = std::make_unique<ChannelsPage>(m_fixture->services());
    page->setVisible(true);
    page->setActive(true);
    QSignalSpy jobs(page.get(), &Page::jobChanged);
    auto *sheet = new TestSheet(m_fixture->services(), {}, page.get());
    sheet->open();
    click(*sheet, button(*sheet, u"Start"_s) ? u"Start"_s : u"Test again"_s);
    QTRY_VERIFY(run()->done() >= 1);
    QVERIFY(!jobs.isEmpty());
    QVERIFY(page->job().startsWith(u"Testing "_s));

    page.reset(); // with the sheet, in mid-run

    QTRY_VERIFY(isOver());
    QCOMPARE(run()->done(), 8);
    TestSheet again(m_fixture->services());
    QCOMPARE(again.table().rowCount(), 8);
}

void TestSheetTest::copiesAReport()
{
    support::FakeUpstream upstream(
        [](const auto &) { return support::jsonAnswer(401, R"({"error":{"message":"a\tb"}})"); });
    add(u"one"_s, upstream);
    TestSheet sheet(m_fixture->services());
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Copy report"_s)->isEnabled());

    click(sheet, u"Copy report"_s);

    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text.count(u'\n'), 2);
    QVERIFY(text.contains(u"one\t"_s));
    QVERIFY(text.contains(u"Key refused"_s));
    QVERIFY(text.contains(u"401: a b"_s));
    QVERIFY(!text.contains(u"canary"_s));
    admin::ChannelTestRun underWay = *run();
    underWay.steps.front().state = TestStep::State::Running;
    QVERIFY(TestColumns::report(underWay).contains(u"Waiting for an answer"_s));
}

void TestSheetTest::theLargestGroupsComeFirst()
{
    admin::ChannelTestRun run;
    const auto add = [&run](TestVerdict verdict, int count) {
        for (int i = 0; i < count; ++i)
            run.steps.push_back({.state = TestStep::State::Done, .outcome = {.verdict = verdict}});
    };
    add(TestVerdict::Answered, 2);
    add(TestVerdict::KeyRefused, 1);
    add(TestVerdict::NotReached, 30);
    add(TestVerdict::NotTested, 2);
    const auto sums = verdictsOf(run);

    QCOMPARE(sums.size(), size_t(4));
    QCOMPARE(sums[0].first, TestVerdict::NotReached);
    QCOMPARE(sums[0].second, 30);
    QCOMPARE(sums[1].first, TestVerdict::Answered);
    QCOMPARE(sums[3].first, TestVerdict::KeyRefused);

    VerdictSums shown;
    shown.show(sums);
    shown.resize(1'000, shown.height());
    shown.QWidget::show();
    const int line = shown.height();
    shown.resize(200, line);
    QTRY_COMPARE(shown.height(), 2 * line);
}

void TestSheetTest::aFastAnswerHasATime()
{
    using State = admin::ChannelTestOutcome::State;
    const auto columns = TestColumns::columns(2s);
    const auto time = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == u"time"_s;
    });
    QVERIFY(time != columns.end());
    TestStep step{.state = TestStep::State::Done};
    step.outcome.state = State::Answered;

    QCOMPARE(time->cell(step).text, u"<1 ms"_s);
    QCOMPARE(TestColumns::outcomeText(step.outcome), u"answered in <1 ms"_s);
    step.outcome.elapsed = 12ms;
    QCOMPARE(time->cell(step).text, u"12.0 ms"_s);
    step.outcome = {.state = State::NotTested};
    QVERIFY(time->cell(step).text.isEmpty());
}

void TestSheetTest::theTableIsSorted()
{
    const support::FakeUpstream upstream(
        [](const support::ReceivedRequest &) { return soundAnswer(); });
    add(u"beta"_s, upstream);
    add(u"alpha"_s, upstream);
    add(u"gamma"_s, upstream);
    TestSheet sheet(m_fixture->services());
    runAll(sheet);
    auto *view = sheet.findChild<TableView *>();
    const int channel = sheet.table().columnOf(u"channel"_s);
    const auto names = [&] {
        QStringList found;
        for (int row = 0; row < view->model()->rowCount(); ++row)
            found.append(view->model()->index(row, channel).data().toString());
        return found;
    };

    view->sortBy({{.column = channel, .order = Qt::DescendingOrder}});

    QCOMPARE(names(), QStringList({u"gamma"_s, u"beta"_s, u"alpha"_s}));
    QSignalSpy asked(&sheet, &TestSheet::channelRequested);
    view->setCurrentIndex(view->model()->index(0, channel));
    emit view->rowActivated(view->currentSourceRow());
    const auto wanted = asked.front().front().value<domain::ChannelId>();
    QCOMPARE(stored(wanted).name, u"gamma"_s);
}

void TestSheetTest::theModelIsSound()
{
    support::FakeUpstream upstream([](const auto &) { return soundAnswer(); });
    for (int i = 0; i < 5; ++i)
        add(u"channel %1"_s.arg(i), upstream);
    TestSheet sheet(m_fixture->services());
    QAbstractItemModelTester tester(sheet.findChild<TableView *>()->model(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);

    runAll(sheet);
}

void TestSheetTest::isAccessible()
{
    support::FakeUpstream upstream([](const auto &) { return soundAnswer(); });
    add(u"one"_s, upstream);
    TestSheet sheet(m_fixture->services());
    sheet.show();
    QCOMPARE(tests::accessibilityProblems(&sheet), QStringList());
    runAll(sheet);
    QCOMPARE(tests::accessibilityProblems(&sheet), QStringList());
}

QTEST_MAIN(TestSheetTest)
#include "tst_testsheet.moc"
