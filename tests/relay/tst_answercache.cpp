#include "relay/cache/answercache.h"

#include "http/bodysource.h"
#include "relay/cache/cacheuse.h"
#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::CachedRequests;
using domain::CacheScope;
using protocol::Operation;

class AnswerCacheTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void questionsAreToldApart();
    void partsDoNotRunIntoEachOther();
    void aKeyTellsNothingElsewhere();
    void whoAsksIsTheOwner();
    void fieldsThatChangeAnAnswer();
    void nothingIsKeptBeforeItIsOn();
    void itLastsFromWhenItWasKept();
    void whatIsOutdatedGoesUnasked();
    void theOneThatWasNotAskedForGoes();
    void neverMoreThanAllMayTake();
    void aNewOneTakesThePlace();
    void tooLargeAnAnswerIsNotKept();
    void lowerLimitsCountAtOnce();
    void offForgetsEverything();
    void whatBeganBeforeItWasClearedIsNotKept();
    void arrivingAnswersAreBounded();
    void aLongAnswerIsGivenUp();
    void whatTheChannelChanges();
    void whatTheRequestAllows_data();
    void whatTheRequestAllows();
    void aSpooledBodyIsLeftOut();
    void whatLiesElsewhereIsLeftOut();
    void threads();

private:
    AnswerKey numbered(int number) const
    {
        const QByteArray body = QByteArray::number(number);
        return m_cache->key({.owner = 1, .model = "small", .fields = {}, .body = body});
    }
    // Takes so much of the memory in all.
    static KeptAnswer answerOf(qint64 memory)
    {
        KeptAnswer answer;
        answer.bytes = QByteArray(qsizetype(memory - answer.memory()), 'x');
        return answer;
    }
    void keep(int number, qint64 memory = 100'000)
    {
        m_cache->keep(numbered(number), answerOf(memory));
    }
    bool has(int number) { return m_cache->find(numbered(number)) != nullptr; }

    domain::Settings::Cache m_settings{};
    support::ManualClock m_clock;
    std::unique_ptr<AnswerCache> m_cache;
};

void AnswerCacheTest::init()
{
    m_settings = {.answers = true, .ttl = 60s, .bytes = 1'000'000};
    m_cache = std::make_unique<AnswerCache>(m_clock);
    m_cache->configure(m_settings);
}

void AnswerCacheTest::questionsAreToldApart()
{
    const AnswerQuestion question{.owner = 1, .model = "small", .fields = {}, .body = "{}"};
    const auto differs = [&](auto change) {
        AnswerQuestion other = question;
        change(other);
        return m_cache->key(other).hash != m_cache->key(question).hash;
    };

    QVERIFY(!differs([](AnswerQuestion &) {}));
    QVERIFY(differs([](AnswerQuestion &q) { q.owner = 2; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.scope = CacheScope::Token; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.operation = Operation::Completions; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.form = protocol::StreamForm::Array; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.stream = true; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.model = "large"; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.pinnedChannel = 1; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.fields = {"a", "b"}; }));
    QVERIFY(differs([](AnswerQuestion &q) { q.body = "{ }"; }));
}

void AnswerCacheTest::partsDoNotRunIntoEachOther()
{
    const auto hash =
        [this](QByteArrayView model, std::vector<QByteArray> fields, QByteArrayView body) {
            return m_cache->key({.model = model, .fields = std::move(fields), .body = body}).hash;
        };

    QVERIFY(hash("ab", {}, "c") != hash("a", {}, "bc"));
    QVERIFY(hash("a", {"b"}, "c") != hash("a", {}, "bc"));
    QVERIFY(hash("a", {"b", "c"}, "") != hash("a", {"bc"}, ""));
}

void AnswerCacheTest::aKeyTellsNothingElsewhere()
{
    const AnswerCache other(m_clock);

    QVERIFY(other.key({.model = "small", .fields = {}, .body = "{}"}).hash
            != m_cache->key({.model = "small", .fields = {}, .body = "{}"}).hash);
}

void AnswerCacheTest::whoAsksIsTheOwner()
{
    support::TestCatalog content;
    content.content.users.push_back({.id = {2}, .username = u"bob"_s});
    for (const auto &[token, user] : {std::pair{2, 1}, std::pair{3, 2}}) {
        content.content.tokens.push_back({.id = {token},
                                          .userId = {user},
                                          .name = u"t"_s,
                                          .keyHash = support::hashOf(QByteArray::number(token))});
    }
    const auto catalog = content.build();
    const auto key = [&](size_t place, CacheScope scope) {
        m_settings.scope = scope;
        const protocol::Peek peek{.model = "small"};
        return m_cache
            ->key(questionOf(
                m_settings, {.token = catalog->tokens().at(place).get()}, peek, {}, "{}"))
            .hash;
    };

    QVERIFY(key(0, CacheScope::User) == key(1, CacheScope::User));
    QVERIFY(key(0, CacheScope::User) != key(2, CacheScope::User));
    QVERIFY(key(0, CacheScope::Token) != key(1, CacheScope::Token));
    QVERIFY(key(0, CacheScope::Token) != key(0, CacheScope::User));
}

void AnswerCacheTest::fieldsThatChangeAnAnswer()
{
    const auto catalog = support::TestCatalog().build();
    const auto hash = [&](const std::vector<std::pair<QByteArray, QByteArray>> &all) {
        http::Headers fields;
        for (const auto &[name, value] : all)
            fields.add(name, value);
        const Caller caller{.token = catalog->tokens().front().get()};
        return m_cache->key(questionOf(m_settings, caller, {.model = "small"}, fields, "{}")).hash;
    };

    QVERIFY(hash({{"anthropic-beta", "a"}}) != hash({}));
    QVERIFY(hash({{"anthropic-beta", "a"}}) != hash({{"anthropic-beta", "b"}}));
    QVERIFY(hash({{"Anthropic-Version", "a"}}) == hash({{"anthropic-version", "a"}}));
    QVERIFY(hash({{"openai-beta", "a"}}) != hash({{"openai-beta", "a"}, {"openai-beta", "b"}}));
    QVERIFY(hash({{"user-agent", "a"}, {"idempotency-key", "b"}}) == hash({}));
}

void AnswerCacheTest::nothingIsKeptBeforeItIsOn()
{
    m_cache = std::make_unique<AnswerCache>(m_clock);

    keep(1);

    QVERIFY(!has(1));
    QCOMPARE(m_cache->totals().bytes, 0);
}

void AnswerCacheTest::itLastsFromWhenItWasKept()
{
    keep(1);

    m_clock.advance(59s);
    QVERIFY(has(1));
    m_clock.advance(1s);
    QVERIFY(has(1));
    m_clock.advance(1ms);

    QVERIFY(!has(1));
    QCOMPARE(m_cache->totals().answers, 0);
    QCOMPARE(m_cache->totals().bytes, 0);
}

void AnswerCacheTest::whatIsOutdatedGoesUnasked()
{
    for (int i = 0; i < 200; ++i)
        keep(i, 1'000);
    m_clock.advance(40s);
    keep(200, 1'000);
    QVERIFY(has(0)); // to be asked for makes none younger
    m_clock.advance(30s);

    m_cache->dropOutdated();

    QCOMPARE(m_cache->totals().answers, 1);
    QCOMPARE(m_cache->totals().bytes, 1'000);
    QVERIFY(has(200));
}

void AnswerCacheTest::theOneThatWasNotAskedForGoes()
{
    for (int i = 0; i < 10; ++i)
        keep(i);
    QVERIFY(has(0));

    keep(10);

    QVERIFY(has(0));
    QVERIFY(!has(1));
    for (int i = 2; i <= 10; ++i)
        QVERIFY(has(i));
}

void AnswerCacheTest::neverMoreThanAllMayTake()
{
    for (int i = 0; i < 10; ++i)
        keep(i);
    QCOMPARE(m_cache->totals().bytes, 1'000'000);

    keep(10, 250'000);

    QCOMPARE(m_cache->totals().answers, 8);
    QCOMPARE(m_cache->totals().bytes, 950'000);
}

void AnswerCacheTest::aNewOneTakesThePlace()
{
    keep(1);
    m_clock.advance(50s);

    keep(1, 50'000);

    QCOMPARE(m_cache->totals().answers, 1);
    QCOMPARE(m_cache->totals().bytes, 50'000);
    m_clock.advance(50s);
    QVERIFY(has(1));
    m_cache->remove(numbered(1));
    QVERIFY(!has(1));
}

void AnswerCacheTest::tooLargeAnAnswerIsNotKept()
{
    keep(1);

    keep(2, 1'000'001);

    QVERIFY(has(1));
    QVERIFY(!has(2));
}

void AnswerCacheTest::lowerLimitsCountAtOnce()
{
    for (int i = 0; i < 500; ++i)
        keep(i, 2'000);
    m_settings.bytes = 100'000;

    m_cache->configure(m_settings);

    QCOMPARE(m_cache->totals().answers, 50);
    QVERIFY(has(499) && !has(449));
    m_clock.advance(10s);
    m_settings.ttl = 9s;
    m_cache->configure(m_settings);
    QCOMPARE(m_cache->totals().answers, 0);
}

void AnswerCacheTest::offForgetsEverything()
{
    keep(1);
    m_settings.answers = false;

    m_cache->configure(m_settings);

    QCOMPARE(m_cache->totals().answers, 0);
    keep(1);
    QVERIFY(!has(1));
}

void AnswerCacheTest::whatBeganBeforeItWasClearedIsNotKept()
{
    const AnswerKey before = numbered(1);
    keep(1);
    keep(2);

    QCOMPARE(m_cache->clear(), 2);

    QVERIFY(!has(1));
    QCOMPARE(m_cache->totals().bytes, 0);
    m_cache->keep(before, answerOf(1'000));
    QVERIFY(!has(1));
    keep(1);
    QVERIFY(has(1));
}

void AnswerCacheTest::arrivingAnswersAreBounded()
{
    const auto recording = [this](int number) {
        return std::make_unique<AnswerRecording>(*m_cache, numbered(number), 1'000'000);
    };
    auto first = recording(1);
    auto second = recording(2);

    first->append(QByteArray(600'000, 'a'));
    second->append(QByteArray(600'000, 'b'));

    QVERIFY(first->isWhole());
    QVERIFY(!second->isWhole());
    first.reset(); // what it had taken is free
    auto third = recording(3);
    third->append(QByteArray(900'000, 'c'));
    QVERIFY(third->isWhole());
    third->keep({});
    QVERIFY(has(3));
    auto fourth = recording(4);
    fourth->append(QByteArray(900'000, 'd'));
    QVERIFY(fourth->isWhole());
}

void AnswerCacheTest::aLongAnswerIsGivenUp()
{
    AnswerRecording recording(*m_cache, numbered(1), 10);

    recording.append("12345");
    recording.endBegins();
    recording.append("67890");
    QVERIFY(recording.isWhole());
    QCOMPARE(*recording.end(), 5);
    recording.append("1");

    QVERIFY(!recording.isWhole());
    recording.append("2");
    QVERIFY(!recording.isWhole());
}

void AnswerCacheTest::whatTheChannelChanges()
{
    const auto origin = [](auto change) {
        support::TestCatalog content;
        change(content.addChannel(1));
        const auto catalog = content.build();
        return originOf(*catalog->channel({1}), "small");
    };
    const QByteArray usual = origin([](domain::Channel &) {});

    QCOMPARE(origin([](domain::Channel &c) {
                 c.name = u"n"_s;
                 c.priority = 5;
                 c.balance = {.amount = 3};
                 c.keys.front().secret = base::Secret(u"k"_s);
                 c.modelMapping.insert(u"large"_s, u"x"_s);
             }),
             usual);
    QVERIFY(origin([](domain::Channel &c) { c.modelMapping.insert(u"small"_s, u"x"_s); }) != usual);
    QVERIFY(origin([](domain::Channel &c) { c.baseUrl = u"http://127.0.0.1:8"_s; }) != usual);
    QVERIFY(origin([](domain::Channel &c) { c.systemPrompt = u"Be brief."_s; }) != usual);
    QVERIFY(origin([](domain::Channel &c) { c.bodyOverrides.insert(u"top_p"_s, 1); }) != usual);
    QVERIFY(origin([](domain::Channel &c) { c.headerOverrides.insert(u"A"_s, u"b"_s); }) != usual);
    QVERIFY(origin([](domain::Channel &c) { c.type = domain::provider::openRouter; }) != usual);
}

void AnswerCacheTest::whatTheRequestAllows_data()
{
    QTest::addColumn<CachedRequests>("requests");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<double>("temperature"); // -1: none
    QTest::addColumn<QByteArray>("field");   // "name: value"
    QTest::addColumn<bool>("gives");
    QTest::addColumn<bool>("keeps");

    const auto row = [](const char *name,
                        CachedRequests requests,
                        Operation operation,
                        double temperature,
                        const QByteArray &field,
                        bool gives,
                        bool keeps) {
        QTest::newRow(name) << requests << operation << temperature << field << gives << keeps;
    };
    const Operation chat = Operation::ChatCompletions;
    const CachedRequests all = CachedRequests::All;
    row("embeddings", CachedRequests::Embeddings, Operation::Embeddings, -1, {}, true, true);
    row("moderations", CachedRequests::Embeddings, Operation::Moderations, -1, {}, true, true);
    row("Gemini's embeddings",
        CachedRequests::Embeddings,
        Operation::EmbedContent,
        -1,
        {},
        true,
        true);
    row("a chat beside embeddings", CachedRequests::Embeddings, chat, 0, {}, false, false);
    row("a chat at 0", CachedRequests::Repeatable, chat, 0, {}, true, true);
    row("a chat at 0.1", CachedRequests::Repeatable, chat, 0.1, {}, false, false);
    row("a chat at no temperature", CachedRequests::Repeatable, chat, -1, {}, false, false);
    row("any chat", all, chat, 1, {}, true, true);
    row("Responses never", all, Operation::Responses, 0, {}, false, false);
    row("pictures never", all, Operation::ImageGenerations, -1, {}, false, false);
    row("speech never", all, Operation::Speech, -1, {}, false, false);
    row("counting never", all, Operation::CountTokens, -1, {}, false, false);
    row("no-store", all, chat, -1, "Cache-Control: max-age=60, No-Store", false, false);
    row("no-cache", all, chat, -1, "cache-control: no-cache", false, true);
    row("not older than now", all, chat, -1, "cache-control: max-age=0", false, true);
    row("another directive", all, chat, -1, "cache-control: max-age=10", true, true);
    row("our own field", all, chat, -1, "x-gatehouse-cache: Bypass", false, false);
    row("another word in it", all, chat, -1, "x-gatehouse-cache: hit", true, true);
}

void AnswerCacheTest::whatTheRequestAllows()
{
    QFETCH(CachedRequests, requests);
    QFETCH(Operation, operation);
    QFETCH(double, temperature);
    QFETCH(QByteArray, field);
    http::SpoolBudget spool(1024);
    const http::BodySource body(spool);
    http::Headers fields;
    if (const qsizetype colon = field.indexOf(':'); colon > 0)
        fields.add(field.first(colon), field.sliced(colon + 2));
    protocol::Peek peek{.operation = operation, .model = "small"};
    if (temperature >= 0)
        peek.temperature = temperature;
    m_settings.requests = requests;

    const CacheLeave leave = cacheLeaveOf(m_settings, peek, fields, body);

    QTEST(leave.mayGive, "gives");
    QTEST(leave.mayKeep, "keeps");
}

void AnswerCacheTest::aSpooledBodyIsLeftOut()
{
    http::SpoolBudget spool(1024 * 1024);
    http::BodySource body(spool);
    QVERIFY(body.take(QByteArray(http::BodySource::memoryBytes + 1, 'x')));

    const CacheLeave leave =
        cacheLeaveOf(m_settings, {.operation = Operation::Embeddings, .model = "small"}, {}, body);

    QVERIFY(!leave.mayGive && !leave.mayKeep);
}

void AnswerCacheTest::whatLiesElsewhereIsLeftOut()
{
    http::SpoolBudget spool(1024);
    const http::BodySource body(spool);
    m_settings.requests = CachedRequests::All;

    for (const Operation operation : {Operation::ChatCompletions, Operation::Moderations}) {
        const CacheLeave leave =
            cacheLeaveOf(m_settings,
                         {.operation = operation, .model = "small", .readsElsewhere = true},
                         {},
                         body);

        QVERIFY(!leave.mayGive && !leave.mayKeep);
    }
}

void AnswerCacheTest::threads()
{
    constexpr int rounds = 2'000;
    std::atomic<int> wrong{0};
    const auto work = [&](int seed) {
        for (int i = 0; i < rounds; ++i) {
            const int number = (i * 7 + seed) % 40;
            const AnswerKey key = numbered(number);
            if (const auto found = m_cache->find(key);
                found && found->finishReason.toInt() != number)
                ++wrong;
            KeptAnswer answer = answerOf(60'000);
            answer.finishReason = QByteArray::number(number);
            m_cache->keep(key, std::move(answer));
            if (i % 500 == seed)
                m_cache->clear();
        }
    };

    std::thread first(work, 1);
    std::thread second(work, 2);
    first.join();
    second.join();

    QCOMPARE(wrong.load(), 0);
    QVERIFY(m_cache->totals().bytes <= m_settings.bytes);
    const qint64 answers = m_cache->totals().answers;
    QCOMPARE(m_cache->clear(), answers);
    QCOMPARE(m_cache->totals().bytes, 0);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::AnswerCacheTest)
#include "tst_answercache.moc"
