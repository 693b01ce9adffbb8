#include "domain/outgoingproxies.h"

#include "domain/settings.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using Environment = QMap<QString, QString>;

// The proxies that the environment names.
class OutgoingProxiesTest : public QObject
{
    Q_OBJECT

private slots:
    void readsAddresses_data();
    void readsAddresses();
    void choosesByTheScheme_data();
    void choosesByTheScheme();
    void goesPast_data();
    void goesPast();
    void tellsWhatItCannotRead_data();
    void tellsWhatItCannotRead();
    void withoutVariablesNothingIsProxied();
    void aChannelHasTheLastWord();
    void standsInTheSettings();
};

void OutgoingProxiesTest::readsAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown"); // empty: it cannot be used
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");

    const auto row = [](const char *name,
                        const QString &text,
                        const QString &shown,
                        const QString &user = {},
                        const QString &password = {}) {
        QTest::newRow(name) << text << shown << user << password;
    };
    row("HTTP", u"http://proxy:3128"_s, u"http://proxy:3128"_s);
    row("HTTP without a port", u"http://proxy"_s, u"http://proxy:8080"_s);
    row("SOCKS", u"socks5://proxy"_s, u"socks5://proxy:1080"_s);
    row("SOCKS that resolves", u"socks5h://proxy:9"_s, u"socks5://proxy:9"_s);
    row("IPv6", u"http://[::1]:3128"_s, u"http://[::1]:3128"_s);
    row("with access",
        u"http://me:pass%40word@proxy:1"_s,
        u"http://proxy:1"_s,
        u"me"_s,
        u"pass@word"_s);
    row("TLS to the proxy", u"https://proxy:1"_s, {});
    row("SOCKS 4", u"socks4://proxy:1"_s, {});
    row("port 0", u"http://proxy:0"_s, {});
    row("no host", u"http://"_s, {});
    row("nonsense", u"://///"_s, {});
}

void OutgoingProxiesTest::readsAddresses()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);

    const auto address = proxyAddressFrom(text);

    QCOMPARE(address ? address->shown() : QString(), shown);
    if (address) {
        QTEST(address->user, "user");
        QTEST(address->password, "password");
    }
}

void OutgoingProxiesTest::choosesByTheScheme_data()
{
    QTest::addColumn<Environment>("environment");
    QTest::addColumn<QString>("forTls");
    QTest::addColumn<QString>("forPlain");

    const QString a = u"http://a:1"_s;
    const QString b = u"http://b:1"_s;
    const QString c = u"http://c:1"_s;
    QTest::newRow("https") << Environment{{u"HTTPS_PROXY"_s, a}} << a << QString();
    QTest::newRow("http") << Environment{{u"HTTP_PROXY"_s, a}} << QString() << a;
    QTest::newRow("all") << Environment{{u"ALL_PROXY"_s, a}} << a << a;
    QTest::newRow("all for the rest")
        << Environment{{u"ALL_PROXY"_s, a}, {u"HTTPS_PROXY"_s, b}} << b << a;
    QTest::newRow("small letters")
        << Environment{{u"https_proxy"_s, a}, {u"http_proxy"_s, b}} << a << b;
    QTest::newRow("small letters count first")
        << Environment{{u"https_proxy"_s, a}, {u"HTTPS_PROXY"_s, b}, {u"all_proxy"_s, c}} << a << c;
    QTest::newRow("an empty one says nothing")
        << Environment{{u"https_proxy"_s, QString()}, {u"HTTPS_PROXY"_s, b}} << b << QString();
    QTest::newRow("without a scheme") << Environment{{u"ALL_PROXY"_s, u"a:1"_s}} << a << a;
    QTest::newRow("SOCKS without a version") << Environment{{u"ALL_PROXY"_s, u"socks://a:1"_s}}
                                             << u"socks5://a:1"_s << u"socks5://a:1"_s;
}

void OutgoingProxiesTest::choosesByTheScheme()
{
    QFETCH(Environment, environment);
    QStringList problems;

    const auto proxies = OutgoingProxies::from(environment, &problems);

    const auto shown = [&proxies](bool tls) {
        const auto proxy = proxies.proxyFor({.tls = tls, .host = u"h.example"_s, .port = 443});
        return proxy ? proxy->address.shown() : QString();
    };
    QTEST(shown(true), "forTls");
    QTEST(shown(false), "forPlain");
    QCOMPARE(problems, QStringList());
}

void OutgoingProxiesTest::goesPast_data()
{
    QTest::addColumn<QString>("exceptions");
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("isPast");

    const auto row =
        [](const char *name, const QString &exceptions, const QString &host, bool isPast) {
            QTest::newRow(name) << exceptions << host << isPast;
        };
    row("nothing excepted", {}, u"a.example"_s, false);
    row("everything", u"*"_s, u"a.example"_s, true);
    row("everything among others", u"b.example, *"_s, u"a.example"_s, true);
    row("a name", u"a.example"_s, u"a.example"_s, true);
    row("a name in capitals", u"A.Example"_s, u"a.eXample"_s, true);
    row("a name with the root's dot", u"a.example"_s, u"a.example."_s, true);
    row("another name", u"a.example"_s, u"b.example"_s, false);
    row("a name that only ends alike", u"a.example"_s, u"ba.example"_s, false);
    row("a name below", u"example"_s, u"a.example"_s, true);
    row("with a dot before it", u".example"_s, u"a.example"_s, true);
    row("the name itself, with a dot", u".example"_s, u"example"_s, true);
    row("with a star before it", u"*.example"_s, u"a.b.example"_s, true);
    row("in a list", u"x, y ,a.example z"_s, u"a.example"_s, true);
    row("its port", u"a.example:443"_s, u"a.example"_s, true);
    row("another port", u"a.example:80"_s, u"a.example"_s, false);
    row("an address", u"192.0.2.7"_s, u"192.0.2.7"_s, true);
    row("its neighbour", u"192.0.2.7"_s, u"192.0.2.8"_s, false);
    row("an address and another port", u"192.0.2.7:80"_s, u"192.0.2.7"_s, false);
    row("a range", u"10.0.0.0/8"_s, u"10.1.2.3"_s, true);
    row("outside the range", u"10.0.0.0/8"_s, u"11.1.2.3"_s, false);
    row("a name is in no range", u"0.0.0.0/0"_s, u"a.example"_s, false);
    row("IPv6", u"fd00::/8"_s, u"fd12::1"_s, true);
    row("IPv6 in brackets", u"[fd12::1]"_s, u"fd12::1"_s, true);
    row("IPv6 with its port", u"[fd12::1]:443"_s, u"fd12::1"_s, true);
    row("IPv6 with another port", u"[fd12::1]:80"_s, u"fd12::1"_s, false);
    row("this computer", {}, u"localhost"_s, true);
    row("this computer with a dot", {}, u"LocalHost."_s, true);
    row("below this computer", {}, u"a.localhost"_s, true);
    row("no part of this computer", {}, u"localhost.example"_s, false);
    row("loopback", {}, u"127.0.0.1"_s, true);
    row("further loopback", {}, u"127.9.9.9"_s, true);
    row("loopback in IPv6", {}, u"::1"_s, true);
    row("loopback mapped", {}, u"::ffff:127.0.0.1"_s, true);
    row("the local network", {}, u"192.168.1.7"_s, false);
}

void OutgoingProxiesTest::goesPast()
{
    QFETCH(QString, exceptions);
    QFETCH(QString, host);
    QStringList problems;

    const auto proxies = OutgoingProxies::from(
        {{u"ALL_PROXY"_s, u"http://p:1"_s}, {u"NO_PROXY"_s, exceptions}}, &problems);

    const auto proxy = proxies.proxyFor({.tls = true, .host = host, .port = 443});
    QTEST(!proxy.has_value(), "isPast");
    QCOMPARE(problems, QStringList());
}

void OutgoingProxiesTest::tellsWhatItCannotRead_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");

    QTest::newRow("a password with an at sign")
        << u"HTTPS_PROXY"_s << u"http://me:canary@x@proxy:1"_s;
    QTest::newRow("of another kind") << u"https_proxy"_s << u"https://me:canary@proxy:1"_s;
    QTest::newRow("a port that is none") << u"ALL_PROXY"_s << u"http://me:canary@proxy:99999"_s;
    QTest::newRow("a range that is none") << u"NO_PROXY"_s << u"10.0.0.0/99"_s;
    QTest::newRow("an exception's port") << u"no_proxy"_s << u"a.example:many"_s;
}

void OutgoingProxiesTest::tellsWhatItCannotRead()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    QStringList problems;

    const auto proxies = OutgoingProxies::from({{variable, value}}, &problems);

    QVERIFY(proxies.isEmpty());
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems.front().startsWith(variable + u": "_s), qPrintable(problems.front()));
    QVERIFY(!problems.front().contains("canary"_L1));
}

void OutgoingProxiesTest::withoutVariablesNothingIsProxied()
{
    QStringList problems;
    const auto proxies = OutgoingProxies::from(
        {{u"NO_PROXY"_s, u"example"_s}, {u"HTTPS_PROXY"_s, u"  "_s}}, &problems);

    QVERIFY(proxies.isEmpty());
    QVERIFY(!proxies.proxyFor({.tls = true, .host = u"other"_s, .port = 443}));
    QCOMPARE(problems, QStringList());
}

void OutgoingProxiesTest::aChannelHasTheLastWord()
{
    const auto environment = OutgoingProxies::from(
        {{u"ALL_PROXY"_s, u"http://env:1"_s}, {u"NO_PROXY"_s, u"past.example"_s}});
    const auto shown = [&environment](const QString &own, const QString &host) {
        const auto proxy = proxyFor(own, environment, {.tls = true, .host = host, .port = 443});
        return proxy ? proxy->variable + u' ' + proxy->address.shown() : QString();
    };

    QCOMPARE(shown({}, u"a.example"_s), u"ALL_PROXY http://env:1"_s);
    QCOMPARE(shown({}, u"past.example"_s), QString());
    QCOMPARE(shown(noProxy, u"a.example"_s), QString());
    QCOMPARE(shown(u"socks5://own:2"_s, u"past.example"_s), u" socks5://own:2"_s);
}

void OutgoingProxiesTest::standsInTheSettings()
{
    QStringList ignored;

    const Settings settings = settingsFrom(
        {}, {{u"HTTPS_PROXY"_s, u"http://p:1"_s}, {u"HTTP_PROXY"_s, u"ftp://p:1"_s}}, &ignored);

    QVERIFY(settings.proxies.forTls());
    QVERIFY(!settings.proxies.forPlain());
    QCOMPARE(ignored.size(), 1);
    QVERIFY(ignored.front().startsWith("HTTP_PROXY: "_L1));
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::OutgoingProxiesTest)
#include "tst_outgoingproxies.moc"
