#include "storage/repositories/tokenrepository.h"

#include "storage/repositories/userrepository.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"

#include <QCryptographicHash>
#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Quota;
using domain::Token;
using domain::TokenId;
using domain::UserId;
using storage::Dialect;
using storage::Keys;
using storage::TokenOrder;
using storage::TokenRepository;
using support::TemporaryDatabase;

class TokenRepositoryTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void whatIsInsertedIsFound_data() { TemporaryDatabase::addRows(); }
    void whatIsInsertedIsFound();
    void manyAreInsertedAtOnce_data() { TemporaryDatabase::addRows(); }
    void manyAreInsertedAtOnce();
    void anothersTokenIsOutOfReach_data() { TemporaryDatabase::addRows(); }
    void anothersTokenIsOutOfReach();
    void listsAndSearch_data() { TemporaryDatabase::addRows(); }
    void listsAndSearch();
    void updateKeepsKeyAndBalance_data() { TemporaryDatabase::addRows(); }
    void updateKeepsKeyAndBalance();
    void aSealedKeyOfAnotherTokenDoesNotOpen();

private:
    static Token token(UserId owner, const QByteArray &key);
    static std::pair<UserId, UserId> twoUsers(TemporaryDatabase &temporary);

    support::MarkingSealer m_sealer;
};

Token TokenRepositoryTest::token(UserId owner, const QByteArray &key)
{
    return {.userId = owner,
            .name = u"tok_"_s + QString::fromUtf8(key),
            .key = base::Secret(key),
            .keyHash = QCryptographicHash::hash(key, QCryptographicHash::Sha256),
            .status = domain::TokenStatus::Disabled,
            .createdAt = 1,
            .accessedAt = 2,
            .expiresAt = 3,
            .balance = {4},
            .unlimited = true,
            .budget = {.period = domain::BudgetPeriod::Week,
                       .limit = {7'000'000'001},
                       .resetsAt = 7'000'000'002,
                       .warning = 9},
            .used = {5},
            .models = {u"a"_s, u"b,c"_s},
            .addressRanges = domain::addressRangesFrom(u"10.0.0.0/8, ::1"_s).value(),
            .requestsPerMinute = 6,
            .tokensPerMinute = 7'000'000'000,
            .concurrentRequests = 8,
            .capture = domain::TokenCapture::Never};
}

std::pair<UserId, UserId> TokenRepositoryTest::twoUsers(TemporaryDatabase &temporary)
{
    storage::UserRepository users(temporary.database());
    const UserId ann = users.insert({.username = u"ann"_s}, "h").value();
    return {ann, users.insert({.username = u"bob"_s}, "h").value()};
}

void TokenRepositoryTest::whatIsInsertedIsFound()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    TokenRepository tokens(temporary.database(), m_sealer);
    const auto [ann, bob] = twoUsers(temporary);
    Token expected = token(ann, "key");

    expected.id = tokens.insert(expected).value();

    QCOMPARE(tokens.find(ann, expected.id, Keys::Open).value(), expected);
    QCOMPARE(tokens.findByHash(expected.keyHash, Keys::Open)->value(), expected);
    QVERIFY(tokens.findByHash(expected.keyHash, Keys::Leave)->value().key.isEmpty());
    QVERIFY(!tokens.findByHash("nothing", Keys::Open)->has_value());
    QCOMPARE(tokens.insert(expected).error().code, base::ErrorCode::Conflict);
    QCOMPARE(tokens.count().value(), 1);
}

// As an import does, in which some keep their ids.
void TokenRepositoryTest::manyAreInsertedAtOnce()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    TokenRepository tokens(temporary.database(), m_sealer);
    const auto [ann, bob] = twoUsers(temporary);
    std::vector<Token> rows{token(ann, "one"), token(bob, "two"), token(ann, "three")};
    rows[2].id = {40};

    const auto ids = tokens.insertAll(rows);

    QVERIFY2(ids, ids ? "" : qPrintable(ids.error().detail));
    QCOMPARE(ids->size(), size_t(3));
    QCOMPARE(ids->at(2), TokenId{40});
    for (size_t i = 0; i < rows.size(); ++i) {
        rows[i].id = ids->at(i);
        QCOMPARE(tokens.findOfAnyone(rows[i].id, Keys::Open).value(), rows[i]);
    }
    QVERIFY(tokens.insert(token(bob, "four"))->value > 42);
    // One that cannot be stored keeps all others out.
    std::vector<Token> twice{token(ann, "five"), token(ann, "five")};
    QCOMPARE(tokens.insertAll(twice).error().code, base::ErrorCode::Conflict);
    QVERIFY(!tokens.findByHash(twice[0].keyHash, Keys::Leave)->has_value());
    QVERIFY(tokens.insertAll({})->empty());
}

void TokenRepositoryTest::anothersTokenIsOutOfReach()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    TokenRepository tokens(temporary.database(), m_sealer);
    const auto [ann, bob] = twoUsers(temporary);
    const TokenId id = tokens.insert(token(ann, "key")).value();
    Token stolen = tokens.find(ann, id, Keys::Leave).value();
    const Token before = stolen;
    stolen.userId = bob;
    stolen.name = u"stolen"_s;

    const auto code = [](const auto &result) { return result.error().code; };
    using base::ErrorCode;
    QCOMPARE(code(tokens.find(bob, id, Keys::Open)), ErrorCode::NotFound);
    QCOMPARE(code(tokens.update(stolen)), ErrorCode::NotFound);
    QCOMPARE(code(tokens.setStatus(bob, id, domain::TokenStatus::Enabled)), ErrorCode::NotFound);
    QCOMPARE(code(tokens.adjustBalance(bob, id, {1})), ErrorCode::NotFound);
    QCOMPARE(code(tokens.setBalance(bob, id, {1})), ErrorCode::NotFound);
    QCOMPARE(code(tokens.remove(bob, id, 1000)), ErrorCode::NotFound);
    QCOMPARE(tokens.ofOwner(bob, Keys::Open)->size(), 0u);
    QCOMPARE(tokens.search(bob, u"tok"_s, Keys::Open)->size(), 0u);
    QCOMPARE(tokens.find(ann, id, Keys::Leave).value(), before);
}

void TokenRepositoryTest::listsAndSearch()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    TokenRepository tokens(temporary.database(), m_sealer);
    const auto [ann, bob] = twoUsers(temporary);
    Token rich = token(ann, "rich");
    rich.balance = {900};
    rich.id = tokens.insert(rich).value();
    Token used = token(ann, "used");
    used.used = {900};
    used.id = tokens.insert(used).value();
    const TokenId last = tokens.insert(token(ann, "last")).value();
    QVERIFY(tokens.insert(token(bob, "other")));

    QCOMPARE(tokens.ofOwner(ann, Keys::Leave)->front().id, last);
    QCOMPARE(tokens.ofOwner(ann, Keys::Open, TokenOrder::Balance)->front(), rich);
    QCOMPARE(tokens.ofOwner(ann, Keys::Open, TokenOrder::Used)->front(), used);
    QCOMPARE(tokens.ofOwner(ann, Keys::Leave, TokenOrder::NewestFirst, {.offset = 2, .limit = 9})
                 ->size(),
             1u);
    QCOMPARE(
        tokens.ofOwner(ann, Keys::Leave, TokenOrder::NewestFirst, {.before = last.value})->size(),
        2u);
    QCOMPARE(tokens.all(Keys::Leave, {.before = last.value})->size(), 2u);
    QCOMPARE(tokens.search(ann, u"TOK_r"_s, Keys::Leave)->size(), 1u);
    QCOMPARE(tokens.search(ann, u"tok_%"_s, Keys::Leave)->size(), 0u);
    QCOMPARE(tokens.all(Keys::Leave)->size(), 4u);
}

void TokenRepositoryTest::updateKeepsKeyAndBalance()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    TokenRepository tokens(temporary.database(), m_sealer);
    const UserId ann = twoUsers(temporary).first;
    const TokenId id = tokens.insert(token(ann, "key")).value();
    Token changed = tokens.find(ann, id, Keys::Leave).value();
    changed.name = u"new"_s;
    changed.models.clear();
    changed.addressRanges.clear();
    changed.balance = {77};

    QVERIFY(tokens.update(changed));
    QCOMPARE(tokens.setBalance(ann, id, {10})->delta(), Quota{6});
    QCOMPARE(tokens.adjustBalance(ann, id, {-11})->after, Quota{-1});

    const Token found = tokens.find(ann, id, Keys::Open).value();
    QCOMPARE(found.name, u"new"_s);
    QVERIFY(found.models.isEmpty() && found.addressRanges.isEmpty());
    QCOMPARE(found.key.reveal(), "key");
    QCOMPARE(found.balance, Quota{-1});
    QVERIFY(tokens.remove(ann, id, 1000));
}

void TokenRepositoryTest::aSealedKeyOfAnotherTokenDoesNotOpen()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    TokenRepository tokens(temporary.database(), m_sealer);
    const UserId ann = twoUsers(temporary).first;
    const TokenId first = tokens.insert(token(ann, "first")).value();
    QVERIFY(tokens.insert(token(ann, "second")));
    QSqlQuery query(temporary.database().connection());
    QVERIFY(query.exec(u"UPDATE tokens SET key_sealed = (SELECT max(key_sealed) FROM tokens)"_s));
    QVERIFY(query.exec(u"UPDATE tokens SET key_sealed = (SELECT key_sealed FROM tokens"
                       " WHERE id <> 1) WHERE id = 1"_s));

    const auto swapped = tokens.ofOwner(ann, Keys::Open);

    QVERIFY(!swapped);
    QVERIFY(tokens.find(ann, first, Keys::OpenIfPossible).has_value());
}

QTEST_GUILESS_MAIN(TokenRepositoryTest)
#include "tst_tokenrepository.moc"
