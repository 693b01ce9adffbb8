#include "scenarios/gatewayharness.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::chatDocument;
using support::chatStream;
using support::FakeUpstream;
using support::GatewayHarness;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Reply;

// What a browser is told that asks the relay for a page of another origin.
class CrossOriginScenario : public QObject
{
    Q_OBJECT

private slots:
    void anAllowedPageMayAsk();
    void preflightEchoesOnlyNames_data();
    void preflightEchoesOnlyNames();
    void everyAnswerIsReadable_data();
    void everyAnswerIsReadable();
    void strangersAreToldNothing_data();
    void strangersAreToldNothing();
    void allPagesByAnAsterisk();
    void nothingIsAddedWhileItIsOff();
    void aChangeCountsAtOnce();
};

static const QByteArray path("/v1/chat/completions");
static const QByteArray page("https://chat.example");

static QByteArray preflight(const QByteArrayList &headerLines)
{
    return "OPTIONS " + path + " HTTP/1.1\r\nHost: gate\r\n" + headerLines.join("\r\n")
           + "\r\n\r\n";
}

static Reply answerTo(const GatewayHarness &gate, const QByteArray &request)
{
    const auto client = gate.connect();
    client->send(request);
    if (!QTest::qWaitFor([&client] { return client->isAnswered(); }))
        return {};
    return client->reply();
}

static bool speaksOfOrigins(const Reply &reply)
{
    return reply.head.toLower().contains("\naccess-control-");
}

void CrossOriginScenario::anAllowedPageMayAsk()
{
    GatewayHarness gate;
    gate.content.settings().server.corsOrigins = u"http://other https://chat.example"_s;
    gate.start();

    const Reply reply = answerTo(gate,
                                 preflight({"Origin: " + page,
                                            "Access-Control-Request-Method: POST",
                                            "Access-Control-Request-Headers: authorization, "
                                            "content-type,x-stainless-os"}));

    QCOMPARE(reply.status, 204);
    QCOMPARE(reply.header("Access-Control-Allow-Origin"), page);
    QCOMPARE(reply.header("Access-Control-Allow-Methods"), QByteArray("POST, OPTIONS"));
    QCOMPARE(reply.header("Access-Control-Allow-Headers"),
             QByteArray("authorization, content-type, x-stainless-os"));
    QVERIFY(reply.header("Access-Control-Max-Age").toInt() > 0);
    QVERIFY(reply.head.contains("Vary: Origin\r\n"));
    QVERIFY(!reply.head.toLower().contains("access-control-allow-credentials"));
    QVERIFY(!reply.head.toLower().contains("private-network"));
    const Reply local = answerTo(gate,
                                 preflight({"Origin: " + page,
                                            "Access-Control-Request-Method: POST",
                                            "Access-Control-Request-Private-Network: true"}));
    QCOMPARE(local.header("Access-Control-Allow-Private-Network"), QByteArray("true"));
}

void CrossOriginScenario::preflightEchoesOnlyNames_data()
{
    QTest::addColumn<QByteArray>("asked");

    QTest::newRow("no names") << QByteArray("x-a, b c");
    QTest::newRow("a quote") << QByteArray("\"x\"");
    QTest::newRow("very many") << QByteArray("x,").repeated(101);
    QTest::newRow("very long") << QByteArray(5'000, 'x');
    QTest::newRow("nothing") << QByteArray(" , ,");
}

void CrossOriginScenario::preflightEchoesOnlyNames()
{
    QFETCH(QByteArray, asked);
    GatewayHarness gate;
    gate.content.settings().server.corsOrigins = u"https://chat.example"_s;
    gate.start();

    const Reply reply = answerTo(gate,
                                 preflight({"Origin: " + page,
                                            "Access-Control-Request-Method: POST",
                                            "Access-Control-Request-Headers: " + asked}));

    QCOMPARE(reply.status, 204);
    QCOMPARE(reply.header("Access-Control-Allow-Origin"), page);
    QVERIFY(!reply.head.toLower().contains("access-control-allow-headers"));
}

void CrossOriginScenario::everyAnswerIsReadable_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");

    const QByteArrayList origin{"Origin: " + page};
    QTest::newRow("a document") << support::post(
        path, support::chatBody(), support::testKey, origin)
                                << 200;
    QTest::newRow("a stream") << support::post(
        path, support::chatBody(",\"stream\":true"), support::testKey, origin)
                              << 200;
    QTest::newRow("no such key") << support::post(path, support::chatBody(), "sk-none", origin)
                                 << 401;
    QTest::newRow("no JSON") << support::post(path, "{", support::testKey, origin) << 400;
    QTest::newRow("no such model")
        << support::post(path, "{\"model\":\"none\"}", support::testKey, origin) << 404;
    QTest::newRow("no such path") << support::post("/v1/none", "{}", support::testKey, origin)
                                  << 404;
    QTest::newRow("another method")
        << QByteArray("GET " + path + " HTTP/1.1\r\nHost: gate\r\nOrigin: " + page + "\r\n\r\n")
        << 405;
    QTest::newRow("the models") << QByteArray("GET /v1/models HTTP/1.1\r\nHost: gate\r\nOrigin: "
                                              + page + "\r\nAuthorization: Bearer "
                                              + support::testKey + "\r\n\r\n")
                                << 200;
}

void CrossOriginScenario::everyAnswerIsReadable()
{
    QFETCH(QByteArray, request);
    FakeUpstream provider([](const ReceivedRequest &received) {
        return received.body.contains("\"stream\":true") ? support::sseStream(chatStream(2))
                                                         : jsonAnswer(200, chatDocument());
    });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.settings().server.corsOrigins = u"https://chat.example"_s;
    gate.start();

    const Reply reply = answerTo(gate, request);

    QTEST(reply.status, "status");
    QCOMPARE(reply.header("Access-Control-Allow-Origin"), page);
    QVERIFY(reply.header("Access-Control-Expose-Headers").contains("X-Request-Id"));
    QVERIFY(reply.header("Access-Control-Expose-Headers").contains("Server-Timing"));
    QVERIFY(reply.header("Access-Control-Expose-Headers").contains("X-Gatehouse-Channel"));
    QVERIFY(reply.head.contains("Vary: Origin\r\n"));
    QCOMPARE(reply.head.toLower().count("access-control-allow-origin"), 1);
}

void CrossOriginScenario::strangersAreToldNothing_data()
{
    QTest::addColumn<QByteArrayList>("fields");

    QTest::newRow("no origin") << QByteArrayList{"X-Other: 1"};
    QTest::newRow("another one") << QByteArrayList{"Origin: https://evil.example"};
    QTest::newRow("null") << QByteArrayList{"Origin: null"};
    QTest::newRow("two") << QByteArrayList{"Origin: " + page, "Origin: https://evil.example"};
    QTest::newRow("a path behind it") << QByteArrayList{"Origin: " + page + "/"};
}

void CrossOriginScenario::strangersAreToldNothing()
{
    QFETCH(QByteArrayList, fields);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatDocument()); });
    GatewayHarness gate;
    gate.content.addChannel(1, provider.baseUrl());
    gate.content.settings().server.corsOrigins = u"https://chat.example"_s;
    gate.start();

    const Reply asked =
        answerTo(gate, preflight(QByteArrayList(fields) << "Access-Control-Request-Method: POST"));
    const Reply answered =
        answerTo(gate, support::post(path, support::chatBody(), support::testKey, fields));

    QCOMPARE(asked.status, 204);
    QVERIFY2(!speaksOfOrigins(asked), asked.head.constData());
    QVERIFY(asked.head.contains("Vary: Origin\r\n"));
    QCOMPARE(answered.status, 200);
    QVERIFY2(!speaksOfOrigins(answered), answered.head.constData());
    // A cache must not keep it for the page that is allowed.
    QVERIFY(answered.head.contains("Vary: Origin\r\n"));
}

void CrossOriginScenario::allPagesByAnAsterisk()
{
    GatewayHarness gate;
    gate.content.settings().server.corsOrigins = u"*"_s;
    gate.start();

    const Reply reply = answerTo(gate,
                                 preflight({"Origin: https://anybody.example",
                                            "Access-Control-Request-Method: POST",
                                            "Access-Control-Request-Private-Network: true"}));

    QCOMPARE(reply.header("Access-Control-Allow-Origin"), QByteArray("*"));
    QVERIFY(!reply.head.toLower().contains("credentials"));
    QVERIFY(!reply.head.toLower().contains("private-network"));
}

void CrossOriginScenario::nothingIsAddedWhileItIsOff()
{
    GatewayHarness gate;
    gate.start();

    const Reply reply =
        answerTo(gate, preflight({"Origin: " + page, "Access-Control-Request-Method: POST"}));

    QCOMPARE(reply.status, 204);
    QCOMPARE(reply.header("Allow"), QByteArray("POST, OPTIONS"));
    QVERIFY(!speaksOfOrigins(reply));
    QVERIFY(!reply.head.toLower().contains("vary"));
}

void CrossOriginScenario::aChangeCountsAtOnce()
{
    GatewayHarness gate;
    gate.start();
    const QByteArray question =
        preflight({"Origin: " + page, "Access-Control-Request-Method: POST"});
    const auto client = gate.connect();
    client->send(question);
    QTRY_COMPARE(client->replies().size(), size_t(1));

    gate.content.settings().server.corsOrigins = u"https://chat.example"_s;
    gate.publish();
    client->send(question);
    QTRY_COMPARE(client->replies().size(), size_t(2));

    QVERIFY(!speaksOfOrigins(client->replies().front()));
    QCOMPARE(client->replies().back().header("Access-Control-Allow-Origin"), page);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::CrossOriginScenario)
#include "tst_crossorigin.moc"
