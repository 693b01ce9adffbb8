#include "admin/administration.h"
#include "groups/groupsdialog.h"
#include "storage/repositories/grouprepository.h"
#include "theme/style.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/usersfixture.h"
#include "users/userdialog.h"
#include "users/userspage.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/dialogs/namedialog.h"
#include "widgets/fields/chiprow.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::Quota;
using tests::field;

// Lets what the page does with its rows be asked for.
class OpenUsersPage : public UsersPage
{
public:
    using ListPage::messages;
    using ListPage::showFailure;
    using ListPage::wasRead;
    using UsersPage::UsersPage;
};

class UsersPageTest : public tests::UsersFixture
{
    Q_OBJECT

private slots:
    void addsAUser();
    void checksTheFields();
    void squeezesNoField();
    void keepsWhatWasTypedWhenRefused();
    void showsOddNamesAsTheyAre_data();
    void showsOddNamesAsTheyAre();
    void editsAndUndoes();
    void changesTheBudgetAndUndoes();
    void leavesWhatWasSpentMeanwhile();
    void undoesABalanceByTheDifference();
    void takesBackNoMoreThanIsLeft();
    void offersNoUndoForAPasswordAlone();
    void editsWhoSpentMoreThanHeHad();
    void keepsAGroupThatIsNotListed();
    void leadsToTheGroups();
    void offersAGroupOnceItIsMade();
    void refusesAPasswordThatIsOnlyRepeated();
    void switchesOffAndOn();
    void deletesAndBringsBack();
    void severalAreOneStep();
    void whoIsRefusedDoesNotHoldUpTheOthers();
    void tellsThatItCannotReadUntilItCan();
    void asksAnewWhileItIsActive();
    void topsUp();
    void asksBeforeItSignsOut();
    void leavesRootAlone();
    void savesFiltersAsChips();
    void leadsElsewhere();
    void isAccessible();

private:
    UserDialog *openEditor(const QString &name);
    void save(UserDialog *dialog);
};

void UsersPageTest::addsAUser()
{
    QAbstractItemModelTester sound(view()->model(),
                                   QAbstractItemModelTester::FailureReportingMode::QtTest);
    trigger(u"users.add"_s);
    auto *dialog = m_page->findChild<UserDialog *>();
    QVERIFY(dialog);
    QCOMPARE(tests::accessibilityProblems(dialog), QStringList());
    QTest::keyClicks(field<QLineEdit>(dialog, u"User name"_s), u"alice"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Password"_s), u"correct horse"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Again"_s), u"correct horse"_s);
    field<QLineEdit>(dialog, u"Left to spend"_s)->selectAll();
    QTest::keyClicks(field<QLineEdit>(dialog, u"Left to spend"_s), u"25"_s);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Add"_s), Qt::LeftButton);

    QTRY_VERIFY(rowOf(u"alice"_s) >= 0);
    const domain::UserId id = m_fixture->wait(
        m_fixture->administration().users.idOf(m_fixture->services().actor, u"alice"_s));
    QCOMPARE(stored(id).balance, Quota{Quota::perDollar * 25});
    m_fixture->services().undo.undo();
    QTRY_COMPARE(m_fixture->services().undo.isBusy(), false);
    m_page->setActive(false);
    m_page->setActive(true);
    QTRY_COMPARE(rowOf(u"alice"_s), -1);
}

void UsersPageTest::checksTheFields()
{
    UserDialog dialog(m_fixture->services(), {});
    dialog.show();
    QPushButton *save = tests::button<QPushButton>(&dialog, u"Add"_s);
    QVERIFY(!save->isEnabled());
    for (const QString &name : {u"User name"_s, u"Password"_s, u"Again"_s})
        QVERIFY2(!isInvalid(field<QLineEdit>(&dialog, name)), qPrintable(name));
    field<QLineEdit>(&dialog, u"User name"_s)->setText(u"bob"_s);
    field<QLineEdit>(&dialog, u"Password"_s)->setText(u"short"_s);
    field<QLineEdit>(&dialog, u"Again"_s)->setText(u"short"_s);
    QVERIFY(!save->isEnabled());
    field<QLineEdit>(&dialog, u"Password"_s)->setText(u"aaaaaaaaaaaa"_s);
    field<QLineEdit>(&dialog, u"Again"_s)->setText(u"aaaaaaaaaaaa"_s);
    QVERIFY(!save->isEnabled());
    field<QLineEdit>(&dialog, u"Password"_s)->setText(u"correct horse"_s);
    QVERIFY(!save->isEnabled());
    field<QLineEdit>(&dialog, u"Again"_s)->setText(u"correct horse"_s);
    QVERIFY(save->isEnabled());
    field<QLineEdit>(&dialog, u"Left to spend"_s)->selectAll();
    QTest::keyClicks(field<QLineEdit>(&dialog, u"Left to spend"_s), u"-5"_s);
    QVERIFY(!save->isEnabled());
}

// Neither the fields nor the words under them, however many lines those have.
void UsersPageTest::squeezesNoField()
{
    UserDialog dialog(m_fixture->services(), {});
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    for (const QString &name : {u"Role"_s, u"Group"_s, u"Budget"_s}) {
        const auto *box = field<QComboBox>(&dialog, name);
        QVERIFY2(box && box->height() >= box->minimumSizeHint().height(), qPrintable(name));
    }
    const auto *warning = field<QSpinBox>(&dialog, u"Warn at"_s);
    QVERIFY(warning && warning->height() >= warning->minimumSizeHint().height());
    const QList<QLabel *> labels = dialog.findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->isVisible() && label->wordWrap())
            QVERIFY2(label->height() >= label->heightForWidth(label->width()),
                     qPrintable(label->text()));
    }
}

void UsersPageTest::keepsWhatWasTypedWhenRefused()
{
    add(u"carol"_s);
    UserDialog dialog(m_fixture->services(), {});
    dialog.show();
    field<QLineEdit>(&dialog, u"User name"_s)->setText(u"carol"_s);
    field<QLineEdit>(&dialog, u"Password"_s)->setText(u"correct horse"_s);
    field<QLineEdit>(&dialog, u"Again"_s)->setText(u"correct horse"_s);

    QTest::mouseClick(tests::button<QPushButton>(&dialog, u"Add"_s), Qt::LeftButton);

    QTRY_VERIFY(dialog.findChild<MessageBar *>()->hasMessage(u"failure"_s));
    QVERIFY(dialog.isVisible());
    QCOMPARE(field<QLineEdit>(&dialog, u"User name"_s)->text(), u"carol"_s);
    QVERIFY(tests::button<QPushButton>(&dialog, u"Add"_s)->isEnabled());
}

void UsersPageTest::showsOddNamesAsTheyAre_data()
{
    QTest::addColumn<QString>("name");

    QTest::newRow("with markup") << u"<b>Eve</b>&amp;"_s;
    QTest::newRow("from right to left") << u"أليس"_s;
}

void UsersPageTest::showsOddNamesAsTheyAre()
{
    QFETCH(QString, name);

    add(u"odd"_s, name);

    QVERIFY(rowOf(name) >= 0);
    QVERIFY(!m_page->grab().isNull());
}

void UsersPageTest::editsAndUndoes()
{
    const domain::User user = add(u"dave"_s);
    select(u"dave"_s);
    trigger(u"users.edit"_s);
    auto *dialog = m_page->findChild<UserDialog *>();
    QVERIFY(dialog);
    auto *save = tests::button<QPushButton>(dialog, u"Save"_s);
    field<QLineEdit>(dialog, u"Email"_s)->setText(u"notmail"_s);
    QVERIFY(!save->isEnabled());
    QVERIFY2(save->toolTip().contains(u'@'), qPrintable(save->toolTip()));
    field<QLineEdit>(dialog, u"Email"_s)->setText(u"dave@example.org"_s);
    field<QLineEdit>(dialog, u"Left to spend"_s)->setText(u"3"_s);
    QTest::mouseClick(save, Qt::LeftButton);
    QTRY_COMPARE(stored(user.id).email, u"dave@example.org"_s);
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 3});
    QTRY_VERIFY(m_fixture->services().undo.canUndo());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(user.id).email, QString());
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 10});
}

void UsersPageTest::changesTheBudgetAndUndoes()
{
    const domain::User user = add(u"dave"_s);
    UserDialog *dialog = openEditor(u"dave"_s);
    QVERIFY(dialog);
    auto *budget = field<QComboBox>(dialog, u"Budget"_s);
    budget->setCurrentIndex(budget->findText(u"For each month"_s));
    field<QLineEdit>(dialog, u"May spend"_s)->setText(u"25"_s);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE(stored(user.id).budget.period, domain::BudgetPeriod::Month);
    const domain::User changed = stored(user.id);
    QCOMPARE(changed.budget.limit, Quota{Quota::perDollar * 25});
    QCOMPARE(changed.balance, Quota{Quota::perDollar * 25});
    QVERIFY(changed.budget.resetsAt > 0);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(user.id).budget, user.budget);
    QCOMPARE(stored(user.id).balance, user.balance);
    QTRY_VERIFY(m_fixture->services().undo.canRedo());
    m_fixture->services().undo.redo();
    QTRY_COMPARE(stored(user.id).budget, changed.budget);
    QCOMPARE(stored(user.id).balance, changed.balance);
}

UserDialog *UsersPageTest::openEditor(const QString &name)
{
    select(name);
    trigger(u"users.edit"_s);
    return m_page->findChild<UserDialog *>();
}

// Waits until it is stored and the dialog has gone.
void UsersPageTest::save(UserDialog *dialog)
{
    QPointer<UserDialog> open(dialog);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY(!open);
}

void UsersPageTest::leavesWhatWasSpentMeanwhile()
{
    const domain::User user = add(u"bob"_s);
    UserDialog *dialog = openEditor(u"bob"_s);
    field<QLineEdit>(dialog, u"Email"_s)->setText(u"bob@example.org"_s);
    setBalance(user.id, {Quota::perDollar * 19 / 2});

    save(dialog);
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 19 / 2});
    undo();

    QCOMPARE(stored(user.id).email, QString());
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 19 / 2});
    redo();
    QCOMPARE(stored(user.id).email, u"bob@example.org"_s);
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 19 / 2});
}

void UsersPageTest::undoesABalanceByTheDifference()
{
    const domain::User user = add(u"bob"_s);
    UserDialog *dialog = openEditor(u"bob"_s);
    field<QLineEdit>(dialog, u"Left to spend"_s)->setText(u"20"_s);
    setBalance(user.id, {Quota::perDollar * 9});

    save(dialog);
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 20});
    setBalance(user.id, {Quota::perDollar * 18});
    undo();

    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 7});
    redo();
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 18});
}

// What could not be taken back is not given a second time.
void UsersPageTest::takesBackNoMoreThanIsLeft()
{
    const domain::User user = add(u"bob"_s);
    select(u"bob"_s);
    trigger(u"users.topUp20"_s);
    QTRY_COMPARE(stored(user.id).balance, Quota{Quota::perDollar * 30});
    setBalance(user.id, {Quota::perDollar * 5});

    undo();
    QCOMPARE(stored(user.id).balance, Quota{});
    redo();
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 5});
}

void UsersPageTest::offersNoUndoForAPasswordAlone()
{
    add(u"bob"_s);
    UserDialog *dialog = openEditor(u"bob"_s);
    field<QLineEdit>(dialog, u"Password"_s)->setText(u"another horse"_s);
    field<QLineEdit>(dialog, u"Again"_s)->setText(u"another horse"_s);

    save(dialog);

    QVERIFY(!m_fixture->services().undo.canUndo());
}

// A request that was under way may cost more than was left.
void UsersPageTest::editsWhoSpentMoreThanHeHad()
{
    domain::User user = add(u"bob"_s);
    user.balance = {-250};
    UserDialog dialog(m_fixture->services(), user);
    dialog.show();

    field<QLineEdit>(&dialog, u"Email"_s)->setText(u"bob@example.org"_s);
    QTest::mouseClick(tests::button<QPushButton>(&dialog, u"Save"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(user.id).email, u"bob@example.org"_s);
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 10});
}

void UsersPageTest::keepsAGroupThatIsNotListed()
{
    const domain::User user = add(u"bob"_s);
    admin::Administration &administration = m_fixture->administration();
    m_fixture->waitFor(administration.groups.save({.name = "retired"}));
    m_fixture->wait(administration.users.change(
        m_fixture->services().actor, user.id, {.group = QByteArray("retired")}));
    // As it may be since a former version.
    m_fixture->waitFor(administration.publisher.change([](storage::Database &database) {
        return storage::GroupRepository(database).remove("retired");
    }));
    UserDialog dialog(m_fixture->services(), stored(user.id));
    dialog.show();
    const auto *group = field<QComboBox>(&dialog, u"Group"_s);
    QVERIFY(group);
    QTRY_VERIFY(group->findData(QByteArray("default")) >= 0);

    field<QLineEdit>(&dialog, u"Email"_s)->setText(u"bob@example.org"_s);
    QTest::mouseClick(tests::button<QPushButton>(&dialog, u"Save"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(user.id).email, u"bob@example.org"_s);
    QCOMPARE(stored(user.id).group, "retired");
}

void UsersPageTest::leadsToTheGroups()
{
    trigger(u"users.groups"_s);

    QTRY_VERIFY(m_page->findChild<GroupsDialog *>());
    QVERIFY(m_page->findChild<GroupsDialog *>()->isVisible());
}

void UsersPageTest::offersAGroupOnceItIsMade()
{
    const domain::User user = add(u"bob"_s);
    UserDialog dialog(m_fixture->services(), stored(user.id));
    dialog.show();
    auto *group = field<QComboBox>(&dialog, u"Group"_s);
    QTRY_VERIFY(group->count() > 1);
    QTest::mouseClick(tests::button<QPushButton>(&dialog, u"Groups…"_s), Qt::LeftButton);
    QVERIFY(dialog.findChild<GroupsDialog *>());
    delete dialog.findChild<GroupsDialog *>();

    m_fixture->waitFor(m_fixture->administration().groups.save({.name = "household"}));

    QTRY_VERIFY(group->findData(QByteArray("household")) >= 0);
    QCOMPARE(group->currentData().toByteArray(), user.group);
    group->setCurrentIndex(group->findData(QByteArray("household")));
    QTest::mouseClick(tests::button<QPushButton>(&dialog, u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE(stored(user.id).group, "household");
}

void UsersPageTest::refusesAPasswordThatIsOnlyRepeated()
{
    add(u"bob"_s);
    const UserDialog *dialog = openEditor(u"bob"_s);
    QPushButton *save = tests::button<QPushButton>(m_page.get(), u"Save"_s);
    QVERIFY(dialog && save && save->isEnabled());

    field<QLineEdit>(m_page.get(), u"Again"_s)->setText(u"correct horse"_s);
    QVERIFY(!save->isEnabled());
}

void UsersPageTest::switchesOffAndOn()
{
    const domain::User user = add(u"erin"_s);
    select(u"erin"_s);

    trigger(u"users.toggle"_s);
    QTRY_VERIFY(!stored(user.id).isEnabled());

    m_fixture->services().undo.undo();
    QTRY_VERIFY(stored(user.id).isEnabled());
}

void UsersPageTest::deletesAndBringsBack()
{
    add(u"frank"_s);
    select(u"frank"_s);

    QTest::keyClick(view(), Qt::Key_Delete);
    QTRY_COMPARE(rowOf(u"frank"_s), -1);

    m_fixture->services().undo.undo();
    QTRY_VERIFY(m_fixture->services().undo.canRedo());
    m_page->setActive(false);
    m_page->setActive(true);
    QTRY_VERIFY(rowOf(u"frank"_s) >= 0);
}

void UsersPageTest::severalAreOneStep()
{
    const domain::User ann = add(u"ann"_s);
    const domain::User ben = add(u"ben"_s);
    UndoStack &stack = m_fixture->services().undo;
    const auto selectBoth = [this] {
        select(u"ann"_s);
        view()->selectionModel()->select(view()->model()->index(rowOf(u"ben"_s), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    };

    selectBoth();
    trigger(u"users.toggle"_s);
    QTRY_VERIFY(!stored(ann.id).isEnabled() && !stored(ben.id).isEnabled());
    QTRY_COMPARE(stack.undoText(), u"Disabled 2 users"_s);
    undo();
    QVERIFY(stored(ann.id).isEnabled());
    QVERIFY(stored(ben.id).isEnabled());
    QVERIFY(!stack.canUndo());

    selectBoth();
    trigger(u"users.delete"_s);
    QTRY_COMPARE(stack.undoText(), u"Deleted 2 users"_s);
    QTRY_VERIFY(rowOf(u"ann"_s) < 0 && rowOf(u"ben"_s) < 0);
    QVERIFY(stack.canUndo());
    undo();
    redo();
    undo();
    QVERIFY(!stack.canUndo());
    QVERIFY(stored(ann.id).isEnabled());
    QVERIFY(stored(ben.id).isEnabled());
}

void UsersPageTest::whoIsRefusedDoesNotHoldUpTheOthers()
{
    const domain::User root = stored(m_fixture->services().actor.id);
    const domain::User ann = add(u"ann"_s);
    view()->selectAll();

    trigger(u"users.delete"_s);

    QTRY_COMPARE(rowOf(u"ann"_s), -1);
    QTRY_VERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
    QVERIFY(stored(root.id).isEnabled());
    undo();
    QVERIFY(!m_fixture->services().undo.canUndo());
    QVERIFY(stored(ann.id).isEnabled());
    redo();
    QTRY_COMPARE(rowOf(u"ann"_s), -1);
    undo();
    QVERIFY(!m_fixture->services().undo.canUndo());
    QVERIFY(stored(ann.id).isEnabled());
}

void UsersPageTest::tellsThatItCannotReadUntilItCan()
{
    OpenUsersPage page(m_fixture->services());
    const base::Error error{base::ErrorCode::Unavailable, base::Message::verbatim(u"broken"_s), {}};
    page.showFailure(error); // of a change

    QVERIFY(!page.wasRead(base::Result<int>(base::fail(error))));
    QVERIFY(page.messages()->hasMessage(u"list"_s));
    QVERIFY(page.wasRead(base::Result<int>(1)));

    QVERIFY(!page.messages()->hasMessage(u"list"_s));
    QVERIFY(page.messages()->hasMessage(u"failure"_s));
}

// How long ago something was changes by itself.
void UsersPageTest::asksAnewWhileItIsActive()
{
    auto *timer = m_page->findChild<QTimer *>(u"refresh"_s);
    QVERIFY(timer);
    QVERIFY(timer->isActive());
    const QSignalSpy changed(view()->model(), &QAbstractItemModel::dataChanged);

    timer->setInterval(20);
    QTRY_VERIFY(!changed.isEmpty());

    m_page->setActive(false);
    QVERIFY(!timer->isActive());
}

void UsersPageTest::topsUp()
{
    const domain::User user = add(u"grace"_s);
    select(u"grace"_s);

    trigger(u"users.topUp20"_s);
    QTRY_COMPARE(stored(user.id).balance, Quota{Quota::perDollar * 30});

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(user.id).balance, Quota{Quota::perDollar * 10});
}

void UsersPageTest::asksBeforeItSignsOut()
{
    const domain::User user = add(u"heidi"_s);
    select(u"heidi"_s);

    trigger(u"users.signOut"_s);
    QPointer<Confirmation> question = m_page->findChild<Confirmation *>();
    QVERIFY(question);
    QCOMPARE(tests::accessibilityProblems(question), QStringList());
    QTest::keyClick(question, Qt::Key_Return); // cancels
    QTRY_VERIFY(!question);
    QCOMPARE(stored(user.id).sessionEpoch, user.sessionEpoch);

    trigger(u"users.signOut"_s);
    question = m_page->findChild<Confirmation *>();
    QVERIFY(question);
    QTest::mouseClick(tests::button<QPushButton>(question, u"Sign out everywhere"_s),
                      Qt::LeftButton);
    QTRY_VERIFY(stored(user.id).sessionEpoch > user.sessionEpoch);
}

void UsersPageTest::leavesRootAlone()
{
    const domain::User root = stored(m_fixture->services().actor.id);
    view()->selectSourceRow(0);
    const int before = view()->model()->rowCount();

    trigger(u"users.delete"_s);

    QTRY_VERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
    QCOMPARE(view()->model()->rowCount(), before);
    QVERIFY(stored(root.id).isEnabled());
}

void UsersPageTest::leadsElsewhere()
{
    add(u"heidi"_s);
    select(u"heidi"_s);
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    trigger(u"users.tokens"_s);
    trigger(u"users.traffic"_s);

    QCOMPARE(asked.at(0).at(1).toString(), u"owner:\"heidi\""_s);
    // Requests keep the name of their time.
    const QString filter = asked.at(1).at(1).toString();
    QVERIFY2(filter.startsWith(u"user:#"_s), qPrintable(filter));
    QVERIFY(filter.sliced(6).toLongLong() > 0);
}

void UsersPageTest::savesFiltersAsChips()
{
    add(u"lea"_s);
    add(u"mia"_s);
    const int all = view()->model()->rowCount();
    auto *field = m_page->findChild<FilterField *>();
    const auto *chips = m_page->findChild<ChipRow *>();
    const auto chip = [chips](const QString &text) -> QPushButton * {
        const auto buttons = chips->findChildren<QPushButton *>();
        const auto found = std::find_if(buttons.begin(), buttons.end(), [&](const auto *each) {
            return each->isVisible() && each->text() == text;
        });
        return found == buttons.end() ? nullptr : *found;
    };
    const auto name = [this](const QString &text) {
        NameDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = m_page->findChild<NameDialog *>()) && dialog->isVisible());
        dialog->findChild<QLineEdit *>()->selectAll();
        QTest::keyClicks(dialog->findChild<QLineEdit *>(), text);
        QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
        QTRY_VERIFY(!m_page->findChild<NameDialog *>());
    };
    QVERIFY(!chips->isVisible());
    QVERIFY(!tests::action(*m_page, u"users.saveFilter"_s)->isEnabled());

    field->setFilter(u"lea"_s);
    QTRY_COMPARE(view()->model()->rowCount(), 1);
    trigger(u"users.saveFilter"_s);
    name(u"Only <b>Lea</b>"_s);

    QTRY_VERIFY(chip(u"Only <b>Lea</b>"_s));
    QVERIFY(chip(u"Only <b>Lea</b>"_s)->isChecked());
    QVERIFY(!tests::action(*m_page, u"users.saveFilter"_s)->isEnabled());
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
    QTest::mouseClick(chip(u"All"_s), Qt::LeftButton);
    QCOMPARE(field->text(), QString());
    QCOMPARE(view()->model()->rowCount(), all);
    QVERIFY(!tests::action(*m_page, u"users.renameFilter"_s)->isEnabled());
    QTest::mouseClick(chip(u"Only <b>Lea</b>"_s), Qt::LeftButton);
    QCOMPARE(field->text(), u"lea"_s);
    QCOMPARE(view()->model()->rowCount(), 1);
    QTest::mouseClick(chip(u"Only <b>Lea</b>"_s), Qt::LeftButton); // lifted
    QCOMPARE(view()->model()->rowCount(), all);
    QVERIFY(chip(u"All"_s)->isChecked());
    {
        const UsersPage another(m_fixture->services());
        QVERIFY(tests::button<QPushButton>(&another, u"Only <b>Lea</b>"_s));
    }

    QTest::mouseClick(chip(u"Only <b>Lea</b>"_s), Qt::LeftButton);
    trigger(u"users.renameFilter"_s);
    name(u"Lea"_s);
    QTRY_VERIFY(chip(u"Lea"_s));
    trigger(u"users.removeFilter"_s);
    QTRY_VERIFY(!chips->isVisible());
    undo();
    QTRY_VERIFY(chip(u"Lea"_s) && chip(u"Lea"_s)->isChecked());
    trigger(u"users.removeFilter"_s);
    QTRY_VERIFY(!chips->isVisible());
}

void UsersPageTest::isAccessible()
{
    add(u"ivan"_s);
    select(u"ivan"_s);
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

QTEST_MAIN(UsersPageTest)
#include "tst_userspage.moc"
