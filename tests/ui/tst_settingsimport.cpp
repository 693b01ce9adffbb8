#include "admin/administration.h"
#include "settings/importblock.h"
#include "settings/settingspage.h"
#include "support/foreigndatabase.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using support::ForeignDatabase;

// Settings, Import: a database is chosen, looked at and taken over.
class SettingsImportTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsWhatWouldComeAlong();
    void importsWhatWasShown();
    void ticksTheChannelsOfAConfiguration();
    void marksWhatIsHereAlready();
    void ticksByKeysAndAllAtOnce();
    void canBeCancelled();
    void canBeCancelledBeforeItStores();
    void staysWhileItRuns();
    void showsWhatEndedUnseen();
    void tellsWhatFailedUnseen();
    void tellsWhyAFileCannotBeImported();
    void staysSoundAndAccessible();
    void isFoundByTheSearch();

private:
    admin::Administration &house() { return m_fixture->administration(); }
    ImportBlock *block() { return m_page->findChild<ImportBlock *>(); }
    TableView *table() { return block()->findChild<TableView *>(u"importNotes"_s); }
    TableView *proposals() { return block()->findChild<TableView *>(u"proposals"_s); }
    // As a person does: a click on the box.
    void tick(int row)
    {
        const QRect cell = proposals()->visualRect(proposals()->model()->index(row, 0));
        QTest::mouseClick(proposals()->viewport(),
                          Qt::LeftButton,
                          {},
                          QPoint(cell.center().x(), cell.center().y()));
    }
    bool isTicked(int row)
    {
        return proposals()->model()->index(row, 0).data(Qt::CheckStateRole).toInt() == Qt::Checked;
    }
    QString text(int row, int column)
    {
        return proposals()->model()->index(row, column).data().toString();
    }
    QString write(const QString &name, const QByteArray &content)
    {
        const QString folder = m_fixture->directory() + u"/configs"_s;
        const QString path = folder + u'/' + name;
        QFile file(path);
        if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly)
            || file.write(content) != content.size())
            qFatal("%s cannot be written", qPrintable(path));
        return path;
    }
    std::vector<domain::Channel> channels()
    {
        return m_fixture->wait(house().channels.list({.limit = 100}));
    }
    QPushButton *button(const QString &text)
    {
        for (QPushButton *each : block()->findChildren<QPushButton *>()) {
            if (each->text() == text)
                return each;
        }
        return nullptr;
    }
    bool shows(const QString &words)
    {
        for (const QLabel *label : block()->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return false;
    }
    void openPage();
    void choose(const QString &path)
    {
        QTest::mouseClick(button(u"Choose a file…"_s), Qt::LeftButton);
        auto *dialog = block()->findChild<QFileDialog *>();
        QVERIFY(dialog);
        dialog->selectFile(path);
        QMetaObject::invokeMethod(dialog, "accept");
    }
    bool failureIsShown()
    {
        for (const MessageBar *each : m_page->findChildren<MessageBar *>()) {
            if (each->hasMessage(u"failure"_s))
                return true;
        }
        return false;
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsImportTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void SettingsImportTest::init()
{
    house().imports.forgetOutcome();
    openPage();
}

void SettingsImportTest::openPage()
{
    auto store = std::make_shared<SettingsStore>(
        m_fixture->services(), SettingsHooks{.dataDirectory = m_fixture->directory()});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), store);
    m_page->resize(1000, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
    m_page->showPane(u"import"_s);
}

void SettingsImportTest::cleanup()
{
    m_page.reset();
}

void SettingsImportTest::showsWhatWouldComeAlong()
{
    ForeignDatabase source;
    source.addUser(50, u"alice"_s);
    source.addUser(51, u"gone"_s, {{u"status"_s, 3}});
    source.addUser(52, u"root"_s, {{u"role"_s, 100}});
    source.addToken(50, 50);
    source.addChannel(50, 99, {{u"name"_s, u"of the future"_s}});
    QVERIFY(!button(u"Import"_s)->isVisible());

    choose(source.path());

    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(shows(u"Would be imported from One API"_s));
    QVERIFY(shows(u"Users: 2 of 3"_s));
    QVERIFY(shows(u"Tokens: 1 of 1"_s));
    QVERIFY(shows(u"Channels: 0 of 1"_s));
    QVERIFY(shows(u"Logs (0 lines)"_s));
    QVERIFY(table()->isVisible());
    QStringList names;
    for (int row = 0; row < table()->model()->rowCount(); ++row)
        names.append(table()->model()->index(row, 2).data(Qt::DisplayRole).toString());
    QVERIFY2(names.contains(u"gone"_s) && names.contains(u"of the future"_s)
                 && names.contains(u"root"_s),
             qPrintable(names.join(u',')));
    QVERIFY(!m_fixture
                 ->wait(house().users.list(
                     m_fixture->services().actor, storage::UserOrder::NewestFirst, {}))
                 .empty());
    for (const auto &user : m_fixture->wait(
             house().users.list(m_fixture->services().actor, storage::UserOrder::NewestFirst, {})))
        QVERIFY(user.username != u"alice"_s);
}

void SettingsImportTest::importsWhatWasShown()
{
    ForeignDatabase source(ForeignDatabase::newApiSchema());
    source.addUser(60, u"carol"_s);
    source.addToken(60, 60);
    choose(source.path());
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(shows(u"Would be imported from New API"_s));
    QVERIFY(!table()->isVisible()); // nothing is left out

    QTest::mouseClick(button(u"Import"_s), Qt::LeftButton);

    auto *messages = block()->findChild<MessageBar *>();
    QTRY_VERIFY(messages->hasMessage(u"done"_s));
    QVERIFY(shows(u"Imported from New API"_s));
    QVERIFY(!button(u"Import"_s)->isVisible());
    QVERIFY(button(u"Choose a file…"_s)->isEnabled());
    bool found = false;
    for (const auto &user : m_fixture->wait(
             house().users.list(m_fixture->services().actor, storage::UserOrder::NewestFirst, {})))
        found = found || user.username == u"carol"_s;
    QVERIFY(found);
    // Another one begins anew.
    ForeignDatabase other;
    choose(other.path());
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(!messages->hasMessage(u"done"_s));
}

void SettingsImportTest::ticksTheChannelsOfAConfiguration()
{
    const QString path = write(u"config.json"_s, R"({"Providers":[
        {"name":"first","api_base_url":"https://first.example/v1/chat/completions",
         "api_key":"sk-first-0123456789","models":["m","n"]},
        {"name":"second","api_base_url":"https://second.example/v1","api_key":"sk-second-0123456",
         "models":["m"]},
        {"name":"nowhere","api_key":"sk-x"}]})");
    choose(path);
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(shows(u"Channels in the file of Claude Code Router"_s));
    QVERIFY(shows(u"2 of 2 ticked"_s));
    QCOMPARE(proposals()->model()->rowCount(), 2);
    QCOMPARE(text(0, 1), u"first"_s);
    QCOMPARE(text(0, 4), u"sk-f…6789"_s);
    QCOMPARE(table()->model()->rowCount(), 1); // what cannot be taken over
    QVERIFY(isTicked(0) && isTicked(1));

    tick(0);
    QVERIFY(!isTicked(0));
    QVERIFY(shows(u"1 of 2 ticked"_s));
    tick(1);
    QVERIFY(!button(u"Import"_s)->isEnabled());
    tick(1);
    QTest::mouseClick(button(u"Import"_s), Qt::LeftButton);

    QTRY_VERIFY(block()->findChild<MessageBar *>()->hasMessage(u"done"_s));
    QVERIFY(!proposals()->isVisible());
    QVERIFY(shows(u"Imported from Claude Code Router"_s));
    QStringList names;
    for (const domain::Channel &channel : channels())
        names.append(channel.name);
    QVERIFY(names.contains(u"second"_s));
    QVERIFY(!names.contains(u"first"_s));
}

void SettingsImportTest::marksWhatIsHereAlready()
{
    m_fixture->wait(house().channels.create(
        {{.type = domain::provider::anthropic,
          .name = u"my own"_s,
          .keys = {{.secret = base::Secret(QByteArray("sk-ant-here-0123456789"))}}}}));
    const QString path = write(
        u"config.yaml"_s,
        "model_list:\n"
        "  - {model_name: c, litellm_params: {model: anthropic/c, api_key: "
        "sk-ant-here-0123456789}}\n"
        "  - {model_name: g, litellm_params: {model: groq/g, api_key: gsk_0123456789abcd}}\n");

    choose(path);

    QTRY_COMPARE(proposals()->model()->rowCount(), 2);
    QVERIFY(shows(u"1 of 2 ticked"_s));
    QVERIFY(!isTicked(0));
    QVERIFY(isTicked(1));
    QCOMPARE(text(0, 6), u"It is here already as my own."_s);
    QVERIFY(shows(u"LiteLLM's own database"_s));
    QStringList problems = tests::accessibilityProblems(m_page.get());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    // Another file begins anew.
    ForeignDatabase other;
    choose(other.path());
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(!proposals()->isVisible());
}

void SettingsImportTest::ticksByKeysAndAllAtOnce()
{
    const QAbstractItemModelTester tester(proposals()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    QByteArray config = "model_list:\n";
    for (int i = 0; i < 30; ++i) {
        const QByteArray number = QByteArray::number(i);
        config += "  - {model_name: m, litellm_params: {model: openai/m, api_base: 'https://h"
                  + number + ".example/v1', api_key: sk-0123456789abcdef}}\n";
    }
    choose(write(u"config.yaml"_s, config));
    QTRY_COMPARE(proposals()->model()->rowCount(), 30);

    QTest::mouseClick(button(u"Tick none"_s), Qt::LeftButton);
    QVERIFY(shows(u"0 of 30 ticked"_s));
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    proposals()->setFocus();
    proposals()->selectSourceRow(2);
    QTest::keyClick(proposals(), Qt::Key_Space);
    QVERIFY(isTicked(2));
    QVERIFY(shows(u"1 of 30 ticked"_s));
    QTest::keyClick(proposals(), Qt::Key_Space);
    QVERIFY(!isTicked(2));
    QTest::mouseClick(button(u"Tick all"_s), Qt::LeftButton);
    QVERIFY(shows(u"30 of 30 ticked"_s));
    QVERIFY(button(u"Import"_s)->isEnabled());
}

void SettingsImportTest::canBeCancelled()
{
    ForeignDatabase source;
    source.run(u"BEGIN EXCLUSIVE"_s); // the other program is in the middle of writing
    QVERIFY(!button(u"Cancel"_s)->isVisible());
    choose(source.path());
    QVERIFY(button(u"Cancel"_s)->isVisible());

    QTest::mouseClick(button(u"Cancel"_s), Qt::LeftButton);

    QTRY_VERIFY(!button(u"Cancel"_s)->isVisible());
    QVERIFY(button(u"Choose a file…"_s)->isEnabled());
    QVERIFY(!failureIsShown());
}

// What stores before it takes long.
void SettingsImportTest::canBeCancelledBeforeItStores()
{
    choose(write(u"config.json"_s, R"({"Providers":[{"name":"cancelled",
        "api_base_url":"https://cancelled.example/v1","api_key":"sk-c-0123456789","models":["m"]}]})"));
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QSemaphore gate;
    const auto before = house().foundation.storage.write([&gate](auto &) {
        gate.acquire();
        return base::Result<>();
    });

    QTest::mouseClick(button(u"Import"_s), Qt::LeftButton);
    QTest::mouseClick(button(u"Cancel"_s), Qt::LeftButton);
    gate.release();

    m_fixture->waitFor(before);
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(!failureIsShown());
    for (const domain::Channel &channel : channels())
        QVERIFY(channel.name != u"cancelled"_s);
}

// A page with a job is not dropped with the hidden window.
void SettingsImportTest::staysWhileItRuns()
{
    ForeignDatabase source;
    source.run(u"BEGIN EXCLUSIVE"_s);
    QSignalSpy changed(m_page.get(), &Page::jobChanged);

    choose(source.path());

    QVERIFY(m_page->job().startsWith("Reading "_L1));
    QCOMPARE(changed.size(), 1);
    m_page->showPane(u"advanced"_s); // whose block says that it does nothing
    QTRY_VERIFY(m_page->findChild<QLabel *>(u"databaseSize"_s)->text().contains("of which"_L1));
    QVERIFY(m_page->job().startsWith("Reading "_L1));
    m_page->showJob();
    QCOMPARE(m_page->currentPane(), u"import"_s);
    QTest::mouseClick(button(u"Cancel"_s), Qt::LeftButton);
    QTRY_VERIFY(m_page->job().isEmpty());
}

void SettingsImportTest::showsWhatEndedUnseen()
{
    ForeignDatabase source;
    source.addUser(70, u"dave"_s);
    m_page.reset();
    m_fixture->wait(house().imports.carryOut(m_fixture->services().actor, source.path()));

    openPage();

    QVERIFY(block()->findChild<MessageBar *>()->hasMessage(u"done"_s));
    QVERIFY(shows(u"Imported from One API"_s));
    QVERIFY(shows(u"Users: 1 of 1"_s));
    ForeignDatabase other;
    choose(other.path());
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    openPage();
    QVERIFY(!shows(u"Imported from One API"_s)); // once another one was begun
}

void SettingsImportTest::tellsWhatFailedUnseen()
{
    m_page.reset();
    const auto asked = house().imports.carryOut(m_fixture->services().actor,
                                                m_fixture->directory() + u"/none.db"_s);
    QTRY_VERIFY(asked.isFinished());

    openPage();

    QVERIFY(failureIsShown());
    openPage();
    QVERIFY(!failureIsShown());
}

void SettingsImportTest::tellsWhyAFileCannotBeImported()
{
    const QString path = m_fixture->directory() + u"/elsewhere/notes.txt"_s;
    QVERIFY(QDir().mkpath(m_fixture->directory() + u"/elsewhere"_s));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(500, 'x')) == 500);
    file.close();

    choose(path);

    QTRY_VERIFY(failureIsShown());
    QVERIFY(!button(u"Import"_s)->isVisible());
    ForeignDatabase source;
    choose(source.path());
    QTRY_VERIFY(button(u"Import"_s)->isEnabled());
    QVERIFY(!failureIsShown());
}

void SettingsImportTest::staysSoundAndAccessible()
{
    const QAbstractItemModelTester tester(table()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    ForeignDatabase source;
    for (int i = 100; i < 130; ++i)
        source.addUser(i, u"gone-%1"_s.arg(i), {{u"status"_s, 3}});
    choose(source.path());
    QTRY_COMPARE(table()->model()->rowCount(), 30);
    QStringList problems = tests::accessibilityProblems(m_page.get());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));

    ForeignDatabase other;
    choose(other.path());

    QTRY_COMPARE(table()->model()->rowCount(), 0);
}

void SettingsImportTest::isFoundByTheSearch()
{
    m_page->showPane(u"general"_s);

    m_page->setFilter(u"migrate"_s);

    QTRY_COMPARE(m_page->currentPane(), u"import"_s);
}

QTEST_MAIN(SettingsImportTest)

#include "tst_settingsimport.moc"
