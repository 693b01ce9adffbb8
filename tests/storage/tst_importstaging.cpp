#include "storage/import/importstaging.h"

#include "storage/import/importedentries.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/statement.h"
#include "storage/transaction.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::UserId;
using storage::Database;
using storage::Destination;
using storage::Dialect;
using storage::ImportedKind;
using storage::ImportStaging;
using storage::Keys;
using support::TemporaryDatabase;

class ImportStagingTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void movesWhatWasGathered_data() { TemporaryDatabase::addRows(); }
    void movesWhatWasGathered();
    void isSeenByNobodyBefore_data() { TemporaryDatabase::addRows(); }
    void isSeenByNobodyBefore();
    void refusesWhatWasOvertaken_data() { TemporaryDatabase::addRows(); }
    void refusesWhatWasOvertaken();
    void tellsWhichRightIsMissing();

private:
    // A user, a token, a channel with two keys and a fingerprint.
    void gather(Database &database);
    static base::Result<> move(Database &database)
    {
        auto transaction = storage::Transaction::begin(database);
        if (!transaction)
            return base::fail(transaction.error());
        return ImportStaging(database).move().and_then([&] { return transaction->commit(); });
    }

    support::MarkingSealer m_sealer;
    const QByteArray m_print = QByteArray(32, 'f');
};

static domain::User user(qint64 id)
{
    return {.id = {id},
            .username = u"user-%1"_s.arg(id),
            .email = u"user@example.org"_s,
            .group = "vip",
            .balance = {-5},
            .inviter = {1},
            .createdAt = 9};
}

static domain::Token token(qint64 id, qint64 owner)
{
    return {.id = {id},
            .userId = {owner},
            .name = u"token-%1"_s.arg(id),
            .key = base::Secret(QByteArray("sk-") + QByteArray::number(id)),
            .keyHash = QByteArray(32, char('0' + id % 10)),
            .unlimited = true,
            .models = {u"m"_s}};
}

void ImportStagingTest::gather(Database &database)
{
    const std::vector<storage::NewUser> users{{.user = user(40), .passwordHash = "hash"},
                                              {.user = user(42), .passwordHash = "hash"}};
    QVERIFY(storage::UserRepository(database).insertAll(users, Destination::Staging));
    const std::vector<domain::Token> tokens{token(7, 42)};
    QVERIFY(storage::TokenRepository(database, m_sealer).insertAll(tokens, Destination::Staging));
    domain::Channel channel{.id = {5}, .name = u"channel"_s, .models = {u"m"_s}};
    channel.keys = {{.secret = base::Secret(u"one"_s)}, {.secret = base::Secret(u"two"_s)}};
    channel.proxy = u"http://user:password@proxy"_s;
    QVERIFY(storage::ChannelRepository(database, m_sealer)
                .insertAll({&channel, 1}, Destination::Staging));
    const std::vector<storage::ImportedEntry> entries{
        {.kind = ImportedKind::User, .fingerprint = m_print, .id = 40}};
    QVERIFY(storage::ImportedEntries(database).insertAll(entries, Destination::Staging));
}

void ImportStagingTest::movesWhatWasGathered()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    const auto opened = ImportStaging(database).open();
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().detail));
    gather(database);

    const auto moved = move(database);

    QVERIFY2(moved, moved ? "" : qPrintable(moved.error().detail));
    storage::UserRepository users(database);
    QCOMPARE(users.find({40}).value(), user(40));
    QCOMPARE(users.passwordHash({42}).value(), QByteArray("hash"));
    const auto tokens = storage::TokenRepository(database, m_sealer).all(Keys::Open);
    QVERIFY(tokens);
    QCOMPARE(tokens->size(), size_t(1));
    QCOMPARE(tokens->front().userId, UserId{42});
    QCOMPARE(tokens->front().key.reveal(), QByteArray("sk-7"));
    const auto channel = storage::ChannelRepository(database, m_sealer).find({5}, Keys::Open);
    QVERIFY2(channel, channel ? "" : qPrintable(channel.error().detail));
    QCOMPARE(channel->keys.size(), 2);
    QCOMPARE(channel->keys.back().secret.reveal(), QByteArray("two"));
    QCOMPARE(channel->proxy, u"http://user:password@proxy"_s);
    const auto entries = storage::ImportedEntries(database).all(ImportedKind::User);
    QCOMPARE(entries->value(m_print), 40);
    // The database gives out none of these ids again.
    QVERIFY(users.insert({.username = u"next"_s, .group = "default"}, "x")->value > 42);
    QVERIFY(ImportStaging(database).close());
}

void ImportStagingTest::isSeenByNobodyBefore()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    QVERIFY(ImportStaging(temporary.database()).open());
    gather(temporary.database());

    QCOMPARE(storage::UserRepository(temporary.database()).count().value(), 0);
    temporary.close(); // as of a program that was killed

    QCOMPARE(storage::UserRepository(temporary.database()).count().value(), 0);
    QVERIFY(ImportStaging(temporary.database()).open());
    QVERIFY(move(temporary.database())); // there is nothing to move
    QCOMPARE(storage::UserRepository(temporary.database()).count().value(), 0);
}

void ImportStagingTest::refusesWhatWasOvertaken()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    Database &database = temporary.database();
    storage::UserRepository users(database);
    QVERIFY(ImportStaging(database).open());
    gather(database);
    QVERIFY(users.insert({.username = u"user-40"_s, .group = "default"}, "x"));

    const auto moved = move(database);

    QVERIFY(!moved);
    QCOMPARE(moved.error().code, base::ErrorCode::Conflict);
    QCOMPARE(users.count().value(), 1);
    const std::vector<domain::Token> orphan{token(8, 4711)};
    QVERIFY(ImportStaging(database).open());
    QVERIFY(storage::TokenRepository(database, m_sealer).insertAll(orphan, Destination::Staging));
    QCOMPARE(move(database).error().code, base::ErrorCode::Conflict);
}

// A user of PostgreSQL from whom the right to temporary tables was taken.
void ImportStagingTest::tellsWhichRightIsMissing()
{
    TemporaryDatabase temporary(Dialect::Kind::Postgresql);
    Database &database = temporary.database();
    const QString rights =
        u"DO $$ BEGIN"
        " CREATE ROLE importer;"
        " EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());"
        " GRANT USAGE ON SCHEMA public TO importer;"
        " GRANT ALL ON ALL TABLES IN SCHEMA public TO importer;"
        " END $$"_s;
    QVERIFY(storage::executeDirectly(database, rights));
    QVERIFY(storage::executeDirectly(database, u"SET ROLE importer"_s));
    const auto refused = ImportStaging(database).open();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::Denied);
    const QString words = refused.error().message.english();
    QVERIFY2(words.contains(u"GRANT TEMPORARY ON DATABASE "_s), qPrintable(words));
    QVERIFY2(words.endsWith(u" TO importer"_s), qPrintable(words));

    QVERIFY(storage::executeDirectly(database, u"RESET ROLE"_s));
    QVERIFY(storage::executeDirectly(database, words.mid(words.indexOf(u"GRANT"_s))));
    QVERIFY(storage::executeDirectly(database, u"SET ROLE importer"_s));
    QVERIFY(ImportStaging(database).open());
}

QTEST_GUILESS_MAIN(ImportStagingTest)
#include "tst_importstaging.moc"
