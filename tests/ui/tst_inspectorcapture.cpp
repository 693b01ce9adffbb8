#include "admin/administration.h"
#include "capture/bodytext.h"
#include "capture/bodyview.h"
#include "capture/conversationmodel.h"
#include "capture/findbar.h"
#include "capture/jsontreemodel.h"
#include "capture/jsonview.h"
#include "inspector/conversationtab.h"
#include "inspector/gaphistogram.h"
#include "inspector/messagetab.h"
#include "inspector/replaytab.h"
#include "inspector/streamtab.h"
#include "ui/inspectorfixture.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTreeView>

#include <numeric>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;
using tests::buttonNamed;
using tests::click;

// What was captured of a request, as the inspector shows, sends and forgets it.
class InspectorCaptureTest : public tests::InspectorFixture
{
    Q_OBJECT

private slots:
    void bothSidesOfARequest();
    void theTreeOfABody();
    void aStream();
    void aConversation();
    void theCommandIsAccepted_data();
    void theCommandIsAccepted();
    void forgetting();
    void forgettingAToken();
    void quickChangesOfTheRequest();
    void nothingWasCaptured();
};

void InspectorCaptureTest::bothSidesOfARequest()
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

void InspectorCaptureTest::theTreeOfABody()
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

void InspectorCaptureTest::aStream()
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
    QVERIFY(stream.histogram().isVisible());
    const auto &gapCounts = stream.histogram().counts();
    QCOMPARE(std::accumulate(gapCounts.begin(), gapCounts.end(), 0),
             stream.events().rowCount() - 1);
    choose(stream.views(), u"Assembled"_s);
    QTRY_VERIFY(stream.assembledText().contains(u"Hello there, how are you"_s));
}

void InspectorCaptureTest::aConversation()
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

void InspectorCaptureTest::theCommandIsAccepted_data()
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

void InspectorCaptureTest::theCommandIsAccepted()
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

// What is forgotten does not come back, so that it is only asked for here.
void InspectorCaptureTest::forgetting()
{
    const Sent sent = sendChat("echo-fast");
    showRequest(sent.requestId);
    QSignalSpy wanted(m_inspector.get(), &Inspector::forgetRequested);
    QAbstractButton *button = buttonNamed(*m_inspector, u"Forget what was sent in this request"_s);
    QVERIFY(button);

    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(wanted.size(), 0);
    auto *menu = m_inspector->findChild<QMenu *>();
    QVERIFY(menu && menu->isVisible() && menu->actions().size() == 2);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);

    QTRY_COMPARE(wanted.size(), 1);
    const auto line = wanted.first().first().value<admin::TrafficLine>();
    QCOMPARE(line.record.requestId, sent.requestId);
    QVERIFY(button->isVisible());
    const auto kept = m_fixture->wait(m_fixture->administration().captures.find(sent.requestId));
    QCOMPARE(kept.requestId, sent.requestId);
}

void InspectorCaptureTest::forgettingAToken()
{
    const Sent first = sendChat("echo-fast");
    QVERIFY(lineOf(first.requestId) > 0);
    showRequest(sendChat("echo-fast").requestId);
    QSignalSpy wanted(m_inspector.get(), &Inspector::forgetTokenRequested);

    click(*m_inspector, u"Forget what was sent in this request"_s);
    auto *menu = m_inspector->findChild<QMenu *>();
    QVERIFY(menu);
    QVERIFY(menu->actions().at(1)->text().contains(u"laptop"_s));
    menu->actions().at(1)->trigger();
    menu->close();

    QCOMPARE(wanted.size(), 1);
    const auto kept = m_fixture->wait(m_fixture->administration().captures.find(first.requestId));
    QCOMPARE(kept.requestId, first.requestId);
}

// What is read for one request never shows up at another.
void InspectorCaptureTest::quickChangesOfTheRequest()
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

void InspectorCaptureTest::nothingWasCaptured()
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

QTEST_MAIN(InspectorCaptureTest)
#include "tst_inspectorcapture.moc"
