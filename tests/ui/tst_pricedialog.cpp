#include "models/hoursmodel.h"
#include "models/hourstable.h"
#include "models/pricedialog.h"
#include "models/priceparts.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

domain::TokenPrices tokens(qint64 input, qint64 output)
{
    return {.input = {input * 1'000'000}, .output = {output * 1'000'000}};
}

domain::ModelPrice priceOfDay()
{
    return {.model = "m",
            .tokens = tokens(4, 8),
            .tiers = {{.aboveInputTokens = 200'000, .tokens = tokens(8, 16)}},
            .windows = {{.from = 1h,
                         .until = 4h,
                         .tokens = tokens(6, 12),
                         .tiers = {{.aboveInputTokens = 200'000, .tokens = tokens(9, 18)}}},
                        {.from = 22h + 30min, .until = 30min, .tokens = tokens(2, 4)}},
            .source = domain::PriceSource::Edited,
            .asOf = 17};
}

} // namespace

// The dialog for the price of a model, apart from the page that opens it.
class PriceDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void theDateIsChosen();
    void theCurrencyIsChosen();
    void tooLittleIsNotFree();
    void limitsDependOnTheCurrency();
    void tablesShowThreeRows();
    void hoursAreKept();
    void hoursAreTyped();
    void hoursThatMakeNoSense_data();
    void hoursThatMakeNoSense();
    void times_data();
    void times();

private:
    HoursModel &hours() const { return m_dialog->findChild<HoursTable *>()->model(); }
    QPushButton *saveButton() const
    {
        return tests::button<QPushButton>(m_dialog.get(), u"Save"_s);
    }
    void addRow(const QStringList &texts)
    {
        const int row = hours().append();
        for (int column = 0; column < texts.size(); ++column)
            QVERIFY(hours().setData(hours().index(row, column), texts[column], Qt::EditRole));
    }
    domain::ModelPrice saved()
    {
        QSignalSpy chosen(m_dialog.get(), &PriceDialog::chosen);
        saveButton()->click();
        return chosen.isEmpty() ? domain::ModelPrice()
                                : chosen.front().front().value<domain::ModelPrice>();
    }

    std::unique_ptr<PriceDialog> m_dialog;
};

void PriceDialogTest::init()
{
    m_dialog = std::make_unique<PriceDialog>(priceOfDay(), PriceDialog::Begin::AsItIs, QString());
    m_dialog->show();
}

void PriceDialogTest::theDateIsChosen()
{
    domain::ModelPrice price = priceOfDay();
    price.effectiveFrom = 1'790'000'017; // to the second, though no seconds are shown
    m_dialog = std::make_unique<PriceDialog>(price, PriceDialog::Begin::AsItIs, QString());
    m_dialog->show();
    auto *from = tests::field<QDateTimeEdit>(m_dialog.get(), u"Effective from"_s);
    QVERIFY(from);
    QCOMPARE(saved().effectiveFrom, price.effectiveFrom);

    m_dialog->show();
    const QDateTime later = QDateTime::fromSecsSinceEpoch(1'800'000'000);
    from->setDateTime(later);
    QCOMPARE(saved().effectiveFrom, later.toSecsSinceEpoch());

    m_dialog->show();
    from->setDateTime(from->minimumDateTime());
    QCOMPARE(from->text(), u"ever since"_s);
    QCOMPARE(saved().effectiveFrom, 0);
}

void PriceDialogTest::theCurrencyIsChosen()
{
    auto *currency = tests::field<QComboBox>(m_dialog.get(), u"Currency"_s);
    QVERIFY(currency);
    QCOMPARE(currency->currentText(), u"USD"_s);
    currency->setEditText(u"CNY"_s);
    QVERIFY(!saveButton()->isEnabled());
    QVERIFY(saveButton()->toolTip().contains(u"CNY"_s));
    m_dialog->setRates(*domain::ExchangeRates::from(u"CNY 8 CHF 0.9"_s));
    QVERIFY(saveButton()->isEnabled());

    // Four yuan are half a dollar.
    const auto labels = m_dialog->findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(u"$0.50 at"_s);
    }));
    currency->setEditText(u"yuan"_s);
    QVERIFY(!saveButton()->isEnabled());
    currency->setEditText(QString());
    QVERIFY(!saveButton()->isEnabled());
    currency->setEditText(u"chf"_s);
    QCOMPARE(saved().currency, "CHF");
    m_dialog->show();
    currency->setEditText(u"USD"_s);
    QVERIFY(saved().isInDollars());
}

// Of some currencies tens of thousands are a dollar.
void PriceDialogTest::limitsDependOnTheCurrency()
{
    const auto read = [](const char16_t *typed, const QByteArray &currency) {
        return PriceParts::read(QString::fromUtf16(typed), currency);
    };
    QVERIFY(read(u"1000000", {}));
    QVERIFY(!read(u"1000001", {}));
    QVERIFY(read(u"1000000000", "VND"));
    QVERIFY(!read(u"1000000001", "VND"));
    QVERIFY(!PriceParts::readEach(u"1000000"_s, {}));
    QVERIFY(PriceParts::readEach(u"1000000"_s, "VND"));

    // The dearest that can be typed comes to exact dollars.
    const auto rates = domain::ExchangeRates::from(u"VND 25000"_s);
    const domain::UnitPrice most = **read(u"1000000000", "VND");
    QCOMPARE(rates->inDollars(most, "VND"),
             std::optional(domain::UnitPrice::fromDollarsPerMillion(40'000)));
    QCOMPARE(PriceParts::typed(most), QLocale().toString(1e9, 'f', 0));

    m_dialog->setRates(*rates);
    tests::field<QComboBox>(m_dialog.get(), u"Currency"_s)->setEditText(u"VND"_s);
    hours().setData(hours().index(0, 3), u"2000000"_s, Qt::EditRole);
    tests::field<QLineEdit>(m_dialog.get(), u"Input / M"_s)->setText(u"1500000"_s);
    QVERIFY(saveButton()->isEnabled());
    tests::field<QComboBox>(m_dialog.get(), u"Currency"_s)->setEditText(u"USD"_s);
    QVERIFY(!saveButton()->isEnabled());
}

void PriceDialogTest::tablesShowThreeRows()
{
    const auto tables = m_dialog->findChildren<PartRowsTable *>();
    QCOMPARE(tables.size(), 2);
    for (const PartRowsTable *table : tables) {
        const auto *view = table->findChild<QTableView *>();
        QVERIFY(view->viewport()->height() >= 3 * view->verticalHeader()->defaultSectionSize());
    }
    QVERIFY(m_dialog->height() <= m_dialog->screen()->availableGeometry().height());
}

void PriceDialogTest::tooLittleIsNotFree()
{
    auto *input = tests::field<QLineEdit>(m_dialog.get(), u"Input / M"_s);
    QVERIFY(input);
    input->setText(u"0.0000000001"_s);
    QVERIFY(!saveButton()->isEnabled());
    QVERIFY(saveButton()->toolTip().contains(u"too little"_s));
    QVERIFY(!PriceParts::with(priceOfDay(), PricePart::Output, u"0.0000000001"_s));
    QVERIFY(!PriceParts::readEach(u"0.00000000000001"_s, {}));

    input->setText(u"0.000001"_s);
    QCOMPARE(saved().tokens.input.picoDollars, 1);
    m_dialog->show();
    input->setText(u"0"_s);
    QCOMPARE(saved().tokens.input.picoDollars, 0);
}

void PriceDialogTest::hoursAreKept()
{
    QCOMPARE(tests::accessibilityProblems(m_dialog.get()), QStringList());
    QCOMPARE(hours().rowCount(), 3);
    QCOMPARE(hours().index(2, 0).data(Qt::EditRole).toString(), u"22:30"_s);
    QCOMPARE(hours().index(2, 1).data(Qt::EditRole).toString(), u"00:30"_s);

    QVERIFY(saved() == priceOfDay());
}

void PriceDialogTest::hoursAreTyped()
{
    hours().removeRows(0, hours().rowCount());
    addRow({u"6"_s, u"10:15"_s, u"200k"_s, u"7"_s, u"9"_s});
    QVERIFY(!saveButton()->isEnabled()); // and what do other inputs cost?
    addRow({u"6:00"_s, u"10:15"_s, QString(), u"5"_s, u"8"_s});
    QVERIFY(saveButton()->isEnabled());
    addRow({u"20:00"_s, u"24:00"_s, QString(), u"3"_s, u"4"_s});
    addRow(QStringList(11, QString()));

    const domain::ModelPrice price = saved();

    QCOMPARE(price.windows.size(), 2U);
    const domain::PriceWindow morning{
        .from = 6h,
        .until = 10h + 15min,
        .tokens = tokens(5, 8),
        .tiers = {{.aboveInputTokens = 200'000, .tokens = tokens(7, 9)}}};
    QVERIFY(price.windows.front() == morning);
    QCOMPARE(price.windows.back().from, 20h);
    QCOMPARE(price.windows.back().until, 0h);
}

void PriceDialogTest::hoursThatMakeNoSense_data()
{
    QTest::addColumn<QStringList>("row");

    QTest::newRow("without an end")
        << QStringList{u"12:00"_s, QString(), QString(), u"1"_s, u"1"_s};
    QTest::newRow("no time") << QStringList{u"25:00"_s, u"6:00"_s, QString(), u"1"_s, u"1"_s};
    QTest::newRow("no hours") << QStringList{u"12:00"_s, u"12:00"_s, QString(), u"1"_s, u"1"_s};
    QTest::newRow("into others") << QStringList{u"3:59"_s, u"6:00"_s, QString(), u"1"_s, u"1"_s};
    QTest::newRow("over midnight, into others")
        << QStringList{u"12:00"_s, u"1:01"_s, QString(), u"1"_s, u"1"_s};
    QTest::newRow("the same again") << QStringList{u"1:00"_s, u"4:00"_s, QString(), u"1"_s, u"1"_s};
    QTest::newRow("the same length again")
        << QStringList{u"1:00"_s, u"4:00"_s, u"200k"_s, u"1"_s, u"1"_s};
    QTest::newRow("a length in words")
        << QStringList{u"12:00"_s, u"13:00"_s, u"long"_s, u"1"_s, u"1"_s};
    QTest::newRow("without a price of output")
        << QStringList{u"12:00"_s, u"13:00"_s, QString(), u"1"_s, QString()};
    QTest::newRow("a negative price")
        << QStringList{u"12:00"_s, u"13:00"_s, QString(), u"-1"_s, u"1"_s};
}

void PriceDialogTest::hoursThatMakeNoSense()
{
    QFETCH(QStringList, row);
    QVERIFY(saveButton()->isEnabled());

    addRow(row);

    QVERIFY(!saveButton()->isEnabled());
    QVERIFY(!saveButton()->toolTip().isEmpty());
    hours().removeRow(hours().rowCount() - 1);
    QVERIFY(saveButton()->isEnabled());
}

void PriceDialogTest::times_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("minute"); // -1: it is no time

    QTest::newRow("midnight") << u"0:00"_s << 0;
    QTest::newRow("the end of the day") << u"24:00"_s << 0;
    QTest::newRow("an hour") << u"9"_s << 540;
    QTest::newRow("with blanks") << u" 09:05 "_s << 545;
    QTest::newRow("the last minute") << u"23:59"_s << 1'439;
    QTest::newRow("later than a day") << u"24:01"_s << -1;
    QTest::newRow("too many minutes") << u"1:60"_s << -1;
    QTest::newRow("negative") << u"-1:00"_s << -1;
    QTest::newRow("half of it") << u"1:"_s << -1;
    QTest::newRow("nothing") << QString() << -1;
}

void PriceDialogTest::times()
{
    QFETCH(QString, typed);
    QFETCH(int, minute);

    const auto time = HoursModel::timeFrom(typed);

    QCOMPARE(time ? static_cast<int>(time->count()) : -1, minute);
}

QTEST_MAIN(PriceDialogTest)
#include "tst_pricedialog.moc"
