#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/table/cell.h"
#include "widgets/table/pairtable.h"
#include "widgets/table/tableview.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class PairTableTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void editsPairs();
    void editsPairsAsJson();
    void refusesWrongJson();
    void hidesPairsThatAreSecret();
    void hidesThemInJsonToo();

private:
    template<typename Widget>
    static void open(Widget &widget)
    {
        widget.show();
        QVERIFY(QTest::qWaitForWindowActive(&widget));
        widget.setFocus();
    }
};

void PairTableTest::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    Theme::apply(Scheme::Light);
}

void PairTableTest::editsPairs()
{
    PairTable table;
    table.setTitles(u"Asked for"_s, u"Sent"_s);
    open(table);
    auto *view = table.findChild<TableView *>();
    const QList<QToolButton *> tools = table.findChildren<QToolButton *>();

    QTest::mouseClick(tools.front(), Qt::LeftButton);
    auto *editor = view->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, u"gpt-4"_s);
    QTest::keyClick(editor, Qt::Key_Tab);
    QTRY_COMPARE(view->currentIndex().column(), 1);
    editor = view->viewport()->findChild<QLineEdit *>();
    QTest::keyClicks(QApplication::focusWidget(), u"gpt-4o"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);

    QTRY_COMPARE(table.pairs(), (PairTable::Pairs{{u"gpt-4"_s, u"gpt-4o"_s}}));
    QVERIFY(table.problem().isEmpty());

    view->selectRow(0);
    QTest::keyClick(view, Qt::Key_Delete);
    QTRY_VERIFY(table.pairs().isEmpty());
}

void PairTableTest::editsPairsAsJson()
{
    PairTable table;
    table.setPairs({{u"b"_s, u"2"_s}, {u"a"_s, u"1"_s}});
    open(table);

    table.setJson(true);
    auto *text = table.findChild<QPlainTextEdit *>();
    QVERIFY(text->toPlainText().contains(u"\"a\": \"1\""_s));
    text->setPlainText(u"{\"c\": \"3\"}"_s);
    table.setJson(false);

    QCOMPARE(table.pairs(), (PairTable::Pairs{{u"c"_s, u"3"_s}}));
    QCOMPARE(table.findChild<TableView *>()->model()->rowCount(), 1);
}

void PairTableTest::refusesWrongJson()
{
    PairTable table;
    table.setPairs({{u"a"_s, u"1"_s}});
    open(table);
    table.setJson(true);
    auto *text = table.findChild<QPlainTextEdit *>();

    text->setPlainText(u"{\"a\": 1}"_s);
    table.setJson(false);

    QVERIFY(table.isJson());
    QVERIFY(!table.problem().isEmpty());
    QVERIFY(isInvalid(text));
    QCOMPARE(text->toPlainText(), u"{\"a\": 1}"_s);
}

void PairTableTest::hidesPairsThatAreSecret()
{
    PairTable table;
    table.setSecret([](const QString &left) { return left == u"X-Key"_s; });
    const PairTable::Pairs stored{{u"X-Key"_s, u"secret"_s}, {u"X-Plain"_s, u"open"_s}};
    table.setPairs(stored);
    open(table);
    QAbstractItemModel *model = table.findChild<TableView *>()->model();
    const QModelIndex value = model->index(0, 1);
    for (const int asked : {int(Qt::DisplayRole), int(Qt::EditRole), int(Qt::AccessibleTextRole)})
        QVERIFY(!value.data(asked).toString().contains(u"secret"_s));
    QVERIFY(!value.data(role::cell).value<Cell>().text.contains(u"secret"_s));
    QCOMPARE(model->index(1, 1).data().toString(), u"open"_s);

    QVERIFY(!model->setData(value, QString(), Qt::EditRole)); // nothing was entered
    QVERIFY(model->setData(model->index(0, 0), u"X-Renamed"_s, Qt::EditRole));
    QVERIFY(!value.data().toString().contains(u"secret"_s));
    QCOMPARE(table.pairs().front(), qMakePair(u"X-Renamed"_s, u"secret"_s));
    QVERIFY(model->setData(value, u"other"_s, Qt::EditRole));
    QCOMPARE(value.data().toString(), u"other"_s);

    table.setPairs(stored);
    const auto tools = table.findChildren<QToolButton *>();
    for (QToolButton *tool : tools) {
        if (tool->accessibleName() == u"Show the hidden values"_s)
            tool->click();
    }
    QCOMPARE(model->index(0, 1).data().toString(), u"secret"_s);
}

void PairTableTest::hidesThemInJsonToo()
{
    PairTable table;
    table.setSecret([](const QString &left) { return left == u"X-Key"_s; });
    table.setPairs({{u"X-Key"_s, u"secret"_s}, {u"X-Plain"_s, u"open"_s}});
    open(table);

    table.setJson(true);
    auto *text = table.findChild<QPlainTextEdit *>();
    const QString shown = text->toPlainText();
    QVERIFY(!shown.contains(u"secret"_s));
    text->setPlainText(QString(shown).replace(u"open"_s, u"closed"_s));
    QCOMPARE(table.pairs(),
             (PairTable::Pairs{{u"X-Key"_s, u"secret"_s}, {u"X-Plain"_s, u"closed"_s}}));
    text->setPlainText(QString(shown).replace(u"X-Key"_s, u"X-Other"_s));
    QVERIFY(!table.problem().isEmpty()); // of whom that is nobody knows
    text->setPlainText(shown);
    table.setJson(false);

    const QModelIndex value = table.findChild<TableView *>()->model()->index(0, 1);
    QVERIFY(!value.data().toString().contains(u"secret"_s));
    QCOMPARE(table.pairs().front(), qMakePair(u"X-Key"_s, u"secret"_s));
}

QTEST_MAIN(PairTableTest)
#include "tst_pairtable.moc"
