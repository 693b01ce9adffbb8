#include "admin/administration.h"
#include "history/historydialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"

#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// The history of changes beside the window.
class HistoryDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsWhatIsChanged();
    void tellsOfUndoAndRedo();
    void filters();
    void saysWhyAFilterIsNone();
    void thereIsOne();
    void isAccessible();

private:
    TableView *view() const { return m_dialog->findChild<TableView *>(); }
    FilterField *field() const { return m_dialog->findChild<FilterField *>(); }
    QString text(int row, const QString &column) const
    {
        const QAbstractItemModel *rows = view()->model();
        return rows->index(row, tableModelOf(rows)->columnOf(column)).data().toString();
    }
    void saveGroup(const QByteArray &name)
    {
        m_fixture->waitFor(m_fixture->administration().groups.save({.name = name}));
    }

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<HistoryDialog> m_dialog{};
};

void HistoryDialogTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void HistoryDialogTest::init()
{
    m_fixture->services().undo.clear();
    m_dialog = std::make_unique<HistoryDialog>(m_fixture->services());
    m_dialog->show();
}

void HistoryDialogTest::cleanup()
{
    m_dialog.reset();
}

void HistoryDialogTest::showsWhatIsChanged()
{
    saveGroup("lab");

    QTRY_COMPARE(text(0, u"object"_s), u"Group “lab”"_s);
    QCOMPARE(text(0, u"action"_s), u"Created"_s);
    QCOMPARE(text(0, u"by"_s), u"This computer"_s);
    QCOMPARE(text(0, u"details"_s), u"Price factor: 1"_s);
    m_fixture->waitFor(m_fixture->administration().settings.set(u"storage.kept_backups"_s, u"8"_s));
    QTRY_COMPARE(text(0, u"details"_s), u"Value: 5 → 8"_s);
    QVERIFY(text(0, u"object"_s).contains(u"Keep"_s)); // as the page of settings calls it
}

void HistoryDialogTest::tellsOfUndoAndRedo()
{
    admin::GroupService &groups = m_fixture->administration().groups;
    UndoStack &undo = m_fixture->services().undo;
    undo.push({.text = [] { return u"a group"_s; },
               .redo = [&groups] { return groups.save({.name = "undone"}); },
               .undo = [&groups] { return groups.remove("undone"); }});
    QTRY_COMPARE(text(0, u"action"_s), u"Created"_s);
    QTRY_VERIFY(undo.canUndo());

    undo.undo();

    QTRY_COMPARE(text(0, u"action"_s), u"Deleted (undo)"_s);
    QTRY_VERIFY(undo.canRedo());
    undo.redo();
    QTRY_COMPARE(text(0, u"action"_s), u"Created (redo)"_s);
}

void HistoryDialogTest::filters()
{
    saveGroup("first");
    saveGroup("second");
    QTRY_COMPARE(text(0, u"object"_s), u"Group “second”"_s);

    field()->setFilter(u"name:first"_s);

    QTRY_COMPARE(view()->model()->rowCount(), 1);
    QCOMPARE(text(0, u"object"_s), u"Group “first”"_s);
    field()->setFilter(u"object:token name:first"_s);
    QTRY_COMPARE(view()->model()->rowCount(), 0);
}

void HistoryDialogTest::saysWhyAFilterIsNone()
{
    field()->setFilter(u"since:nonsense"_s);

    QTRY_VERIFY([this] {
        const auto labels = m_dialog->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"nonsense"_s);
        });
    }());
}

void HistoryDialogTest::thereIsOne()
{
    QWidget window;

    HistoryDialog::showBeside(&window, m_fixture->services());
    HistoryDialog::showBeside(&window, m_fixture->services());

    QCOMPARE(window.findChildren<HistoryDialog *>().size(), 1);
    QVERIFY(!window.findChild<HistoryDialog *>()->isModal());
}

void HistoryDialogTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_dialog.get()), QStringList());
}

QTEST_MAIN(HistoryDialogTest)
#include "tst_historydialog.moc"
