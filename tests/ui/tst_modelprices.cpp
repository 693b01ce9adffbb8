#include "admin/administration.h"
#include "domain/providertype.h"
#include "models/modelspage.h"
#include "models/pricedialog.h"
#include "models/routedialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
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

// Prices on the Models page, set as a person does.
class ModelPricesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void doorToTheUnpricedLeadsThere();
    void onePartAloneIsNotStored();
    void firstPriceIsWhole();
    void ownPriceOfAnUnpricedModelIsWhole();
    void ownPriceIsNotOverwritten();
    void priceOfAPricedModelIsChanged();
    void takingBackKeepsTheDate();
    void routeIsAskedForTheShownGroup();
    void verdictIsPlainText();

private:
    TableView *view() const { return m_page->findChild<TableView *>(u"prices"_s); }
    // Empty: of any channel.
    int rowOf(const QString &model, const QString &channel) const;
    QString cell(int row, const QString &column) const;
    void select(int row);
    QAction *action(const QString &name) const { return m_page->findChild<QAction *>(name); }
    PriceDialog *dialog() const { return m_page->findChild<PriceDialog *>(); }
    void chooseChannel(const QString &name);
    std::vector<domain::ModelPrice> edited()
    {
        return m_fixture->wait(m_fixture->administration().prices.edited());
    }
    void undoAll();

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ModelsPage> m_page;
    const QString m_all = u"all channels"_s;
    const QString m_odd = u"A & <b>B</b>"_s;
};

void ModelPricesTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    for (const QString &name : {m_odd, u"Second"_s}) {
        domain::Channel channel{.type = domain::provider::openAi,
                                .name = name,
                                .models = {u"gpt-4o"_s, u"mystery-1"_s}};
        channel.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789abcdef"))});
        m_fixture->wait(m_fixture->administration().channels.create({channel}));
    }
}

void ModelPricesTest::init()
{
    m_page = std::make_unique<ModelsPage>(m_fixture->services());
    m_page->resize(1000, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->setActive(true);
    m_page->findChild<QTabBar *>()->setCurrentIndex(1);
    QTRY_VERIFY(rowOf(u"mystery-1"_s, m_all) >= 0);
}

void ModelPricesTest::cleanup()
{
    m_page.reset();
    undoAll();
}

void ModelPricesTest::undoAll()
{
    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    while (undo.canUndo()) {
        undo.undo();
        QTRY_VERIFY(!undo.isBusy());
    }
    undo.clear();
    QCOMPARE(edited().size(), 0U);
}

int ModelPricesTest::rowOf(const QString &model, const QString &channel) const
{
    for (int row = 0; row < view()->model()->rowCount(); ++row) {
        if (cell(row, u"model"_s) == model
            && (channel.isEmpty() || cell(row, u"channel"_s) == channel))
            return row;
    }
    return -1;
}

QString ModelPricesTest::cell(int row, const QString &column) const
{
    const int at = tableModelOf(view()->model())->columnOf(column);
    return view()->model()->index(row, at).data().toString();
}

void ModelPricesTest::select(int row)
{
    const QModelIndex index = view()->model()->index(row, 0);
    QVERIFY(index.isValid());
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, view()->visualRect(index).center());
    QCOMPARE(view()->currentIndex().row(), row);
}

void ModelPricesTest::chooseChannel(const QString &name)
{
    action(u"models.channelPrice"_s)->trigger();
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    const auto actions = menu->actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&name](const auto *each) {
        return each->text() == QString(name).replace(u'&', u"&&"_s);
    });
    QVERIFY(found != actions.end());
    menu->setActiveAction(*found);
    QTest::keyClick(menu, Qt::Key_Return);
}

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

void ModelPricesTest::onePartAloneIsNotStored()
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

void ModelPricesTest::firstPriceIsWhole()
{
    select(rowOf(u"mystery-1"_s, m_all));
    action(u"models.setPrice"_s)->trigger();
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(tests::accessibilityProblems(dialog()), QStringList());
    QList<QLineEdit *> fields;
    for (QLineEdit *field : dialog()->findChildren<QLineEdit *>()) {
        if (!field->isReadOnly())
            fields.append(field);
    }
    QCOMPARE(fields.size(), 2);
    QVERIFY(fields[0]->text().isEmpty());
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

void ModelPricesTest::ownPriceOfAnUnpricedModelIsWhole()
{
    select(rowOf(u"mystery-1"_s, m_all));

    chooseChannel(m_odd);

    QTRY_VERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(edited().size(), 0U);
    QList<QLineEdit *> fields;
    for (QLineEdit *field : dialog()->findChildren<QLineEdit *>()) {
        if (!field->isReadOnly())
            fields.append(field);
    }
    QTest::keyClicks(fields[0], u"1"_s);
    QTest::keyClicks(fields[1], u"2"_s);
    QTest::keyClick(fields[1], Qt::Key_Return);
    QTRY_VERIFY(rowOf(u"mystery-1"_s, m_odd) >= 0);
    QCOMPARE(edited().size(), 1U);
}

void ModelPricesTest::ownPriceIsNotOverwritten()
{
    // The built-in one stands for both channels.
    const QString first = cell(rowOf(u"gpt-4o"_s, {}), u"channel"_s);
    const QString second = first == m_odd ? u"Second"_s : m_odd;
    select(rowOf(u"gpt-4o"_s, first));
    chooseChannel(second);
    QTRY_VERIFY(rowOf(u"gpt-4o"_s, second) >= 0);
    QCOMPARE(edited().size(), 1U);
    const int column = tableModelOf(view()->model())->columnOf(u"input"_s);
    view()->commitCell(view()->model()->index(rowOf(u"gpt-4o"_s, second), column), u"99"_s);
    QTRY_VERIFY(cell(rowOf(u"gpt-4o"_s, second), u"input"_s).startsWith(u"$99"_s));

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

void ModelPricesTest::priceOfAPricedModelIsChanged()
{
    const int row = rowOf(u"gpt-4o"_s, {});
    const QString former = cell(row, u"input"_s);
    select(row);
    QTest::keyClick(view(), Qt::Key_Home);
    action(u"models.setPrice"_s)->trigger();
    QList<QLineEdit *> fields;
    for (QLineEdit *field : dialog()->findChildren<QLineEdit *>()) {
        if (!field->isReadOnly())
            fields.append(field);
    }
    QVERIFY(!fields[0]->text().isEmpty() && !fields[1]->text().isEmpty());
    fields[0]->selectAll();
    QTest::keyClicks(fields[0], u"8"_s);
    QTest::keyClick(fields[0], Qt::Key_Return);

    QTRY_VERIFY(cell(rowOf(u"gpt-4o"_s, {}), u"input"_s).startsWith(u"$8"_s));
    m_fixture->services().undo.undo();
    QTRY_COMPARE(cell(rowOf(u"gpt-4o"_s, {}), u"input"_s), former);
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
