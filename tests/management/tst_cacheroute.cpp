#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::ManagementFixture;

// What the management API tells of the cache of answers, and how it is cleared.
class CacheRouteTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsWhatIsKept();
    void clearsIt();
    void switchingItOffForgetsAll();
    void forRootAlone();

private:
    static void switchOn(ManagementFixture &gateway, bool on = true)
    {
        QVERIFY(gateway.wait(
            gateway.administration->settings.set(u"cache.answers"_s, on ? u"true"_s : u"false"_s)));
    }
    static void keep(ManagementFixture &gateway, const QByteArray &body)
    {
        relay::AnswerCache &cache = gateway.administration->answers.cache();
        relay::KeptAnswer answer;
        answer.bytes = QByteArray(1'000, 'x');
        cache.keep(cache.key({.model = "m", .fields = {}, .body = body}), std::move(answer));
    }
};

void CacheRouteTest::tellsWhatIsKept()
{
    ManagementFixture gateway;
    gateway.startApi();
    keep(gateway, "off");
    const ApiAnswer off = gateway.ask("GET", "/api/cache", gateway.rootSession());
    QVERIFY(off.success());
    QCOMPARE(off.object().value(u"enabled"_s).toBool(true), false);
    QCOMPARE(off.object().value(u"answers"_s).toInteger(-1), 0);
    switchOn(gateway);
    keep(gateway, "one");
    keep(gateway, "two");
    gateway.administration->answers.cache().count(domain::CacheResult::Hit);

    const ApiAnswer on = gateway.ask("GET", "/api/cache", gateway.rootSession());

    QVERIFY2(on.success(), qPrintable(on.message()));
    QCOMPARE(on.object().value(u"enabled"_s).toBool(), true);
    QCOMPARE(on.object().value(u"answers"_s).toInteger(), 2);
    QVERIFY(on.object().value(u"bytes"_s).toInteger() > 2'000);
    QCOMPARE(on.object().value(u"hits"_s).toInteger(), 1);
    QCOMPARE(on.object().value(u"misses"_s).toInteger(-1), 0);
    QCOMPARE(on.object().value(u"bypasses"_s).toInteger(-1), 0);
}

void CacheRouteTest::clearsIt()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    keep(gateway, "one");

    const ApiAnswer cleared = gateway.ask("DELETE", "/api/cache", gateway.rootSession());

    QVERIFY2(cleared.success(), qPrintable(cleared.message()));
    QCOMPARE(cleared.object().value(u"answers"_s).toInteger(), 1);
    QCOMPARE(gateway.administration->answers.totals().answers, 0);
}

void CacheRouteTest::switchingItOffForgetsAll()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    keep(gateway, "one");

    switchOn(gateway, false);

    QCOMPARE(gateway.administration->answers.totals().answers, 0);
    QVERIFY(!gateway.administration->answers.isOn());
}

void CacheRouteTest::forRootAlone()
{
    ManagementFixture gateway;
    gateway.startApi();
    switchOn(gateway);
    keep(gateway, "one");
    const auto administrator = gateway.newUser(u"ada"_s, domain::Role::Administrator);

    for (const QByteArray &method : {QByteArray("GET"), QByteArray("DELETE")}) {
        QVERIFY(!gateway.ask(method, "/api/cache", administrator).success());
        QVERIFY(!gateway.ask(method, "/api/cache", {}).success());
    }
    QCOMPARE(gateway.administration->answers.totals().answers, 1);
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::CacheRouteTest)
#include "tst_cacheroute.moc"
