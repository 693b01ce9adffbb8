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
#include "inspector/messagetab.h"
#include "inspector/replaytab.h"
#include "ui/inspectorfixture.h"
#include "widgets/format.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;
using tests::buttonNamed;
using tests::click;

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

} // namespace

// Bodies of any size and kind in the inspector. None of them freezes or crashes a tab.
class InspectorBodiesTest : public tests::InspectorFixture
{
    Q_OBJECT

private slots:
    void oddBodies_data();
    void oddBodies();
    void aBodyOfThirtyMegabytes();
    void aCutCapture();
    void copyingLeavesNoBreaks();
    void oddTextsInAConversation();

private:
    // Puts another body in the place of what was captured, and shows the request.
    void showBody(const QByteArray &body, qint64 size = -1);
};

void InspectorBodiesTest::showBody(const QByteArray &body, qint64 size)
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

void InspectorBodiesTest::oddBodies_data()
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

// None of it freezes or crashes any tab.
void InspectorBodiesTest::oddBodies()
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

void InspectorBodiesTest::aBodyOfThirtyMegabytes()
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

void InspectorBodiesTest::aCutCapture()
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
    QTRY_VERIFY(says(u"of 4.8 MiB were kept"_s));
    choose(request.views(), u"JSON"_s);
    QTRY_VERIFY(says(u"breaks off at its end"_s));
    choose(request.views(), u"Changes"_s);
    QTRY_VERIFY(says(u"longer than what is kept"_s));
    ReplayTab &replay = tab<ReplayTab>(Inspector::Tab::Replay);
    QTRY_VERIFY(replay.command().isEmpty());
}

void InspectorBodiesTest::copyingLeavesNoBreaks()
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

// What is written as if it were Markdown is laid out in a moment, and names no file of this computer.
void InspectorBodiesTest::oddTextsInAConversation()
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

QTEST_MAIN(InspectorBodiesTest)
#include "tst_inspectorbodies.moc"
