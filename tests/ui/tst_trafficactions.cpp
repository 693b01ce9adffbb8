#include "admin/administration.h"
#include "inspector/inspector.h"
#include "traffic/capturechoice.h"
#include "ui/trafficfixture.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using tests::buttonStarting;

// What is done with requests of the list: copied, exported, forgotten, followed elsewhere.
class TrafficActionsTest : public tests::TrafficFixture
{
    Q_OBJECT

private slots:
    void initTestCase();
    void copiesRows();
    void exportsTheFilteredAsCsv();
    void exportsLinesOfJson();
    void exportsAnHttpArchive();
    void savesTheRequestOfTheInspector();
    void exportIsCancelled();
    void bodiesAreKeptAndForgotten();
    void requestsAreBookmarkedByKeys();
    void tokenIsDisabledAndUndone();
    void leadsElsewhere();

private:
    void chooseFile(const QString &file);
    QJsonArray entriesOf(const QString &file) const;
    QToolButton *toolNamed(const QString &name) const;
};

namespace {

void checkText(const QJsonValue &object, const QStringList &keys)
{
    for (const QString &key : keys)
        QVERIFY2(object[key].isString(), qPrintable(key));
}

void checkNumbers(const QJsonValue &object, const QStringList &keys, double least)
{
    for (const QString &key : keys)
        QVERIFY2(object[key].isDouble() && object[key].toDouble() >= least, qPrintable(key));
}

void checkPairs(const QJsonValue &object, const QStringList &keys)
{
    for (const QString &key : keys) {
        QVERIFY2(object[key].isArray(), qPrintable(key));
        for (const QJsonValue &pair : object[key].toArray())
            checkText(pair, {u"name"_s, u"value"_s});
    }
}

// Whether an entry has what HAR 1.2 asks of every one.
void checkEntry(const QJsonObject &entry)
{
    const QJsonValue request = entry[u"request"_s];
    const QJsonValue response = entry[u"response"_s];
    const QJsonValue timings = entry[u"timings"_s];
    QVERIFY(
        QDateTime::fromString(entry[u"startedDateTime"_s].toString(), Qt::ISODateWithMs).isValid());
    QVERIFY(entry[u"cache"_s].isObject());
    checkNumbers(entry, {u"time"_s}, 0);
    checkText(request, {u"method"_s, u"url"_s, u"httpVersion"_s});
    checkPairs(request, {u"cookies"_s, u"headers"_s, u"queryString"_s});
    checkNumbers(request, {u"headersSize"_s, u"bodySize"_s}, -1);
    QVERIFY(QUrl(request[u"url"_s].toString(), QUrl::StrictMode).isValid());
    QVERIFY(!QUrl(request[u"url"_s].toString()).isRelative());
    if (request.toObject().contains(u"postData"_s))
        checkText(request[u"postData"_s], {u"mimeType"_s, u"text"_s});
    checkNumbers(response, {u"status"_s}, 0);
    checkText(response, {u"statusText"_s, u"httpVersion"_s, u"redirectURL"_s});
    checkPairs(response, {u"cookies"_s, u"headers"_s});
    checkNumbers(response, {u"headersSize"_s, u"bodySize"_s}, -1);
    checkNumbers(response[u"content"_s], {u"size"_s}, -1);
    checkText(response[u"content"_s], {u"mimeType"_s});
    checkNumbers(timings, {u"send"_s, u"wait"_s, u"receive"_s}, 0);
    checkNumbers(timings, {u"blocked"_s, u"dns"_s, u"connect"_s, u"ssl"_s}, -1);
    double sum = 0;
    for (const QString &phase : {u"blocked"_s, u"connect"_s, u"send"_s, u"wait"_s, u"receive"_s})
        sum += qMax(timings[phase].toDouble(), 0.0);
    QVERIFY(qAbs(sum - entry[u"time"_s].toDouble()) < 0.01);
}

} // namespace

QJsonArray TrafficActionsTest::entriesOf(const QString &name) const
{
    QFile file(m_fixture->directory() + u'/' + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QJsonValue log = QJsonDocument::fromJson(file.readAll()).object()[u"log"_s];
    return log["version"_L1] == u"1.2"_s && log["creator"_L1]["name"_L1].isString()
                   && log["creator"_L1]["version"_L1].isString()
               ? log["entries"_L1].toArray()
               : QJsonArray();
}

QToolButton *TrafficActionsTest::toolNamed(const QString &name) const
{
    const auto tools = inspector()->findChildren<QToolButton *>();
    const auto found = std::find_if(tools.begin(), tools.end(), [&name](const auto *tool) {
        return tool->accessibleName() == name;
    });
    return found == tools.end() ? nullptr : *found;
}

void TrafficActionsTest::chooseFile(const QString &file)
{
    QFileDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = m_page->findChild<QFileDialog *>()));
    dialog->setDirectory(m_fixture->directory());
    dialog->findChild<QLineEdit *>(u"fileNameEdit"_s)->setText(file);
    QTest::keyClick(dialog->findChild<QLineEdit *>(u"fileNameEdit"_s), Qt::Key_Return);
}

void TrafficActionsTest::initTestCase()
{
    TrafficFixture::initTestCase();
    addGateway();
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
}

void TrafficActionsTest::copiesRows()
{
    store(3, "odd-", {.tokenName = "odd", .model = "a*, \"b\" <i>c</i>"});
    store(2, "long-", {.tokenName = "odd", .model = QByteArray(10'000, 'm')});
    m_page->setFilter(u"token:odd"_s);
    QTRY_COMPARE(model().rowCount(), 5);
    choose(3);
    QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QApplication::clipboard()->text().contains(u"<i>c</i>"_s));
    action("traffic.copyId")->trigger();
    QCOMPARE(QApplication::clipboard()->text(), u"odd-1"_s);

    store(1,
          "spoiled",
          {.tokenName = "odd",
           .httpStatus = 429,
           .end = domain::EndReason::Failed,
           .errorCode = "rate_limited",
           .content = "Slow down."});
    QTRY_COMPARE(model().rowCount(), 6);
    choose(0);
    action("traffic.copyError")->trigger();
    QCOMPARE(QApplication::clipboard()->text(), u"429 rate_limited\nSlow down."_s);
}

void TrafficActionsTest::exportsTheFilteredAsCsv()
{
    store(2, "formula", {.tokenName = "=HYPERLINK(\"http://x\")", .model = "exported"});
    m_page->setFilter(u"model:exported"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_E, Qt::ControlModifier);
    chooseFile(u"requests.csv"_s);

    QTRY_VERIFY_WITH_TIMEOUT(messages()->hasMessage(u"exported"_s), 10'000);
    QFile file(m_fixture->directory() + u"/requests.csv"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[1].contains("formula1"));
    QVERIFY(lines[1].contains("\"'=HYPERLINK"));
}

void TrafficActionsTest::exportsLinesOfJson()
{
    store(1'100, "bulk-", {.tokenName = "bulk", .cost = {2'000'000}});
    m_page->setFilter(u"token:bulk"_s);
    QTRY_VERIFY(model().rowCount() >= 200);
    action("traffic.exportJson")->trigger();
    chooseFile(u"requests.jsonl"_s);

    QTRY_VERIFY_WITH_TIMEOUT(messages()->hasMessage(u"exported"_s), 10'000);
    QFile file(m_fixture->directory() + u"/requests.jsonl"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 1'100);
    const QJsonObject newest = QJsonDocument::fromJson(lines[0]).object();
    QCOMPARE(newest[u"request_id"_s].toString(), u"bulk-1099"_s);
    QCOMPARE(newest[u"cost_nano_dollars"_s].toInteger(), 2'000'000);
}

// A request that was served, with all that the format asks for.
void TrafficActionsTest::exportsAnHttpArchive()
{
    admin::Administration &administration = m_fixture->administration();
    m_fixture->waitFor(administration.settings.set(u"traffic.capture"_s, u"all"_s));
    QCOMPARE(m_fixture->chat(m_token, u"echo-fast"_s), 200);
    m_fixture->waitFor(administration.settings.set(u"traffic.capture"_s, u"off"_s));
    QCOMPARE(m_fixture->chat(m_token, u"echo-fast"_s), 200);
    m_page->setFilter(u"model:echo-fast"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    QTRY_COMPARE(m_fixture->wait(administration.captures.totals()).requests, 1);
    action("traffic.exportHar")->trigger();
    chooseFile(u"requests.har"_s);
    QTRY_VERIFY_WITH_TIMEOUT(messages()->hasMessage(u"exported"_s), 10'000);

    const QJsonArray entries = entriesOf(u"requests.har"_s);
    QCOMPARE(entries.size(), 2);
    for (const QJsonValue &entry : entries)
        checkEntry(entry.toObject());
    const QJsonValue bare = entries.at(0);
    QCOMPARE(bare["request"_L1]["bodySize"_L1].toInt(), -1);
    QCOMPARE(bare["response"_L1]["bodySize"_L1].toInt(), -1);
    QVERIFY(bare["response"_L1]["content"_L1]["text"_L1].isUndefined());
    const QJsonValue kept = entries.at(1);
    const QJsonObject sent =
        QJsonDocument::fromJson(kept["request"_L1]["postData"_L1]["text"_L1].toString().toUtf8())
            .object();
    QCOMPARE(sent[u"model"_s].toString(), u"echo-fast"_s);
    const QString answer = kept["response"_L1]["content"_L1]["text"_L1].toString();
    QCOMPARE(answer.toUtf8().size(), kept["response"_L1]["bodySize"_L1].toInt());
    QCOMPARE(kept["response"_L1]["status"_L1].toInt(), 200);
    QVERIFY(kept["timings"_L1]["wait"_L1].toDouble() > 0);
    QCOMPARE(kept["_token"_L1].toString(), u"alice laptop"_s);
    QCOMPARE(kept["_channel_id"_L1].toInteger(), m_channel.id.value);
    QVERIFY(kept["_cost_nano_dollars"_L1].isDouble());
    const QByteArray whole = QJsonDocument(entries).toJson();
    QVERIFY(!whole.contains(m_token.key.reveal()));
    QVERIFY(whole.contains("\"***\""));
}

void TrafficActionsTest::savesTheRequestOfTheInspector()
{
    store(2, "saved-", {.tokenName = "saved"});
    m_page->setFilter(u"token:saved"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    choose(1);
    QToolButton *save = nullptr;
    QTRY_VERIFY((save = toolNamed(u"Save as HAR…"_s)) && save->isVisible());
    QTest::mouseClick(save, Qt::LeftButton);
    chooseFile(u"one.har"_s);

    QTRY_VERIFY_WITH_TIMEOUT(messages()->hasMessage(u"exported"_s), 10'000);
    QJsonArray entries = entriesOf(u"one.har"_s);
    QCOMPARE(entries.size(), 1);
    checkEntry(entries.at(0).toObject());
    QCOMPARE(entries.at(0)["_request_id"_L1].toString(), u"saved-0"_s);

    choose(0);
    action("traffic.saveHar")->trigger();
    chooseFile(u"other.har"_s);
    QTRY_VERIFY(!(entries = entriesOf(u"other.har"_s)).isEmpty());
    QCOMPARE(entries.at(0)["_request_id"_L1].toString(), u"saved-1"_s);
}

void TrafficActionsTest::exportIsCancelled()
{
    store(20'000, "many-", {.tokenName = "many"});
    QSignalSpy noticed(m_page.get(), &Page::noticeRaised);
    m_page->setFilter(u"token:many"_s);
    action("traffic.exportCsv")->trigger();
    chooseFile(u"never.csv"_s);
    QVERIFY(messages()->hasMessage(u"export"_s));
    QVERIFY(!action("traffic.exportCsv")->isEnabled());
    QTRY_VERIFY(buttonStarting(*messages(), u"Cancel"_s));
    QTest::mouseClick(buttonStarting(*messages(), u"Cancel"_s), Qt::LeftButton);

    QTRY_VERIFY_WITH_TIMEOUT(!messages()->hasMessage(u"export"_s), 10'000);
    QVERIFY(!messages()->hasMessage(u"exported"_s));
    QCOMPARE(noticed.size(), 1);
    QVERIFY(!QFile::exists(m_fixture->directory() + u"/never.csv"_s));
    QVERIFY(action("traffic.exportCsv")->isEnabled());
}

void TrafficActionsTest::bodiesAreKeptAndForgotten()
{
    admin::Administration &administration = m_fixture->administration();
    auto *choice = m_page->findChild<CaptureChoice *>();
    QCOMPARE(choice->currentText(), u"Bodies: off"_s);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_End);
    QTRY_COMPARE(administration.settings.current().traffic.capture, domain::CaptureLevel::All);
    QVERIFY(choice->currentText().contains(u"3 days"_s));
    QVERIFY(messages()->hasMessage(u"capture"_s));
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    m_page->setFilter(u"token:\"alice laptop\""_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        (action("traffic.refresh")->trigger(),
         QTest::qWait(200),
         model().lineAt(1) && model().lineAt(0)->hasCapture && model().lineAt(1)->hasCapture),
        10'000);
    choose(0);
    const QByteArray id = model().lineAt(0)->record.requestId;
    const QByteArray other = model().lineAt(1)->record.requestId;

    action("traffic.copyCurl")->trigger();
    QTRY_VERIFY(QApplication::clipboard()->text().contains(u"$API_KEY"_s));
    action("traffic.forget")->trigger();
    QVERIFY(m_fixture->wait(administration.captures.find(id)).requestId == id); // not yet
    QTRY_VERIFY(buttonStarting(*messages(), u"Forget"_s));
    QTest::mouseClick(buttonStarting(*messages(), u"Forget"_s), Qt::LeftButton);
    QTRY_VERIFY(!model().lineAt(0)->hasCapture);
    auto gone = administration.captures.find(id);
    QTRY_VERIFY(gone.isFinished());
    QVERIFY(!gone.result());

    action("traffic.forgetToken")->trigger();
    QTRY_VERIFY(buttonStarting(*messages(), u"Forget"_s));
    QTest::mouseClick(buttonStarting(*messages(), u"Forget"_s), Qt::LeftButton);
    QTRY_VERIFY(!model().lineAt(1)->hasCapture);
    gone = administration.captures.find(other);
    QTRY_VERIFY(gone.isFinished());
    QVERIFY(!gone.result());

    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Home);
    QTRY_COMPARE(administration.settings.current().traffic.capture, domain::CaptureLevel::Off);
}

void TrafficActionsTest::requestsAreBookmarkedByKeys()
{
    store(3, "marked-", {.model = "markable"});
    m_page->setFilter(u"model:markable"_s);
    QTRY_COMPARE(model().rowCount(), 3);
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    choose(0);
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier); // two of them
    QTRY_VERIFY(action("traffic.bookmark")->isEnabled());
    QVERIFY(!action("traffic.bookmark")->isChecked());

    QTest::keyClick(view(), Qt::Key_B, Qt::ControlModifier);

    QTRY_VERIFY(model().lineAt(0)->bookmarked && model().lineAt(1)->bookmarked);
    QVERIFY(!model().lineAt(2)->bookmarked);
    QVERIFY(action("traffic.bookmark")->isChecked());
    const QModelIndex mark = model().index(0, model().columnOf(u"bookmark"_s));
    QVERIFY(!mark.data(Qt::AccessibleTextRole).toString().isEmpty());
    m_page->setFilter(u"model:markable bookmarked:yes"_s);
    QTRY_COMPARE(model().rowCount(), 2);

    // The list follows when the bookmarks go and come back.
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(model().rowCount(), 0);
    QTRY_VERIFY(m_fixture->services().undo.canRedo());
    m_fixture->services().undo.redo();
    QTRY_COMPARE(model().rowCount(), 2);
    choose(0);
    QTRY_VERIFY(action("traffic.bookmark")->isChecked());
    action("traffic.bookmark")->trigger();
    QTRY_COMPARE(model().rowCount(), 1);

    // What changes while another page is shown is there when this one is shown again.
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_page->setActive(false);
    m_fixture->services().undo.undo();
    QTRY_VERIFY(m_fixture->services().undo.canRedo());
    m_page->setActive(true);
    QTRY_COMPARE(model().rowCount(), 2);
}

void TrafficActionsTest::tokenIsDisabledAndUndone()
{
    m_page->setFilter(u"token:\"alice laptop\""_s);
    QTRY_VERIFY(model().lineAt(0) && model().lineAt(0)->record.tokenId == m_token.id);
    choose(0);
    action("traffic.disableToken")->trigger();

    QTRY_COMPARE(m_fixture->chat(m_token, u"echo"_s) / 100, 4);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
}

void TrafficActionsTest::leadsElsewhere()
{
    m_page->setFilter(u"model:echo channel:#%1"_s.arg(m_channel.id.value));
    QTRY_VERIFY(model().rowCount() > 0 && model().lineAt(0)->record.model == "echo");
    QSignalSpy items(m_page.get(), &Page::itemRequested);
    QSignalSpy routes(m_page.get(), &Page::routeRequested);
    QSignalSpy pages(m_page.get(), &Page::navigationRequested);
    choose(0);

    action("traffic.channel")->trigger();
    action("traffic.token")->trigger();
    action("traffic.explain")->trigger();

    QCOMPARE(items.at(0).at(0).value<PageId>(), PageId::Channels);
    QCOMPARE(items.at(0).at(1).toLongLong(), m_channel.id.value);
    QCOMPARE(items.at(1).at(1).toLongLong(), m_token.id.value);
    QCOMPARE(routes.at(0).at(0).toString(), u"echo"_s);
    QCOMPARE(routes.at(0).at(1).toLongLong(), m_token.id.value);
    QCOMPARE(routes.at(0).at(2).toString(), QString::fromUtf8(model().lineAt(0)->record.session));

    store(1, "unpriced", {.tokenName = "odd", .model = "new model", .unpriced = true});
    m_page->setFilter(u"priced:no model:\"new model\""_s);
    QTRY_COMPARE(model().rowCount(), 1);
    choose(0);
    QVERIFY(action("traffic.addPrice")->isEnabled());
    action("traffic.addPrice")->trigger();
    QCOMPARE(pages.at(0).at(0).value<PageId>(), PageId::Models);
    QCOMPARE(pages.at(0).at(1).toString(), u"source:\"no price\" model:\"new model\""_s);

    store(1, "orphan", {.tokenId = {4711}, .channelId = {4712}, .model = "orphan"});
    m_page->setFilter({});
    QTRY_VERIFY(model().rowCount() > 1);
    m_page->setFilter(u"model:orphan"_s);
    QTRY_COMPARE(model().rowCount(), 1);
    choose(0);
    QVERIFY(!action("traffic.channel")->isEnabled()); // is no more
    QVERIFY(!action("traffic.token")->isEnabled());
    QVERIFY(!action("traffic.disableToken")->isEnabled());
    QVERIFY(action("traffic.forgetToken")->isEnabled());
}

QTEST_MAIN(TrafficActionsTest)
#include "tst_trafficactions.moc"
