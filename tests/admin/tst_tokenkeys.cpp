#include "secrets/tokenkey.h"
#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using support::AdministrationFixture;

// Whether keys of tokens are kept, so that they can be shown again, or their ends alone.
class TokenKeysTest : public QObject
{
    Q_OBJECT

private:
    static void keepKeys(AdministrationFixture &house, bool kept)
    {
        const auto set = house.wait(house.administration->settings.set(
            u"accounting.recoverable_keys"_s, kept ? u"true"_s : u"false"_s));
        if (!set)
            qFatal("%s", qPrintable(set.error().message.english()));
    }
    static domain::Token create(AdministrationFixture &house, const QString &name)
    {
        const auto made = house.wait(house.administration->tokenManager.create(
            house.root(), house.root().id, {.name = name, .unlimited = true}));
        if (!made)
            qFatal("%s", qPrintable(made.error().message.english()));
        return *made;
    }
    static QString maskedOf(AdministrationFixture &house, domain::TokenId id)
    {
        return house.wait(house.administration->tokenManager.find(house.root(), id))->maskedKey;
    }

private slots:
    void keysAreKeptAtFirst();
    void keepsTheEndsAlone();
    void rotatedKeysAreNotKeptEither();
    void editingLeavesTheEnds();
    void ownTokensAreMasked();
    void newUsersGetNoTokenThatNobodyCouldSee();
    void forgetsKeys();
    void forgettingIsForAdministrators();
};

void TokenKeysTest::keysAreKeptAtFirst()
{
    AdministrationFixture house;
    house.start();
    const domain::Token token = create(house, u"one"_s);

    const auto revealed =
        house.wait(house.administration->tokenManager.reveal(house.root(), token.id));

    QVERIFY(revealed);
    QCOMPARE(revealed->reveal(), QByteArray("sk-" + token.key.reveal()));
}

void TokenKeysTest::keepsTheEndsAlone()
{
    AdministrationFixture house;
    house.start();
    keepKeys(house, false);

    const domain::Token token = create(house, u"one"_s);

    QCOMPARE(token.key.reveal().size(), 48); // it is seen this once
    const auto revealed =
        house.wait(house.administration->tokenManager.reveal(house.root(), token.id));
    QCOMPARE(revealed.error().code, ErrorCode::NotFound);
    QVERIFY(revealed.error().message.english().contains(u"ends"_s));
    QCOMPARE(maskedOf(house, token.id), QString(u"sk-"_s + secrets::maskedKey(token.key)));
    // It is valid: it is looked up by its hash.
    QVERIFY(house.administration->publisher.catalog()->tokenByHash(
        secrets::viewOf(secrets::tokenKeyHash(token.key.reveal()))));
}

void TokenKeysTest::rotatedKeysAreNotKeptEither()
{
    AdministrationFixture house;
    house.start();
    const domain::Token token = create(house, u"one"_s);
    keepKeys(house, false);

    const auto rotated = house.wait(
        house.administration->tokenManager.rotate(house.root(), token.id, std::chrono::seconds(0)));

    QCOMPARE(rotated->token.key.reveal().size(), 48);
    QVERIFY(!house.wait(house.administration->tokenManager.reveal(house.root(), token.id)));
    QCOMPARE(maskedOf(house, token.id), QString(u"sk-"_s + secrets::maskedKey(rotated->token.key)));
}

void TokenKeysTest::editingLeavesTheEnds()
{
    AdministrationFixture house;
    house.start();
    keepKeys(house, false);
    const domain::Token token = create(house, u"one"_s);

    QVERIFY(house.wait(house.administration->tokenManager.change(
        house.root(), {token.id}, [](domain::Token &stored) -> base::Result<> {
            stored.name = u"two"_s;
            return {};
        })));

    QCOMPARE(maskedOf(house, token.id), QString(u"sk-"_s + secrets::maskedKey(token.key)));
}

void TokenKeysTest::ownTokensAreMasked()
{
    AdministrationFixture house;
    house.start();
    keepKeys(house, false);
    const domain::Token token = create(house, u"one"_s);

    const auto found = house.wait(house.administration->tokens.find(house.root(), token.id));

    QVERIFY(found);
    QCOMPARE(QString::fromUtf8(found->key.reveal()), secrets::maskedKey(token.key));
}

void TokenKeysTest::newUsersGetNoTokenThatNobodyCouldSee()
{
    AdministrationFixture house;
    house.start();
    keepKeys(house, false);

    const auto ann = house.wait(house.administration->users.create(
        house.root(), {.username = u"ann"_s, .password = base::Secret(u"correct horse"_s)}));

    QVERIFY(ann);
    const auto listings = house.wait(house.administration->users.listings(house.root()));
    QVERIFY(listings);
    for (const UserListing &each : *listings) {
        if (each.user.id == ann->id)
            QCOMPARE(each.tokens, 0);
    }
}

void TokenKeysTest::forgetsKeys()
{
    AdministrationFixture house;
    house.start();
    TokenManager &tokens = house.administration->tokenManager;
    const domain::Token one = create(house, u"one"_s);
    const domain::Token deleted = create(house, u"deleted"_s);
    QVERIFY(house.wait(tokens.remove(house.root(), {deleted.id})));
    keepKeys(house, false);
    create(house, u"unknown"_s);
    QVERIFY(house.wait(tokens.reveal(house.root(), one.id)));

    const auto forgotten = house.wait(tokens.forgetKeys(house.root()));

    QVERIFY(forgotten);
    QVERIFY(*forgotten >= 2);
    const auto history = house.wait(house.administration->history.page(
        house.root(), {.object = domain::HistoryObject::Token, .limit = 1}));
    QVERIFY(history && history->entries.size() == 1);
    QCOMPARE(history->entries[0].action, domain::HistoryAction::KeysForgotten);
    QCOMPARE(history->entries[0].fields.front().after.toInteger(), *forgotten);
    QVERIFY(!house.wait(tokens.reveal(house.root(), one.id)));
    QCOMPARE(maskedOf(house, one.id), QString(u"sk-"_s + secrets::maskedKey(one.key)));
    QVERIFY(house.wait(tokens.restore(house.root(), {deleted.id})));
    QVERIFY(!house.wait(tokens.reveal(house.root(), deleted.id)));
    QCOMPARE(*house.wait(tokens.forgetKeys(house.root())), 0);
    const auto later = house.wait(house.administration->history.page(
        house.root(), {.object = domain::HistoryObject::Token, .limit = 1}));
    QVERIFY(later && later->entries.size() == 1);
    QCOMPARE(later->entries[0].action, domain::HistoryAction::Restored); // nothing was forgotten
}

void TokenKeysTest::forgettingIsForAdministrators()
{
    AdministrationFixture house;
    house.start();
    const Actor nobody{.id = {5}, .username = u"bob"_s, .role = domain::Role::User};

    const auto refused = house.wait(house.administration->tokenManager.forgetKeys(nobody));

    QCOMPARE(refused.error().code, ErrorCode::Denied);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TokenKeysTest)
#include "tst_tokenkeys.moc"
