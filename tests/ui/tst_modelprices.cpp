#include "admin/administration.h"
#include "domain/providertype.h"
#include "models/routedialog.h"
#include "models/tiermodel.h"
#include "models/tiertable.h"
#include "ui/accessibilitywalk.h"
#include "ui/modelpricesfixture.h"
#include "widgets/format.h"
#include "widgets/table/pairtable.h"
#include "widgets/table/tableview.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

// Another language, as far as the source of a price is concerned.
class SourceTranslator : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *, const char *source, const char *, int) const override
    {
        return qstrcmp(source, "No price") == 0 ? u"Kein Preis"_s : QString();
    }
};

} // namespace

// Prices on the Models page, changed as a person does.
class ModelPricesTest : public tests::ModelPricesFixture
{
    Q_OBJECT

private slots:
    void doorToTheUnpricedLeadsThere();
    void priceOfAPricedModelIsChanged();
    void aBuiltInRowStandsForAllItsChannels();
    void aBuiltInRowLeavesOtherPricesAlone();
    void editsEveryPart();
    void refusesPartsThatMakeNoSense_data();
    void refusesPartsThatMakeNoSense();
    void takingBackKeepsTheDate();
    void actionsFollowTheSelectedRow();
    void resettingSeveralIsOneStep();
    void routeIsAskedForTheShownGroup();
    void verdictIsPlainText();
};

void ModelPricesTest::doorToTheUnpricedLeadsThere()
{
    SourceTranslator german;
    QVERIFY(QCoreApplication::installTranslator(&german));
    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, m_all), u"source"_s), u"Kein Preis"_s);

    m_page->setFilter(u"source:\"no price\""_s);

    QCOMPARE(view()->model()->rowCount(), 1);
    QCOMPARE(cell(0, u"model"_s), u"mystery-1"_s);
    m_page->setFilter(u"source:built-in"_s);
    QCOMPARE(rowOf(u"mystery-1"_s, m_all), -1);
    QVERIFY(rowOf(u"gpt-4o"_s, {}) >= 0);
    QCoreApplication::removeTranslator(&german);
}

void ModelPricesTest::priceOfAPricedModelIsChanged()
{
    const int row = rowOf(u"gpt-4o"_s, {});
    const QString former = cell(row, u"input"_s);
    select(row);
    QTest::keyClick(view(), Qt::Key_Home);
    action(u"models.setPrice"_s)->trigger();
    const QList<QLineEdit *> fields{field(u"Input / M"_s), field(u"Output / M"_s)};
    QVERIFY(!fields[0]->text().isEmpty() && !fields[1]->text().isEmpty());
    fields[0]->selectAll();
    QTest::keyClicks(fields[0], u"8"_s);
    QTest::keyClick(fields[0], Qt::Key_Return);

    QTRY_VERIFY(cell(rowOf(u"gpt-4o"_s, {}), u"input"_s).startsWith(u"$8"_s));
    m_fixture->services().undo.undo();
    QTRY_COMPARE(cell(rowOf(u"gpt-4o"_s, {}), u"input"_s), former);
}

void ModelPricesTest::aBuiltInRowStandsForAllItsChannels()
{
    const int row = rowOf(u"gpt-4o"_s, {});
    const QString both = cell(row, u"channel"_s);
    QVERIFY2(both.contains(m_odd) && both.contains(u"Second"_s), qPrintable(both));
    const int column = tableModelOf(view()->model())->columnOf(u"input"_s);

    view()->commitCell(view()->model()->index(row, column), u"42"_s);

    QTRY_VERIFY(rowOf(u"gpt-4o"_s, m_all) >= 0);
    const auto stored = edited();
    QCOMPARE(stored.size(), 1U);
    QVERIFY(!stored.front().channel);
    const auto catalog = m_fixture->administration().publisher.catalog();
    for (const auto &channel : catalog->channels()) {
        const domain::ModelPrice *price =
            catalog->price(channel->channel.id, "gpt-4o", QDateTime::currentMSecsSinceEpoch());
        if (channel->channel.serves(u"gpt-4o"_s))
            QCOMPARE(price ? price->tokens.input.picoDollars : -1, 42'000'000);
    }
}

// Where one channel has another price, those that the row stands for get theirs one by one.
void ModelPricesTest::aBuiltInRowLeavesOtherPricesAlone()
{
    domain::Channel third{
        .type = domain::provider::openAi, .name = u"Third"_s, .models = {u"gpt-4o"_s}};
    third.keys.append({.secret = base::Secret(QByteArray("sk-test-3333456789abcdef"))});
    admin::Administration &administration = m_fixture->administration();
    third = m_fixture->wait(administration.channels.create({third})).front();
    domain::ModelPrice own{.model = "gpt-4o", .channel = third.id};
    own.tokens.input = domain::UnitPrice::fromDollarsPerMillion(1);
    m_fixture->wait(administration.prices.save(own));
    QTRY_VERIFY(rowOf(u"gpt-4o"_s, u"Third"_s) >= 0);
    const QString both = Format::list({u"Second"_s, m_odd});
    const QString other = Format::list({m_odd, u"Second"_s});
    const int row = std::max(rowOf(u"gpt-4o"_s, both), rowOf(u"gpt-4o"_s, other));
    QVERIFY(row >= 0);
    const int column = tableModelOf(view()->model())->columnOf(u"input"_s);

    view()->commitCell(view()->model()->index(row, column), u"42"_s);

    QTRY_VERIFY(rowOf(u"gpt-4o"_s, u"Second"_s) >= 0 && rowOf(u"gpt-4o"_s, m_odd) >= 0);
    const auto stored = edited();
    QCOMPARE(stored.size(), 3U);
    for (const domain::ModelPrice &price : stored) {
        QVERIFY(price.channel);
        QCOMPARE(price.tokens.input.picoDollars,
                 price.channel == third.id ? 1'000'000 : 42'000'000);
    }
    // One step takes back what one step did.
    QTRY_VERIFY(!m_fixture->services().undo.isBusy());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(edited().size(), 1U);
    m_fixture->wait(administration.prices.remove("gpt-4o", third.id));
    m_fixture->wait(administration.channels.remove(third.id));
}

void ModelPricesTest::editsEveryPart()
{
    domain::ModelPrice former{.model = "mystery-1",
                              .tiers = {{.aboveInputTokens = 200'000,
                                         .tokens = {.input = {6'000'000}, .output = {7'000'000}}}},
                              .perImage = {{"", {40'000'000'000}}}};
    former.tokens = {
        .input = {3'000'000}, .output = {15'000'000}, .cacheRead = domain::UnitPrice{123'456'789}};
    m_fixture->wait(m_fixture->administration().prices.save(former));
    QTRY_COMPARE(cell(rowOf(u"mystery-1"_s, m_all), u"source"_s), u"Edited"_s);
    select(rowOf(u"mystery-1"_s, m_all));
    action(u"models.setPrice"_s)->trigger();
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(tests::accessibilityProblems(dialog()), QStringList());

    QCOMPARE(field(u"Cache read"_s)->text(), u"123.456789"_s);
    type(u"Cache write, 5 min"_s, u"3.75"_s);
    type(u"Cache write, 1 h"_s, u"6"_s);
    type(u"Reasoning"_s, u"16"_s);
    type(u"Input, audio"_s, u"40"_s);
    type(u"Output, audio"_s, u"80"_s);
    type(u"A request"_s, u"0.002"_s);
    type(u"Characters / M"_s, u"15"_s);
    TierModel &tiers = dialog()->findChild<TierTable *>()->model();
    const auto *table = dialog()->findChild<TierTable *>()->findChild<TableView *>();
    const QHeaderView *header = table->horizontalHeader();
    for (int column = 0; column < tiers.columnCount(); ++column)
        QVERIFY(header->sectionSize(column) >= header->sectionSizeHint(column));
    const int row = tiers.append();
    const QStringList texts{u"1M"_s, u"12"_s, u"30"_s, u"1"_s};
    for (int column = 0; column < texts.size(); ++column)
        QVERIFY(tiers.setData(tiers.index(row, column), texts[column], Qt::EditRole));
    auto *images = dialog()->findChild<PairTable *>();
    QCOMPARE(images->pairs(), (PairTable::Pairs{{u"*"_s, u"0.04"_s}}));
    images->setPairs({{u"*"_s, u"0.04"_s}, {u"1024x1024/hd"_s, u"0.08"_s}});
    QVERIFY(saveButton()->isEnabled());
    saveButton()->click();

    QTRY_COMPARE(edited().front().perCall.picoDollars, 2'000'000'000);
    domain::ModelPrice wanted = former;
    wanted.tokens.cacheWrite = domain::UnitPrice{3'750'000};
    wanted.tokens.cacheWriteLong = domain::UnitPrice{6'000'000};
    wanted.tokens.reasoning = domain::UnitPrice{16'000'000};
    wanted.tokens.inputAudio = domain::UnitPrice{40'000'000};
    wanted.tokens.outputAudio = domain::UnitPrice{80'000'000};
    wanted.perCall = {2'000'000'000};
    wanted.perCharacter = {15'000'000};
    wanted.tiers.push_back({.aboveInputTokens = 1'000'000,
                            .tokens = {.input = {12'000'000},
                                       .output = {30'000'000},
                                       .cacheRead = domain::UnitPrice{1'000'000}}});
    wanted.perImage.insert("1024x1024/hd", {80'000'000'000});
    wanted.source = domain::PriceSource::Edited;
    domain::ModelPrice stored = edited().front();
    stored.asOf = wanted.asOf;
    QVERIFY(stored.effectiveFrom > former.effectiveFrom);
    stored.effectiveFrom = wanted.effectiveFrom;
    domain::ModelPrice kept = edited().back(); // for what began before
    kept.asOf = former.asOf;
    kept.source = former.source;
    QVERIFY(kept == former);
    QVERIFY(stored == wanted);
    QTRY_VERIFY(!m_fixture->services().undo.isBusy());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(edited().front().perCall.picoDollars, 0);
    m_fixture->wait(m_fixture->administration().prices.remove("mystery-1", std::nullopt));
    m_fixture->services().undo.clear();
}

void ModelPricesTest::refusesPartsThatMakeNoSense_data()
{
    QTest::addColumn<QStringList>("tier"); // above, input, output

    QTest::newRow("without a length") << QStringList{QString(), u"1"_s, u"2"_s};
    QTest::newRow("a length in words") << QStringList{u"long"_s, u"1"_s, u"2"_s};
    QTest::newRow("without a price of output") << QStringList{u"200k"_s, u"1"_s, QString()};
    QTest::newRow("a negative price") << QStringList{u"200k"_s, u"-1"_s, u"2"_s};
}

void ModelPricesTest::refusesPartsThatMakeNoSense()
{
    QFETCH(QStringList, tier);
    select(rowOf(u"gpt-4o"_s, {}));
    action(u"models.setPrice"_s)->trigger();
    QVERIFY(dialog() && saveButton()->isEnabled());
    TierModel &tiers = dialog()->findChild<TierTable *>()->model();
    const int row = tiers.append();

    for (int column = 0; column < tier.size(); ++column)
        tiers.setData(tiers.index(row, column), tier[column], Qt::EditRole);

    QVERIFY(!saveButton()->isEnabled());
    tiers.removeRow(row);
    QVERIFY(saveButton()->isEnabled());
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!dialog());
}

void ModelPricesTest::takingBackKeepsTheDate()
{
    domain::ModelPrice former{.model = "mystery-1", .asOf = 1'600'000'000};
    former.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
    admin::PriceService &prices = m_fixture->administration().prices;
    m_fixture->wait(prices.restore(former));
    const auto isEdited = [this] {
        return cell(rowOf(u"mystery-1"_s, m_all), u"source"_s) == u"Edited"_s;
    };
    QTRY_VERIFY(isEdited());
    UndoStack &undo = m_fixture->services().undo;

    const int column = tableModelOf(view()->model())->columnOf(u"input"_s);
    view()->commitCell(view()->model()->index(rowOf(u"mystery-1"_s, m_all), column), u"7"_s);
    QTRY_COMPARE(edited().front().tokens.input.dollarsPerMillion(), 7.0);
    QVERIFY(edited().front().asOf > former.asOf);
    QTRY_VERIFY(undo.canUndo() && !undo.isBusy());
    undo.undo();
    QTRY_COMPARE(edited().front().tokens.input.dollarsPerMillion(), 3.0);
    QCOMPARE(edited().front().asOf, former.asOf);

    QTRY_VERIFY(!undo.isBusy() && isEdited());
    select(rowOf(u"mystery-1"_s, m_all));
    action(u"models.resetPrice"_s)->trigger();
    QTRY_VERIFY(edited().empty());
    QTRY_VERIFY(!undo.isBusy());
    undo.undo();
    QTRY_COMPARE(edited().size(), 1U);
    QCOMPARE(edited().front().asOf, former.asOf);
    m_fixture->wait(prices.remove("mystery-1", std::nullopt));
}

// Also where the selection stays and its row becomes another one.
void ModelPricesTest::actionsFollowTheSelectedRow()
{
    select(rowOf(u"mystery-1"_s, m_all));
    QVERIFY(!action(u"models.resetPrice"_s)->isEnabled());
    admin::PriceService &prices = m_fixture->administration().prices;
    domain::ModelPrice price{.model = "mystery-1"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);

    m_fixture->wait(prices.save(price));

    QTRY_VERIFY(action(u"models.resetPrice"_s)->isEnabled());
    m_fixture->wait(prices.remove("mystery-1", std::nullopt));
    QTRY_VERIFY(!action(u"models.resetPrice"_s)->isEnabled());
}

void ModelPricesTest::resettingSeveralIsOneStep()
{
    admin::PriceService &prices = m_fixture->administration().prices;
    for (const char *model : {"mystery-1", "mystery-9"}) {
        domain::ModelPrice price{.model = model};
        price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
        m_fixture->wait(prices.save(price));
    }
    const auto isEdited = [this](const QString &model) {
        const int row = rowOf(model, m_all);
        return row >= 0 && cell(row, u"source"_s) == u"Edited"_s;
    };
    QTRY_VERIFY(isEdited(u"mystery-1"_s) && isEdited(u"mystery-9"_s));
    UndoStack &undo = m_fixture->services().undo;

    view()->selectAll();
    action(u"models.resetPrice"_s)->trigger();

    QTRY_VERIFY(edited().empty());
    QTRY_COMPARE(undo.undoText(), u"Reset 2 prices"_s);
    undo.undo();
    QTRY_COMPARE(edited().size(), 2U);
    QTRY_VERIFY(!undo.isBusy());
    m_fixture->wait(prices.remove("mystery-1", std::nullopt));
    m_fixture->wait(prices.remove("mystery-9", std::nullopt));
}

void ModelPricesTest::routeIsAskedForTheShownGroup()
{
    admin::Administration &administration = m_fixture->administration();
    // Before the group "default" in the list, and without a channel.
    m_fixture->waitFor(administration.groups.save({.name = "alpha"}));
    RouteDialog dialog(m_fixture->services(), u"gpt-4o"_s);
    dialog.show();
    auto *who = dialog.findChild<QComboBox *>();
    QTRY_VERIFY(who->count() > 1);
    QVERIFY(who->currentText().contains(u"alpha"_s));

    QTest::qWait(100);
    QTRY_VERIFY(dialog.table().rowCount() >= 2);
    for (const auto &row : dialog.table().rows())
        QVERIFY(row.exclusion != admin::RouteExclusion::None);
}

void ModelPricesTest::verdictIsPlainText()
{
    RouteDialog dialog(m_fixture->services(), u"<b>no such model</b>"_s);
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->wordWrap())
            QCOMPARE(label->textFormat(), Qt::PlainText);
    }
}

QTEST_MAIN(ModelPricesTest)
#include "tst_modelprices.moc"
