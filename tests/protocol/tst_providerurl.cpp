#include "protocol/providerurl.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using protocol::Operation;
using protocol::ParsedBaseUrl;
using protocol::ProviderTarget;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

namespace {

QByteArray field(const ProviderTarget &target, const QByteArray &name)
{
    for (const auto &[key, value] : target.headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

} // namespace

class ProviderUrlTest : public QObject
{
    Q_OBJECT

private slots:
    void parsesBaseUrl_data();
    void parsesBaseUrl();
    void makesPaths_data();
    void makesPaths();
    void asksForTheFormOfAStream_data();
    void asksForTheFormOfAStream();
    void sendsKey_data();
    void sendsKey();
    void sendsVersions();
    void refusesKeyWithLineBreak();
    void everyTypeHasTarget();
    void showsUrl_data();
    void showsUrl();
};

void ProviderUrlTest::parsesBaseUrl_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("host"); // empty: refused
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("hostHeader");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("tls");

    const auto row = [](const char *name,
                        const char *url,
                        const char *host,
                        int port,
                        const char *header,
                        const char *path,
                        bool tls) {
        QTest::newRow(name) << QByteArray(url) << QByteArray(host) << port << QByteArray(header)
                            << QByteArray(path) << tls;
    };
    row("plain", "https://api.openai.com", "api.openai.com", 443, "api.openai.com", "", true);
    row("path", "https://openrouter.ai/api/", "openrouter.ai", 443, "openrouter.ai", "/api", true);
    row("port", "http://localhost:11434", "localhost", 11434, "localhost:11434", "", false);
    row("usual port named", "https://a.example:443/v1", "a.example", 443, "a.example", "/v1", true);
    row("the other's usual port",
        "http://a.example:443",
        "a.example",
        443,
        "a.example:443",
        "",
        false);
    row("IPv6", "http://[::1]:8080/x", "::1", 8080, "[::1]:8080", "/x", false);
    row("IPv4", "http://127.0.0.1", "127.0.0.1", 80, "127.0.0.1", "", false);
    row("other script",
        "https://münchen.example",
        "xn--mnchen-3ya.example",
        443,
        "xn--mnchen-3ya.example",
        "",
        true);
    row("encoded path", "https://a.example/a%20b", "a.example", 443, "a.example", "/a%20b", true);
    row("no scheme", "api.openai.com", "", 0, "", "", false);
    row("another scheme", "ftp://a.example", "", 0, "", "", false);
    row("no host", "https:///v1", "", 0, "", "", false);
    row("space", "https://a b", "", 0, "", "", false);
    row("nothing", "", "", 0, "", "", false);
}

void ProviderUrlTest::parsesBaseUrl()
{
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    QFETCH(QByteArray, hostHeader);
    QFETCH(QByteArray, path);
    QFETCH(bool, tls);

    const auto parsed = protocol::parseBaseUrl(url);

    QCOMPARE(parsed.has_value(), !host.isEmpty());
    if (!parsed)
        return;
    QCOMPARE(parsed->host, host);
    QCOMPARE(int(parsed->port), port);
    QCOMPARE(parsed->hostHeader, hostHeader);
    QCOMPARE(parsed->path, path);
    QCOMPARE(parsed->tls, tls);
}

void ProviderUrlTest::makesPaths_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("path"); // empty: not offered

    const auto row = [](const char *name,
                        int type,
                        const char *base,
                        Operation operation,
                        const char *model,
                        const char *version,
                        const char *path) {
        QTest::newRow(name) << type << QByteArray(base) << operation << QByteArray(model)
                            << QByteArray(version) << QByteArray(path);
    };
    constexpr Operation chat = Operation::ChatCompletions;
    row("OpenAI: chat", 1, "https://api.openai.com", chat, "m", "", "/v1/chat/completions");
    row("OpenAI: completions", 1, "https://h", Operation::Completions, "m", "", "/v1/completions");
    row("OpenAI: embeddings", 1, "https://h", Operation::Embeddings, "m", "", "/v1/embeddings");
    row("OpenAI: moderations", 1, "https://h", Operation::Moderations, "m", "", "/v1/moderations");
    row("OpenAI: responses", 1, "https://h", Operation::Responses, "m", "", "/v1/responses");
    row("OpenAI: pictures",
        1,
        "https://h",
        Operation::ImageGenerations,
        "m",
        "",
        "/v1/images/generations");
    row("OpenAI: speech", 1, "https://h", Operation::Speech, "m", "", "/v1/audio/speech");
    row("OpenAI: models", 1, "https://h", Operation::ListModels, "", "", "/v1/models");
    row("OpenAI: model",
        1,
        "https://h",
        Operation::RetrieveModel,
        "a/b c",
        "",
        "/v1/models/a%2Fb%20c");
    row("OpenAI: no messages", 1, "https://h", Operation::Messages, "m", "", "");
    row("OpenRouter", 20, "https://openrouter.ai/api", chat, "m", "", "/api/v1/chat/completions");
    row("OpenAI through Cloudflare",
        1,
        "https://gateway.ai.cloudflare.com/v1/a/g/openai",
        chat,
        "m",
        "",
        "/v1/a/g/openai/chat/completions");
    row("compatible", 50, "https://h/v1", chat, "m", "", "/v1/chat/completions");
    row("compatible: models", 50, "https://h/v1", Operation::ListModels, "", "", "/v1/models");
    row("Gemini's OpenAI endpoint",
        51,
        "https://h/v1beta/openai",
        Operation::Embeddings,
        "m",
        "",
        "/v1beta/openai/embeddings");
    row("fixed: chat", 40, "https://ark", chat, "m", "", "/api/v3/chat/completions");
    row("fixed: embeddings",
        40,
        "https://ark",
        Operation::Embeddings,
        "m",
        "",
        "/api/v3/embeddings");
    row("fixed: no responses", 40, "https://ark", Operation::Responses, "m", "", "");
    row("fixed: chat only", 27, "https://h", Operation::Embeddings, "m", "", "");
    row("Azure: chat",
        3,
        "https://r.openai.azure.com",
        chat,
        "gpt-4.1",
        "",
        "/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21");
    row("Azure: the dot of the old model",
        3,
        "https://r",
        chat,
        "gpt-3.5-turbo",
        "2025-01-01-preview",
        "/openai/deployments/gpt-35-turbo/chat/completions?api-version=2025-01-01-preview");
    row("Azure: a version cannot leave the query",
        3,
        "https://r",
        chat,
        "m",
        "1&x=#2",
        "/openai/deployments/m/chat/completions?api-version=1%26x=%232");
    row("Azure: a deployment cannot leave its place",
        3,
        "https://r",
        chat,
        "../a?b",
        "",
        "/openai/deployments/..%2Fa%3Fb/chat/completions?api-version=2024-10-21");
    row("Azure: responses", 3, "https://r", Operation::Responses, "m", "", "/openai/v1/responses");
    row("Azure: new interface",
        3,
        "https://r/openai/v1",
        chat,
        "m",
        "",
        "/openai/v1/chat/completions");
    row("Azure through Cloudflare",
        3,
        "https://gateway.ai.cloudflare.com/v1/a/g/azure-openai/r",
        chat,
        "m",
        "",
        "/v1/a/g/azure-openai/r/m/chat/completions?api-version=2024-10-21");
    row("Azure: no moderations", 3, "https://r", Operation::Moderations, "m", "", "");
    row("Anthropic", 14, "https://api.anthropic.com", Operation::Messages, "m", "", "/v1/messages");
    row("Anthropic: count",
        14,
        "https://h",
        Operation::CountTokens,
        "m",
        "",
        "/v1/messages/count_tokens");
    row("Anthropic: base with version",
        14,
        "https://h/anthropic/v1",
        Operation::Messages,
        "m",
        "",
        "/anthropic/v1/messages");
    row("Anthropic: models",
        14,
        "https://h",
        Operation::ListModels,
        "",
        "",
        "/v1/models?limit=1000");
    row("Anthropic: no chat", 14, "https://h", chat, "m", "", "");
    row("Gemini",
        24,
        "https://h",
        Operation::GenerateContent,
        "gemini-2.5-pro",
        "",
        "/v1beta/models/gemini-2.5-pro:generateContent");
    row("Gemini: stream",
        24,
        "https://h",
        Operation::StreamGenerateContent,
        "g",
        "v1",
        "/v1/models/g:streamGenerateContent?alt=sse");
    row("Gemini: version in the base",
        24,
        "https://h/v1beta",
        Operation::GeminiCountTokens,
        "g",
        "",
        "/v1beta/models/g:countTokens");
    row("Gemini: prefix is not doubled",
        24,
        "https://h",
        Operation::EmbedContent,
        "models/g",
        "",
        "/v1beta/models/g:embedContent");
    row("Gemini: tuned",
        24,
        "https://h",
        Operation::GenerateContent,
        "tunedModels/a",
        "",
        "/v1beta/tunedModels/a:generateContent");
    row("Gemini: models",
        24,
        "https://h",
        Operation::ListModels,
        "",
        "",
        "/v1beta/models?pageSize=1000");
    row("not served", 33, "https://h", chat, "m", "", "");
}

void ProviderUrlTest::makesPaths()
{
    QFETCH(int, type);
    QFETCH(QByteArray, base);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, path);
    const auto parsed = protocol::parseBaseUrl(base);
    QVERIFY(parsed);

    const auto target = protocol::providerTarget(
        {.type = domain::providerType(type), .base = &*parsed, .apiVersion = version},
        operation,
        model,
        base::Secret(QByteArray("k")));

    QCOMPARE(target.has_value(), !path.isEmpty());
    if (target) {
        QCOMPARE(target->path, path);
        QCOMPARE(target->host, parsed->host);
    } else {
        QCOMPARE(target.error().code, base::ErrorCode::InvalidInput);
        QVERIFY(target.error().message.english().contains(u"does not offer"_s));
    }
}

void ProviderUrlTest::asksForTheFormOfAStream_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<protocol::StreamForm>("form");
    QTest::addColumn<QByteArray>("end");

    using protocol::StreamForm;
    QTest::newRow("events") << Operation::StreamGenerateContent << StreamForm::Events
                            << QByteArray("/g:streamGenerateContent?alt=sse");
    QTest::newRow("an array") << Operation::StreamGenerateContent << StreamForm::Array
                              << QByteArray("/g:streamGenerateContent");
    QTest::newRow("no stream") << Operation::GenerateContent << StreamForm::Events
                               << QByteArray("/g:generateContent");
}

void ProviderUrlTest::asksForTheFormOfAStream()
{
    QFETCH(Operation, operation);
    QFETCH(protocol::StreamForm, form);
    QFETCH(QByteArray, end);
    const ParsedBaseUrl parsed = *protocol::parseBaseUrl("https://h");

    const auto target = protocol::providerTarget(
        {.type = domain::providerType(domain::provider::gemini), .base = &parsed},
        operation,
        "g",
        base::Secret(QByteArray("k")),
        {},
        form);

    QVERIFY(target);
    QVERIFY2(target->path.endsWith(end), target->path.constData());
}

void ProviderUrlTest::sendsKey_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("OpenAI") << 1 << Operation::ChatCompletions << QByteArray("authorization")
                            << QByteArray("Bearer sk-1");
    QTest::newRow("Azure") << 3 << Operation::ChatCompletions << QByteArray("api-key")
                           << QByteArray("sk-1");
    QTest::newRow("Anthropic") << 14 << Operation::Messages << QByteArray("x-api-key")
                               << QByteArray("sk-1");
    QTest::newRow("Gemini") << 24 << Operation::GenerateContent << QByteArray("x-goog-api-key")
                            << QByteArray("sk-1");
}

void ProviderUrlTest::sendsKey()
{
    QFETCH(int, type);
    QFETCH(Operation, operation);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    const ParsedBaseUrl parsed = *protocol::parseBaseUrl("https://h");
    const protocol::ProviderAccount account{.type = domain::providerType(type), .base = &parsed};

    const auto target =
        protocol::providerTarget(account, operation, "m", base::Secret(QByteArray("sk-1")));
    const auto keyless = protocol::providerTarget(account, operation, "m", base::Secret());

    QCOMPARE(field(*target, name), value);
    QVERIFY(!target->path.contains("sk-1"));
    QCOMPARE(field(*keyless, name), QByteArray());
}

void ProviderUrlTest::sendsVersions()
{
    const ParsedBaseUrl parsed = *protocol::parseBaseUrl("https://h");
    const base::Secret key(QByteArray("k"));
    protocol::ProviderAccount anthropic{.type = domain::providerType(14), .base = &parsed};
    const auto version = [&](QByteArrayView fromClient) {
        return field(
            *protocol::providerTarget(anthropic, Operation::Messages, "m", key, fromClient),
            "anthropic-version");
    };

    QCOMPARE(version({}), "2023-06-01");
    QCOMPARE(version("2026-10-21"), "2026-10-21");
    QCOMPARE(version("2026\r\nx: y"), "2023-06-01");
    anthropic.apiVersion = "2024-01-01";
    QCOMPARE(version({}), "2024-01-01");
    QCOMPARE(version("2026-10-21"), "2026-10-21");

    const auto organised = protocol::providerTarget(
        {.type = domain::providerType(1), .base = &parsed, .organization = "org-1"},
        Operation::ChatCompletions,
        "m",
        key);
    QCOMPARE(field(*organised, "OpenAI-Organization"), "org-1");
}

void ProviderUrlTest::refusesKeyWithLineBreak()
{
    const ParsedBaseUrl parsed = *protocol::parseBaseUrl("https://h");

    const auto target = protocol::providerTarget({.type = domain::providerType(1), .base = &parsed},
                                                 Operation::ChatCompletions,
                                                 "m",
                                                 base::Secret(QByteArray("secret\r\nX: y")));

    QVERIFY(!target);
    QVERIFY(!target.error().message.english().contains(u"secret"_s));
}

void ProviderUrlTest::everyTypeHasTarget()
{
    const ParsedBaseUrl parsed = *protocol::parseBaseUrl("https://h/base");
    for (const domain::ProviderType &type : domain::providerTypes()) {
        const Operation operation = type.dialect == domain::Dialect::Anthropic ? Operation::Messages
                                    : type.dialect == domain::Dialect::Gemini
                                        ? Operation::GenerateContent
                                        : Operation::ChatCompletions;
        const auto target = protocol::providerTarget(
            {.type = &type, .base = &parsed}, operation, "m", base::Secret());
        QVERIFY2(target.has_value() == type.relayable, type.name);
        if (target)
            QVERIFY2(target->path.startsWith("/base/"), type.name);
        QCOMPARE(protocol::offers(type, operation), type.relayable);
    }
}

void ProviderUrlTest::showsUrl_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<QString>("shown");

    QTest::newRow("OpenAI") << 1 << QByteArray("https://api.openai.com")
                            << u"https://api.openai.com/v1/chat/completions"_s;
    QTest::newRow("local") << 30 << QByteArray("http://localhost:11434")
                           << u"http://localhost:11434/v1/chat/completions"_s;
    QTest::newRow("Azure")
        << 3 << QByteArray("https://r.openai.azure.com")
        << u"https://r.openai.azure.com/openai/deployments/{model}/chat/completions?api-version=2024-10-21"_s;
    QTest::newRow("Anthropic") << 14 << QByteArray("https://api.anthropic.com")
                               << u"https://api.anthropic.com/v1/messages"_s;
    QTest::newRow("Gemini")
        << 24 << QByteArray("https://generativelanguage.googleapis.com")
        << u"https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent"_s;
    QTest::newRow("not a URL") << 1 << QByteArray("nonsense") << u"nonsense"_s;
}

void ProviderUrlTest::showsUrl()
{
    QFETCH(int, type);
    QFETCH(QByteArray, base);
    QFETCH(QString, shown);

    QCOMPARE(protocol::displayUrl(*domain::providerType(type), base), shown);
}

QTEST_GUILESS_MAIN(ProviderUrlTest)
#include "tst_providerurl.moc"
