#include "admin/administration.h"
#include "theme/style.h"
#include "ui/find.h"
#include "ui/usersfixture.h"
#include "widgets/messagebar.h"
#include "widgets/undostack.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QLineEdit>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::Quota;

// What is changed in the cells of the table.
class UsersCellsTest : public tests::UsersFixture
{
    Q_OBJECT

private slots:
    void editsInPlace_data();
    void editsInPlace();
    void offersTheGroupsThereAre();
    void refusesAGroupOfAChannelAlone();
    void movesDownAfterEnter();
    void revertsByEscape();
    void keepsTheEditorOpenWhenRefused_data();
    void keepsTheEditorOpenWhenRefused();
    void leavesWhatWasNotChangedInPlace();
    void undoesABalanceThatWasTypedInPlace();
    void switchesOffByTheCheckBox();

private:
    QModelIndex cellOf(const QString &name, const QString &column) const
    {
        return view()->model()->index(rowOf(name), tableModelOf(view()->model())->columnOf(column));
    }
    // The editor that is open in the table; null: none.
    QLineEdit *cellEditor() const;
    void beginEdit(const QString &name, const QString &column);
    void type(const QString &text);
};

QLineEdit *UsersCellsTest::cellEditor() const
{
    const QList<QLineEdit *> editors = view()->viewport()->findChildren<QLineEdit *>();
    const auto open = std::find_if(
        editors.begin(), editors.end(), [](const QLineEdit *one) { return one->isVisible(); });
    return open == editors.end() ? nullptr : *open;
}

void UsersCellsTest::beginEdit(const QString &name, const QString &column)
{
    const QModelIndex cell = cellOf(name, column);
    view()->setColumnHidden(cell.column(), false);
    m_page->activateWindow();
    view()->setFocus();
    view()->setCurrentIndex(cell);
    QTest::keyClick(view(), Qt::Key_F2);
    QVERIFY(cellEditor());
}

// In place of what the cell holds.
void UsersCellsTest::type(const QString &text)
{
    cellEditor()->selectAll();
    QTest::keyClicks(cellEditor(), text);
    QTest::keyClick(cellEditor(), Qt::Key_Return);
}

void UsersCellsTest::editsInPlace_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("shown");

    QTest::newRow("display name") << u"name"_s << u" Judy Smith "_s << u"Judy Smith"_s;
    QTest::newRow("user name") << u"username"_s << u"judith"_s << u"judith"_s;
    QTest::newRow("group") << u"group"_s << u"vip"_s << u"vip"_s;
    QTest::newRow("balance") << u"left"_s << u"$ 2.50"_s << u"$2.50"_s;
}

void UsersCellsTest::editsInPlace()
{
    QFETCH(QString, column);
    QFETCH(QString, typed);
    QFETCH(QString, shown);
    m_fixture->waitFor(m_fixture->administration().groups.save({.name = "vip"}));
    const domain::User user = add(u"judy"_s);
    beginEdit(u"judy"_s, column);

    type(typed);
    QTRY_VERIFY(!cellEditor());

    QTRY_VERIFY(tests::rowOf(view(), column, shown) >= 0);
    const domain::User changed = stored(user.id);
    QCOMPARE(changed.displayName, column == u"name"_s ? shown : user.displayName);
    QCOMPARE(changed.username, column == u"username"_s ? shown : user.username);
    QCOMPARE(changed.group, column == u"group"_s ? shown.toUtf8() : user.group);
    QCOMPARE(changed.balance, column == u"left"_s ? Quota{Quota::perDollar * 5 / 2} : user.balance);
    undo();
    QCOMPARE(stored(user.id).displayName, user.displayName);
    QCOMPARE(stored(user.id).username, user.username);
    QCOMPARE(stored(user.id).group, user.group);
    QCOMPARE(stored(user.id).balance, user.balance);
    redo();
    QCOMPARE(stored(user.id).username, changed.username);
    QCOMPARE(stored(user.id).balance, changed.balance);
}

void UsersCellsTest::offersTheGroupsThereAre()
{
    m_fixture->waitFor(m_fixture->administration().groups.save({.name = "family"}));
    const domain::User user = add(u"ida"_s);
    beginEdit(u"ida"_s, u"group"_s);
    QVERIFY(cellEditor()->completer());
    const QAbstractItemModel *offered = cellEditor()->completer()->model();
    QStringList names;
    for (int row = 0; row < offered->rowCount(); ++row)
        names.append(offered->index(row, 0).data().toString());
    QVERIFY2(names.contains(u"family"_s) && names.contains(u"default"_s),
             qPrintable(names.join(u", "_s)));

    // The list opens a moment after the field; before, nobody can choose from it.
    QTRY_VERIFY(cellEditor()->completer()->popup()->isVisible());
    cellEditor()->completer()->popup()->hide(); // as it does when something is chosen
    emit cellEditor()->completer()->activated(u"family"_s);
    cellEditor()->setText(u"family"_s); // as the field does where it has the focus

    QTRY_COMPARE(stored(user.id).group, "family");
    QTRY_VERIFY(!cellEditor());
}

// No user can be in it, whatever the channel says.
void UsersCellsTest::refusesAGroupOfAChannelAlone()
{
    const domain::Channel channel = m_fixture->addEchoChannel(u"Lab"_s);
    m_fixture->wait(
        m_fixture->administration().channels.change(channel.id, [](domain::Channel &stored) {
            stored.groups = {u"unmade"_s};
            return base::Result<>();
        }));
    const domain::User user = add(u"jan"_s);
    beginEdit(u"jan"_s, u"group"_s);

    type(u"unmade"_s);

    QTRY_VERIFY(cellEditor() && isInvalid(cellEditor()));
    const QString reason = cellEditor()->accessibleDescription();
    QVERIFY2(reason.contains(u"default"_s) && reason.contains(u"Groups…"_s), qPrintable(reason));
    QCOMPARE(stored(user.id).group, user.group);
    QTest::keyClick(cellEditor(), Qt::Key_Escape);
}

void UsersCellsTest::movesDownAfterEnter()
{
    add(u"kim"_s);
    add(u"leo"_s);
    const int last = view()->model()->rowCount() - 1;
    const QString name = view()->model()->index(0, 2).data().toString();
    beginEdit(name, u"left"_s);
    QCOMPARE(view()->currentIndex().row(), 0);

    type(u"4"_s);

    QTRY_VERIFY(!cellEditor());
    QCOMPARE(view()->currentIndex().row(), 1);
    QVERIFY(last >= 1);
}

void UsersCellsTest::revertsByEscape()
{
    const domain::User user = add(u"mia"_s);
    beginEdit(u"mia"_s, u"name"_s);
    QTest::keyClicks(cellEditor(), u"nobody"_s);

    QTest::keyClick(cellEditor(), Qt::Key_Escape);

    QTRY_VERIFY(!cellEditor());
    QVERIFY(rowOf(u"mia"_s) >= 0);
    QCOMPARE(stored(user.id).displayName, user.displayName);
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void UsersCellsTest::keepsTheEditorOpenWhenRefused_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("reason"); // a part of it

    QTest::newRow("a name that is taken") << u"username"_s << u"olaf"_s << u"taken"_s;
    QTest::newRow("no name") << u"username"_s << u" "_s << u"characters"_s;
    QTest::newRow("a long display name") << u"name"_s << QString(51, u'x') << u"at most 50"_s;
    QTest::newRow("no such group") << u"group"_s << u"vipp"_s << u"default"_s;
    QTest::newRow("no amount") << u"left"_s << u"a lot"_s << u"12.50"_s;
    QTest::newRow("less than nothing") << u"left"_s << u"-1"_s << u"12.50"_s;
}

void UsersCellsTest::keepsTheEditorOpenWhenRefused()
{
    QFETCH(QString, column);
    QFETCH(QString, typed);
    QFETCH(QString, reason);
    add(u"olaf"_s);
    const domain::User user = stored(add(u"nina"_s).id);
    beginEdit(u"nina"_s, column);

    type(typed);

    QTRY_VERIFY(cellEditor() && isInvalid(cellEditor()));
    QVERIFY2(cellEditor()->accessibleDescription().contains(reason),
             qPrintable(cellEditor()->accessibleDescription()));
    QVERIFY(!cellEditor()->toolTip().isEmpty());
    QCOMPARE(cellEditor()->text().trimmed(), typed.trimmed());
    QCOMPARE(stored(user.id), user);
    QTest::keyClick(cellEditor(), Qt::Key_Escape);
    QTRY_VERIFY(!cellEditor());
    QVERIFY(rowOf(u"nina"_s) >= 0);
}

void UsersCellsTest::leavesWhatWasNotChangedInPlace()
{
    const domain::User user = add(u"pat"_s);
    beginEdit(u"pat"_s, u"left"_s);
    setBalance(user.id, {Quota::perDollar * 9});

    QTest::keyClick(cellEditor(), Qt::Key_Return);

    QTRY_VERIFY(!cellEditor());
    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 9});
    QVERIFY(!m_fixture->services().undo.canUndo());
}

// What was spent meanwhile stays spent.
void UsersCellsTest::undoesABalanceThatWasTypedInPlace()
{
    const domain::User user = add(u"quinn"_s);
    beginEdit(u"quinn"_s, u"left"_s);
    type(u"20"_s);
    QTRY_COMPARE(stored(user.id).balance, Quota{Quota::perDollar * 20});
    setBalance(user.id, {Quota::perDollar * 18});

    undo();

    QCOMPARE(stored(user.id).balance, Quota{Quota::perDollar * 8});
}

void UsersCellsTest::switchesOffByTheCheckBox()
{
    const domain::User user = add(u"rosa"_s);
    const auto click = [this](const QString &name) {
        const QRect place = view()->visualRect(cellOf(name, u"enabled"_s));
        QTest::mouseClick(
            view()->viewport(), Qt::LeftButton, {}, QPoint(place.left() + 12, place.center().y()));
    };

    click(u"rosa"_s);
    QTRY_VERIFY(!stored(user.id).isEnabled());
    QTRY_COMPARE(cellOf(u"rosa"_s, u"enabled"_s).data(Qt::CheckStateRole).toInt(),
                 static_cast<int>(Qt::Unchecked));
    undo();
    QVERIFY(stored(user.id).isEnabled());

    const domain::User root = stored(m_fixture->services().actor.id);
    click(root.displayName.isEmpty() ? root.username : root.displayName);
    QTRY_VERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
    QVERIFY(stored(root.id).isEnabled());
}

QTEST_MAIN(UsersCellsTest)
#include "tst_userscells.moc"
