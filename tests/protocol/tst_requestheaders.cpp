#include "protocol/requestheaders.h"

#include <QTest>

using namespace gatehouse;
using domain::Dialect;

Q_DECLARE_METATYPE(gatehouse::domain::Dialect)

class RequestHeadersTest : public QObject
{
    Q_OBJECT

private slots:
    void forwards_data();
    void forwards();
    void neverForwards_data();
    void neverForwards();
    void returns_data();
    void returns();
    void copies();
};

void RequestHeadersTest::forwards_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("dialects"); // o, a, g

    const auto row = [](const char *name, const char *dialects) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(dialects);
    };
    row("Content-Type", "oag");
    row("Accept", "oag");
    row("User-Agent", "oag");
    row("Idempotency-Key", "oag");
    row("traceparent", "oag");
    row("OpenAI-Beta", "o");
    row("session_id", "o");
    row("session-id", "o");
    row("originator", "o");
    row("X-Codex-Window-Id", "o");
    row("anthropic-version", "a");
    row("Anthropic-Beta", "a");
    row("X-Claude-Code-Session-Id", "a");
    row("x-goog-api-client", "g");
}

void RequestHeadersTest::forwards()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, dialects);

    QCOMPARE(protocol::forwardsToProvider(Dialect::OpenAi, name), dialects.contains('o'));
    QCOMPARE(protocol::forwardsToProvider(Dialect::Anthropic, name), dialects.contains('a'));
    QCOMPARE(protocol::forwardsToProvider(Dialect::Gemini, name), dialects.contains('g'));
}

void RequestHeadersTest::neverForwards_data()
{
    QTest::addColumn<QByteArray>("name");

    for (const char *name : {"Authorization",
                             "Proxy-Authorization",
                             "x-api-key",
                             "api-key",
                             "x-goog-api-key",
                             "Cookie",
                             "X-Forwarded-For",
                             "X-Forwarded-Proto",
                             "Forwarded",
                             "X-Real-IP",
                             "Via",
                             "Connection",
                             "Keep-Alive",
                             "TE",
                             "Trailer",
                             "Transfer-Encoding",
                             "Upgrade",
                             "Expect",
                             "Host",
                             "Content-Length",
                             "Content-Encoding",
                             "Accept-Encoding",
                             "Origin",
                             "Referer",
                             "OpenAI-Organization",
                             "OpenAI-Project",
                             "X-Stainless-OS",
                             "X-Stainless-Lang",
                             "CF-Connecting-IP",
                             "X-Something",
                             ""})
        QTest::newRow(name) << QByteArray(name);
    QTest::newRow("a long name") << QByteArray("x-codex-" + QByteArray(200, 'a'));
}

void RequestHeadersTest::neverForwards()
{
    QFETCH(QByteArray, name);

    for (const Dialect dialect : {Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini})
        QVERIFY(!protocol::forwardsToProvider(dialect, name));
}

void RequestHeadersTest::returns_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("returned");

    const auto row = [](const char *name, const char *returned) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(returned);
    };
    row("Content-Type", "Content-Type");
    row("Retry-After", "Retry-After");
    row("x-request-id", "x-provider-request-id");
    row("Request-Id", "x-provider-request-id");
    row("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-remaining");
    row("x-ratelimit-limit-requests", "x-ratelimit-limit-requests");
    row("openai-processing-ms", "openai-processing-ms");
    row("openai-organization", "");
    row("anthropic-organization-id", "");
    row("Set-Cookie", "");
    row("Server", "");
    row("CF-Ray", "");
    row("Content-Length", "");
    row("Transfer-Encoding", "");
    row("Content-Encoding", "");
    row("Connection", "");
    row("Access-Control-Allow-Origin", "");
    row("Strict-Transport-Security", "");
    row("X-Gatehouse-Channel", "");
    row("X-Gatehouse-Hops", "");
    row("Server-Timing", "");
    row("WWW-Authenticate", "");
    row("Location", "");
}

void RequestHeadersTest::returns()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, returned);

    QCOMPARE(protocol::nameForClient(name), returned);
}

void RequestHeadersTest::copies()
{
    http::Headers client;
    client.add("Authorization", "Bearer sk-client");
    client.add("anthropic-beta", "a,b");
    client.add("Content-Type", "application/json");
    http::Headers forProvider;
    forProvider.add("content-type", "application/json; charset=utf-8");
    http::Headers provider;
    provider.add("request-id", "req_9");
    provider.add("x-ratelimit-for", "the secret");
    provider.add("set-cookie", "a=b");
    http::Headers forClient;

    protocol::addForwardedFields(client, Dialect::Anthropic, forProvider);
    protocol::addReturnedFields(
        provider, forClient, [](QByteArrayView value) -> std::optional<QByteArray> {
            return value.contains("secret") ? std::optional(QByteArray("the ***")) : std::nullopt;
        });

    QCOMPARE(forProvider.size(), 2);
    QCOMPARE(*forProvider.value("anthropic-beta"), "a,b");
    QCOMPARE(*forProvider.value("content-type"), "application/json; charset=utf-8");
    QCOMPARE(forClient.size(), 2);
    QCOMPARE(*forClient.value("x-provider-request-id"), "req_9");
    QCOMPARE(*forClient.value("x-ratelimit-for"), "the ***");
    http::Headers withoutLimits;
    protocol::addReturnedFields(
        provider,
        withoutLimits,
        [](QByteArrayView) { return std::optional<QByteArray>(); },
        protocol::ProviderLimits::Withhold);
    QCOMPARE(withoutLimits.size(), 1);
    QCOMPARE(*withoutLimits.value("x-provider-request-id"), "req_9");
}

QTEST_GUILESS_MAIN(RequestHeadersTest)
#include "tst_requestheaders.moc"
