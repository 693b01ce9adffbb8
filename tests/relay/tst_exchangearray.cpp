#include "relay/exchangefixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using domain::EndReason;
using domain::RecordKind;
using protocol::Operation;
using protocol::StreamForm;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// Gemini's streams without `alt=sse`: one JSON array, which comes piece by piece.
class ExchangeArrayTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void anArrayPasses_data();
    void anArrayPasses();
    void anObjectPassesAtOnce();
    void theBracketIsHeld();
    void reasonsHoldNothingBack();
    void nothingBehindTheBracketDelaysIt();
    void withoutAReceiptItIsCut();
    void signsOfLife();
    void aFailureBehindASignOfLife();
    void nobodyIsLeftBehindASignOfLife();
    void anotherChannelIsAsked_data();
    void anotherChannelIsAsked();
    void neverAfterTheFirstByte_data();
    void neverAfterTheFirstByte();
    void theClientsOwnMistake();
    void eventsTellNothingOfHealth();
    void aDocumentInPlaceOfAnArray();
    void nothingGoesIntoADocument_data();
    void nothingGoesIntoADocument();
    void anObjectThatIsTooLong_data();
    void anObjectThatIsTooLong();

private:
    void addProvider(const FakeUpstream &provider, qint64 id = 1, int priority = 0);
    std::unique_ptr<Asked> ask();

    std::unique_ptr<ExchangeFixture> m_fixture;
};

namespace {

const QByteArray arrayHead = support::answerHead(
    200, {"Content-Type: application/json; charset=UTF-8", "Transfer-Encoding: chunked"});
const QByteArray noLuck(R"({"error":{"code":503,"message":"no luck","status":"UNAVAILABLE"}})");

QByteArray partOf(const QByteArray &text)
{
    return R"({"candidates": [{"content": {"parts": [{"text": ")" + text + R"("}]}}],
  "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1}
})";
}

QByteArray lastPart()
{
    return R"({"candidates": [{"content": {"parts": [{"text": "]}"}]}, "finishReason": "STOP"}],
  "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5}, "responseId": "r1"
})";
}

// As Google writes it.
QByteArrayList wholeArray()
{
    return {"[" + partOf("a"), "\n,\r\n" + lastPart(), "\n]"};
}

Script arrayStream(const QByteArrayList &pieces)
{
    return support::chunkedAnswer(pieces, {}, {"Content-Type: application/json; charset=UTF-8"});
}

QJsonArray arrayIn(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).array();
}

} // namespace

void ExchangeArrayTest::init()
{
    m_fixture = std::make_unique<ExchangeFixture>();
    m_fixture->form = StreamForm::Array;
}

void ExchangeArrayTest::addProvider(const FakeUpstream &provider, qint64 id, int priority)
{
    m_fixture->content
        .addChannel(id, provider.baseUrl(), {u"small"_s}, int(domain::provider::gemini))
        .priority = priority;
}

std::unique_ptr<Asked> ExchangeArrayTest::ask()
{
    return m_fixture->ask(R"({"contents":[]})", Operation::StreamGenerateContent, "small");
}

void ExchangeArrayTest::anArrayPasses_data()
{
    QTest::addColumn<bool>("byteByByte");
    QTest::addColumn<QByteArray>("behind");

    QTest::newRow("in Google's pieces") << false << QByteArray();
    QTest::newRow("byte by byte") << true << QByteArray();
    // Google's own library would take it for the beginning of another array.
    QTest::newRow("with a line's end behind it") << false << QByteArray("\n");
}

void ExchangeArrayTest::anArrayPasses()
{
    QFETCH(bool, byteByByte);
    QFETCH(QByteArray, behind);
    const QByteArray whole = wholeArray().join();
    FakeUpstream provider([&](const ReceivedRequest &) {
        if (!byteByByte)
            return arrayStream(QByteArrayList(wholeArray()) << behind);
        Script script;
        script.send(arrayHead);
        for (const char byte : whole)
            script.dribble(support::chunk(QByteArray(1, byte)));
        return script.send(support::chunk({}));
    });
    addProvider(provider);

    const auto asked = ask();
    QTRY_VERIFY_WITH_TIMEOUT(asked->client.hasEnded(), 20'000);

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.body, whole);
    QCOMPARE(asked->client.contentLength, -1);
    QCOMPARE(asked->client.field("Content-Type"), QByteArray("application/json; charset=UTF-8"));
    QCOMPARE(provider.lastRequest().target,
             QByteArray("/v1beta/models/small:streamGenerateContent"));
    QCOMPARE(m_fixture->record().usage.input, 10);
    QCOMPARE(m_fixture->record().usage.output, 5);
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QVERIFY(m_fixture->record().stream);
}

void ExchangeArrayTest::anObjectPassesAtOnce()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script().send(arrayHead + support::chunk(wholeArray().front())).stall();
    });
    addProvider(provider);

    const auto asked = ask();

    QTRY_COMPARE(asked->client.body, wholeArray().front());
    QVERIFY(!asked->client.hasEnded());
    asked->exchange->clientGone();
}

void ExchangeArrayTest::theBracketIsHeld()
{
    FakeUpstream provider([](const ReceivedRequest &) { return arrayStream(wholeArray()); });
    addProvider(provider);
    m_fixture->sendsReceipts = false;

    const auto asked = ask();
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));

    QCOMPARE(asked->client.body, QByteArrayList(wholeArray().mid(0, 2)).join());
    QVERIFY(!asked->client.hasEnded());
    m_fixture->deliverReceipts();
    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.body, wholeArray().join());
}

// A reason is no end: the provider may take its time for what it says behind it.
void ExchangeArrayTest::reasonsHoldNothingBack()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return Script().send(arrayHead + support::chunk("[" + lastPart())).stall();
    });
    addProvider(provider);

    const auto asked = ask();
    QTRY_COMPARE(asked->client.body, "[" + lastPart());
    m_fixture->advance(5s);

    QVERIFY(!asked->client.hasEnded());
    QVERIFY(m_fixture->ledger.records.empty());
    asked->exchange->clientGone();
}

void ExchangeArrayTest::nothingBehindTheBracketDelaysIt()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        Script script;
        script.send(arrayHead + support::chunk(wholeArray().join()));
        for (int i = 0; i < 1'000; ++i)
            script.pause(20ms).send(support::chunk("\n{} and more"));
        return script.stall();
    });
    addProvider(provider);

    const auto asked = ask();
    QTRY_VERIFY(!asked->client.pending.isEmpty() || asked->client.finished);
    QTRY_VERIFY((m_fixture->advance(100ms), asked->client.finished));

    QCOMPARE(asked->client.body, wholeArray().join());
    QCOMPARE(m_fixture->record().end, EndReason::Completed);
    QTRY_COMPARE(provider.openConnections(), 0);
}

void ExchangeArrayTest::withoutAReceiptItIsCut()
{
    FakeUpstream provider([](const ReceivedRequest &) { return arrayStream(wholeArray()); });
    addProvider(provider);
    m_fixture->sendsReceipts = false;

    const auto asked = ask();
    QTRY_COMPARE(m_fixture->ledger.waiting.size(), size_t(1));
    m_fixture->advance(5'100ms);

    QVERIFY(asked->client.wasCut);
    QVERIFY(arrayIn(asked->client.body).isEmpty());
    const QJsonArray told = arrayIn(asked->client.body + ']');
    QCOMPARE(told.size(), 3);
    QVERIFY(told.last().toObject().contains(u"error"_s));
}

void ExchangeArrayTest::signsOfLife()
{
    const QByteArray begun = wholeArray().front();
    FakeUpstream provider([begun](const ReceivedRequest &) {
        return Script().send(arrayHead + support::chunk(begun)).stall();
    });
    addProvider(provider);
    const auto asked = ask();
    QTRY_COMPARE(asked->client.body, begun);

    m_fixture->advance(15'100ms);

    // White space, which may stand between two objects.
    QCOMPARE(asked->client.body, begun + '\n');
    m_fixture->advance(30s);
    QCOMPARE(asked->client.body, begun + "\n\n\n");
    asked->exchange->clientGone();
}

void ExchangeArrayTest::aFailureBehindASignOfLife()
{
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    FakeUpstream good([](const ReceivedRequest &) { return arrayStream(wholeArray()); });
    addProvider(silent, 1, 1);
    addProvider(good, 2);
    m_fixture->content.settings().relay.firstByteTimeout = 20s;
    const auto asked = ask();
    QTRY_COMPARE(silent.requestCount(), 1);
    m_fixture->advance(16s);
    // The bracket comes first, and once: some clients take nothing else for a beginning.
    QCOMPARE(asked->client.body, QByteArray("[\n"));
    QCOMPARE(asked->client.field("Content-Type"), QByteArray("application/json; charset=UTF-8"));

    m_fixture->advance(5s);
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.begins, 1);
    QCOMPARE(arrayIn(asked->client.body), arrayIn(wholeArray().join()));
    QCOMPARE(m_fixture->record().channelId.value, 2);
}

void ExchangeArrayTest::nobodyIsLeftBehindASignOfLife()
{
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    addProvider(silent);
    m_fixture->content.settings().relay.firstByteTimeout = 20s;
    const auto asked = ask();
    QTRY_COMPARE(silent.requestCount(), 1);
    m_fixture->advance(16s);

    m_fixture->advance(5s);
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.wasCut);
    QVERIFY(arrayIn(asked->client.body).isEmpty());
    const QJsonArray told = arrayIn(asked->client.body + ']');
    QCOMPARE(told.size(), 1);
    QCOMPARE(told[0][u"error"_s][u"code"_s].toInt(), 504);
}

void ExchangeArrayTest::anotherChannelIsAsked_data()
{
    QTest::addColumn<Script>("first");

    const auto row = [](const char *name, const Script &script) { QTest::newRow(name) << script; };
    row("status 500", jsonAnswer(500, "[" + noLuck + "]"));
    row("an error as the first object", arrayStream({"[" + noLuck + "]"}));
    row("an error object in place of an array", jsonAnswer(200, noLuck));
    row("an array with nothing in it", arrayStream({"[", "]"}));
    row("white space alone", arrayStream({"\n", "\n"}));
    row("nothing", arrayStream({}));
    row("a web page", jsonAnswer(200, "<html></html>", {"Content-Type: text/html"}));
    row("an array of something else", arrayStream({"[1,2]"}));
    row("events, which were not asked for",
        support::sseStream({"data: " + lastPart().simplified() + "\n\n"}));
    row("it breaks off within the first object", arrayStream({"[{\"candidates\":[{"}));
    row("it is reset at once", Script().send(arrayHead).reset());
}

void ExchangeArrayTest::anotherChannelIsAsked()
{
    QFETCH(Script, first);
    FakeUpstream bad([first](const ReceivedRequest &) { return first; });
    FakeUpstream good([](const ReceivedRequest &) { return arrayStream(wholeArray()); });
    addProvider(bad, 1, 1);
    addProvider(good, 2);

    const auto asked = ask();
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.finished);
    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.begins, 1);
    QCOMPARE(asked->client.body, wholeArray().join());
    QCOMPARE(bad.requestCount(), 1);
    QCOMPARE(m_fixture->ledger.records.size(), size_t(1));
    QCOMPARE(m_fixture->record().channelId.value, 2);
    QCOMPARE(m_fixture->record().attempts, 2);
}

void ExchangeArrayTest::neverAfterTheFirstByte_data()
{
    QTest::addColumn<Script>("first");
    QTest::addColumn<bool>("errorIsTheProviders");

    const QByteArray begun = "[" + partOf("Hel");
    const auto row = [](const char *name, const Script &script, bool isTheProviders = false) {
        QTest::newRow(name) << script << isTheProviders;
    };
    row("reset", Script().send(arrayHead + support::chunk(begun)).pause(20ms).reset());
    row("closed without the last chunk", Script().send(arrayHead + support::chunk(begun)).close());
    row("ended without its bracket", arrayStream({begun}));
    row("ended behind a reason without its bracket", arrayStream({begun, "," + lastPart()}));
    row("ended within an object", arrayStream({begun, ",\n{\"candidates\":[{\"con"}));
    row("ended by the end of the connection",
        Script()
            .send(support::answerHead(200, {"Content-Type: application/json"}) + begun)
            .close());
    row("an error as an object", arrayStream({begun, "," + noLuck, "]"}), true);
    row("no array any more", arrayStream({begun, "\n{}", "]"}));
    row("events any more", arrayStream({begun, "\ndata: {}\n\n"}));
}

void ExchangeArrayTest::neverAfterTheFirstByte()
{
    QFETCH(Script, first);
    QFETCH(bool, errorIsTheProviders);
    FakeUpstream bad([first](const ReceivedRequest &) { return first; });
    FakeUpstream good([](const ReceivedRequest &) { return arrayStream(wholeArray()); });
    addProvider(bad, 1, 1);
    addProvider(good, 2);

    const auto asked = ask();
    QTRY_VERIFY(asked->client.hasEnded());

    // The client can tell that this is not the whole: by the connection, by what it lacks and by what
    // it says.
    QVERIFY(asked->client.wasCut);
    QVERIFY(asked->client.body.startsWith(QByteArray("[" + partOf("Hel"))));
    QVERIFY(arrayIn(asked->client.body).isEmpty());
    const QJsonArray told = arrayIn(asked->client.body + ']');
    QVERIFY2(told.size() >= 2, asked->client.body.constData());
    QVERIFY(told.last().toObject().contains(u"error"_s));
    QCOMPARE(asked->client.body.count("\"error\""), 1);
    QCOMPARE(asked->client.body.contains("no luck"), errorIsTheProviders);
    QCOMPARE(good.requestCount(), 0);
    QCOMPARE(m_fixture->record().end, EndReason::Failed);
    QCOMPARE(m_fixture->record().kind, RecordKind::Consumption);
    QCOMPARE(m_fixture->record().usage.input, 10);
}

void ExchangeArrayTest::theClientsOwnMistake()
{
    const QByteArray own(
        R"([{"error":{"code":400,"message":"no such field","status":"INVALID_ARGUMENT"}}])");
    FakeUpstream provider([own](const ReceivedRequest &) { return jsonAnswer(400, own); });
    addProvider(provider);

    const auto asked = ask();
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 400);
    QCOMPARE(asked->client.body, own);
}

// As where events are asked for.
// Others, who ask for events, are served well by the same channel.
void ExchangeArrayTest::eventsTellNothingOfHealth()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return support::sseStream({"data: " + lastPart().simplified() + "\n\n"});
    });
    addProvider(provider);
    for (int i = 0; i < 6; ++i) {
        const auto asked = ask();
        QTRY_VERIFY(asked->client.hasEnded());
        QCOMPARE(asked->client.status, 502);
    }

    QCOMPARE(provider.requestCount(), 6);
    QVERIFY(m_fixture->health.snapshot().empty());
}

void ExchangeArrayTest::nothingGoesIntoADocument_data()
{
    QTest::addColumn<StreamForm>("form");

    QTest::newRow("array") << StreamForm::Array;
    QTest::newRow("events") << StreamForm::Events;
}

// Its length was told: a sign of life in it would make its end the beginning of the next answer.
void ExchangeArrayTest::nothingGoesIntoADocument()
{
    QFETCH(StreamForm, form);
    const QByteArray begun = "{\"a\":\"" + QByteArray(300'000, ' ');
    FakeUpstream provider([begun](const ReceivedRequest &) {
        return Script()
            .send(support::answerHead(200,
                                      {"Content-Type: application/json", "Content-Length: 400000"}))
            .send(begun)
            .stall();
    });
    addProvider(provider);
    m_fixture->form = form;
    const auto asked = ask();
    QTRY_COMPARE(asked->client.body.size(), begun.size());
    QCOMPARE(asked->client.contentLength, 400'000);

    m_fixture->advance(60s);
    QCOMPARE(asked->client.body.size(), begun.size());
    provider.closeConnections();
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.wasCut);
    QCOMPARE(asked->client.body.size(), begun.size());
}

void ExchangeArrayTest::aDocumentInPlaceOfAnArray()
{
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, lastPart()); });
    addProvider(provider);

    const auto asked = ask();
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.body, lastPart());
    QCOMPARE(m_fixture->record().usage.output, 5);
}

void ExchangeArrayTest::anObjectThatIsTooLong_data()
{
    QTest::addColumn<QByteArrayList>("before");

    QTest::newRow("the first") << QByteArrayList{"["};
    QTest::newRow("another one") << QByteArrayList{"[" + partOf("a"), ","};
}

void ExchangeArrayTest::anObjectThatIsTooLong()
{
    QFETCH(QByteArrayList, before);
    FakeUpstream provider([before](const ReceivedRequest &) {
        return Script()
            .send(arrayHead + support::chunk(before.join() + "{\"x\":\""))
            .repeat(support::chunk(QByteArray(60'000, 'x')));
    });
    addProvider(provider, 1);
    addProvider(provider, 2);
    m_fixture->content.settings().relay.maxEventBytes = 100'000;

    const auto asked = ask();
    QTRY_VERIFY(asked->client.hasEnded());

    QVERIFY(asked->client.body.contains("relay.max_event_bytes"));
    QVERIFY(asked->client.body.size() < 2'000);
    QCOMPARE(asked->client.wasCut, before.size() > 1);
    QCOMPARE(provider.requestCount(), 1);
    QTRY_COMPARE(provider.openConnections(), 0);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeArrayTest)
#include "tst_exchangearray.moc"
