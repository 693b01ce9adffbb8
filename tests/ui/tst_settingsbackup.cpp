#include "admin/administration.h"
#include "settings/backupblock.h"
#include "settings/passphrasedialog.h"
#include "settings/settingspage.h"
#include "storage/repositories/metarepository.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/fields/secretfield.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"

#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Backups that include secrets, as a person makes and restores them.
class SettingsBackupTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void asksForThePassphraseTwice();
    void tellsHowThePassphraseMayFare();
    void backsUpWithSecrets();
    void opensThoseOfAnotherComputer();
    void restoresWithoutSecrets();
    void tellsOfABackupThatFailed();
    void failuresStayOnTheirPage();
    void showsWholeQuestions();
    void dialogsAreAccessible();

private:
    static bool showsWholeTexts(const QDialog *dialog)
    {
        const auto labels = dialog->findChildren<QLabel *>();
        return !labels.isEmpty()
               && std::all_of(labels.begin(), labels.end(), [](const QLabel *label) {
                      return label->height() >= label->heightForWidth(label->width());
                  });
    }
    admin::BackupService &backups() { return m_fixture->administration().backups; }
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
    // As if what is there were sealed by another master key than what the backups are.
    void becomeAnotherComputer()
    {
        const auto change = [](storage::Database &database) {
            return storage::MetaRepository(database).save(storage::meta::masterKeyCheck, "another");
        };
        m_fixture->waitFor(m_fixture->administration().foundation.storage.write(change));
    }
    QString newest() { return m_fixture->wait(backups().list()).front().path; }
    void selectNewest()
    {
        auto *table = m_page->findChild<BackupBlock *>()->findChild<TableView *>();
        const size_t all = m_fixture->wait(backups().list()).size();
        QVERIFY(all > 0);
        QTRY_COMPARE(size_t(table->model()->rowCount()), all);
        table->selectRow(0);
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsBackupTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo"_s);
}

void SettingsBackupTest::init()
{
    auto store = std::make_shared<SettingsStore>(
        m_fixture->services(), SettingsHooks{.dataDirectory = m_fixture->directory()});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), store);
    m_page->resize(1000, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
    m_page->showPane(u"backup"_s);
}

void SettingsBackupTest::cleanup()
{
    m_page.reset();
    m_fixture->waitFor(backups().cancelRestore());
}

void SettingsBackupTest::asksForThePassphraseTwice()
{
    PassphraseDialog dialog(PassphraseDialog::Purpose::Protect);
    dialog.show();
    QSignalSpy chosen(&dialog, &PassphraseDialog::chosen);
    const auto fields = dialog.findChildren<SecretField *>();
    QCOMPARE(fields.size(), 2);
    const auto mayGoOn = [&dialog] {
        for (const QPushButton *button : dialog.findChildren<QPushButton *>()) {
            if (button->text() == u"Continue"_s)
                return button->isEnabled();
        }
        return false;
    };

    QVERIFY(!mayGoOn()); // an empty one is none
    fields[0]->setText(u"correct horse"_s);
    QVERIFY(!mayGoOn());
    fields[1]->setText(u"correct house"_s);
    QVERIFY(!mayGoOn());
    fields[1]->setText(u"correct horse"_s);
    QVERIFY(mayGoOn());

    press(&dialog, u"Continue"_s);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.front().front().value<base::Secret>().reveal(), "correct horse");
}

void SettingsBackupTest::tellsHowThePassphraseMayFare()
{
    QVERIFY(passphraseHint(u"12345"_s).startsWith(u"Weak"_s));
    QVERIFY(passphraseHint(QString(40, u'a')).startsWith(u"Weak"_s));
    QVERIFY(passphraseHint(u"correct horse"_s).startsWith(u"Fair"_s));
    QVERIFY(passphraseHint(u"correct horse battery staple"_s).startsWith(u"Strong"_s));
}

void SettingsBackupTest::backsUpWithSecrets()
{
    auto *block = m_page->findChild<BackupBlock *>();
    block->findChild<QCheckBox *>()->setChecked(true);

    press(block, u"Back up now"_s);
    QTRY_VERIFY(m_page->findChild<PassphraseDialog *>());
    auto *dialog = m_page->findChild<PassphraseDialog *>();
    for (SecretField *field : dialog->findChildren<SecretField *>())
        field->setText(u"correct horse"_s);
    press(dialog, u"Continue"_s);

    QTRY_VERIFY(!m_fixture->wait(backups().list()).empty());
    QTRY_COMPARE(m_fixture->wait(backups().list()).front().reason, u"manual-with-secrets"_s);
    QCOMPARE(m_fixture->wait(backups().inspect(newest())).secrets, admin::BackupSecrets::OpenHere);
}

void SettingsBackupTest::opensThoseOfAnotherComputer()
{
    becomeAnotherComputer();
    selectNewest();

    press(m_page.get(), u"Restore…"_s);
    QTRY_VERIFY(m_page->findChild<QuestionDialog *>());
    QTRY_VERIFY(showsWholeTexts(m_page->findChild<QuestionDialog *>()));
    press(m_page->findChild<QuestionDialog *>(), u"Enter the passphrase"_s);
    QTRY_VERIFY(m_page->findChild<PassphraseDialog *>());
    auto *dialog = m_page->findChild<PassphraseDialog *>();
    auto *field = dialog->findChild<SecretField *>();
    field->setText(u"correct house"_s);
    press(dialog, u"Back up and restore"_s);

    QTRY_VERIFY_WITH_TIMEOUT(dialog->findChild<MessageBar *>()->isVisible(), 20'000);
    QVERIFY(!backups().isRestorePrepared());
    field->setText(u"correct horse"_s);
    press(dialog, u"Back up and restore"_s);
    QTRY_VERIFY_WITH_TIMEOUT(backups().isRestorePrepared(), 20'000);
    QTRY_VERIFY(!m_page->findChild<PassphraseDialog *>());
}

void SettingsBackupTest::restoresWithoutSecrets()
{
    const auto made = m_fixture->wait(backups().create());
    const auto change = [](storage::Database &database) {
        return storage::MetaRepository(database).save(storage::meta::masterKeyCheck, "a third");
    };
    m_fixture->waitFor(m_fixture->administration().foundation.storage.write(change));
    QCOMPARE(m_fixture->wait(backups().inspect(made.path)).secrets, admin::BackupSecrets::Lost);
    selectNewest();

    press(m_page.get(), u"Restore…"_s);
    QTRY_VERIFY(m_page->findChild<Confirmation *>());
    QVERIFY(!backups().isRestorePrepared());
    press(m_page->findChild<Confirmation *>(), u"Restore without secrets"_s);

    QTRY_VERIFY(backups().isRestorePrepared());
}

// For as long as there is no other one.
void SettingsBackupTest::tellsOfABackupThatFailed()
{
    admin::SettingsService &settings = m_fixture->administration().settings;
    auto *messages = m_page->findChild<BackupBlock *>()->findChild<MessageBar *>();
    QVERIFY(!messages->hasMessage(u"due"_s));
    QVERIFY(QDir(backups().directory()).removeRecursively());
    QFile inTheWay(backups().directory());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();

    m_fixture->waitFor(settings.set(u"storage.backup_interval"_s, u"24"_s));

    QTRY_VERIFY(messages->hasMessage(u"due"_s));
    QCOMPARE(messages->shownId(), u"due"_s);
    QVERIFY(inTheWay.remove());
    press(m_page.get(), u"Back up now"_s);
    QTRY_VERIFY(!messages->hasMessage(u"due"_s));
    m_fixture->waitFor(settings.reset(u"storage.backup_interval"_s));
}

void SettingsBackupTest::failuresStayOnTheirPage()
{
    const auto *messages = m_page->findChild<MessageBar *>();
    emit m_page->findChild<BackupBlock *>()->failed(QString(u"It was not read."_s));
    QVERIFY(messages->hasMessage(u"failure"_s));

    m_page->showPane(u"about"_s);
    QVERIFY(!messages->hasMessage(u"failure"_s));
    m_page->showPane(u"backup"_s);
    QVERIFY(messages->hasMessage(u"failure"_s));

    emit m_page->findChild<BackupBlock *>()->failed({});
    QVERIFY(!messages->hasMessage(u"failure"_s));
}

// A heading that needs more than the width of the dialog takes nothing from the text below it.
void SettingsBackupTest::showsWholeQuestions()
{
    QuestionDialog dialog({.title = u"Title"_s,
                           .heading = u"A heading of many words "_s.repeated(6),
                           .text = u"A text of many words. "_s.repeated(40)});
    dialog.addAnswer(u"Yes"_s, QDialogButtonBox::AcceptRole, [] {});
    dialog.addCancel();
    dialog.show();

    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QTRY_VERIFY(showsWholeTexts(&dialog));
    const auto buttons = dialog.findChildren<QPushButton *>();
    for (const QPushButton *button : buttons)
        QVERIFY(dialog.rect().contains(QRect(button->mapTo(&dialog, QPoint()), button->size())));
}

void SettingsBackupTest::dialogsAreAccessible()
{
    for (const auto purpose :
         {PassphraseDialog::Purpose::Protect, PassphraseDialog::Purpose::Open}) {
        PassphraseDialog dialog(purpose);
        dialog.show();
        const QStringList problems = tests::accessibilityProblems(&dialog);
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    }
}

QTEST_MAIN(SettingsBackupTest)
#include "tst_settingsbackup.moc"
