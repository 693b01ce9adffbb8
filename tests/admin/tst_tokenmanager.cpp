#include "relay/admission/caller.h"
#include "storage/repositories/formerkeyuses.h"
#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using base::ErrorCode;
using domain::Token;
using domain::TokenId;
using domain::TokenStatus;
using support::AdministrationFixture;

class TokenManagerTest : public QObject
{
    Q_OBJECT

private:
    static Token make(AdministrationFixture &house, const QString &name = u"laptop"_s)
    {
        const auto made = house.wait(house.administration->tokenManager.create(
            house.root(), house.root().id, {.name = name, .balance = {1'000}}));
        if (!made)
            qFatal("%s", qPrintable(made.error().message.english()));
        return *made;
    }
    static relay::Admitted<relay::Caller> identify(AdministrationFixture &house,
                                                   const base::Secret &key)
    {
        return relay::identify(*house.administration->publisher.catalog(),
                               key.reveal(),
                               QHostAddress(QHostAddress::LocalHost),
                               house.administration->foundation.now());
    }

private slots:
    void onlyAdministrators();
    void listsWithoutKeys();
    void aRotatedKeyStaysValidForAWhile();
    void tellsWhoStillUsesTheFormerKey();
    void aRotationWithoutGrace();
    void deletedOnesAreRefusedAndComeBack();
    void changesAreAllOrNone();
    void undoKeepsWhatWasSpent();
    void undoTakesNoMoreThanIsLeft();
    void undoLeavesLaterChanges();
    void whatWasSwitchedOffSinceStaysOff();
    void severalAreToppedUpOrNone();
    void aRefusalAmongSeveralNamesTheToken();
    void toppingUpAndResetting();
};

void TokenManagerTest::onlyAdministrators()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    const Actor user{.id = {2}, .username = u"bob"_s, .role = domain::Role::User};
    TokenManager &tokens = house.administration->tokenManager;

    QCOMPARE(house.wait(tokens.list(user)).error().code, ErrorCode::Denied);
    QCOMPARE(house.wait(tokens.reveal(user, token.id)).error().code, ErrorCode::Denied);
    QCOMPARE(house.wait(tokens.rotate(user, token.id, 0s)).error().code, ErrorCode::Denied);
    QCOMPARE(house.wait(tokens.remove(user, {token.id})).error().code, ErrorCode::Denied);
    QCOMPARE(house.wait(tokens.topUp(user, token.id, {1})).error().code, ErrorCode::Denied);
    QVERIFY(identify(house, token.key));
}

void TokenManagerTest::listsWithoutKeys()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;

    const auto list = house.wait(tokens.list(house.root()));

    QVERIFY(list);
    const TokenListing &listing = list->front();
    QCOMPARE(listing.token.id, token.id);
    QVERIFY(listing.token.key.isEmpty());
    QCOMPARE(listing.owner, u"root"_s);
    QVERIFY(listing.maskedKey.startsWith("sk-"_L1));
    QVERIFY(listing.maskedKey.endsWith(QString::fromLatin1(token.key.reveal().last(4))));
    QVERIFY(!listing.maskedKey.contains(QString::fromLatin1(token.key.reveal())));
    QCOMPARE(house.wait(tokens.reveal(house.root(), token.id))->reveal(),
             "sk-" + token.key.reveal());
}

void TokenManagerTest::aRotatedKeyStaysValidForAWhile()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;

    const auto rotated = house.wait(tokens.rotate(house.root(), token.id, 1h));

    QVERIFY(rotated);
    QVERIFY(rotated->token.key != token.key);
    QVERIFY(identify(house, rotated->token.key));
    QVERIFY(!identify(house, rotated->token.key)->byFormerKey);
    QVERIFY(identify(house, token.key)->byFormerKey);
    const qint64 now = house.administration->foundation.now();
    tokens.formerKeyUsed({.token = token.id, .address = u"192.0.2.1"_s, .usedAt = now});
    QTRY_COMPARE(house.wait(tokens.find(house.root(), token.id))->token.formerUsedAt, now);
    house.clock.advance(1h);
    QCOMPARE(identify(house, token.key).error().code, "token_rotated");
    QVERIFY(identify(house, rotated->token.key));
}

void TokenManagerTest::tellsWhoStillUsesTheFormerKey()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;
    QVERIFY(house.wait(tokens.rotate(house.root(), token.id, 1h)));
    const qint64 now = house.administration->foundation.now();
    const auto clients = [&] {
        QStringList all;
        const auto found = house.wait(tokens.find(house.root(), token.id));
        for (const domain::FormerKeyUse &use : found->formerUses)
            all.append(use.client + u'@' + use.address);
        return all;
    };
    QVERIFY(clients().isEmpty());

    tokens.formerKeyUsed({token.id, u"Codex"_s, u"192.0.2.1"_s, now});
    tokens.formerKeyUsed({token.id, u"Cline"_s, u"192.0.2.2"_s, now + 1});
    tokens.formerKeyUsed({token.id, u"Codex"_s, u"192.0.2.1"_s, now + 2});
    tokens.formerKeyUsed({token.id, {}, u"192.0.2.1"_s, now + 3});

    const QStringList expected{u"@192.0.2.1"_s, u"Codex@192.0.2.1"_s, u"Cline@192.0.2.2"_s};
    QTRY_COMPARE(clients(), expected);
    const auto listed = house.wait(tokens.list(house.root()));
    QCOMPARE(listed->front().formerUses.size(), size_t(3));
    QCOMPARE(listed->front().token.formerUsedAt, now + 3);
    // The earliest make room.
    for (int i = 0; i < storage::FormerKeyUses::kept; ++i)
        tokens.formerKeyUsed({token.id, u"Zed"_s, u"192.0.2.%1"_s.arg(100 + i), now + 10 + i});
    QTRY_COMPARE(clients().value(0), u"Zed@192.0.2.107"_s);
    QCOMPARE(clients().size(), qsizetype(storage::FormerKeyUses::kept));
    QVERIFY(!clients().contains(u"Codex@192.0.2.1"_s));
    // A former key that is void has no users, and the next one none yet.
    QVERIFY(house.wait(tokens.endGrace(house.root(), token.id)));
    QVERIFY(clients().isEmpty());
    QVERIFY(house.wait(tokens.rotate(house.root(), token.id, 1h)));
    QVERIFY(clients().isEmpty());
}

void TokenManagerTest::aRotationWithoutGrace()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;

    QVERIFY(house.wait(tokens.rotate(house.root(), token.id, 0s)));
    QCOMPARE(identify(house, token.key).error().code, "invalid_api_key");

    const auto again = house.wait(tokens.rotate(house.root(), token.id, 24h));
    QVERIFY(house.wait(tokens.rotate(house.root(), token.id, 24h)));
    QVERIFY(identify(house, again->token.key)->byFormerKey);
    QVERIFY(house.wait(tokens.endGrace(house.root(), token.id)));
    QVERIFY(!identify(house, again->token.key));
    QCOMPARE(house.wait(tokens.rotate(house.root(), token.id, 24h * 365)).error().code,
             ErrorCode::InvalidInput);
}

void TokenManagerTest::deletedOnesAreRefusedAndComeBack()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;
    const size_t before = house.wait(tokens.list(house.root()))->size();

    QVERIFY(house.wait(tokens.remove(house.root(), {token.id})));

    QVERIFY(!identify(house, token.key));
    QCOMPARE(house.wait(tokens.list(house.root()))->size(), before - 1);
    QCOMPARE(house.wait(tokens.remove(house.root(), {token.id})).error().code, ErrorCode::NotFound);
    QVERIFY(house.wait(tokens.restore(house.root(), {token.id})));
    QVERIFY(identify(house, token.key));
    QVERIFY(house.wait(tokens.remove(house.root(), {token.id})));
    house.clock.advance(Trash::kept + 1s);
    QVERIFY(house.wait(house.administration->trash.purge()));
    QCOMPARE(house.wait(tokens.restore(house.root(), {token.id})).error().code,
             ErrorCode::NotFound);
}

void TokenManagerTest::changesAreAllOrNone()
{
    AdministrationFixture house;
    house.start();
    const Token first = make(house, u"first"_s);
    const Token second = make(house, u"second"_s);
    TokenManager &tokens = house.administration->tokenManager;
    const auto limit = [](Token &token) -> base::Result<> {
        token.requestsPerMinute = 7;
        return {};
    };

    QVERIFY(!house.wait(tokens.change(house.root(), {first.id, {999}}, limit)));
    QCOMPARE(house.wait(tokens.find(house.root(), first.id))->token.requestsPerMinute, 0);
    const auto changed = house.wait(tokens.change(house.root(), {first.id, second.id}, limit));

    QVERIFY(changed);
    QCOMPARE(changed->size(), size_t(2));
    QCOMPARE(changed->at(1).before.requestsPerMinute, 0);
    QCOMPARE(changed->at(1).after.requestsPerMinute, 7);
    QVERIFY(changed->at(1).after.key.isEmpty());
}

void TokenManagerTest::undoKeepsWhatWasSpent()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;
    const auto changed =
        house.wait(tokens.change(house.root(), {token.id}, [](Token &edited) -> base::Result<> {
            edited.name = u"other"_s;
            edited.balance.units += 500;
            return {};
        }));
    QVERIFY(house.wait(tokens.topUp(house.root(), token.id, {20})));

    QVERIFY(house.wait(tokens.undo(house.root(), *changed)));

    const auto found = house.wait(tokens.find(house.root(), token.id));
    QCOMPARE(found->token.name, token.name);
    QCOMPARE(found->token.balance.units, 1'020);
    QCOMPARE(house.admission->tokenBalance(token.userId, token.id)->units, 1'020);
}

// Of what was added most has been spent by then.
void TokenManagerTest::undoTakesNoMoreThanIsLeft()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;
    const auto changed =
        house.wait(tokens.change(house.root(), {token.id}, [](Token &edited) -> base::Result<> {
            edited.balance.units += 500;
            return {};
        }));
    const auto spend = [&](qint64 units) {
        QVERIFY(house.wait(house.storage->write([&](storage::Database &database) {
            return storage::TokenRepository(database, *house.sealer)
                .adjustBalance(token.userId, token.id, {-units});
        })));
    };
    spend(1'400);

    QVERIFY(house.wait(tokens.undo(house.root(), *changed)));
    QCOMPARE(house.wait(tokens.find(house.root(), token.id))->token.balance.units, 0);

    QVERIFY(house.wait(tokens.topUp(house.root(), token.id, {20})));
    QCOMPARE(house.wait(tokens.topUp(house.root(), token.id, {-500}))->units, 0);

    spend(30);
    QCOMPARE(house.wait(tokens.topUp(house.root(), token.id, {-500}))->units, -30);
    QCOMPARE(house.wait(tokens.topUp(house.root(), token.id, {10}))->units, -20);
}

// What the change did not touch is not its business.
void TokenManagerTest::undoLeavesLaterChanges()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;
    const auto renamed =
        house.wait(tokens.change(house.root(), {token.id}, [](Token &edited) -> base::Result<> {
            edited.name = u"renamed"_s;
            edited.budget.warning = 50;
            return {};
        }));
    QVERIFY(renamed);
    QVERIFY(house.wait(tokens.change(house.root(), {token.id}, [](Token &edited) -> base::Result<> {
        edited.models = {u"m"_s};
        edited.requestsPerMinute = 7;
        edited.expiresAt = 4'000'000'000;
        edited.status = TokenStatus::Disabled;
        return {};
    })));

    QVERIFY(house.wait(tokens.undo(house.root(), *renamed)));

    const Token present = house.wait(tokens.find(house.root(), token.id))->token;
    QCOMPARE(present.name, token.name);
    QCOMPARE(present.budget.warning, token.budget.warning);
    QCOMPARE(present.models, QStringList{u"m"_s});
    QCOMPARE(present.requestsPerMinute, 7);
    QCOMPARE(present.expiresAt, 4'000'000'000);
    QCOMPARE(present.status, TokenStatus::Disabled);
}

// Topping up let it begin again; that is taken back, not what a person decided since.
void TokenManagerTest::whatWasSwitchedOffSinceStaysOff()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;
    QVERIFY(house.wait(tokens.change(house.root(), {token.id}, [](Token &edited) -> base::Result<> {
        edited.balance = {0};
        edited.status = TokenStatus::Exhausted;
        return {};
    })));
    const auto added = house.wait(tokens.topUpAll(house.root(), {token.id}, {500}));
    QVERIFY(added);
    QCOMPARE(added->front().after.status, TokenStatus::Enabled);
    QVERIFY(house.wait(tokens.topUp(house.root(), token.id, {20})));
    QVERIFY(house.wait(tokens.setStatus(house.root(), {token.id}, TokenStatus::Disabled)));

    QVERIFY(house.wait(tokens.undo(house.root(), *added)));

    const Token present = house.wait(tokens.find(house.root(), token.id))->token;
    QCOMPARE(present.status, TokenStatus::Disabled);
    QCOMPARE(present.balance.units, 20);
}

void TokenManagerTest::severalAreToppedUpOrNone()
{
    AdministrationFixture house;
    house.start();
    const Token first = make(house, u"first"_s);
    const Token second = make(house, u"second"_s);
    TokenManager &tokens = house.administration->tokenManager;

    QVERIFY(!house.wait(tokens.topUpAll(house.root(), {first.id, {999}}, {500})));
    QCOMPARE(house.wait(tokens.find(house.root(), first.id))->token.balance.units, 1'000);
    const auto added = house.wait(tokens.topUpAll(house.root(), {first.id, second.id}, {500}));

    QVERIFY(added);
    QCOMPARE(added->size(), size_t(2));
    QCOMPARE(house.wait(tokens.find(house.root(), second.id))->token.balance.units, 1'500);
    QCOMPARE(house.admission->tokenBalance(first.userId, first.id)->units, 1'500);
}

void TokenManagerTest::aRefusalAmongSeveralNamesTheToken()
{
    AdministrationFixture house;
    house.start();
    const Token first = make(house, u"first"_s);
    const Token second = make(house, u"second"_s);
    TokenManager &tokens = house.administration->tokenManager;
    QVERIFY(
        house.wait(tokens.change(house.root(), {second.id}, [](Token &edited) -> base::Result<> {
            edited.status = TokenStatus::Disabled;
            edited.expiresAt = 1;
            return {};
        })));

    const auto several =
        house.wait(tokens.setStatus(house.root(), {first.id, second.id}, TokenStatus::Enabled));
    const auto one = house.wait(tokens.setStatus(house.root(), {second.id}, TokenStatus::Enabled));

    QCOMPARE(several.error().code, ErrorCode::Conflict);
    QVERIFY(several.error().message.english().startsWith(u"second: "_s));
    QVERIFY(!one.error().message.english().contains(u"second"_s));
}

void TokenManagerTest::toppingUpAndResetting()
{
    AdministrationFixture house;
    house.start();
    const Token token = make(house);
    TokenManager &tokens = house.administration->tokenManager;

    QCOMPARE(house.wait(tokens.topUp(house.root(), token.id, {500}))->units, 1'500);
    QCOMPARE(house.admission->tokenBalance(token.userId, token.id)->units, 1'500);
    QCOMPARE(house.wait(tokens.resetUsage(house.root(), token.id))->units, 0);
    QCOMPARE(house.wait(tokens.topUp(house.root(), {999}, {1})).error().code, ErrorCode::NotFound);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TokenManagerTest)
#include "tst_tokenmanager.moc"
