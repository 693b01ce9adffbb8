#include "admin/channels/routerequest.h"

#include "admin/routehouse.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Channel;
using support::AdministrationFixture;

// What a whole request, as a person pastes it, changes in what is told of its route.
class RouteRequestTest : public QObject
{
    Q_OBJECT

private slots:
    void recognisesRequests_data();
    void recognisesRequests();
    void aBodyDecidesWhoCanServeIt();
    void theOperationDecidesWhoCanServeIt();
    void aBodyNamesItsModel();
    void whatCannotBeReadIsRefused_data();
    void whatCannotBeReadIsRefused();
    void longPromptsAreDoubted();
    void aRequestMayCostTooMuch();
};

void RouteRequestTest::recognisesRequests_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("operation");

    const auto row = [](const char *name, const char *body, const char *operation) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(operation);
    };
    row("OpenAI's chat", R"({"messages":[{"role":"system","content":"a"}]})", "chat");
    row("a system prompt beside the messages", R"({"system":"a","messages":[]})", "messages");
    row("Anthropic's tools", R"({"tools":[{"input_schema":{}}],"messages":[]})", "messages");
    row("OpenAI's tools", R"({"tools":[{"type":"function"}],"messages":[]})", "chat");
    row("Anthropic's picture",
        R"({"messages":[{"content":[{"type":"image","source":{}}]}]})",
        "messages");
    row("OpenAI's picture",
        R"({"messages":[{"content":[{"type":"image_url","image_url":{}}]}]})",
        "chat");
    row("Gemini", R"({"contents":[]})", "generate_content");
    row("Gemini's embedding", R"({"content":{}})", "embed_content");
    row("a response", R"({"model":"gpt-4o","input":"Hello"})", "responses");
    row("texts to embed", R"({"model":"m","input":["a","b"]})", "embeddings");
    row("a model for embedding", R"({"model":"text-embedding-3-small","input":"a"})", "embeddings");
    row("speech", R"({"model":"tts-1","input":"a","voice":"alloy"})", "speech");
    row("a picture to draw", R"({"prompt":"a cat","size":"1024x1024"})", "images");
    row("a text to complete", R"({"prompt":"Once upon"})", "completions");
    row("no JSON", "Hello", "chat");
}

void RouteRequestTest::recognisesRequests()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, operation);

    QCOMPARE(protocol::nameOf(likelyOperation(body)).toByteArray(), operation);
}

void RouteRequestTest::aBodyDecidesWhoCanServeIt()
{
    AdministrationFixture house;
    house.start();
    Channel anthropic = channel(u"anthropic"_s);
    anthropic.type = domain::provider::anthropic;
    create(house, {anthropic, channel(u"openai"_s)});
    QCOMPARE(explain(house, {}).candidates.size(), size_t(2));

    const RouteExplanation answer = explain(
        house, {.body = R"({"model":"gpt-4o","max_tokens":90,"stream":true,"system":"Be brief",
                             "messages":[{"role":"user","content":"Hello"}]})"});

    QCOMPARE(answer.candidates.size(), size_t(1));
    QCOMPARE(answer.candidates[0].name, u"anthropic"_s);
    QCOMPARE(named(answer.excluded, u"openai"_s)->exclusion, RouteExclusion::NotSupported);
    QVERIFY(answer.request);
    QCOMPARE(answer.request->operation, QByteArray("messages"));
    QVERIFY(answer.request->stream);
    QCOMPARE(answer.request->maxOutputTokens, std::optional<qint64>(90));
    QVERIFY(answer.request->promptTokens > 0);
}

void RouteRequestTest::theOperationDecidesWhoCanServeIt()
{
    AdministrationFixture house;
    house.start();
    Channel anthropic = channel(u"anthropic"_s);
    anthropic.type = domain::provider::anthropic;
    create(house, {anthropic, channel(u"openai"_s)});

    const RouteExplanation answer = explain(house, {.operation = "embeddings"});

    QCOMPARE(answer.candidates.size(), size_t(1));
    QCOMPARE(answer.candidates[0].name, u"openai"_s);
    QVERIFY(!answer.request);
}

void RouteRequestTest::aBodyNamesItsModel()
{
    AdministrationFixture house;
    house.start();
    Channel other = channel(u"other"_s);
    other.models = {u"llama"_s};
    create(house, {other, channel(u"good"_s)});
    const QByteArray messages = R"("messages":[{"role":"user","content":"Hello"}]})";

    const RouteExplanation named = explain(house, {.body = R"({"model":"llama",)" + messages});
    const RouteExplanation nameless = explain(house, {.body = "{" + messages});
    const RouteExplanation ofPath =
        explain(house, {.operation = "generate_content", .body = R"({"contents":[]})"});

    QCOMPARE(named.candidates.size(), size_t(1));
    QCOMPARE(named.candidates[0].name, u"other"_s);
    QVERIFY(named.request->namesModel);
    QCOMPARE(nameless.refusal, RouteRefusal::InvalidRequest);
    QVERIFY2(nameless.text.english().contains("names no model"_L1),
             qPrintable(nameless.text.english()));
    QCOMPARE(ofPath.request->model, QByteArray("gpt-4o"));
}

void RouteRequestTest::whatCannotBeReadIsRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("said");

    QTest::newRow("it ends early")
        << QByteArray("{\n\"model\": \"gpt-4o\",\n\"messages\": [") << u"line 3"_s;
    QTest::newRow("no object") << QByteArray("[1]") << u"must be a JSON object"_s;
    QTest::newRow("a limit that is no number")
        << QByteArray(R"({"model":"gpt-4o","max_tokens":"many","messages":[]})")
        << u"\"max_tokens\" must be a whole number"_s;
    QTest::newRow("two models") << QByteArray(R"({"model":"gpt-4o","model":"llama","messages":[]})")
                                << u"more than once"_s;
    QTest::newRow("more than is taken")
        << R"({"model":"gpt-4o","a":")" + QByteArray(33 * 1024 * 1024, 'a') + R"("})"
        << u"http.max_body_bytes"_s;
}

void RouteRequestTest::whatCannotBeReadIsRefused()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, said);
    AdministrationFixture house;
    house.start();
    create(house, {channel(u"good"_s)});

    const RouteExplanation answer = explain(house, {.body = body});

    QCOMPARE(answer.refusal, RouteRefusal::InvalidRequest);
    QVERIFY2(answer.text.english().contains(said), qPrintable(answer.text.english()));
    QVERIFY(answer.candidates.empty());
}

void RouteRequestTest::longPromptsAreDoubted()
{
    AdministrationFixture house;
    house.contextWindow = [](QByteArrayView, QByteArrayView model) {
        return model == "small" ? std::optional<qint64>(8'000) : std::nullopt;
    };
    house.start();
    Channel small = channel(u"small"_s);
    small.modelMapping.insert(u"gpt-4o"_s, u"small"_s);
    create(house, {small, channel(u"unknown"_s)});

    const RouteExplanation fits = explain(house, {.promptTokens = 8'000});
    const RouteExplanation tooLong = explain(house, {.promptTokens = 8'001});
    const RouteExplanation body =
        explain(house,
                {.body = R"({"model":"gpt-4o","messages":[{"role":"user","content":")"
                         + QByteArray("word ").repeated(20'000) + R"("}]})"});

    QVERIFY(named(fits.candidates, u"small"_s)->doubt.isEmpty());
    // Routing does not look at it, so the channel is asked as before.
    QCOMPARE(tooLong.candidates.size(), size_t(2));
    QVERIFY(named(tooLong.candidates, u"small"_s)->doubt.english().contains("8000"_L1));
    QVERIFY(named(tooLong.candidates, u"unknown"_s)->doubt.isEmpty());
    QVERIFY(!named(body.candidates, u"small"_s)->doubt.isEmpty());
}

void RouteRequestTest::aRequestMayCostTooMuch()
{
    AdministrationFixture house;
    house.builtInPrice = [](QByteArrayView, QByteArrayView) {
        return std::vector{domain::ModelPrice{
            .model = "gpt-4o", .tokens = {.input = domain::UnitPrice::fromDollarsPerMillion(2.5)}}};
    };
    house.start();
    create(house, {channel(u"good"_s)});
    QVERIFY(house.wait(house.administration->users.change(
        house.root(),
        house.root().id,
        {.balance = domain::Quota{100 * domain::Quota::perDollar}})));
    const auto token = house.wait(house.administration->tokenManager.create(
        house.root(),
        house.root().id,
        {.name = u"poor"_s, .balance = {domain::Quota::perDollar / 100}}));
    QVERIFY(token);

    const RouteExplanation cheap = explain(house, {.token = token->id, .promptTokens = 1'000});
    const RouteExplanation dear = explain(house, {.token = token->id, .promptTokens = 1'000'000});

    QCOMPARE(cheap.refusal, RouteRefusal::None);
    QVERIFY(cheap.request->most.units > 0);
    QVERIFY(dear.request->least.units > domain::Quota::perDollar / 100);
    QCOMPARE(dear.refusal, RouteRefusal::NotAdmitted);
    QVERIFY2(dear.text.english().contains("quota of this token"_L1),
             qPrintable(dear.text.english()));
    // Who would serve it is told all the same.
    QCOMPARE(dear.candidates.size(), size_t(1));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::RouteRequestTest)
#include "tst_routerequest.moc"
