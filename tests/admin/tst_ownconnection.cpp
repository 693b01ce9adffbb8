#include "admin/upkeep/ownconnection.h"
#include "storage/statement.h"
#include "support/administrationfixture.h"

#include <atomic>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Result;
using storage::Database;
using support::AdministrationFixture;

class OwnConnectionTest : public QObject
{
    Q_OBJECT

private:
    // Would never end by itself.
    static Result<qint64> count(Database &database)
    {
        return storage::numberOf(
            database,
            storage::execute(database,
                             u"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM"
                             " numbers) SELECT count(*) FROM numbers"_s));
    }

private slots:
    void whatWasBrokenOffIsCancelled_data();
    void whatWasBrokenOffIsCancelled();
    void anotherFailureStaysWhatItIs();
    void whatWasDoneBeforeTheStopIsASuccess();
};

void OwnConnectionTest::whatWasBrokenOffIsCancelled_data()
{
    QTest::addColumn<bool>("atEnd");
    QTest::newRow("by its own request") << false;
    QTest::newRow("with all others") << true;
}

void OwnConnectionTest::whatWasBrokenOffIsCancelled()
{
    QFETCH(bool, atEnd);
    AdministrationFixture house;
    house.start();
    OwnConnection connection;
    std::stop_source stop;
    std::atomic<bool> hasBegun = false;
    const auto counted = connection.run(
        house.storage->options(),
        Database::Access::ReadOnly,
        [&hasBegun](Database &database) {
            hasBegun = true;
            return count(database);
        },
        stop);
    QTRY_VERIFY(hasBegun);

    if (atEnd)
        connection.end();
    else
        stop.request_stop();

    const auto outcome = house.wait(counted);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
}

void OwnConnectionTest::anotherFailureStaysWhatItIs()
{
    AdministrationFixture house;
    house.start();
    OwnConnection connection;

    const auto outcome = house.wait(connection.run(
        [](const std::stop_token &) -> Result<> {
            return base::fail(ErrorCode::Unavailable, base::Message());
        },
        std::stop_source()));

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Unavailable);
}

void OwnConnectionTest::whatWasDoneBeforeTheStopIsASuccess()
{
    AdministrationFixture house;
    house.start();
    OwnConnection connection;
    std::stop_source stop;

    const auto outcome = house.wait(connection.run(
        [&stop](const std::stop_token &) -> Result<int> {
            stop.request_stop();
            return 7;
        },
        stop));

    QVERIFY(outcome);
    QCOMPARE(*outcome, 7);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::OwnConnectionTest)
#include "tst_ownconnection.moc"
