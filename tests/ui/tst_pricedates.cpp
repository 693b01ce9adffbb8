#include "admin/administration.h"
#include "models/modelspage.h"
#include "models/pricedialog.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/format.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QDateTimeEdit>
#include <QLocale>
#include <QPushButton>
#include <QTabBar>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;

// Prices of the past and of the future on the Models page.
class PriceDatesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void otherDatesAreShownAndFound();
    void twoOfADayAreTold();
    void anotherDateIsRemoved();
    void theKeyRemovesOwnPrices();
    void resettingEndsAllDates();
    void aCellCorrectsItsPrice();
    void anotherDateIsMoved();
    void aPriceWithoutARateIsShownAndComesBack();

private:
    TableView *view() const { return m_page->findChild<TableView *>(u"prices"_s); }
    QAction *action(const QString &name) const { return m_page->findChild<QAction *>(name); }
    int rowsWith(const QString &filter) const
    {
        m_page->findChild<FilterField *>()->setFilter(filter);
        return view()->model()->rowCount();
    }
    QModelIndex cell(int row, const QString &column) const
    {
        return view()->model()->index(row, tableModelOf(view()->model())->columnOf(column));
    }
    void select(int row) const
    {
        const QModelIndex index = view()->model()->index(row, 0);
        QVERIFY(index.isValid());
        QTest::mouseClick(
            view()->viewport(), Qt::LeftButton, {}, view()->visualRect(index).center());
        QCOMPARE(view()->currentIndex().row(), row);
    }
    std::vector<domain::ModelPrice> edited() const
    {
        return m_fixture->wait(m_fixture->administration().prices.edited());
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ModelsPage> m_page;
    qint64 m_now = 0;
};

void PriceDatesTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

// One of ever since, one in force and one of the future.
void PriceDatesTest::init()
{
    m_now = m_fixture->administration().foundation.now();
    for (const qint64 from : {qint64(0), m_now - 60, m_now + 100'000}) {
        domain::ModelPrice price{.model = "dated", .effectiveFrom = from};
        price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
        m_fixture->wait(m_fixture->administration().prices.save(price));
    }
    m_page = std::make_unique<ModelsPage>(m_fixture->services());
    m_page->resize(1000, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->setActive(true);
    m_page->findChild<QTabBar *>()->setCurrentIndex(1);
    QTRY_COMPARE(rowsWith(u"model:dated"_s), 3);
}

void PriceDatesTest::cleanup()
{
    QTRY_VERIFY(!m_fixture->services().undo.isBusy());
    m_fixture->services().undo.clear();
    m_page.reset();
    if (!edited().empty())
        m_fixture->wait(m_fixture->administration().prices.remove("dated", std::nullopt));
}

void PriceDatesTest::otherDatesAreShownAndFound()
{
    QCOMPARE(rowsWith(u"model:dated source:formerly"_s), 1);
    QCOMPARE(cell(0, u"effective"_s).data(Qt::AccessibleTextRole).toString(), u"ever since"_s);
    QCOMPARE(rowsWith(u"model:dated source:\"in future\""_s), 1);
    QCOMPARE(rowsWith(u"model:dated source:edited"_s), 3);
}

// By the time of the day, where it is not the beginning.
void PriceDatesTest::twoOfADayAreTold()
{
    const QDateTime day = QDate(2020, 1, 15).startOfDay();
    const QDateTime later = day.addSecs(14 * 60 * 60 + 29 * 60);
    for (const QDateTime &from : {day, later}) {
        domain::ModelPrice price{.model = "dated", .effectiveFrom = from.toSecsSinceEpoch()};
        price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
        m_fixture->wait(m_fixture->administration().prices.save(price));
    }

    QTRY_COMPARE(rowsWith(u"model:dated source:formerly"_s), 3);

    QStringList texts;
    for (int row = 0; row < 3; ++row)
        texts.append(cell(row, u"effective"_s).data().toString());
    QVERIFY2(texts.contains(Format::day(day.date())), qPrintable(texts.join(u", "_s)));
    QVERIFY2(texts.contains(QLocale().toString(later, Format::momentPattern())),
             qPrintable(texts.join(u", "_s)));
}

void PriceDatesTest::anotherDateIsRemoved()
{
    QCOMPARE(rowsWith(u"model:dated source:\"in future\""_s), 1);
    select(0);
    QVERIFY(!action(u"models.resetPrice"_s)->isEnabled());

    action(u"models.removePrice"_s)->trigger();

    QTRY_COMPARE(edited().size(), 2U);
    QCOMPARE(edited().front().effectiveFrom, m_now - 60);
    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    undo.undo();
    QTRY_COMPARE(edited().size(), 3U);
}

void PriceDatesTest::theKeyRemovesOwnPrices()
{
    QCOMPARE(rowsWith(u"model:dated source:\"in future\""_s), 1);
    select(0);
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    view()->setFocus();

    QTest::keyClick(view(), Qt::Key_Delete);

    QTRY_COMPARE(edited().size(), 2U);
    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    QTRY_COMPARE(rowsWith(u"model:dated"_s), 2);
    view()->selectAll();
    QTest::keyClick(view(), Qt::Key_Delete);
    QTRY_VERIFY(edited().empty());
    QTRY_VERIFY(!undo.isBusy());
    undo.undo();
    QTRY_COMPARE(edited().size(), 2U);
}

void PriceDatesTest::resettingEndsAllDates()
{
    view()->selectAll();
    QVERIFY(action(u"models.resetPrice"_s)->isEnabled());
    QVERIFY(action(u"models.removePrice"_s)->isEnabled());

    action(u"models.resetPrice"_s)->trigger();

    QTRY_VERIFY(edited().empty());
    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    QVERIFY(undo.undoText().startsWith(u"Reset the price of"_s));
    undo.undo();
    QTRY_COMPARE(edited().size(), 3U);
}

void PriceDatesTest::aCellCorrectsItsPrice()
{
    QCOMPARE(rowsWith(u"model:dated source:formerly"_s), 1);

    view()->commitCell(cell(0, u"input"_s), u"5"_s);

    QTRY_COMPARE(edited().back().tokens.input.dollarsPerMillion(), 5.0);
    QCOMPARE(edited().size(), 3U);
    QCOMPARE(edited().back().effectiveFrom, 0);
}

// Else the price would come in force at the former date nevertheless.
void PriceDatesTest::anotherDateIsMoved()
{
    QCOMPARE(rowsWith(u"model:dated source:\"in future\""_s), 1);
    select(0);
    action(u"models.setPrice"_s)->trigger();
    QTRY_VERIFY(m_page->findChild<PriceDialog *>());
    auto *dialog = m_page->findChild<PriceDialog *>();
    const QDateTime later = QDateTime::fromSecsSinceEpoch((m_now + 500'000) / 60 * 60);
    dialog->findChild<QDateTimeEdit *>()->setDateTime(later);

    tests::button<QPushButton>(dialog, u"Save"_s)->click();

    QTRY_COMPARE(edited().front().effectiveFrom, later.toSecsSinceEpoch());
    QCOMPARE(edited().size(), 3U);
    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    undo.undo();
    QTRY_COMPARE(edited().front().effectiveFrom, m_now + 100'000);
    QCOMPARE(edited().size(), 3U);
}

// Its model has no price then, but the price is there still.
void PriceDatesTest::aPriceWithoutARateIsShownAndComesBack()
{
    admin::Administration &administration = m_fixture->administration();
    const QString key = u"accounting.exchange_rates"_s;
    m_fixture->wait(administration.settings.set(key, u"CNY 7.1"_s));
    m_fixture->wait(administration.prices.remove("dated", std::nullopt));
    const auto made = m_fixture->wait(administration.channels.create(
        {domain::Channel{.name = u"of yuan"_s,
                         .keys = {domain::ChannelKey{.secret = base::Secret(u"k"_s)}},
                         .models = {u"dated"_s}}}));
    domain::ModelPrice price{.model = "dated", .currency = "CNY"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(71);
    m_fixture->wait(administration.prices.save(price));
    m_fixture->wait(administration.settings.set(key, QString()));

    QTRY_COMPARE(rowsWith(u"model:dated source:\"no price\""_s), 1);
    QTRY_COMPARE(cell(0, u"currency"_s).data().toString(), u"CNY"_s);
    select(0);
    action(u"models.resetPrice"_s)->trigger();
    QTRY_VERIFY(edited().empty());
    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    undo.undo();
    QTRY_COMPARE(edited().size(), 1U);
    QCOMPARE(edited().front().currency, "CNY");

    QTRY_VERIFY(!undo.isBusy());
    m_fixture->wait(administration.channels.remove(made.front().id));
}

QTEST_MAIN(PriceDatesTest)
#include "tst_pricedates.moc"
