#include "storage/ledger/requestlog.h"

#include "base/json.h"
#include "base/redaction.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::storage;

using domain::UsageRecord;

// The lines of the log for requests, by which tools know them again in the ledger.
class RequestLogTest : public QObject
{
    Q_OBJECT

private slots:
    void fieldsAreThoseOfTheLedger();
    void textIsOneLine();
    void entriesOfOtherKindsAreNoRequests();
    void whatComesFromOutsideIsRedacted();
    void goesByTheRulesInForce();
    void goesByTheSecretsInForce();

private:
    static UsageRecord request();
};

UsageRecord RequestLogTest::request()
{
    UsageRecord record{.requestId = "01M8QD5D2N8MRWB6HV50000002",
                       .createdAt = 1'796'000'000'000,
                       .username = "alice",
                       .tokenId = {7},
                       .tokenName = "alice \"laptop\"",
                       .model = "large",
                       .providerModel = "large-2",
                       .group = "default",
                       .operation = "chat",
                       .usage = {.input = 40, .cacheRead = 30, .output = 5},
                       .cost = {1'234},
                       .charge = {1},
                       .stream = true,
                       .httpStatus = 200,
                       .elapsedMilliseconds = 812};
    return record;
}

void RequestLogTest::fieldsAreThoseOfTheLedger()
{
    UsageRecord record = request();
    record.trace = std::make_shared<domain::RequestTrace>(
        domain::RequestTrace{.parent = domain::TraceContext{.traceId = QByteArray(32, 'a')}});
    RequestLines lines;

    const QByteArray line = lines.lineOf(record, base::LogFormat::Json);

    QVERIFY(line.endsWith("}\n") && line.count('\n') == 1);
    const auto object = base::parseJsonObject(line);
    QVERIFY(object);
    QCOMPARE(object->value(u"event").toString(), u"request.finished"_s);
    QCOMPARE(object->value(u"component").toString(), u"gatehouse.requests"_s);
    QCOMPARE(object->value(u"level").toString(), u"info"_s);
    QVERIFY(object->contains(u"ts") && object->contains(u"msg"));
    QCOMPARE(object->value(u"request_id").toString(), QString::fromLatin1(record.requestId));
    QCOMPARE(object->value(u"trace_id").toString(), QString(32, u'a'));
    QCOMPARE(object->value(u"token_name").toString(), u"alice \"laptop\""_s);
    QCOMPARE(object->value(u"provider_model").toString(), u"large-2"_s);
    QCOMPARE(object->value(u"cache_read").toInteger(), 30);
    QCOMPARE(object->value(u"cost").toInteger(), 1'234);
    QCOMPARE(object->value(u"stream").toBool(), true);
    QCOMPARE(object->value(u"elapsed").toInteger(), 812);
}

void RequestLogTest::textIsOneLine()
{
    UsageRecord record = request();
    record.session = "two\nlines";
    RequestLines lines;

    const QByteArray line = lines.lineOf(record, base::LogFormat::Text);

    QCOMPARE(line.count('\n'), 1);
    QVERIFY2(line.contains(" info gatehouse.requests: request.finished request_id=01M8QD5D2N"),
             line.constData());
    QVERIFY2(line.contains(" model=large "), line.constData());
    QVERIFY2(line.contains(" token_name=\"alice \\\"laptop\\\"\" "), line.constData());
    QVERIFY2(line.contains(" http_status=200 "), line.constData());
}

void RequestLogTest::entriesOfOtherKindsAreNoRequests()
{
    RequestLines lines;
    UsageRecord record = request();
    record.kind = domain::RecordKind::Failure;
    QVERIFY(!lines.lineOf(record, base::LogFormat::Text).isEmpty());
    record.kind = domain::RecordKind::TopUp;
    QVERIFY(lines.lineOf(record, base::LogFormat::Text).isEmpty());
    record = request();
    record.requestId.clear();
    QVERIFY(lines.lineOf(record, base::LogFormat::Text).isEmpty());
}

// Clients name models, sessions and even requests as they like.
void RequestLogTest::whatComesFromOutsideIsRedacted()
{
    const QByteArray key = "sk-abcdefghijklmnop1234";
    RequestLines lines;
    for (QByteArray UsageRecord::*member :
         {&UsageRecord::model, &UsageRecord::session, &UsageRecord::requestId}) {
        UsageRecord record = request();
        record.*member = key;
        for (int round = 0; round < 2; ++round) { // the second time it is known
            const QByteArray line = lines.lineOf(record, base::LogFormat::Json);
            QVERIFY2(!line.contains(key) && line.contains("sk-***"), line.constData());
        }
    }
}

// What was told before there was a rule is not told again.
void RequestLogTest::goesByTheRulesInForce()
{
    UsageRecord record = request();
    record.clientAddress = "192.0.2.17";
    RequestLines lines;
    const QByteArray before = lines.lineOf(record, base::LogFormat::Text);
    QVERIFY2(before.contains("=alice ") && before.contains("=192.0.2.17 "), before.constData());

    base::setMaskRules(u"alice\n/192\\.0\\.2\\.\\d+/"_s);
    const QByteArray under = lines.lineOf(record, base::LogFormat::Text);
    base::setMaskRules({});
    const QByteArray after = lines.lineOf(record, base::LogFormat::Text);

    QVERIFY2(!under.contains("alice") && !under.contains("192.0.2.17"), under.constData());
    QVERIFY2(after.contains("=alice ") && after.contains("=192.0.2.17 "), after.constData());
}

void RequestLogTest::goesByTheSecretsInForce()
{
    const UsageRecord record = request();
    RequestLines lines;
    QVERIFY(lines.lineOf(record, base::LogFormat::Text).contains("laptop"));

    base::setKnownSecrets({base::Secret(QByteArray("alice \"laptop\""))});
    const QByteArray line = lines.lineOf(record, base::LogFormat::Text);
    base::setKnownSecrets({});

    QVERIFY2(!line.contains("laptop"), line.constData());
}

QTEST_GUILESS_MAIN(RequestLogTest)
#include "tst_requestlog.moc"
