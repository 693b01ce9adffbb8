#include "admin/traffic/rewrites.h"
#include "admin/traffic/trafficmatch.h"
#include "admin/trafficfixture.h"
#include "storage/statement.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::UsageRecord;

// What a window shows of requests, and what is kept of them.
class TrafficServiceTest : public TrafficFixture
{
    Q_OBJECT

private slots:
    void init() { start(); }
    void cleanup() { m_fixture.reset(); }
    void pagesFollowEachOther();
    void newsFollowTheNewestLine();
    void countsAndTotals();
    void findsALine();
    void aFilterThatIsNotUnderstood();
    void aCancelledPageHasNoAnswer();
    void withoutAGatewayNothingRuns();
    void oldLinesAreRemoved();
    void theOldestAreRemovedBeyondASize();
    void theLastHourIsKeptBeyondASize();
    void requestsAreKeptWhereOthersTakeTheSpace();
    void bookmarkedLinesStay();
    void bookmarkedLinesStayBeyondASize();
    void bookmarksAreFoundAndTakenBack();
    void noCaptureStaysWithoutALine();
    void aBookmarkOutlastsTheStart();
    void linesKnowTheirPath();
    void capturesAreReadAndForgotten();
    void rewritesOfABody();
    void rewritesOfAStream();
    void eventsOfAStream();
    void eventsOfAnArray();
    void costsAddUp();
    void aFailureIsExplained();

private:
    static QByteArray ids(const std::vector<TrafficLine> &lines)
    {
        QByteArray all;
        for (const TrafficLine &line : lines)
            all += line.record.requestId;
        return all;
    }

    QTemporaryDir m_directory;
};

void TrafficServiceTest::pagesFollowEachOther()
{
    store({request("a"), request("b"), request("c"), request("d"), request("e")});

    const auto first = wait(traffic().page({}, {}, 2));
    QVERIFY(first);
    QCOMPARE(ids(first->lines), QByteArray("ed"));
    QVERIFY(first->next);
    store({request("f")}); // does not move what follows
    const auto second = wait(traffic().page({}, *first->next, 2));
    QVERIFY(second && second->next);
    QCOMPARE(ids(second->lines), QByteArray("cb"));
    const auto third = wait(traffic().page({}, *second->next, 2));

    QVERIFY(third);
    QCOMPARE(ids(third->lines), QByteArray("a"));
    QVERIFY(!third->next);
}

void TrafficServiceTest::newsFollowTheNewestLine()
{
    UsageRecord failed = request("b");
    failed.httpStatus = 500;
    failed.end = domain::EndReason::Failed;
    store({request("a"), failed});
    const auto page = wait(traffic().page(filter(u"status:ok"_s)));
    QVERIFY(page);
    QCOMPARE(ids(page->lines), QByteArray("a"));

    const auto nothing = wait(traffic().newer(filter(u"status:ok"_s), page->lines[0].id));
    QVERIFY(nothing && nothing->lines.empty());
    failed.requestId = "x";
    store({request("c"), failed, request("d")});
    const auto news = wait(traffic().newer(filter(u"status:ok"_s), nothing->newest));
    QVERIFY(news);
    QCOMPARE(ids(news->lines), QByteArray("dc"));
    QVERIFY(!news->hasMore);

    const auto gap = wait(traffic().newer(filter(u"status:ok"_s), nothing->newest, 1));
    QVERIFY(gap);
    QCOMPARE(ids(gap->lines), QByteArray("d"));
    QVERIFY(gap->hasMore);
}

void TrafficServiceTest::countsAndTotals()
{
    UsageRecord failed = request("c");
    failed.httpStatus = 429;
    failed.end = domain::EndReason::Failed;
    failed.usage = {};
    failed.cost = {};
    store({request("a"), request("b"), failed});

    const auto count = wait(traffic().count(filter(u"model:small"_s)));
    const auto bounded = wait(traffic().count({}, 1));
    const auto totals = wait(traffic().totals({}));
    const auto page = wait(traffic().page({}));

    QVERIFY(count && bounded && totals && page);
    QCOMPARE(count->requests, 3);
    QVERIFY(count->isWhole);
    QVERIFY(bounded->requests >= 1);
    QCOMPARE(totals->requests, 3);
    QCOMPARE(totals->errors, 1);
    QCOMPARE(totals->inputTokens, 200);
    QCOMPARE(totals->cachedTokens, 60);
    QCOMPARE(totals->outputTokens, 20);
    QCOMPARE(totals->cost.nanoDollars, 2'000);
    QVERIFY(totalsOf(page->lines) == *totals);
}

void TrafficServiceTest::findsALine()
{
    store({request("a")});
    const auto byRequest = wait(traffic().find(QByteArray("a")));
    QVERIFY(byRequest);
    const auto byId = wait(traffic().find(byRequest->id));
    const auto missing = wait(traffic().find(QByteArray("z")));

    QVERIFY(byId);
    QCOMPARE(byId->record.requestId, QByteArray("a"));
    QCOMPARE(byId->startedAt(), byId->record.createdAt - 2'000);
    QCOMPARE(byId->tokensPerSecond().value_or(0), 10.0);
    QVERIFY(!byId->hasCapture && !byId->running);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
}

void TrafficServiceTest::aFilterThatIsNotUnderstood()
{
    const domain::FilterQuery odd = filter(u"cost:>much"_s);

    QVERIFY(traffic().problemOf(odd));
    QVERIFY(!traffic().problemOf(filter(u"cost:>1"_s)));
    const auto page = wait(traffic().page(odd));
    QVERIFY(!page);
    QCOMPARE(page.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(!wait(traffic().count(odd)));
    QVERIFY(!wait(traffic().exportTo({.file = m_directory.filePath(u"x"_s)}, odd)));
}

void TrafficServiceTest::aCancelledPageHasNoAnswer()
{
    // The readers are kept busy, so that the page waits.
    std::mutex gate;
    std::unique_lock lock(gate);
    for (int reader = 0; reader < 2; ++reader) {
        m_fixture->storage->read([&gate](storage::Database &) -> base::Result<> {
            const std::lock_guard held(gate);
            return {};
        });
    }
    auto page = traffic().page({});
    page.cancel();
    lock.unlock();

    QTRY_VERIFY(page.isFinished());
    QCOMPARE(page.resultCount(), 0);
}

void TrafficServiceTest::withoutAGatewayNothingRuns()
{
    const auto running = wait(traffic().running());
    const auto cancelled = wait(traffic().cancel("a"));

    QVERIFY(running && running->empty());
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().code, base::ErrorCode::NotFound);
}

void TrafficServiceTest::oldLinesAreRemoved()
{
    store({request("old")});
    m_fixture->clock.advance(std::chrono::hours(24 * 40));
    store({request("new")});
    QVERIFY(wait(m_fixture->administration->settings.set(u"traffic.ledger_days"_s, u"30"_s)));

    traffic().start();

    QTRY_VERIFY(!wait(traffic().find(QByteArray("old"))));
    QVERIFY(wait(traffic().find(QByteArray("new"))));
}

void TrafficServiceTest::theOldestAreRemovedBeyondASize()
{
    std::vector<UsageRecord> lines;
    for (int i = 0; i < 4'000; ++i) {
        lines.push_back(request("old-" + QByteArray::number(i)));
        lines.back().createdAt += i;
        lines.back().attemptLog = QByteArray(900, 'x');
    }
    store(lines);
    m_fixture->clock.advance(std::chrono::hours(2));
    store({request("new")});
    const auto held = wait(m_fixture->storage->read([](storage::Database &database) {
        return storage::numberOf(
            database,
            storage::execute(database,
                             u"SELECT page_count * page_size FROM pragma_page_count,"
                             " pragma_page_size"_s));
    }));
    QVERIFY(held);
    const qint64 limit = *held / 2;
    QVERIFY(wait(m_fixture->administration->settings.set(u"traffic.ledger_bytes"_s,
                                                         QString::number(limit))));

    traffic().start();

    QTRY_VERIFY_WITH_TIMEOUT(!wait(traffic().find(QByteArray("old-0"))), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(!wait(traffic().find(QByteArray("old-500"))), 20'000);
    QVERIFY(wait(traffic().find(QByteArray("old-3999")))); // no more than has to be
    QVERIFY(wait(traffic().find(QByteArray("new"))));
}

// However small the limit is.
void TrafficServiceTest::theLastHourIsKeptBeyondASize()
{
    std::vector<UsageRecord> lines(4'000, request("old"));
    for (int i = 0; UsageRecord & line : lines) {
        line.requestId = "old-" + QByteArray::number(++i);
        line.createdAt += i;
        line.attemptLog = QByteArray(300, 'x');
    }
    lines.front().requestId = "old";
    store(lines);
    m_fixture->clock.advance(std::chrono::hours(2));
    store({request("new")});
    QVERIFY(wait(m_fixture->administration->settings.set(u"traffic.ledger_bytes"_s, u"1048576"_s)));

    traffic().start();

    QTRY_VERIFY(!wait(traffic().find(QByteArray("old"))));
    QVERIFY(wait(traffic().find(QByteArray("new"))));
}

// It is not for them that the database is so large.
void TrafficServiceTest::requestsAreKeptWhereOthersTakeTheSpace()
{
    store({request("old")});
    m_fixture->clock.advance(std::chrono::hours(2));
    QVERIFY(wait(m_fixture->storage->write([](storage::Database &database) {
        return storage::done(storage::execute(
            database, u"INSERT INTO meta (name, value) VALUES ('ballast', zeroblob(3000000))"_s));
    })));
    QVERIFY(wait(m_fixture->administration->settings.set(u"traffic.ledger_bytes"_s, u"1048576"_s)));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"more than traffic.ledger_bytes"_s));

    traffic().start();

    QTest::qWait(300);
    QVERIFY(wait(traffic().find(QByteArray("old"))));
}

void TrafficServiceTest::bookmarkedLinesStay()
{
    CaptureService &captures = m_fixture->administration->captures;
    BookmarkService &bookmarks = m_fixture->administration->bookmarks;
    store({request("a"), request("b")});
    keep("a", {});
    keep("b", {});
    QCOMPARE(*wait(bookmarks.add({"a"})), QByteArrayList({"a"}));
    m_fixture->clock.advance(std::chrono::hours(24 * 40));
    QVERIFY(wait(m_fixture->administration->settings.set(u"traffic.ledger_days"_s, u"30"_s)));

    traffic().start();

    QTRY_VERIFY(!wait(traffic().find(QByteArray("b"))));
    QTRY_VERIFY(!wait(captures.find("b")));
    const auto line = wait(traffic().find(QByteArray("a")));
    QVERIFY(line && line->bookmarked && line->hasCapture);
    QVERIFY(wait(captures.find("a")));
    QVERIFY(wait(bookmarks.remove({"a"})));
    traffic().start();
    QTRY_VERIFY(!wait(traffic().find(QByteArray("a"))));
    QTRY_VERIFY(!wait(captures.find("a")));
}

void TrafficServiceTest::bookmarkedLinesStayBeyondASize()
{
    std::vector<UsageRecord> lines(4'000, request("old"));
    for (int i = 0; UsageRecord & line : lines) {
        line.requestId = "old-" + QByteArray::number(++i);
        line.createdAt += i;
        line.attemptLog = QByteArray(300, 'x');
    }
    store(lines);
    QVERIFY(wait(m_fixture->administration->bookmarks.add({"old-1", "old-40"})));
    m_fixture->clock.advance(std::chrono::hours(2));
    QVERIFY(wait(m_fixture->administration->settings.set(u"traffic.ledger_bytes"_s, u"1048576"_s)));

    traffic().start();

    QTRY_VERIFY(!wait(traffic().find(QByteArray("old-2"))));
    QTRY_VERIFY(!wait(traffic().find(QByteArray("old-41"))));
    QVERIFY(wait(traffic().find(QByteArray("old-1"))));
    QVERIFY(wait(traffic().find(QByteArray("old-40"))));
}

void TrafficServiceTest::bookmarksAreFoundAndTakenBack()
{
    BookmarkService &bookmarks = m_fixture->administration->bookmarks;
    QSignalSpy changed(&bookmarks, &BookmarkService::changed);
    store({request("a"), request("b"), request("c")});

    QCOMPARE(*wait(bookmarks.add({"c", "gone", "a"})), QByteArrayList({"c", "a"}));

    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().first().value<QByteArrayList>(), QByteArrayList({"c", "a"}));
    QVERIFY(changed.first().last().toBool());
    const auto found = wait(traffic().page(filter(u"bookmarked:yes"_s)));
    QVERIFY(found);
    QCOMPARE(ids(found->lines), QByteArray("ca"));
    QVERIFY(found->lines.front().bookmarked);
    QCOMPARE(TrafficService::filterValues(u"bookmarked"_s), QStringList({u"yes"_s, u"no"_s}));
    QVERIFY(TrafficService::filterKeys().contains(u"bookmarked"_s));
    QCOMPARE(*wait(bookmarks.remove({"a", "b"})), QByteArrayList({"a"}));
    QCOMPARE(ids(wait(traffic().page(filter(u"bookmarked:no"_s)))->lines), QByteArray("ba"));
    // What is being served cannot have one.
    TrafficLine running{.record = request("d"), .running = RunningState()};
    QVERIFY(!matches(running, filter(u"bookmarked:yes"_s)));
    QVERIFY(matches(running, filter(u"bookmarked:no"_s)));
}

void TrafficServiceTest::noCaptureStaysWithoutALine()
{
    CaptureService &captures = m_fixture->administration->captures;
    BookmarkService &bookmarks = m_fixture->administration->bookmarks;
    store({request("a")});
    keep("a", {});
    keep("gone", {});
    QCOMPARE(*wait(bookmarks.add({"a"})), QByteArrayList({"a"}));
    QCOMPARE(*wait(bookmarks.add({"a", "gone"})), QByteArrayList());
    m_fixture->clock.advance(std::chrono::hours(24 * 40));

    QTRY_VERIFY(!wait(captures.find("gone")));
    QVERIFY(wait(captures.find("a")));
}

// Its captures are told of all bookmarks then, which are read before.
void TrafficServiceTest::aBookmarkOutlastsTheStart()
{
    CaptureService &captures = m_fixture->administration->captures;
    BookmarkService &bookmarks = m_fixture->administration->bookmarks;
    store({request("a"), request("b")});
    keep("a", {});
    keep("b", {});

    bookmarks.start();
    const auto added = bookmarks.add({"a"});
    bookmarks.start();

    QCOMPARE(*wait(added), QByteArrayList({"a"}));
    m_fixture->clock.advance(std::chrono::hours(24 * 40));
    QTRY_VERIFY(!wait(captures.find("b")));
    QVERIFY(wait(captures.find("a")));
}

void TrafficServiceTest::linesKnowTheirPath()
{
    TrafficLine line{.record = request("a")};
    QCOMPARE(line.method() + u' ' + line.path(), u"POST /v1/chat/completions"_s);
    line.record.operation = "generate_content";
    QCOMPARE(line.path(), u"/v1beta/models/small:generateContent"_s);
    line.record.operation = "unheard of";
    QCOMPARE(line.path(), QString());
}

void TrafficServiceTest::capturesAreReadAndForgotten()
{
    domain::CaptureSink &sink = m_fixture->administration->captureSink();
    CaptureService &captures = m_fixture->administration->captures;
    domain::Capture capture{
        .requestId = "a",
        .token = {1},
        .createdAt = m_fixture->clock.wallMilliseconds(),
        .request = {.line = "POST /v1/chat/completions",
                    .fields = {{"Authorization", "Bearer x"}, {"Content-Type", "application/json"}},
                    .body = R"({"model":"small"})",
                    .size = 17}};
    capture.attempts.push_back(
        {.channel = {1},
         .channelName = "one",
         .request = {.line = "POST /up", .body = R"({"model":"tiny"})", .size = 16}});
    sink.submit(capture, {}, 0);
    store({request("a")});

    const auto found = wait(captures.find("a"));
    QVERIFY(found);
    QCOMPARE(found->request.field("authorization"), QByteArray("***"));
    const auto line = wait(traffic().find(QByteArray("a")));
    QVERIFY(line && line->hasCapture);
    const auto rewrites = wait(captures.rewrites("a"));
    QVERIFY(rewrites);
    QCOMPARE(rewrites->size(), size_t(1));
    QCOMPARE(rewrites->front().after, u"\"tiny\""_s);
    const auto curl = wait(captures.curl("a", u"http://gate:3000"_s));
    QVERIFY(curl);
    QVERIFY(curl->contains(u"$API_KEY"_s) && curl->contains(u"http://gate:3000/v1/chat"_s));
    QCOMPARE(wait(captures.totals())->requests, 1);

    QVERIFY(wait(captures.forget("a")));
    const auto after = wait(captures.find("a"));
    QVERIFY(!after);
    QVERIFY(!wait(traffic().find(QByteArray("a")))->hasCapture);
    QCOMPARE(*wait(captures.forgetToken({1})), 0);
    QCOMPARE(*wait(captures.forgetAll()), 0);
}

void TrafficServiceTest::rewritesOfABody()
{
    const auto rewrites = rewritesBetween(
        R"({"model":"small","stream":true,"messages":[{"content":"a"},{"content":"b"}],"gone":1})",
        R"({"model":"tiny","stream":true,"messages":[{"content":"a"},{"content":"c"},{"x":[]}],)"
        R"("stream_options":{"include_usage":true}})");

    QVERIFY(rewrites);
    using Kind = Rewrite::Kind;
    const std::vector<Rewrite> expected{
        {.kind = Kind::Removed, .path = u"gone"_s, .before = u"1"_s},
        {.path = u"messages[1].content"_s, .before = u"\"b\""_s, .after = u"\"c\""_s},
        {.kind = Kind::Added, .path = u"messages[2]"_s, .after = u"{\"x\":[]}"_s},
        {.path = u"model"_s, .before = u"\"small\""_s, .after = u"\"tiny\""_s},
        {.kind = Kind::Added, .path = u"stream_options"_s, .after = u"{\"include_usage\":true}"_s}};
    QVERIFY(*rewrites == expected);
    QVERIFY(!rewritesBetween("{", "{}"));
}

void TrafficServiceTest::rewritesOfAStream()
{
    using Kind = Rewrite::Kind;
    const auto form = protocol::StreamForm::Events;
    const QByteArray before = "data: {\"model\":\"tiny\",\"n\":1}\n\n: alive\n\n"
                              "data: {\"usage\":{}}\n\ndata: [DONE]\n\n";
    const QByteArray after = "data: {\"model\":\"large\",\"n\":1}\n\ndata: [DONE]\n\n";

    const auto rewrites = rewritesBetweenStreams(before, form, after, form);

    QVERIFY(rewrites);
    QVERIFY(!rewrites->empty());
    QCOMPARE(
        rewrites->front(),
        (Rewrite{.path = u"events[0].model"_s, .before = u"\"tiny\""_s, .after = u"\"large\""_s}));
    QVERIFY(rewrites->back().kind == Kind::Removed);
    const auto same = rewritesBetweenStreams(before, form, before, form);
    QVERIFY(same && same->empty());
}

void TrafficServiceTest::eventsOfAStream()
{
    const QByteArray body = "event: start\ndata: one\n\n: alive\n\ndata: two\n\ndata: cut";

    const auto events = streamEventsOf(body,
                                       {{.offset = 0, .microseconds = 10},
                                        {.offset = 24, .microseconds = 20},
                                        {.offset = 40, .microseconds = 30}});

    QCOMPARE(events.size(), size_t(4));
    QCOMPARE(events[0].name, QByteArray("start"));
    QCOMPARE(events[0].preview, QByteArray("one"));
    QCOMPARE(events[0].microseconds, 10);
    QCOMPARE(events[1].preview, QByteArray(": alive"));
    QCOMPARE(events[1].microseconds, 20);
    QCOMPARE(events[2].preview, QByteArray("two"));
    QCOMPARE(events[2].microseconds, 30);
    QCOMPARE(events[3].preview, QByteArray("cut"));
    qint64 bytes = 0;
    for (const StreamEvent &event : events)
        bytes += event.bytes;
    QCOMPARE(bytes, body.size());
}

void TrafficServiceTest::eventsOfAnArray()
{
    const QByteArray body = "[{\"a\":1}\n,\r\n{\"b\":2},{\"cut";

    const auto events = streamEventsOf(body,
                                       {{.offset = 0, .microseconds = 10},
                                        {.offset = 8, .microseconds = 20},
                                        {.offset = 19, .microseconds = 30}},
                                       protocol::StreamForm::Array);

    QCOMPARE(events.size(), size_t(3));
    QCOMPARE(events[0].preview, QByteArray("{\"a\":1}"));
    QCOMPARE(events[0].microseconds, 10);
    QCOMPARE(events[1].preview, QByteArray("{\"b\":2}"));
    QCOMPARE(events[1].microseconds, 20);
    QCOMPARE(events[2].preview, QByteArray(",{\"cut"));
    QCOMPARE(events[2].microseconds, 30);
    qint64 bytes = 0;
    for (const StreamEvent &event : events)
        bytes += event.bytes;
    QCOMPARE(bytes, body.size());
}

void TrafficServiceTest::costsAddUp()
{
    UsageRecord record = request("a");
    record.usage = {.input = 1'001, .cacheRead = 500, .output = 33, .reasoning = 10};
    record.cost = {123'457};
    store({record});
    const auto line = wait(traffic().find(QByteArray("a")));
    QVERIFY(line);

    const auto report = wait(traffic().report(line->id));

    QVERIFY(report);
    QCOMPARE(report->cost.lines.size(), size_t(4));
    qint64 sum = report->cost.difference.nanoDollars;
    for (const domain::CostLine &each : report->cost.lines)
        sum += each.cost.nanoDollars;
    QCOMPARE(sum, record.cost.nanoDollars);
    QCOMPARE(report->explanation, QString());
}

void TrafficServiceTest::aFailureIsExplained()
{
    UsageRecord record = request("a");
    record.httpStatus = 502;
    record.end = domain::EndReason::Failed;
    record.errorCode = "channel_key_refused";
    record.attemptLog = domain::attemptLog(std::vector<domain::AttemptNote>{
        {.channel = {77}, .errorCode = "channel_key_refused", .message = "Incorrect API key"}});
    store({record});
    const auto line = wait(traffic().find(QByteArray("a")));
    QVERIFY(line);

    const auto report = wait(traffic().report(line->id));

    QVERIFY(report);
    QVERIFY(report->explanation.contains(u"refuses the key"_s));
    QCOMPARE(report->providerText, u"Incorrect API key"_s);
    QCOMPARE(report->attempts.size(), size_t(1));
    QCOMPARE(report->attempts[0].channelName, QString()); // it is no more
    QCOMPARE(report->attempts[0].reason, report->explanation);
    record.errorCode = "of a later version";
    QVERIFY(!requestReport({.record = record}, nullptr).explanation.isEmpty());
    QVERIFY(!wait(traffic().report(line->id + 1)));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TrafficServiceTest)
#include "tst_trafficservice.moc"
