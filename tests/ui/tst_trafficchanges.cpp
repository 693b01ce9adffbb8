#include "admin/administration.h"
#include "inspector/captureprompt.h"
#include "inspector/inspector.h"
#include "inspector/streamtab.h"
#include "storage/traffic/usagerepository.h"
#include "traffic/filterbar.h"
#include "traffic/trafficpage.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/namedialog.h"
#include "widgets/fields/chiprow.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using Kind = TrafficModel::Kind;

// What is changed by way of the Traffic page, and what is shown afterwards.
class TrafficChangesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void chipIsRemovedByItsMenu();
    void chipsMayChangeUnderAMenu();
    void forgottenRequestLeavesTheInspector();
    void forgottenTokenLeavesTheInspector();
    void inspectorForgetsAToken();
    void questionGoesWithItsSelection();
    void inspectorCancelsARequest();
    void streamTabKeepsItsSwitches();
    void disabledTokenStaysDisabled();
    void priceIsAskedOfTheProvidersModel();
    void requestOpensAmongGroups();
    void requestOpensAgain();
    void pausedListObeysItsFilter();

private:
    TableView *view() const { return m_page->findChild<TableView *>(u"trafficList"_s); }
    FilterField *field() const { return m_page->findChild<FilterField *>(); }
    ChipRow *chips() const { return m_page->findChild<ChipRow *>(); }
    Inspector *inspector() const { return m_page->findChild<Inspector *>(); }
    const TrafficModel &model() const { return m_page->model(); }
    QAction *action(const char *name) const
    {
        return m_page->findChild<QAction *>(QString::fromLatin1(name));
    }
    void choose(int row);
    // Two requests of a token of their own whose bodies are kept; the first is chosen and its body seen.
    void showKeptRequests(const QString &token);
    bool showsPrompt() const;
    void pressForget();
    // Opens the menu of that chip and chooses what is `steps` below the top.
    void useChipMenu(const QString &id, int steps);
    QString saveFilter(const QString &name);
    void store(domain::UsageRecord record);

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<TrafficPage> m_page;
};

void TrafficChangesTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.stored = {{u"traffic.capture"_s, u"all"_s}}});
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo"_s, {u"echo"_s, u"echo-gap-100-long-600"_s});
}

void TrafficChangesTest::init()
{
    m_fixture->services().state.setValue(u"traffic/filter"_s, QString());
    m_fixture->services().state.setValue(u"traffic/grouping"_s, 0);
    m_fixture->services().state.setValue(u"traffic/details"_s, true);
    m_page = std::make_unique<TrafficPage>(m_fixture->services());
    m_page->resize(1032, 690);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activateWindow();
    m_page->setActive(true);
}

void TrafficChangesTest::cleanup()
{
    m_page.reset();
}

void TrafficChangesTest::choose(int row)
{
    const QRect place = view()->visualRect(model().index(row, model().columnOf(u"model"_s)));
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, place.center());
}

bool TrafficChangesTest::showsPrompt() const
{
    const auto prompts = inspector()->findChildren<CapturePrompt *>();
    return std::any_of(
        prompts.begin(), prompts.end(), [](const auto *prompt) { return prompt->isVisible(); });
}

void TrafficChangesTest::showKeptRequests(const QString &name)
{
    const domain::Token token = m_fixture->addToken(name);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    m_page->setFilter(u"token:"_s + name);
    QTRY_VERIFY_WITH_TIMEOUT(
        (action("traffic.refresh")->trigger(),
         QTest::qWait(200),
         model().lineAt(1) && model().lineAt(0)->hasCapture && model().lineAt(1)->hasCapture),
        10'000);
    choose(0);
    QTRY_COMPARE(inspector()->shownId(), model().lineAt(0)->id);
    inspector()->setCurrentPart(Inspector::Tab::Request);
    QVERIFY(!showsPrompt());
}

void TrafficChangesTest::pressForget()
{
    const auto find = [this]() -> QPushButton * {
        const auto buttons =
            m_page->findChild<MessageBar *>(u"trafficMessages"_s)->findChildren<QPushButton *>();
        const auto found = std::find_if(buttons.begin(), buttons.end(), [](const auto *button) {
            return button->isVisible() && button->text().startsWith(u"Forget"_s);
        });
        return found == buttons.end() ? nullptr : *found;
    };
    QTRY_VERIFY(find());
    QTest::mouseClick(find(), Qt::LeftButton);
}

QString TrafficChangesTest::saveFilter(const QString &name)
{
    field()->setFilter(u"out:>1000000"_s);
    action("traffic.saveFilter")->trigger();
    auto *dialog = m_page->findChild<NameDialog *>();
    if (!dialog)
        return {};
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), name);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    return chips()->current();
}

void TrafficChangesTest::useChipMenu(const QString &id, int steps)
{
    auto *chip = chips()->findChild<QPushButton *>(id);
    QVERIFY(chip);
    bool used = false;
    // By a timer, so that it does not matter whether the menu runs a loop of its own.
    QTimer::singleShot(0, this, [&used, steps] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (!menu)
            return;
        for (int i = 0; i < steps; ++i)
            QTest::keyClick(menu, Qt::Key_Down);
        used = true;
        QTest::keyClick(menu, Qt::Key_Return);
    });
    const QPoint place = chip->rect().center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, chip->mapToGlobal(place));
    QApplication::sendEvent(chip, &event);
    QTRY_VERIFY(used);
}

void TrafficChangesTest::store(domain::UsageRecord record)
{
    record.createdAt = QDateTime::currentMSecsSinceEpoch();
    record.operation = "chat";
    record.httpStatus = 200;
    m_fixture->waitFor(m_fixture->administration().foundation.storage.write(
        [record](storage::Database &database) -> base::Result<> {
            if (auto added = storage::UsageRepository(database).insert(record); !added)
                return base::fail(added.error());
            return {};
        }));
}

void TrafficChangesTest::chipIsRemovedByItsMenu()
{
    const QString id = saveFilter(u"Long & <b>ones</b>"_s);
    QVERIFY(!id.isEmpty());

    useChipMenu(id, 2);
    QTRY_VERIFY(!chips()->findChild<QPushButton *>(id));
    QVERIFY(!QApplication::activePopupWidget());

    m_fixture->services().undo.undo();
    QTRY_VERIFY(chips()->findChild<QPushButton *>(id));
    useChipMenu(id, 1);
    NameDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = m_page->findChild<NameDialog *>()) && dialog->isVisible());
    dialog->findChild<QLineEdit *>()->selectAll();
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Other"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_COMPARE(chips()->findChild<QPushButton *>(id)->text(), u"Other"_s);
    useChipMenu(id, 2);
    QTRY_VERIFY(!chips()->findChild<QPushButton *>(id));
}

void TrafficChangesTest::chipsMayChangeUnderAMenu()
{
    ChipRow row;
    row.setChips({{.id = u"a"_s, .text = u"A"_s, .removable = true}});
    row.show();
    QVERIFY(QTest::qWaitForWindowExposed(&row));
    auto *chip = row.findChild<QPushButton *>(u"a"_s);
    QSignalSpy removed(&row, &ChipRow::removalRequested);
    QTimer::singleShot(0, &row, [&row] {
        row.setChips({{.id = u"b"_s, .text = u"B"_s}});
        QTimer::singleShot(50, &row, [] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            if (menu)
                QTest::keyClick(menu, Qt::Key_Up);
            if (menu)
                QTest::keyClick(menu, Qt::Key_Return);
        });
    });
    QContextMenuEvent event(QContextMenuEvent::Mouse, {3, 3}, chip->mapToGlobal(QPoint(3, 3)));
    QApplication::sendEvent(chip, &event);

    QTRY_COMPARE(removed.size(), 1);
    QCOMPARE(removed.first().first().toString(), u"a"_s);
    QVERIFY(row.findChild<QPushButton *>(u"b"_s));
}

void TrafficChangesTest::forgottenRequestLeavesTheInspector()
{
    showKeptRequests(u"forgetful"_s);

    action("traffic.forget")->trigger();
    pressForget();

    QTRY_VERIFY(!model().lineAt(0)->hasCapture);
    QVERIFY(model().lineAt(1)->hasCapture);
    QTRY_VERIFY(showsPrompt());
    QCOMPARE(inspector()->shownId(), model().lineAt(0)->id);
    QCOMPARE(m_page->focusWidget(), static_cast<QWidget *>(view())); // and one goes on there
}

void TrafficChangesTest::forgottenTokenLeavesTheInspector()
{
    showKeptRequests(u"discreet"_s);

    action("traffic.forgetToken")->trigger();
    pressForget();

    QTRY_VERIFY(!model().lineAt(0)->hasCapture);
    QTRY_VERIFY(showsPrompt());
}

void TrafficChangesTest::inspectorForgetsAToken()
{
    showKeptRequests(u"shy"_s);
    const auto tools = inspector()->findChildren<QToolButton *>();
    const auto tool = std::find_if(tools.begin(), tools.end(), [](const auto *each) {
        return each->accessibleName() == u"Forget what was sent in this request"_s;
    });
    QVERIFY(tool != tools.end());

    QTest::mouseClick(*tool, Qt::LeftButton);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QTest::qWait(100);
    QVERIFY(model().lineAt(0)->hasCapture); // the page asks first
    pressForget();

    QTRY_VERIFY(!model().lineAt(0)->hasCapture);
    QVERIFY(!model().lineAt(1)->hasCapture);
    QTRY_VERIFY(showsPrompt());
}

void TrafficChangesTest::questionGoesWithItsSelection()
{
    showKeptRequests(u"undecided"_s);
    auto *messages = m_page->findChild<MessageBar *>(u"trafficMessages"_s);

    action("traffic.forget")->trigger();
    QVERIFY(messages->hasMessage(u"forget"_s));
    choose(1);
    QTRY_VERIFY(!messages->hasMessage(u"forget"_s));

    action("traffic.forget")->trigger();
    QVERIFY(messages->hasMessage(u"forget"_s));
    m_page->setFilter(u"token:undecided status:200"_s);
    QVERIFY(!messages->hasMessage(u"forget"_s));
    QVERIFY(model().lineAt(0)->hasCapture && model().lineAt(1)->hasCapture);
}

void TrafficChangesTest::inspectorCancelsARequest()
{
    const domain::Token token = m_fixture->addToken(u"patient"_s);
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_fixture->url() + u"/v1/chat/completions"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + token.key.reveal());
    const QByteArray body = R"({"model":"echo-gap-100-long-600","stream":true,)"
                            R"("messages":[{"role":"user","content":"x"}]})";
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    m_page->setFilter(u"token:patient"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model().kindAt(0), Kind::Running, 10'000);
    choose(0);
    const auto tools = inspector()->findChildren<QToolButton *>();
    const auto tool = std::find_if(tools.begin(), tools.end(), [](const auto *each) {
        return each->accessibleName() == u"Cancel the request"_s;
    });
    QVERIFY(tool != tools.end());
    QTRY_VERIFY((*tool)->isVisible());

    QTest::mouseClick(*tool, Qt::LeftButton);

    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(model().runningCount(), 0, 10'000);
    QTRY_VERIFY(!(*tool)->isVisible());
}

void TrafficChangesTest::streamTabKeepsItsSwitches()
{
    showKeptRequests(u"plain"_s);
    inspector()->setCurrentPart(Inspector::Tab::Stream);
    auto *stream = inspector()->findChild<StreamTab *>();
    const auto shows = [stream](const QString &text) {
        const auto labels = stream->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->isVisible() && label->text() == text;
        });
    };
    QTRY_VERIFY(shows(u"The answer was no stream."_s));
    QVERIFY(stream->views()->isVisible());

    for (QAbstractButton *button : stream->views()->findChildren<QAbstractButton *>()) {
        if (button->text() == u"Assembled"_s)
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_VERIFY(stream->assembledText().contains(u"Hello"_s));
    QVERIFY(!shows(u"The answer was no stream."_s));
}

void TrafficChangesTest::disabledTokenStaysDisabled()
{
    admin::TokenManager &tokens = m_fixture->administration().tokenManager;
    const admin::Actor actor = m_fixture->services().actor;
    const domain::Token token = m_fixture->addToken(u"stopped"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    m_fixture->wait(tokens.setStatus(actor, {token.id}, domain::TokenStatus::Disabled));
    m_page->setFilter(u"token:stopped"_s);
    QTRY_COMPARE(model().rowCount(), 1);
    choose(0);

    QSignalSpy done(&m_fixture->services().undo, &UndoStack::done);
    action("traffic.disableToken")->trigger();
    QTRY_COMPARE(done.size(), 1);
    QSignalSpy undone(&m_fixture->services().undo, &UndoStack::undone);
    m_fixture->services().undo.undo();
    QTRY_COMPARE(undone.size(), 1);

    QCOMPARE(m_fixture->wait(tokens.find(actor, token.id)).token.status,
             domain::TokenStatus::Disabled);
}

void TrafficChangesTest::priceIsAskedOfTheProvidersModel()
{
    store({.requestId = "aliased",
           .model = "house model",
           .providerModel = "provider-model",
           .unpriced = true});
    m_page->setFilter(u"model:\"house model\""_s);
    QTRY_COMPARE(model().rowCount(), 1);
    QSignalSpy pages(m_page.get(), &Page::navigationRequested);
    choose(0);

    action("traffic.addPrice")->trigger();

    QCOMPARE(pages.size(), 1);
    QCOMPARE(pages.at(0).at(1).toString(), u"source:\"no price\" model:\"provider-model\""_s);
}

void TrafficChangesTest::requestOpensAmongGroups()
{
    QTRY_VERIFY(model().rowCount() > 1);
    const qint64 id = model().lineAt(1)->id;
    auto *groupings = m_page->findChild<FilterBar *>()->findChild<QComboBox *>();
    groupings->setFocus();
    QTest::keyClick(groupings, Qt::Key_Down);
    QTRY_VERIFY(model().grouping());

    m_page->showItem(id);

    QTRY_COMPARE(inspector()->shownId(), id);
    QTRY_VERIFY(inspector()->isVisible());
    QCOMPARE(model().rowCount(), 1);
    QVERIFY(view()->selectionModel()->isRowSelected(0, {}));
    // The next start groups as was chosen.
    QCOMPARE(m_fixture->services().state.value(u"traffic/grouping"_s).toInt(), 1);
}

void TrafficChangesTest::requestOpensAgain()
{
    QTRY_VERIFY(model().rowCount() > 1);
    const qint64 id = model().lineAt(1)->id;
    m_page->showItem(id);
    QTRY_COMPARE(inspector()->shownId(), id);
    QTRY_VERIFY(inspector()->isVisible());
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_Escape);
    QTRY_VERIFY(!inspector()->isVisible());

    m_page->showItem(id);

    QTRY_VERIFY(inspector()->isVisible());
    QTRY_COMPARE(inspector()->shownId(), id);
}

void TrafficChangesTest::pausedListObeysItsFilter()
{
    const domain::Token token = m_fixture->addToken(u"slow"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_fixture->url() + u"/v1/chat/completions"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + token.key.reveal());
    const std::unique_ptr<QNetworkReply> reply(network.post(
        request,
        R"({"model":"echo-gap-100-long-600","stream":true,"messages":[{"role":"user","content":"x"}]})"));
    QTRY_COMPARE_WITH_TIMEOUT(model().kindAt(0), Kind::Running, 10'000);
    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_P);
    QVERIFY(action("traffic.pause")->isChecked());

    m_page->setFilter(u"model:\"echo\" token:slow"_s);
    QTRY_COMPARE(model().rowCount(), 1);
    QCOMPARE(model().kindAt(0), Kind::Request);
    QVERIFY(!reply->isFinished());

    m_page->setFilter(u"token:slow"_s);
    QTRY_COMPARE(model().rowCount(), 2);
    QCOMPARE(model().kindAt(0), Kind::Running);
    reply->abort();
}

QTEST_MAIN(TrafficChangesTest)
#include "tst_trafficchanges.moc"
