#include "admin/administration.h"
#include "models/modelspage.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/modelsfixture.h"
#include "widgets/dialogs/namedialog.h"
#include "widgets/fields/chiprow.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What is listed of models and prices, and what is done in their tables.
class ModelsPageTest : public tests::ModelsFixture
{
    Q_OBJECT

private slots:
    void parsesPrices_data();
    void parsesPrices();
    void listsWhatChannelsServe();
    void modelsAreSound();
    void pricesAreThoseOfTheFirstChannel();
    void palesWhatIsSwitchedOff();
    void filtersByChannel();
    void saysWhenNothingMatches();
    void eachTabHasItsOwnSavedFilters();
    void editsAPriceAndTakesItBack();
    void keepsTheEditorOpenForNonsense();
    void showsContextSizes();
    void leadsToTraffic();
    void exportsItsList();
    void isAccessible();
};

void ModelsPageTest::parsesPrices_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<qint64>("picoDollars"); // -1: refused

    QTest::newRow("plain") << u"2.5"_s << qint64(2'500'000);
    QTest::newRow("with a dollar sign") << u"$ 3"_s << qint64(3'000'000);
    QTest::newRow("free") << u"0"_s << qint64(0);
    QTest::newRow("less than a cent") << u"0.0375"_s << qint64(37'500);
    QTest::newRow("nothing") << QString() << qint64(-1);
    QTest::newRow("negative") << u"-1"_s << qint64(-1);
    QTest::newRow("a word") << u"cheap"_s << qint64(-1);
    QTest::newRow("infinite") << u"inf"_s << qint64(-1);
    QTest::newRow("absurd") << u"1e300"_s << qint64(-1);
}

void ModelsPageTest::parsesPrices()
{
    QFETCH(QString, typed);
    QFETCH(qint64, picoDollars);

    const auto changed = PriceParts::with({}, PricePart::Input, typed);

    QCOMPARE(changed ? changed->tokens.input.picoDollars : qint64(-1), picoDollars);
    // Dollars are no yuan.
    const auto yuan = PriceParts::with({.currency = "CNY"}, PricePart::Input, typed);
    QCOMPARE(yuan.has_value(), changed.has_value() && !typed.contains(u'$'));
}

void ModelsPageTest::listsWhatChannelsServe()
{
    QVERIFY(rowOf(u"echo"_s) >= 0);
    QCOMPARE(cell(u"shared"_s, u"channel"_s).data(role::words).toStringList(),
             QStringList({u"OpenAI"_s, u"Echo <b>bold</b>"_s}));
    QVERIFY(cell(u"gpt-4o"_s, u"input"_s).data().toString().startsWith(u'$'));
}

void ModelsPageTest::modelsAreSound()
{
    for (TableView *each : m_page->findChildren<TableView *>()) {
        QAbstractItemModelTester tester(each->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
}

void ModelsPageTest::pricesAreThoseOfTheFirstChannel()
{
    const auto columns = ModelColumns::models();
    const auto input = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == u"input"_s;
    });
    QVERIFY(input != columns.end());
    domain::ModelPrice price{.model = "m"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
    admin::ServedModel row{.model = "m", .channels = {{.name = u"one"_s}, {.price = price}}};

    QVERIFY(!input->cell(row).text.contains(u"3"_s));
    QVERIFY(!input->sort(row).isValid());
    row.channels.front().price = price;
    QVERIFY(input->cell(row).text.contains(u"3"_s));
    QVERIFY(input->sort(row).isValid());
}

void ModelsPageTest::palesWhatIsSwitchedOff()
{
    const auto columns = ModelColumns::models();
    const auto channel = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == u"channel"_s;
    });
    QVERIFY(channel != columns.end());
    const admin::ServedModel row{
        .model = "m",
        .channels = {{.name = u"on"_s},
                     {.name = u"off"_s, .exclusion = admin::RouteExclusion::DisabledByPerson}}};

    QCOMPARE(channel->cell(row).tags, (QStringList{u"on"_s, u"off"_s}));
    QCOMPARE(channel->cell(row).paleTags, qsizetype(1));
}

void ModelsPageTest::filtersByChannel()
{
    m_page->setFilter(u"channel:openai"_s);

    QTRY_COMPARE(rowOf(u"echo"_s), -1);
    QVERIFY(rowOf(u"gpt-4o"_s) >= 0);
}

void ModelsPageTest::saysWhenNothingMatches()
{
    m_page->setFilter(u"nothing-like-this"_s);

    QTRY_COMPARE(view()->model()->rowCount(), 0);
    QTest::keyClick(m_page->findChild<FilterField *>(), Qt::Key_Escape);
    QTRY_VERIFY(view()->model()->rowCount() >= 4);
}

void ModelsPageTest::eachTabHasItsOwnSavedFilters()
{
    const auto *chips = m_page->findChild<ChipRow *>();
    m_page->findChild<FilterField *>()->setFilter(u"channel:OpenAI"_s);
    tests::trigger(*m_page, u"models.saveFilter"_s);
    auto *dialog = m_page->findChild<NameDialog *>();
    QVERIFY(dialog);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Paid"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(chips->isVisible());
    const QString id = chips->current();

    showTab(1);
    QVERIFY(!chips->isVisible());
    QVERIFY(!tests::action(*m_page, u"models.removeFilter"_s)->isEnabled());
    showTab(0);

    QVERIFY(chips->isVisible());
    QCOMPARE(chips->current(), id);
    tests::trigger(*m_page, u"models.removeFilter"_s);
    QTRY_VERIFY(!chips->isVisible());
}

void ModelsPageTest::editsAPriceAndTakesItBack()
{
    showTab(1);
    const QString former = cell(u"gpt-4o"_s, u"input"_s).data().toString();
    QVERIFY(former.startsWith(u'$'));

    view()->commitCell(cell(u"gpt-4o"_s, u"input"_s), u"7.25"_s);
    QTRY_VERIFY(cell(u"gpt-4o"_s, u"input"_s).data().toString().startsWith(u"$7.25"_s));
    QCOMPARE(cell(u"gpt-4o"_s, u"source"_s).data().toString(), u"Edited"_s);

    m_fixture->services().undo.undo();
    QTRY_COMPARE(cell(u"gpt-4o"_s, u"input"_s).data().toString(), former);
}

void ModelsPageTest::keepsTheEditorOpenForNonsense()
{
    showTab(1);
    QSignalSpy failed(view(), &TableView::commitFailed);

    view()->commitCell(cell(u"gpt-4o"_s, u"input"_s), u"cheap"_s);

    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
}

void ModelsPageTest::showsContextSizes()
{
    const QString shown = cell(u"gpt-4o"_s, u"context"_s).data().toString();

    QVERIFY2(shown.startsWith(u"128"_s), qPrintable(shown));
}

void ModelsPageTest::exportsItsList()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"models.csv"_s);
    auto *exporter = m_page->findChild<TableExporter *>();
    QVERIFY(exporter);
    const QSignalSpy finished(exporter, &TableExporter::finished);

    exporter->write(*view(), path);

    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(QFile::exists(path));
}

void ModelsPageTest::leadsToTraffic()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    view()->selectSourceRow(0);
    const auto &actions = m_page->pageActions();
    const auto traffic = std::find_if(actions.begin(), actions.end(), [](const QAction *action) {
        return action->objectName() == u"models.traffic"_s;
    });
    QVERIFY(traffic != actions.end());

    (*traffic)->trigger();

    QCOMPARE(asked.size(), 1);
    QVERIFY(asked.first().at(1).toString().startsWith(u"model:"_s));
}

void ModelsPageTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

QTEST_MAIN(ModelsPageTest)
#include "tst_modelspage.moc"
