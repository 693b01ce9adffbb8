#include "domain/capturesink.h"
#include "relay/cachefixture.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using domain::CacheResult;
using support::jsonAnswer;
using support::Script;

namespace {

const QByteArray bobsKey("bobskey0123456789abcdefghijklmnopqrstuvwxyzABCDE");
const QByteArray phoneKey("phonekey123456789abcdefghijklmnopqrstuvwxyzABCDE");

// Writes down what must not be stored of the last capture.
class RecordingCaptures final : public domain::CaptureSink
{
public:
    bool takeMemory(qint64) override { return true; }
    void giveMemoryBack(qint64) override {}
    void submit(domain::Capture capture, std::vector<base::Secret> known, qint64) override
    {
        body = capture.answer.body;
        secrets = std::move(known);
    }

    QByteArray body{};
    std::vector<base::Secret> secrets{};
};

} // namespace

// Answers that must not be given out again, or not to everybody.
class ExchangeCacheRulesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_house = std::make_unique<CacheFixture>(); }
    void othersGetNothingOfIt_data();
    void othersGetNothingOfIt();
    void aPinnedChannelIsAnotherQuestion();
    void whatIsNotWholeIsNotKept_data();
    void whatIsNotWholeIsNotKept();
    void tooLongIsNotKept();
    void limitsStillHold_data();
    void limitsStillHold();
    void requestsCountForTheRate();
    void changesOfTheCatalog_data();
    void changesOfTheCatalog();
    void whatIsElsewhereIsAskedForAgain();
    void secretsOfTheChannelAreKnownToCaptures();

private:
    std::unique_ptr<CacheFixture> m_house{};
};

void ExchangeCacheRulesTest::othersGetNothingOfIt_data()
{
    QTest::addColumn<domain::CacheScope>("scope");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("result");

    const QByteArray hit("hit");
    const QByteArray miss("miss");
    QTest::newRow("another token of the user") << domain::CacheScope::User << phoneKey << hit;
    QTest::newRow("another user") << domain::CacheScope::User << bobsKey << miss;
    QTest::newRow("the token alone: another one") << domain::CacheScope::Token << phoneKey << miss;
    QTest::newRow("the token alone: itself")
        << domain::CacheScope::Token << support::testKey << hit;
}

void ExchangeCacheRulesTest::othersGetNothingOfIt()
{
    QFETCH(domain::CacheScope, scope);
    QFETCH(QByteArray, key);
    domain::CatalogContent &content = m_house->exchanges.content.content;
    content.settings.cache.scope = scope;
    content.users.push_back({.id = {2}, .username = u"bob"_s, .balance = {1'000'000}});
    for (const auto &[id, user, own] : {std::tuple{2, 1, phoneKey}, std::tuple{3, 2, bobsKey}}) {
        content.tokens.push_back({.id = {id},
                                  .userId = {user},
                                  .name = u"t"_s,
                                  .keyHash = support::hashOf(own),
                                  .balance = {1'000'000}});
    }
    m_house->publish();
    m_house->ask();

    ExchangeFixture &exchanges = m_house->exchanges;
    exchanges.caller = *identify(*exchanges.catalog, key, QHostAddress::LocalHost, 0);
    const auto second = m_house->ask();

    QTEST(CacheFixture::resultOf(*second), "result");
    QCOMPARE(second->client.body, chatAnswer());
}

void ExchangeCacheRulesTest::aPinnedChannelIsAnotherQuestion()
{
    m_house->exchanges.content.addChannel(2, m_house->provider.baseUrl());
    m_house->publish();
    m_house->ask();
    m_house->exchanges.pinned = domain::ChannelId{2};

    QCOMPARE(CacheFixture::resultOf(*m_house->ask()), QByteArray("miss"));
    QCOMPARE(CacheFixture::resultOf(*m_house->ask()), QByteArray("hit"));
    m_house->exchanges.pinned = domain::ChannelId{1};
    QCOMPARE(CacheFixture::resultOf(*m_house->ask()), QByteArray("miss"));
}

void ExchangeCacheRulesTest::whatIsNotWholeIsNotKept_data()
{
    const QByteArray streamedChat = chatRequest(R"(,"stream":true)");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("wire");

    const auto document = [](int status, const QByteArray &body) -> QByteArray {
        return support::answerHead(status,
                                   {"Content-Type: application/json",
                                    "Content-Length: " + QByteArray::number(body.size())})
               + body;
    };
    const auto stream = [](const QByteArray &events, bool ends = true) -> QByteArray {
        return QByteArray(streamHead + support::chunk(events)
                          + (ends ? support::chunk({}) : QByteArray()));
    };
    QTest::newRow("an error by status") << chatRequest() << document(500, errorObject);
    QTest::newRow("the client's own mistake") << chatRequest() << document(400, errorObject);
    QTest::newRow("an error under status 200") << chatRequest() << document(200, errorObject);
    QTest::newRow("another status than 200") << chatRequest() << document(201, chatAnswer());
    QTest::newRow("a document without usage")
        << chatRequest() << document(200, R"({"choices":[{"message":{"content":"Hello"}}]})");
    // Too long to be read as a whole, and what it used is told before.
    const QByteArray beginning = R"({"usage":{"prompt_tokens":10,"completion_tokens":5},)"
                                 R"("choices":[{"message":{"content":")"
                                 + QByteArray(300 * 1024, 'x');
    QTest::newRow("a document that ends with the connection")
        << chatRequest()
        << QByteArray(support::answerHead(200, {"Content-Type: application/json"}) + beginning);
    QTest::newRow("a document in place of a stream") << streamedChat << document(200, chatAnswer());
    QTest::newRow("a stream without its end") << streamedChat << stream(chunkOf("Hel"));
    QTest::newRow("a stream that breaks off")
        << streamedChat << stream(chatEvents().mid(0, 4).join(), false);
    QTest::newRow("a stream with a reason and no marker")
        << streamedChat << stream(chatEvents().mid(0, 4).join());
    QTest::newRow("a stream with an error in it")
        << streamedChat << stream(chunkOf("Hel") + "data: " + errorObject + "\n\n" + doneEvent);
    QTest::newRow("a stream that tells no usage")
        << streamedChat << stream(chunkOf("Hel") + finishChunk() + doneEvent);
}

void ExchangeCacheRulesTest::whatIsNotWholeIsNotKept()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, wire);
    m_house->answerWith(Script().send(wire).close());

    const auto first = m_house->ask(request);
    m_house->ask(request);

    QCOMPARE(m_house->provider.requestCount(), 2);
    QCOMPARE(CacheFixture::resultOf(*first), QByteArray("miss"));
    QCOMPARE(m_house->record().cache, CacheResult::Miss);
    QCOMPARE(m_house->cache->totals().answers, 0);
}

void ExchangeCacheRulesTest::tooLongIsNotKept()
{
    m_house->exchanges.content.settings().cache.answerBytes = chatAnswer().size() - 1;
    m_house->publish();

    m_house->ask();
    m_house->ask();

    QCOMPARE(m_house->provider.requestCount(), 2);
    QCOMPARE(m_house->cache->totals().answers, 0);
    m_house->exchanges.content.settings().cache.answerBytes = chatAnswer().size();
    m_house->publish();
    m_house->ask();
    QCOMPARE(CacheFixture::resultOf(*m_house->ask()), QByteArray("hit"));
}

void ExchangeCacheRulesTest::limitsStillHold_data()
{
    QTest::addColumn<QByteArray>("which");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");

    QTest::newRow("the budget is used up")
        << QByteArray("budget") << 429 << QByteArray("insufficient_quota");
    QTest::newRow("the model is not the token's")
        << QByteArray("models") << 403 << QByteArray("model_not_allowed");
    QTest::newRow("the ledger stores nothing")
        << QByteArray("ledger") << 503 << QByteArray("ledger_unavailable");
}

void ExchangeCacheRulesTest::limitsStillHold()
{
    QFETCH(QByteArray, which);
    m_house->ask();
    if (which == "budget")
        m_house->exchanges.admission.adjustUser({1}, {-m_house->exchanges.userBalance()});
    else if (which == "models")
        m_house->exchanges.content.token().models = {u"large"_s};
    else
        m_house->exchanges.ledger.healthy = false;
    m_house->publish();

    const auto second = m_house->ask();

    QTEST(second->client.status, "status");
    QTEST(codeOf(*second), "code");
    QVERIFY(CacheFixture::resultOf(*second).isEmpty());
    QCOMPARE(m_house->cache->counts().hits, quint64(0));
}

void ExchangeCacheRulesTest::requestsCountForTheRate()
{
    m_house->exchanges.content.token().requestsPerMinute = 2;
    m_house->publish();
    m_house->ask();
    const auto second = m_house->ask();
    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("hit"));
    QCOMPARE(second->client.field("x-ratelimit-limit-requests"), QByteArray("2"));
    QCOMPARE(second->client.field("x-ratelimit-remaining-requests"), QByteArray("0"));

    const auto third = m_house->ask();

    QCOMPARE(third->client.status, 429);
    QCOMPARE(codeOf(*third), QByteArray("rate_limit_exceeded"));
}

void ExchangeCacheRulesTest::changesOfTheCatalog_data()
{
    QTest::addColumn<QByteArray>("change");
    QTest::addColumn<bool>("isKept");

    QTest::newRow("another priority") << QByteArray("priority") << true;
    QTest::newRow("another price") << QByteArray("price") << true;
    QTest::newRow("it is deleted") << QByteArray("deleted") << false;
    QTest::newRow("it is disabled") << QByteArray("disabled") << false;
    QTest::newRow("it has the model no more") << QByteArray("models") << false;
    QTest::newRow("it serves another group") << QByteArray("groups") << false;
    QTest::newRow("the model is another one there") << QByteArray("mapping") << false;
    QTest::newRow("another system prompt") << QByteArray("prompt") << false;
    QTest::newRow("models without a price are refused") << QByteArray("unpriced") << false;
}

void ExchangeCacheRulesTest::changesOfTheCatalog()
{
    QFETCH(QByteArray, change);
    QFETCH(bool, isKept);
    domain::CatalogContent &content = m_house->exchanges.content.content;
    m_house->exchanges.content.addChannel(2, m_house->provider.baseUrl()).priority = -1;
    m_house->publish();
    m_house->ask();
    domain::Channel &channel = content.channels.front();
    if (change == "priority")
        channel.priority = 3;
    else if (change == "price")
        m_house->exchanges.content.setPrice("small", 1, 1);
    else if (change == "deleted")
        content.channels.erase(content.channels.begin());
    else if (change == "disabled")
        channel.status = domain::ChannelStatus::DisabledByHand;
    else if (change == "models")
        channel.models = {u"large"_s};
    else if (change == "groups")
        channel.groups = {u"vip"_s};
    else if (change == "mapping")
        channel.modelMapping = {{u"small"_s, u"tiny"_s}};
    else if (change == "prompt")
        channel.systemPrompt = u"Be brief."_s;
    if (change == "unpriced") {
        content.prices.clear();
        content.settings.accounting.unpriced = domain::UnpricedPolicy::Refuse;
    }
    m_house->publish();

    const auto second = m_house->ask();

    QCOMPARE(CacheFixture::resultOf(*second), isKept ? QByteArray("hit") : QByteArray("miss"));
}

void ExchangeCacheRulesTest::whatIsElsewhereIsAskedForAgain()
{
    const QByteArray picture =
        R"({"model":"small","messages":[{"content":[{"image_url":{"url":"https://example.com"}}]}]})";

    m_house->ask(picture);
    const auto second = m_house->ask(picture);

    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("bypass"));
    QCOMPARE(m_house->provider.requestCount(), 2);
}

void ExchangeCacheRulesTest::secretsOfTheChannelAreKnownToCaptures()
{
    RecordingCaptures captures;
    m_house->exchanges.context.captures = &captures;
    m_house->exchanges.content.token().capture = domain::TokenCapture::All;
    const base::Secret key =
        m_house->exchanges.content.content.channels.front().keys.constFirst().secret;
    const QByteArray answer = chatAnswer().replace("Hello", key.reveal());
    m_house->answerWith(jsonAnswer(200, answer));
    m_house->publish();
    m_house->ask();
    captures.secrets.clear();

    const auto second = m_house->ask();

    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("hit"));
    QCOMPARE(captures.body, answer);
    QVERIFY(std::find(captures.secrets.begin(), captures.secrets.end(), key)
            != captures.secrets.end());
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeCacheRulesTest)
#include "tst_exchangecacherules.moc"
