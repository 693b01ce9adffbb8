#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "domain/providertype.h"
#include "preferences/settingrow.h"
#include "settings/backupblock.h"
#include "settings/databaseblock.h"
#include "settings/passworddialog.h"
#include "settings/resetblock.h"
#include "settings/settingspage.h"
#include "support/heldfile.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/clipboard.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/fields/secretfield.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Backups, passwords, sessions and what is kept of requests.
class SettingsDataTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void backsUpNow();
    void keepsTheFocusWhileItWorks();
    void cancelsABackup();
    void theTableIsSound();
    void theTableIsSorted();
    void restoresWithASafetyCopy();
    void refusesADamagedCopy();
    void savesACopyElsewhere();
    void deletesABackupWhenAsked();
    void backsUpBySchedule();
    void backsUpIntoAnotherFolder();
    void compactsTheDatabaseWhileTheGatewayPauses();
    void waitsForRunningRequests();
    void checksTheDatabase();
    void resetsAllSettingsInOneStep();
    void tellsWhereTheMasterKeyLies();
    void changesThePassword();
    void signsEverybodyOut();
    void deletesHeadsAndBodies();
    void copiesDiagnostics();
    void dialogsAreAccessible();
    void questionsAreShownWhole();

private:
    admin::Administration &house() { return m_fixture->administration(); }
    void showPane(const QString &id)
    {
        m_page->showPane(id);
        m_page->setActive(true);
    }
    TableView *table() { return m_page->findChild<BackupBlock *>()->findChild<TableView *>(); }
    void press(QWidget *within, const QString &text)
    {
        for (QPushButton *button : within->findChildren<QPushButton *>()) {
            if (button->text().contains(text) && button->isVisible()) {
                QVERIFY2(button->isEnabled(), qPrintable(text));
                return QTest::mouseClick(button, Qt::LeftButton);
            }
        }
        QFAIL(qPrintable(u"There is no button "_s + text));
    }
    Confirmation *question() { return m_page->findChild<Confirmation *>(); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsDataTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo"_s);
}

void SettingsDataTest::init()
{
    auto store = std::make_shared<SettingsStore>(
        m_fixture->services(),
        SettingsHooks{.dataDirectory = m_fixture->directory(),
                      .logFile = QDir::homePath() + u"/no such folder/gate.log"_s,
                      .secretsPlace = [] { return u"In a safe place"_s; }});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), store);
    m_page->resize(1000, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
}

void SettingsDataTest::cleanup()
{
    m_page.reset();
}

void SettingsDataTest::backsUpNow()
{
    showPane(u"backup"_s);
    const int before = table()->model()->rowCount();
    QSignalSpy jobs(m_page->findChild<BackupBlock *>(), &BackupBlock::jobChanged);

    press(m_page.get(), u"Back up now"_s);

    QCOMPARE(jobs.size(), 1);
    QCOMPARE(jobs.front().front().toString(), u"Backing up…"_s);
    const auto buttons = m_page->findChild<BackupBlock *>()->findChildren<QPushButton *>();
    for (const QPushButton *button : buttons) {
        if (button->text() == u"Save a copy…"_s)
            QVERIFY(!button->isEnabled()); // one at a time
    }
    QTRY_COMPARE(jobs.size(), 2);
    QCOMPARE(jobs.back().front().toString(), QString());
    QTRY_COMPARE(table()->model()->rowCount(), before + 1);
    QCOMPARE(m_fixture->wait(house().backups.list()).size(), size_t(before + 1));
    QCOMPARE(m_fixture->wait(house().backups.list()).front().reason, u"manual"_s);
}

void SettingsDataTest::keepsTheFocusWhileItWorks()
{
    showPane(u"backup"_s);
    auto *block = m_page->findChild<BackupBlock *>();
    QPushButton *button = nullptr;
    for (QPushButton *each : block->findChildren<QPushButton *>()) {
        if (each->text() == u"Back up now"_s)
            button = each;
    }
    QVERIFY(button);
    QSignalSpy jobs(block, &BackupBlock::jobChanged);
    button->setFocus();

    press(block, u"Back up now"_s);

    QVERIFY(block->isAncestorOf(block->window()->focusWidget()));
    QTRY_COMPARE(jobs.size(), 2);
    QCOMPARE(block->window()->focusWidget(), static_cast<QWidget *>(button));
}

// Whoever began it: here it is not the page.
void SettingsDataTest::cancelsABackup()
{
    showPane(u"backup"_s);
    auto *block = m_page->findChild<BackupBlock *>();
    const size_t before = m_fixture->wait(house().backups.list()).size();
    QSignalSpy jobs(block, &BackupBlock::jobChanged);
    support::HeldFile held;
    QVERIFY(held.isMade());
    const auto reading = house().backups.inspect(held.path()); // the copy waits for it
    const auto copying = house().backups.create();
    QCOMPARE(jobs.size(), 1);

    press(block, u"Cancel"_s);

    QVERIFY(held.release());
    QTRY_VERIFY(copying.isFinished() && !house().backups.isBusy());
    QCOMPARE(copying.result().error().code, base::ErrorCode::Cancelled);
    QCOMPARE(jobs.size(), 2);
    for (const QPushButton *button : block->findChildren<QPushButton *>()) {
        if (button->text() == u"Cancel"_s)
            QVERIFY(!button->isVisible());
        if (button->text() == u"Back up now"_s)
            QVERIFY(button->isEnabled());
    }
    QCOMPARE(m_fixture->wait(house().backups.list()).size(), before);
}

void SettingsDataTest::theTableIsSound()
{
    showPane(u"backup"_s);
    QTRY_VERIFY(table()->model()->rowCount() > 0);

    const QAbstractItemModelTester tester(table()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    m_fixture->wait(house().backups.create());
    QTRY_VERIFY(table()->model()->rowCount() > 1);
}

void SettingsDataTest::theTableIsSorted()
{
    showPane(u"backup"_s);
    m_fixture->wait(house().backups.create());
    QTRY_VERIFY(table()->model()->rowCount() > 1);
    const QAbstractItemModel *rows = table()->model();
    const auto madeAt = [rows](int row) {
        return rows->index(row, 0).data(role::sort).toLongLong();
    };
    const int last = rows->rowCount() - 1;
    QVERIFY(madeAt(0) > madeAt(last)); // the newest first

    QTest::mouseClick(table()->horizontalHeader()->viewport(), Qt::LeftButton, {}, {20, 10});

    QCOMPARE(table()->sortKeys().size(), 1);
    QTRY_VERIFY(madeAt(0) < madeAt(last));
    // What is done with a row is done with the one that is seen.
    table()->selectRow(0);
    press(m_page.get(), u"Delete…"_s);
    QTRY_VERIFY(question());
    const auto all = m_fixture->wait(house().backups.list());
    const auto labels = question()->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [&all](const QLabel *label) {
        return label->text().contains(all.back().fileName);
    }));
    press(question(), u"Cancel"_s);
    QTRY_VERIFY(!question());
}

void SettingsDataTest::restoresWithASafetyCopy()
{
    showPane(u"backup"_s);
    QTRY_VERIFY(table()->model()->rowCount() > 0);
    table()->selectRow(0);

    press(m_page.get(), u"Restore…"_s);
    QTRY_VERIFY(question());
    QVERIFY(!house().backups.isRestorePrepared());
    press(question(), u"Back up and restore"_s);

    QTRY_VERIFY(house().backups.isRestorePrepared());
    QCOMPARE(m_fixture->wait(house().backups.list()).front().reason, u"before-restore"_s);
    auto *messages = m_page->findChild<BackupBlock *>()->findChild<MessageBar *>();
    QTRY_VERIFY(messages->hasMessage(u"prepared"_s));
    press(messages, u"Do not restore"_s);
    QTRY_VERIFY(!house().backups.isRestorePrepared());
    QTRY_VERIFY(!messages->hasMessage(u"prepared"_s));
}

void SettingsDataTest::refusesADamagedCopy()
{
    showPane(u"backup"_s);
    const QString broken = m_fixture->directory() + u"/broken.db"_s;
    QFile file(broken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();

    press(m_page.get(), u"Restore from a file"_s);
    auto *dialog = m_page->findChild<QFileDialog *>();
    dialog->selectFile(broken);
    QMetaObject::invokeMethod(dialog, "accept");

    auto *messages = m_page->findChildren<MessageBar *>().constFirst();
    const auto shown = [this] {
        for (const MessageBar *each : m_page->findChildren<MessageBar *>()) {
            if (each->hasMessage(u"failure"_s))
                return true;
        }
        return false;
    };
    QVERIFY(messages);
    QTRY_VERIFY(shown());
    QVERIFY(!question());
    QVERIFY(!house().backups.isRestorePrepared());
}

void SettingsDataTest::savesACopyElsewhere()
{
    showPane(u"backup"_s);
    const QString target = m_fixture->directory() + u"/elsewhere.db"_s;

    press(m_page.get(), u"Save a copy"_s);
    auto *dialog = m_page->findChild<QFileDialog *>();
    dialog->selectFile(target);
    QMetaObject::invokeMethod(dialog, "accept");

    QTRY_VERIFY(QFile::exists(target));
    QCOMPARE(m_fixture->wait(house().backups.inspect(target)).channels, 1);
}

void SettingsDataTest::deletesABackupWhenAsked()
{
    showPane(u"backup"_s);
    QTRY_VERIFY(table()->model()->rowCount() > 1);
    const int before = table()->model()->rowCount();
    table()->selectRow(0);

    press(m_page.get(), u"Delete…"_s);
    QTRY_VERIFY(question());
    press(question(), u"Cancel"_s);
    QTRY_VERIFY(!question());
    QCOMPARE(table()->model()->rowCount(), before);
    press(m_page.get(), u"Delete…"_s);
    QTRY_VERIFY(question());
    press(question(), u"Delete"_s);

    QTRY_COMPARE(table()->model()->rowCount(), before - 1);
}

void SettingsDataTest::backsUpBySchedule()
{
    for (const admin::BackupListing &each : m_fixture->wait(house().backups.list()))
        m_fixture->waitFor(house().backups.remove(each.path));

    m_fixture->waitFor(house().settings.set(u"storage.backup_interval"_s, u"24"_s));

    QTRY_COMPARE(m_fixture->wait(house().backups.list()).size(), size_t(1));
    QCOMPARE(m_fixture->wait(house().backups.list()).front().reason, u"scheduled"_s);
    // The next one is not due for a day, however often settings change.
    m_fixture->waitFor(house().settings.set(u"storage.backup_interval"_s, u"48"_s));
    m_fixture->waitFor(house().settings.reset(u"storage.backup_interval"_s));
    QCOMPARE(m_fixture->wait(house().backups.list()).size(), size_t(1));
}

void SettingsDataTest::backsUpIntoAnotherFolder()
{
    showPane(u"backup"_s);
    QTRY_VERIFY(table()->model()->rowCount() > 0);
    const int before = table()->model()->rowCount();
    auto *row = m_page->findChild<SettingRow *>(u"storage.backup_directory"_s);
    auto *path = row->findChild<QLineEdit *>();
    const QString folder = m_fixture->directory() + u"/elsewhere"_s;

    path->setFocus();
    QTest::keyClicks(path, folder);
    QTest::keyClick(path, Qt::Key_Return);
    QTRY_VERIFY(row->error().contains(u"no such folder"_s));
    QVERIFY(QDir().mkpath(folder));
    QTest::keyClick(path, Qt::Key_Return);

    QTRY_COMPARE(house().backups.directory(), folder);
    QTRY_COMPARE(table()->model()->rowCount(), 0);
    press(m_page.get(), u"Back up now"_s);
    QTRY_COMPARE(table()->model()->rowCount(), 1);
    QCOMPARE(QDir(folder).entryList(QDir::Files).size(), 1);
    QTest::mouseClick(row->findChild<QPushButton *>(u"reset"_s), Qt::LeftButton);
    QTRY_VERIFY(house().backups.directory() != folder);
    QTRY_COMPARE(table()->model()->rowCount(), before);
}

void SettingsDataTest::compactsTheDatabaseWhileTheGatewayPauses()
{
    showPane(u"advanced"_s);
    const auto *size = m_page->findChild<QLabel *>(u"databaseSize"_s);
    QTRY_VERIFY(size->text().contains(u"are not used"_s));
    const QSignalSpy noticed(m_page.get(), &Page::noticeRaised);
    QSignalSpy states(&m_fixture->services().gateway, &admin::GatewayControl::stateChanged);

    press(m_page.get(), u"Compact…"_s);
    QTRY_VERIFY(question());
    press(question(), u"Pause and compact"_s);

    QTRY_COMPARE(states.size(), 2);
    QCOMPARE(states[0][0].value<admin::GatewayState>(), admin::GatewayState::Paused);
    QCOMPARE(states[1][0].value<admin::GatewayState>(), admin::GatewayState::Running);
    QTRY_VERIFY(!noticed.isEmpty());
    QVERIFY2(noticed.back().front().value<LiveText>().text().startsWith(u"The database "_s),
             qPrintable(noticed.back().front().value<LiveText>().text()));
}

void SettingsDataTest::waitsForRunningRequests()
{
    const domain::Token token = m_fixture->addToken(u"slow"_s);
    m_fixture->addEchoChannel(u"Slow"_s, {u"echo-gap-100-long-600"_s});
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_fixture->url() + u"/v1/chat/completions"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + token.key.reveal());
    const std::unique_ptr<QNetworkReply> reply(network.post(
        request,
        R"({"model":"echo-gap-100-long-600","stream":true,"messages":[{"role":"user","content":"x"}]})"));
    QTRY_VERIFY(m_fixture->services().gateway.inFlight() > 0);
    showPane(u"advanced"_s);
    const auto *progress = m_page->findChild<QLabel *>(u"databaseProgress"_s);
    press(m_page.get(), u"Compact…"_s);
    QTRY_VERIFY(question());

    press(question(), u"Pause and compact"_s);

    QTRY_VERIFY(progress->isVisible());
    QVERIFY2(progress->text().startsWith(u"Waiting for "_s), qPrintable(progress->text()));
    press(m_page->findChild<DatabaseBlock *>(), u"Cancel"_s);
    QCOMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Running);
    QVERIFY(!progress->isVisible());
    QVERIFY(!reply->isFinished()); // nobody was cut off
    reply->abort();
    QTRY_COMPARE(m_fixture->services().gateway.inFlight(), 0);
}

void SettingsDataTest::checksTheDatabase()
{
    showPane(u"advanced"_s);
    const QSignalSpy noticed(m_page.get(), &Page::noticeRaised);

    press(m_page.get(), u"Check"_s);

    QTRY_COMPARE(noticed.size(), 1);
    QCOMPARE(noticed.front().front().value<LiveText>().text(), u"The database is whole."_s);
}

void SettingsDataTest::resetsAllSettingsInOneStep()
{
    m_fixture->waitFor(house().settings.set(u"relay.retries"_s, u"7"_s));
    m_fixture->waitFor(house().settings.set(u"tests.parallel"_s, u"3"_s));
    showPane(u"advanced"_s);
    UndoStack &undo = m_fixture->services().undo;
    const auto value = [this](const QString &key) { return house().settings.find(key)->value; };

    for (const QPushButton *button :
         m_page->findChild<ResetBlock *>()->findChildren<QPushButton *>())
        QCOMPARE(button->width(), button->sizeHint().width());

    press(m_page.get(), u"Reset all settings"_s);
    QTRY_VERIFY(m_page->findChild<QuestionDialog *>());
    auto *dialog = m_page->findChild<QuestionDialog *>();
    const QString told = dialog->findChild<QPlainTextEdit *>()->toPlainText();
    QVERIFY(told.contains(house().settings.find(u"relay.retries"_s)->label));
    QVERIFY(told.contains(house().settings.find(u"tests.parallel"_s)->label));
    QVERIFY(!told.contains(house().settings.find(u"relay.stall_timeout"_s)->label));
    const QStringList problems = tests::accessibilityProblems(dialog);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    QCOMPARE(value(u"relay.retries"_s), u"7"_s);
    press(dialog, u"Reset"_s);

    QTRY_VERIFY(!house().settings.find(u"relay.retries"_s)->isModified);
    QVERIFY(!house().settings.find(u"tests.parallel"_s)->isModified);
    QTRY_VERIFY(undo.canUndo());
    undo.undo();
    QTRY_COMPARE(value(u"relay.retries"_s), u"7"_s);
    QCOMPARE(value(u"tests.parallel"_s), u"3"_s);
    m_fixture->waitFor(house().settings.reset(u"relay.retries"_s));
    m_fixture->waitFor(house().settings.reset(u"tests.parallel"_s));
}

void SettingsDataTest::tellsWhereTheMasterKeyLies()
{
    showPane(u"security"_s);

    const auto *place = m_page->findChild<QLabel *>(u"secretsPlace"_s);

    QVERIFY(place->isVisible());
    QCOMPARE(place->text(), u"In a safe place"_s);
}

void SettingsDataTest::changesThePassword()
{
    showPane(u"security"_s);
    press(m_page.get(), u"Change password"_s);
    auto *dialog = m_page->findChild<PasswordDialog *>();
    QVERIFY(dialog);
    const auto fields = dialog->findChildren<SecretField *>();
    QTest::keyClicks(fields.at(0), u"a new secret"_s);
    QTest::keyClicks(fields.at(1), u"a new secre"_s);
    for (const QPushButton *button : dialog->findChildren<QPushButton *>())
        QVERIFY(button->text() != u"Change"_s || !button->isEnabled());
    QTest::keyClicks(fields.at(1), u"t"_s);

    press(dialog, u"Change"_s);

    QTRY_VERIFY(!m_page->findChild<PasswordDialog *>());
    const admin::SignIn signedIn =
        m_fixture->wait(house().sessions.signIn(m_fixture->services().actor.username,
                                                base::Secret(u"a new secret"_s),
                                                QHostAddress::LocalHost));
    QCOMPARE(signedIn.state, admin::SignIn::State::SignedIn);
}

void SettingsDataTest::signsEverybodyOut()
{
    const auto root = house().sessions.root();
    const auto session = house().sessions.sessionFor(*root);
    QVERIFY(session);
    QCOMPARE(house().sessions.bySession(session->cookie).state, admin::Identity::State::Known);
    showPane(u"security"_s);

    press(m_page.get(), u"Sign out everywhere"_s);
    QTRY_VERIFY(question());
    QCOMPARE(house().sessions.bySession(session->cookie).state, admin::Identity::State::Known);
    press(question(), u"Sign out everywhere"_s);

    QTRY_COMPARE(house().sessions.bySession(session->cookie).state,
                 admin::Identity::State::Unknown);
}

void SettingsDataTest::deletesHeadsAndBodies()
{
    m_fixture->waitFor(house().settings.set(u"traffic.capture"_s, u"all"_s));
    QCOMPARE(m_fixture->chat(m_fixture->addToken(u"t"_s), u"echo"_s), 200);
    QTRY_COMPARE(m_fixture->wait(house().captures.totals()).requests, 1);
    showPane(u"privacy"_s);
    QPushButton *remove = nullptr;
    for (QPushButton *button : m_page->findChildren<QPushButton *>()) {
        if (button->text().startsWith(u"Delete all"_s))
            remove = button;
    }
    QTRY_VERIFY(remove && remove->isEnabled());

    QTest::mouseClick(remove, Qt::LeftButton);
    QTRY_VERIFY(question());
    press(question(), u"Delete all"_s);

    QTRY_COMPARE(m_fixture->wait(house().captures.totals()).requests, 0);
    QTRY_VERIFY(!remove->isEnabled());
}

void SettingsDataTest::copiesDiagnostics()
{
    showPane(u"about"_s);

    press(m_page.get(), u"Copy diagnostics"_s);

    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY(copied.contains(u"Gatehouse"_s));
    QVERIFY(copied.contains(QString::fromLatin1(qVersion())));
    QVERIFY(copied.contains(QDir::toNativeSeparators(u"~/no such folder/gate.log"_s)));
}

void SettingsDataTest::dialogsAreAccessible()
{
    PasswordDialog password(m_fixture->services());
    Confirmation confirmation(
        {.title = u"t"_s, .heading = u"Sure?"_s, .text = u"Really."_s, .action = u"Do it"_s},
        nullptr);
    for (QWidget *dialog :
         {static_cast<QWidget *>(&password), static_cast<QWidget *>(&confirmation)}) {
        dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        const QStringList problems = tests::accessibilityProblems(dialog);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }
}

void SettingsDataTest::questionsAreShownWhole()
{
    Confirmation confirmation({.title = u"t"_s,
                               .heading = u"Put back what was there? "_s.repeated(6),
                               .text = u"What was written since then is lost. "_s.repeated(20),
                               .action = u"Do it"_s},
                              nullptr);
    confirmation.show();
    QVERIFY(QTest::qWaitForWindowExposed(&confirmation));

    const QList<QLabel *> labels = confirmation.findChildren<QLabel *>();
    QVERIFY(labels.size() >= 2);
    for (const QLabel *label : labels)
        QVERIFY(label->height() >= label->heightForWidth(label->width()));
}

QTEST_MAIN(SettingsDataTest)

#include "tst_settingsdata.moc"
