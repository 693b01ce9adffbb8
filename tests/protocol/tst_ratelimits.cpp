#include "protocol/ratelimits.h"

#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::protocol {

using domain::Dialect;

class RateLimitsTest : public QObject
{
    Q_OBJECT

private slots:
    void asOpenAiTellsThem();
    void asAnthropicTellsThem();
    void aLimitThatIsNotThereIsNotTold();
    void geminiHasNone();
    void durations_data();
    void durations();
    void knowsThoseOfProviders_data();
    void knowsThoseOfProviders();
};

// 2026-02-28T23:59:30Z.
static constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'772'323'170)};

static const RateLimits both{.requests = RateLimit{.limit = 60, .remaining = 59, .reset = 31s},
                             .tokens = RateLimit{.limit = 90'000, .remaining = 0, .reset = 60s}};

static QByteArray valueOf(const http::Headers &fields, QByteArrayView name)
{
    return fields.value(name).value_or(QByteArrayView("none")).toByteArray();
}

void RateLimitsTest::asOpenAiTellsThem()
{
    http::Headers fields;

    addRateLimits(Dialect::OpenAi, both, now, fields);

    QCOMPARE(fields.size(), 6);
    QCOMPARE(valueOf(fields, "x-ratelimit-limit-requests"), QByteArray("60"));
    QCOMPARE(valueOf(fields, "x-ratelimit-remaining-requests"), QByteArray("59"));
    QCOMPARE(valueOf(fields, "x-ratelimit-reset-requests"), QByteArray("31s"));
    QCOMPARE(valueOf(fields, "x-ratelimit-limit-tokens"), QByteArray("90000"));
    QCOMPARE(valueOf(fields, "x-ratelimit-remaining-tokens"), QByteArray("0"));
    QCOMPARE(valueOf(fields, "x-ratelimit-reset-tokens"), QByteArray("1m0s"));
}

void RateLimitsTest::asAnthropicTellsThem()
{
    http::Headers fields;

    addRateLimits(Dialect::Anthropic, both, now, fields);

    QCOMPARE(fields.size(), 6);
    QCOMPARE(valueOf(fields, "anthropic-ratelimit-requests-limit"), QByteArray("60"));
    QCOMPARE(valueOf(fields, "anthropic-ratelimit-requests-remaining"), QByteArray("59"));
    QCOMPARE(valueOf(fields, "anthropic-ratelimit-requests-reset"),
             QByteArray("2026-03-01T00:00:01Z"));
    QCOMPARE(valueOf(fields, "anthropic-ratelimit-tokens-limit"), QByteArray("90000"));
    QCOMPARE(valueOf(fields, "anthropic-ratelimit-tokens-remaining"), QByteArray("0"));
    QCOMPARE(valueOf(fields, "anthropic-ratelimit-tokens-reset"),
             QByteArray("2026-03-01T00:00:30Z"));
}

void RateLimitsTest::aLimitThatIsNotThereIsNotTold()
{
    for (const Dialect dialect : {Dialect::OpenAi, Dialect::Anthropic}) {
        http::Headers none;
        http::Headers one;

        addRateLimits(dialect, {}, now, none);
        addRateLimits(dialect, {.tokens = both.tokens}, now, one);

        QCOMPARE(none.size(), 0);
        QCOMPARE(one.size(), 3);
        for (qsizetype i = 0; i < one.size(); ++i)
            QVERIFY(one.at(i).name.contains("tokens"));
    }
}

void RateLimitsTest::geminiHasNone()
{
    http::Headers fields;

    addRateLimits(Dialect::Gemini, both, now, fields);

    QCOMPARE(fields.size(), 0);
}

void RateLimitsTest::durations_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("nothing") << 0 << QByteArray("0s");
    QTest::newRow("a second") << 1 << QByteArray("1s");
    QTest::newRow("nearly a minute") << 59 << QByteArray("59s");
    QTest::newRow("minutes") << 360 << QByteArray("6m0s");
    QTest::newRow("and seconds") << 61 << QByteArray("1m1s");
}

void RateLimitsTest::durations()
{
    QFETCH(int, seconds);
    http::Headers fields;

    addRateLimits(Dialect::OpenAi,
                  {.requests = RateLimit{.limit = 1, .reset = std::chrono::seconds(seconds)}},
                  now,
                  fields);

    QTEST(valueOf(fields, "x-ratelimit-reset-requests"), "text");
}

void RateLimitsTest::knowsThoseOfProviders_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("tells");

    QTest::newRow("OpenAI") << QByteArray("x-ratelimit-limit-requests") << true;
    QTest::newRow("in another case") << QByteArray("X-RateLimit-Remaining-Tokens") << true;
    QTest::newRow("Anthropic") << QByteArray("anthropic-ratelimit-input-tokens-reset") << true;
    QTest::newRow("Retry-After") << QByteArray("Retry-After") << false;
    QTest::newRow("the beginning alone") << QByteArray("x-ratelimit-") << false;
    QTest::newRow("another field of Anthropic") << QByteArray("anthropic-priority-x") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void RateLimitsTest::knowsThoseOfProviders()
{
    QFETCH(QByteArray, name);

    QTEST(tellsRateLimit(name), "tells");
}

} // namespace gatehouse::protocol

QTEST_GUILESS_MAIN(gatehouse::protocol::RateLimitsTest)
#include "tst_ratelimits.moc"
