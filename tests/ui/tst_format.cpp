#include "theme/clockformat.h"
#include "widgets/format.h"

#include <QTest>

#include <QLocale>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using namespace gatehouse;
using namespace gatehouse::ui;

class FormatTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void writesMoney_data();
    void writesMoney();
    void writesMoneyOfOtherPlaces();
    void shortensLargeSums();
    void writesAmountsApart();
    void writesPrices();
    void writesBalances();
    void writesTokens_data();
    void writesTokens();
    void writesDurations_data();
    void writesDurations();
    void writesPercent();
    void writesSizes_data();
    void writesSizes();
    void writesRelativeTimes_data();
    void writesRelativeTimes();
    void writesMoments();
    void writesTimesByTwelveHours();
    void writesSizesOfAThousand();
    void masksKeys();
    void joinsLists();
};

void FormatTest::writesMoney_data()
{
    QTest::addColumn<qint64>("nano");
    QTest::addColumn<int>("decimals");
    QTest::addColumn<QString>("text");

    QTest::newRow("zero") << qint64(0) << 2 << u"$0.00"_s;
    QTest::newRow("a request") << qint64(39'600'000) << 4 << u"$0.0396"_s;
    QTest::newRow("rounded up") << qint64(18'415'000'000) << 2 << u"$18.42"_s;
    QTest::newRow("over a thousand") << qint64(1'234'567'890'000) << 2 << u"$1,234.57"_s;
    QTest::newRow("too little to show") << qint64(1000) << 2 << u"<$0.01"_s;
    QTest::newRow("just enough") << qint64(5'000'000) << 2 << u"$0.01"_s;
    QTest::newRow("owed") << qint64(-1'500'000'000) << 2 << u"-$1.50"_s;
    QTest::newRow("without decimals") << qint64(50'000'000'000) << 0 << u"$50"_s;
    QTest::newRow("the most there is")
        << std::numeric_limits<qint64>::max() << 2 << u"$9,223,372,036.85"_s;
}

void FormatTest::writesMoney()
{
    QFETCH(qint64, nano);
    QFETCH(int, decimals);
    QFETCH(QString, text);

    QCOMPARE(Format::money(domain::Cost{nano}, decimals), text);
}

void FormatTest::shortensLargeSums()
{
    const auto shortened = [](qint64 dollars) {
        return Format::shortMoney(domain::Quota{dollars * domain::Quota::perDollar});
    };

    QCOMPARE(shortened(9'999), u"$9,999.00"_s);
    QCOMPARE(shortened(12'345), u"$12.3k"_s);
    QCOMPARE(shortened(999'999), u"$1.00M"_s);
    QCOMPARE(shortened(1'000'000'000), u"$1.00B"_s);
    QCOMPARE(shortened(-12'345), u"-$12.3k"_s);
}

void FormatTest::writesMoneyOfOtherPlaces()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    const QString german = Format::money(domain::Quota{25'000'500'000}, 2);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));

    QCOMPARE(german, u"$50.001,00"_s);
    QCOMPARE(Format::exactMoney(domain::Cost{39'618'000}), u"$0.039618"_s);
    QCOMPARE(Format::exactMoney(domain::Quota{500'000}), u"$1.00"_s);
}

void FormatTest::writesAmountsApart()
{
    using Texts = std::pair<QString, QString>;
    const auto apart = [](qint64 one, qint64 other) {
        return Format::moneyApart(domain::Cost{one}, domain::Cost{other});
    };

    QCOMPARE(apart(39'618, 39'000), Texts(u"$0.000039618"_s, u"$0.000039"_s));
    QCOMPARE(apart(0, 1'200'000), Texts(u"$0.00"_s, u"$0.0012"_s));
    QCOMPARE(apart(1'250'000'000, 2'500'000'000), Texts(u"$1.25"_s, u"$2.50"_s));
    QCOMPARE(apart(1'250'100'000, 1'250'400'000), Texts(u"$1.2501"_s, u"$1.2504"_s));
    QCOMPARE(apart(1'250'000'000, 1'250'000'000), Texts(u"$1.25"_s, u"$1.25"_s));
}

void FormatTest::writesPrices()
{
    QCOMPARE(Format::price(domain::UnitPrice::fromDollarsPerMillion(3)), u"$3.00"_s);
    QCOMPARE(Format::price(domain::UnitPrice::fromDollarsPerMillion(0.075)), u"$0.075"_s);
    QCOMPARE(Format::price(domain::UnitPrice::fromDollarsPerMillion(3), "CNY"), u"3.00\u00a0CNY"_s);
    QCOMPARE(Format::price(domain::UnitPrice::fromDollarsPerMillion(3), {}), u"$3.00"_s);
}

void FormatTest::writesBalances()
{
    QCOMPARE(Format::balance({12.5, "USD"}), u"$12.50"_s);
    QCOMPARE(Format::balance({41.2, "CNY"}), u"¥41.20"_s);
    QCOMPARE(Format::balance({1234.5, "CHF"}), u"1,234.50\u00a0CHF"_s);
    QVERIFY(Format::balance({-0.4, "CNY"}).endsWith(u"¥0.40"_s));
    QCOMPARE(Format::balance({7, {}}), u"7.00 points"_s);
}

void FormatTest::writesTokens_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<QString>("text");

    QTest::newRow("none") << qint64(0) << u"0"_s;
    QTest::newRow("few") << qint64(612) << u"612"_s;
    QTest::newRow("thousands") << qint64(39'800) << u"39.8k"_s;
    QTest::newRow("nearly a million") << qint64(999'499) << u"999k"_s;
    QTest::newRow("a million") << qint64(999'999) << u"1.00 M"_s;
    QTest::newRow("millions") << qint64(38'600'000) << u"38.6 M"_s;
    QTest::newRow("very many") << qint64(12'300'000'000) << u"12.3 G"_s;
}

void FormatTest::writesTokens()
{
    QFETCH(qint64, count);
    QFETCH(QString, text);

    QCOMPARE(Format::tokens(count), text);
}

void FormatTest::writesDurations_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QString>("text");

    QTest::newRow("nothing") << qint64(0) << u"0 ms"_s;
    QTest::newRow("the gateway's part") << qint64(190) << u"0.19 ms"_s;
    QTest::newRow("milliseconds") << qint64(612'000) << u"612 ms"_s;
    QTest::newRow("seconds") << qint64(1'240'000) << u"1.24 s"_s;
    QTest::newRow("many seconds") << qint64(23'960'000) << u"24.0 s"_s;
    QTest::newRow("minutes") << qint64(200'000'000) << u"3 min 20 s"_s;
    QTest::newRow("whole minutes") << qint64(300'000'000) << u"5 min"_s;
    QTest::newRow("hours") << qint64(7'500'000'000) << u"2 h 5 min"_s;
}

void FormatTest::writesDurations()
{
    QFETCH(qint64, microseconds);
    QFETCH(QString, text);

    QCOMPARE(Format::duration(std::chrono::microseconds(microseconds)), text);
}

void FormatTest::writesSizes_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("text");

    QTest::newRow("none") << qint64(0) << u"0 bytes"_s;
    QTest::newRow("bytes") << qint64(1'023) << u"1,023 bytes"_s;
    QTest::newRow("whole") << qint64(1'024) << u"1 KiB"_s;
    QTest::newRow("a fraction") << qint64(5'000'000) << u"4.8 MiB"_s;
    QTest::newRow("as settings say it") << (qint64(512) << 20) << u"512 MiB"_s;
    QTest::newRow("many") << qint64(48'800'000) << u"47 MiB"_s;
    QTest::newRow("gigabytes") << qint64(1'600'000'000) << u"1.5 GiB"_s;
}

void FormatTest::writesSizes()
{
    QFETCH(qint64, size);
    QFETCH(QString, text);

    QCOMPARE(Format::bytes(size), text);
}

void FormatTest::writesPercent()
{
    QCOMPARE(Format::percent(1), u"100 %"_s);
    QCOMPARE(Format::percent(0.9999), u"99.9 %"_s);
    QCOMPARE(Format::percent(0.961), u"96.1 %"_s);
    QCOMPARE(Format::percent(0), u"0 %"_s);
}

void FormatTest::writesRelativeTimes_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("text");

    QTest::newRow("now") << 0 << u"just now"_s;
    QTest::newRow("seconds ago") << -42 << u"42 s ago"_s;
    QTest::newRow("minutes ago") << -200 << u"3 min ago"_s;
    QTest::newRow("in hours") << 7300 << u"in 2 h"_s;
    QTest::newRow("in days") << 3 * 86'400 + 5 << u"in 3 days"_s;
}

void FormatTest::writesRelativeTimes()
{
    QFETCH(int, seconds);
    QFETCH(QString, text);
    const QDateTime now(QDate(2026, 11, 24), QTime(14, 29));

    const QString written = Format::relative(now.addSecs(seconds), now);

    QCOMPARE(written, text);
}

void FormatTest::writesMoments()
{
    const QDateTime now(QDate(2026, 11, 24), QTime(14, 29));

    QCOMPARE(Format::moment(now.addSecs(-60), now), u"14:28"_s);
    QCOMPARE(Format::moment(now.addDays(-4), now), u"Fri"_s);
    QCOMPARE(Format::moment(now.addDays(-22), now), u"2 Nov"_s);
    QCOMPARE(Format::moment(now.addYears(-2), now), u"24 Nov 2024"_s);
    QCOMPARE(Format::moment({}, now), u"—"_s);
    QCOMPARE(Format::day(QDate(2028, 1, 1)), u"1 Jan 2028"_s);
    QCOMPARE(Format::day({}), u"—"_s);
    QCOMPARE(QLocale().toString(now, Format::momentPattern()), u"24 Nov 2026 14:29"_s);
}

void FormatTest::writesTimesByTwelveHours()
{
    const QDateTime now(QDate(2026, 11, 24), QTime(14, 29, 5));
    const QString day = Format::day(now.date());

    setClockFormat(ClockFormat::Hours12);

    QCOMPARE(Format::clock(now), u"2:29 PM"_s);
    QCOMPARE(Format::moment(now, now), u"2:29 PM"_s);
    QCOMPARE(Format::time(now), u"2:29:05 PM"_s);
    QCOMPARE(Format::full(now), u"24 Nov 2026, 2:29:05 PM"_s);
    QCOMPARE(QLocale().toString(now, Format::momentPattern()), u"24 Nov 2026 2:29 PM"_s);
    QCOMPARE(Format::clock(now.addSecs(-14 * 3600)), u"12:29 AM"_s);
    QCOMPARE(Format::day(now.date()), day);
    setClockFormat(ClockFormat::Hours24);
    QCOMPARE(Format::time(now), u"14:29:05"_s);
}

void FormatTest::writesSizesOfAThousand()
{
    Format::setDecimalSizes(true);

    QCOMPARE(Format::bytes(999), u"999 bytes"_s);
    QCOMPARE(Format::bytes(1'000), u"1 kB"_s);
    QCOMPARE(Format::bytes(4'800'000), u"4.8 MB"_s);
    QCOMPARE(Format::bytes(48'800'000), u"49 MB"_s);
    QCOMPARE(Format::bytes(2'000'000'000), u"2 GB"_s);
    Format::setDecimalSizes(false);
    QCOMPARE(Format::bytes(qint64(512) << 20), u"512 MiB"_s);
}

void FormatTest::masksKeys()
{
    QCOMPARE(Format::masked(u"sk-gh-7Qm2Zc9VbT4xKp8RwLs3a1B2"_s), u"sk-gh…a1B2"_s);
    QCOMPARE(Format::masked(u"short"_s), u"•••••"_s);
}

void FormatTest::joinsLists()
{
    QCOMPARE(Format::list({}), QString());
    QCOMPARE(Format::list({u"a"_s}), u"a"_s);
    QCOMPARE(Format::list({u"a"_s, u"b"_s, u"c"_s}), u"a, b and c"_s);
}

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
