#include "admin/administration.h"
#include "admin/traffic/captureservice.h"
#include "capture/bodytext.h"
#include "capture/bodyview.h"
#include "capture/conversationdelegate.h"
#include "capture/conversationmodel.h"
#include "capture/findbar.h"
#include "capture/jsontreemodel.h"
#include "capture/jsonview.h"
#include "domain/capturesink.h"
#include "inspector/conversationtab.h"
#include "inspector/inspector.h"
#include "inspector/messagetab.h"
#include "inspector/replaytab.h"
#include "inspector/streamtab.h"
#include "inspector/summarytab.h"
#include "inspector/timelinetab.h"
#include "inspector/timelineview.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

// The longest time in which the event loop did not turn, while it is watched.
class LoopWatch : public QObject
{
public:
    LoopWatch()
    {
        m_last.start();
        m_timer = startTimer(1);
    }
    qint64 longest() const { return m_longest; }

protected:
    void timerEvent(QTimerEvent *event) override
    {
        Q_UNUSED(event)
        m_longest = std::max(m_longest, m_last.restart());
    }

private:
    int m_timer = 0;
    QElapsedTimer m_last{};
    qint64 m_longest = 0;
};

QAbstractButton *buttonNamed(QWidget &root, const QString &name)
{
    const auto buttons = root.findChildren<QAbstractButton *>();
    for (QAbstractButton *button : buttons) {
        if ((button->text() == name || button->accessibleName() == name) && button->isVisible())
            return button;
    }
    return nullptr;
}

// What was just laid out is shown by the event loop.
void click(QWidget &root, const QString &name)
{
    QTRY_VERIFY2(buttonNamed(root, name), qPrintable(name));
    QTest::mouseClick(buttonNamed(root, name), Qt::LeftButton);
}

QStringList namesOf(const std::vector<TimelineRow> &rows)
{
    QStringList names;
    for (const TimelineRow &row : rows)
        names.append(row.text);
    return names;
}

} // namespace

// The inspector over a gateway that serves real requests by the Echo provider.
class InspectorTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void nothingIsShownAtFirst();
    void aRequestThatSucceeded();
    void costLinesAddUp();
    void twoChannelsWereTried();
    void aFailureIsExplained();
    void timelinesOfAnyRecord_data();
    void timelinesOfAnyRecord();
    void ticksAreRound();
    void bothSidesOfARequest();
    void theTreeOfABody();
    void aStream();
    void aConversation();
    void theCommandIsAccepted_data();
    void theCommandIsAccepted();
    void forgetting();
    void forgettingAToken();
    void quickChangesOfTheRequest();
    void oddTextsInAConversation();
    void nothingWasCaptured();
    void oddBodies_data();
    void oddBodies();
    void aBodyOfThirtyMegabytes();
    void aCutCapture();
    void copyingLeavesNoBreaks();
    void oddNames();
    void runningRequests();
    void everyTabIsAccessible();

private:
    struct Sent
    {
        int status = 0;
        QByteArray requestId{};
    };
    Sent send(const QByteArray &path, const QByteArray &body);
    Sent sendChat(const QByteArray &model, bool stream = false, const QByteArray &more = {});
    // Waits until it is in the ledger; the capture is kept by then if `captured`.
    qint64 lineOf(const QByteArray &requestId, bool captured = true);
    void showRequest(const QByteArray &requestId, bool captured = true);
    // Puts another body in the place of what was captured, and shows the request.
    void showBody(const QByteArray &body, qint64 size = -1);
    void setSetting(const QString &key, const QString &value)
    {
        m_fixture->waitFor(m_fixture->administration().settings.set(key, value));
    }
    template<typename Tab>
    Tab &tab(Inspector::Tab which);
    void choose(SegmentedControl *control, const QString &text);

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<Inspector> m_inspector{};
    domain::Token m_token{};
};

void InspectorTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_token = m_fixture->addToken(u"laptop"_s);
    const auto addChannel = [this](const QString &name, qint64 priority, const QString &served) {
        domain::Channel channel;
        channel.type = domain::provider::echo;
        channel.name = name;
        channel.models = {u"echo"_s, u"echo-fast"_s, u"echo-error-400"_s, u"echo-tool"_s};
        channel.priority = priority;
        if (!served.isEmpty()) {
            channel.models = {u"mapped"_s};
            channel.modelMapping = {{u"mapped"_s, served}};
        }
        m_fixture->wait(m_fixture->administration().channels.create({channel}));
    };
    addChannel(u"First"_s, 1, {});
    addChannel(u"Breaks"_s, 9, u"echo-error-503"_s);
    addChannel(u"Serves"_s, 3, u"echo-fast"_s);
    domain::ModelPrice price{.model = "echo-fast"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3.3333);
    price.tokens.output = domain::UnitPrice::fromDollarsPerMillion(15.1);
    price.tokens.cacheRead = domain::UnitPrice::fromDollarsPerMillion(0.3);
    m_fixture->waitFor(m_fixture->administration().prices.save(price));
    setSetting(u"traffic.capture_body_bytes"_s, QString::number(64 * 1024 * 1024));
}

void InspectorTest::init()
{
    setSetting(u"traffic.capture"_s, u"all"_s);
    m_inspector = std::make_unique<Inspector>(m_fixture->services());
    m_inspector->resize(900, 500);
    m_inspector->QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(m_inspector.get()));
}

void InspectorTest::cleanup()
{
    m_inspector.reset();
}

InspectorTest::Sent InspectorTest::send(const QByteArray &path, const QByteArray &body)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_fixture->url() + QString::fromLatin1(path)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + m_token.key.reveal());
    request.setRawHeader("X-Note", "it's $HOME");
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000))
        return {};
    return {.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
            .requestId = reply->rawHeader("X-Request-Id")};
}

InspectorTest::Sent
InspectorTest::sendChat(const QByteArray &model, bool stream, const QByteArray &more)
{
    return send("/v1/chat/completions",
                "{\"model\":\"" + model + "\",\"stream\":" + (stream ? "true" : "false") + more
                    + ",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
                      "{\"role\":\"user\",\"content\":\"Hello there, how are you\"}]}");
}

qint64 InspectorTest::lineOf(const QByteArray &requestId, bool captured)
{
    qint64 id = 0;
    const bool came = QTest::qWaitFor([&] {
        auto found = m_fixture->administration().traffic.find(requestId);
        if (!QTest::qWaitFor([&found] { return found.isFinished(); }) || !found.result())
            return false;
        id = found.result()->id;
        return !captured || found.result()->hasCapture;
    });
    return came ? id : 0;
}

void InspectorTest::showRequest(const QByteArray &requestId, bool captured)
{
    const qint64 id = lineOf(requestId, captured);
    QVERIFY(id > 0);
    m_inspector->show(id);
    QTRY_COMPARE(m_inspector->shownId(), id);
}

void InspectorTest::showBody(const QByteArray &body, qint64 size)
{
    const Sent sent = sendChat("echo-fast");
    QCOMPARE(sent.status, 200);
    QVERIFY(lineOf(sent.requestId) > 0);
    domain::Capture capture;
    capture.requestId = sent.requestId;
    capture.token = m_token.id;
    capture.createdAt = QDateTime::currentMSecsSinceEpoch();
    capture.request = {.line = "POST /v1/chat/completions",
                       .fields = {{"Content-Type", "application/json"}},
                       .body = body,
                       .size = size < 0 ? body.size() : size};
    capture.answer = {.line = "200",
                      .fields = {{"Content-Type", "text/event-stream"}},
                      .body = body,
                      .size = capture.request.size};
    capture.attempts.push_back(
        {.channelName = "First", .request = capture.request, .answer = capture.answer});
    m_fixture->administration().captureSink().submit(std::move(capture), {}, 0);
    QTRY_VERIFY([&] {
        auto found = m_fixture->administration().captures.find(sent.requestId, 64);
        return QTest::qWaitFor([&found] { return found.isFinished(); }) && found.result()
               && found.result()->request.fields.size() == 1;
    }());
    showRequest(sent.requestId);
}

template<typename Tab>
Tab &InspectorTest::tab(Inspector::Tab which)
{
    m_inspector->setCurrentPart(which);
    for (Tab *each : m_inspector->findChildren<Tab *>()) {
        if (each->isVisible())
            return *each;
    }
    qFatal("There is no such tab.");
}

void InspectorTest::choose(SegmentedControl *control, const QString &text)
{
    click(*control, text);
}

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
    click(*m_inspector, u"Copy the request id"_s);
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
                                << qint64(5) << 5;
    QTest::newRow("it broke off in the stream")
        << std::vector<Note>{{.startedAt = 1,
                              .connectedAt = 2,
                              .sentAt = 3,
                              .answeredAt = 4,
                              .begunAt = 5,
                              .endedAt = 9,
                              .status = 200,
                              .errorCode = "provider_unreachable"}}
        << qint64(0) << 5;
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

void InspectorTest::bothSidesOfARequest()
{
    const Sent sent = sendChat("echo-fast");
    showRequest(sent.requestId);

    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);
    QTRY_VERIFY(request.headers().rowCount() > 0);
    const auto valueOf = [&request](const QString &name) {
        for (const HeaderRow &row : request.headers().rows()) {
            if (row.name.compare(name, Qt::CaseInsensitive) == 0)
                return row.value;
        }
        return QString();
    };
    QCOMPARE(valueOf(u"Authorization"_s), u"***"_s);
    QCOMPARE(valueOf(u"X-Note"_s), u"it's $HOME"_s);
    QAbstractItemModelTester tester(&request.headers(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    choose(request.sides(), u"Gateway ⇄ provider"_s);
    QTRY_COMPARE(valueOf(u"X-Note"_s), QString()); // it is of the client
    QTRY_VERIFY(request.headers().rowCount() > 0);

    choose(request.sides(), u"Client ⇄ gateway"_s);
    choose(request.views(), u"Body"_s);
    QTRY_VERIFY(request.body().text().toPlainText().contains(u"Hello there, how are you"_s));
    FindBar *find = request.body().findBar();
    find->setNeedle(u"how ARE"_s);
    QTRY_VERIFY(request.body().text().extraSelections().size() == 1);
    QCOMPARE(request.body().text().extraSelections().front().cursor.selectedText(), u"how are"_s);
    find->setNeedle(u"nothing of the kind"_s);
    QTRY_VERIFY(request.body().text().extraSelections().isEmpty());

    MessageTab &answer = tab<MessageTab>(Inspector::Tab::Response);
    choose(answer.views(), u"Body"_s);
    QTRY_VERIFY(answer.body().text().toPlainText().contains(u"choices"_s));
}

void InspectorTest::theTreeOfABody()
{
    const Sent sent = sendChat("echo-fast");
    showRequest(sent.requestId);
    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);
    QTRY_VERIFY(request.headers().rowCount() > 0);

    choose(request.views(), u"JSON"_s);

    JsonTreeModel &model = request.tree().model();
    QTRY_COMPARE(model.rowCount(), 1);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(model.rowCount(root), 3);
    QCOMPARE(model.index(0, 0, root).data().toString(), u"model"_s);
    QCOMPARE(model.index(0, 1, root).data().toString(), u"\"echo-fast\""_s);
    QVERIFY(request.tree().tree()->isExpanded(model.index(2, 0, root)));
    request.tree().findBar()->setNeedle(u"hello"_s);
    QTRY_COMPARE(request.tree().tree()->currentIndex().data(Qt::AccessibleTextRole).toString(),
                 u"messages[1].content"_s);
}

void InspectorTest::aStream()
{
    const Sent sent = sendChat("echo", true);
    QCOMPARE(sent.status, 200);
    showRequest(sent.requestId);

    StreamTab &stream = tab<StreamTab>(Inspector::Tab::Stream);

    QTRY_VERIFY(stream.events().rowCount() > 3);
    QAbstractItemModelTester tester(&stream.events(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(QString::fromUtf8(stream.events().rows().back().event.preview), u"[DONE]"_s);
    qint64 gaps = 0;
    for (const StreamRow &row : stream.events().rows())
        gaps += row.gapMicroseconds;
    QVERIFY(gaps > 0);
    QVERIFY(stream.summary().contains(u"events"_s));
    choose(stream.views(), u"Assembled"_s);
    QTRY_VERIFY(stream.assembledText().contains(u"Hello there, how are you"_s));
}

void InspectorTest::aConversation()
{
    const Sent sent = sendChat("echo-fast", true);
    showRequest(sent.requestId);

    ConversationTab &conversation = tab<ConversationTab>(Inspector::Tab::Conversation);

    ConversationModel &model = conversation.model();
    QTRY_COMPARE(model.rowCount(), 3);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(!model.isOpen(0) && model.isOpen(1) && model.isOpen(2)); // the system is folded
    QVERIFY(model.item(2).isAnswer);
    QVERIFY(conversation.footerText().contains(u"Ended with stop"_s));
    conversation.view()->setFocus();
    conversation.view()->setCurrentIndex(model.index(0));
    QTest::keyClick(conversation.view(), Qt::Key_Return);
    QVERIFY(model.isOpen(0));
    QTest::keySequence(conversation.view(), QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"Be brief"_s);
    QVERIFY(!conversation.grab().isNull());
}

void InspectorTest::theCommandIsAccepted_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");

    const QByteArray messages =
        R"("messages":[{"role":"user","content":"it's \"$HOME\" `id` \\ 100% ünï"}]})";
    QTest::newRow("Chat Completions")
        << QByteArray("/v1/chat/completions") << R"({"model":"echo-fast",)" + messages;
    QTest::newRow("Anthropic") << QByteArray("/v1/messages")
                               << R"({"model":"echo-fast","max_tokens":9,)" + messages;
    QTest::newRow("Responses") << QByteArray("/v1/responses")
                               << QByteArray(R"({"model":"echo-fast","input":"it's $HOME"})");
    QTest::newRow("Gemini") << QByteArray("/v1beta/models/echo-fast:generateContent")
                            << QByteArray(R"({"contents":[{"parts":[{"text":"it's"}]}]})");
    QTest::newRow("a Gemini stream")
        << QByteArray("/v1beta/models/echo-fast:streamGenerateContent?alt=sse")
        << QByteArray(R"({"contents":[{"parts":[{"text":"it's"}]}]})");
    QTest::newRow("odd bytes") << QByteArray("/v1/chat/completions")
                               << "{\"model\":\"echo-fast\",\r\n\"user\":\"\x7F\"," + messages;
    QTest::newRow("a long body") << QByteArray("/v1/chat/completions")
                                 << "{\"model\":\"echo-fast\",\"user\":\""
                                        + QByteArray(300'000, 'x') + "\"," + messages;
}

void InspectorTest::theCommandIsAccepted()
{
    QVERIFY2(!QStandardPaths::findExecutable(u"curl"_s).isEmpty(),
             "There is no curl: packaging/install-dependencies.sh tests installs it.");
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    const Sent sent = send(path, body);
    QCOMPARE(sent.status, 200);
    showRequest(sent.requestId);
    ReplayTab &replay = tab<ReplayTab>(Inspector::Tab::Replay);
    QTRY_VERIFY(!replay.command().isEmpty());
    QVERIFY(!replay.command().contains(QString::fromLatin1(m_token.key.reveal())));
    click(replay, u"Copy as cURL"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(), replay.command());

    QProcess shell;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"API_KEY"_s, u"sk-"_s + QString::fromLatin1(m_token.key.reveal()));
    shell.setProcessEnvironment(environment);
    shell.start(u"/bin/sh"_s, {});
    shell.write(QGuiApplication::clipboard()->text().toUtf8() + " -sS -D -\n");
    shell.closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(shell.state() == QProcess::NotRunning, 20'000);

    const QByteArray answer = shell.readAllStandardOutput();
    const QByteArray errors = shell.readAllStandardError();
    QVERIFY2(answer.startsWith("HTTP/1.1 200"), qPrintable(QString::fromUtf8(answer + errors)));
    // The gateway saw the same body once more.
    const qsizetype at = answer.toLower().indexOf("x-request-id: ");
    const QByteArray second = answer.mid(at + 14, answer.indexOf('\r', at) - at - 14);
    QVERIFY(lineOf(second) > 0);
    const auto first =
        m_fixture->wait(m_fixture->administration().captures.find(sent.requestId, body.size()));
    const auto again =
        m_fixture->wait(m_fixture->administration().captures.find(second, body.size()));
    QVERIFY(first.request.body == again.request.body);
    QCOMPARE(first.request.body, body);
    QCOMPARE(again.request.field("x-note"), QByteArray("it's $HOME"));
}

void InspectorTest::forgetting()
{
    const Sent sent = sendChat("echo-fast");
    showRequest(sent.requestId);
    QSignalSpy forgotten(m_inspector.get(), &Inspector::captureForgotten);
    QAbstractButton *button = buttonNamed(*m_inspector, u"Forget what was sent in this request"_s);
    QVERIFY(button);

    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(forgotten.size(), 0); // it asks first
    auto *menu = m_inspector->findChild<QMenu *>();
    QVERIFY(menu && menu->isVisible() && menu->actions().size() == 2);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);

    QTRY_COMPARE(forgotten.size(), 1);
    QTRY_VERIFY(!button->isVisible());
    auto found = m_fixture->administration().captures.find(sent.requestId);
    QTRY_VERIFY(found.isFinished());
    QVERIFY(!found.result());
}

void InspectorTest::forgettingAToken()
{
    const Sent first = sendChat("echo-fast");
    QVERIFY(lineOf(first.requestId) > 0);
    showRequest(sendChat("echo-fast").requestId);
    QSignalSpy notices(m_inspector.get(), &Inspector::noticeRaised);

    click(*m_inspector, u"Forget what was sent in this request"_s);
    auto *menu = m_inspector->findChild<QMenu *>();
    QVERIFY(menu);
    QVERIFY(menu->actions().at(1)->text().contains(u"laptop"_s));
    menu->actions().at(1)->trigger();
    menu->close();

    QTRY_COMPARE(notices.size(), 1);
    auto found = m_fixture->administration().captures.find(first.requestId);
    QTRY_VERIFY(found.isFinished());
    QVERIFY(!found.result());
}

// What is read for one request never shows up at another.
void InspectorTest::quickChangesOfTheRequest()
{
    setSetting(u"traffic.capture"_s, u"off"_s);
    const Sent bare = sendChat("echo-fast");
    QVERIFY(lineOf(bare.requestId, false) > 0);
    setSetting(u"traffic.capture"_s, u"all"_s);
    const Sent kept = sendChat("echo-fast", true);
    const qint64 keptId = lineOf(kept.requestId);
    const qint64 bareId = lineOf(bare.requestId, false);

    for (const Inspector::Tab part : {Inspector::Tab::Request,
                                      Inspector::Tab::Conversation,
                                      Inspector::Tab::Stream,
                                      Inspector::Tab::Replay}) {
        m_inspector->setCurrentPart(part);
        m_inspector->show(keptId);
        QTRY_COMPARE(m_inspector->shownId(), keptId);
        m_inspector->show(bareId);
        QTRY_COMPARE(m_inspector->shownId(), bareId);
        QTest::qWait(150);
        QVERIFY(buttonNamed(*m_inspector, u"All requests"_s));
    }
}

void InspectorTest::nothingWasCaptured()
{
    setSetting(u"traffic.capture"_s, u"off"_s);
    const Sent sent = sendChat("echo-fast");
    showRequest(sent.requestId, false);

    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);

    QVERIFY(!buttonNamed(*m_inspector, u"Forget what was sent in this request"_s));
    QAbstractButton *failed = buttonNamed(request, u"Failed ones"_s);
    QVERIFY(failed);
    QTest::mouseClick(failed, Qt::LeftButton);
    QTRY_COMPARE(m_fixture->administration().settings.current().traffic.capture,
                 domain::CaptureLevel::Errors);
    bool isSaid = false;
    QTRY_VERIFY([&] {
        for (const QLabel *label : request.findChildren<QLabel *>())
            isSaid = isSaid || label->text().contains(u"Failed and repeated requests are kept"_s);
        return isSaid;
    }());
    for (const Inspector::Tab part : {Inspector::Tab::Conversation,
                                      Inspector::Tab::Response,
                                      Inspector::Tab::Stream,
                                      Inspector::Tab::Replay}) {
        m_inspector->setCurrentPart(part);
        QTRY_VERIFY(buttonNamed(*m_inspector, u"All requests"_s));
    }
}

void InspectorTest::oddBodies_data()
{
    QTest::addColumn<QByteArray>("body");

    QByteArray all;
    for (int byte = 0; byte < 256; ++byte)
        all.append(static_cast<char>(byte));
    QTest::newRow("every byte") << all.repeated(1'000);
    QTest::newRow("broken JSON") << QByteArray("{\"model\":\"x\",[");
    QTest::newRow("a depth of ten thousand") << QByteArray(10'000, '[') + QByteArray(10'000, ']');
    QTest::newRow("open to a depth of a million") << QByteArray(1'000'000, '[');
    QTest::newRow("objects in objects") << QByteArray("{\"a\":").repeated(20'000);
    QTest::newRow("one long line") << "\"" + QByteArray(3'000'000, 'x') + "\"";
    QTest::newRow("right to left, separators and markup")
        << QByteArray("{\"a\":\"<b>\u05e9\u05dc</b>\u2028\u2029\u202E\uFDD0\uFEFF\"}");
    QTest::newRow("a list of many") << '[' + QByteArray("1,").repeated(300'000) + "1]";
    QTest::newRow("events without end") << QByteArray("data: {\"a\":1}\n\n").repeated(20'000);
    QTest::newRow("empty") << QByteArray();
}

// What is written as if it were Markdown is laid out in a moment, and names no file of this computer.
void InspectorTest::oddTextsInAConversation()
{
    std::vector<admin::ConversationItem> items;
    for (const QString &part : {u"> "_s,
                                u"- "_s,
                                u"|"_s,
                                u"["_s,
                                u"*_"_s,
                                u"`"_s,
                                u"<div>"_s,
                                u"![x](file:///etc/passwd) "_s,
                                u"\uFFFC"_s,
                                u"\u202Ex\n"_s}) {
        for (const qsizetype length : {900, 9'000, 20'000}) {
            items.push_back({.kind = admin::ConversationItem::Kind::Assistant,
                             .text = part.repeated(length / part.size())});
        }
    }
    ConversationModel model;
    QListView view;
    ConversationDelegate delegate;
    view.setModel(&model);
    view.setItemDelegate(&delegate);
    view.resize(400, 300);
    view.show();
    QElapsedTimer clock;
    clock.start();

    model.setItems(items);
    for (int row = 0; row < model.rowCount(); ++row) {
        model.setOpen(row, true);
        view.scrollTo(model.index(row));
        QVERIFY(!view.grab().isNull());
    }

    QVERIFY2(clock.elapsed() < 6'000, qPrintable(QString::number(clock.elapsed())));
    qInfo("Odd texts took %lld ms.", static_cast<long long>(clock.elapsed()));
}

// None of it freezes or crashes any tab.
void InspectorTest::oddBodies()
{
    QFETCH(QByteArray, body);
    showBody(body);
    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);
    QTRY_VERIFY(request.headers().rowCount() > 0);
    const LoopWatch watch;

    choose(request.views(), u"Body"_s);
    QTRY_COMPARE(request.body().text().shownBytes(),
                 std::min<qint64>(body.size(), admin::CaptureService::firstBytes));
    if (!body.isEmpty()) {
        request.body().findBar()->setNeedle(u"a"_s);
        QTest::qWait(250);
    }
    choose(request.views(), u"JSON"_s);
    QTest::qWait(100);
    JsonTreeModel &model = request.tree().model();
    if (model.outline() && model.rowCount() > 0) {
        QTreeView *tree = request.tree().tree();
        tree->setFocus();
        for (int i = 0; i < 30; ++i)
            QTest::keyClick(tree, Qt::Key_Right);
        tree->verticalScrollBar()->setValue(tree->verticalScrollBar()->maximum());
        request.tree().findBar()->setNeedle(u"1"_s);
        QTest::qWait(250);
    }
    choose(request.views(), u"Changes"_s);
    for (const Inspector::Tab part : {Inspector::Tab::Response,
                                      Inspector::Tab::Stream,
                                      Inspector::Tab::Conversation,
                                      Inspector::Tab::Replay}) {
        m_inspector->setCurrentPart(part);
        QTest::qWait(150);
        QVERIFY(!m_inspector->grab().isNull());
    }
    constexpr qint64 mostPause = 1'500; // for a build with assertions on a busy machine
    QVERIFY2(watch.longest() < mostPause, qPrintable(QString::number(watch.longest())));
}

void InspectorTest::aBodyOfThirtyMegabytes()
{
    constexpr qint64 size = 30LL * 1024 * 1024;
    QByteArray body = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
    body += QByteArray("0123456789abcdef").repeated((size - body.size() - 10) / 16) + "needle\"}]}";
    showBody(body);
    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);
    QTRY_VERIFY(request.headers().rowCount() > 0);

    const LoopWatch watch;
    choose(request.views(), u"Body"_s);
    QTRY_COMPARE(request.body().text().shownBytes(), admin::CaptureService::firstBytes);
    QPushButton *more = qobject_cast<QPushButton *>(
        buttonNamed(request, u"Load %1 more"_s.arg(Format::bytes(256 * 1024))));
    QVERIFY(more);
    QTest::mouseClick(more, Qt::LeftButton);
    QTRY_COMPARE(request.body().text().shownBytes(), 2 * admin::CaptureService::firstBytes);
    click(request, u"Load all"_s);
    QTRY_COMPARE_WITH_TIMEOUT(request.body().text().shownBytes(), body.size(), 60'000);
    request.body().findBar()->setNeedle(u"needle"_s);
    QTRY_COMPARE(request.body().text().extraSelections().size(), 1);
    choose(request.views(), u"JSON"_s);
    QTRY_VERIFY_WITH_TIMEOUT(request.tree().model().rowCount() == 1, 20'000);
    m_inspector->setCurrentPart(Inspector::Tab::Conversation);
    ConversationTab &conversation = tab<ConversationTab>(Inspector::Tab::Conversation);
    QTRY_VERIFY_WITH_TIMEOUT(conversation.model().rowCount() > 0, 20'000);
    qInfo("The event loop stood still for %lld ms at most.",
          static_cast<long long>(watch.longest()));
    constexpr qint64 mostPause = 1'500;
    QVERIFY2(watch.longest() < mostPause, qPrintable(QString::number(watch.longest())));
}

void InspectorTest::aCutCapture()
{
    showBody("{\"model\":\"x\",\"messages\":[{\"role\":\"us", 5'000'000);
    MessageTab &request = tab<MessageTab>(Inspector::Tab::Request);
    QTRY_VERIFY(request.headers().rowCount() > 0);

    choose(request.views(), u"Body"_s);
    const auto says = [&request](const QString &text) {
        for (const QLabel *label : request.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    };
    QTRY_VERIFY(says(u"of 5.0 MB were kept"_s));
    choose(request.views(), u"JSON"_s);
    QTRY_VERIFY(says(u"breaks off at its end"_s));
    choose(request.views(), u"Changes"_s);
    QTRY_VERIFY(says(u"longer than what is kept"_s));
    ReplayTab &replay = tab<ReplayTab>(Inspector::Tab::Replay);
    QTRY_VERIFY(replay.command().isEmpty());
}

void InspectorTest::copyingLeavesNoBreaks()
{
    BodyText text;
    const QByteArray line(7'000, 'x');
    text.start(line + '\n' + line);
    text.append("\xC3");
    text.append("\xA9 end");

    text.selectAll();
    text.copy();

    QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), line + '\n' + line + "\xC3\xA9 end");
    QVERIFY(text.document()->blockCount() > 5);
    QVERIFY(looksBinary(QByteArray("\x89PNG\r\n\x1A\n\x00", 9)));
    QVERIFY(!looksBinary("{\"ü\":1}") && !looksBinary({}));
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
