#include "secrets/keyderivation.h"
#include "secrets/machinesecrets.h"
#include "secrets/random.h"

#include <QSet>
#include <QTest>

using namespace gatehouse;
using secrets::MachineSecrets;

class MachineSecretsTest : public QObject
{
    Q_OBJECT

private slots:
    void randomBytesAreNew();
    void deriveKey_data();
    void deriveKey();
    void hmacSha256();
    void itemSurvivesSerialising();
    void itemIsOneLineOfAscii();
    void everyDamagedByteIsNoticed();
    void parseRefuses_data();
    void parseRefuses();
    void derivedSecretsDependOnInputAlone();
    void fingerprintNamesTheKey();
};

void MachineSecretsTest::randomBytesAreNew()
{
    QSet<QByteArray> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(secrets::randomBytes(32));

    QCOMPARE(seen.size(), 1000);
    QCOMPARE(seen.begin()->size(), 32);
    QCOMPARE(secrets::randomBytes(0), QByteArray());
}

// RFC 5869, appendix A.
void MachineSecretsTest::deriveKey_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("salt");
    QTest::addColumn<QByteArray>("label");
    QTest::addColumn<QByteArray>("key");

    QTest::newRow("test case 1: basic")
        << QByteArray("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b")
        << QByteArray("000102030405060708090a0b0c") << QByteArray("f0f1f2f3f4f5f6f7f8f9")
        << QByteArray("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                      "34007208d5b887185865");
    QTest::newRow("test case 3: neither salt nor label")
        << QByteArray("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b") << QByteArray()
        << QByteArray()
        << QByteArray("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                      "9d201395faa4b61a96c8");
}

void MachineSecretsTest::deriveKey()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, salt);
    QFETCH(QByteArray, label);
    QFETCH(QByteArray, key);

    const base::Secret derived = secrets::deriveKey(base::Secret(QByteArray::fromHex(input)),
                                                    QByteArray::fromHex(label),
                                                    42,
                                                    QByteArray::fromHex(salt));

    QCOMPARE(derived.reveal().toHex(), key);
}

// RFC 4231, test case 2.
void MachineSecretsTest::hmacSha256()
{
    const QByteArray code =
        secrets::hmacSha256(base::Secret(QByteArray("Jefe")), "what do ya want for nothing?");

    QCOMPARE(code.toHex(),
             QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

void MachineSecretsTest::itemSurvivesSerialising()
{
    const MachineSecrets made = MachineSecrets::random();

    const auto parsed = MachineSecrets::parse(made.serialised());

    QVERIFY(parsed);
    QVERIFY(*parsed == made);
    QCOMPARE(made.sessionSecret.reveal().size(), 32);
    QCOMPARE(made.masterKey.reveal().size(), 32);
    QVERIFY(!(made.sessionSecret == made.masterKey));
    QVERIFY(!(MachineSecrets::random() == made));
}

void MachineSecretsTest::itemIsOneLineOfAscii()
{
    const QByteArray item = MachineSecrets::random().serialised().reveal();

    QVERIFY(std::all_of(item.begin(), item.end(), [](char c) { return c > ' ' && c <= '~'; }));
    QVERIFY(item.startsWith("gatehouse-secrets-1:"));
    QVERIFY(MachineSecrets::parse(base::Secret(item + '\n')));
}

void MachineSecretsTest::everyDamagedByteIsNoticed()
{
    const QByteArray item = MachineSecrets::random().serialised().reveal();

    for (qsizetype i = 0; i < item.size(); ++i) {
        QByteArray damaged = item;
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        QVERIFY2(!MachineSecrets::parse(base::Secret(damaged)), qPrintable(QString::number(i)));
        QVERIFY2(!MachineSecrets::parse(base::Secret(item.first(i))),
                 qPrintable(QString::number(i)));
    }
}

void MachineSecretsTest::parseRefuses_data()
{
    QTest::addColumn<QByteArray>("item");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("another program's text") << QByteArray("hunter2");
    QTest::newRow("only colons") << QByteArray(":::");
    QTest::newRow("bytes that are no text") << QByteArray("\xff\xfe\x00\x01", 4);
    QTest::newRow("a later version with a right checksum")
        << QByteArray("gatehouse-secrets-2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:"
                      "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA:191325a984b86e26");
    QTest::newRow("a short secret with a right checksum")
        << QByteArray("gatehouse-secrets-1:AAAA:BBBB:0a5d855a7c213f1c");
    QTest::newRow("very long") << QByteArray(1'000'000, 'x');
}

void MachineSecretsTest::parseRefuses()
{
    QFETCH(QByteArray, item);

    const auto parsed = MachineSecrets::parse(base::Secret(item));

    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!parsed.error().message.isEmpty());
}

void MachineSecretsTest::derivedSecretsDependOnInputAlone()
{
    const base::Secret input(QByteArray("correct horse battery staple, and more"));

    const MachineSecrets first = MachineSecrets::derivedFrom(input);

    QVERIFY(first == MachineSecrets::derivedFrom(input));
    QVERIFY(!(first.sessionSecret == first.masterKey));
    QVERIFY(!(first.masterKey
              == MachineSecrets::derivedFrom(base::Secret(input.reveal() + 'x')).masterKey));
    // Keys that were sealed by one version must open with the next.
    QCOMPARE(secrets::masterKeyFingerprint(first.masterKey), QByteArray("9b40e5eb167ccf9f"));
}

void MachineSecretsTest::fingerprintNamesTheKey()
{
    const MachineSecrets made = MachineSecrets::random();

    const QByteArray fingerprint = secrets::masterKeyFingerprint(made.masterKey);

    QCOMPARE(fingerprint.size(), 16);
    QCOMPARE(secrets::masterKeyFingerprint(made.masterKey), fingerprint);
    QVERIFY(secrets::masterKeyFingerprint(made.sessionSecret) != fingerprint);
    QVERIFY(!made.masterKey.reveal().toHex().contains(fingerprint));
}

QTEST_GUILESS_MAIN(MachineSecretsTest)
#include "tst_machinesecrets.moc"
