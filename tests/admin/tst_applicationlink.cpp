#include "admin/applicationlink.h"

#include "base/redaction.h"
#include "domain/providertype.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace provider = domain::provider;

// Links that anybody may have put onto a web page.
class ApplicationLinkTest : public QObject
{
    Q_OBJECT

private slots:
    void everyFieldOfAChannel();
    void typesByTheirNames_data();
    void typesByTheirNames();
    void aPageWithItsFilter();
    void whatBrowsersMakeOfIt();
    void refuses_data();
    void refuses();
    void noErrorRepeatsTheLink();
    void hosts_data();
    void hosts();
    void theLogHoldsNoKeyOfALink();
};

static base::Result<LinkedChannel> channelIn(const QString &link)
{
    return parseApplicationLink(link).map(
        [](const ApplicationLink &read) { return std::get<LinkedChannel>(read); });
}

static QString linkTo(const QString &rest)
{
    return u"gatehouse://v1/import?resource=channel&"_s + rest;
}

void ApplicationLinkTest::everyFieldOfAChannel()
{
    const auto channel =
        channelIn(linkTo(u"type=anthropic&name=My%20relay&base_url=https%3A%2F%2Frelay.example"
                         "%2Fapi%2F&key=sk-ant-0123456789abcdef&models=a,b%2Cc,a"_s));

    QVERIFY2(channel, channel ? "" : qPrintable(channel.error().message.english()));
    QCOMPARE(channel->type, provider::anthropic);
    QCOMPARE(channel->name, u"My relay"_s);
    QCOMPARE(channel->baseUrl, u"https://relay.example/api"_s);
    QCOMPARE(channel->key.reveal(), QByteArray("sk-ant-0123456789abcdef"));
    QCOMPARE(channel->models, QStringList({u"a"_s, u"b"_s, u"c"_s}));
    QVERIFY(channel->unicodeHost.isEmpty());
    QVERIFY(!channel->mixesScripts);
    QVERIFY(!channel->leadsInside);
}

void ApplicationLinkTest::typesByTheirNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("type");

    QTest::newRow("as it is called") << u"OpenAI"_s << provider::openAi;
    QTest::newRow("with a hyphen") << u"openai-compatible"_s << provider::openAiCompatible;
    QTest::newRow("with a blank") << u"google%20gemini"_s << provider::gemini;
    QTest::newRow("in short") << u"gemini"_s << provider::gemini;
    QTest::newRow("on this computer") << u"ollama"_s << provider::ollama;
    QTest::newRow("any other server") << u"custom"_s << provider::custom;
}

void ApplicationLinkTest::typesByTheirNames()
{
    QFETCH(QString, name);
    QFETCH(int, type);

    const auto channel = channelIn(linkTo(u"type="_s + name));

    QVERIFY(channel);
    QCOMPARE(channel->type, type);
}

void ApplicationLinkTest::aPageWithItsFilter()
{
    const auto link = parseApplicationLink(
        u"gatehouse://v1/open?page=traffic&filter=status%3Aerror+model:%22m%22"_s);

    QVERIFY(link);
    QCOMPARE(std::get<ProposedPage>(*link).page, ProposedPage::Page::Traffic);
    QCOMPARE(std::get<ProposedPage>(*link).filter, u"status:error model:\"m\""_s);
    QVERIFY(parseApplicationLink(u"gatehouse://v1/open?page=settings"_s));
}

void ApplicationLinkTest::whatBrowsersMakeOfIt()
{
    QVERIFY(parseApplicationLink(u"GATEHOUSE://V1/import/?resource=channel&type=openai"_s));
    QVERIFY(parseApplicationLink(u"gatehouse://v1/open/?page=tokens&"_s));
    QVERIFY(isApplicationLink(u"GateHouse:anything"_s));
    QVERIFY(!isApplicationLink(u"gatehouses://v1/open"_s));
}

void ApplicationLinkTest::refuses_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("named"); // a part of the message

    const QString version = u"another version"_s;
    const QString unknown = u"does not know"_s;
    const QString invisible = u"invisible"_s;
    const QString broken = u"encoding is broken"_s;
    const QString address = u"no address of a provider"_s;
    const QString userName = u"user name"_s;
    const auto row = [](const char *name, const QString &link, const QString &named) {
        QTest::newRow(name) << link << named;
    };
    row("another scheme", u"https://v1/open?page=traffic"_s, u"no link"_s);
    row("nothing", QString(), u"no link"_s);
    row("the scheme alone", u"gatehouse:"_s, version);
    row("another version", u"gatehouse://v2/open?page=traffic"_s, version);
    row("no version", u"gatehouse://open?page=traffic"_s, version);
    row("no slashes", u"gatehouse:v1/open?page=traffic"_s, version);
    row("a user name before the version", u"gatehouse://v1@evil/open?page=traffic"_s, unknown);
    row("a port", u"gatehouse://v1:80/open?page=traffic"_s, version);
    row("a fragment", u"gatehouse://v1/open?page=traffic#x"_s, unknown);
    row("another action", u"gatehouse://v1/run?command=ls"_s, unknown);
    row("a path that climbs", u"gatehouse://v1/open/../import?resource=channel"_s, unknown);
    row("too long", linkTo(u"type=openai&name="_s + QString(16 * 1024, u'a')), u"too long"_s);
    row("too long in bytes",
        linkTo(u"type=openai&name="_s + QString(6'000, QChar(0x6a21))),
        u"too long"_s);
    row("a long name", linkTo(u"type=openai&name="_s + QString(101, u'a')), u"too long"_s);
    row("prices",
        u"gatehouse://v1/import?resource=price-table&url=https%3A%2F%2Fa.example"_s,
        u"cannot import"_s);
    row("no resource", u"gatehouse://v1/import?type=openai"_s, u"cannot import"_s);
    row("nothing of a channel", linkTo(u"name=a&models=b"_s), u"nothing of a channel"_s);
    row("an unknown part", linkTo(u"type=openai&script=1"_s), unknown);
    row("a part without a name", linkTo(u"type=openai&=1"_s), unknown);
    row("a part twice", linkTo(u"type=openai&type=anthropic"_s), u"twice"_s);
    row("a part twice, once in escapes", linkTo(u"key=aaaaaaaa&k%65y=bbbbbbbb"_s), u"twice"_s);
    row("an unknown provider", linkTo(u"type=nobody"_s), u"names a provider"_s);
    row("a provider that is not served", linkTo(u"type=replicate"_s), u"names a provider"_s);
    row("an escape without digits", linkTo(u"name=%zz&type=openai"_s), broken);
    row("an escape at the end", linkTo(u"type=openai&name=%4"_s), broken);
    row("no UTF-8", linkTo(u"type=openai&name=%ff%fe"_s), broken);
    row("an overlong form", linkTo(u"type=openai&name=%c0%af"_s), broken);
    row("a line break", linkTo(u"type=openai&name=a%0Ab"_s), invisible);
    row("a NUL", linkTo(u"type=openai&name=a%00"_s), broken);
    row("a raw control character", linkTo(u"type=openai&name=a\u0007b"_s), invisible);
    row("right to left", linkTo(u"type=openai&name=%E2%80%AEexe"_s), invisible);
    row("raw right to left", linkTo(u"type=openai&name=a\u202eb"_s), invisible);
    row("an isolate", linkTo(u"type=openai&name=%E2%81%A6a"_s), invisible);
    row("a zero-width blank", linkTo(u"type=openai&models=a%E2%80%8Bb"_s), invisible);
    row("a character of tags", linkTo(u"type=openai&name=a%F3%A0%81%81"_s), invisible);
    row("a script", linkTo(u"base_url=javascript:alert(1)"_s), address);
    row("a file", linkTo(u"base_url=file:///etc/passwd"_s), address);
    row("another protocol", linkTo(u"base_url=ftp://a.example"_s), address);
    row("no protocol", linkTo(u"base_url=a.example"_s), address);
    row("no host", linkTo(u"base_url=https:///v1"_s), address);
    row("with a query", linkTo(u"base_url=https%3A%2F%2Fa.example%3Fa%3Db"_s), address);
    row("a user name", linkTo(u"base_url=https://api.openai.com@evil.example"_s), userName);
    row("an empty user name", linkTo(u"base_url=https://@evil.example"_s), userName);
    row("a backslash", linkTo(u"base_url=https://a.example%5C.evil.example"_s), QString());
    row("a blank in the key", linkTo(u"key=0123%204567"_s), u"no key"_s);
    row("a key in another script", linkTo(u"key=%E6%A8%A1"_s), u"no key"_s);
    row("a long key", linkTo(u"key="_s + QString(513, u'a')), u"no key"_s);
    row("a blank in a model", linkTo(u"type=openai&models=a%20b"_s), u"models"_s);
    QStringList models;
    for (int i = 0; i < 201; ++i)
        models.append(u"m%1"_s.arg(i));
    row("many models", linkTo(u"type=openai&models="_s + models.join(u',')), u"models"_s);
    row("a page that is none", u"gatehouse://v1/open?page=../etc"_s, u"page"_s);
    row("no page", u"gatehouse://v1/open"_s, u"page"_s);
    row("a page and more", u"gatehouse://v1/open?page=traffic&delete=1"_s, unknown);
    row("a long filter",
        u"gatehouse://v1/open?page=traffic&filter="_s + QString(1'001, u'a'),
        u"too long"_s);
}

void ApplicationLinkTest::refuses()
{
    QFETCH(QString, link);
    QFETCH(QString, named);

    const auto read = parseApplicationLink(link);

    QVERIFY(!read);
    QCOMPARE(read.error().code, base::ErrorCode::InvalidInput);
    QVERIFY2(read.error().message.english().contains(named),
             qPrintable(read.error().message.english()));
}

void ApplicationLinkTest::noErrorRepeatsTheLink()
{
    const QString key = u"sk-0123456789abcdef"_s;
    const QStringList bad{u"type=nobody&key=%1"_s.arg(key),
                          u"%1=1&type=openai"_s.arg(key),
                          u"type=openai&key=KEY%20KEY"_s.replace(u"KEY"_s, key),
                          u"base_url=https://%1@a.example"_s.arg(key)};
    for (const QString &rest : bad) {
        const auto read = parseApplicationLink(linkTo(rest));

        QVERIFY(!read);
        QVERIFY(!read.error().message.english().contains(key));
        QVERIFY(!read.error().detail.contains(key));
    }
}

void ApplicationLinkTest::hosts_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("baseUrl");
    QTest::addColumn<QString>("unicodeHost");
    QTest::addColumn<bool>("mixesScripts");
    QTest::addColumn<bool>("leadsInside");

    const auto row = [](const char *name,
                        const QString &url,
                        const QString &baseUrl,
                        const QString &unicodeHost,
                        bool mixes,
                        bool inside) {
        QTest::newRow(name) << url << baseUrl << unicodeHost << mixes << inside;
    };
    const QString none;
    row("public", u"https://a.example/v1"_s, u"https://a.example/v1"_s, none, false, false);
    row("Chinese",
        u"https://例子.example"_s,
        u"https://xn--fsqu00a.example"_s,
        u"例子.example"_s,
        false,
        false);
    row("Chinese with Latin",
        u"https://ai例子.example"_s,
        u"https://xn--ai-rt3ck06b.example"_s,
        u"ai例子.example"_s,
        false,
        false);
    row("Latin with a Cyrillic letter",
        u"https://\u0430pple.example"_s,
        u"https://xn--pple-43d.example"_s,
        none,
        true,
        false);
    row("the same, as it is looked up",
        u"https://xn--pple-43d.example"_s,
        u"https://xn--pple-43d.example"_s,
        none,
        true,
        false);
    row("this computer",
        u"http://localhost:11434"_s,
        u"http://localhost:11434"_s,
        none,
        false,
        true);
    row("its number", u"http://127.0.0.1:8080"_s, u"http://127.0.0.1:8080"_s, none, false, true);
    row("of IPv6", u"http://[::1]:8080"_s, u"http://[::1]:8080"_s, none, false, true);
    row("a private network", u"https://192.168.1.9"_s, u"https://192.168.1.9"_s, none, false, true);
    row("the address of clouds",
        u"http://169.254.169.254"_s,
        u"http://169.254.169.254"_s,
        none,
        false,
        true);
    row("a name of the local network",
        u"http://nas.local"_s,
        u"http://nas.local"_s,
        none,
        false,
        true);
}

void ApplicationLinkTest::hosts()
{
    QFETCH(QString, url);
    const auto channel =
        channelIn(linkTo(u"base_url="_s + QString::fromLatin1(url.toUtf8().toPercentEncoding())));

    QVERIFY2(channel, channel ? "" : qPrintable(channel.error().message.english()));
    QTEST(channel->baseUrl, "baseUrl");
    QTEST(channel->unicodeHost, "unicodeHost");
    QTEST(channel->mixesScripts, "mixesScripts");
    QTEST(channel->leadsInside, "leadsInside");
}

void ApplicationLinkTest::theLogHoldsNoKeyOfALink()
{
    const QString link = linkTo(u"type=openai&key=0123456789abcdef&models=a"_s);

    QVERIFY(!base::redacted(link).contains(u"0123456789abcdef"_s));
    QVERIFY(base::redacted(link).contains(u"models=a"_s));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ApplicationLinkTest)
#include "tst_applicationlink.moc"
