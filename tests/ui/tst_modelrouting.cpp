#include "admin/administration.h"
#include "domain/providertype.h"
#include "models/modelspage.h"
#include "models/routedialog.h"
#include "models/routingdialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::ModelRouting;
using domain::RoutingStrategy;

// Strategy and affinity of models: their columns, and the dialog that chooses them.
class ModelRoutingTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsWhatIsUsual();
    void choosesForSeveralAndTakesItBack();
    void mixedValuesStay();
    void goesBackToTheUsual();
    void isOfModelsAlone();
    void explainsTheStrategy();
    void whatTakesNoTurnIsTriedNext();
    void isAccessible();

private:
    TableView *view() const { return m_page->findChild<TableView *>(u"models"_s); }
    QString text(const QString &model, const QString &column) const
    {
        const int row = tests::rowOf(view(), u"model"_s, model);
        return view()
            ->model()
            ->index(row, tableModelOf(view()->model())->columnOf(column))
            .data()
            .toString();
    }
    void select(const QStringList &models)
    {
        view()->clearSelection();
        view()->selectionModel()->setCurrentIndex(
            view()->model()->index(tests::rowOf(view(), u"model"_s, models.front()), 0),
            QItemSelectionModel::NoUpdate);
        for (const QString &model : models) {
            view()->selectionModel()->select(
                view()->model()->index(tests::rowOf(view(), u"model"_s, model), 0),
                QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
    }
    RoutingDialog *dialogFor(const QStringList &models)
    {
        select(models);
        tests::trigger(*m_page, u"models.routing"_s);
        return m_page->findChild<RoutingDialog *>();
    }
    void store(const std::vector<ModelRouting> &routings)
    {
        m_fixture->waitFor(m_fixture->administration().modelRoutings.save(routings));
    }
    static QComboBox *box(const RoutingDialog *dialog, const QString &name)
    {
        return tests::field<QComboBox>(dialog, name);
    }
    static void choose(QComboBox *box, const QString &text)
    {
        const int place = box->findText(text);
        QVERIFY2(place >= 0, qPrintable(text));
        box->setCurrentIndex(place);
    }
    static void apply(RoutingDialog *dialog)
    {
        auto *button = tests::button<QPushButton>(dialog, u"Apply"_s);
        QVERIFY(button);
        button->click();
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ModelsPage> m_page;
};

void ModelRoutingTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo"_s, {u"one"_s, u"two"_s, u"three"_s});
}

void ModelRoutingTest::init()
{
    store({{.model = "one"}, {.model = "two"}, {.model = "three"}});
    m_page = std::make_unique<ModelsPage>(m_fixture->services());
    m_page->resize(1400, 600);
    m_page->show();
    m_page->setActive(true);
    m_page->findChild<QTabBar *>()->setCurrentIndex(0);
    QTRY_VERIFY(tests::rowOf(view(), u"model"_s, u"three"_s) >= 0);
}

void ModelRoutingTest::cleanup()
{
    m_page.reset();
    m_fixture->services().undo.clear();
}

void ModelRoutingTest::showsWhatIsUsual()
{
    QCOMPARE(text(u"one"_s, u"strategy"_s), u"Priority, weight (default)"_s);
    QCOMPARE(text(u"one"_s, u"affinity"_s), u"On (default)"_s);

    store({{.model = "one", .strategy = RoutingStrategy::LeastBusy, .affinity = false}});

    QTRY_COMPARE(text(u"one"_s, u"strategy"_s), u"Least busy"_s);
    QCOMPARE(text(u"one"_s, u"affinity"_s), u"Off"_s);
    QCOMPARE(text(u"two"_s, u"affinity"_s), u"On (default)"_s);
}

void ModelRoutingTest::choosesForSeveralAndTakesItBack()
{
    QPointer<RoutingDialog> dialog = dialogFor({u"one"_s, u"two"_s});
    QVERIFY(dialog);
    choose(box(dialog, u"Strategy"_s), u"Round-robin"_s);

    apply(dialog);

    QTRY_VERIFY(!dialog);
    QTRY_COMPARE(text(u"one"_s, u"strategy"_s), u"Round-robin"_s);
    QCOMPARE(text(u"two"_s, u"strategy"_s), u"Round-robin"_s);
    QCOMPARE(text(u"two"_s, u"affinity"_s), u"On (default)"_s);
    QCOMPARE(text(u"three"_s, u"strategy"_s), u"Priority, weight (default)"_s);
    QVERIFY(m_fixture->services().undo.undoText().contains(u"2 models"_s));
    m_fixture->services().undo.undo();
    QTRY_COMPARE(text(u"one"_s, u"strategy"_s), u"Priority, weight (default)"_s);
    QCOMPARE(text(u"two"_s, u"strategy"_s), u"Priority, weight (default)"_s);
}

void ModelRoutingTest::mixedValuesStay()
{
    store({{.model = "one", .strategy = RoutingStrategy::LowestCost},
           {.model = "two", .strategy = RoutingStrategy::LowestLatency}});
    QTRY_COMPARE(text(u"two"_s, u"strategy"_s), u"Lowest latency"_s);
    QPointer<RoutingDialog> dialog = dialogFor({u"one"_s, u"two"_s});
    QVERIFY(dialog);
    QCOMPARE(box(dialog, u"Strategy"_s)->currentText(), u"— (mixed)"_s);
    choose(box(dialog, u"Affinity"_s), u"Off"_s);

    apply(dialog);

    QTRY_COMPARE(text(u"one"_s, u"affinity"_s), u"Off"_s);
    QCOMPARE(text(u"one"_s, u"strategy"_s), u"Lowest cost"_s);
    QCOMPARE(text(u"two"_s, u"strategy"_s), u"Lowest latency"_s);
    QCOMPARE(text(u"two"_s, u"affinity"_s), u"Off"_s);
}

void ModelRoutingTest::goesBackToTheUsual()
{
    store({{.model = "one", .strategy = RoutingStrategy::LowestCost, .affinity = true}});
    QTRY_COMPARE(text(u"one"_s, u"affinity"_s), u"On"_s);
    QPointer<RoutingDialog> dialog = dialogFor({u"one"_s});
    QVERIFY(dialog);
    QCOMPARE(box(dialog, u"Strategy"_s)->currentText(), u"Lowest cost"_s);
    QCOMPARE(box(dialog, u"Affinity"_s)->currentText(), u"On"_s);
    choose(box(dialog, u"Strategy"_s), u"Priority, weight (default)"_s);
    choose(box(dialog, u"Affinity"_s), u"On (default)"_s);

    apply(dialog);

    QTRY_COMPARE(text(u"one"_s, u"affinity"_s), u"On (default)"_s);
    QVERIFY(m_fixture->wait(m_fixture->administration().modelRoutings.list()).empty());
}

void ModelRoutingTest::isOfModelsAlone()
{
    select({u"one"_s});
    QVERIFY(tests::action(*m_page, u"models.routing"_s)->isEnabled());

    m_page->findChild<QTabBar *>()->setCurrentIndex(1);

    QVERIFY(!tests::action(*m_page, u"models.routing"_s)->isEnabled());
}

void ModelRoutingTest::explainsTheStrategy()
{
    store({{.model = "one", .strategy = RoutingStrategy::RoundRobin, .affinity = false}});
    RouteDialog dialog(m_fixture->services(), u"one"_s);
    const auto says = [&dialog](const QString &words) {
        const auto labels = dialog.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->text().contains(words);
        });
    };

    QTRY_VERIFY(says(u"take turns. Sessions keep to no channel."_s));
}

// A channel without weight is the reserve of those that take turns.
void ModelRoutingTest::whatTakesNoTurnIsTriedNext()
{
    store({{.model = "one", .strategy = RoutingStrategy::RoundRobin}});
    admin::ChannelService &channels = m_fixture->administration().channels;
    const domain::Channel reserve =
        m_fixture
            ->wait(channels.create({domain::Channel{.type = domain::provider::echo,
                                                    .name = u"Reserve"_s,
                                                    .models = {u"one"_s},
                                                    .weight = 0}}))
            .front();
    RouteDialog dialog(m_fixture->services(), u"one"_s);
    const RouteTable &table = dialog.table();
    const auto order = [&table](int row) { return table.index(row, 0).data().toString(); };

    QTRY_VERIFY(table.rowCount() == 2 && table.row(1).name == u"Reserve"_s);
    QCOMPARE(order(0), u"tried first"_s);
    QCOMPARE(order(1), u"tried next"_s);
    m_fixture->wait(channels.remove(reserve.id));
}

void ModelRoutingTest::isAccessible()
{
    QPointer<RoutingDialog> dialog = dialogFor({u"one"_s, u"two"_s});
    QVERIFY(dialog);
    const QStringList problems = tests::accessibilityProblems(dialog);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    dialog->reject();
}

QTEST_MAIN(ModelRoutingTest)
#include "tst_modelrouting.moc"
