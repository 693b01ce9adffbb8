#include "inspector/messagetab.h"
#include "inspector/summarytab.h"
#include "inspector/timelinetab.h"
#include "inspector/timelineview.h"
#include "ui/accessibilitywalk.h"
#include "ui/inspectorfixture.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;
using tests::buttonNamed;
using tests::click;

namespace {

QStringList namesOf(const std::vector<TimelineRow> &rows)
{
    QStringList names;
    for (const TimelineRow &row : rows)
        names.append(row.text);
    return names;
}

} // namespace

// What the inspector tells of a request: what it was, where it went, how long it took and what it cost.
class InspectorTest : public tests::InspectorFixture
{
    Q_OBJECT

private slots:
    void nothingIsShownAtFirst();
    void aRequestThatSucceeded();
    void costLinesAddUp();
    void twoChannelsWereTried();
    void aFailureIsExplained();
    void timelinesOfAnyRecord_data();
    void timelinesOfAnyRecord();
    void whoLeavesDoesNotBlameTheProvider();
    void tellsWhatTheGatewayTook_data();
    void tellsWhatTheGatewayTook();
    void ticksAreRound();
    void ticksAreToldInOneUnit();
    void oddNames();
    void runningRequests();
    void everyTabIsAccessible();
};

void InspectorTest::nothingIsShownAtFirst()
{
    QCOMPARE(m_inspector->shownId(), 0);
    m_inspector->show(qint64(987'654));
    QTRY_VERIFY(m_inspector->findChildren<QLabel *>().count() > 0);
    QCOMPARE(m_inspector->shownId(), 0);
}

void InspectorTest::aRequestThatSucceeded()
{
    const Sent sent = sendChat("echo-fast");
    QCOMPARE(sent.status, 200);

    showRequest(sent.requestId);

    QVERIFY(m_inspector->accessibleName().contains(u"echo-fast"_s));
    const QString facts = tab<SummaryTab>(Inspector::Tab::Summary).factText();
    QVERIFY2(facts.contains(QString::fromLatin1(sent.requestId)), qPrintable(facts));
    QVERIFY(facts.contains(u"Token: laptop"_s) && facts.contains(u"Channel: First"_s));
    QVERIFY(facts.contains(u"completed, status 200"_s));
    click(*m_inspector, u"Copy the request ID"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromLatin1(sent.requestId));
    QGuiApplication::clipboard()->clear();
    click(*m_inspector, u"Copy: Request ID"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromLatin1(sent.requestId));

    QSignalSpy items(m_inspector.get(), &Inspector::itemRequested);
    click(*m_inspector, u"Channel: First"_s);
    QCOMPARE(items.size(), 1);
    QCOMPARE(items.front().at(0).value<PageId>(), PageId::Channels);
    QSignalSpy routes(m_inspector.get(), &Inspector::routeRequested);
    click(*m_inspector, u"Route: Explain route…"_s);
    QCOMPARE(routes.value(0).value(0).toString(), u"echo-fast"_s);

    CostTable &costs = tab<SummaryTab>(Inspector::Tab::Summary).costs();
    QAbstractItemModelTester tester(&costs, QAbstractItemModelTester::FailureReportingMode::QtTest);
}

// What the person reads adds up to the recorded cost, to the last digit.
void InspectorTest::costLinesAddUp()
{
    const Sent sent = sendChat("echo-fast");
    showRequest(sent.requestId);
    SummaryTab &summary = tab<SummaryTab>(Inspector::Tab::Summary);
    const qint64 recorded = summary.report().line.record.cost.nanoDollars;
    QVERIFY(recorded > 0);

    const auto nanos = [](const CostRow &row) {
        QString digits = row.cost;
        return qRound64(digits.remove(u'$').remove(u'+').toDouble() * 1e9);
    };
    const auto sumOf = [&nanos](const std::vector<CostRow> &rows) {
        qint64 sum = 0;
        for (const CostRow &row : rows)
            sum += row.isTotal ? 0 : nanos(row);
        return sum;
    };
    QCOMPARE(sumOf(summary.costs().rows()), recorded);
    QCOMPARE(nanos(summary.costs().rows().back()), recorded);

    // After another price there is a line for the difference, which may be negative.
    for (const qint64 past : {qint64(1), recorded + 12'345, qint64(0), qint64(1'234'567'890'123)}) {
        admin::RequestReport report = summary.report();
        report.cost.difference.nanoDollars += past - report.line.record.cost.nanoDollars;
        report.line.record.cost.nanoDollars = past;
        const std::vector<CostRow> rows = CostRows::rows(report);
        if (past < 1'000'000'000)
            QCOMPARE(sumOf(rows), past);
        QCOMPARE(rows.back().isTotal, true);
    }
}

void InspectorTest::twoChannelsWereTried()
{
    const Sent sent = sendChat("mapped", true);
    QCOMPARE(sent.status, 200);

    showRequest(sent.requestId);

    TimelineTab &timeline = tab<TimelineTab>(Inspector::Tab::Timeline);
    const std::vector<TimelineRow> &rows = timeline.view().rows();
    const QString names = namesOf(rows).join(u'\n');
    QVERIFY2(names.contains(u"1  Breaks"_s) && names.contains(u"2  Serves"_s), qPrintable(names));
    QVERIFY2(names.contains(u"503 Service Unavailable"_s), qPrintable(names));
    QVERIFY2(names.contains(u"streaming"_s), qPrintable(names));
    for (const TimelineRow &row : rows)
        QVERIFY(row.begin >= 0 && row.end >= row.begin);
    const QString spoken = timeline.view().accessibleDescription();
    QVERIFY(spoken.contains(u"Breaks"_s) && spoken.contains(u"Serves"_s));
    QVERIFY(spoken.contains(u"overloaded"_s) || spoken.contains(u"fault"_s));
    QVERIFY(tab<SummaryTab>(Inspector::Tab::Summary).factText().contains(u"Left before: Breaks"_s));
    QVERIFY(m_inspector->findChildren<QLabel *>().count() > 0);

    // Each of the two attempts was captured, and what was rewritten for the last one.
    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);
    choose(request.views(), u"Changes"_s);
    QTRY_VERIFY(request.rewrites().rowCount() > 0);
    bool isMapped = false;
    for (const RewriteRow &row : request.rewrites().rows()) {
        isMapped = isMapped
                   || (row.rewrite.path == u"model"_s && row.rewrite.before == u"\"mapped\""_s
                       && row.rewrite.after == u"\"echo-fast\""_s);
    }
    QVERIFY(isMapped);
    QAbstractItemModelTester tester(&request.rewrites(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void InspectorTest::aFailureIsExplained()
{
    const Sent sent = sendChat("echo-error-400");
    QCOMPARE(sent.status, 400);

    showRequest(sent.requestId);

    SummaryTab &summary = tab<SummaryTab>(Inspector::Tab::Summary);
    QVERIFY(summary.report().explanation.contains(u"refuses the request"_s));
    QVERIFY(summary.report().providerText.contains(u"Echo answers 400"_s));
    bool isShown = false;
    for (const QLabel *label : m_inspector->findChildren<QLabel *>())
        isShown = isShown || (label->isVisible() && label->text() == summary.report().explanation);
    QVERIFY(isShown);
}

void InspectorTest::timelinesOfAnyRecord_data()
{
    using Note = domain::AttemptNote;
    QTest::addColumn<std::vector<domain::AttemptNote>>("notes");
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<int>("rows");

    QTest::newRow("no attempt") << std::vector<Note>{} << qint64(3) << 1;
    QTest::newRow("no connection")
        << std::vector<Note>{{.startedAt = 10, .endedAt = 500, .errorCode = "provider_unreachable"}}
        << qint64(1) << 3;
    QTest::newRow("no times at all") << std::vector<Note>{{}} << qint64(0) << 3;
    QTest::newRow("negative times")
        << std::vector<Note>{{.startedAt = -5, .endedAt = -9}} << qint64(-1) << 3;
    QTest::newRow("huge times") << std::vector<Note>{{.startedAt = 1,
                                                      .connectedAt = 2,
                                                      .sentAt = 3,
                                                      .answeredAt = 4,
                                                      .begunAt = 5,
                                                      .endedAt = 9'000'000'000'000'000}}
                                << qint64(5) << 7;
    QTest::newRow("it broke off in the stream")
        << std::vector<Note>{{.startedAt = 1,
                              .connectedAt = 2,
                              .sentAt = 3,
                              .answeredAt = 4,
                              .begunAt = 5,
                              .endedAt = 9,
                              .status = 200,
                              .errorCode = "provider_unreachable"}}
        << qint64(0) << 7;
}

void InspectorTest::timelinesOfAnyRecord()
{
    QFETCH(std::vector<domain::AttemptNote>, notes);
    QFETCH(qint64, milliseconds);
    admin::TrafficLine line;
    line.record.elapsedMilliseconds = milliseconds;
    line.record.attemptLog = domain::attemptLog(notes);
    line.record.stream = true;

    const std::vector<TimelineRow> rows = Timeline::rows(admin::requestReport(line, nullptr));

    QTEST(static_cast<int>(rows.size()), "rows");
    TimelineView view;
    view.setRows(rows);
    view.resize(300, 200);
    QVERIFY(!view.grab().isNull());
    QVERIFY(!view.accessibleDescription().isEmpty());
}

void InspectorTest::whoLeavesDoesNotBlameTheProvider()
{
    admin::TrafficLine line;
    line.record.stream = true;
    line.record.end = domain::EndReason::ClientGone;
    line.record.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{
        {.startedAt = 1, .endedAt = 5, .status = 503, .errorCode = "provider_overloaded"},
        {.startedAt = 6,
         .connectedAt = 7,
         .begunAt = 8,
         .endedAt = 9,
         .status = 200,
         .errorCode = "client_gone"}});
    const admin::RequestReport report = admin::requestReport(line, nullptr);

    const std::vector<TimelineRow> rows = Timeline::rows(report);

    const auto last = std::find_if(rows.rbegin(), rows.rend(), [](const TimelineRow &row) {
        return row.kind == TimelineRow::Kind::Attempt;
    });
    QVERIFY(last != rows.rend());
    QVERIFY(last->glyph == Glyph::Barred && last->tone == Tone::Neutral);
    for (auto phase = rows.rbegin(); phase != last; ++phase)
        QVERIFY(!phase->isFailure);

    TimelineTab tab(m_fixture->services());
    tab.setReport(report);
    tab.show();
    QString words;
    for (const QLabel *label : tab.findChildren<QLabel *>())
        words += label->text();
    QVERIFY2(words.contains(u"Ended with a channel that is no more: "_s), qPrintable(words));
    QVERIFY2(words.contains(u"The gateway itself took too little"_s), qPrintable(words));
    QCOMPARE(words.count(u"Left a channel that is no more: "_s), 1);
}

void InspectorTest::tellsWhatTheGatewayTook_data()
{
    QTest::addColumn<qint64>("startedAt");
    QTest::addColumn<QString>("words");

    const QString little = u"The gateway itself took too little to be measured."_s;
    const QString took =
        u"The gateway itself took %1."_s.arg(Format::duration(std::chrono::microseconds(10)));
    QTest::newRow("nothing") << qint64(0) << little;
    QTest::newRow("less than is measured") << qint64(9) << little;
    QTest::newRow("just measured") << qint64(10) << took;
}

void InspectorTest::tellsWhatTheGatewayTook()
{
    QFETCH(qint64, startedAt);
    admin::TrafficLine line;
    line.record.httpStatus = 200;
    line.record.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{
        {.startedAt = startedAt, .endedAt = startedAt + 500, .status = 200}});
    TimelineTab tab(m_fixture->services());

    tab.setReport(admin::requestReport(line, nullptr));
    tab.show();

    const auto labels = tab.findChildren<QLabel *>();
    QStringList texts;
    for (const QLabel *label : labels)
        texts.append(label->text());
    QTEST(texts.filter(u"The gateway itself took"_s).value(0), "words");
}

void InspectorTest::ticksAreToldInOneUnit()
{
    const auto texts = [](qint64 length) { return Timeline::tickTexts(Timeline::ticks(length)); };

    QCOMPARE(texts(23'900'000), QStringList({u"0 s"_s, u"5 s"_s, u"10 s"_s, u"15 s"_s, u"20 s"_s}));
    QCOMPARE(texts(1'300'000), QStringList({u"0.0 s"_s, u"0.5 s"_s, u"1.0 s"_s}));
    QCOMPARE(texts(700'000), QStringList({u"0 ms"_s, u"200 ms"_s, u"400 ms"_s, u"600 ms"_s}));
    QCOMPARE(texts(1'400), QStringList({u"0.0 ms"_s, u"0.5 ms"_s, u"1.0 ms"_s}));
    QCOMPARE(texts(170), QStringList({u"0 µs"_s, u"50 µs"_s, u"100 µs"_s, u"150 µs"_s}));
    QCOMPARE(texts(0).size(), 1);
}

void InspectorTest::ticksAreRound()
{
    using Ticks = std::vector<qint64>;
    QCOMPARE(Timeline::ticks(23'900'000),
             (Ticks{0, 5'000'000, 10'000'000, 15'000'000, 20'000'000}));
    QCOMPARE(Timeline::ticks(0), Ticks{0});
    QCOMPARE(Timeline::ticks(-7), Ticks{0});
    QVERIFY(Timeline::ticks(std::numeric_limits<qint64>::max() / 8).size() <= 6);
    QVERIFY(Timeline::ticks(190, 3).size() <= 4);
}

void InspectorTest::oddNames()
{
    admin::TrafficLine line{.id = 5};
    line.record.requestId = "r<b>1";
    line.record.model = QByteArray(10'000, 'm');
    line.record.tokenName = "<img src=x> & \xD7\xA9\xD7\x9C";
    line.record.tokenId = {3};
    line.record.username = QByteArray(10'000, 'u');
    line.record.userId = {4};
    line.record.httpStatus = 500;
    line.record.end = domain::EndReason::Failed;
    line.record.usage = {.input = domain::Usage::largest, .output = domain::Usage::largest};
    line.record.cost = {std::numeric_limits<qint64>::max()};
    line.record.elapsedMilliseconds = std::numeric_limits<int>::max();
    line.channelName = u"<h1>Channel</h1>"_s;

    m_inspector->show(line);

    const QString facts = tab<SummaryTab>(Inspector::Tab::Summary).factText();
    QVERIFY(facts.contains(u"<img src=x> & "_s));
    QVERIFY(m_inspector->minimumSizeHint().width() < 900);
    QVERIFY(!m_inspector->grab().isNull());
    for (const QLabel *label : m_inspector->findChildren<QLabel *>())
        QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
}

void InspectorTest::runningRequests()
{
    admin::TrafficLine line{.running = admin::RunningState{
                                .phase = admin::RunningState::Phase::Streaming, .bytes = 10}};
    line.record.requestId = "runs";
    line.record.model = "echo";
    line.channelName = u"First"_s;

    m_inspector->show(line);

    QCOMPARE(m_inspector->shownId(), 0);
    QCOMPARE(m_inspector->accessibleName(), u"echo"_s);
    QVERIFY(tab<SummaryTab>(Inspector::Tab::Summary).factText().contains(u"still being served"_s));
    m_inspector->setCurrentPart(Inspector::Tab::Request);
    QVERIFY(buttonNamed(*m_inspector, u"All requests"_s));
    QStringList shown;
    for (const QLabel *label : m_inspector->findChildren<QLabel *>()) {
        if (label->isVisible())
            shown.append(label->text());
    }
    QVERIFY(shown.contains(u"Not ended yet"_s));
    QVERIFY(!shown.contains(u"What was sent is not kept"_s));
    m_inspector->clear();
    QVERIFY(!m_inspector->findChild<QTabBar *>()->isVisible());
}

void InspectorTest::everyTabIsAccessible()
{
    const Sent sent = sendChat("mapped", true);
    showRequest(sent.requestId);
    for (int part = 0; part <= static_cast<int>(Inspector::Tab::Replay); ++part) {
        m_inspector->setCurrentPart(static_cast<Inspector::Tab>(part));
        QTest::qWait(100);
        QCOMPARE(tests::accessibilityProblems(m_inspector.get()), QStringList());
        for (const QString &view : {u"Body"_s, u"JSON"_s, u"Changes"_s, u"Assembled"_s}) {
            if (QAbstractButton *button = buttonNamed(*m_inspector, view)) {
                QTest::mouseClick(button, Qt::LeftButton);
                QTest::qWait(100);
                QCOMPARE(tests::accessibilityProblems(m_inspector.get()), QStringList());
            }
        }
    }
    setSetting(u"traffic.capture"_s, u"off"_s);
    showRequest(sendChat("echo-fast").requestId, false);
    QCOMPARE(tests::accessibilityProblems(m_inspector.get()), QStringList());
}

QTEST_MAIN(InspectorTest)
#include "tst_inspector.moc"
