#include "support/administrationfixture.h"

#include "secrets/tokenkey.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using support::AdministrationFixture;

class TestFirstStart : public QObject
{
    Q_OBJECT

private slots:
    void makesRoot();
    void makesARandomPassword();
    void refusesShortPasswords();
    void takesTokens();
    void renewsImportedHashes();
    void confirmsWhoSitsAtTheComputer();
};

void TestFirstStart::makesRoot()
{
    AdministrationFixture house;
    house.start();
    QVERIFY(house.report.created && house.report.password.isEmpty());
    const domain::User root = *house.administration->sessions.root();
    QCOMPARE(root.username, u"root"_s);
    QCOMPARE(root.role, domain::Role::Root);
    QCOMPARE(root.balance.units, 500'000'000'000'000);

    house.stop();
    house.first.rootPassword = base::Secret(u"another password"_s);
    house.start();

    // Nothing is made twice, and no password is changed by a later start.
    QVERIFY(!house.report.created);
    const auto signedIn = house.wait(house.administration->sessions.signIn(
        u"root"_s, base::Secret(AdministrationFixture::rootPassword), {}));
    QVERIFY(signedIn && signedIn->state == SignIn::State::SignedIn);
}

void TestFirstStart::makesARandomPassword()
{
    AdministrationFixture house;
    house.first.rootPassword = {};
    house.start();

    QVERIFY(house.report.password.reveal().size() >= 32);
    const auto signedIn =
        house.wait(house.administration->sessions.signIn(u"root"_s, house.report.password, {}));
    QVERIFY(signedIn && signedIn->state == SignIn::State::SignedIn);
    const auto known =
        house.wait(house.administration->sessions.signIn(u"root"_s, base::Secret(u"123456"_s), {}));
    QVERIFY(known && known->state == SignIn::State::Refused);
}

void TestFirstStart::confirmsWhoSitsAtTheComputer()
{
    AdministrationFixture house;
    house.start();
    SessionService &sessions = house.administration->sessions;
    const base::Secret right(AdministrationFixture::rootPassword);
    const auto confirmed = house.wait(sessions.confirmRoot(right));
    QVERIFY(confirmed && confirmed->state == SignIn::State::SignedIn);
    QVERIFY(confirmed->cookie.isEmpty());

    SignIn::State state = SignIn::State::Refused;
    for (int i = 0; i < 20 && state == SignIn::State::Refused; ++i) {
        const auto wrong = house.wait(sessions.confirmRoot(base::Secret(u"not this one"_s)));
        QVERIFY(wrong);
        state = wrong->state;
    }
    QCOMPARE(state, SignIn::State::Throttled);

    // Neither holds up the other.
    const auto signedIn = house.wait(sessions.signIn(u"root"_s, right, {}));
    QVERIFY(signedIn && signedIn->state == SignIn::State::SignedIn);
}

void TestFirstStart::refusesShortPasswords()
{
    AdministrationFixture house;
    house.open();
    house.first.rootPassword = base::Secret(u"123456"_s);

    const auto outcome = house.wait(house.administration->start(house.first));

    QVERIFY(!outcome);
    QVERIFY(outcome.error().message.english().contains(u"GATEHOUSE_ROOT_PASSWORD"));
    QVERIFY(!outcome.error().message.english().contains(u"123456"));
}

void TestFirstStart::takesTokens()
{
    AdministrationFixture house;
    house.first.initialToken = base::Secret(u"sk-0123456789abcdef0123456789"_s);
    house.first.initialAccessToken = base::Secret(u"00112233445566778899aabbccddeeff"_s);
    house.start();

    const auto hash = secrets::tokenKeyHash("0123456789abcdef0123456789");
    const auto *token =
        house.administration->publisher.catalog()->tokenByHash(secrets::viewOf(hash));
    QVERIFY(token && token->user->username == u"root"_s);
    const auto identity = house.wait(
        house.administration->sessions.byAccessToken("00112233445566778899aabbccddeeff"));
    QVERIFY(identity && identity->state == Identity::State::Known);
}

// A hash of another cost, as one of an imported user, gives way at the next sign-in.
void TestFirstStart::renewsImportedHashes()
{
    AdministrationFixture house;
    house.start();
    const QByteArray imported = *secrets::hashPassword(
        base::Secret(u"imported one"_s), {.memoryKibibytes = 128, .passes = 1, .lanes = 1});
    const auto read = [&] {
        return *house.wait(house.storage->read([](storage::Database &database) {
            return storage::UserRepository(database).passwordHash({1});
        }));
    };
    QVERIFY(house.wait(house.storage->write([imported](storage::Database &database) {
        return storage::UserRepository(database).setPasswordHash({1}, imported);
    })));

    const auto signedIn = house.wait(
        house.administration->sessions.signIn(u"root"_s, base::Secret(u"imported one"_s), {}));

    QVERIFY(signedIn && signedIn->state == SignIn::State::SignedIn);
    QTRY_VERIFY(read() != imported);
    QVERIFY(secrets::verifyPassword(base::Secret(u"imported one"_s), read()));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TestFirstStart)
#include "tst_firststart.moc"
