#include "domain/lostsecrets.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::domain;

class LostSecretsTest : public QObject
{
    Q_OBJECT

private slots:
    void isReadAsItWasWritten();
    void whatCannotBeReadIsNothing_data();
    void whatCannotBeReadIsNothing();
};

void LostSecretsTest::isReadAsItWasWritten()
{
    const LostSecrets lost{.channels = {{3}, {70'000'000'000}},
                           .tokens = 12,
                           .authority = true,
                           .webhookSecret = true,
                           .isTold = true};

    QCOMPARE(lostSecretsFrom(lostSecretsJson(lost)), lost);
    QCOMPARE(lostSecretsFrom(lostSecretsJson({})), LostSecrets());
    QVERIFY(LostSecrets().isEmpty());
    QVERIFY(!lost.isEmpty());
    QVERIFY(!LostSecrets{.otlpHeaders = true}.isEmpty());
}

void LostSecretsTest::whatCannotBeReadIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("no object") << QByteArray("[1]");
    QTest::newRow("other members") << QByteArray("{\"channels\":7,\"tokens\":\"many\"}");
}

void LostSecretsTest::whatCannotBeReadIsNothing()
{
    QFETCH(QByteArray, text);

    QVERIFY(lostSecretsFrom(text).isEmpty());
}

QTEST_GUILESS_MAIN(LostSecretsTest)
#include "tst_lostsecrets.moc"
