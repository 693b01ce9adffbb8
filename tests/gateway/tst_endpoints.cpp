#include "gateway/endpoints.h"

#include "http/requestparser.h"

#include <QTest>

namespace gatehouse::gateway {

using domain::Dialect;
using protocol::Operation;
using protocol::StreamForm;
using Kind = Endpoint::Kind;

// The head of a request, as the parser reads it.
static http::RequestHead
headOf(const QByteArray &method, const QByteArray &target, const QByteArray &fields = {})
{
    const http::RequestLimits limits;
    http::RequestParser parser(limits);
    const QByteArray bytes =
        method + " " + target + " HTTP/1.1\r\nHost: gate\r\n" + fields + "\r\n";
    parser.parse(bytes, nullptr);
    return parser.head();
}

class EndpointsTest : public QObject
{
    Q_OBJECT

private slots:
    void relayPaths_data();
    void relayPaths();
    void otherPaths_data();
    void otherPaths();
    void modelPaths_data();
    void modelPaths();
    void theManagementsPathsComeFirst();
    void streamForms_data();
    void streamForms();
    void probes_data();
    void probes();
    void credentials_data();
    void credentials();
};

void EndpointsTest::relayPaths_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<Dialect>("dialect");
    QTest::addColumn<QByteArray>("model");

    const auto row = [](const QByteArray &target,
                        Operation operation,
                        Dialect dialect,
                        const QByteArray &model = {}) {
        QTest::newRow(target.constData()) << target << operation << dialect << model;
    };
    row("/v1/chat/completions", Operation::ChatCompletions, Dialect::OpenAi);
    row("/v1/chat/completions?api-version=1", Operation::ChatCompletions, Dialect::OpenAi);
    row("/v1/completions", Operation::Completions, Dialect::OpenAi);
    row("/v1/embeddings", Operation::Embeddings, Dialect::OpenAi);
    row("/v1/moderations", Operation::Moderations, Dialect::OpenAi);
    row("/v1/responses", Operation::Responses, Dialect::OpenAi);
    row("/v1/images/generations", Operation::ImageGenerations, Dialect::OpenAi);
    row("/v1/audio/speech", Operation::Speech, Dialect::OpenAi);
    row("/v1/messages", Operation::Messages, Dialect::Anthropic);
    row("/v1/messages/count_tokens", Operation::CountTokens, Dialect::Anthropic);
    row("/v1beta/models/m:generateContent", Operation::GenerateContent, Dialect::Gemini, "m");
    row("/v1beta/models/m:streamGenerateContent?alt=sse",
        Operation::StreamGenerateContent,
        Dialect::Gemini,
        "m");
    row("/v1beta/models/m%2d1:embedContent", Operation::EmbedContent, Dialect::Gemini, "m-1");
    row("/v1beta/models/m:countTokens", Operation::GeminiCountTokens, Dialect::Gemini, "m");
    row("/v1/models/m:generateContent", Operation::GenerateContent, Dialect::Gemini, "m");
}

void EndpointsTest::relayPaths()
{
    QFETCH(QByteArray, target);

    const Endpoint endpoint = endpointOf(headOf("POST", target), false);

    QCOMPARE(endpoint.kind, Kind::Relay);
    QTEST(endpoint.operation, "operation");
    QTEST(endpoint.dialect, "dialect");
    QTEST(endpoint.model, "model");
    QCOMPARE(endpointOf(headOf("OPTIONS", target), false).allow, "POST, OPTIONS");
    if (!target.startsWith("/v1/models"))
        QCOMPARE(endpointOf(headOf("GET", target), false).kind, Kind::WrongMethod);
}

void EndpointsTest::otherPaths_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<Dialect>("dialect");

    const auto row = [](const char *name,
                        const QByteArray &method,
                        const QByteArray &target,
                        Kind kind,
                        Dialect dialect = Dialect::OpenAi) {
        QTest::newRow(name) << method << target << kind << dialect;
    };
    row("the root", "GET", "/", Kind::Unknown);
    row("another case", "POST", "/V1/chat/completions", Kind::Unknown);
    row("a slash too many", "POST", "/v1/chat/completions/", Kind::Unknown);
    row("two slashes", "POST", "//v1/chat/completions", Kind::Unknown);
    row("an encoded letter", "POST", "/v1/chat/%63ompletions", Kind::Unknown);
    row("a detour", "POST", "/v1/x/../chat/completions", Kind::Unknown);
    row("nearly the messages", "POST", "/v1/messages2", Kind::Unknown);
    row("below the messages", "POST", "/v1/messages/batches", Kind::Unknown, Dialect::Anthropic);
    row("edits of pictures", "POST", "/v1/images/edits", Kind::Unimplemented);
    row("files", "GET", "/v1/files/abc", Kind::Unimplemented);
    row("an unknown action",
        "POST",
        "/v1beta/models/m:predict",
        Kind::Unimplemented,
        Dialect::Gemini);
    row("a broken encoding",
        "POST",
        "/v1beta/models/m%zz:generateContent",
        Kind::Invalid,
        Dialect::Gemini);
    row("an encoded slash",
        "POST",
        "/v1beta/models/a%2fb:generateContent",
        Kind::Invalid,
        Dialect::Gemini);
    row("of Gemini's, and unknown", "GET", "/v1beta/files", Kind::Unknown, Dialect::Gemini);
    row("the whole server", "OPTIONS", "*", Kind::Options);
    row("options of a path", "OPTIONS", "/v1/embeddings", Kind::Options);
    row("deleting a chat", "DELETE", "/v1/chat/completions", Kind::WrongMethod);
}

void EndpointsTest::otherPaths()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);

    const Endpoint endpoint = endpointOf(headOf(method, target), false);

    QTEST(endpoint.kind, "kind");
    QTEST(endpoint.dialect, "dialect");
}

void EndpointsTest::modelPaths_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<Dialect>("dialect");
    QTest::addColumn<QByteArray>("model");

    const QByteArray none;
    QTest::newRow("the list") << QByteArray("/v1/models") << none << Dialect::OpenAi << none;
    QTest::newRow("one model") << QByteArray("/v1/models/gpt-4o") << none << Dialect::OpenAi
                               << QByteArray("gpt-4o");
    QTest::newRow("with a slash in its name") << QByteArray("/v1/models/meta%2Fllama") << none
                                              << Dialect::OpenAi << QByteArray("meta/llama");
    QTest::newRow("with a colon in its name")
        << QByteArray("/v1/models/llama3:8b") << none << Dialect::OpenAi << QByteArray("llama3:8b");
    QTest::newRow("asked by Anthropic's client")
        << QByteArray("/v1/models") << QByteArray("anthropic-version: 2023-06-01\r\n")
        << Dialect::Anthropic << none;
    QTest::newRow("Gemini's list")
        << QByteArray("/v1beta/models?pageSize=5") << none << Dialect::Gemini << none;
    QTest::newRow("Gemini's model")
        << QByteArray("/v1beta/models/m") << none << Dialect::Gemini << QByteArray("m");
}

void EndpointsTest::modelPaths()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, model);

    for (const QByteArray method : {"GET", "HEAD"}) {
        const Endpoint endpoint = endpointOf(headOf(method, target, fields), false);
        QCOMPARE(endpoint.kind, Kind::Models);
        QTEST(endpoint.dialect, "dialect");
        QCOMPARE(endpoint.model, model);
        QCOMPARE(endpoint.operation,
                 model.isEmpty() ? Operation::ListModels : Operation::RetrieveModel);
    }
}

void EndpointsTest::theManagementsPathsComeFirst()
{
    const Endpoint endpoint = endpointOf(headOf("POST", "/v1/chat/completions"), true);

    QCOMPARE(endpoint.kind, Kind::Api);
}

void EndpointsTest::streamForms_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<StreamForm>("form");

    const auto events = [](const char *name, const QByteArray &query) {
        QTest::newRow(name) << query << Kind::Relay << StreamForm::Events;
    };
    const auto array = [](const char *name, const QByteArray &query) {
        QTest::newRow(name) << query << Kind::Relay << StreamForm::Array;
    };
    const auto none = [](const char *name, const QByteArray &query) {
        QTest::newRow(name) << query << Kind::Invalid << StreamForm::Events;
    };
    events("as the libraries ask", "?alt=sse");
    events("behind a key", "?key=sk-1&alt=sse");
    events("encoded", "?%61lt=ss%65");
    events("by the other name", "?%24alt=sse");
    array("no query", "");
    array("the default by its name", "?alt=json");
    array("as Google's Python library asks", "?%24alt=json%3Benum-encoding%3Dint");
    array("another form first", "?alt=json&alt=sse");
    array("another parameter", "?xalt=sse");
    array("within a value", "?x=alt=sse");
    array("in another case", "?ALT=SSE");
    none("another value", "?alt=ssex");
    none("protocol buffers", "?alt=proto");
    none("nothing", "?alt=");
    none("a broken encoding", "?alt=sse&x=%z");
}

void EndpointsTest::streamForms()
{
    QFETCH(QByteArray, query);

    const Endpoint endpoint =
        endpointOf(headOf("POST", "/v1beta/models/m:streamGenerateContent" + query), false);

    QTEST(endpoint.kind, "kind");
    QTEST(endpoint.form, "form");
    QCOMPARE(endpoint.problem.contains(QStringLiteral("alt=sse")), endpoint.kind == Kind::Invalid);
    // Whoever asks for no stream may write what he wants.
    QCOMPARE(endpointOf(headOf("POST", "/v1beta/models/m:generateContent" + query), false).kind,
             Kind::Relay);
}

void EndpointsTest::probes_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Endpoint::Probe>("probe");

    QTest::newRow("healthz") << QByteArray("/healthz") << Endpoint::Probe::Alive;
    QTest::newRow("livez") << QByteArray("/livez") << Endpoint::Probe::Alive;
    QTest::newRow("readyz") << QByteArray("/readyz") << Endpoint::Probe::Ready;
    QTest::newRow("version") << QByteArray("/version") << Endpoint::Probe::Version;
    QTest::newRow("with a query") << QByteArray("/readyz?a=b") << Endpoint::Probe::Ready;
}

void EndpointsTest::probes()
{
    QFETCH(QByteArray, target);

    const Endpoint endpoint = endpointOf(headOf("GET", target), false);

    QCOMPARE(endpoint.kind, Kind::Probe);
    QTEST(endpoint.probe, "probe");
    QCOMPARE(endpointOf(headOf("HEAD", target), false).kind, Kind::Probe);
    QCOMPARE(endpointOf(headOf("POST", target), false).kind, Kind::WrongMethod);
    QCOMPARE(endpointOf(headOf("OPTIONS", target), false).kind, Kind::Options);
}

void EndpointsTest::credentials_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("key");

    const QByteArray chat("/v1/chat/completions");
    const QByteArray gemini("/v1beta/models/m:generateContent");
    const auto row = [](const char *name,
                        const QByteArray &target,
                        const QByteArray &fields,
                        const QByteArray &key) { QTest::newRow(name) << target << fields << key; };
    row("none", chat, {}, {});
    row("bearer", chat, "Authorization: Bearer sk-1\r\n", "sk-1");
    row("bearer in lower case", chat, "authorization: bearer sk-1\r\n", "sk-1");
    row("the bare key", chat, "Authorization: sk-1\r\n", "sk-1");
    row("another scheme", chat, "Authorization: Basic c2s=\r\n", {});
    row("nothing behind the scheme", chat, "Authorization: Bearer \r\n", {});
    row("nothing behind the scheme, and a key elsewhere",
        chat,
        "Authorization: bearer\r\nx-api-key: sk-1\r\n",
        "sk-1");
    row("x-api-key", chat, "X-Api-Key: sk-1\r\n", "sk-1");
    row("x-goog-api-key", chat, "x-goog-api-key: sk-1\r\n", "sk-1");
    row("Azure's api-key", chat, "api-key: sk-1\r\n", "sk-1");
    row("two of Azure's", chat, "api-key: sk-1\r\nApi-Key: sk-2\r\n", {});
    row("authorization before the others",
        chat,
        "x-api-key: sk-2\r\nAuthorization: Bearer sk-1\r\n",
        "sk-1");
    row("two of one field", chat, "x-api-key: sk-1\r\nx-api-key: sk-2\r\n", {});
    row("a parameter on Gemini's path", gemini + "?alt=sse&key=sk-1", {}, "sk-1");
    row("an encoded parameter", gemini + "?key=sk%2D1", {}, "sk-1");
    row("a parameter on another path", chat + "?key=sk-1", {}, {});
    row("a field before the parameter", gemini + "?key=sk-2", "x-goog-api-key: sk-1\r\n", "sk-1");
}

void EndpointsTest::credentials()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    const http::RequestHead head = headOf("POST", target, fields);

    QTEST(credentialOf(head, endpointOf(head, false)), "key");
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::EndpointsTest)
#include "tst_endpoints.moc"
