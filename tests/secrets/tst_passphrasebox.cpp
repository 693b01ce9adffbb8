#include "secrets/passphrasebox.h"

#include <QTest>

using namespace gatehouse;
using base::ErrorCode;
using base::Secret;

namespace {

constexpr secrets::PasswordCost cheap{.memoryKibibytes = 64, .passes = 1, .lanes = 1};
constexpr QByteArrayView context = "backup";

Secret secretOf(const char *text)
{
    return Secret(QByteArray(text));
}

base::Result<QByteArray> envelopeFor(const Secret &passphrase)
{
    return secrets::sealWithPassphrase(secretOf("the content"), passphrase, context, cheap);
}

} // namespace

class PassphraseBoxTest : public QObject
{
    Q_OBJECT

private slots:
    void opensWithThePassphrase();
    void keepsItsCosts();
    void refusesAnotherPassphrase();
    void refusesAnEmptyPassphrase();
    void refusesAnotherContext();
    void refusesEveryTruncation();
    void refusesChangedCosts();
    void refusesAbsurdCosts_data();
    void refusesAbsurdCosts();
    void refusesMoreThanIsBearable_data();
    void refusesMoreThanIsBearable();
    void tellsOfANewerVersion();
    void oneTextTypedInSeveralWays();
};

void PassphraseBoxTest::opensWithThePassphrase()
{
    const auto envelope = envelopeFor(secretOf("correct horse"));

    QVERIFY(envelope);
    QVERIFY(!envelope->contains("content"));
    QVERIFY(!envelope->contains("horse"));
    const auto opened = secrets::openWithPassphrase(*envelope, secretOf("correct horse"), context);
    QVERIFY(opened);
    QCOMPARE(opened->reveal(), "the content");
    QVERIFY(*envelopeFor(secretOf("correct horse")) != *envelope);
}

void PassphraseBoxTest::keepsItsCosts()
{
    const auto usual = secrets::sealWithPassphrase(secretOf("the content"), secretOf("a"), context);

    QVERIFY(usual);
    QVERIFY(usual->startsWith("gatehouse-passphrase-1:m=65536,t=3,p=1:"));
    QVERIFY(secrets::openWithPassphrase(*usual, secretOf("a"), context));
}

void PassphraseBoxTest::refusesAnotherPassphrase()
{
    const auto envelope = envelopeFor(secretOf("correct horse"));

    const auto opened = secrets::openWithPassphrase(*envelope, secretOf("correct horsf"), context);

    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Denied);
    QVERIFY(!opened.error().message.english().contains(QLatin1String("horsf")));
    QVERIFY(!opened.error().detail.contains(QLatin1String("horsf")));
}

void PassphraseBoxTest::refusesAnEmptyPassphrase()
{
    QCOMPARE(envelopeFor({}).error().code, ErrorCode::InvalidInput);
}

void PassphraseBoxTest::refusesAnotherContext()
{
    const auto envelope = envelopeFor(secretOf("a"));

    QVERIFY(!secrets::openWithPassphrase(*envelope, secretOf("a"), "other"));
}

void PassphraseBoxTest::refusesEveryTruncation()
{
    const auto envelope = envelopeFor(secretOf("a"));

    for (qsizetype size = 0; size < envelope->size(); ++size) {
        const auto opened =
            secrets::openWithPassphrase(envelope->first(size), secretOf("a"), context);
        QVERIFY2(!opened, qPrintable(QString::number(size)));
    }
}

void PassphraseBoxTest::refusesChangedCosts()
{
    QByteArray envelope = *envelopeFor(secretOf("a"));
    QVERIFY(envelope.contains("m=64,"));

    envelope.replace("m=64,", "m=65,");

    QCOMPARE(secrets::openWithPassphrase(envelope, secretOf("a"), context).error().code,
             ErrorCode::Denied);
}

void PassphraseBoxTest::refusesAbsurdCosts_data()
{
    QTest::addColumn<QByteArray>("cost");

    QTest::newRow("much memory") << QByteArray("m=99999999,t=1,p=1");
    QTest::newRow("many passes") << QByteArray("m=64,t=4000000000,p=1");
    QTest::newRow("no memory") << QByteArray("m=0,t=1,p=1");
    QTest::newRow("negative") << QByteArray("m=64,t=-1,p=1");
    QTest::newRow("more lanes than memory") << QByteArray("m=8,t=1,p=16");
    QTest::newRow("no number") << QByteArray("m=many,t=1,p=1");
}

void PassphraseBoxTest::refusesAbsurdCosts()
{
    QFETCH(QByteArray, cost);
    QByteArray envelope = *envelopeFor(secretOf("a"));

    envelope.replace("m=64,t=1,p=1", cost);

    QCOMPARE(secrets::openWithPassphrase(envelope, secretOf("a"), context).error().code,
             ErrorCode::InvalidInput);
}

void PassphraseBoxTest::refusesMoreThanIsBearable_data()
{
    QTest::addColumn<QByteArray>("cost");

    QTest::newRow("memory") << QByteArray("m=262145,t=1,p=1");
    QTest::newRow("passes") << QByteArray("m=64,t=17,p=1");
    QTest::newRow("lanes") << QByteArray("m=1024,t=1,p=17");
    QTest::newRow("work of all passes") << QByteArray("m=262144,t=5,p=1");
}

void PassphraseBoxTest::refusesMoreThanIsBearable()
{
    QFETCH(QByteArray, cost);
    QByteArray envelope = *envelopeFor(secretOf("a"));

    envelope.replace("m=64,t=1,p=1", cost);

    const auto opened = secrets::openWithPassphrase(envelope, secretOf("a"), context);
    QCOMPARE(opened.error().code, ErrorCode::InvalidInput);
    QVERIFY(opened.error().message.english().contains(QLatin1String("more memory or work")));
}

void PassphraseBoxTest::tellsOfANewerVersion()
{
    QByteArray envelope = *envelopeFor(secretOf("a"));

    envelope.replace("passphrase-1", "passphrase-2");

    const auto opened = secrets::openWithPassphrase(envelope, secretOf("a"), context);
    QVERIFY(!opened);
    QVERIFY(opened.error().message.english().contains(QLatin1String("newer")));
}

void PassphraseBoxTest::oneTextTypedInSeveralWays()
{
    const auto envelope = envelopeFor(Secret(QString(QChar(0xfc))));

    const QString combined = QLatin1String("u") + QChar(0x308);
    QVERIFY(secrets::openWithPassphrase(*envelope, Secret(combined), context));
}

QTEST_GUILESS_MAIN(PassphraseBoxTest)
#include "tst_passphrasebox.moc"
