#include "storage/repositories/trash.h"
#include "storage/repositories/userrepository.h"

#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Quota;
using domain::User;
using domain::UserId;
using storage::Dialect;
using storage::UserOrder;
using storage::UserRepository;
using support::TemporaryDatabase;

class UserRepositoryTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void whatIsInsertedIsFound_data() { TemporaryDatabase::addRows(); }
    void whatIsInsertedIsFound();
    void manyAreInsertedAtOnce_data() { TemporaryDatabase::addRows(); }
    void manyAreInsertedAtOnce();
    void aNameIsTakenOnce_data() { TemporaryDatabase::addRows(); }
    void aNameIsTakenOnce();
    void listsAndSearch_data() { TemporaryDatabase::addRows(); }
    void listsAndSearch();
    void passwordsAndSessions_data() { TemporaryDatabase::addRows(); }
    void passwordsAndSessions();
    void balances_data() { TemporaryDatabase::addRows(); }
    void balances();
    void removingFreesTheNameAndVoidsAll_data() { TemporaryDatabase::addRows(); }
    void removingFreesTheNameAndVoidsAll();
    void restoringBringsAllBack_data() { TemporaryDatabase::addRows(); }
    void restoringBringsAllBack();
    void purgingForgetsThePerson_data() { TemporaryDatabase::addRows(); }
    void purgingForgetsThePerson();
    void signInNames_data() { TemporaryDatabase::addRows(); }
    void signInNames();
};

static User fullUser(const QString &name)
{
    return {.username = name,
            .displayName = u"Dörte"_s,
            .email = name + u"@example.com"_s,
            .role = domain::Role::Administrator,
            .status = domain::UserStatus::Disabled,
            .group = "vip",
            .balance = {-5},
            .budget = {.period = domain::BudgetPeriod::Month,
                       .limit = {7'000'000'001},
                       .resetsAt = 7'000'000'002,
                       .warning = 0},
            .used = {6},
            .requestCount = 7,
            .invitationCode = u"code-"_s + name,
            .inviter = {8},
            .createdAt = 9,
            .sessionEpoch = 10};
}

void UserRepositoryTest::whatIsInsertedIsFound()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    User expected = fullUser(u"root"_s);

    expected.id = users.insert(expected, "hash").value();

    QCOMPARE(users.find(expected.id).value(), expected);
    QCOMPARE(users.findByName(u"root"_s)->value(), expected);
    QCOMPARE(users.findByInvitationCode(u"code-root"_s)->value(), expected);
    QVERIFY(!users.findByName(u"nobody"_s)->has_value());
    QVERIFY(users.findNamesake(u"Root"_s, {})->has_value());
    QVERIFY(!users.findNamesake(u"Root"_s, expected.id)->has_value());
    QVERIFY(!users.findNamesake(u"roof"_s, {})->has_value());
    QVERIFY(!users.findByInvitationCode(u""_s)->has_value());
    expected.displayName = u"Other"_s;
    expected.group = "default";
    QVERIFY(users.update(expected));
    QCOMPARE(users.find(expected.id).value(), expected);
}

void UserRepositoryTest::manyAreInsertedAtOnce()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    std::vector<storage::NewUser> rows;
    for (const QString &name : {u"ann"_s, u"bob"_s, u"carol"_s})
        rows.push_back({.user = fullUser(name), .passwordHash = name.toUtf8()});
    rows[1].user.id = {40};
    rows[1].accessTokenHash = QByteArray(32, 't');

    const auto ids = users.insertAll(rows);

    QVERIFY2(ids, ids ? "" : qPrintable(ids.error().detail));
    QCOMPARE(ids->size(), size_t(3));
    QCOMPARE(ids->at(1), UserId{40});
    for (size_t i = 0; i < rows.size(); ++i) {
        rows[i].user.id = ids->at(i);
        QCOMPARE(users.find(ids->at(i)).value(), rows[i].user);
        QCOMPARE(users.passwordHash(ids->at(i)).value(), rows[i].passwordHash);
    }
    QCOMPARE(users.findByAccessToken(QByteArray(32, 't'))->value().id, UserId{40});
    QVERIFY(users.insert(fullUser(u"dave"_s), "d")->value > 42);
}

void UserRepositoryTest::aNameIsTakenOnce()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    QVERIFY(users.insert({.username = u"ann"_s}, "hash"));

    const auto second = users.insert({.username = u"ann"_s}, "hash");

    QVERIFY(!second);
    QCOMPARE(second.error().code, base::ErrorCode::Conflict);
    QVERIFY(!second.error().detail.contains("hash"_L1));
    QCOMPARE(users.count().value(), 1); // the connection still works
}

void UserRepositoryTest::listsAndSearch()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    const UserId rich = users.insert({.username = u"rich"_s, .balance = {100}}, "h").value();
    const UserId busy =
        users.insert({.username = u"busy_bee"_s, .used = {50}, .requestCount = 9}, "h").value();
    const UserId last = users.insert({.username = u"last"_s, .email = u"R@x"_s}, "h").value();

    QCOMPARE(users.all()->front().id, last);
    QCOMPARE(users.all(UserOrder::Balance)->front().id, rich);
    QCOMPARE(users.all(UserOrder::Used)->front().id, busy);
    QCOMPARE(users.all(UserOrder::RequestCount)->front().id, busy);
    QCOMPARE(users.all(UserOrder::NewestFirst, {.offset = 1, .limit = 1})->front().id, busy);
    QCOMPARE(users.all(UserOrder::NewestFirst, {.limit = 1, .before = last.value})->front().id,
             busy);
    QCOMPARE(users.search(u"r"_s)->size(), 2u);
    QCOMPARE(users.search(u"busy_"_s)->size(), 1u);
    QCOMPARE(users.search(u"busy%"_s)->size(), 0u);
    QCOMPARE(users.search(QString::number(last.value))->size(), 1u);
}

void UserRepositoryTest::passwordsAndSessions()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    const UserId id = users.insert({.username = u"ann"_s}, "first").value();

    QCOMPARE(users.setPasswordHash(id, "second").value(), 1);
    QCOMPARE(users.raiseSessionEpoch(id).value(), 2);
    QVERIFY(users.renewPasswordHash(id, "first", "wrong"));
    QCOMPARE(users.passwordHash(id).value(), "second");
    QVERIFY(users.renewPasswordHash(id, "second", "third"));
    QCOMPARE(users.passwordHash(id).value(), "third");
    QCOMPARE(users.find(id)->sessionEpoch, 2);
    QVERIFY(users.setAccessTokenHash(id, QByteArray("\0\1hash", 6)));
    QCOMPARE((*users.findByAccessToken(QByteArray("\0\1hash", 6)))->id, id);
    QCOMPARE(users.raiseSessionEpoch(id).value(), 3);
    QVERIFY(users.findByAccessToken(QByteArray("\0\1hash", 6))->has_value());
    QVERIFY(users.setAccessTokenHash(id, {}));
    QVERIFY(!users.findByAccessToken({})->has_value());
    // What was stolen with a session ends with it.
    QVERIFY(users.setAccessTokenHash(id, "token"));
    QVERIFY(users.setPasswordHash(id, "fourth"));
    QVERIFY(!users.findByAccessToken("token")->has_value());
    QVERIFY(users.setAccessTokenHash(id, "token"));
    QVERIFY(users.signOut(id));
    QVERIFY(!users.findByAccessToken("token")->has_value());
    QVERIFY(users.setAccessTokenHash(id, "token"));
    QVERIFY(users.signOutAll());
    QVERIFY(!users.findByAccessToken("token")->has_value());
    QCOMPARE(users.find(id)->sessionEpoch, 6);
    QCOMPARE(users.setPasswordHash({99}, "x").error().code, base::ErrorCode::NotFound);
}

void UserRepositoryTest::balances()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    const UserId id =
        users.insert({.username = u"ann"_s, .balance = {500'000'000'000'000}}, "h").value();

    const auto less = users.adjustBalance(id, {-500'000'000'000'001});
    const auto set = users.setBalance(id, {41});

    QCOMPARE(less->before.units, 500'000'000'000'000);
    QCOMPARE(less->after.units, -1);
    QCOMPARE(set->delta(), Quota{42});
    QCOMPARE(users.find(id)->balance, Quota{41});
    QCOMPARE(users.adjustBalance({99}, {1}).error().code, base::ErrorCode::NotFound);
    // What does not fit ends at the limit instead of failing.
    QVERIFY(users.adjustBalance(id, {std::numeric_limits<qint64>::max()}));
    QCOMPARE(users.find(id)->balance.units, std::numeric_limits<qint64>::max());
}

void UserRepositoryTest::removingFreesTheNameAndVoidsAll()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    const UserId id = users.insert(fullUser(u"ann"_s), "hash").value();
    QVERIFY(users.setAccessTokenHash(id, "token"));

    QVERIFY(users.remove(id, 1000));

    QVERIFY(!users.findByName(u"ann"_s)->has_value());
    QVERIFY(!users.findByAccessToken("token")->has_value());
    QCOMPARE(users.all()->size(), 0u);
    QCOMPARE(users.find(id)->status, domain::UserStatus::Deleted);
    QCOMPARE(users.find(id)->sessionEpoch, 11);
    QVERIFY(users.insert(fullUser(u"ann"_s), "hash"));
    QCOMPARE(users.remove(id, 1000).error().code, base::ErrorCode::NotFound);
}

void UserRepositoryTest::restoringBringsAllBack()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    domain::User ann = fullUser(u"ann"_s);
    ann.invitationCode.clear();
    const UserId id = users.insert(ann, "hash").value();
    QVERIFY(users.setAccessTokenHash(id, "token"));
    const domain::User before = users.find(id).value();
    QVERIFY(users.remove(id, 1000));
    QVERIFY(users.insert({.username = u"ann"_s}, "other"));

    const auto restored = users.restore(id);

    QVERIFY(restored);
    QCOMPARE(restored->username, u"ann-2"_s);
    QCOMPARE(restored->status, before.status);
    QCOMPARE(restored->email, before.email);
    QCOMPARE(restored->balance, before.balance);
    QCOMPARE(users.passwordHash(id).value(), "hash");
    QCOMPARE((*users.findByAccessToken("token"))->id, id);
    QCOMPARE(users.restore(id).error().code, base::ErrorCode::NotFound);
}

void UserRepositoryTest::purgingForgetsThePerson()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    const UserId id = users.insert(fullUser(u"ann"_s), "hash").value();
    QVERIFY(users.remove(id, 1000));

    QVERIFY(purgeDeleted(temporary.database(), 1001));

    QCOMPARE(users.restore(id).error().code, base::ErrorCode::NotFound);
    QVERIFY(users.passwordHash(id)->isEmpty());
    QVERIFY(users.find(id)->email.isEmpty());
    QVERIFY(users.find(id)->displayName.isEmpty());
}

void UserRepositoryTest::signInNames()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    UserRepository users(temporary.database());
    const UserId ann = users.insert({.username = u"ann"_s, .email = u"a@x"_s}, "h").value();
    QVERIFY(users.insert({.username = u"bob"_s, .email = u"b@x"_s}, "h"));
    QVERIFY(users.insert({.username = u"eve"_s, .email = u"b@x"_s}, "h"));
    QVERIFY(users.insert({.username = u"nul\0l"_s}, "h"));

    QCOMPARE((*users.findByNameOrEmail(u"ann"_s))->id, ann);
    QCOMPARE((*users.findByNameOrEmail(u"a@x"_s))->id, ann);
    QVERIFY(!users.findByNameOrEmail(u"b@x"_s)->has_value());
    QVERIFY(!users.findByNameOrEmail(u""_s)->has_value());
    QVERIFY(!users.findByNameOrEmail(u"' OR 1=1 --"_s)->has_value());
    QVERIFY(users.findByName(u"null"_s)->has_value());
}

QTEST_GUILESS_MAIN(UserRepositoryTest)
#include "tst_userrepository.moc"
