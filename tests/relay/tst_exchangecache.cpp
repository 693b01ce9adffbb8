#include "relay/cachefixture.h"

using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::CacheResult;
using domain::EndReason;
using domain::RecordKind;
using protocol::Operation;
using protocol::StreamForm;
using support::jsonAnswer;

namespace {

const QByteArray streamedChat = chatRequest(R"(,"stream":true)");

QByteArray messageEvents()
{
    return "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\","
           "\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n"
           "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
           "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n"
           "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
           "\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n"
           "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
}

QByteArray geminiPart(const QByteArray &more)
{
    return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}" + more
           + "}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5}}";
}

const QByteArray geminiEnd(",\"finishReason\":\"STOP\"");

} // namespace

// Answers that are given out again.
class ExchangeCacheTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_house = std::make_unique<CacheFixture>(); }
    void theSameRequestIsAnsweredAgain();
    void everyDialect_data();
    void everyDialect();
    void theEndWaitsForTheLedger_data();
    void theEndWaitsForTheLedger();
    void withoutAReceiptItIsHeldBack();
    void switchedOffNothingIsKept();
    void requestsMayGoPastIt_data();
    void requestsMayGoPastIt();
    void aFreshAnswerTakesThePlace();
    void signsOfLifeAreNoPartOfIt();
    void aSlowClientTakesItsTime();
    void aClientThatLeavesPaysNothing();
    void itsTimeIsOver();

private:
    std::unique_ptr<CacheFixture> m_house{};
};

void ExchangeCacheTest::theSameRequestIsAnsweredAgain()
{
    const auto first = m_house->ask();
    QCOMPARE(m_house->record().cache, CacheResult::Miss);
    QCOMPARE(m_house->exchanges.spent(), 10);
    m_house->exchanges.clock.advance(90s);

    const auto second = m_house->ask();

    QCOMPARE(m_house->provider.requestCount(), 1);
    QCOMPARE(CacheFixture::resultOf(*first), QByteArray("miss"));
    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("hit"));
    QCOMPARE(second->client.status, 200);
    QCOMPARE(second->client.body, chatAnswer());
    QCOMPARE(second->client.contentLength, chatAnswer().size());
    QCOMPARE(second->client.field("Content-Type"), QByteArray("application/json"));
    QCOMPARE(second->client.field("Age"), QByteArray("90"));
    QCOMPARE(second->client.field("X-Request-Id"), second->requestId);
    QVERIFY(second->client.finished);
    const domain::UsageRecord &record = m_house->record();
    QCOMPARE(m_house->exchanges.ledger.records.size(), size_t(2));
    QCOMPARE(record.requestId, second->requestId);
    QCOMPARE(record.kind, RecordKind::Consumption);
    QCOMPARE(record.end, EndReason::Completed);
    QCOMPARE(record.cache, CacheResult::Hit);
    QCOMPARE(record.cost.nanoDollars, 0);
    QCOMPARE(record.charge.units, 0);
    QVERIFY(!record.unpriced);
    QVERIFY(record.usage.isEmpty());
    QCOMPARE(record.attempts, 0);
    QVERIFY(record.channelId.isNull());
    QCOMPARE(record.attemptLog, QByteArray("[]"));
    QCOMPARE(record.providerModel, QByteArray("small"));
    QCOMPARE(record.finishReason, QByteArray("stop"));
    QCOMPARE(m_house->exchanges.spent(), 10);
    QCOMPARE(m_house->cache->counts().hits, quint64(1));
    QCOMPARE(m_house->cache->counts().misses, quint64(1));
}

void ExchangeCacheTest::everyDialect_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<StreamForm>("form");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("contentType"); // of a stream; empty: it is none

    const int openAi = domain::provider::openAi;
    const int anthropic = domain::provider::anthropic;
    const int gemini = domain::provider::gemini;
    const QByteArray events("text/event-stream");
    const QByteArray prompt(R"({"contents":[{"parts":[{"text":"Hi"}]}]})");
    QTest::newRow("a chat that is streamed")
        << openAi << Operation::ChatCompletions << StreamForm::Events << streamedChat
        << chatEvents().join() << events;
    QTest::newRow("a stream whose usage was asked for")
        << openAi << Operation::ChatCompletions << StreamForm::Events
        << chatRequest(R"(,"stream":true,"stream_options":{"include_usage":true})")
        << chatEvents().join() << events;
    QTest::newRow("embeddings")
        << openAi << Operation::Embeddings << StreamForm::Events
        << QByteArray(R"({"model":"small","input":"Hi"})")
        << QByteArray(R"({"data":[{"embedding":[0.5]}],"usage":{"prompt_tokens":2}})")
        << QByteArray();
    QTest::newRow("moderations, without any usage")
        << openAi << Operation::Moderations << StreamForm::Events
        << QByteArray(R"({"model":"small","input":"Hi"})")
        << QByteArray(R"({"id":"m","results":[{"flagged":false}]})") << QByteArray();
    QTest::newRow("a message")
        << anthropic << Operation::Messages << StreamForm::Events
        << QByteArray(R"({"model":"small","max_tokens":9,"messages":[]})")
        << QByteArray(R"({"type":"message","content":[{"type":"text","text":"Hi"}],)"
                      R"("stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3}})")
        << QByteArray();
    QTest::newRow("a message that is streamed")
        << anthropic << Operation::Messages << StreamForm::Events
        << QByteArray(R"({"model":"small","max_tokens":9,"messages":[],"stream":true})")
        << messageEvents() << events;
    QTest::newRow("Gemini's content") << gemini << Operation::GenerateContent << StreamForm::Events
                                      << prompt << geminiPart(geminiEnd) << QByteArray();
    QTest::newRow("Gemini's events")
        << gemini << Operation::StreamGenerateContent << StreamForm::Events << prompt
        << QByteArray("data: " + geminiPart({}) + "\r\n\r\ndata: " + geminiPart(geminiEnd)
                      + "\r\n\r\n")
        << events;
    QTest::newRow("Gemini's array")
        << gemini << Operation::StreamGenerateContent << StreamForm::Array << prompt
        << QByteArray("[" + geminiPart({}) + "\n,\r\n" + geminiPart(geminiEnd) + "\n]")
        << QByteArray("application/json; charset=UTF-8");
}

void ExchangeCacheTest::everyDialect()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(StreamForm, form);
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, contentType);
    m_house->exchanges.content.content.channels.front().type = type;
    m_house->exchanges.form = form;
    m_house->answerWith(contentType.isEmpty() ? jsonAnswer(200, answer)
                                              : support::chunkedAnswer(
                                                  {answer}, {}, {"Content-Type: " + contentType}));
    m_house->publish();

    const auto first = m_house->ask(request, {}, operation);
    const auto second = m_house->ask(request, {}, operation);

    QVERIFY(first->client.finished && second->client.finished);
    QCOMPARE(m_house->provider.requestCount(), 1);
    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("hit"));
    QCOMPARE(second->client.body, first->client.body);
    QCOMPARE(second->client.contentLength, first->client.contentLength);
    QCOMPARE(second->client.field("Content-Type"), first->client.field("Content-Type"));
    QCOMPARE(second->client.field("Cache-Control"), first->client.field("Cache-Control"));
    QCOMPARE(m_house->record().stream, !contentType.isEmpty());
    QCOMPARE(m_house->exchanges.spent(), 10);
}

void ExchangeCacheTest::theEndWaitsForTheLedger_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("before"); // the receipt

    QTest::newRow("a stream") << streamedChat << chatEvents().mid(0, 3).join();
    QTest::newRow("a document") << chatRequest() << QByteArray();
}

void ExchangeCacheTest::theEndWaitsForTheLedger()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, before);
    if (!before.isEmpty())
        m_house->answerWith(support::sseStream(chatEvents()));
    const auto first = m_house->ask(request);
    m_house->exchanges.sendsReceipts = false;

    const auto second = m_house->exchanges.ask(request);

    QCOMPARE(second->client.body, before);
    QVERIFY(!second->client.finished);
    QCOMPARE(m_house->exchanges.ledger.records.size(), size_t(2));
    m_house->exchanges.deliverReceipts();
    QVERIFY(second->client.finished);
    QCOMPARE(second->client.body, first->client.body);
}

void ExchangeCacheTest::withoutAReceiptItIsHeldBack()
{
    m_house->ask();
    m_house->exchanges.sendsReceipts = false;
    const auto second = m_house->exchanges.ask(chatRequest());

    m_house->exchanges.advance(5'200ms);

    QCOMPARE(second->client.status, 503);
    QCOMPARE(codeOf(*second), QByteArray("ledger_unavailable"));
    QVERIFY(!second->client.body.contains("Hello"));
}

void ExchangeCacheTest::switchedOffNothingIsKept()
{
    m_house->exchanges.content.settings().cache.answers = false;
    m_house->publish();

    const auto first = m_house->ask();
    const auto second = m_house->ask();

    QCOMPARE(m_house->provider.requestCount(), 2);
    QVERIFY(CacheFixture::resultOf(*first).isEmpty() && CacheFixture::resultOf(*second).isEmpty());
    QCOMPARE(m_house->record().cache, CacheResult::None);
    QCOMPARE(m_house->cache->totals().answers, 0);
    QCOMPARE(m_house->cache->counts().bypasses, quint64(0));
}

void ExchangeCacheTest::requestsMayGoPastIt_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("no-store") << QByteArray("Cache-Control") << QByteArray("no-store");
    QTest::newRow("no-cache") << QByteArray("Cache-Control") << QByteArray("no-cache");
    QTest::newRow("our own field") << QByteArray("X-Gatehouse-Cache") << QByteArray("bypass");
}

void ExchangeCacheTest::requestsMayGoPastIt()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    m_house->ask();

    const auto second = m_house->ask(chatRequest(), {{name, value}});

    QCOMPARE(m_house->provider.requestCount(), 2);
    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("bypass"));
    QCOMPARE(m_house->record().cache, CacheResult::Bypass);
    QCOMPARE(m_house->exchanges.spent(), 20);
    QVERIFY(!m_house->provider.lastRequest().head.toLower().contains("x-gatehouse-cache"));
}

void ExchangeCacheTest::aFreshAnswerTakesThePlace()
{
    m_house->ask();
    const QByteArray fresh = chatAnswer().replace("Hello", "Bye");
    m_house->answerWith(jsonAnswer(200, fresh));

    m_house->ask(chatRequest(), {{"Cache-Control", "no-store"}});
    QCOMPARE(m_house->ask()->client.body, chatAnswer());
    m_house->ask(chatRequest(), {{"Cache-Control", "no-cache"}});

    QCOMPARE(m_house->ask()->client.body, fresh);
    QCOMPARE(m_house->provider.requestCount(), 3);
}

void ExchangeCacheTest::signsOfLifeAreNoPartOfIt()
{
    m_house->answerWith(support::sseStream(QByteArrayList{": PROCESSING\n\n"} + chatEvents()));
    m_house->ask(streamedChat);

    const auto second = m_house->ask(streamedChat);

    QCOMPARE(CacheFixture::resultOf(*second), QByteArray("hit"));
    QCOMPARE(second->client.body, chatEvents().mid(0, 3).join() + doneEvent);
}

void ExchangeCacheTest::aSlowClientTakesItsTime()
{
    const QByteArray text(600 * 1024, 'x');
    const QByteArray answer = chatAnswer().replace("Hello", text);
    m_house->answerWith(jsonAnswer(200, answer));
    QCOMPARE(m_house->ask()->client.body, answer);

    auto slow = std::make_unique<Asked>(m_house->exchanges, 99);
    slow->client.mayTake = 0;
    QVERIFY(slow->body->take(chatRequest()));
    slow->exchange = m_house->exchanges.pool.start(
        {.catalog = m_house->exchanges.catalog,
         .caller = m_house->exchanges.caller,
         .peek = *protocol::peek(slow->body->whole(), Operation::ChatCompletions),
         .headers = &slow->headers,
         .body = slow->body,
         .requestId = slow->requestId},
        slow->client);

    QVERIFY(slow->client.body.size() > 0);
    QVERIFY2(slow->client.body.size() <= 256 * 1024,
             qPrintable(QString::number(slow->client.body.size())));
    QCOMPARE(m_house->exchanges.ledger.records.size(), size_t(1));
    slow->client.mayTake = -1;
    slow->exchange->drained();
    QTRY_VERIFY(slow->client.finished);
    QCOMPARE(slow->client.body, answer);
    QCOMPARE(m_house->record().cache, CacheResult::Hit);
}

void ExchangeCacheTest::aClientThatLeavesPaysNothing()
{
    m_house->answerWith(support::sseStream(chatEvents()));
    m_house->ask(streamedChat);
    m_house->exchanges.sendsReceipts = false;
    const auto second = m_house->exchanges.ask(streamedChat);

    second->exchange->clientGone();
    m_house->exchanges.deliverReceipts();

    QCOMPARE(m_house->record().cache, CacheResult::Hit);
    QCOMPARE(m_house->record().charge.units, 0);
    QCOMPARE(m_house->exchanges.spent(), 10);
    m_house->exchanges.sendsReceipts = true;
    QCOMPARE(CacheFixture::resultOf(*m_house->ask(streamedChat)), QByteArray("hit"));
}

void ExchangeCacheTest::itsTimeIsOver()
{
    m_house->exchanges.content.settings().cache.ttl = 60s;
    m_house->publish();
    m_house->ask();
    m_house->exchanges.clock.advance(60'001ms);

    QCOMPARE(CacheFixture::resultOf(*m_house->ask()), QByteArray("miss"));
    QCOMPARE(CacheFixture::resultOf(*m_house->ask()), QByteArray("hit"));
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeCacheTest)
#include "tst_exchangecache.moc"
