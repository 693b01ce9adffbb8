#include "traffic/trafficcolumns.h"
#include "traffic/trafficmodel.h"
#include "widgets/format.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <array>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using admin::TrafficLine;
using domain::TrafficGroup;
using domain::TrafficGrouping;
using Kind = TrafficModel::Kind;

namespace {

TrafficLine line(qint64 id, const QByteArray &session = "s")
{
    return {.id = id,
            .record = {.requestId = "r" + QByteArray::number(id),
                       .createdAt = 1'700'000'000'000 + id * 1000,
                       .tokenId = {1},
                       .tokenName = "laptop",
                       .channelId = {2},
                       .model = "small",
                       .providerModel = "small",
                       .usage = {.input = 100, .output = 10},
                       .cost = {1'000'000},
                       .httpStatus = 200,
                       .session = session},
            .channelName = u"Ollama"_s};
}

TrafficLine running(qint64 id)
{
    TrafficLine made = line(id);
    made.id = 0;
    made.running = admin::RunningState{.phase = admin::RunningState::Phase::Streaming};
    return made;
}

// From `newest` down.
std::vector<TrafficLine> lines(qint64 newest, qint64 count)
{
    std::vector<TrafficLine> made;
    for (qint64 id = newest; id > newest - count; --id)
        made.push_back(line(id));
    return made;
}

TrafficGroup group(const QString &key, qint64 newest, qint64 oldest, qint64 requests)
{
    return {.key = key,
            .name = key,
            .newest = newest,
            .oldest = oldest,
            .requests = requests,
            .cost = {requests * 1'000'000}};
}

QString text(const TrafficModel &model, int row, const QString &key)
{
    return model.index(row, model.columnOf(key)).data(role::cell).value<Cell>().text;
}

Cell cell(const TrafficLine &line, const QString &key)
{
    const auto columns = TrafficColumns::columns();
    const auto found = std::find_if(columns.begin(), columns.end(), [&key](const auto &column) {
        return column.traits.key == key;
    });
    return found->cell(line);
}

} // namespace

// The list of requests as a model: pages, windows, groups, and rows that go from one state to another.
class TrafficModelTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void showsRunningOnTop();
    void aRequestThatEndsStaysSelected();
    void aRequestStandsOnce();
    void runningOnesDoNotFlicker();
    void pagesFollow();
    void farPagesAreLetGoAndReadAgain();
    void aMillionRowsAreCheap();
    void linesThatAreGoneStayEmpty();
    void groupsOpenToTheirLines();
    void newLinesCountInTheirGroups();
    void partsOfGroupsAreMerged();
    void sumsOfWhatIsSelected();
    void forgottenBodiesLoseTheirLock();
    void bookmarksComeAndGo();
    void cellsSayWhatHappened();
    void whatCameOfTheAffinity_data();
    void whatCameOfTheAffinity();
    void keysAreToldByTheirEnds();
    void whatCameOfTheCache();
    void timesAreCopiedWhole();
    void groupsCountInSeparatedDigits();
    void oddTexts();

private:
    std::unique_ptr<TrafficModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TrafficModelTest::init()
{
    m_tester.reset();
    m_model = std::make_unique<TrafficModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void TrafficModelTest::showsRunningOnTop()
{
    m_model->append({}, {.lines = lines(5, 3)});
    m_model->setRunning({running(8), running(7)});

    QCOMPARE(m_model->rowCount(), 5);
    QCOMPARE(m_model->kindAt(1), Kind::Running);
    QCOMPARE(m_model->kindAt(2), Kind::Request);
    QCOMPARE(m_model->lineAt(0)->record.requestId, QByteArray("r8"));
    QCOMPARE(m_model->lineAt(2)->record.requestId, QByteArray("r5"));
    QCOMPARE(text(*m_model, 0, u"status"_s), u"running"_s);
    QCOMPARE(text(*m_model, 2, u"status"_s), u"200"_s);
    QCOMPARE(m_model->kindAt(5), Kind::None);
    QVERIFY(!m_model->lineAt(5));
    QVERIFY(!m_model->lineAt(-1));
}

void TrafficModelTest::aRequestThatEndsStaysSelected()
{
    m_model->append({}, {.lines = lines(5, 3)});
    m_model->setRunning({running(8), running(7), running(6)});
    const QPersistentModelIndex chosen(m_model->index(0, 0));
    const QPersistentModelIndex other(m_model->index(2, 0));

    m_model->addNewer({line(8), line(6)});

    QCOMPARE(m_model->rowCount(), 6);
    QCOMPARE(m_model->runningCount(), 1);
    QCOMPARE(m_model->lineAt(chosen.row())->record.requestId, QByteArray("r8"));
    QCOMPARE(m_model->lineAt(chosen.row())->id, 8);
    QCOMPARE(chosen.row(), 1);
    QCOMPARE(m_model->lineAt(other.row())->record.requestId, QByteArray("r6"));
}

void TrafficModelTest::aRequestStandsOnce()
{
    m_model->setRunning({running(5), running(4)});
    m_model->append({}, {.lines = lines(5, 1)});
    QCOMPARE(m_model->rowCount(), 2);

    m_model->setRunning({running(5), running(4)});
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->runningCount(), 1);
}

void TrafficModelTest::runningOnesDoNotFlicker()
{
    m_model->setRunning({running(5)});

    for (int i = 0; i < 3; ++i) {
        m_model->setRunning({}); // its line of the ledger may be a moment late
        QCOMPARE(m_model->rowCount(), 1);
    }
    m_model->setRunning({});
    QCOMPARE(m_model->rowCount(), 0);

    m_model->setRunning({running(5)});
    m_model->setCancelling("r5");
    m_model->setRunning({running(5)});
    QCOMPARE(text(*m_model, 0, u"status"_s), u"cancelling"_s);
}

void TrafficModelTest::pagesFollow()
{
    m_model->append({}, {.lines = lines(1'000, 200), .next = admin::TrafficCursor{.before = 801}});

    const auto wishes = m_model->look(0, 20);
    QCOMPARE(wishes.size(), 1U);
    QCOMPARE(wishes[0].from.before, 801);
    QVERIFY(!wishes[0].gap);
    m_model->append({}, {.lines = lines(800, 800)});

    QCOMPARE(m_model->rowCount(), 1'000);
    QVERIFY(m_model->look(0, 20).empty());
    QVERIFY(m_model->look(980, 999).empty()); // the ledger has no more
    QCOMPARE(m_model->lineAt(999)->id, 1);
}

void TrafficModelTest::farPagesAreLetGoAndReadAgain()
{
    m_tester.reset(); // it looks at every row, each time
    for (qint64 page = 0; page < 100; ++page)
        m_model->append({}, {.lines = lines(20'000 - page * 200, 200)});
    QCOMPARE(m_model->rowCount(), 20'000);

    QVERIFY(m_model->look(19'900, 19'999).empty());
    QVERIFY(m_model->keptLines() <= 2 * LineWindow::margin);
    QVERIFY(!m_model->lineAt(0));
    QCOMPARE(text(*m_model, 0, u"status"_s), u"…"_s);

    const auto wishes = m_model->look(0, 30);
    QCOMPARE(wishes.size(), 1U);
    QVERIFY(wishes[0].gap);
    QCOMPARE(wishes[0].gap->from.before, 20'001);
    QCOMPARE(wishes[0].gap->from.floor, 19'800);
    QCOMPARE(wishes[0].gap->count, 200);
    m_model->addNewer({line(20'001)}); // moves the places meanwhile
    m_model->fill({}, *wishes[0].gap, lines(20'000, 200));

    QCOMPARE(m_model->lineAt(0)->id, 20'001);
    QCOMPARE(m_model->lineAt(1)->id, 20'000);
    QCOMPARE(text(*m_model, 200, u"status"_s), u"200"_s);
}

void TrafficModelTest::aMillionRowsAreCheap()
{
    m_tester.reset(); // it looks at every row
    qint64 slowest = 0;
    QElapsedTimer timer;
    for (qint64 page = 0; page < 5'000; ++page) {
        std::vector<TrafficLine> next = lines(1'000'000 - page * 200, 200);
        timer.start();
        m_model->append({}, {.lines = std::move(next)});
        m_model->look(m_model->rowCount() - 40, m_model->rowCount() - 1);
        slowest = qMax(slowest, timer.nsecsElapsed() / 1000);
    }
    qInfo() << "slowest page, in microseconds:" << slowest << "lines kept:" << m_model->keptLines();

    QCOMPARE(m_model->rowCount(), 1'000'000);
    QVERIFY(m_model->keptLines() <= 2 * LineWindow::margin);
    QCOMPARE(m_model->lineAt(999'999)->id, 1);
    timer.start();
    const admin::TrafficTotals sum = m_model->sum(0, 999'999);
    qInfo() << "sum of all, in microseconds:" << timer.nsecsElapsed() / 1000;
    QCOMPARE(sum.requests, 1'000'000);
    QCOMPARE(sum.cost.nanoDollars, 1'000'000'000'000);
}

void TrafficModelTest::linesThatAreGoneStayEmpty()
{
    m_tester.reset(); // it looks at every row, each time
    for (qint64 page = 0; page < 100; ++page)
        m_model->append({}, {.lines = lines(20'000 - page * 200, 200)});
    m_model->look(19'900, 19'999);
    const auto wishes = m_model->look(0, 30);

    m_model->fill({}, *wishes[0].gap, {line(19'999)});

    QCOMPARE(m_model->lineAt(1)->id, 19'999);
    QCOMPARE(text(*m_model, 0, u"status"_s), u"…"_s);
    QVERIFY(m_model->look(0, 30).empty() || m_model->look(0, 30)[0].gap->first > 0);
}

void TrafficModelTest::groupsOpenToTheirLines()
{
    m_model->reset(TrafficGrouping::Session);
    m_model->setRunning({running(99)});
    m_model->mergeGroups({group(u"a"_s, 30, 10, 3), group(u"b"_s, 25, 5, 300)});

    QCOMPARE(m_model->rowCount(), 3);
    QCOMPARE(m_model->kindAt(1), Kind::Group);
    QVERIFY(m_model->look(0, 20).empty());
    m_model->setOpen(u"b"_s, true);
    const auto wishes = m_model->look(0, 20);
    QCOMPARE(wishes.size(), 1U);
    QCOMPARE(wishes[0].group, u"b"_s);
    QCOMPARE(wishes[0].from.before, 26);
    QCOMPARE(wishes[0].from.floor, 4);
    m_model->append(u"b"_s, {.lines = lines(25, 20)});

    QCOMPARE(m_model->rowCount(), 23);
    QCOMPARE(m_model->groupAt(2)->key, u"b"_s);
    QCOMPARE(m_model->kindAt(3), Kind::Request);
    QCOMPARE(m_model->index(3, 0).data(TrafficModel::depthRole).toInt(), 1);
    QVERIFY(m_model->index(2, 0).data(Qt::AccessibleTextRole).toString().contains(u"open"_s));
    m_model->setOpen(u"b"_s, false);
    QCOMPARE(m_model->rowCount(), 3);
    m_model->setOpen(u"b"_s, true);
    QCOMPARE(m_model->rowCount(), 23); // they are still here
    QCOMPARE(m_model->openGroups(), QStringList{u"b"_s});
}

void TrafficModelTest::newLinesCountInTheirGroups()
{
    m_model->reset(TrafficGrouping::Session);
    m_model->setRunning({running(31)});
    m_model->mergeGroups({group(u"s"_s, 30, 10, 3)});
    m_model->setOpen(u"s"_s, true);
    m_model->append(u"s"_s, {.lines = lines(30, 3)});

    m_model->addNewer({line(32, "fresh"), line(31, "s")});

    QCOMPARE(m_model->runningCount(), 0);
    QCOMPARE(m_model->groupAt(0)->key, u"fresh"_s);
    QCOMPARE(m_model->groupAt(1)->requests, 4);
    QCOMPARE(m_model->lineAt(2)->id, 31);
    QCOMPARE(m_model->groupAt(1)->cost.nanoDollars, 4'000'000);
    m_model->setOpen(u"fresh"_s, true);
    QCOMPARE(m_model->look(0, 20)[0].from.before, 33);
}

void TrafficModelTest::partsOfGroupsAreMerged()
{
    m_model->reset(TrafficGrouping::Model);
    m_model->mergeGroups({group(u"a"_s, 90, 80, 5)});
    m_model->mergeGroups({group(u"a"_s, 40, 20, 5), group(u"b"_s, 39, 39, 1)});

    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->groupAt(0)->requests, 10);
    QCOMPARE(m_model->groupAt(0)->oldest, 20);
    m_model->setOpen(u"a"_s, true);
    QCOMPARE(m_model->look(0, 5)[0].from.floor, 19);
}

void TrafficModelTest::sumsOfWhatIsSelected()
{
    m_model->setRunning({running(9)});
    m_model->append({}, {.lines = lines(8, 8)});
    QCOMPARE(m_model->sum(0, 8).requests, 9);
    QCOMPARE(m_model->sum(0, 0).requests, 1); // it is being served
    QCOMPARE(m_model->sum(0, 0).cost.nanoDollars, 1'000'000);
    QCOMPARE(m_model->sum(0, 1).cost.nanoDollars, 2'000'000);
    QCOMPARE(m_model->sum(3, 4).cost.nanoDollars, 2'000'000);

    m_model->reset(TrafficGrouping::Session);
    m_model->mergeGroups({group(u"a"_s, 30, 10, 3), group(u"b"_s, 5, 5, 1)});
    QCOMPARE(m_model->sum(1, 2).requests, 4);
    m_model->setOpen(u"a"_s, true);
    m_model->append(u"a"_s, {.lines = lines(30, 3)});
    QCOMPARE(m_model->sum(1, 5).requests, 4); // each counts once
}

void TrafficModelTest::forgottenBodiesLoseTheirLock()
{
    std::vector<TrafficLine> kept = lines(3, 3);
    for (TrafficLine &one : kept)
        one.hasCapture = true;
    m_model->append({}, {.lines = kept});
    QVERIFY(!cell(kept[0], u"bodies"_s).icon.isEmpty());

    m_model->setForgotten([](const TrafficLine &one) { return one.id == 2; });

    QVERIFY(m_model->lineAt(0)->hasCapture);
    QVERIFY(!m_model->lineAt(1)->hasCapture);
}

void TrafficModelTest::bookmarksComeAndGo()
{
    m_model->append({}, {.lines = lines(3, 3)});
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    const QModelIndex mark = m_model->index(1, m_model->columnOf(u"bookmark"_s));
    QVERIFY(mark.data(role::cell).value<Cell>().icon.isEmpty());

    m_model->setBookmarked({"r2", "elsewhere"}, true);

    QVERIFY(!changed.isEmpty());
    QVERIFY(m_model->lineAt(1)->bookmarked);
    QVERIFY(!m_model->lineAt(0)->bookmarked && !m_model->lineAt(2)->bookmarked);
    QVERIFY(!mark.data(role::cell).value<Cell>().icon.isEmpty());
    QVERIFY(mark.data(Qt::AccessibleTextRole).toString().startsWith(u"Bookmarked"_s));
    m_model->setBookmarked({"r2"}, false);
    QVERIFY(!m_model->lineAt(1)->bookmarked);
}

void TrafficModelTest::cellsSayWhatHappened()
{
    TrafficLine one = line(1);
    QCOMPARE(cell(one, u"cost"_s).text, u"$0.0010"_s);
    one.record.cost = {};
    QCOMPARE(cell(one, u"cost"_s).text, u"free"_s);
    one.record.unpriced = true;
    QCOMPARE(cell(one, u"cost"_s).text, u"no price"_s);
    one.record.providerModel = "tiny";
    one.record.attempts = 3;
    QCOMPARE(cell(one, u"model"_s).suffix, u"→ tiny"_s);
    QCOMPARE(cell(one, u"channel"_s).suffix, u"↻3"_s);
    one.record.httpStatus = 429;
    one.record.end = domain::EndReason::Failed;
    QCOMPARE(cell(one, u"status"_s).text, u"429"_s);
    QVERIFY(cell(one, u"status"_s).tone == Tone::Failure);
    one.record.httpStatus = 200;
    QCOMPARE(cell(one, u"status"_s).text, u"broken off"_s);
    one.record.end = domain::EndReason::ClientGone;
    QCOMPARE(cell(one, u"status"_s).text, u"cancelled"_s);
    one.record.usage = {};
    QCOMPARE(cell(one, u"in"_s).text, Format::absent());
    QCOMPARE(cell(one, u"ttft"_s).text, Format::absent());
    // Cached tokens are a part of the input.
    one.record.usage = {.input = 1'000, .cacheRead = 900};
    QCOMPARE(cell(one, u"in"_s).text, u"1,000"_s);

    TrafficLine now = running(2);
    now.record.usage.output = 12;
    QCOMPARE(cell(now, u"out"_s).text, u"~12"_s);
    now.record.usage.input = 1'200;
    QCOMPARE(cell(now, u"in"_s).text, u"~1,200"_s);
    now.record.cost = {.nanoDollars = 1'000'000};
    QCOMPARE(cell(now, u"cost"_s).text, u"~$0.0010"_s);
    now.record.cost = {};
    QVERIFY(!cell(now, u"cost"_s).text.startsWith(u'~'));
    now.running->tokensAreEstimated = false;
    QCOMPARE(cell(now, u"out"_s).text, u"12"_s);
}

void TrafficModelTest::whatCameOfTheAffinity_data()
{
    QTest::addColumn<domain::AffinityOutcome>("outcome");
    QTest::addColumn<QString>("shown");

    QTest::newRow("no session") << domain::AffinityOutcome::None << Format::absent();
    QTest::newRow("a new session") << domain::AffinityOutcome::Miss << u"miss"_s;
    QTest::newRow("where it was") << domain::AffinityOutcome::Hit << u"hit"_s;
    QTest::newRow("elsewhere") << domain::AffinityOutcome::Spill << u"spill"_s;
}

void TrafficModelTest::whatCameOfTheAffinity()
{
    QFETCH(domain::AffinityOutcome, outcome);
    QFETCH(QString, shown);
    TrafficLine one = line(1);
    QCOMPARE(cell(one, u"affinity"_s).text, Format::absent());

    const domain::AttemptNote failed{.affinity = domain::AffinityOutcome::Hit, .status = 500};
    const domain::AttemptNote last{.affinity = outcome, .status = 200};
    one.record.attemptLog = domain::attemptLog(std::array{failed, last});

    QCOMPARE(cell(one, u"affinity"_s).text, shown);
}

void TrafficModelTest::keysAreToldByTheirEnds()
{
    TrafficLine one = line(1);
    one.record.channelKeyId = 0;
    QCOMPARE(cell(one, u"key"_s).text, Format::absent());
    one.record.channelKeyId = 7; // of one that is no more the end is not known
    QCOMPARE(cell(one, u"key"_s).text, u"#7"_s);

    one.keyEnding = u"c3Um"_s;

    QCOMPARE(cell(one, u"key"_s).text, u"…c3Um"_s);
}

void TrafficModelTest::whatCameOfTheCache()
{
    TrafficLine one = line(1);
    QCOMPARE(cell(one, u"cache"_s).text, Format::absent());
    one.record.cache = domain::CacheResult::Miss;
    QCOMPARE(cell(one, u"cache"_s).text, u"miss"_s);
    one.record.cache = domain::CacheResult::Bypass;
    QCOMPARE(cell(one, u"cache"_s).text, u"bypass"_s);

    one.record.cache = domain::CacheResult::Hit;
    one.channelName.clear();

    QCOMPARE(cell(one, u"cache"_s).text, u"hit"_s);
    QCOMPARE(cell(one, u"channel"_s).text, u"from the cache"_s);
}

void TrafficModelTest::timesAreCopiedWhole()
{
    m_model->append({}, {.lines = {line(1)}});

    const QModelIndex time = m_model->index(0, m_model->columnOf(u"time"_s));
    const QString copied = time.data(role::json).toString();

    QCOMPARE(QDateTime::fromString(copied, Qt::ISODateWithMs).toMSecsSinceEpoch(),
             line(1).startedAt());
    QVERIFY(!m_model->index(0, m_model->columnOf(u"model"_s)).data(role::json).isValid());
}

void TrafficModelTest::groupsCountInSeparatedDigits()
{
    TrafficGroup many = group(u"a"_s, 2, 1, 333'355);
    many.errors = 4'000;

    const Cell title = TrafficColumns::groupTitle(TrafficGrouping::Model, many);

    QVERIFY2(title.suffix.contains(Format::count(333'355)), qPrintable(title.suffix));
    QVERIFY2(title.suffix.contains(Format::count(4'000)), qPrintable(title.suffix));
    QVERIFY(!title.suffix.contains(u"333355"_s));
}

void TrafficModelTest::oddTexts()
{
    TrafficLine odd = line(1);
    odd.record.model = QByteArray(10'000, 'x');
    odd.record.tokenName = "<b>bold</b>";
    odd.record.client = "\u05e9\u05dc\u05d5\u05dd";
    odd.record.usage = {.input = domain::Usage::largest, .output = domain::Usage::largest};
    odd.record.cost = {std::numeric_limits<qint64>::max()};
    odd.record.elapsedMilliseconds = std::numeric_limits<int>::max();
    odd.record.attemptLog = "no log at all";
    m_model->append({}, {.lines = {odd}});
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const QModelIndex index = m_model->index(0, column);
        QVERIFY(index.data(role::cell).canConvert<Cell>());
        QVERIFY(!index.data(Qt::ToolTipRole).toString().contains(u"<b>"_s));
    }
    QCOMPARE(text(*m_model, 0, u"token"_s), u"<b>bold</b>"_s);

    m_model->reset(TrafficGrouping::Session);
    TrafficGroup huge = group(u"<i>"_s, 2, 1, std::numeric_limits<qint64>::max() / 2);
    huge.cost = {std::numeric_limits<qint64>::max()};
    m_model->mergeGroups({huge, group({}, 1, 1, 1)});
    QCOMPARE(text(*m_model, 0, u"status"_s), u"<i>"_s);
    QCOMPARE(text(*m_model, 1, u"status"_s), u"Without a session"_s);
}

QTEST_MAIN(TrafficModelTest)
#include "tst_trafficmodel.moc"
