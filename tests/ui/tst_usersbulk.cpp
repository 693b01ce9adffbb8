#include "admin/administration.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/usersfixture.h"
#include "users/userbulkdialog.h"
#include "widgets/undostack.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::BudgetPeriod;
using domain::Quota;
using domain::Role;
using domain::User;
using tests::field;

// What is done to several users at once.
class UsersBulkTest : public tests::UsersFixture
{
    Q_OBJECT

private slots:
    void editsSeveralAndUndoesAsOne();
    void showsWhatIsMixed();
    void offersRolesWhereTheyMayBeChanged();
    void givesAPeriodToThoseWithoutOne();
    void wantsALimitWhereThereWasNone();
    void topsUpSeveral();
    void isAccessible();

private:
    void selectAll(const QStringList &names);
};

void UsersBulkTest::selectAll(const QStringList &names)
{
    view()->clearSelection();
    for (const QString &name : names) {
        view()->selectionModel()->select(view()->model()->index(rowOf(name), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
}

void UsersBulkTest::editsSeveralAndUndoesAsOne()
{
    const User anna = add(u"anna"_s);
    const User bert = add(u"bert"_s);
    const User carl = add(u"carl"_s);
    selectAll({u"anna"_s, u"bert"_s});
    trigger(u"users.edit"_s);
    auto *dialog = m_page->findChild<UserBulkDialog *>();
    QVERIFY(dialog);
    auto *group = field<QComboBox>(dialog, u"Group"_s);
    group->setCurrentIndex(group->findText(u"vip"_s));
    auto *role = field<QComboBox>(dialog, u"Role"_s);
    role->setCurrentIndex(role->findData(static_cast<int>(Role::Administrator)));
    field<QLineEdit>(dialog, u"Left to spend"_s)->setText(u"25"_s);

    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Change 2 users"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(bert.id).group, QByteArray("vip"));
    for (const User &user : {anna, bert}) {
        QCOMPARE(stored(user.id).group, QByteArray("vip"));
        QCOMPARE(stored(user.id).role, Role::Administrator);
        QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 25});
    }
    QCOMPARE(stored(carl.id).group, QByteArray("default"));
    QTRY_VERIFY(!m_page->findChild<UserBulkDialog *>());
    undo();
    for (const User &user : {anna, bert}) {
        QCOMPARE(stored(user.id).group, QByteArray("default"));
        QCOMPARE(stored(user.id).role, Role::User);
        QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 10});
    }
    QVERIFY(!m_fixture->services().undo.canUndo());
    redo();
    QCOMPARE(stored(anna.id).group, QByteArray("vip"));
    QCOMPARE(stored(bert.id).balance, Quota{Quota::perDollar * 25});
}

void UsersBulkTest::showsWhatIsMixed()
{
    const User one{.username = u"one"_s, .group = "a", .balance = {1}};
    const User two{.username = u"two"_s,
                   .role = Role::Administrator,
                   .group = "b",
                   .balance = {2},
                   .budget = {.warning = 50}};
    UserBulkDialog dialog(m_fixture->services().actor, {one, two});
    dialog.show();

    QCOMPARE(field<QComboBox>(&dialog, u"Group"_s)->currentText(), u"— (mixed)"_s);
    QCOMPARE(field<QComboBox>(&dialog, u"Role"_s)->currentText(), u"— (mixed)"_s);
    QCOMPARE(field<QComboBox>(&dialog, u"Budget"_s)->currentText(), u"Given once"_s);
    for (const QString &name : {u"Left to spend"_s, u"Warn at"_s}) {
        QCOMPARE(field<QLineEdit>(&dialog, name)->text(), QString());
        QCOMPARE(field<QLineEdit>(&dialog, name)->placeholderText(), u"— (mixed)"_s);
    }
    QVERIFY(dialog.change().isEmpty());
    QVERIFY(tests::button<QPushButton>(&dialog, u"Change 2 users"_s)->isEnabled());
}

void UsersBulkTest::offersRolesWhereTheyMayBeChanged()
{
    const User user{.username = u"one"_s};
    const User root{.username = u"root"_s, .role = Role::Root};

    UserBulkDialog withRoot(m_fixture->services().actor, {user, root});
    UserBulkDialog without(m_fixture->services().actor, {user, user});

    QVERIFY(!field<QComboBox>(&withRoot, u"Role"_s)->isEnabled());
    QVERIFY(field<QComboBox>(&without, u"Role"_s)->isEnabled());
}

void UsersBulkTest::givesAPeriodToThoseWithoutOne()
{
    const User anna = add(u"anna"_s);
    const User bert = add(u"bert"_s);
    selectAll({u"anna"_s, u"bert"_s});
    trigger(u"users.edit"_s);
    auto *dialog = m_page->findChild<UserBulkDialog *>();
    QVERIFY(dialog);
    auto *period = field<QComboBox>(dialog, u"Budget"_s);
    period->setCurrentIndex(period->findText(u"For each month"_s));
    field<QLineEdit>(dialog, u"May spend"_s)->setText(u"40"_s);

    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Change 2 users"_s), Qt::LeftButton);

    QTRY_COMPARE(stored(bert.id).budget.period, BudgetPeriod::Month);
    QCOMPARE(stored(anna.id).balance, Quota{Quota::perDollar * 40});
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    undo();
    QCOMPARE(stored(anna.id).budget, anna.budget);
    QCOMPARE(stored(anna.id).balance, Quota{Quota::perDollar * 10});
    QCOMPARE(stored(bert.id).balance, Quota{Quota::perDollar * 10});
}

void UsersBulkTest::wantsALimitWhereThereWasNone()
{
    const User once{.username = u"one"_s};
    const User daily{.username = u"two"_s, .budget = {.period = BudgetPeriod::Day, .limit = {7}}};
    UserBulkDialog dialog(m_fixture->services().actor, {once, daily});
    dialog.show();
    auto *period = field<QComboBox>(&dialog, u"Budget"_s);
    const QPushButton *apply = tests::button<QPushButton>(&dialog, u"Change 2 users"_s);

    period->setCurrentIndex(period->findText(u"For each week"_s));
    QVERIFY(!apply->isEnabled());
    field<QLineEdit>(&dialog, u"May spend"_s)->setText(u"3"_s);
    QVERIFY(apply->isEnabled());

    const UserBulkChange wanted = dialog.change();
    QCOMPARE(wanted.budget.change.period, BudgetPeriod::Week);
    QCOMPARE(wanted.budget.change.limit, Quota{3 * Quota::perDollar});
    period->setCurrentIndex(0); // mixed, as before
    QVERIFY(dialog.change().isEmpty());
}

void UsersBulkTest::topsUpSeveral()
{
    const User anna = add(u"anna"_s);
    const User bert = add(u"bert"_s);
    selectAll({u"anna"_s, u"bert"_s});

    trigger(u"users.topUp5"_s);

    QTRY_COMPARE(stored(bert.id).balance, Quota{Quota::perDollar * 15});
    QCOMPARE(stored(anna.id).balance, Quota{Quota::perDollar * 15});
    setBalance(anna.id, {Quota::perDollar * 12}); // three were spent meanwhile
    undo();
    QCOMPARE(stored(anna.id).balance, Quota{Quota::perDollar * 7});
    QCOMPARE(stored(bert.id).balance, Quota{Quota::perDollar * 10});
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void UsersBulkTest::isAccessible()
{
    UserBulkDialog dialog(m_fixture->services().actor,
                          {{.username = u"one"_s, .group = "a"}, {.username = u"two"_s}});
    dialog.show();

    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

QTEST_MAIN(UsersBulkTest)
#include "tst_usersbulk.moc"
