#include "admin/administration.h"
#include "ui/accessibilitywalk.h"
#include "ui/modelpricesfixture.h"
#include "widgets/table/filterfield.h"

#include <QComboBox>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Prices that are added on the Models page, as a person does.
class NewPricesTest : public tests::ModelPricesFixture
{
    Q_OBJECT

private slots:
    void onePartAloneIsNotStored();
    void firstPriceIsWhole();
    void ownPriceOfAnUnpricedModelIsWhole();
    void ownPriceIsNotOverwritten();
    void addsAPriceOfAPattern();
    void addsAPriceOfTheSelectedModel();
    void addsNoSecondPriceOfTheSame();
};

void NewPricesTest::onePartAloneIsNotStored()
{
    const int row = rowOf(u"mystery-1"_s, m_all);
    const int column = tableModelOf(view()->model())->columnOf(u"input"_s);
    const QModelIndex input = view()->model()->index(row, column);
    QVERIFY(!(input.flags() & Qt::ItemIsEditable));

    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, view()->visualRect(input).center());
    QTest::mouseDClick(view()->viewport(), Qt::LeftButton, {}, view()->visualRect(input).center());

    // In place of an editor for one part, both are asked for.
    QTRY_VERIFY(dialog() && dialog()->isVisible());
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!dialog());
    view()->commitCell(input, u"3"_s);
    QCOMPARE(edited().size(), 0U);
}

void NewPricesTest::firstPriceIsWhole()
{
    select(rowOf(u"mystery-1"_s, m_all));
    action(u"models.setPrice"_s)->trigger();
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(tests::accessibilityProblems(dialog()), QStringList());
    const QList<QLineEdit *> fields{field(u"Input / M"_s), field(u"Output / M"_s)};
    QVERIFY(fields[0] && fields[1] && fields[0]->text().isEmpty());
    const auto buttons = dialog()->findChildren<QPushButton *>();
    const auto save = std::find_if(
        buttons.begin(), buttons.end(), [](const auto *button) { return button->isDefault(); });
    QVERIFY(save != buttons.end() && !(*save)->isEnabled());

    QTest::keyClicks(fields[0], u"3"_s);
    QVERIFY(!(*save)->isEnabled());
    QTest::keyClicks(fields[1], u"cheap"_s);
    QVERIFY(!(*save)->isEnabled());
    fields[1]->selectAll();
    QTest::keyClicks(fields[1], u"12.5"_s);
    QVERIFY((*save)->isEnabled());
    QTest::keyClick(fields[1], Qt::Key_Return);

    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, m_all), u"source"_s), u"Edited"_s);
    const auto stored = edited();
    QCOMPARE(stored.size(), 1U);
    QCOMPARE(stored.front().tokens.input.picoDollars, 3'000'000);
    QCOMPARE(stored.front().tokens.output.picoDollars, 12'500'000);
    m_fixture->services().undo.undo();
    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, m_all), u"source"_s), u"No price"_s);
}

void NewPricesTest::ownPriceOfAnUnpricedModelIsWhole()
{
    select(rowOf(u"mystery-1"_s, m_all));

    chooseChannel(m_odd);

    QTRY_VERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(edited().size(), 0U);
    const QList<QLineEdit *> fields{field(u"Input / M"_s), field(u"Output / M"_s)};
    QTest::keyClicks(fields[0], u"1"_s);
    QTest::keyClicks(fields[1], u"2"_s);
    QTest::keyClick(fields[1], Qt::Key_Return);
    QTRY_VERIFY(rowOf(u"mystery-1"_s, m_odd) >= 0);
    QCOMPARE(edited().size(), 1U);
    // The other channel has none still, and can get one.
    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, u"Second"_s), u"source"_s), u"No price"_s);
    QTRY_VERIFY(!dialog());
    select(rowOf(u"mystery-1"_s, u"Second"_s));
    action(u"models.setPrice"_s)->trigger();
    QVERIFY(dialog());
    type(u"Input / M"_s, u"3"_s);
    type(u"Output / M"_s, u"4"_s);
    saveButton()->click();
    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, u"Second"_s), u"source"_s), u"Edited"_s);
    for (const domain::ModelPrice &price : edited())
        QVERIFY(price.channel);
}

void NewPricesTest::ownPriceIsNotOverwritten()
{
    // The built-in one stands for both channels, until one has its own.
    const QString first = m_odd;
    const QString second = u"Second"_s;
    select(rowOf(u"gpt-4o"_s, {}));
    chooseChannel(second);
    QTRY_VERIFY(rowOf(u"gpt-4o"_s, second) >= 0);
    QCOMPARE(edited().size(), 1U);
    const int column = tableModelOf(view()->model())->columnOf(u"input"_s);
    view()->commitCell(view()->model()->index(rowOf(u"gpt-4o"_s, second), column), u"99"_s);
    QTRY_VERIFY(cell(rowOf(u"gpt-4o"_s, second), u"input"_s).startsWith(u"$99"_s));
    QTRY_VERIFY(!m_fixture->services().undo.isBusy());

    // Also while the row is not to be seen.
    for (const QString &filter : {QString(), u"source:built-in"_s}) {
        m_page->findChild<FilterField *>()->setFilter(filter);
        select(rowOf(u"gpt-4o"_s, first));
        chooseChannel(second);
        QTRY_VERIFY(rowOf(u"gpt-4o"_s, second) >= 0);
        QCOMPARE(view()->currentIndex().row(), rowOf(u"gpt-4o"_s, second));
        QVERIFY(!m_fixture->services().undo.isBusy());
        const auto stored = edited();
        QCOMPARE(stored.size(), 1U);
        QCOMPARE(stored.front().tokens.input.picoDollars, 99'000'000);
    }
}

void NewPricesTest::addsAPriceOfAPattern()
{
    QCOMPARE(action(u"models.addPrice"_s)->shortcut(), QKeySequence(QKeySequence::New));
    action(u"models.addPrice"_s)->trigger();
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(tests::accessibilityProblems(dialog()), QStringList());
    QVERIFY(!saveButton()->isEnabled());
    type(u"Input / M"_s, u"2"_s);
    QVERIFY(saveButton()->toolTip().contains(u"model"_s)); // it is not said yet
    type(u"Output / M"_s, u"4"_s);
    QVERIFY(!saveButton()->isEnabled()); // for which model?
    type(u"Model"_s, u"mystery-*"_s);
    QVERIFY(saveButton()->isEnabled());
    QVERIFY(saveButton()->toolTip().isEmpty());
    saveButton()->click();

    QTRY_VERIFY(rowOf(u"mystery-*"_s, m_all) >= 0);
    QTRY_COMPARE(rowOf(u"mystery-1"_s, m_all), -1); // it has a price now
    QCOMPARE(cell(rowOf(u"mystery-*"_s, m_all), u"source"_s), u"Edited"_s);
    QTRY_VERIFY(!m_fixture->services().undo.isBusy());
    m_fixture->services().undo.undo();
    QTRY_VERIFY(rowOf(u"mystery-1"_s, m_all) >= 0);
}

// Where it has none; what has a price is changed in its row.
void NewPricesTest::addsAPriceOfTheSelectedModel()
{
    for (const QString &model : {u"mystery-1"_s, u"gpt-4o"_s}) {
        select(rowOf(model, {}));
        action(u"models.addPrice"_s)->trigger();
        QVERIFY(dialog());
        QCOMPARE(field(u"Model"_s)->text(), model == u"mystery-1"_s ? model : QString());
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(!dialog());
    }
}

void NewPricesTest::addsNoSecondPriceOfTheSame()
{
    domain::ModelPrice former{.model = "mystery-1"};
    former.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
    m_fixture->wait(m_fixture->administration().prices.save(former));
    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, m_all), u"source"_s), u"Edited"_s);
    action(u"models.addPrice"_s)->trigger();
    type(u"Input / M"_s, u"9"_s);
    type(u"Output / M"_s, u"9"_s);

    type(u"Model"_s, u"mystery-1"_s);
    QVERIFY(!saveButton()->isEnabled());
    auto *channels = dialog()->findChild<QComboBox *>();
    channels->setCurrentIndex(channels->findText(u"Second"_s));
    QVERIFY(saveButton()->isEnabled());
    saveButton()->click();

    QTRY_VERIFY(rowOf(u"mystery-1"_s, u"Second"_s) >= 0);
    QCOMPARE(edited().size(), 2U);
    m_fixture->wait(m_fixture->administration().prices.remove("mystery-1", std::nullopt));
}

QTEST_MAIN(NewPricesTest)
#include "tst_newprices.moc"
