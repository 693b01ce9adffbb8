#include "secrets/tokenkey.h"

#include <QCryptographicHash>
#include <QSet>
#include <QTest>

#include <thread>

using namespace gatehouse;
using base::Secret;

class TokenKeyTest : public QObject
{
    Q_OBJECT

private slots:
    void keysAreLettersAndDigits();
    void keysUseTheWholeAlphabetEvenly();
    void accessTokens();
    void parse_data();
    void parse();
    void hash_data();
    void hash();
    void hashInThreads();
    void masked_data();
    void masked();
    void benchmarkHash_data();
    void benchmarkHash();
};

void TokenKeyTest::keysAreLettersAndDigits()
{
    QSet<QByteArray> seen;

    for (int i = 0; i < 1000; ++i) {
        const QByteArray key = secrets::makeTokenKey().reveal();
        QCOMPARE(key.size(), 48);
        QVERIFY(std::all_of(key.begin(), key.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }));
        seen.insert(key);
    }
    QCOMPARE(seen.size(), 1000);
}

// 96,000 letters: each of 62 is expected 1,548 times with a deviation of 39; seven of them are allowed.
void TokenKeyTest::keysUseTheWholeAlphabetEvenly()
{
    QHash<char, int> counts;

    for (int i = 0; i < 2000; ++i) {
        const QByteArray key = secrets::makeTokenKey().reveal();
        for (const char c : key)
            ++counts[c];
    }

    QCOMPARE(counts.size(), 62);
    for (const int count : std::as_const(counts))
        QVERIFY2(count > 1548 - 273 && count < 1548 + 273, qPrintable(QString::number(count)));
}

void TokenKeyTest::accessTokens()
{
    const QByteArray token = secrets::makeAccessToken().reveal();

    QCOMPARE(token.size(), 32);
    QCOMPARE(QByteArray::fromHex(token).toHex(), token);
    QVERIFY(secrets::makeAccessToken().reveal() != token);
}

void TokenKeyTest::parse_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<qint64>("channel"); // 0: none

    QTest::newRow("with the prefix") << QByteArray("sk-abc") << QByteArray("abc") << qint64(0);
    QTest::newRow("without it") << QByteArray("abc") << QByteArray("abc") << qint64(0);
    QTest::newRow("a channel") << QByteArray("sk-abc-12") << QByteArray("abc") << qint64(12);
    QTest::newRow("a channel without the prefix")
        << QByteArray("abc-12") << QByteArray("abc") << qint64(12);
    QTest::newRow("blanks around") << QByteArray(" sk-abc-7\t") << QByteArray("abc") << qint64(7);
    QTest::newRow("the prefix twice")
        << QByteArray("sk-sk-abc") << QByteArray("sk-abc") << qint64(0);
    QTest::newRow("the prefix in capitals belongs to the key")
        << QByteArray("SK-abc") << QByteArray("SK-abc") << qint64(0);
    QTest::newRow("a word behind the hyphen belongs to the key")
        << QByteArray("sk-abc-def") << QByteArray("abc-def") << qint64(0);
    QTest::newRow("hyphens inside, and a channel")
        << QByteArray("sk-my-own-key-3") << QByteArray("my-own-key") << qint64(3);
    QTest::newRow("channel zero") << QByteArray("sk-abc-0") << QByteArray("abc-0") << qint64(0);
    QTest::newRow("an empty channel") << QByteArray("sk-abc-") << QByteArray("abc-") << qint64(0);
    QTest::newRow("a negative channel")
        << QByteArray("sk-abc--5") << QByteArray("abc-") << qint64(5);
    QTest::newRow("a channel that does not fit")
        << QByteArray("sk-abc-99999999999999999999") << QByteArray("abc-99999999999999999999")
        << qint64(0);
    QTest::newRow("digits alone") << QByteArray("sk-123") << QByteArray("123") << qint64(0);
    QTest::newRow("the prefix alone") << QByteArray("sk-") << QByteArray("") << qint64(0);
    QTest::newRow("a channel without a key")
        << QByteArray("sk--5") << QByteArray("-5") << qint64(0);
    QTest::newRow("nothing") << QByteArray("") << QByteArray("") << qint64(0);
}

void TokenKeyTest::parse()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, key);
    QFETCH(qint64, channel);

    const secrets::ClientKey parsed = secrets::parseClientKey(sent);

    QCOMPARE(parsed.key.toByteArray(), key);
    QCOMPARE(parsed.channel.value_or(domain::ChannelId{}).value, channel);
    QCOMPARE(parsed.channel.has_value(), channel != 0);
}

// FIPS 180-2, appendix B, and the empty message.
void TokenKeyTest::hash_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("hash");

    QTest::newRow("abc") << QByteArray(
        "abc") << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("nothing") << QByteArray(
        "") << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("two blocks")
        << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

void TokenKeyTest::hash()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, hash);

    QCOMPARE(secrets::viewOf(secrets::tokenKeyHash(key)).toByteArray().toHex(), hash);
    QCOMPARE(secrets::viewOf(secrets::tokenKeyHash(key)).toByteArray().toHex(), hash);
}

void TokenKeyTest::hashInThreads()
{
    std::atomic<int> right{0};
    const auto work = [&right](int seed) {
        for (int i = 0; i < 1000; ++i) {
            const QByteArray key = QByteArray::number(seed * 10'000 + i);
            if (secrets::viewOf(secrets::tokenKeyHash(key))
                == QCryptographicHash::hash(key, QCryptographicHash::Sha256))
                ++right;
        }
    };

    std::vector<std::thread> threads;
    for (int seed = 0; seed < 4; ++seed)
        threads.emplace_back(work, seed);
    for (std::thread &thread : threads)
        thread.join();

    QCOMPARE(right.load(), 4000);
}

void TokenKeyTest::masked_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("shown");

    QTest::newRow("a key") << QByteArray("abcdEFGHijklMNOPqrstUVWX") << QStringLiteral("abcd…UVWX");
    QTest::newRow("too short to show any") << QByteArray("abcdefghijklmno") << QStringLiteral("…");
    QTest::newRow("nothing") << QByteArray() << QStringLiteral("…");
}

void TokenKeyTest::masked()
{
    QFETCH(QByteArray, key);
    QFETCH(QString, shown);

    QCOMPARE(secrets::maskedKey(Secret(key)), shown);
    // What is masked stays as it is.
    const Secret masked(shown.toUtf8());
    QVERIFY(secrets::isMasked(masked));
    QCOMPARE(secrets::maskedKey(masked), shown);
    QVERIFY(!secrets::isMasked(Secret(key)));
}

void TokenKeyTest::benchmarkHash_data()
{
    QTest::addColumn<bool>("qt");

    QTest::newRow("tokenKeyHash") << false;
    QTest::newRow("QCryptographicHash, for comparison") << true;
}

void TokenKeyTest::benchmarkHash()
{
    QFETCH(bool, qt);
    const QByteArray key = secrets::makeTokenKey().reveal();
    int sum = 0;

    QBENCHMARK
    {
        sum += qt ? QCryptographicHash::hash(key, QCryptographicHash::Sha256).at(0)
                  : secrets::tokenKeyHash(key)[0];
    }

    QVERIFY(sum != 1'000'000'007);
}

QTEST_GUILESS_MAIN(TokenKeyTest)
#include "tst_tokenkey.moc"
