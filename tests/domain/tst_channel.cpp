#include "domain/channel.h"

#include <QTest>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

class ChannelTest : public QObject
{
    Q_OBJECT

private slots:
    void normalizesBaseUrls_data();
    void normalizesBaseUrls();
    void refusesBaseUrls_data();
    void refusesBaseUrls();
    void validates_data();
    void validates();
    void namesForTheProvider();
    void whereCallsGo();
    void pagesOfProviders();
};

void ChannelTest::normalizesBaseUrls_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("url");

    const int openAi = provider::openAi;
    QTest::newRow("nothing") << u"  "_s << openAi << QString();
    QTest::newRow("as it should be")
        << u"https://api.openai.com"_s << openAi << u"https://api.openai.com"_s;
    QTest::newRow("a slash at the end")
        << u"https://api.openai.com/"_s << openAi << u"https://api.openai.com"_s;
    QTest::newRow("with /v1") << u"https://api.openai.com/v1"_s << openAi
                              << u"https://api.openai.com"_s;
    QTest::newRow("with /v1/ and blanks")
        << u"  https://api.openai.com/v1// "_s << openAi << u"https://api.openai.com"_s;
    QTest::newRow("/v1 within the path stays")
        << u"https://h/v1/proxy"_s << openAi << u"https://h/v1/proxy"_s;
    QTest::newRow("without a scheme")
        << u"api.example.com"_s << openAi << u"https://api.example.com"_s;
    QTest::newRow("a host and a port")
        << u"localhost:8080"_s << openAi << u"https://localhost:8080"_s;
    QTest::newRow("capitals") << u"HTTPS://API.Example.COM/Path"_s << openAi
                              << u"https://api.example.com/Path"_s;
    QTest::newRow("the usual port of https") << u"https://h:443/x"_s << openAi << u"https://h/x"_s;
    QTest::newRow("the usual port of http") << u"http://h:80"_s << openAi << u"http://h"_s;
    QTest::newRow("the usual port of the other")
        << u"http://h:443"_s << openAi << u"http://h:443"_s;
    QTest::newRow("IPv6") << u"http://[::1]:11434"_s << int(provider::ollama)
                          << u"http://[::1]:11434"_s;
    QTest::newRow("the version belongs to the base")
        << u"https://h/v1"_s << int(provider::openAiCompatible) << u"https://h/v1"_s;
    QTest::newRow("a whole address of chats")
        << u"https://api.example.com/v1/chat/completions"_s << int(provider::custom)
        << u"https://api.example.com"_s;
    QTest::newRow("a whole address of chats, with the version")
        << u"https://h/api/v3/chat/completions/"_s << int(provider::openAiCompatible)
        << u"https://h/api/v3"_s;
    QTest::newRow("a whole address of models")
        << u"https://h/x/v1/models"_s << openAi << u"https://h/x"_s;
    QTest::newRow("models without a version stay")
        << u"https://h/models"_s << openAi << u"https://h/models"_s;
    QTest::newRow("a whole address of messages")
        << u"https://h/anthropic/v1/messages"_s << int(provider::anthropic)
        << u"https://h/anthropic"_s;
    QTest::newRow("Anthropic with /v1")
        << u"https://api.anthropic.com/v1"_s << int(provider::anthropic)
        << u"https://api.anthropic.com"_s;
    QTest::newRow("Gemini with /v1beta")
        << u"https://generativelanguage.googleapis.com/v1beta/"_s << int(provider::gemini)
        << u"https://generativelanguage.googleapis.com"_s;
}

void ChannelTest::normalizesBaseUrls()
{
    QFETCH(QString, typed);
    QFETCH(int, type);
    QFETCH(QString, url);

    const auto result = normalizedBaseUrl(typed, type);

    QVERIFY(result.has_value());
    QCOMPARE(*result, url);
    // What is in the one form stays in it.
    QCOMPARE(*normalizedBaseUrl(*result, type), url);
}

void ChannelTest::refusesBaseUrls_data()
{
    QTest::addColumn<QString>("typed");

    QTest::newRow("another scheme") << u"ftp://host"_s;
    QTest::newRow("a file") << u"file:///etc/passwd"_s;
    QTest::newRow("no host") << u"https:///path"_s;
    QTest::newRow("a space within") << u"https://ho st"_s;
    QTest::newRow("a user name") << u"https://me@host"_s;
    QTest::newRow("a password") << u"https://me:secret@host"_s;
    QTest::newRow("a query") << u"https://host?key=1"_s;
    QTest::newRow("a fragment") << u"https://host#x"_s;
    QTest::newRow("a port out of range") << u"https://host:70000"_s;
}

void ChannelTest::refusesBaseUrls()
{
    QFETCH(QString, typed);

    const auto result = normalizedBaseUrl(typed, provider::openAi);

    QVERIFY2(!result, result ? qPrintable(*result) : "");
    QCOMPARE(result.error().code, base::ErrorCode::InvalidInput);
}

static Channel sound()
{
    return {.type = provider::openAi,
            .name = u"one"_s,
            .keys = {{.id = 1, .secret = base::Secret(QByteArray("sk-1"))}},
            .models = {u"small"_s}};
}

void ChannelTest::validates_data()
{
    QTest::addColumn<Channel>("channel");
    QTest::addColumn<bool>("isSound");

    const auto row = [](const char *name, bool isSound, const auto &change) {
        Channel channel = sound();
        change(channel);
        QTest::newRow(name) << channel << isSound;
    };
    row("as it should be", true, [](Channel &) {});
    row("an unknown type", false, [](Channel &c) { c.type = 77'777; });
    row("no name", false, [](Channel &c) { c.name = u"  "_s; });
    row("a name too long", false, [](Channel &c) { c.name = QString(201, u'x'); });
    row("no base URL where one is needed", false, [](Channel &c) { c.type = provider::azure; });
    row("Echo needs none", true, [](Channel &c) { c.type = provider::echo; });
    row("no weight", true, [](Channel &c) { c.weight = 0; });
    row("a negative weight", false, [](Channel &c) { c.weight = -1; });
    row("a weight too large", false, [](Channel &c) { c.weight = 1'000'001; });
    row("a model with a line break", false, [](Channel &c) { c.models = {u"a\nb"_s}; });
    row("an HTTP proxy", true, [](Channel &c) { c.proxy = u"http://proxy:8080"_s; });
    row("a SOCKS proxy", true, [](Channel &c) { c.proxy = u"socks5://u:p@proxy"_s; });
    row("no proxy, whatever the environment says", true, [](Channel &c) { c.proxy = u"none"_s; });
    row("a proxy without a scheme", false, [](Channel &c) { c.proxy = u"proxy:8080"_s; });
    row("a proxy of another kind", false, [](Channel &c) { c.proxy = u"ftp://proxy"_s; });
    row("a key with a line break", false, [](Channel &c) {
        c.keys.append({.id = 2, .secret = base::Secret(QByteArray("sk-2\nsk-3"))});
    });
    row("a key with a blank", false, [](Channel &c) {
        c.keys.append({.id = 2, .secret = base::Secret(QByteArray("sk 2"))});
    });
    row("a header of one's own", true, [](Channel &c) {
        c.headerOverrides = {{u"X-Title"_s, u"Gatehouse"_s}};
    });
    row("a header that splits", false, [](Channel &c) {
        c.headerOverrides = {{u"X-Title"_s, u"a\r\nX-Other: b"_s}};
    });
    row("a header name that is none", false, [](Channel &c) {
        c.headerOverrides = {{u"X Title"_s, u"a"_s}};
    });
    row("the length is ours", false, [](Channel &c) {
        c.headerOverrides = {{u"CONTENT-Length"_s, u"5"_s}};
    });
    row("an organization", true, [](Channel &c) { c.organization = u"org-1"_s; });
    row("an organization that splits", false, [](Channel &c) {
        c.organization = u"a\r\nX-Other: b"_s;
    });
    row("the host is ours", false, [](Channel &c) {
        c.headerOverrides = {{u"host"_s, u"elsewhere"_s}};
    });
}

void ChannelTest::validates()
{
    QFETCH(Channel, channel);
    QFETCH(bool, isSound);

    const auto result = validate(channel);

    QCOMPARE(result.has_value(), isSound);
    if (!isSound)
        QCOMPARE(result.error().code, base::ErrorCode::InvalidInput);
}

void ChannelTest::namesForTheProvider()
{
    Channel channel = sound();
    channel.modelMapping = {{u"small"_s, u"gpt-4o-mini"_s}, {u"other"_s, QString()}};

    QCOMPARE(channel.providerModel(u"small"_s), u"gpt-4o-mini"_s);
    QCOMPARE(channel.providerModel(u"other"_s), u"other"_s);
    QCOMPARE(channel.providerModel(u"unmapped"_s), u"unmapped"_s);
    QVERIFY(channel.serves(u"small"_s));
    QVERIFY(!channel.serves(u"gpt-4o-mini"_s));
}

void ChannelTest::whereCallsGo()
{
    Channel channel = sound();

    QCOMPARE(channel.effectiveBaseUrl(), u"https://api.openai.com"_s);
    channel.baseUrl = u"http://127.0.0.1:1"_s;
    QCOMPARE(channel.effectiveBaseUrl(), u"http://127.0.0.1:1"_s);
}

// They are shown as links, so that a slip in the table would lead people astray.
void ChannelTest::pagesOfProviders()
{
    int pages = 0;
    for (const ProviderType &type : providerTypes()) {
        for (const char *page : {type.keyPage, type.documentation}) {
            if (!*page)
                continue;
            ++pages;
            const QUrl url(QString::fromLatin1(page), QUrl::StrictMode);
            QVERIFY2(url.isValid() && url.scheme() == u"https"_s && url.host().contains(u'.'),
                     page);
        }
    }
    QVERIFY(pages > 40);
    QVERIFY(!*providerType(provider::ollama)->keyPage); // it needs no key
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::ChannelTest)
#include "tst_channel.moc"
