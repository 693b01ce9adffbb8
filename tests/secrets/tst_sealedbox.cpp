#include "secrets/random.h"
#include "secrets/sealedbox.h"

#include <QSet>
#include <QTest>

#include <atomic>
#include <thread>

using namespace gatehouse;
using Cipher = secrets::SealedBox::Cipher;

class SealedBoxTest : public QObject
{
    Q_OBJECT

private slots:
    void opensWhatItSealed_data();
    void opensWhatItSealed();
    void opensTheOtherCipher();
    void neverSealsTwiceAlike();
    void hidesTheContent();
    void refusesEveryFlippedBit_data();
    void refusesEveryFlippedBit();
    void refusesEveryTruncation();
    void refusesAnotherContext();
    void refusesAnotherKey();
    void withoutKeyNothingIsDone();
    void servesSeveralThreads();
    void benchmarkSealAndOpen();

private:
    const base::Secret m_key{QByteArray(32, 'k')};
};

void SealedBoxTest::opensWhatItSealed_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("context");

    QTest::newRow("a key") << QByteArray("sk-ant-abcdefghijklmnop") << QByteArray("channel:12");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("channel:12");
    QTest::newRow("no context") << QByteArray("content") << QByteArray();
    QTest::newRow("zero bytes") << QByteArray("a\0b\0", 4) << QByteArray("a\0b", 3);
    QTest::newRow("a megabyte") << secrets::randomBytes(1 << 20) << QByteArray("blob");
}

void SealedBoxTest::opensWhatItSealed()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, context);
    const secrets::SealedBox box(m_key);

    const auto sealed = box.seal(base::Secret(content), context);

    QVERIFY(sealed);
    QCOMPARE(sealed->size(), content.size() + 1 + 24 + 16);
    const auto opened = secrets::SealedBox(m_key).open(*sealed, context);
    QVERIFY(opened);
    QCOMPARE(opened->reveal(), content);
}

void SealedBoxTest::opensTheOtherCipher()
{
    const secrets::SealedBox aes(m_key, Cipher::Aes256Gcm);
    const secrets::SealedBox chaCha(m_key, Cipher::XChaCha20Poly1305);

    const auto sealed = aes.seal(base::Secret(QByteArray("content")), "context");

    QVERIFY(sealed);
    QCOMPARE(sealed->at(0), char(2));
    const auto opened = chaCha.open(*sealed, "context");
    QVERIFY(opened);
    QCOMPARE(opened->reveal(), QByteArray("content"));
}

void SealedBoxTest::neverSealsTwiceAlike()
{
    const secrets::SealedBox box(m_key);
    QSet<QByteArray> seen;

    for (int i = 0; i < 1000; ++i)
        seen.insert(*box.seal(base::Secret(QByteArray("same")), "same"));

    QCOMPARE(seen.size(), 1000);
}

void SealedBoxTest::hidesTheContent()
{
    const QByteArray content = "sk-canary-0123456789";

    const auto sealed = secrets::SealedBox(m_key).seal(base::Secret(content), "channel:1");

    QVERIFY(sealed);
    QVERIFY(!sealed->contains("canary"));
    QVERIFY(!sealed->contains("channel"));
}

void SealedBoxTest::refusesEveryFlippedBit_data()
{
    QTest::addColumn<int>("cipher");

    QTest::newRow("XChaCha20-Poly1305") << int(Cipher::XChaCha20Poly1305);
    QTest::newRow("AES-256/GCM") << int(Cipher::Aes256Gcm);
}

void SealedBoxTest::refusesEveryFlippedBit()
{
    QFETCH(int, cipher);
    const secrets::SealedBox box(m_key, static_cast<Cipher>(cipher));
    const QByteArray sealed = *box.seal(base::Secret(QByteArray("some content")), "context");

    for (qsizetype i = 0; i < sealed.size() * 8; ++i) {
        QByteArray damaged = sealed;
        damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
        const auto opened = box.open(damaged, "context");
        QVERIFY2(!opened, qPrintable(QString::number(i)));
        QVERIFY(opened.error().code == base::ErrorCode::Denied);
        QVERIFY(!opened.error().message.english().contains(QLatin1String("some content")));
    }
}

void SealedBoxTest::refusesEveryTruncation()
{
    const secrets::SealedBox box(m_key);
    const QByteArray sealed = *box.seal(base::Secret(QByteArray("some content")), "context");

    for (qsizetype length = 0; length < sealed.size(); ++length)
        QVERIFY2(!box.open(sealed.first(length), "context"), qPrintable(QString::number(length)));
    QVERIFY(!box.open(QByteArray(sealed + 'x'), "context"));
}

void SealedBoxTest::refusesAnotherContext()
{
    const secrets::SealedBox box(m_key);
    const QByteArray sealed = *box.seal(base::Secret(QByteArray("content")), "channel:1");

    QVERIFY(!box.open(sealed, "channel:2"));
    QVERIFY(!box.open(sealed, "channel:11"));
    QVERIFY(!box.open(sealed, ""));
    QVERIFY(box.open(sealed, "channel:1"));
}

void SealedBoxTest::refusesAnotherKey()
{
    const QByteArray sealed =
        *secrets::SealedBox(m_key).seal(base::Secret(QByteArray("content")), "context");

    QVERIFY(!secrets::SealedBox(base::Secret(QByteArray(32, 'l'))).open(sealed, "context"));
    QVERIFY(!secrets::SealedBox(base::Secret(QByteArray(31, 'k'))).open(sealed, "context"));
}

void SealedBoxTest::withoutKeyNothingIsDone()
{
    const secrets::SealedBox box{base::Secret()};
    const QByteArray sealed =
        *secrets::SealedBox(m_key).seal(base::Secret(QByteArray("content")), "context");

    QCOMPARE(box.seal(base::Secret(QByteArray("content")), "context").error().code,
             base::ErrorCode::Unavailable);
    QCOMPARE(box.open(sealed, "context").error().code, base::ErrorCode::Unavailable);
}

void SealedBoxTest::servesSeveralThreads()
{
    const secrets::SealedBox box(m_key);
    std::atomic<int> opened{0};
    const auto work = [&box, &opened](int seed) {
        for (int i = 0; i < 500; ++i) {
            const QByteArray content = QByteArray::number(seed) + ':' + QByteArray::number(i);
            const auto sealed = box.seal(base::Secret(content), "context");
            const auto back =
                sealed ? box.open(*sealed, "context") : base::Result<base::Secret>(base::Secret());
            if (back && back->reveal() == content)
                ++opened;
        }
    };

    std::vector<std::thread> threads;
    for (int seed = 0; seed < 4; ++seed)
        threads.emplace_back(work, seed);
    for (std::thread &thread : threads)
        thread.join();

    QCOMPARE(opened.load(), 2000);
}

void SealedBoxTest::benchmarkSealAndOpen()
{
    const secrets::SealedBox box(m_key);
    const base::Secret content(QByteArray(48, 'x'));

    QBENCHMARK
    {
        QVERIFY(box.open(*box.seal(content, "token:1"), "token:1"));
    }
}

QTEST_GUILESS_MAIN(SealedBoxTest)
#include "tst_sealedbox.moc"
