#include "admin/administration.h"
#include "groups/groupsdialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// The groups of users in their dialog. A new database has "default", "svip" and "vip".
class GroupsDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsWhoIsIn();
    void addsAGroup();
    void refusesAGroupThatThereIs();
    void refusesAFactorThatIsNone();
    void changesTheFactor();
    void keepsTheFactorWhereItIsNoNumber();
    void removesAGroup();
    void removingChoosesNoOther();
    void aKeyEditsTheCellThatItIsOn();
    void undoingMakesNoGroup();
    void renamesAGroup();
    void saysWhyANameIsRefused();
    void takesBackByKeyAndByTheBar();
    void readsWellWhenUndone_data();
    void readsWellWhenUndone();
    void saysWhyAGroupStays();
    void theUsualGroupStays();
    void factors_data();
    void factors();
    void isAccessible();

private:
    std::vector<domain::Group> groups()
    {
        return m_fixture->wait(m_fixture->administration().groups.list());
    }
    std::optional<qint64> factorOf(const QByteArray &name)
    {
        for (const domain::Group &group : groups()) {
            if (group.name == name)
                return group.ratioMillionths;
        }
        return std::nullopt;
    }
    TableView *view() const { return m_dialog->findChild<TableView *>(); }
    int rowOf(const QString &name) const { return tests::rowOf(view(), u"name"_s, name); }
    QModelIndex cell(const QString &name, const QString &column) const
    {
        const QAbstractItemModel *rows = view()->model();
        return rows->index(rowOf(name), tableModelOf(rows)->columnOf(column));
    }
    void select(const QString &name) const
    {
        view()->selectSourceRow(sourceIndex(cell(name, u"name"_s)).row());
    }
    QLineEdit *field(const QString &name) const
    {
        return tests::field<QLineEdit>(m_dialog.get(), name);
    }
    QPushButton *button(const QString &text) const
    {
        return tests::button<QPushButton>(m_dialog.get(), text);
    }
    // Whether the bar of messages says so.
    bool says(const QString &text) const
    {
        const auto labels = m_dialog->findChild<MessageBar *>()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisible() && label->text().contains(text);
        });
    }
    void undo();
    void addUser(const QString &name, const QByteArray &group);

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<GroupsDialog> m_dialog{};
};

void GroupsDialogTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void GroupsDialogTest::init()
{
    m_fixture->services().undo.clear();
    m_dialog = std::make_unique<GroupsDialog>(m_fixture->services());
    m_dialog->open();
    QTRY_VERIFY(rowOf(u"vip"_s) >= 0);
}

void GroupsDialogTest::cleanup()
{
    m_dialog.reset();
}

void GroupsDialogTest::undo()
{
    QSignalSpy undone(&m_fixture->services().undo, &UndoStack::undone);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(undone.size(), 1);
}

void GroupsDialogTest::addUser(const QString &name, const QByteArray &group)
{
    m_fixture->wait(m_fixture->administration().users.create(
        m_fixture->services().actor,
        {.username = name, .password = base::Secret(QByteArray("correct horse")), .group = group}));
}

void GroupsDialogTest::showsWhoIsIn()
{
    addUser(u"anna"_s, "vip");
    domain::Channel channel = m_fixture->addEchoChannel(u"Lab"_s);
    m_fixture->wait(
        m_fixture->administration().channels.change(channel.id, [](domain::Channel &stored) {
            stored.groups = {u"default"_s, u"vip"_s};
            return base::Result<>();
        }));

    QTRY_COMPARE(cell(u"vip"_s, u"users"_s).data().toString(), u"1"_s);
    QTRY_COMPARE(cell(u"vip"_s, u"channels"_s).data().toString(), u"1"_s);
    QCOMPARE(cell(u"vip"_s, u"users"_s).data(Qt::AccessibleTextRole).toString(), u"anna"_s);
    QCOMPARE(cell(u"vip"_s, u"factor"_s).data().toString(), u"1"_s);
}

void GroupsDialogTest::addsAGroup()
{
    QVERIFY(!button(u"&Add group"_s)->isEnabled());
    field(u"Name of the new group"_s)->setText(u" family "_s);
    field(u"Price factor of the new group"_s)->setText(u"0.5"_s);

    QTest::keyClick(field(u"Name of the new group"_s), Qt::Key_Return);

    QTRY_VERIFY(rowOf(u"family"_s) >= 0);
    QCOMPARE(factorOf("family"), std::optional(qint64{500'000}));
    QCOMPARE(field(u"Name of the new group"_s)->text(), QString());
    undo();
    QVERIFY(!factorOf("family"));
    QTRY_COMPARE(rowOf(u"family"_s), -1);
}

void GroupsDialogTest::refusesAGroupThatThereIs()
{
    field(u"Name of the new group"_s)->setText(u"vip"_s);
    field(u"Price factor of the new group"_s)->setText(u"7"_s);

    QTest::mouseClick(button(u"&Add group"_s), Qt::LeftButton);

    QTRY_VERIFY(says(u"already"_s));
    QCOMPARE(factorOf("vip"), std::optional(qint64{1'000'000}));
    QCOMPARE(field(u"Name of the new group"_s)->text(), u"vip"_s);
}

void GroupsDialogTest::refusesAFactorThatIsNone()
{
    field(u"Name of the new group"_s)->setText(u"family"_s);
    field(u"Price factor of the new group"_s)->setText(u"half"_s);

    QVERIFY(!button(u"&Add group"_s)->isEnabled());
    QVERIFY(!field(u"Price factor of the new group"_s)->accessibleDescription().isEmpty());
}

void GroupsDialogTest::changesTheFactor()
{
    view()->commitCell(cell(u"svip"_s, u"factor"_s), u"1.25"_s);

    QTRY_COMPARE(cell(u"svip"_s, u"factor"_s).data().toString(), u"1.25"_s);
    QCOMPARE(factorOf("svip"), std::optional(qint64{1'250'000}));
    undo();
    QCOMPARE(factorOf("svip"), std::optional(qint64{1'000'000}));
}

void GroupsDialogTest::keepsTheFactorWhereItIsNoNumber()
{
    view()->commitCell(cell(u"svip"_s, u"factor"_s), u"-1"_s);

    QTRY_VERIFY(says(u"from 0"_s));
    QCOMPARE(factorOf("svip"), std::optional(qint64{1'000'000}));
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void GroupsDialogTest::removesAGroup()
{
    m_fixture->waitFor(
        m_fixture->administration().groups.save({.name = "lab", .ratioMillionths = 300'000}));
    QTRY_VERIFY(rowOf(u"lab"_s) >= 0);
    select(u"lab"_s);
    QVERIFY(button(u"&Remove"_s)->isEnabled());

    QTest::mouseClick(button(u"&Remove"_s), Qt::LeftButton);

    QTRY_COMPARE(rowOf(u"lab"_s), -1);
    QVERIFY(!factorOf("lab"));
    undo();
    QCOMPARE(factorOf("lab"), std::optional(qint64{300'000}));
}

void GroupsDialogTest::removingChoosesNoOther()
{
    m_fixture->waitFor(m_fixture->administration().groups.save({.name = "lab"}));
    QTRY_VERIFY(rowOf(u"lab"_s) >= 0);
    select(u"lab"_s);

    QTest::mouseClick(button(u"&Remove"_s), Qt::LeftButton);

    QTRY_COMPARE(rowOf(u"lab"_s), -1);
    QVERIFY(view()->selectedSourceRows().isEmpty());
    QVERIFY(!button(u"&Remove"_s)->isEnabled());
}

void GroupsDialogTest::aKeyEditsTheCellThatItIsOn()
{
    const auto edited = [this] { return view()->viewport()->findChild<QLineEdit *>(); };
    view()->setCurrentIndex(cell(u"default"_s, u"name"_s));

    QTest::keyClick(view(), Qt::Key_F2); // which keeps its name
    QVERIFY(!edited());
    QTest::mouseDClick(view()->viewport(),
                       Qt::LeftButton,
                       Qt::NoModifier,
                       view()->visualRect(cell(u"default"_s, u"name"_s)).center());
    QVERIFY(!edited());

    view()->setCurrentIndex(cell(u"svip"_s, u"name"_s));
    QTest::keyClick(view(), Qt::Key_F2);
    QVERIFY(edited());
    QCOMPARE(edited()->text(), u"svip"_s);
    QTest::keyClick(edited(), Qt::Key_Escape);
    QTRY_VERIFY(!edited());

    view()->setCurrentIndex(cell(u"svip"_s, u"factor"_s));
    QTest::keyClick(view(), Qt::Key_F2);
    QVERIFY(edited());
    QCOMPARE(edited()->text(), u"1"_s);
}

// Whoever removed or renamed it meanwhile, such as a command, does not get it back.
void GroupsDialogTest::undoingMakesNoGroup()
{
    admin::GroupService &service = m_fixture->administration().groups;
    m_fixture->waitFor(service.save({.name = "brief", .ratioMillionths = 500'000}));
    QTRY_VERIFY(rowOf(u"brief"_s) >= 0);
    view()->commitCell(cell(u"brief"_s, u"factor"_s), u"2"_s);
    QTRY_COMPARE(factorOf("brief"), std::optional(qint64{2'000'000}));
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->waitFor(service.remove("brief"));

    m_fixture->services().undo.undo();

    QTRY_VERIFY(says(u"any more"_s));
    QVERIFY(!factorOf("brief"));
}

void GroupsDialogTest::renamesAGroup()
{
    m_fixture->waitFor(
        m_fixture->administration().groups.save({.name = "crew", .ratioMillionths = 700'000}));
    addUser(u"clara"_s, "crew");
    QTRY_VERIFY(rowOf(u"crew"_s) >= 0);

    view()->commitCell(cell(u"crew"_s, u"name"_s), u" staff "_s);

    QTRY_VERIFY(rowOf(u"staff"_s) >= 0);
    QCOMPARE(factorOf("staff"), std::optional(qint64{700'000}));
    QTRY_COMPARE(cell(u"staff"_s, u"users"_s).data(Qt::AccessibleTextRole).toString(), u"clara"_s);
    QCOMPARE(rowOf(u"crew"_s), -1);
    undo();
    QTRY_VERIFY(rowOf(u"crew"_s) >= 0);
    QTRY_COMPARE(cell(u"crew"_s, u"users"_s).data(Qt::AccessibleTextRole).toString(), u"clara"_s);
}

void GroupsDialogTest::saysWhyANameIsRefused()
{
    view()->commitCell(cell(u"svip"_s, u"name"_s), u"a,b"_s);
    QTRY_VERIFY(says(u"comma"_s));

    view()->commitCell(cell(u"svip"_s, u"name"_s), u"vip"_s);
    QTRY_VERIFY(says(u"already"_s));

    field(u"Name of the new group"_s)->setText(u"a,b"_s);
    QTest::mouseClick(button(u"&Add group"_s), Qt::LeftButton);
    QTRY_VERIFY(says(u"comma"_s));
    QVERIFY(factorOf("svip"));
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void GroupsDialogTest::takesBackByKeyAndByTheBar()
{
    const auto removeLab = [this] {
        select(u"lab"_s);
        QTest::mouseClick(button(u"&Remove"_s), Qt::LeftButton);
        QTRY_COMPARE(rowOf(u"lab"_s), -1);
    };
    m_fixture->waitFor(m_fixture->administration().groups.save({.name = "lab"}));
    QTRY_VERIFY(rowOf(u"lab"_s) >= 0);
    m_dialog->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    removeLab();
    QVERIFY(says(u"Removed the group"_s));

    view()->setFocus();
    QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(rowOf(u"lab"_s) >= 0);
    QTRY_VERIFY(says(u"Undone: removed the group"_s));

    QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(rowOf(u"lab"_s), -1);
    QTRY_VERIFY(button(u"Undo"_s));
    QTest::mouseClick(button(u"Undo"_s), Qt::LeftButton);
    QTRY_VERIFY(rowOf(u"lab"_s) >= 0);
    QVERIFY(factorOf("lab"));
}

void GroupsDialogTest::readsWellWhenUndone_data()
{
    QTest::addColumn<QString>("done");
    QTest::addColumn<QString>("undone");

    QTest::newRow("in English") << u"Removed the group “lab”"_s
                                << u"Undone: removed the group “lab”"_s;
    QTest::newRow("in Chinese") << u"已移除分组“lab”"_s << u"Undone: 移除分组“lab”"_s;
    QTest::newRow("nothing") << QString() << u"Undone: "_s;
}

void GroupsDialogTest::readsWellWhenUndone()
{
    QFETCH(QString, done);
    QFETCH(QString, undone);

    QCOMPARE(undoneText(done), undone);
}

void GroupsDialogTest::saysWhyAGroupStays()
{
    m_fixture->waitFor(m_fixture->administration().groups.save({.name = "team"}));
    addUser(u"berta"_s, "team");
    QTRY_VERIFY(rowOf(u"team"_s) >= 0);
    select(u"team"_s);

    QTest::mouseClick(button(u"&Remove"_s), Qt::LeftButton);

    QTRY_VERIFY(says(u"berta"_s));
    QVERIFY(factorOf("team"));
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void GroupsDialogTest::theUsualGroupStays()
{
    select(u"default"_s);

    QVERIFY(!button(u"&Remove"_s)->isEnabled());
    QVERIFY(!button(u"&Remove"_s)->toolTip().isEmpty());
}

void GroupsDialogTest::factors_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<qint64>("millionths"); // -1: refused

    QTest::newRow("the usual one") << u"1"_s << qint64{1'000'000};
    QTest::newRow("with blanks") << u" 0.8 "_s << qint64{800'000};
    QTest::newRow("for nothing") << u"0"_s << qint64{0};
    QTest::newRow("too large") << u"1000001"_s << qint64{-1};
    QTest::newRow("below nothing") << u"-0.1"_s << qint64{-1};
    QTest::newRow("infinite") << u"inf"_s << qint64{-1};
    QTest::newRow("a word") << u"half"_s << qint64{-1};
    QTest::newRow("nothing") << QString() << qint64{-1};
}

void GroupsDialogTest::factors()
{
    QFETCH(QString, typed);
    QFETCH(qint64, millionths);

    const auto factor = GroupCommands::factorFrom(typed);

    QCOMPARE(factor.value_or(-1), millionths);
    if (factor)
        QCOMPARE(*GroupCommands::factorFrom(GroupCommands::factorText(*factor)), *factor);
}

void GroupsDialogTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_dialog.get()), QStringList());
}

QTEST_MAIN(GroupsDialogTest)
#include "tst_groupsdialog.moc"
