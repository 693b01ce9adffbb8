#include "relay/admission/caller.h"

#include "support/testcatalog.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using support::TestCatalog;
using support::testKey;

constexpr qint64 now = 1'790'000'000;

class CallerTest : public QObject
{
    Q_OBJECT

private slots:
    void aKeyInAnyFormIsTheSameCaller_data();
    void aKeyInAnyFormIsTheSameCaller();
    void aKnownKeyStandsForNoOther_data();
    void aKnownKeyStandsForNoOther();
    void unknownKeys_data();
    void unknownKeys();
    void whatMayBeWrongWithAToken_data();
    void whatMayBeWrongWithAToken();
    void addressRanges_data();
    void addressRanges();
    void administratorsChooseAChannel_data();
    void administratorsChooseAChannel();
    void models();
};

void CallerTest::aKeyInAnyFormIsTheSameCaller_data()
{
    QTest::addColumn<QByteArray>("key");

    QTest::newRow("with sk-") << QByteArray("sk-" + testKey);
    QTest::newRow("without it") << testKey;
    QTest::newRow("with blanks around") << QByteArray("  sk-" + testKey + " ");
}

void CallerTest::aKeyInAnyFormIsTheSameCaller()
{
    QFETCH(QByteArray, key);
    const auto catalog = TestCatalog().build();

    const auto caller = identify(*catalog, key, QHostAddress::LocalHost, now);

    QVERIFY(caller.has_value());
    QCOMPARE(caller->token->token.id.value, 1);
    QVERIFY(!caller->pinnedChannel);
}

void CallerTest::aKnownKeyStandsForNoOther_data()
{
    QTest::addColumn<QByteArray>("other");

    QTest::newRow("shorter") << testKey.chopped(1);
    QTest::newRow("longer") << QByteArray(testKey + "x");
    QTest::newRow("another first byte") << QByteArray("x" + testKey.sliced(1));
    QTest::newRow("another last byte") << QByteArray(testKey.chopped(1) + "~");
}

void CallerTest::aKnownKeyStandsForNoOther()
{
    QFETCH(QByteArray, other);
    const auto catalog = TestCatalog().build();
    const QByteArray prefixed = "sk-" + testKey;
    KnownKey known;

    // As requests follow each other on one connection.
    for (int round = 0; round < 2; ++round) {
        QVERIFY(identify(*catalog, testKey, QHostAddress::LocalHost, now, &known).has_value());
        QVERIFY(identify(*catalog, prefixed, QHostAddress::LocalHost, now, &known).has_value());
        const auto refused = identify(*catalog, other, QHostAddress::LocalHost, now, &known);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, QByteArray("invalid_api_key"));
        QVERIFY(!identify(*catalog, other, QHostAddress::LocalHost, now, &known).has_value());
    }
}

void CallerTest::unknownKeys_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("code");

    QTest::newRow("none") << QByteArray() << QByteArray("missing_api_key");
    QTest::newRow("nothing behind sk-") << QByteArray("sk-") << QByteArray("missing_api_key");
    QTest::newRow("another") << QByteArray("sk-other") << QByteArray("invalid_api_key");
    QTest::newRow("a beginning") << testKey.chopped(1) << QByteArray("invalid_api_key");
    QTest::newRow("in capitals") << testKey.toUpper() << QByteArray("invalid_api_key");
    QTest::newRow("its hash") << support::hashOf(testKey) << QByteArray("invalid_api_key");
}

void CallerTest::unknownKeys()
{
    QFETCH(QByteArray, key);
    const auto catalog = TestCatalog().build();

    const auto caller = identify(*catalog, key, QHostAddress::LocalHost, now);

    QVERIFY(!caller);
    QCOMPARE(caller.error().status, 401);
    QTEST(caller.error().code, "code");
}

void CallerTest::whatMayBeWrongWithAToken_data()
{
    QTest::addColumn<int>("tokenStatus");
    QTest::addColumn<qint64>("expiresAt");
    QTest::addColumn<int>("userStatus");
    QTest::addColumn<int>("status"); // 0: nothing
    QTest::addColumn<QByteArray>("code");

    const int enabled = 1;
    const qint64 never = -1;
    QTest::newRow("nothing") << enabled << never << enabled << 0 << QByteArray();
    QTest::newRow("exhausted: its balance decides") << 4 << never << enabled << 0 << QByteArray();
    QTest::newRow("disabled") << 2 << never << enabled << 401 << QByteArray("token_disabled");
    QTest::newRow("marked as expired")
        << 3 << never << enabled << 401 << QByteArray("token_expired");
    QTest::newRow("expires in a second") << enabled << now + 1 << enabled << 0 << QByteArray();
    QTest::newRow("expires now") << enabled << now << enabled << 401 << QByteArray("token_expired");
    QTest::newRow("expired at the beginning of time")
        << enabled << qint64(0) << enabled << 401 << QByteArray("token_expired");
    QTest::newRow("its owner is disabled")
        << enabled << never << 2 << 403 << QByteArray("user_disabled");
    QTest::newRow("its owner was deleted")
        << enabled << never << 3 << 403 << QByteArray("user_disabled");
}

void CallerTest::whatMayBeWrongWithAToken()
{
    QFETCH(int, tokenStatus);
    QFETCH(qint64, expiresAt);
    QFETCH(int, userStatus);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    TestCatalog content;
    content.token().status = static_cast<domain::TokenStatus>(tokenStatus);
    content.token().expiresAt = expiresAt;
    content.user().status = static_cast<domain::UserStatus>(userStatus);
    const auto catalog = content.build();

    const auto caller = identify(*catalog, testKey, QHostAddress::LocalHost, now);

    QCOMPARE(caller.has_value(), status == 0);
    if (caller)
        return;
    QCOMPARE(caller.error().status, status);
    QCOMPARE(caller.error().code, code);
    QVERIFY(!caller.error().message.isEmpty());
}

void CallerTest::addressRanges_data()
{
    QTest::addColumn<QString>("ranges");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("admitted");

    QTest::newRow("no ranges") << QString() << u"203.0.113.5"_s << true;
    QTest::newRow("inside") << u"10.0.0.0/8"_s << u"10.9.9.9"_s << true;
    QTest::newRow("inside the second")
        << u"10.0.0.0/8,192.168.0.0/16"_s << u"192.168.7.7"_s << true;
    QTest::newRow("outside") << u"10.0.0.0/8"_s << u"11.0.0.1"_s << false;
    QTest::newRow("mapped into IPv6") << u"127.0.0.0/8"_s << u"::ffff:127.0.0.1"_s << true;
    QTest::newRow("no address") << u"10.0.0.0/8"_s << QString() << false;
}

void CallerTest::addressRanges()
{
    QFETCH(QString, ranges);
    QFETCH(QString, address);
    QFETCH(bool, admitted);
    TestCatalog content;
    content.token().addressRanges = *domain::addressRangesFrom(ranges);
    const auto catalog = content.build();

    const auto caller = identify(*catalog, testKey, QHostAddress(address), now);

    QCOMPARE(caller.has_value(), admitted);
    if (!caller) {
        QCOMPARE(caller.error().status, 403);
        QCOMPARE(caller.error().code, QByteArray("address_not_allowed"));
    }
}

void CallerTest::administratorsChooseAChannel_data()
{
    QTest::addColumn<int>("role");
    QTest::addColumn<QByteArray>("suffix");
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("channel");

    QTest::newRow("root") << 100 << QByteArray("-7") << 0 << qint64(7);
    QTest::newRow("an administrator") << 10 << QByteArray("-123") << 0 << qint64(123);
    QTest::newRow("a user may not") << 1 << QByteArray("-7") << 403 << qint64(0);
    QTest::newRow("no number: another key") << 100 << QByteArray("-x7") << 401 << qint64(0);
    QTest::newRow("beyond all numbers: another key")
        << 100 << QByteArray("-99999999999999999999") << 401 << qint64(0);
}

void CallerTest::administratorsChooseAChannel()
{
    QFETCH(int, role);
    QFETCH(QByteArray, suffix);
    QFETCH(int, status);
    TestCatalog content;
    content.user().role = static_cast<domain::Role>(role);
    const auto catalog = content.build();
    const QByteArray key = "sk-" + testKey + suffix;

    const auto caller = identify(*catalog, key, QHostAddress::LocalHost, now);

    QCOMPARE(caller ? 0 : caller.error().status, status);
    if (caller)
        QTEST(caller->pinnedChannel.value_or(domain::ChannelId()).value, "channel");
}

void CallerTest::models()
{
    TestCatalog content;
    content.token().models = {u"small"_s, u"größer"_s};
    const auto catalog = content.build();
    const Caller caller = *identify(*catalog, testKey, QHostAddress::LocalHost, now);
    const auto anyModel = TestCatalog().build();

    QVERIFY(mayUse(caller, "small").has_value());
    QVERIFY(mayUse(caller, u"größer"_s.toUtf8()).has_value());
    const auto refused = mayUse(caller, "smal");
    QVERIFY(!refused);
    QCOMPARE(refused.error().status, 403);
    QCOMPARE(refused.error().code, QByteArray("model_not_allowed"));
    QVERIFY(mayUse(*identify(*anyModel, testKey, QHostAddress::LocalHost, now), "any").has_value());
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::CallerTest)
#include "tst_caller.moc"
