#include "relay/routing/targets.h"

#include "support/testcatalog.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using protocol::Operation;
using support::TestCatalog;

class TargetsTest : public QObject
{
    Q_OBJECT

private slots:
    void compilesWhatACallNeeds();
    void proxies_data();
    void proxies();
    void theEnvironmentNamesTheProxy_data();
    void theEnvironmentNamesTheProxy();
    void aBrokenBaseUrlIsAProblem();
    void isCompiledOnceForACatalog();
    void headsAreKnownByWhatTheyDependOn();
    void echoSpeaksEveryDialect();
};

void TargetsTest::compilesWhatACallNeeds()
{
    TestCatalog content;
    domain::Channel &channel = content.addChannel(1, "https://api.example.com:8443/base");
    channel.headerOverrides = {{u"X-Title"_s, u"Büro"_s}};
    channel.systemPrompt = u"Be brief."_s;
    channel.organization = u"org"_s;
    channel.apiVersion = u"2024-10-21"_s;
    channel.allowPrivateAddress = false;
    channel.certificateAuthority = u"PEM"_s;
    const auto catalog = content.build();

    const auto compiled = Targets::compile(*catalog->channel({1}), {});

    QVERIFY(compiled->problem.isEmpty());
    QVERIFY(compiled->endpoint->tls);
    QCOMPARE(compiled->endpoint->host, QByteArray("api.example.com"));
    QCOMPARE(compiled->endpoint->port, quint16(8443));
    QVERIFY(!compiled->endpoint->allowPrivateAddress);
    QCOMPARE(compiled->endpoint->certificateAuthority, QByteArray("PEM"));
    QCOMPARE(compiled->endpoint->proxyKind, upstream::ProxyKind::None);
    QCOMPARE(compiled->base.path, QByteArray("/base"));
    QCOMPARE(compiled->systemPrompt, QByteArray("Be brief."));
    QCOMPARE(compiled->account.organization, QByteArray("org"));
    QCOMPARE(compiled->account.apiVersion, QByteArray("2024-10-21"));
    QCOMPARE(compiled->headerOverrides.size(), size_t(1));
    QCOMPARE(compiled->headerOverrides.front().second, QByteArray("B\xc3\xbcro"));
}

void TargetsTest::proxies_data()
{
    QTest::addColumn<QString>("proxy");
    QTest::addColumn<upstream::ProxyKind>("kind");
    QTest::addColumn<int>("port");

    QTest::newRow("HTTP") << u"http://me:pass%40word@proxy.example:3128"_s
                          << upstream::ProxyKind::Http << 3128;
    QTest::newRow("HTTP, its usual port")
        << u"http://me:pass%40word@proxy.example"_s << upstream::ProxyKind::Http << 8080;
    QTest::newRow("SOCKS") << u"socks5://me:pass%40word@proxy.example"_s
                           << upstream::ProxyKind::Socks5 << 1080;
    QTest::newRow("SOCKS that resolves")
        << u"socks5h://me:pass%40word@proxy.example:9"_s << upstream::ProxyKind::Socks5 << 9;
}

void TargetsTest::proxies()
{
    QFETCH(QString, proxy);
    TestCatalog content;
    content.addChannel(1).proxy = proxy;
    const auto catalog = content.build();

    const auto compiled = Targets::compile(*catalog->channel({1}), {});

    QTEST(compiled->endpoint->proxyKind, "kind");
    QTEST(int(compiled->endpoint->proxyPort), "port");
    QCOMPARE(compiled->endpoint->proxyHost, QByteArray("proxy.example"));
    QCOMPARE(compiled->endpoint->proxyUser, QByteArray("me"));
    QCOMPARE(compiled->endpoint->proxyPassword, QByteArray("pass@word"));
}

void TargetsTest::theEnvironmentNamesTheProxy_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QString>("own");
    QTest::addColumn<QByteArray>("host"); // of the proxy; empty: straight

    const QByteArray provider = "https://api.example.com";
    QTest::newRow("as the system says") << provider << QString() << QByteArray("env.example");
    QTest::newRow("none") << provider << u"none"_s << QByteArray();
    QTest::newRow("its own") << provider << u"http://own.example:1"_s << QByteArray("own.example");
    QTest::newRow("one that cannot be read")
        << provider << u"http://own.example:0"_s << QByteArray();
    QTest::newRow("plain") << QByteArray("http://api.example.com") << QString() << QByteArray();
    QTest::newRow("excepted") << QByteArray("https://in.house.example") << QString()
                              << QByteArray();
    QTest::newRow("this computer")
        << QByteArray("https://127.0.0.1:11434") << QString() << QByteArray();
    QTest::newRow("this computer in IPv6")
        << QByteArray("https://[::1]:11434") << QString() << QByteArray();
}

void TargetsTest::theEnvironmentNamesTheProxy()
{
    QFETCH(QByteArray, url);
    QFETCH(QString, own);
    TestCatalog content;
    content.addChannel(1, url.constData()).proxy = own;
    content.settings().proxies =
        domain::OutgoingProxies::from({{u"HTTPS_PROXY"_s, u"socks5://me:secret@env.example:9"_s},
                                       {u"NO_PROXY"_s, u"house.example"_s}});
    const auto catalog = content.build();
    Targets targets;
    targets.setCatalog(catalog);

    const auto compiled = targets.compiled(*catalog->channel({1}), catalog);

    QTEST(compiled->endpoint->proxyHost, "host");
    // Nothing goes past a proxy that cannot be read.
    const bool straight = compiled->endpoint->proxyHost.isEmpty() && !own.startsWith("http"_L1);
    QCOMPARE(compiled->endpoint->proxyKind == upstream::ProxyKind::None, straight);
    if (compiled->endpoint->proxyHost == "env.example") {
        QCOMPARE(compiled->endpoint->proxyKind, upstream::ProxyKind::Socks5);
        QCOMPARE(compiled->endpoint->proxyPort, quint16(9));
        QCOMPARE(compiled->endpoint->proxyUser, QByteArray("me"));
        QCOMPARE(compiled->endpoint->proxyPassword, QByteArray("secret"));
    }
}

void TargetsTest::aBrokenBaseUrlIsAProblem()
{
    TestCatalog content;
    content.addChannel(1, "nonsense");
    const auto catalog = content.build();

    QVERIFY(!Targets::compile(*catalog->channel({1}), {})->problem.isEmpty());
}

void TargetsTest::isCompiledOnceForACatalog()
{
    TestCatalog content;
    content.addChannel(1);
    const auto former = content.build();
    const auto present = content.build();
    Targets targets;
    targets.setCatalog(former);
    const auto first = targets.compiled(*former->channel({1}), former);
    QCOMPARE(targets.compiled(*former->channel({1}), former), first);

    targets.setCatalog(present);

    const auto second = targets.compiled(*present->channel({1}), present);
    QVERIFY(second != first);
    QCOMPARE(targets.compiled(*present->channel({1}), present), second);
    // A request that goes on with its former catalog gets a target of its own each time.
    QVERIFY(targets.compiled(*former->channel({1}), former)
            != targets.compiled(*former->channel({1}), former));
}

void TargetsTest::headsAreKnownByWhatTheyDependOn()
{
    const domain::ChannelKey one;
    const domain::ChannelKey other;
    const HeadCache::Place place{
        .operation = Operation::Messages, .key = &one, .model = "m", .version = "v"};
    HeadCache heads;
    QVERIFY(!heads.find(place));

    QCOMPARE(heads.keep(place, "head"), QByteArray("head"));

    QCOMPARE(*heads.find(place), QByteArray("head"));
    QVERIFY(!heads.find({Operation::CountTokens, &one, "m", "v"}));
    QVERIFY(!heads.find({Operation::Messages, &other, "m", "v"}));
    QVERIFY(!heads.find({Operation::Messages, &one, "n", "v"}));
    QVERIFY(!heads.find({Operation::Messages, &one, "m", ""}));
    QVERIFY(!heads.find({Operation::Messages, &one, "m", "v", protocol::StreamForm::Array}));
}

void TargetsTest::echoSpeaksEveryDialect()
{
    TestCatalog content;
    content.addChannel(1).type = domain::provider::echo;
    content.addChannel(2);
    const auto catalog = content.build();
    const auto dialect = [&catalog](qint64 id, Operation operation) {
        return typeFor(*catalog->channel({id}), operation).dialect;
    };

    QCOMPARE(dialect(1, Operation::ChatCompletions), domain::Dialect::OpenAi);
    QCOMPARE(dialect(1, Operation::Messages), domain::Dialect::Anthropic);
    QCOMPARE(dialect(1, Operation::StreamGenerateContent), domain::Dialect::Gemini);
    QCOMPARE(dialect(2, Operation::Messages), domain::Dialect::OpenAi);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::TargetsTest)
#include "tst_targets.moc"
