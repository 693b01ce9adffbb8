#include "admin/integrations/attemptcounters.h"

#include "domain/attemptnote.h"

#include <QTest>

namespace gatehouse::admin {

using domain::AffinityOutcome;
using domain::AttemptNote;
using domain::EndReason;
using domain::RecordKind;
using domain::UsageRecord;

// What programs that watch this one learn from the attempts of requests.
class AttemptCountersTest : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsCountedUntilItIsOn();
    void answersAreCountedByRoute();
    void attemptsAreCountedByCode();
    void whatCouldNotBeAskedIsRejected();
    void limitsAreNamed_data();
    void limitsAreNamed();
    void affinityIsOfTheLastAttempt();
    void onlyStreamsHaveTokensOneByOne();
    void placesAreBounded();
};

static UsageRecord recordOf(const std::vector<AttemptNote> &attempts, int status = 200)
{
    return {.kind = status == 200 ? RecordKind::Consumption : RecordKind::Failure,
            .channelId = attempts.empty() ? domain::ChannelId() : attempts.back().channel,
            .model = "small",
            .operation = "chat",
            .httpStatus = status,
            .end = status == 200 ? EndReason::Completed : EndReason::Failed,
            .elapsedMilliseconds = 300,
            .attemptLog = attempts.empty() ? QByteArray() : domain::attemptLog(attempts)};
}

static AttemptTotals totalsOf(const std::vector<UsageRecord> &records)
{
    AttemptCounters counters;
    counters.setOn(true);
    std::vector<storage::LedgerEntry> stored;
    for (const UsageRecord &record : records)
        stored.push_back({.record = record});
    counters.count(stored);
    return counters.totals();
}

static AttemptNote servedBy(qint64 channel)
{
    return {.channel = {channel}, .startedAt = 200, .endedAt = 250'200, .status = 200};
}

static AttemptNote failedBy(qint64 channel, int status, const QByteArray &code)
{
    return {.channel = {channel},
            .startedAt = 100,
            .endedAt = 150,
            .status = status,
            .errorCode = code};
}

void AttemptCountersTest::nothingIsCountedUntilItIsOn()
{
    AttemptCounters counters;
    const std::vector<storage::LedgerEntry> stored{{.record = recordOf({servedBy(1)})}};

    counters.count(stored);
    QVERIFY(counters.totals().attempts.empty());
    counters.setOn(true);
    counters.count(stored);
    QCOMPARE(counters.totals().attempts.size(), size_t(1));
    // What was counted stays.
    counters.setOn(false);
    counters.count(stored);
    QCOMPARE(counters.totals().answers.front().codes.at(200), 1u);
}

void AttemptCountersTest::answersAreCountedByRoute()
{
    UsageRecord messages = recordOf({servedBy(1)});
    messages.operation = "messages";
    UsageRecord test = messages;
    test.kind = RecordKind::Test;

    const AttemptTotals totals =
        totalsOf({recordOf({servedBy(1)}), recordOf({}, 403), messages, messages, test});

    QCOMPARE(totals.answers.size(), size_t(2));
    const AnswerTotal &chat = totals.answers.at(0);
    QCOMPARE(chat.protocol, QByteArray("openai"));
    QCOMPARE(chat.route, QByteArray("chat"));
    QCOMPARE(chat.codes.at(200), 1u);
    QCOMPARE(chat.codes.at(403), 1u);
    QCOMPARE(chat.elapsed.counts.at(2), 2u); // up to half a second
    QVERIFY(qAbs(chat.elapsed.seconds - 0.6) < 1e-9);
    QCOMPARE(totals.answers.at(1).protocol, QByteArray("anthropic"));
    QCOMPARE(totals.answers.at(1).codes.at(200), 2u);
}

void AttemptCountersTest::attemptsAreCountedByCode()
{
    const AttemptTotals totals = totalsOf(
        {recordOf({failedBy(1, 503, "overloaded"), servedBy(2)}),
         recordOf({failedBy(1, 0, "provider_unreachable"), failedBy(2, 500, "error")}, 502)});

    QCOMPARE(totals.attempts.size(), size_t(2));
    const AttemptTotal &first = totals.attempts.at(0);
    QCOMPARE(first.channel.value, 1);
    QCOMPARE(first.model, QByteArray("small"));
    QCOMPARE(first.codes.at("503"), 1u);
    QCOMPARE(first.codes.at("provider_unreachable"), 1u);
    QCOMPARE(first.elapsed.seconds, 0.0);
    const AttemptTotal &second = totals.attempts.at(1);
    QCOMPARE(second.codes.at("200"), 1u);
    QCOMPARE(second.codes.at("500"), 1u);
    QVERIFY(qAbs(second.elapsed.seconds - 0.25) < 1e-9);
    // The last attempt of a request is not followed by another one.
    QCOMPARE(totals.retries.size(), size_t(2));
    for (const RetryTotal &retry : totals.retries) {
        QCOMPARE(retry.channel.value, 1);
        QCOMPARE(retry.count, 1u);
    }
    QCOMPARE(totals.overhead.counts.at(1), 2u); // a tenth of a millisecond
    QVERIFY(totals.rejected.empty());
}

void AttemptCountersTest::whatCouldNotBeAskedIsRejected()
{
    UsageRecord refused = recordOf({}, 403);
    refused.errorCode = "model_not_allowed";

    const AttemptTotals totals = totalsOf({refused, refused});

    QCOMPARE(totals.rejected.size(), size_t(1));
    QCOMPARE(totals.rejected.at("model_not_allowed"), 2u);
    QVERIFY(totals.attempts.empty());
    QVERIFY(totals.rateLimited.empty());
}

void AttemptCountersTest::limitsAreNamed_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("scope");

    const auto row = [](const char *code, const char *scope) {
        QTest::newRow(code) << QByteArray(code) << QByteArray(scope);
    };
    row("concurrency_limit_exceeded", "token_concurrency");
    row("rate_limit_exceeded", "token_requests");
    row("token_rate_limit_exceeded", "token_tokens");
    row("channel_limit_reached", "channel");
    row("provider_rate_limited", "provider");
}

void AttemptCountersTest::limitsAreNamed()
{
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, scope);
    UsageRecord refused = recordOf({}, 429);
    refused.errorCode = code;

    const AttemptTotals totals = totalsOf({refused});

    QCOMPARE(totals.rateLimited.size(), size_t(1));
    QCOMPARE(totals.rateLimited.begin()->first, scope);
    QCOMPARE(totals.rateLimited.begin()->second, 1u);
}

void AttemptCountersTest::affinityIsOfTheLastAttempt()
{
    const auto with = [](AffinityOutcome outcome) {
        AttemptNote note = servedBy(1);
        note.affinity = outcome;
        return note;
    };

    const AttemptTotals totals =
        totalsOf({recordOf({with(AffinityOutcome::Hit), with(AffinityOutcome::Spill)}),
                  recordOf({with(AffinityOutcome::Hit)}),
                  recordOf({with(AffinityOutcome::Hit)}),
                  recordOf({with(AffinityOutcome::Miss)}),
                  recordOf({with(AffinityOutcome::None)})});

    QCOMPARE(totals.affinity.at(0), 1u);
    QCOMPARE(totals.affinity.at(1), 2u);
    QCOMPARE(totals.affinity.at(2), 1u);
}

void AttemptCountersTest::onlyStreamsHaveTokensOneByOne()
{
    UsageRecord stream = recordOf({servedBy(1)});
    stream.stream = true;
    stream.firstByteMilliseconds = 100;
    stream.usage.output = 11;
    UsageRecord whole = stream;
    whole.stream = false;
    UsageRecord brokenOff = stream;
    brokenOff.end = EndReason::ClientGone;
    UsageRecord single = stream;
    single.usage.output = 1;

    const AttemptTotals totals = totalsOf({stream, whole, brokenOff, single});

    const TimeCounts<tokenTimeBounds> &times = totals.attempts.front().perToken;
    QVERIFY(qAbs(times.seconds - 0.02) < 1e-9);
    quint64 all = 0;
    for (const quint64 count : times.counts)
        all += count;
    QCOMPARE(all, 1u);
}

void AttemptCountersTest::placesAreBounded()
{
    std::vector<UsageRecord> records;
    for (int i = 0; i < int(AttemptCounters::mostPlaces) + 10; ++i) {
        const QByteArray number = QByteArray::number(i);
        UsageRecord served = recordOf({servedBy(1)});
        served.model = "m" + number;
        records.push_back(served);
        UsageRecord refused = recordOf({}, 403);
        refused.errorCode = "code_" + number;
        records.push_back(refused);
    }

    const AttemptTotals totals = totalsOf(records);

    QCOMPARE(totals.attempts.size(), AttemptCounters::mostPlaces + 1);
    QCOMPARE(totals.attempts.front().model, QByteArray("__other__"));
    QCOMPARE(totals.attempts.front().codes.at("200"), 10u);
    QCOMPARE(totals.rejected.size(), AttemptCounters::mostReasons + 1);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::AttemptCountersTest)
#include "tst_attemptcounters.moc"
