#include "base/maskrules.h"
#include "domain/attemptnote.h"
#include "domain/capture.h"

#include <QtTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using domain::AttemptNote;
using domain::Capture;

class CaptureTest : public QObject
{
    Q_OBJECT

private slots:
    void credentialsInHeads_data();
    void credentialsInHeads();
    void keysInTargets();
    void secretsAnywhere();
    void whatRulesAreAbout();
    void theBeginningOfASecretAtACut();
    void attemptsThereAndBack();
    void attemptsThatCannotBeRead();
};

void CaptureTest::credentialsInHeads_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("masked");

    for (const char *name : {"Authorization",
                             "PROXY-AUTHORIZATION",
                             "x-api-key",
                             "X-Goog-Api-Key",
                             "api-key",
                             "Cookie",
                             "Set-Cookie",
                             "X-Amz-Security-Token",
                             "x-my-secret"})
        QTest::newRow(name) << QByteArray(name) << true;
    for (const char *name : {"Content-Type",
                             "anthropic-beta",
                             "anthropic-ratelimit-tokens-limit",
                             "x-ratelimit-remaining-tokens",
                             "Idempotency-Key",
                             "User-Agent"})
        QTest::newRow(name) << QByteArray(name) << false;
}

void CaptureTest::credentialsInHeads()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, masked);
    Capture capture;
    capture.attempts.resize(1);
    capture.request.fields = {{name, "value"}};
    capture.attempts[0].answer.fields = {{name, "value"}};

    domain::maskSecrets(capture, {});

    QCOMPARE(capture.request.fields[0].second, QByteArray(masked ? "***" : "value"));
    QCOMPARE(capture.attempts[0].answer.fields[0].second, QByteArray(masked ? "***" : "value"));
}

void CaptureTest::keysInTargets()
{
    Capture capture;
    capture.request.line = "POST /v1beta/models/m:generateContent?alt=sse&key=AIzaSecret&x=1";
    capture.answer.line = "200";

    domain::maskSecrets(capture, {});

    QCOMPARE(capture.request.line,
             QByteArray("POST /v1beta/models/m:generateContent?alt=sse&key=***&x=1"));
}

void CaptureTest::secretsAnywhere()
{
    const QByteArray secret = "a/b\"c+0123456789";
    Capture capture;
    capture.attempts.resize(1);
    capture.request.body = "1 " + secret + " 2 a\\/b\\\"c+0123456789 3";
    capture.request.size = capture.request.body.size();
    capture.attempts[0].answer.fields = {{"X-Echo", "you sent " + secret}};
    capture.attempts[0].request.line = "POST /x?k=" + secret.toPercentEncoding();

    domain::maskSecrets(capture, {base::Secret(secret), base::Secret(QByteArray("ab"))});

    QCOMPARE(capture.request.size, capture.request.body.size());
    QVERIFY(!capture.request.body.contains("0123456789"));
    QVERIFY(capture.request.body.startsWith("1 ***") && capture.request.body.endsWith("*** 3"));
    QVERIFY(!capture.attempts[0].answer.fields[0].second.contains("0123456789"));
    QVERIFY(!capture.attempts[0].request.line.contains("0123456789"));
}

void CaptureTest::whatRulesAreAbout()
{
    const auto rules = base::MaskRules::from(u"张三\norion\n/\\d{4}/"_s);
    Capture capture;
    capture.attempts.resize(1);
    capture.request.line = "POST /orion/2000";
    capture.request.body = "{\"to\":\"张三\",\"about\":\"Orion of 1999\"}";
    capture.answer.line = "2000";
    capture.answer.body = "{\"to\":\"\\u5f20\\u4e09\"}";
    capture.attempts[0].answer.fields = {{"X-Orion", "orion"}};
    const qsizetype size = capture.request.body.size();

    domain::maskByRules(capture, *rules);

    QCOMPARE(capture.request.line, QByteArray("POST /*****/****"));
    QCOMPARE(capture.request.body, QByteArray("{\"to\":\"******\",\"about\":\"***** of ****\"}"));
    QCOMPARE(capture.request.body.size(), size);
    QCOMPARE(capture.answer.line, QByteArray("2000"));
    QCOMPARE(capture.answer.body, QByteArray("{\"to\":\"************\"}"));
    QCOMPARE(capture.attempts[0].answer.fields.front().first, QByteArray("X-Orion"));
    QCOMPARE(capture.attempts[0].answer.fields.front().second, QByteArray("*****"));
}

void CaptureTest::theBeginningOfASecretAtACut()
{
    Capture capture;
    capture.request.body = "text sk-provid";
    capture.request.kept = capture.request.body.size();
    capture.request.size = 1'000;
    capture.answer.body = "text sk-provid";
    capture.answer.kept = capture.answer.size = capture.answer.body.size();

    domain::maskSecrets(capture, {base::Secret(QByteArray("sk-provider-0123456789"))});

    QCOMPARE(capture.request.body, QByteArray("text *********"));
    QCOMPARE(capture.answer.body, QByteArray("text sk-provid")); // it was not cut
}

void CaptureTest::attemptsThereAndBack()
{
    const std::vector<AttemptNote> notes{{.channel = {3},
                                          .key = 30,
                                          .startedAt = 190,
                                          .connectedAt = 188'000,
                                          .sentAt = 188'100,
                                          .endedAt = 1'510'000,
                                          .tls = true,
                                          .affinity = domain::AffinityOutcome::Hit,
                                          .status = 503,
                                          .errorCode = "provider_error",
                                          .message = "“busy”, it says"},
                                         {.channel = {4},
                                          .startedAt = 1'511'000,
                                          .connectedAt = 1'511'000,
                                          .sentAt = 1'511'010,
                                          .answeredAt = 1'600'000,
                                          .begunAt = 3'440'000,
                                          .endedAt = 23'900'000,
                                          .reused = true,
                                          .affinity = domain::AffinityOutcome::Spill,
                                          .status = 200}};

    const QByteArray log = domain::attemptLog(notes);

    QVERIFY(domain::attemptsFrom(log) == notes);
    QVERIFY(log.size() < 250);
}

void CaptureTest::attemptsThatCannotBeRead()
{
    QVERIFY(domain::attemptsFrom({}).empty());
    QVERIFY(domain::attemptsFrom("nonsense").empty());
    QVERIFY(domain::attemptsFrom("{\"a\":1}").empty());
    QVERIFY(domain::attemptsFrom("[1,[2],\"x\",[1,2,3,4,5,6,7,8,9]]").empty());
}

QTEST_GUILESS_MAIN(CaptureTest)
#include "tst_capture.moc"
