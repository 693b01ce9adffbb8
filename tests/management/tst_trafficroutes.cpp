#include "support/managementfixture.h"
#include "support/servedrequests.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::ManagementFixture;

// Requests by the filter of the Traffic page, and what they come to.
class TrafficRoutesTest : public QObject
{
    Q_OBJECT

private slots:
    void filters_data();
    void filters();
    void refusesAFilterThatIsNone();
    void goesOnWhereAPageEnds();
    void tellsWhatIsNew();
    void sumsUp();
    void refusesBadStatistics_data();
    void refusesBadStatistics();
};

static void storeThree(ManagementFixture &gateway)
{
    domain::UsageRecord first = support::servedRequest(gateway, "one");
    first.createdAt -= 3'000;
    domain::UsageRecord second = support::servedRequest(gateway, "two");
    second.createdAt -= 2'000;
    second.model = "large";
    second.cost = {5'000'000};
    domain::UsageRecord third = support::servedRequest(gateway, "three");
    third.kind = domain::RecordKind::Failure;
    third.end = domain::EndReason::Failed;
    third.httpStatus = 502;
    support::store(gateway, {first, second, third});
}

static QStringList modelsOf(const QJsonArray &requests)
{
    QStringList models;
    for (const QJsonValue &request : requests)
        models.append(request[u"model_name"].toString());
    return models;
}

void TrafficRoutesTest::filters_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QStringList>("models"); // the newest first

    QTest::newRow("none") << QByteArray() << QStringList{u"small"_s, u"large"_s, u"small"_s};
    QTest::newRow("failures") << QByteArray("status%3Aerror") << QStringList{u"small"_s};
    QTest::newRow("a model") << QByteArray("model:lar*") << QStringList{u"large"_s};
    QTest::newRow("two terms") << QByteArray("model:small+status:ok") << QStringList{u"small"_s};
    QTest::newRow("nobody") << QByteArray("user:alice") << QStringList();
}

void TrafficRoutesTest::filters()
{
    QFETCH(QByteArray, filter);
    QFETCH(QStringList, models);
    ManagementFixture gateway;
    gateway.startApi();
    storeThree(gateway);

    const ApiAnswer answer =
        gateway.ask("GET", "/api/log/requests?filter=" + filter, gateway.rootSession());

    QVERIFY2(answer.success(), qPrintable(answer.message()));
    const QJsonArray requests = answer.object().value(u"requests").toArray();
    QCOMPARE(modelsOf(requests), models);
    QVERIFY(answer.object().value(u"next").isNull());
    for (const QJsonValue &request : requests) {
        QVERIFY(support::hasAll(request.toObject(),
                                {u"id"_s, u"channel_name"_s, u"http_status"_s, u"end_reason"_s}));
    }
}

void TrafficRoutesTest::refusesAFilterThatIsNone()
{
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer =
        gateway.ask("GET", "/api/log/requests?filter=status:nonsense", {.local = true});

    QVERIFY(!answer.success());
    QCOMPARE(answer.json.value(u"code").toString(), u"invalid_input"_s);
    QVERIFY(answer.message().contains(u"nonsense"_s));
}

void TrafficRoutesTest::goesOnWhereAPageEnds()
{
    ManagementFixture gateway;
    gateway.startApi();
    storeThree(gateway);

    const QJsonObject first =
        gateway.ask("GET", "/api/log/requests?limit=2", {.local = true}).object();
    const QJsonObject next = first.value(u"next").toObject();
    const QByteArray place = "&before=" + QByteArray::number(next.value(u"before").toInteger())
                             + "&floor=" + QByteArray::number(next.value(u"floor").toInteger());
    const QJsonObject second =
        gateway.ask("GET", "/api/log/requests?limit=2" + place, {.local = true}).object();

    QCOMPARE(modelsOf(first.value(u"requests").toArray()), (QStringList{u"small"_s, u"large"_s}));
    QVERIFY(!next.isEmpty());
    QCOMPARE(modelsOf(second.value(u"requests").toArray()), QStringList{u"small"_s});
}

void TrafficRoutesTest::tellsWhatIsNew()
{
    ManagementFixture gateway;
    gateway.startApi();
    storeThree(gateway);
    const qint64 newest = gateway.ask("GET", "/api/log/requests?after=0", {.local = true})
                              .object()
                              .value(u"newest")
                              .toInteger();
    domain::UsageRecord late = support::servedRequest(gateway, "late");
    late.model = "late";
    support::store(gateway, {late});

    const QJsonObject news =
        gateway.ask("GET", "/api/log/requests?after=" + QByteArray::number(newest), {.local = true})
            .object();

    QVERIFY(newest > 0);
    QCOMPARE(modelsOf(news.value(u"requests").toArray()), QStringList{u"late"_s});
    QCOMPARE(news.value(u"has_more").toBool(), false);
    QCOMPARE(news.value(u"newest").toInteger(), newest + 1);
}

void TrafficRoutesTest::sumsUp()
{
    ManagementFixture gateway;
    gateway.startApi();
    storeThree(gateway);

    const ApiAnswer answer = gateway.ask("GET", "/api/statistics?by=model", {.local = true});

    QVERIFY2(answer.success(), qPrintable(answer.message()));
    const QJsonObject data = answer.object();
    QCOMPARE(data.value(u"complete").toBool(), true);
    QCOMPARE(data[u"total"][u"requests"].toInteger(), 3);
    const QJsonArray entries = data.value(u"entries").toArray();
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries.at(0)[u"name"].toString(), u"large"_s); // the most expensive
    QCOMPARE(entries.at(0)[u"requests"].toInteger(), 1);
    QCOMPARE(entries.at(1)[u"requests"].toInteger(), 2);
    QCOMPARE(entries.at(1)[u"server_errors"].toInteger(), 1);

    const QJsonObject users =
        gateway.ask("GET", "/api/statistics?by=user&limit=1", {.local = true}).object();
    QCOMPARE(users[u"entries"][0][u"name"].toString(), u"root"_s);
    QCOMPARE(users[u"entries"][0][u"id"].toInteger(), 1);
    const QByteArray later = QByteArray::number(gateway.clock.wallMilliseconds() / 1000 + 3'600);
    QVERIFY(
        !gateway.ask("GET", "/api/statistics?start_timestamp=" + later, {.local = true}).success());
}

void TrafficRoutesTest::refusesBadStatistics_data()
{
    QTest::addColumn<QByteArray>("query");

    QTest::newRow("another kind") << QByteArray("by=planet");
    QTest::newRow("no time") << QByteArray("start_timestamp=yesterday");
    QTest::newRow("a negative time") << QByteArray("end_timestamp=-5");
    QTest::newRow("no number") << QByteArray("limit=many");
}

void TrafficRoutesTest::refusesBadStatistics()
{
    QFETCH(QByteArray, query);
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer = gateway.ask("GET", "/api/statistics?" + query, {.local = true});

    QVERIFY(!answer.success());
    QVERIFY(!answer.message().isEmpty());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TrafficRoutesTest)
#include "tst_trafficroutes.moc"
