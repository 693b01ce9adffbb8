#include "support/managementfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ApiAnswer;
using support::Credentials;
using support::ManagementFixture;

// The history of changes over the management API.
class HistoryRouteTest : public QObject
{
    Q_OBJECT

private:
    static QJsonArray entries(const ManagementFixture &gateway, const QByteArray &query)
    {
        const ApiAnswer answer = gateway.ask("GET", "/api/history" + query, {.local = true});
        if (!answer.success())
            qFatal("%s", qPrintable(answer.message()));
        return answer.object().value(u"entries").toArray();
    }

private slots:
    void namesTheUserWhoAsked();
    void commandsAreOfThisComputer();
    void filters_data();
    void filters();
    void refusesWhatMeansNothing_data();
    void refusesWhatMeansNothing();
    void goesOnWhereAPageEnds();
    void isForAdministrators();
};

static void changeChannel(const ManagementFixture &gateway, const Credentials &who)
{
    gateway.ask(
        "POST",
        "/api/channel",
        who,
        {{u"name"_s, u"first"_s}, {u"type"_s, 1}, {u"key"_s, u"k"_s}, {u"models"_s, u"m"_s}});
    gateway.ask("PUT", "/api/channel", who, {{u"id"_s, 1}, {u"priority"_s, 4}});
}

void HistoryRouteTest::namesTheUserWhoAsked()
{
    ManagementFixture gateway;
    gateway.startApi();
    changeChannel(gateway, gateway.rootSession());

    const QJsonArray changes = entries(gateway, "?object=channel&id=1");

    QCOMPARE(changes.size(), 2);
    const QJsonObject changed = changes[0].toObject();
    QCOMPARE(changed.value(u"author").toString(), u"user"_s);
    QCOMPARE(changed.value(u"username").toString(), u"root"_s);
    QCOMPARE(changed.value(u"action").toString(), u"changed"_s);
    QCOMPARE(changed.value(u"text").toString(), u"Channel “first”: Changed"_s);
    QCOMPARE(changed.value(u"details").toArray(), QJsonArray{u"Priority: 0 → 4"_s});
    QVERIFY(changed.value(u"created_at").toInteger() > 0);
    QCOMPARE(changes[1].toObject().value(u"action").toString(), u"created"_s);
}

void HistoryRouteTest::commandsAreOfThisComputer()
{
    ManagementFixture gateway;
    gateway.startApi();
    changeChannel(gateway, {.local = true});

    const QJsonArray changes = entries(gateway, "?object=channel");

    QCOMPARE(changes[0].toObject().value(u"author").toString(), u"computer"_s);
    QCOMPARE(changes[0].toObject().value(u"by").toString(), u"This computer"_s);
}

void HistoryRouteTest::filters_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<int>("found"); // of the changes of the channel

    QTest::newRow("none") << QByteArray() << 2;
    QTest::newRow("an action") << QByteArray("action:created") << 1;
    QTest::newRow("not an action") << QByteArray("-action:created") << 1;
    QTest::newRow("an object") << QByteArray("object:channel") << 2;
    QTest::newRow("another object") << QByteArray("object:token") << 0;
    QTest::newRow("alternatives") << QByteArray("action:created,changed") << 2;
    QTest::newRow("who") << QByteArray("by:ROOT") << 2;
    QTest::newRow("somebody else") << QByteArray("by:alice") << 0;
    QTest::newRow("a pattern") << QByteArray("name:f*t") << 2;
    QTest::newRow("no pattern of it") << QByteArray("name:f*x") << 0;
    QTest::newRow("a field") << QByteArray("priority") << 1;
    QTest::newRow("a day") << QByteArray("since:24h") << 2;
    QTest::newRow("until a day ago") << QByteArray("until:24h") << 0;
}

void HistoryRouteTest::filters()
{
    QFETCH(QByteArray, filter);
    QFETCH(int, found);
    ManagementFixture gateway;
    gateway.startApi();
    changeChannel(gateway, gateway.rootSession());
    // The time of a change is that of the computer.
    gateway.clock.advance(std::chrono::milliseconds(QDateTime::currentMSecsSinceEpoch()
                                                    - gateway.clock.wallMilliseconds()));

    QCOMPARE(entries(gateway, "?object=channel&filter=" + filter).size(), found);
}

void HistoryRouteTest::refusesWhatMeansNothing_data()
{
    QTest::addColumn<QByteArray>("query");

    QTest::newRow("no moment") << QByteArray("?filter=since:nonsense");
    QTest::newRow("no object") << QByteArray("?object=nonsense");
    QTest::newRow("no number") << QByteArray("?before=nonsense");
}

void HistoryRouteTest::refusesWhatMeansNothing()
{
    QFETCH(QByteArray, query);
    ManagementFixture gateway;
    gateway.startApi();

    const ApiAnswer answer = gateway.ask("GET", "/api/history" + query, {.local = true});

    QVERIFY(!answer.success());
}

void HistoryRouteTest::goesOnWhereAPageEnds()
{
    ManagementFixture gateway;
    gateway.startApi();
    changeChannel(gateway, {.local = true});

    const QJsonObject first =
        gateway.ask("GET", "/api/history?object=channel&limit=1", {.local = true}).object();
    const qint64 before = first.value(u"next").toObject().value(u"before").toInteger();
    const QJsonObject second =
        gateway
            .ask("GET",
                 "/api/history?object=channel&limit=1&before=" + QByteArray::number(before),
                 {.local = true})
            .object();

    QVERIFY(before > 0);
    QCOMPARE(second.value(u"entries")[0][u"action"].toString(), u"created"_s);
    QVERIFY(second.value(u"next").isNull());
}

void HistoryRouteTest::isForAdministrators()
{
    ManagementFixture gateway;
    gateway.startApi();
    QVERIFY(gateway
                .ask("POST",
                     "/api/user",
                     gateway.rootSession(),
                     {{u"username"_s, u"bob"_s}, {u"password"_s, u"password-of-bob"_s}})
                .success());

    const ApiAnswer answer =
        gateway.ask("GET", "/api/history", gateway.signIn(u"bob"_s, u"password-of-bob"_s));

    QVERIFY(!answer.success());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::HistoryRouteTest)
#include "tst_historyroute.moc"
