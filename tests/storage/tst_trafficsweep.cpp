#include "storage/statement.h"
#include "storage/traffic/trafficlines.h"
#include "support/temporarydatabase.h"

#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::storage {

// The search for lines that several threads do together, over more lines than its first steps have.
class TrafficSweepTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_database.reset(); }
    void helpChangesNothing_data();
    void helpChangesNothing();
    void twoThreadsFindTheSame();
    void helpIsNotAskedForWhereEnoughIsFound();
    void aHelperThatFailsLeavesNoGap();
    void helpThatComesTooLateDoesNothing();
    void noTimeIsEnoughForOneStep();

private:
    using Help = std::function<void(Database &)>;

    static constexpr qint64 lines = 120'000;
    TrafficCondition everySo(int many) const
    {
        return {.sql = u" AND id % :many = 0"_s, .bindings = {{u":many"_s, many}}};
    }
    TrafficSpan all() const { return {.before = lines + 1, .after = 0}; }
    std::unique_ptr<Database> another() const
    {
        auto opened = Database::open(m_database->options(), Database::Access::ReadOnly);
        return opened ? std::move(*opened) : nullptr;
    }
    static QList<qint64> ids(const TrafficRows &rows)
    {
        QList<qint64> found;
        for (const TrafficRow &row : rows.rows)
            found.append(row.stored.id);
        return found;
    }
    QList<qint64> expected(int many, int limit) const
    {
        QList<qint64> found;
        for (qint64 id = lines / many * many; id > 0 && found.size() < limit; id -= many)
            found.append(id);
        return found;
    }

    std::unique_ptr<support::TemporaryDatabase> m_database;
};

void TrafficSweepTest::initTestCase()
{
    m_database = std::make_unique<support::TemporaryDatabase>(Dialect::Kind::Sqlite);
    const QString sql =
        u"WITH RECURSIVE numbers(n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :lines)"
        " INSERT INTO usage_records (kind, created_at, user_id, username, token_id, token_name,"
        " channel_id, channel_key_id, model, provider_model, group_name, operation, input,"
        " cache_read, cache_write, cache_write_long, input_audio, output, reasoning, output_audio,"
        " images, characters, usage_source, anomalous, cost, charge, unpriced, token_is_unlimited,"
        " stream, attempts, http_status, end_reason, elapsed, first_byte, client_address,"
        " error_code, content)"
        " SELECT 2, n, 1, 'ann', 1, 'laptop', 1, 0, 'm', 'm', 'default', 'chat', 0, 0, 0, 0, 0, 0,"
        " 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 200, 0, 1, 1, '', '', '' FROM numbers"_s;
    const auto stored = execute(m_database->database(), sql, {{u":lines"_s, lines}});
    QVERIFY2(stored, stored ? "" : qPrintable(stored.error().detail));
}

void TrafficSweepTest::helpChangesNothing_data()
{
    QTest::addColumn<int>("many");
    QTest::addColumn<int>("limit");

    QTest::newRow("nothing is found") << int(lines) + 1 << 200;
    QTest::newRow("less than is wanted") << 7'000 << 200;
    QTest::newRow("exactly what is wanted") << 10'000 << 12;
    QTest::newRow("more than is wanted") << 900 << 100;
    QTest::newRow("one line of many") << 1 << 1;
}

void TrafficSweepTest::helpChangesNothing()
{
    QFETCH(int, many);
    QFETCH(int, limit);
    const auto other = another();
    QVERIFY(other);
    const TrafficLines search(m_database->database(), everySo(many));

    const auto alone = search.newest(all(), limit, 60s);
    // Does all that is left to do, before who asks goes on.
    const auto helped =
        search.newest(all(), limit, 60s, [&other](const Help &help) { help(*other); });

    QVERIFY(alone && helped);
    QCOMPARE(ids(*alone), expected(many, limit));
    QCOMPARE(ids(*helped), expected(many, limit));
    QCOMPARE(helped->left.before, alone->left.before);
    QCOMPARE(helped->left.after, alone->left.after);
}

void TrafficSweepTest::twoThreadsFindTheSame()
{
    for (const int limit : {20, 60, 1'000}) {
        std::thread helper;
        const auto found = TrafficLines(m_database->database(), everySo(1'500))
                               .newest(all(), limit, 60s, [&](const Help &help) {
                                   helper = std::thread([this, help] {
                                       if (const auto other = another())
                                           help(*other);
                                   });
                               });
        if (helper.joinable())
            helper.join();

        QVERIFY(found);
        QCOMPARE(ids(*found), expected(1'500, limit));
    }
}

void TrafficSweepTest::helpIsNotAskedForWhereEnoughIsFound()
{
    bool asked = false;

    const auto found = TrafficLines(m_database->database(), everySo(2))
                           .newest(all(), 200, 60s, [&asked](const Help &) { asked = true; });

    QVERIFY(found);
    QCOMPARE(ids(*found).size(), 200);
    QVERIFY(!asked);
}

void TrafficSweepTest::aHelperThatFailsLeavesNoGap()
{
    const auto other = another();
    QVERIFY(other);
    other->setInterruption([] { return true; });

    const auto found = TrafficLines(m_database->database(), everySo(7'000))
                           .newest(all(), 200, 60s, [&other](const Help &help) { help(*other); });

    QVERIFY(found);
    QVERIFY(other->fault() != Fault::None);
    QCOMPARE(ids(*found), expected(7'000, 200));
    QVERIFY(found->left.isEmpty());
}

void TrafficSweepTest::helpThatComesTooLateDoesNothing()
{
    Help late;
    const auto found = TrafficLines(m_database->database(), everySo(7'000))
                           .newest(all(), 200, 60s, [&late](const Help &help) { late = help; });
    QVERIFY(found && late);
    const auto other = another();
    QVERIFY(other);
    other->setInterruption([] { return true; }); // it would notice

    late(*other);

    QCOMPARE(other->fault(), Fault::None);
}

void TrafficSweepTest::noTimeIsEnoughForOneStep()
{
    const TrafficLines search(m_database->database(), everySo(7'000));
    TrafficSpan left = all();
    QList<qint64> found;
    while (!left.isEmpty()) {
        const auto part = search.newest(left, 200, 0ms);
        QVERIFY(part && part->left.before < left.before);
        found += ids(*part);
        left = part->left;
    }

    QCOMPARE(found, expected(7'000, 200));
}

} // namespace gatehouse::storage

QTEST_GUILESS_MAIN(gatehouse::storage::TrafficSweepTest)
#include "tst_trafficsweep.moc"
