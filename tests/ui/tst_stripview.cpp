#include "charts/stripview.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace Qt::StringLiterals;

using namespace gatehouse::ui;

namespace {

constexpr qint64 begin = 1'760'000'040'000;
constexpr qint64 minute = 60'000;

HeatStrip lastHour()
{
    HeatStrip strip;
    for (int i = 0; i < 60; ++i) {
        strip.cells.append(
            {.success = i == 30 ? 0.5 : 1.0, .start = begin + i * minute, .attempts = i + 1});
    }
    return strip;
}

} // namespace

// A strip of its own, as details show it.
class StripViewTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aClickOpensTheCellUnderIt();
    void theKeyboardGoesThroughTheCells();
    void narrowOnesOpenWhatIsPaintedAsOne();
    void cellsHaveTips();
    void withoutCellsNothingHappens();

private:
    std::unique_ptr<StripView> m_view;
};

void StripViewTest::init()
{
    m_view = std::make_unique<StripView>();
    m_view->resize(300, m_view->sizeHint().height());
    m_view->setSubject(u"Last 60 minutes"_s);
    m_view->setStrip(lastHour());
    m_view->show();
}

void StripViewTest::aClickOpensTheCellUnderIt()
{
    QSignalSpy opened(m_view.get(), &StripView::cellsActivated);

    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {1, 8});
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, {1, m_view->height() - 2}); // its time

    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.front().at(0).toLongLong(), 0);
    QCOMPARE(opened.front().at(1).toLongLong(), 0);
    QVERIFY(m_view->accessibleName().startsWith(u"Last 60 minutes: "_s));
    QCOMPARE(m_view->scale(), u"1 cell = 1 min"_s);
    QVERIFY(!m_view->grab().isNull());
}

void StripViewTest::theKeyboardGoesThroughTheCells()
{
    QSignalSpy opened(m_view.get(), &StripView::cellsActivated);
    m_view->activateWindow();
    m_view->setFocus();
    QTRY_COMPARE(m_view->currentCell(), 59);

    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QVERIFY(m_view->accessibleDescription().contains(u"59 attempts"_s));
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QTest::keyClick(m_view.get(), Qt::Key_Left); // there is nothing before
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QTest::keyClick(m_view.get(), Qt::Key_Right);

    QCOMPARE(opened.size(), 2);
    QCOMPARE(opened.front().at(1).toLongLong(), 58);
    QCOMPARE(opened.back().at(1).toLongLong(), 0);
    QCOMPARE(m_view->currentCell(), 59);
    QVERIFY(!m_view->grab().isNull());
}

void StripViewTest::narrowOnesOpenWhatIsPaintedAsOne()
{
    StripView narrow;
    narrow.resize(130, narrow.sizeHint().height());
    narrow.setStrip(lastHour());
    QSignalSpy opened(&narrow, &StripView::cellsActivated);

    QTest::mouseClick(&narrow, Qt::LeftButton, {}, {1, 8});

    QCOMPARE(narrow.scale(), u"1 cell = 2 min"_s);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.front().at(0).toLongLong(), 0);
    QCOMPARE(opened.front().at(1).toLongLong(), 1);
}

void StripViewTest::cellsHaveTips()
{
    const QPoint first(1, 8);
    QHelpEvent help(QEvent::ToolTip, first, m_view->mapToGlobal(first));

    QApplication::sendEvent(m_view.get(), &help);

    const QString time = QDateTime::fromMSecsSinceEpoch(begin).toString(u"HH:mm"_s);
    QVERIFY2(QToolTip::text().contains(time), qPrintable(QToolTip::text()));
    QVERIFY(QToolTip::text().contains(u"1 attempt"_s));
    QToolTip::hideText();
}

void StripViewTest::withoutCellsNothingHappens()
{
    StripView empty;
    empty.resize(300, empty.sizeHint().height());
    QSignalSpy opened(&empty, &StripView::cellsActivated);

    QTest::mouseClick(&empty, Qt::LeftButton, {}, {1, 8});
    QTest::keyClick(&empty, Qt::Key_Left);
    QTest::keyClick(&empty, Qt::Key_Home);
    QTest::keyClick(&empty, Qt::Key_Return);

    QCOMPARE(opened.size(), 0);
    QCOMPARE(empty.currentCell(), -1);
    QCOMPARE(empty.scale(), QString());
    QVERIFY(!empty.grab().isNull());
}

QTEST_MAIN(StripViewTest)
#include "tst_stripview.moc"
