#include "admin/gateway/gatewaycontrol.h"
#include "desktop/closequestion.h"
#include "desktop/quitquestion.h"
#include "desktop/startfailure.h"
#include "frame/aboutdialog.h"
#include "frame/shortcutsdialog.h"
#include "frame/stopquestion.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/dialogs/licencesdialog.h"
#include "widgets/dialogs/namedialog.h"
#include "widgets/table/tableview.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::app;
using namespace gatehouse::ui;

// The dialogs of the program as a whole.
class DialogsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aboutTellsTheVersion();
    void diagnosticsAreCopied();
    void licencesOfEveryPart();
    void shortcutsAreFound();
    void enterPressesTheFocusedButton();
    void enterAnswersAsTheFocusSays();
    void closing_data();
    void closing();
    void quitting_data();
    void quitting();
    void quittingIsRefused();
    void stoppingIsRefused();
    void stopping_data();
    void stopping();
    void aStartFailsForNoKeychain();
    void aStartFailsForAnotherProcess_data();
    void aStartFailsForAnotherProcess();
    void anotherDirectoryIsChosen();
    void whatHoldsTheDirectoryIsEnded();

private:
    static QPushButton *button(const QWidget &dialog, const QString &text)
    {
        return tests::button<QPushButton>(&dialog, text);
    }
    static void press(const QWidget &dialog, const QString &text);
    static bool says(const QWidget &dialog, const QString &text);
    // Shows it as the program does.
    static void open(QDialog &dialog);

    std::unique_ptr<support::WindowFixture> m_fixture;
};

void DialogsTest::press(const QWidget &dialog, const QString &text)
{
    QPushButton *wanted = button(dialog, text);
    QVERIFY2(wanted && wanted->isVisible() && wanted->isEnabled(), qPrintable(text));
    QTest::mouseClick(wanted, Qt::LeftButton);
}

bool DialogsTest::says(const QWidget &dialog, const QString &text)
{
    const auto labels = dialog.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
        return label->isVisible() && label->text().contains(text);
    });
}

void DialogsTest::open(QDialog &dialog)
{
    dialog.open();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

void DialogsTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    QCoreApplication::setApplicationVersion(u"7.8.9"_s);
}

void DialogsTest::aboutTellsTheVersion()
{
    AboutDialog about;

    open(about);

    QVERIFY(says(about, u"Gatehouse 7.8.9"_s));
    QVERIFY(says(about, u"GNU General Public License"_s));
    QTest::keyClick(&about, Qt::Key_Escape);
    QVERIFY(!about.isVisible());
}

void DialogsTest::diagnosticsAreCopied()
{
    AboutDialog about;
    open(about);

    press(about, u"Copy diagnostics"_s);

    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY(text.startsWith("Gatehouse 7.8.9\nQt "_L1));
    QVERIFY(text.contains(u"Platform: offscreen"_s));
    QVERIFY(!text.contains(QDir::homePath()));
}

void DialogsTest::licencesOfEveryPart()
{
    for (const Component &part : components()) {
        QVERIFY2(!part.licence.isEmpty(), qPrintable(part.name));
        // Notices that must be kept are in the program.
        const bool isBundled =
            part.address.isEmpty() || part.licence == "MIT"_L1 || part.licence == "ISC"_L1;
        QCOMPARE(!part.text.isEmpty(), isBundled);
    }
    AboutDialog about;
    open(about);
    press(about, u"Licences…"_s);
    auto *licences = about.findChild<LicencesDialog *>();
    QVERIFY(licences);
    QVERIFY(QTest::qWaitForWindowActive(licences));
    QCOMPARE(tests::accessibilityProblems(licences), QStringList());
    const auto *text = licences->findChild<QPlainTextEdit *>();
    QVERIFY(text->toPlainText().contains(u"GNU GENERAL PUBLIC LICENSE"_s));
    auto *parts = licences->findChild<TableView *>();
    QCOMPARE(parts->model()->rowCount(), static_cast<int>(components().size()));

    parts->selectRow(tests::rowOf(parts, u"name"_s, u"Botan"_s));

    QVERIFY(text->toPlainText().contains(u"https://spdx.org/licenses/BSD-2-Clause.html"_s));
    parts->selectRow(tests::rowOf(parts, u"name"_s, u"Lucide"_s));
    QVERIFY(text->toPlainText().contains(u"ISC License"_s));
}

void DialogsTest::shortcutsAreFound()
{
    ShortcutsDialog dialog({{u"Window"_s, u"Search or run a command"_s, u"Ctrl+K"_s},
                            {u"Window"_s, u"Quit"_s, u"Ctrl+Q"_s},
                            {u"Channels"_s, u"Test all"_s, u"Ctrl+Shift+T"_s}});
    open(dialog);
    const QAbstractItemModel *rows = dialog.findChild<QTreeView *>()->model();
    QCOMPARE(rows->rowCount(), 2); // groups
    QCOMPARE(rows->rowCount(rows->index(0, 0)), 2);
    auto *search = tests::field<QLineEdit>(&dialog, u"Search shortcuts"_s);

    QTest::keyClicks(search, u"shift"_s); // by its keys

    QCOMPARE(rows->rowCount(), 1);
    const QModelIndex group = rows->index(0, 0);
    QCOMPARE(group.data().toString(), u"Channels"_s);
    QCOMPARE(rows->index(0, 0, group).data().toString(), u"Test all"_s);
    QVERIFY(dialog.findChild<QTreeView *>()->isExpanded(group));
    search->clear();
    QCOMPARE(rows->rowCount(), 2);
}

void DialogsTest::enterPressesTheFocusedButton()
{
    NameDialog dialog(u"Name"_s, u"one"_s, QString());
    const QSignalSpy chosen(&dialog, &NameDialog::chosen);
    open(dialog);
    QPushButton *cancel = button(dialog, u"Cancel"_s);
    cancel->setFocus(Qt::TabFocusReason);
    QVERIFY(button(dialog, u"Save"_s)->isDefault());

    // Held down since before, such as for what opened the dialog.
    QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, u"\r"_s, true);
    QCoreApplication::sendEvent(cancel, &held);
    QVERIFY(dialog.isVisible());
    QTest::keyClick(cancel, Qt::Key_Return);

    QVERIFY(!dialog.isVisible());
    QCOMPARE(dialog.result(), static_cast<int>(QDialog::Rejected));
    QVERIFY(chosen.isEmpty());
    open(dialog);
    auto *name = dialog.findChild<QLineEdit *>();
    name->setFocus(Qt::TabFocusReason);
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(!dialog.isVisible());
    QCOMPARE(chosen.size(), 1);
}

void DialogsTest::enterAnswersAsTheFocusSays()
{
    Confirmation question({.title = u"Delete"_s,
                           .heading = u"Delete it?"_s,
                           .text = u"It is gone then."_s,
                           .action = u"Discard"_s,
                           .refusal = u"Keep editing"_s},
                          nullptr);
    open(question);
    QTest::keyClick(question.focusWidget(), Qt::Key_Return);
    QVERIFY(!question.isVisible());
    QCOMPARE(question.result(), static_cast<int>(QDialog::Rejected));

    open(question);
    QPushButton *discard = button(question, u"Discard"_s);
    discard->setFocus(Qt::TabFocusReason);
    QTest::keyClick(discard, Qt::Key_Enter, Qt::KeypadModifier);

    QVERIFY(!question.isVisible());
    QCOMPARE(question.result(), static_cast<int>(QDialog::Accepted));
}

void DialogsTest::closing_data()
{
    QTest::addColumn<bool>("hasTray");
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("always");
    QTest::addColumn<bool>("keep");

    QTest::newRow("keep, for good") << true << u"Keep running"_s << true << true;
    QTest::newRow("keep, this time") << true << u"Keep running"_s << false << true;
    QTest::newRow("quit, for good") << true << u"Quit"_s << true << false;
    QTest::newRow("keep, without a tray") << false << u"Keep running"_s << true << true;
}

void DialogsTest::closing()
{
    QFETCH(bool, hasTray);
    QFETCH(QString, answer);
    QFETCH(bool, always);
    CloseQuestion question(hasTray);
    const QSignalSpy chosen(&question, &CloseQuestion::chosen);
    open(question);
    QCOMPARE(says(question, u"shows no tray"_s), !hasTray);
    auto *box = question.findChild<QCheckBox *>();
    if (box->isChecked() != always)
        QTest::keyClick(box, Qt::Key_Space);

    press(question, answer);

    QCOMPARE(chosen.size(), 1);
    QTEST(chosen.front().at(0).toBool(), "keep");
    QCOMPARE(chosen.front().at(1).toBool(), always);
    QVERIFY(!question.isVisible());
}

void DialogsTest::quitting_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("waits");

    QTest::newRow("after what runs") << u"Finish, then quit"_s << true;
    QTest::newRow("at once") << u"Quit now"_s << false;
}

void DialogsTest::quitting()
{
    QFETCH(QString, answer);
    QuitQuestion question(3);
    const QSignalSpy chosen(&question, &QuitQuestion::chosen);
    open(question);
    QVERIFY(says(question, u"3 requests are running."_s));

    press(question, answer);

    QCOMPARE(chosen.size(), 1);
    QTEST(chosen.front().front().toBool(), "waits");
}

void DialogsTest::quittingIsRefused()
{
    QuitQuestion question(1);
    const QSignalSpy chosen(&question, &QuitQuestion::chosen);
    open(question);
    QVERIFY(says(question, u"A request is running."_s));
    // What cuts nobody off is what Enter does.
    QVERIFY(button(question, u"Finish, then quit"_s)->isDefault());

    press(question, u"Keep running"_s);

    QVERIFY(!question.isVisible());
    QCOMPARE(chosen.size(), 0);
}

void DialogsTest::stoppingIsRefused()
{
    admin::GatewayControl &gateway = m_fixture->services().gateway;
    StopQuestion question(gateway, 2);
    open(question);
    QVERIFY(says(question, u"2 requests are running."_s));

    QTest::mouseClick(question.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Cancel),
                      Qt::LeftButton);

    QVERIFY(!question.isVisible());
    QCOMPARE(gateway.state(), admin::GatewayState::Running);
}

void DialogsTest::stopping_data()
{
    QTest::addColumn<QString>("answer");

    QTest::newRow("after what runs") << u"Finish, then stop"_s;
    QTest::newRow("at once") << u"Stop now"_s;
}

void DialogsTest::stopping()
{
    QFETCH(QString, answer);
    admin::GatewayControl &gateway = m_fixture->services().gateway;
    StopQuestion question(gateway, 1);
    open(question);

    press(question, answer);

    QTRY_COMPARE(gateway.state(), admin::GatewayState::Stopped);
    gateway.start();
    QTRY_COMPARE(gateway.state(), admin::GatewayState::Running);
}

void DialogsTest::aStartFailsForNoKeychain()
{
    StartFailure failure({.message = u"There is no keychain."_s,
                          .needsSecretsChoice = true,
                          .directory = m_fixture->directory()});
    const QSignalSpy file(&failure, &StartFailure::secretsFileChosen);
    const QSignalSpy retry(&failure, &StartFailure::retryRequested);
    const QSignalSpy quit(&failure, &StartFailure::quitRequested);
    open(failure);
    QVERIFY(says(failure, u"There is no keychain."_s));
    QVERIFY(says(failure, m_fixture->directory()));
    QVERIFY(says(failure, u"can read the keys of your providers"_s));

    press(failure, u"Copy the text"_s);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"There is no keychain."_s);
    press(failure, u"Use a file"_s);
    QCOMPARE(file.size(), 1);
    press(failure, u"Try again"_s);
    QCOMPARE(retry.size(), 1);
    QTest::keyClick(&failure, Qt::Key_Escape); // there is nothing to go on with
    QCOMPARE(quit.size(), 1);
}

void DialogsTest::aStartFailsForAnotherProcess_data()
{
    QTest::addColumn<Holder::Kind>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("canEnd");

    QTest::newRow("a service") << Holder::Kind::Serve << u"“gatehouse serve” (process 4711)"_s
                               << true;
    QTest::newRow("a window that hangs") << Holder::Kind::Window << u"does not answer"_s << true;
    QTest::newRow("a command") << Holder::Kind::Command << u"It ends by itself"_s << false;
}

void DialogsTest::aStartFailsForAnotherProcess()
{
    QFETCH(Holder::Kind, kind);
    QFETCH(QString, text);
    QFETCH(bool, canEnd);

    StartFailure failure({.message = u"It is in use."_s,
                          .directory = m_fixture->directory(),
                          .isHeld = true,
                          .holder = Holder{.kind = kind, .process = 4711}});
    open(failure);

    QVERIFY(says(failure, text));
    QCOMPARE(button(failure, u"End it"_s) != nullptr, canEnd && canRequestEnd());
    QVERIFY(!button(failure, u"Use a file"_s));
}

void DialogsTest::anotherDirectoryIsChosen()
{
    StartFailure failure({.message = u"It is damaged."_s, .directory = m_fixture->directory()});
    const QSignalSpy chosen(&failure, &StartFailure::directoryChosen);
    open(failure);

    press(failure, u"Other directory…"_s);
    auto *chooser = failure.findChild<QFileDialog *>();
    QVERIFY(chooser);
    chooser->selectFile(m_fixture->directory());
    QMetaObject::invokeMethod(chooser, "accept");

    QTRY_COMPARE(chosen.size(), 1);
    QCOMPARE(QDir(chosen.front().front().toString()), QDir(m_fixture->directory()));
}

// It has ended by the time that it is asked to.
void DialogsTest::whatHoldsTheDirectoryIsEnded()
{
    if (!canRequestEnd())
        QSKIP("This system cannot ask a process to end.");
    QProcess gone;
    gone.start(u"true"_s, QStringList());
    QVERIFY(gone.waitForStarted());
    const qint64 process = gone.processId();
    QVERIFY(gone.waitForFinished());
    QTemporaryDir directory;
    StartFailure failure({.message = u"It is in use."_s,
                          .directory = directory.path(),
                          .isHeld = true,
                          .holder = Holder{.kind = Holder::Kind::Serve, .process = process}});
    const QSignalSpy retry(&failure, &StartFailure::retryRequested);
    open(failure);

    press(failure, u"End it"_s);

    QVERIFY(says(failure, u"It was asked to end"_s));
    QVERIFY(!button(failure, u"End it"_s)->isEnabled());
    QTRY_COMPARE(retry.size(), 1);
}

QTEST_MAIN(DialogsTest)
#include "tst_dialogs.moc"
