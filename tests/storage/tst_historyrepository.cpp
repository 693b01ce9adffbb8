#include "storage/repositories/historyrepository.h"

#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Author;
using domain::HistoryAction;
using domain::HistoryEntry;
using domain::HistoryObject;
using storage::Dialect;
using storage::HistoryFilter;
using storage::HistoryRepository;
using support::TemporaryDatabase;

class HistoryRepositoryTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void whatIsInsertedIsListed_data() { TemporaryDatabase::addRows(); }
    void whatIsInsertedIsListed();
    void filters_data() { TemporaryDatabase::addRows(); }
    void filters();
    void theOldestGoFirst_data() { TemporaryDatabase::addRows(); }
    void theOldestGoFirst();

private:
    static HistoryEntry entry(const QString &name, qint64 at)
    {
        return {.at = at,
                .author = {.kind = Author::Kind::User,
                           .user = {7},
                           .name = u"Ärla"_s,
                           .way = Author::Way::Redo},
                .object = HistoryObject::Token,
                .objectId = 3,
                .objectName = name,
                .action = HistoryAction::Changed,
                .fields = {{.field = u"weight"_s, .before = 1, .after = 2.5},
                           {.field = u"unlimited"_s, .before = true, .after = false},
                           {.field = u"key"_s, .hidden = true}}};
    }
    static base::Result<std::vector<HistoryEntry>> list(TemporaryDatabase &temporary,
                                                        const HistoryFilter &filter)
    {
        return HistoryRepository(temporary.database()).list(filter, 1'000, QTimeZone::utc());
    }
    static qsizetype found(TemporaryDatabase &temporary, const QString &filter)
    {
        const auto entries =
            list(temporary, {.query = domain::filterQueryFrom(filter, storage::historyKeys())});
        return entries ? static_cast<qsizetype>(entries->size()) : -1;
    }
};

void HistoryRepositoryTest::whatIsInsertedIsListed()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    HistoryEntry first = entry(u"laptop"_s, 100);

    QVERIFY(HistoryRepository(temporary.database()).insert(first));

    const auto entries = list(temporary, {.object = HistoryObject::Token, .objectId = 3});
    QVERIFY(entries);
    QCOMPARE(entries->size(), size_t(1));
    first.id = entries->front().id;
    QCOMPARE(entries->front(), first);
    QVERIFY(list(temporary, {.object = HistoryObject::Token, .objectId = 4})->empty());
    QVERIFY(list(temporary, {.object = HistoryObject::Channel, .objectId = 3})->empty());
}

void HistoryRepositoryTest::filters()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    QVERIFY(HistoryRepository(temporary.database()).insert(entry(u"100%_sure"_s, 100)));
    QVERIFY(HistoryRepository(temporary.database()).insert(entry(u"laptop"_s, 900)));

    QCOMPARE(found(temporary, {}), 2);
    QCOMPARE(found(temporary, u"LAPTOP"_s), 1);
    QCOMPARE(found(temporary, u"-laptop"_s), 1);
    QCOMPARE(found(temporary, u"name:100%"_s), 1);
    QCOMPARE(found(temporary, u"name:1_0"_s), 0); // no pattern of SQL
    QCOMPARE(found(temporary, u"name:lap*"_s), 1);
    QCOMPARE(found(temporary, u"name:ap"_s), 1);
    QCOMPARE(found(temporary, u"by:Ärla"_s), 2);
    QCOMPARE(found(temporary, u"by:computer"_s), 0);
    QCOMPARE(found(temporary, u"weight"_s), 2);
    QCOMPARE(found(temporary, u"since:1970-01-01"_s), 2);
    QCOMPARE(found(temporary, u"until:1970-01-01"_s), 0);
    QCOMPARE(found(temporary, u"since:nonsense"_s), -1);
}

void HistoryRepositoryTest::theOldestGoFirst()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    HistoryRepository history(temporary.database());
    for (const qint64 at : {100, 200, 300, 400})
        QVERIFY(history.insert(entry(QString::number(at), at)));

    QCOMPARE(*history.removeOlder(350, 2), 2);
    QCOMPARE(*history.removeOlder(350, 2), 1);
    QCOMPARE(*history.removeOlder(350, 2), 0);

    const auto left = list(temporary, {});
    QCOMPARE(left->size(), size_t(1));
    QCOMPARE(left->front().objectName, u"400"_s);
}

QTEST_GUILESS_MAIN(HistoryRepositoryTest)
#include "tst_historyrepository.moc"
