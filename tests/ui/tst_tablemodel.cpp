#include "ui/sampletable.h"

#include "theme/theme.h"
#include "widgets/table/tablefiltermodel.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

class TableModelTest : public QObject
{
    Q_OBJECT

private slots:
    void takesOverNewLists_data();
    void takesOverNewLists();
    void keepsSelectionThroughChanges();
    void changesNothingForTheSameList();
    void sortsBySeveralKeys();
    void putsWhatIsAbsentLast();
    void sortsNamesAsPeopleDo();
    void filters_data();
    void filters();
    void saysWhatIsWrongWithATerm_data();
    void saysWhatIsWrongWithATerm();
    void survivesStrangeTexts();

private:
    static std::vector<Sample> numbered(const QList<int> &ids);
    static QList<int> idsOf(const SampleModel &model);
    static QStringList namesOf(const QAbstractItemModel &model);
};

std::vector<Sample> TableModelTest::numbered(const QList<int> &ids)
{
    std::vector<Sample> rows;
    for (const int id : ids)
        rows.push_back({.id = id, .name = u"Row %1"_s.arg(id)});
    return rows;
}

QList<int> TableModelTest::idsOf(const SampleModel &model)
{
    QList<int> ids;
    for (const Sample &row : model.rows())
        ids.append(static_cast<int>(row.id));
    return ids;
}

QStringList TableModelTest::namesOf(const QAbstractItemModel &model)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row)
        names.append(model.index(row, 2).data().toString());
    return names;
}

void TableModelTest::takesOverNewLists_data()
{
    QTest::addColumn<QList<int>>("before");
    QTest::addColumn<QList<int>>("after");

    QTest::newRow("from nothing") << QList<int>{} << QList{1, 2, 3};
    QTest::newRow("to nothing") << QList{1, 2, 3} << QList<int>{};
    QTest::newRow("one more in the middle") << QList{1, 3} << QList{1, 2, 3};
    QTest::newRow("two fewer at the ends") << QList{1, 2, 3} << QList{2};
    QTest::newRow("turned round") << QList{1, 2, 3, 4} << QList{4, 3, 2, 1};
    QTest::newRow("all at once") << QList{1, 2, 3, 4, 5} << QList{9, 5, 2, 8, 7, 1};
    QTest::newRow("all others") << QList{1, 2} << QList{3, 4};
}

void TableModelTest::takesOverNewLists()
{
    QFETCH(QList<int>, before);
    QFETCH(QList<int>, after);
    auto *model = makeSampleModel(this);
    TableFilterModel filter;
    filter.setSourceModel(model);
    const QAbstractItemModelTester tester(model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester above(&filter,
                                         QAbstractItemModelTester::FailureReportingMode::QtTest);
    model->setRows(numbered(before));
    const QSignalSpy resets(model, &QAbstractItemModel::modelReset);

    model->setRows(numbered(after));

    QCOMPARE(idsOf(*model), after);
    QCOMPARE(filter.rowCount(), after.size());
    QCOMPARE(resets.count(), 0);
}

void TableModelTest::keepsSelectionThroughChanges()
{
    auto *model = makeSampleModel(this);
    model->setRows(numbered({1, 2, 3, 4}));
    QItemSelectionModel selection(model);
    selection.setCurrentIndex(model->index(2, 0),
                              QItemSelectionModel::SelectCurrent | QItemSelectionModel::Rows);

    model->setRows(numbered({7, 4, 3, 2, 9}));

    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(model->rowAt(selection.currentIndex())->id, 3);
}

void TableModelTest::changesNothingForTheSameList()
{
    auto *model = makeSampleModel(this);
    model->setRows(sampleRows());
    const QSignalSpy changes(model, &QAbstractItemModel::dataChanged);
    const QSignalSpy layouts(model, &QAbstractItemModel::layoutChanged);

    model->setRows(sampleRows());
    std::vector<Sample> rows = sampleRows();
    rows.at(3).priority = 51;
    model->setRows(rows);

    QCOMPARE(layouts.count(), 0);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes.front().front().toModelIndex().row(), 3);
}

void TableModelTest::sortsBySeveralKeys()
{
    auto *model = makeSampleModel(this);
    model->setRows({{.id = 1, .name = u"b"_s, .priority = 2},
                    {.id = 2, .name = u"a"_s, .priority = 1},
                    {.id = 3, .name = u"a"_s, .priority = 2},
                    {.id = 4, .name = u"c"_s, .priority = 1}});
    TableFilterModel filter;
    filter.setSourceModel(model);
    const QAbstractItemModelTester tester(&filter,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);

    filter.setSortKeys({{3, Qt::DescendingOrder}, {2, Qt::AscendingOrder}});

    QCOMPARE(namesOf(filter), (QStringList{u"a"_s, u"b"_s, u"a"_s, u"c"_s}));

    filter.setSortKeys({{3, Qt::AscendingOrder}, {2, Qt::DescendingOrder}});

    QCOMPARE(namesOf(filter), (QStringList{u"c"_s, u"a"_s, u"b"_s, u"a"_s}));
}

void TableModelTest::putsWhatIsAbsentLast()
{
    auto *model = makeSampleModel(this);
    model->setRows({{.id = 1, .name = u"none"_s},
                    {.id = 2, .name = u"slow"_s, .milliseconds = 1000},
                    {.id = 3, .name = u"fast"_s, .milliseconds = 9}});
    TableFilterModel filter;
    filter.setSourceModel(model);

    filter.setSortKeys({{4, Qt::AscendingOrder}});
    QCOMPARE(namesOf(filter), (QStringList{u"fast"_s, u"slow"_s, u"none"_s}));

    filter.setSortKeys({{4, Qt::DescendingOrder}});
    QCOMPARE(namesOf(filter), (QStringList{u"slow"_s, u"fast"_s, u"none"_s}));
}

void TableModelTest::sortsNamesAsPeopleDo()
{
    auto *model = makeSampleModel(this);
    model->setRows({{.id = 1, .name = u"item 10"_s},
                    {.id = 2, .name = u"Item 9"_s},
                    {.id = 3, .name = u"äpfel"_s},
                    {.id = 4, .name = u"Zebra"_s}});
    TableFilterModel filter;
    filter.setSourceModel(model);

    filter.setSortKeys({{2, Qt::AscendingOrder}});

    const QStringList names = namesOf(filter);
    QVERIFY(names.indexOf(u"Item 9"_s) < names.indexOf(u"item 10"_s));
    QVERIFY(names.indexOf(u"item 10"_s) < names.indexOf(u"Zebra"_s));
}

void TableModelTest::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("names");

    QTest::newRow("free text") << u"studio"_s << QStringList{u"LM Studio (office)"_s};
    QTest::newRow("a key") << u"health:open"_s << QStringList{u"DeepSeek"_s};
    QTest::newRow("alternatives") << u"health:open,limited"_s
                                  << QStringList{u"DeepSeek"_s, u"SiliconFlow"_s};
    QTest::newRow("a number exactly") << u"priority:50"_s << QStringList{u"SiliconFlow"_s};
    QTest::newRow("a number above")
        << u"priority:>60"_s << QStringList{u"Moonshot (Kimi)"_s, u"Azure – Sweden"_s};
    QTest::newRow("a time in seconds") << u"ttft:>2s"_s << QStringList{u"DeepSeek"_s};
    QTest::newRow("a part of a text") << u"name:deep"_s << QStringList{u"DeepSeek"_s};
    QTest::newRow("a part in quotes") << u"name:\"deep\""_s << QStringList{};
    QTest::newRow("the whole in quotes") << u"name:\"deepseek\""_s << QStringList{u"DeepSeek"_s};
    QTest::newRow("a wildcard") << u"name:*a?i*"_s << QStringList{};
    QTest::newRow("excluded") << u"-name:*o* priority:<=50"_s << QStringList{u"DeepSeek"_s};
    QTest::newRow("a tag") << u"tags:cheap"_s << QStringList{u"SiliconFlow"_s};
    QTest::newRow("nothing matches") << u"zebra"_s << QStringList{};
}

void TableModelTest::filters()
{
    QFETCH(QString, text);
    QFETCH(QStringList, names);
    auto *model = makeSampleModel(this);
    model->setRows(sampleRows());
    TableFilterModel filter;
    filter.setSourceModel(model);
    const QAbstractItemModelTester tester(&filter,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);

    filter.setQuery(domain::filterQueryFrom(text, filter.keys()));

    QCOMPARE(namesOf(filter), names);
}

void TableModelTest::saysWhatIsWrongWithATerm_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");

    QTest::newRow("free text") << u"anything"_s << true;
    QTest::newRow("a known key") << u"name:x"_s << true;
    QTest::newRow("a key of the page's") << u"since:1h"_s << true;
    QTest::newRow("an unknown key") << u"nonsense:x"_s << false;
    QTest::newRow("a missing value") << u"name:"_s << false;
    QTest::newRow("a text compared by size") << u"name:>x"_s << false;
    QTest::newRow("no number") << u"priority:>x"_s << false;
    QTest::newRow("a number") << u"priority:>1.5k"_s << true;
}

void TableModelTest::saysWhatIsWrongWithATerm()
{
    QFETCH(QString, text);
    QFETCH(bool, good);
    auto *model = makeSampleModel(this);
    TableFilterModel filter;
    filter.setSourceModel(model);
    filter.addKey(u"since"_s, {});

    const QString problem = filter.problem(domain::filterQueryFrom(text).terms.front());

    QCOMPARE(problem.isEmpty(), good);
}

void TableModelTest::survivesStrangeTexts()
{
    auto *model = makeSampleModel(this);
    const QAbstractItemModelTester tester(model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);

    model->setRows({{.id = 1, .name = u"<b>bold</b> & \"quoted\""_s},
                    {.id = 2, .name = u"مرحبا"_s},
                    {.id = 3, .name = QString(10'000, u'x')},
                    {.id = 4, .name = QString()},
                    {.id = 4, .name = u"the same id again"_s}});

    QCOMPARE(model->rowCount(), 4);
    QCOMPARE(model->index(0, 2).data().toString(), u"<b>bold</b> & \"quoted\""_s);
}

QTEST_MAIN(TableModelTest)
#include "tst_tablemodel.moc"
