#include "storage/traffic/trafficcondition.h"

#include "domain/attemptnote.h"
#include "storage/ledger/ledgerbatch.h"
#include "storage/repositories/channelrepository.h"
#include "storage/traffic/bookmarkrepository.h"
#include "storage/traffic/trafficlines.h"
#include "storage/traffic/trafficquery.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using domain::EndReason;
using domain::UsageRecord;
using storage::Dialect;
using storage::TrafficLines;
using storage::TrafficRows;
using storage::TrafficSpan;
using support::TemporaryDatabase;

// A filter as a person writes it against a small ledger, on both databases.
class TrafficConditionTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void matches_data();
    void matches();
    void isRefused_data();
    void isRefused();
    void hostileValuesAreData_data();
    void hostileValuesAreData();
    void pagesMeetWithoutAGap_data() { TemporaryDatabase::addRows(); }
    void pagesMeetWithoutAGap();
    void countsWhatAChannelPassedOn_data() { TemporaryDatabase::addRows(); }
    void countsWhatAChannelPassedOn();
    void sumsUp_data() { TemporaryDatabase::addRows(); }
    void sumsUp();
    void momentsInATimeZone_data();
    void momentsInATimeZone();

private:
    base::Result<QString> found(Dialect::Kind kind, const QString &filter);

    std::map<Dialect::Kind, std::unique_ptr<TemporaryDatabase>> m_databases;
};

namespace {

constexpr qint64 now = 1'700'000'000'000;
constexpr qint64 hour = 3'600'000;

// The request ids are letters.
std::vector<UsageRecord> ledger()
{
    UsageRecord a{.requestId = "a",
                  .createdAt = now - 50 * hour,
                  .userId = {1},
                  .username = "ann",
                  .tokenId = {5},
                  .tokenName = "alice laptop",
                  .channelId = {1},
                  .model = "claude-sonnet-4-5",
                  .providerModel = "claude-sonnet-4-5",
                  .group = "default",
                  .operation = "messages",
                  .usage = {.input = 100, .cacheRead = 40, .output = 20},
                  .cost = {5'000'000},
                  .stream = true,
                  .cache = domain::CacheResult::Hit,
                  .httpStatus = 200,
                  .elapsedMilliseconds = 8'000,
                  .firstByteMilliseconds = 600,
                  .clientAddress = "192.168.1.7",
                  .client = "Claude Code",
                  .session = "s-1",
                  .attemptLog = "[]"};
    UsageRecord b = a;
    b.requestId = "b";
    b.createdAt = now - 2 * hour;
    b.username = "bob";
    b.userId = {2};
    b.tokenName = "100%_build";
    b.tokenId = {6};
    b.channelId = {2};
    b.model = "gpt-5.1";
    b.providerModel = "gpt-5.1-2026";
    b.operation = "chat";
    b.usage = {.input = 5'000, .output = 900};
    b.cost = {20'000'000'000};
    b.stream = false;
    b.cache = domain::CacheResult::Miss;
    b.attempts = 3;
    const QByteArray words("a\0b", 3);
    b.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{
        {.channel = {1}, .errorCode = "server_error", .message = words},
        {.channel = {11}, .errorCode = "server_error", .message = words},
        {.channel = {2}}});
    b.elapsedMilliseconds = 31'000;
    b.firstByteMilliseconds = 12'000;
    b.clientAddress = "::1";
    b.client = "Codex";
    b.session.clear();
    UsageRecord c = b;
    c.requestId = "c";
    c.kind = domain::RecordKind::Failure;
    c.createdAt = now - hour;
    c.attempts = 1;
    c.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{{.channel = {2}}});
    c.usage = {};
    c.cost = {};
    c.unpriced = true;
    c.httpStatus = 429;
    c.end = EndReason::Failed;
    c.firstByteMilliseconds = -1;
    c.errorCode = "provider_rate_limited";
    c.channelKeyId = 7;
    UsageRecord d = c;
    d.channelKeyId = 0;
    d.requestId = "d";
    d.httpStatus = 499;
    d.end = EndReason::ClientGone;
    d.errorCode = "client_gone";
    UsageRecord topUp = c;
    topUp.requestId.clear();
    topUp.kind = domain::RecordKind::TopUp;
    return {a, b, topUp, c, d};
}

} // namespace

void TrafficConditionTest::initTestCase()
{
    for (const Dialect::Kind kind : {Dialect::Kind::Sqlite, Dialect::Kind::Postgresql}) {
        auto database = std::make_unique<TemporaryDatabase>(kind);
        const support::MarkingSealer sealer;
        storage::ChannelRepository channels(database->database(), sealer);
        QVERIFY(channels.insert({.id = {1}, .name = u"Anthropic – team"_s}));
        QVERIFY(channels.insert({.id = {2}, .name = u"OpenAI"_s}));
        std::vector<storage::LedgerEntry> entries;
        for (UsageRecord &record : ledger())
            entries.push_back({.record = std::move(record)});
        QVERIFY(storage::LedgerBatch::of(database->database()).store(entries));
        QVERIFY(storage::BookmarkRepository(database->database()).add({"b", "d"}, now));
        m_databases.emplace(kind, std::move(database));
    }
}

void TrafficConditionTest::cleanupTestCase()
{
    m_databases.clear();
    TemporaryDatabase::stopServer();
}

// The letters of what is found, the newest first.
base::Result<QString> TrafficConditionTest::found(Dialect::Kind kind, const QString &filter)
{
    const auto condition =
        storage::trafficCondition(domain::filterQueryFrom(filter, storage::trafficKeys()),
                                  Dialect(kind),
                                  now,
                                  QTimeZone::utc());
    if (!condition)
        return base::fail(condition.error());
    const TrafficLines lines(m_databases.at(kind)->database(), *condition);
    return lines.span()
        .and_then([&](TrafficSpan span) { return lines.newest(span, 100, 10s); })
        .map([](const TrafficRows &rows) {
            QString letters;
            for (const storage::TrafficRow &row : rows.rows)
                letters += QString::fromUtf8(row.stored.record.requestId);
            return letters;
        });
}

void TrafficConditionTest::matches_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("letters");

    const auto row = [](const char *filter, const char *letters) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << QString::fromUtf8(letters);
    };
    row("", "dcba");
    row("status:ok", "ba");
    row("status:error", "c");
    row("status:broken", "");
    row("status:cancelled", "d");
    row("status:running", "");
    row("status:2xx", "ba");
    row("status:4xx", "dc");
    row("status:5xx", "");
    row("status:429", "c");
    row("status:>=429", "dc");
    row("status:ok,429", "cba");
    row("-status:ok", "dc");
    row("model:gpt-5.1", "dcb");
    row("model:GPT*", "dcb");
    row("model:gpt-5.?", "dcb");
    row("model:gpt", "");
    row("model:gpt-5.1-2026", "dcb");
    row("-model:gpt*", "a");
    row("channel:openai", "dcb");
    row("channel:\"Anthropic – team\"", "a");
    row("channel:anthropic*", "a");
    row("channel:#2", "dcb");
    row("tried:#1", "ba");
    row("tried:#2", "dcb");
    row("tried:#11", "b");
    row("tried:#111", "");
    row("tried:anthropic*", "ba");
    row("tried:openai", "dcb");
    row("-tried:#1", "dc");
    row("-tried:anthropic*", "dc");
    row("tried:#1 -channel:#1", "b");
    row("tried:#11,\"anthropic*\"", "ba");
    row("token:\"Alice Laptop\"", "a");
    row("token:100%_build", "dcb");
    row("token:100*", "dcb");
    row("token:10%", "");
    row("token:#5", "a");
    row("user:ANN", "a");
    row("user:#2", "dcb");
    row("client:\"claude code\",codex", "dcba");
    row("client:Codex", "dcb");
    row("operation:messages", "a");
    row("stream:yes", "a");
    row("stream:no", "dcb");
    row("-stream:yes", "dcb");
    row("cost:>0.01", "b");
    row("cost:$0.005", "a");
    row("cost:<=$0.005", "dca");
    row("in:>1k", "b");
    row("in:100", "a");
    row("cached:>0", "a");
    row("out:>=20", "ba");
    row("ttft:>10s", "b");
    row("ttft:<1s", "a");
    row("ttft:600ms", "a");
    row("duration:>=31s", "dcb");
    row("attempts:>1", "b");
    row("key:7", "c");
    row("key:0 status:4xx", "d");
    row("since:3h", "dcb");
    row("since:90min", "dc");
    row("since:3d", "dcba");
    row("until:1d", "a");
    row("since:2d until:90m", "b");
    row("since:2023-11-14", "dcb");
    row("until:2023-11-14T20:30", "ba");
    row("retried:yes", "b");
    row("retried:no", "dca");
    row("session:s-1", "a");
    row("session:s-*", "a");
    row("id:c", "c");
    row("ip:192.168.*", "a");
    row("ip:::1", "dcb");
    row("priced:yes", "ba");
    row("priced:no", "dc");
    row("bookmarked:yes", "db");
    row("bookmarked:no", "ca");
    row("-bookmarked:yes", "ca");
    row("bookmarked:yes,no", "dcba");
    row("bookmarked:1 status:ok", "b");
    row("cache:hit", "a");
    row("cache:HIT,bypass", "a");
    row("-cache:hit", "dcb");
    row("cache:miss", "dcb");
    row("cache:bypass", "");
    row("error:provider_rate_limited", "c");
    row("group:default", "dcba");
    row("rate_limited", "c");
    row("sonnet", "a");
    row("ALICE", "a");
    row("5.1-2026", "dcb");
    row("S-1", "a");
    row("-s-1", "dcb");
    row("-model:gpt-5.1-2026", "a");
    row("team", "a");
    row("son*4-5", "a");
    row("-sonnet gpt", "dcb");
    row("codex 429 status:4xx", "");
    row("model:", "dcba");
    row("model:gpt* status:error", "c");
    row("http://x", "");
}

void TrafficConditionTest::matches()
{
    QFETCH(QString, filter);
    QFETCH(QString, letters);

    const auto onSqlite = found(Dialect::Kind::Sqlite, filter);
    const auto onPostgresql = found(Dialect::Kind::Postgresql, filter);

    QVERIFY2(onSqlite, onSqlite ? "" : qPrintable(onSqlite.error().detail));
    QVERIFY2(onPostgresql, onPostgresql ? "" : qPrintable(onPostgresql.error().detail));
    QCOMPARE(*onSqlite, letters);
    QCOMPARE(*onPostgresql, letters);
}

void TrafficConditionTest::isRefused_data()
{
    QTest::addColumn<QString>("filter");

    for (const char *filter : {"cost:abc",
                               "in:>",
                               "stream:maybe",
                               "status:fine",
                               "since:whenever",
                               "since:>1h",
                               "-since:1h",
                               "model:>gpt",
                               "tried:>1",
                               "cache:maybe",
                               "cache:>hit",
                               "cost:1e300",
                               "retried:>1"})
        QTest::newRow(filter) << QString::fromUtf8(filter);
}

void TrafficConditionTest::isRefused()
{
    QFETCH(QString, filter);

    const auto condition =
        storage::trafficCondition(domain::filterQueryFrom(filter, storage::trafficKeys()),
                                  Dialect(Dialect::Kind::Sqlite),
                                  now,
                                  QTimeZone::utc());

    if (filter == "in:>"_L1) { // it is still being written
        QVERIFY(condition);
        return;
    }
    QVERIFY(!condition);
    QCOMPARE(condition.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!condition.error().message.isEmpty());
}

void TrafficConditionTest::hostileValuesAreData_data()
{
    QTest::addColumn<QString>("value");

    QTest::newRow("quote") << u"x'; DROP TABLE usage_records; --"_s;
    QTest::newRow("quote and or") << u"' OR '1'='1"_s;
    QTest::newRow("placeholder") << u":f0 :after %1 ?"_s;
    QTest::newRow("backslash") << u"\\"_s;
    QTest::newRow("NUL") << u"a"_s + QChar(u'\0') + u"b"_s;
    QTest::newRow("lone surrogate") << QString(QChar(0xd800));
    QTest::newRow("right to left") << u"\u202eabc\u05d0"_s;
    QTest::newRow("very long") << QString(100'000, u'x');
}

void TrafficConditionTest::hostileValuesAreData()
{
    QFETCH(QString, value);

    for (const QString &key : storage::trafficKeys() + QStringList{QString()}) {
        domain::FilterQuery filter{{{.key = key, .value = value}}};
        for (const bool excluded : {false, true}) {
            filter.terms[0].excluded = excluded;
            for (const auto &[kind, database] : m_databases) {
                const auto condition =
                    storage::trafficCondition(filter, Dialect(kind), now, QTimeZone::utc());
                if (!condition)
                    continue; // it was understood to be nonsense
                const TrafficLines lines(database->database(), *condition);
                const auto rows = lines.newest({.before = 100}, 100, 10s);
                QVERIFY2(rows, qPrintable(key));
                QVERIFY2(excluded || rows->rows.empty(), qPrintable(key));
            }
        }
    }
    QCOMPARE(*found(Dialect::Kind::Sqlite, {}), u"dcba"_s);
    QCOMPARE(*found(Dialect::Kind::Postgresql, {}), u"dcba"_s);
}

void TrafficConditionTest::pagesMeetWithoutAGap()
{
    QFETCH(Dialect::Kind, kind);
    const TrafficLines lines(m_databases.at(kind)->database(), {});
    auto left = lines.span();
    QVERIFY(left);

    QByteArray letters;
    while (!left->isEmpty()) {
        const auto part = lines.newest(*left, 1, 10s);
        QVERIFY(part);
        for (const storage::TrafficRow &row : part->rows)
            letters += row.stored.record.requestId;
        left = part->left;
    }

    QCOMPARE(letters, QByteArray("dcba"));
    const auto channel = TrafficLines::find(m_databases.at(kind)->database(), QByteArray("a"));
    QVERIFY(channel && *channel);
    QCOMPARE((*channel)->channelName, u"Anthropic – team"_s);
    QCOMPARE((*channel)->stored.record.session, QByteArray("s-1"));
    QCOMPARE((*channel)->stored.record.attemptLog, QByteArray("[]"));
}

void TrafficConditionTest::countsWhatAChannelPassedOn()
{
    QFETCH(Dialect::Kind, kind);
    const storage::TrafficQuery query(m_databases.at(kind)->database());

    const auto first = query.passedOn({1}, now - 3 * hour);
    const auto later = query.passedOn({1}, now - hour);
    const auto second = query.passedOn({2}, now - 3 * hour);

    QVERIFY2(first, first ? "" : qPrintable(first.error().detail));
    QVERIFY(later && second);
    QCOMPARE(first->count, 1);
    QCOMPARE(first->latest, now - 2 * hour);
    QCOMPARE(later->count, 0);
    QCOMPARE(second->count, 0);
}

void TrafficConditionTest::sumsUp()
{
    QFETCH(Dialect::Kind, kind);
    const TrafficLines lines(m_databases.at(kind)->database(), {});
    const auto span = lines.span();
    QVERIFY(span);

    const auto sums = lines.sums(*span, 10s);
    const auto count = lines.count(*span, 100, 10s);

    QVERIFY(sums && count);
    QCOMPARE(sums->requests, 4);
    QCOMPARE(count->requests, 4);
    QVERIFY(sums->left.isEmpty());
    QCOMPARE(sums->errors, 1);
    QCOMPARE(sums->input, 5'100);
    QCOMPARE(sums->cached, 40);
    QCOMPARE(sums->output, 920);
    QCOMPARE(sums->cost.nanoDollars, 20'005'000'000);
}

void TrafficConditionTest::momentsInATimeZone_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("moment"); // UTC; empty: none

    QTest::newRow("minutes") << u"30m"_s << u"2023-11-14T21:43:20"_s;
    QTest::newRow("half hours") << u"1.5h"_s << u"2023-11-14T20:43:20"_s;
    QTest::newRow("weeks") << u"2w"_s << u"2023-10-31T22:13:20"_s;
    QTest::newRow("today, which has begun in Shanghai") << u"today"_s << u"2023-11-14T16:00:00"_s;
    QTest::newRow("yesterday") << u"Yesterday"_s << u"2023-11-13T16:00:00"_s;
    QTest::newRow("a date") << u"2023-11-10"_s << u"2023-11-09T16:00:00"_s;
    QTest::newRow("a local time") << u"2023-11-10T12:30"_s << u"2023-11-10T04:30:00"_s;
    QTest::newRow("a time in UTC") << u"2023-11-10t12:30:00z"_s << u"2023-11-10T12:30:00"_s;
    QTest::newRow("no such day") << u"2023-02-30"_s << QString();
    QTest::newRow("below zero") << u"-3h"_s << QString();
    QTest::newRow("too far") << u"9999999w"_s << QString();
}

void TrafficConditionTest::momentsInATimeZone()
{
    QFETCH(QString, value);
    QFETCH(QString, moment);

    const auto read = storage::momentFrom(value, now, QTimeZone("Asia/Shanghai"));

    const QString text =
        read ? QDateTime::fromMSecsSinceEpoch(*read, Qt::UTC).toString(u"yyyy-MM-ddTHH:mm:ss"_s)
             : QString();
    QCOMPARE(text, moment);
}

QTEST_GUILESS_MAIN(TrafficConditionTest)
#include "tst_trafficcondition.moc"
