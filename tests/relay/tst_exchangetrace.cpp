#include "domain/spanids.h"
#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

static const QByteArray traceId("4bf92f3577b34da6a3ce929d0e0e4736");
static const QByteArray validParent("00-" + traceId + "-00f067aa0ba902b7-01");

// What becomes of the trace that a client is in.
class ExchangeTraceTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void passesUnchangedWhileTracesAreOff_data();
    void passesUnchangedWhileTracesAreOff();
    void attemptsAreTheParentsOfWhatProvidersDo();
    void eachAttemptHasASpanOfItsOwn();
    void whatIsNotValidIsNotForwarded_data();
    void whatIsNotValidIsNotForwarded();
    void whoeverIsNotRecordedStaysSo();
    void anOverrideOfTheChannelCounts();
    void theRecordTellsOfRequestAndAnswer();
    void aStreamTellsItsModel();
    void theNextRequestHasATraceOfItsOwn();
    void aRefusalTellsItsParent();

private:
    using Fields = std::vector<std::pair<QByteArray, QByteArray>>;

    void switchOn()
    {
        m_fixture->content.settings().integrations.otlpEndpoint = u"http://127.0.0.1:9"_s;
    }
    // Asks once and waits for the end.
    std::unique_ptr<Asked> served(const Fields &fields, const QByteArray &body = chatRequest())
    {
        auto asked =
            m_fixture->ask(body, protocol::Operation::ChatCompletions, QByteArray(), fields);
        [&asked] { QTRY_VERIFY(asked->client.hasEnded()); }();
        return asked;
    }

    std::unique_ptr<FakeUpstream> m_provider;
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeTraceTest::init()
{
    m_fixture = std::make_unique<ExchangeFixture>();
    m_provider = std::make_unique<FakeUpstream>(
        [](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    m_fixture->content.addChannel(1, m_provider->baseUrl());
}

void ExchangeTraceTest::passesUnchangedWhileTracesAreOff_data()
{
    QTest::addColumn<bool>("isDisabled"); // though there is an address
    QTest::addColumn<QByteArray>("parent");

    QTest::newRow("no address") << false << validParent;
    QTest::newRow("no address, and not valid") << false << QByteArray("00-yes");
    QTest::newRow("disabled") << true << validParent;
}

void ExchangeTraceTest::passesUnchangedWhileTracesAreOff()
{
    QFETCH(bool, isDisabled);
    QFETCH(QByteArray, parent);
    if (isDisabled)
        switchOn();
    m_fixture->content.settings().integrations.openTelemetry.isDisabled = isDisabled;

    served({{"traceparent", parent}, {"tracestate", "A = odd"}});

    QCOMPARE(m_provider->lastRequest().header("traceparent"), parent);
    QCOMPARE(m_provider->lastRequest().header("tracestate"), QByteArray("A = odd"));
    QVERIFY(!m_fixture->record().trace);
}

void ExchangeTraceTest::attemptsAreTheParentsOfWhatProvidersDo()
{
    switchOn();

    const auto asked =
        served({{"Traceparent", validParent}, {"tracestate", "b=2"}, {"tracestate", "a=1"}});

    const QByteArray span = domain::SpanIds(asked->requestId).attempt(0);
    const ReceivedRequest request = m_provider->lastRequest();
    QCOMPARE(request.header("traceparent"), QByteArray("00-" + traceId + "-" + span + "-01"));
    QCOMPARE(request.header("tracestate"), QByteArray("b=2,a=1"));
    QCOMPARE(request.head.toLower().count("traceparent:"), 1);
    QCOMPARE(request.head.toLower().count("tracestate:"), 1);
    const auto trace = m_fixture->record().trace;
    QVERIFY(trace && trace->parent);
    QCOMPARE(trace->parent->traceId, traceId);
    QCOMPARE(trace->parent->parentId, QByteArray("00f067aa0ba902b7"));
    QVERIFY(trace->parent->isSampled());
}

void ExchangeTraceTest::eachAttemptHasASpanOfItsOwn()
{
    switchOn();
    m_provider->setHandler([](const ReceivedRequest &request) {
        return request.number == 1 ? jsonAnswer(503, errorObject) : jsonAnswer(200, chatAnswer());
    });
    m_fixture->content.addChannel(2, m_provider->baseUrl());

    const auto asked = served({{"traceparent", validParent}});

    const domain::SpanIds ids(asked->requestId);
    const QList<ReceivedRequest> requests = m_provider->requests();
    QCOMPARE(requests.size(), 2);
    for (qsizetype i = 0; i < requests.size(); ++i) {
        QCOMPARE(requests.at(i).header("traceparent"),
                 QByteArray("00-" + traceId + "-" + ids.attempt(size_t(i)) + "-01"));
    }
}

void ExchangeTraceTest::whatIsNotValidIsNotForwarded_data()
{
    QTest::addColumn<QByteArray>("parent"); // empty: there is none
    QTest::addColumn<QByteArray>("state");

    QTest::newRow("none at all") << QByteArray() << QByteArray();
    QTest::newRow("a state alone") << QByteArray() << QByteArray("a=1");
    QTest::newRow("a parent of zeros")
        << QByteArray("00-" + traceId + "-0000000000000000-01") << QByteArray("a=1");
}

void ExchangeTraceTest::whatIsNotValidIsNotForwarded()
{
    QFETCH(QByteArray, parent);
    QFETCH(QByteArray, state);
    switchOn();
    Fields fields;
    if (!parent.isEmpty())
        fields.emplace_back("traceparent", parent);
    if (!state.isEmpty())
        fields.emplace_back("tracestate", state);

    served(fields);

    QCOMPARE(m_provider->lastRequest().head.toLower().count("trace"), 0);
    const auto trace = m_fixture->record().trace;
    QVERIFY(trace);
    QVERIFY(!trace->parent);
}

void ExchangeTraceTest::whoeverIsNotRecordedStaysSo()
{
    switchOn();

    served({{"traceparent", validParent.chopped(2) + "00"}});

    QVERIFY(m_provider->lastRequest().header("traceparent").endsWith("-00"));
    QVERIFY(!m_fixture->record().trace->parent->isSampled());
}

void ExchangeTraceTest::anOverrideOfTheChannelCounts()
{
    switchOn();
    m_fixture->content.content.channels.front().headerOverrides.insert(u"traceparent"_s,
                                                                       u"its own"_s);

    served({{"traceparent", validParent}});

    QCOMPARE(m_provider->lastRequest().header("traceparent"), QByteArray("its own"));
    QCOMPARE(m_provider->lastRequest().head.toLower().count("traceparent:"), 1);
}

void ExchangeTraceTest::theRecordTellsOfRequestAndAnswer()
{
    switchOn();
    m_provider->setHandler([](const ReceivedRequest &) {
        return jsonAnswer(
            200,
            "{\"id\":\"chatcmpl-7\",\"model\":\"small-2026\",\"choices\":[{\"message\":"
            "{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_"
            "tokens\":1,\"completion_tokens\":1}}");
    });

    served({}, "{\"model\":\"small\",\"temperature\":0.5,\"max_tokens\":9,\"messages\":[]}");

    const auto trace = m_fixture->record().trace;
    QVERIFY(trace && trace->parameters);
    QCOMPARE(trace->responseId, QByteArray("chatcmpl-7"));
    QCOMPARE(trace->responseModel, QByteArray("small-2026"));
    QCOMPARE(trace->maxOutputTokens, std::optional<qint64>(9));
    QCOMPARE(trace->parameters->temperature, std::optional<double>(0.5));
}

void ExchangeTraceTest::aStreamTellsItsModel()
{
    switchOn();
    m_provider->setHandler([](const ReceivedRequest &) {
        const QByteArray first(
            "data: {\"id\":\"chatcmpl-8\",\"model\":\"small-2026\",\"choices\":[{"
            "\"delta\":{\"content\":\"Hi\"}}]}\n\n");
        return support::sseStream({first, finishChunk(), usageChunk(), doneEvent});
    });

    served({}, "{\"model\":\"small\",\"stream\":true,\"messages\":[]}");

    const auto trace = m_fixture->record().trace;
    QVERIFY(trace);
    QCOMPARE(trace->responseId, QByteArray("chatcmpl-8"));
    QCOMPARE(trace->responseModel, QByteArray("small-2026"));
}

void ExchangeTraceTest::theNextRequestHasATraceOfItsOwn()
{
    switchOn();
    served({{"traceparent", validParent}});

    served({});

    QVERIFY(!m_fixture->record().trace->parent);
    QCOMPARE(m_provider->lastRequest().header("traceparent"), QByteArray());
}

void ExchangeTraceTest::aRefusalTellsItsParent()
{
    switchOn();
    m_fixture->content.token().models = {u"another"_s};

    served({{"traceparent", validParent}});

    QCOMPARE(m_provider->requestCount(), 0);
    const auto trace = m_fixture->record().trace;
    QVERIFY(trace && trace->parent);
    QCOMPARE(trace->responseId, QByteArray());
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeTraceTest)
#include "tst_exchangetrace.moc"
