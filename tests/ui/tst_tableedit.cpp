#include "theme/style.h"
#include "theme/theme.h"
#include "ui/tablefixture.h"
#include "widgets/table/tableview.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

// What is changed in the cells of a table.
class TableEditTest : public TableFixture
{
    Q_OBJECT

private slots:
    void marksARefusedEditor();
    void storesWhatIsTyped();
    void keepsTheEditorOpenWhenRefused();
    void waitsForTheAnswer();
    void doesNotStoreWhatIsTheSame();
    void revertsByEscape();
    void movesByTabThroughEditableCells();
    void setsCheckBoxesByAClick();
};

void TableEditTest::marksARefusedEditor()
{
    beginEdit(0, nameColumn);
    QVERIFY(pixelsOf(editor()->grab().toImage(), lightPalette().failure.mark) < 10);

    setInvalid(editor(), true);

    QVERIFY(pixelsOf(editor()->grab().toImage(), lightPalette().failure.mark) > 50);
}

void TableEditTest::storesWhatIsTyped()
{
    beginEdit(0, nameColumn);

    QTest::keyClicks(editor(), u"New name"_s);
    QTest::keyClick(editor(), Qt::Key_Return);

    QTRY_COMPARE(m_stored.size(), 1);
    QCOMPARE(m_stored.front().second.toString(), u"New name"_s);
    QTRY_VERIFY(!editor());
    QCOMPARE(m_view->currentIndex(), cell(1, nameColumn));
}

void TableEditTest::keepsTheEditorOpenWhenRefused()
{
    m_refusal = u"This name is taken."_s;
    beginEdit(0, nameColumn);

    QTest::keyClicks(editor(), u"OpenAI"_s);
    QTest::keyClick(editor(), Qt::Key_Return);

    QTRY_VERIFY(editor() && isInvalid(editor()));
    QCOMPARE(editor()->accessibleDescription(), m_refusal);
    QCOMPARE(editor()->toolTip(), m_refusal);
    QTest::keyClicks(editor(), u" 2"_s);
    QVERIFY(!isInvalid(editor()));
    m_refusal.clear();
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(!editor());
    QCOMPARE(m_stored.back().second.toString(), u"OpenAI 2"_s);
}

void TableEditTest::waitsForTheAnswer()
{
    QPromise<base::Result<>> promise;
    promise.start();
    m_view->setCommit(
        [&promise](const QModelIndex &, const QVariant &) { return promise.future(); });
    beginEdit(2, priorityColumn);

    QTest::keyClicks(editor(), u"40"_s);
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(editor()->isReadOnly());
    m_view->setCurrentIndex(cell(5, nameColumn));
    QVERIFY(editor());

    promise.addResult(base::Result<>());
    promise.finish();
    QTRY_VERIFY(!editor());
}

void TableEditTest::doesNotStoreWhatIsTheSame()
{
    beginEdit(0, nameColumn);

    QTest::keyClick(editor(), Qt::Key_Return);

    QTRY_VERIFY(!editor());
    QVERIFY(m_stored.isEmpty());
}

void TableEditTest::revertsByEscape()
{
    beginEdit(0, nameColumn);

    QTest::keyClicks(editor(), u"nothing"_s);
    QTest::keyClick(editor(), Qt::Key_Escape);

    QTRY_VERIFY(!editor());
    QVERIFY(m_stored.isEmpty());
}

void TableEditTest::movesByTabThroughEditableCells()
{
    beginEdit(0, nameColumn);

    QTest::keyClick(editor(), Qt::Key_Tab);
    QTRY_COMPARE(m_view->currentIndex(), cell(0, priorityColumn));
    QTRY_VERIFY(editor());

    QTest::keyClick(editor(), Qt::Key_Tab);
    QTRY_COMPARE(m_view->currentIndex(), cell(1, nameColumn));

    QTRY_VERIFY(editor());
    QTest::keyClick(editor(), Qt::Key_Backtab, Qt::ShiftModifier);
    QTRY_COMPARE(m_view->currentIndex(), cell(0, priorityColumn));
}

void TableEditTest::setsCheckBoxesByAClick()
{
    const QRect rect = m_view->visualRect(cell(1, 1));
    const QPoint box(rect.left() + Theme::px(15), rect.center().y());

    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, box);

    QCOMPARE(m_stored.size(), 1);
    QCOMPARE(m_stored.front().first, u"OpenAI"_s);
    QCOMPARE(m_stored.front().second, QVariant(false));

    const QSignalSpy failed(m_view.get(), &TableView::commitFailed);
    m_refusal = u"It is the last one."_s;
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, box);
    QTRY_COMPARE(failed.count(), 1);
}

QTEST_MAIN(TableEditTest)
#include "tst_tableedit.moc"
