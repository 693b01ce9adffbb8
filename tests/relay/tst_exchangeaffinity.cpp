#include "relay/exchangefixture.h"

#include <QByteArrayList>
#include <QTest>

#include <map>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::AffinityOutcome;
using protocol::Operation;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

static QByteArray message(const QByteArray &role, const QByteArray &text)
{
    return "{\"role\":\"" + role + "\",\"content\":\"" + text + "\"}";
}

// So many turns of a conversation, of which only the first of the user stays the same.
static QByteArray
conversation(const QByteArray &first, int turns, const QByteArray &model = "small")
{
    QByteArrayList messages{message("system", "Be brief."), message("user", first)};
    for (int i = 1; i < turns; ++i)
        messages << message("assistant", "Yes.")
                 << message("user", "And " + QByteArray::number(i) + "?");
    return "{\"model\":\"" + model + "\",\"messages\":[" + messages.join(',') + "]}";
}

// `after` is the id of the answer that it goes on with; empty: of none.
static QByteArray responsesRequest(const QByteArray &after)
{
    QByteArray body = "{\"model\":\"small\",\"input\":\"Hi\"";
    if (!after.isEmpty())
        body += ",\"previous_response_id\":\"" + after + "\"";
    return body + "}";
}

static QByteArray responsesAnswer(const QByteArray &id)
{
    return "{\"id\":\"" + id
           + "\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":"
             "\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],"
             "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
}

// Requests of one session and the keys that they are sent with.
class ExchangeAffinityTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void sessionsStayOnTheirKeys_data();
    void sessionsStayOnTheirKeys();
    void aFailedKeySpillsOver();
    void storedAnswersAreGoneOnWithWhereTheyAre();
    void otherTokensAndModelsAreOthers();
    void nothingButTextIsOfASession();
    void latencyIsMeasuredWhereItMatters();

private:
    using Fields = std::vector<std::pair<QByteArray, QByteArray>>;
    // The key that it was sent with at last.
    QByteArray keyOf(const QByteArray &body,
                     const Fields &fields = {},
                     Operation operation = Operation::ChatCompletions)
    {
        const auto asked = m_fixture->ask(body, operation, {}, fields);
        if (!QTest::qWaitFor([&] { return asked->client.hasEnded(); }))
            return "none";
        return m_upstream->lastRequest().header("Authorization");
    }
    AffinityOutcome outcome() const
    {
        return domain::attemptsFrom(m_fixture->record().attemptLog).back().affinity;
    }

    std::unique_ptr<FakeUpstream> m_upstream{};
    std::unique_ptr<ExchangeFixture> m_fixture{};
};

void ExchangeAffinityTest::init()
{
    m_upstream = std::make_unique<FakeUpstream>([](const ReceivedRequest &request) {
        const QByteArray id = "resp_" + QByteArray::number(request.number);
        return jsonAnswer(
            200, request.target.endsWith("responses") ? responsesAnswer(id) : chatAnswer());
    });
    m_fixture = std::make_unique<ExchangeFixture>();
    for (const qint64 id : {1, 2}) {
        domain::Channel &channel =
            m_fixture->content.addChannel(id, m_upstream->baseUrl(), {u"small"_s, u"large"_s});
        for (const qint64 key : {1, 2, 3}) {
            channel.keys.append(
                {.id = id * 10 + key,
                 .secret = base::Secret("key-" + QByteArray::number(id * 10 + key))});
        }
    }
    m_fixture->content.setPricePerCall("small", {10});
    m_fixture->content.setPricePerCall("large", {10});
}

void ExchangeAffinityTest::sessionsStayOnTheirKeys_data()
{
    QTest::addColumn<bool>("named");

    QTest::newRow("by a field") << true;
    QTest::newRow("by how they began") << false;
}

// Eight sessions on eight keys, each of which gets six requests: by chance they would not keep to one.
void ExchangeAffinityTest::sessionsStayOnTheirKeys()
{
    QFETCH(bool, named);
    std::map<int, QByteArray> keys;

    for (int turns = 1; turns <= 6; ++turns) {
        for (int session = 0; session < 8; ++session) {
            const QByteArray name = "session-" + QByteArray::number(session);
            const QByteArray key = named
                                       ? keyOf(conversation("Hi", turns), {{"X-Session-Id", name}})
                                       : keyOf(conversation(name, turns));
            QCOMPARE(outcome(), turns == 1 ? AffinityOutcome::Miss : AffinityOutcome::Hit);
            if (turns == 1)
                keys[session] = key;
            else
                QCOMPARE(key, keys[session]);
        }
    }
    QSet<QByteArray> used;
    for (const auto &[session, key] : keys)
        used.insert(key);
    QVERIFY(used.size() > 1);
}

void ExchangeAffinityTest::aFailedKeySpillsOver()
{
    const QByteArray first = keyOf(conversation("Hi", 1));
    m_upstream->setHandler([first](const ReceivedRequest &request) {
        return request.header("Authorization") == first ? jsonAnswer(401, errorObject)
                                                        : jsonAnswer(200, chatAnswer());
    });

    const QByteArray second = keyOf(conversation("Hi", 2));

    QVERIFY(second != first);
    QCOMPARE(outcome(), AffinityOutcome::Spill);
    const auto attempts = domain::attemptsFrom(m_fixture->record().attemptLog);
    QCOMPARE(attempts.size(), 2u);
    QCOMPARE(attempts.front().affinity, AffinityOutcome::Hit);
    for (int turns = 3; turns < 8; ++turns) {
        QCOMPARE(keyOf(conversation("Hi", turns)), second);
        QCOMPARE(outcome(), AffinityOutcome::Hit);
    }
}

// The id of each answer is the name under which the next request knows it.
void ExchangeAffinityTest::storedAnswersAreGoneOnWithWhereTheyAre()
{
    const QByteArray first = keyOf(responsesRequest({}), {}, Operation::Responses);
    QCOMPARE(outcome(), AffinityOutcome::Miss);

    for (int i = 1; i < 7; ++i) {
        const QByteArray body = responsesRequest("resp_" + QByteArray::number(i));
        QCOMPARE(keyOf(body, {}, Operation::Responses), first);
        QCOMPARE(outcome(), AffinityOutcome::Hit);
    }
}

void ExchangeAffinityTest::otherTokensAndModelsAreOthers()
{
    keyOf(conversation("Hi", 1, "small"));
    QCOMPARE(outcome(), AffinityOutcome::Miss);

    keyOf(conversation("Hi", 1, "large"));
    QCOMPARE(outcome(), AffinityOutcome::Miss);
    QCOMPARE(m_fixture->load.affinity().sessions(), 2);
}

void ExchangeAffinityTest::nothingButTextIsOfASession()
{
    keyOf(responsesRequest({}), {{"X-Session-Id", "a"}}, Operation::Embeddings);

    QCOMPARE(outcome(), AffinityOutcome::None);
    QCOMPARE(m_fixture->load.affinity().sessions(), 0);
}

void ExchangeAffinityTest::latencyIsMeasuredWhereItMatters()
{
    const auto isMeasured = [this] {
        return m_fixture->load.pace().latency({.channel = {1}, .model = "small"}).has_value()
               || m_fixture->load.pace().latency({.channel = {2}, .model = "small"}).has_value();
    };
    keyOf(conversation("Hi", 1));
    QVERIFY(!isMeasured());

    m_fixture->content.content.routings = {
        {.model = "small", .strategy = domain::RoutingStrategy::LowestLatency}};
    m_fixture->publish();
    keyOf(conversation("Hi", 1));
    QVERIFY(isMeasured());
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeAffinityTest)
#include "tst_exchangeaffinity.moc"
