#include "secrets/passwordhash.h"

#include <QTest>

using namespace gatehouse;
using base::Secret;

class PasswordHashTest : public QObject
{
    Q_OBJECT

private slots:
    void hashesAreInPhcFormat();
    void rightAndWrongPasswords_data();
    void rightAndWrongPasswords();
    void saltIsNew();
    void knownHashes_data();
    void knownHashes();
    void damagedHashesMatchNothing_data();
    void damagedHashesMatchNothing();
    void needsRehash_data();
    void needsRehash();
    void absurdCostIsRefused_data();
    void absurdCostIsRefused();

private:
    // Cheap, for tests that do not look at the cost.
    const secrets::PasswordCost m_cheap{.memoryKibibytes = 64, .passes = 1, .lanes = 1};
};

void PasswordHashTest::hashesAreInPhcFormat()
{
    const auto hash = secrets::hashPassword(Secret(QByteArray("secret word")));

    QVERIFY(hash);
    QVERIFY2(hash->startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), hash->constData());
    QCOMPARE(hash->split('$').size(), 6);
    QVERIFY(!hash->contains("=$") && !hash->endsWith('=')); // the format has no padding
    QVERIFY(!hash->contains("secret word"));
    QVERIFY(secrets::verifyPassword(Secret(QByteArray("secret word")), *hash));
    QVERIFY(!secrets::verifyPassword(Secret(QByteArray("secret words")), *hash));
}

void PasswordHashTest::rightAndWrongPasswords_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("other");

    QTest::newRow("plain") << QStringLiteral("correct horse") << QStringLiteral("correct house");
    QTest::newRow("case") << QStringLiteral("Secret") << QStringLiteral("secret");
    QTest::newRow("blank at the end") << QStringLiteral("secret ") << QStringLiteral("secret");
    QTest::newRow("not ASCII") << QStringLiteral("пароль🔑") << QStringLiteral("пароль🗝");
    QTest::newRow("longer than bcrypt sees")
        << QString(100, u'x') + u'a' << QString(100, u'x') + u'b';
    QTest::newRow("empty is no wildcard") << QStringLiteral("x") << QString();
}

void PasswordHashTest::rightAndWrongPasswords()
{
    QFETCH(QString, password);
    QFETCH(QString, other);

    const auto hash = secrets::hashPassword(Secret(password), m_cheap);

    QVERIFY(hash);
    QVERIFY(secrets::verifyPassword(Secret(password), *hash));
    QVERIFY(!secrets::verifyPassword(Secret(other), *hash));
}

void PasswordHashTest::saltIsNew()
{
    const Secret password(QByteArray("same"));

    QVERIFY(*secrets::hashPassword(password, m_cheap) != *secrets::hashPassword(password, m_cheap));
}

// Argon2id: vectors of the reference implementation (github.com/P-H-C/phc-winner-argon2, test.c).
// bcrypt: vectors of the "crypt_blowfish" test suite (openwall.com/crypt).
void PasswordHashTest::knownHashes_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<bool>("matches");

    const QByteArray argon = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
                             "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    QTest::newRow("Argon2id, the password") << QByteArray("password") << argon << true;
    QTest::newRow("Argon2id, another") << QByteArray("Password") << argon << false;
    QTest::newRow("Argon2id with two lanes")
        << QByteArray("password")
        << QByteArray("$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ"
                      "$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc")
        << true;
    const QByteArray hash = "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    QTest::newRow("bcrypt 2a") << QByteArray("U*U") << QByteArray("$2a$" + hash) << true;
    QTest::newRow("bcrypt 2b") << QByteArray("U*U") << QByteArray("$2b$" + hash) << true;
    QTest::newRow("bcrypt 2y") << QByteArray("U*U") << QByteArray("$2y$" + hash) << true;
    QTest::newRow("bcrypt, another password")
        << QByteArray("U*U*") << QByteArray("$2a$" + hash) << false;
    QTest::newRow("bcrypt, a longer password")
        << QByteArray("U*U*")
        << QByteArray("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK") << true;
    QTest::newRow("bcrypt, no password")
        << QByteArray("")
        << QByteArray("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy") << true;
    QTest::newRow("bcrypt, 72 bytes count")
        << QByteArray("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789chars after 72 are ignored")
        << QByteArray("$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui") << true;
    QTest::newRow("bcrypt, unknown variant")
        << QByteArray("U*U") << QByteArray("$2x$" + hash) << false;
}

void PasswordHashTest::knownHashes()
{
    QFETCH(QByteArray, password);
    QFETCH(QByteArray, stored);
    QFETCH(bool, matches);

    QCOMPARE(secrets::verifyPassword(Secret(password), stored), matches);
}

void PasswordHashTest::damagedHashesMatchNothing_data()
{
    QTest::addColumn<QByteArray>("stored");

    const QByteArray end = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("plain text") << QByteArray("password");
    QTest::newRow("a dollar sign") << QByteArray("$");
    QTest::newRow("no costs") << QByteArray("$argon2id$v=19$" + end);
    QTest::newRow("another version") << QByteArray("$argon2id$v=16$m=256,t=2,p=1" + end);
    QTest::newRow("another kind") << QByteArray("$argon2i$v=19$m=256,t=2,p=1" + end);
    QTest::newRow("costs in another order") << QByteArray("$argon2id$v=19$t=2,m=256,p=1" + end);
    QTest::newRow("a terabyte") << QByteArray("$argon2id$v=19$m=1073741824,t=2,p=1" + end);
    QTest::newRow("a billion passes") << QByteArray("$argon2id$v=19$m=256,t=1000000000,p=1" + end);
    QTest::newRow("passes that wrap around")
        << QByteArray("$argon2id$v=19$m=256,t=4294967298,p=1" + end);
    QTest::newRow("no lanes") << QByteArray("$argon2id$v=19$m=256,t=2,p=0" + end);
    QTest::newRow("a negative cost") << QByteArray("$argon2id$v=19$m=-256,t=2,p=1" + end);
    QTest::newRow("no hash") << QByteArray("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$");
    QTest::newRow("half a hash") << QByteArray(
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIP");
    QTest::newRow("no base64") << QByteArray("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$!!!!!!!!");
    QTest::newRow("bcrypt, cut short")
        << QByteArray("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe");
    QTest::newRow("bcrypt of absurd cost")
        << QByteArray("$2a$17$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    QTest::newRow("bcrypt of no cost")
        << QByteArray("$2a$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    QTest::newRow("bcrypt with foreign bytes") << QByteArray("$2a$05$") + QByteArray(53, '\xff');
    QTest::newRow("very long") << QByteArray(100'000, '$');
}

void PasswordHashTest::damagedHashesMatchNothing()
{
    QFETCH(QByteArray, stored);
    QElapsedTimer timer;
    timer.start();

    QVERIFY(!secrets::verifyPassword(Secret(QByteArray("password")), stored));
    QVERIFY(!secrets::verifyPassword(Secret(QByteArray("")), stored));
    QVERIFY(!secrets::verifyPassword(Secret(stored), stored));
    QVERIFY(secrets::needsRehash(stored));
    QVERIFY(timer.elapsed() < 5'000);
}

void PasswordHashTest::needsRehash_data()
{
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<bool>("needed");

    const secrets::PasswordCost normal;
    const QByteArray current = *secrets::hashPassword(Secret(QByteArray("x")), normal);
    QTest::newRow("as made today") << current << false;
    QTest::newRow("less memory") << *secrets::hashPassword(Secret(QByteArray("x")), m_cheap)
                                 << true;
    QTest::newRow("a short salt") << QByteArray("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ"
                                                "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
                                  << true;
    QTest::newRow("bcrypt") << QByteArray(
        "$2a$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
                            << true;
}

void PasswordHashTest::needsRehash()
{
    QFETCH(QByteArray, stored);
    QFETCH(bool, needed);

    QCOMPARE(secrets::needsRehash(stored), needed);
}

void PasswordHashTest::absurdCostIsRefused_data()
{
    QTest::addColumn<qint64>("memory");
    QTest::addColumn<int>("passes");
    QTest::addColumn<int>("lanes");

    QTest::newRow("no memory") << qint64(0) << 2 << 1;
    QTest::newRow("less than eight blocks a lane") << qint64(31) << 2 << 4;
    QTest::newRow("a terabyte") << qint64(1) << 30 << 2;
    QTest::newRow("no passes") << qint64(64) << 0 << 1;
    QTest::newRow("negative lanes") << qint64(64) << 1 << -1;
}

void PasswordHashTest::absurdCostIsRefused()
{
    QFETCH(qint64, memory);
    QFETCH(int, passes);
    QFETCH(int, lanes);

    const auto hash = secrets::hashPassword(
        Secret(QByteArray("x")), {.memoryKibibytes = memory, .passes = passes, .lanes = lanes});

    QVERIFY(!hash);
    QCOMPARE(hash.error().code, base::ErrorCode::InvalidInput);
}

// The same work is done for a name that does not exist; the bounds leave room for a busy machine.
QTEST_GUILESS_MAIN(PasswordHashTest)
#include "tst_passwordhash.moc"
