#include "storage/statement.h"
#include "storage/traffic/usagerepository.h"
#include "support/administrationfixture.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using support::AdministrationFixture;

class MaintenanceServiceTest : public QObject
{
    Q_OBJECT

private slots:
    void givesBackWhatIsUnused();
    void whatIsCancelledLeavesTheDatabaseWhole();
    void keepsWhatIsStored();
    void aWholeDatabaseIsFoundWhole();
    void aDamagedDatabaseIsFound();

private:
    static void addRequests(AdministrationFixture &house, int count);
};

void MaintenanceServiceTest::addRequests(AdministrationFixture &house, int count)
{
    const auto add = [count](storage::Database &database) -> base::Result<> {
        for (int i = 0; i < count; ++i) {
            domain::UsageRecord record{.requestId = QByteArray::number(i),
                                       .createdAt = 1,
                                       .model = QByteArray(200, 'm'),
                                       .operation = "chat",
                                       .httpStatus = 200};
            if (auto stored = storage::UsageRepository(database).insert(record); !stored)
                return base::fail(stored.error());
        }
        return {};
    };
    QVERIFY(house.wait(house.storage->write(add)));
}

void MaintenanceServiceTest::givesBackWhatIsUnused()
{
    AdministrationFixture house;
    house.start();
    MaintenanceService &maintenance = house.administration->maintenance;
    QVERIFY(maintenance.isOffered());
    addRequests(house, 3'000);
    QVERIFY(house.wait(house.administration->usage.removeOlder(house.root(), 2)));
    const auto before = house.wait(maintenance.space());
    QVERIFY(before);
    QVERIFY(before->unused > 0);

    const auto after = house.wait(maintenance.compact());

    QVERIFY2(after,
             after ? "" : qPrintable(after.error().message.english() + after.error().detail));
    QCOMPARE(after->unused, 0);
    QVERIFY(after->whole < before->whole);
    QCOMPARE(house.wait(maintenance.space()).value(), *after);
}

void MaintenanceServiceTest::whatIsCancelledLeavesTheDatabaseWhole()
{
    AdministrationFixture house;
    house.start();
    MaintenanceService &maintenance = house.administration->maintenance;
    addRequests(house, 3'000);
    auto checked = maintenance.check();
    auto compacted = maintenance.compact(); // waits for it

    maintenance.cancel();

    const auto outcome = house.wait(compacted);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, base::ErrorCode::Cancelled);
    const auto first = house.wait(checked); // may have been quicker
    QVERIFY(first || first.error().code == base::ErrorCode::Cancelled);
    QVERIFY(house.wait(maintenance.check())); // what is asked for later is not concerned
    QVERIFY(house.wait(maintenance.compact()));
}

void MaintenanceServiceTest::keepsWhatIsStored()
{
    AdministrationFixture house;
    house.start();
    addRequests(house, 10);

    QVERIFY(house.wait(house.administration->maintenance.compact()));

    addRequests(house, 0); // the writing thread goes on
    const auto count = [](storage::Database &database) {
        return storage::numberOf(
            database, storage::execute(database, u"SELECT count(*) FROM usage_records"_s));
    };
    QCOMPARE(house.wait(house.storage->read(count)).value(), 10);
}

void MaintenanceServiceTest::aWholeDatabaseIsFoundWhole()
{
    AdministrationFixture house;
    house.start();

    QVERIFY(house.wait(house.administration->maintenance.check()));
}

// An index that lacks its rows, as after a fault of the disk: reading alone goes on well.
void MaintenanceServiceTest::aDamagedDatabaseIsFound()
{
    AdministrationFixture house;
    house.start();
    addRequests(house, 50);
    const auto spoil = [](storage::Database &database) {
        return storage::executeDirectly(database, u"PRAGMA writable_schema = ON"_s)
            .and_then([&] {
                return storage::executeDirectly(
                    database,
                    u"UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema"
                    " WHERE name = 'users') WHERE name = 'usage_records'"_s);
            })
            .and_then([&] {
                return storage::executeDirectly(database, u"PRAGMA writable_schema = RESET"_s);
            });
    };
    QVERIFY(house.wait(house.storage->write(spoil)));

    const auto checked = house.wait(house.administration->maintenance.check());

    QVERIFY(!checked);
    QVERIFY(checked.error().message.english().contains(u"Restore the newest backup"_s));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::MaintenanceServiceTest)
#include "tst_maintenanceservice.moc"
