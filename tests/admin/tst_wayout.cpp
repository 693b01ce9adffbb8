#include "admin/channels/channelprobe.h"
#include "admin/channels/proxywords.h"
#include "admin/channels/routecandidates.h"
#include "admin/integrations/webhookservice.h"
#include "support/administrationfixture.h"
#include "support/fakeproxy.h"
#include "support/fakeupstream.h"
#include "support/testcatalog.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using support::AdministrationFixture;
using support::FakeProxy;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;

// What the administration sends by itself goes through the proxy of the environment. The names that are
// asked for exist for the proxy alone.
class WayOutTest : public QObject
{
    Q_OBJECT

private slots:
    void testsOfChannels_data();
    void testsOfChannels();
    void theWebhook();
    void aWebhookOnThisComputer();
    void aProxyThatIsNotThere();
    void wordsHoldNoPassword();
    void routesTellTheProxy_data();
    void routesTellTheProxy();
};

static QMap<QString, QString> environmentOf(const FakeProxy &proxy)
{
    return {{u"HTTP_PROXY"_s, u"http://user:canary@127.0.0.1:%1"_s.arg(proxy.serverPort())}};
}

static QByteArray targetAt(const FakeUpstream &upstream)
{
    return "name:outside.example:" + QByteArray::number(upstream.port());
}

void WayOutTest::testsOfChannels_data()
{
    QTest::addColumn<bool>("listing");

    QTest::newRow("a message") << false;
    QTest::newRow("the list of models") << true;
}

void WayOutTest::testsOfChannels()
{
    QFETCH(bool, listing);
    FakeUpstream provider([](const ReceivedRequest &request) {
        return request.method == "GET"
                   ? jsonAnswer(200, R"({"data":[{"id":"small"}]})")
                   : jsonAnswer(200, R"({"choices":[{"message":{"content":"hi"}}]})");
    });
    FakeProxy proxy(FakeProxy::Kind::Http, "user", "canary");
    support::TestCatalog content;
    content.settings().proxies = domain::OutgoingProxies::from(environmentOf(proxy));
    // A name that nobody can look up.
    content.addChannel(1, "http://outside.example:" + QByteArray::number(provider.port()));
    const ProbeOrder order{.catalog = content.build(), .channel = {1}};

    if (listing)
        QCOMPARE(listModels(order, {}).models, QStringList(u"small"_s));
    else
        QVERIFY(probeChannel(order, {}).outcome.succeeded());

    QCOMPARE(proxy.targets(), QByteArrayList{targetAt(provider)});
    QCOMPARE(provider.requestCount(), 1);
}

// A started administration whose webhook leads there.
static void prepareWebhook(AdministrationFixture &gateway, const QByteArray &url)
{
    gateway.start();
    gateway.administration->webhook.setPatience(
        {.gathering = 20ms, .answer = 2s, .pauses = {10ms, 10ms}});
    QVERIFY(gateway.wait(gateway.administration->settings.set(u"integrations.webhook_url"_s,
                                                              QString::fromLatin1(url))));
}

void WayOutTest::theWebhook()
{
    FakeUpstream other([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    FakeProxy proxy(FakeProxy::Kind::Http, "user", "canary");
    AdministrationFixture gateway(environmentOf(proxy));
    prepareWebhook(gateway, "http://outside.example:" + QByteArray::number(other.port()) + "/hook");

    const auto sent = gateway.wait(gateway.administration->webhook.test());

    QVERIFY2(sent, sent ? "" : qPrintable(sent.error().message.english()));
    QCOMPARE(other.requestCount(), 1);
    QCOMPARE(proxy.targets(), QByteArrayList{targetAt(other)});
}

void WayOutTest::aWebhookOnThisComputer()
{
    FakeUpstream other([](const ReceivedRequest &) { return jsonAnswer(200, "{}"); });
    FakeProxy proxy(FakeProxy::Kind::Http);
    AdministrationFixture gateway(environmentOf(proxy));
    prepareWebhook(gateway, other.baseUrl() + "/hook");

    QVERIFY(gateway.wait(gateway.administration->webhook.test()));

    QCOMPARE(other.requestCount(), 1);
    QCOMPARE(proxy.targets(), QByteArrayList());
}

void WayOutTest::aProxyThatIsNotThere()
{
    AdministrationFixture gateway({{u"ALL_PROXY"_s, u"http://user:canary@127.0.0.1:1"_s}});
    prepareWebhook(gateway, "http://outside.example/hook");

    const auto sent = gateway.wait(gateway.administration->webhook.test());

    QVERIFY(!sent);
    QVERIFY(sent.error().message.english().contains("proxy"_L1));
    QVERIFY(!sent.error().message.english().contains("canary"_L1));
}

void WayOutTest::wordsHoldNoPassword()
{
    const auto words = [](const QMap<QString, QString> &environment) {
        return proxyWords(domain::OutgoingProxies::from(environment)).english();
    };
    const QString proxy = u"http://user:canary@p.example:3128"_s;

    QCOMPARE(words({}), u"Without a proxy: the environment names none."_s);
    QCOMPARE(words({{u"ALL_PROXY"_s, proxy}}),
             u"Through http://p.example:3128, which ALL_PROXY names. This computer is reached "
             "without it."_s);
    QCOMPARE(words({{u"https_proxy"_s, proxy}, {u"NO_PROXY"_s, u".lan,10.0.0.0/8"_s}}),
             u"https:// through http://p.example:3128, which https_proxy names; http:// without a "
             "proxy. This computer and what NO_PROXY names (.lan,10.0.0.0/8) are reached without "
             "it."_s);
    QVERIFY(
        words({{u"HTTP_PROXY"_s, proxy}}).startsWith("http:// through http://p.example:3128"_L1));
    const QString both =
        words({{u"HTTP_PROXY"_s, proxy}, {u"HTTPS_PROXY"_s, u"socks5://s.example"_s}});
    QVERIFY(both.contains("socks5://s.example:1080"_L1));
    QVERIFY(!both.contains("canary"_L1));
}

void WayOutTest::routesTellTheProxy_data()
{
    QTest::addColumn<QString>("own");
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QString>("shown");

    const QByteArray provider = "https://api.example.com";
    QTest::newRow("as the system says") << QString() << provider << u"http://p.example:3128"_s;
    QTest::newRow("none") << u"none"_s << provider << QString();
    QTest::newRow("its own") << u"socks5://user:canary@own.example:1"_s << provider
                             << u"socks5://own.example:1"_s;
    QTest::newRow("this computer")
        << QString() << QByteArray("https://localhost:8443") << QString();
}

void WayOutTest::routesTellTheProxy()
{
    QFETCH(QString, own);
    QFETCH(QByteArray, url);
    support::TestCatalog content;
    content.settings().proxies =
        domain::OutgoingProxies::from({{u"HTTPS_PROXY"_s, u"http://user:canary@p.example:3128"_s}});
    content.addChannel(1, url).proxy = own;
    const auto catalog = content.build();

    const RouteCandidate candidate = candidateOf(*catalog, *catalog->channel({1}), "small", 0);

    QTEST(candidate.proxy, "shown");
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::WayOutTest)
#include "tst_wayout.moc"
