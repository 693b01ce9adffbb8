#include "admin/integrations/metricswriter.h"

#include <QTest>

#include <array>

namespace gatehouse::admin {

using Form = MetricsWriter::Form;
using Type = MetricsWriter::Type;

class MetricsWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void countersInBothForms();
    void labelsHoldAnyText();
    void bucketsAddUp();
    void numbers_data();
    void numbers();
    void contentTypes();
};

void MetricsWriterTest::countersInBothForms()
{
    const auto written = [](Form form) {
        MetricsWriter writer(form);
        writer.begin("things", Type::Counter, "Things.");
        writer.value({{"kind", "a"}}, quint64(3));
        writer.begin("size_bytes", Type::Gauge, "Size.");
        writer.value({}, quint64(7));
        return writer.text();
    };

    QCOMPARE(written(Form::Prometheus),
             QByteArray("# HELP things_total Things.\n# TYPE things_total counter\n"
                        "things_total{kind=\"a\"} 3\n"
                        "# HELP size_bytes Size.\n# TYPE size_bytes gauge\nsize_bytes 7\n"));
    QCOMPARE(written(Form::OpenMetrics),
             QByteArray("# HELP things Things.\n# TYPE things counter\n"
                        "things_total{kind=\"a\"} 3\n"
                        "# HELP size_bytes Size.\n# TYPE size_bytes gauge\nsize_bytes 7\n# EOF\n"));
}

void MetricsWriterTest::labelsHoldAnyText()
{
    MetricsWriter writer(Form::Prometheus);
    writer.begin("g", Type::Gauge, "G.");
    writer.value({{"a", "back\\slash \"quoted\"\nnext"}, {"b", "\xc3\xa9\xff"}, {"c", ""}},
                 quint64(1));

    QCOMPARE(writer.text().split('\n').at(2),
             QByteArray("g{a=\"back\\\\slash \\\"quoted\\\"\\nnext\",b=\"\xc3\xa9\xef\xbf\xbd\","
                        "c=\"\"} 1"));
}

void MetricsWriterTest::bucketsAddUp()
{
    constexpr std::array<double, 3> bounds{0.25, 1, 40};
    constexpr std::array<quint64, 4> counts{2, 0, 3, 1};
    MetricsWriter writer(Form::Prometheus);
    writer.begin("d_seconds", Type::Histogram, "D.");
    writer.histogram({{"m", "x"}}, bounds, counts, 12.5);

    QCOMPARE(writer.text(),
             QByteArray("# HELP d_seconds D.\n# TYPE d_seconds histogram\n"
                        "d_seconds_bucket{m=\"x\",le=\"0.25\"} 2\n"
                        "d_seconds_bucket{m=\"x\",le=\"1.0\"} 2\n"
                        "d_seconds_bucket{m=\"x\",le=\"40.0\"} 5\n"
                        "d_seconds_bucket{m=\"x\",le=\"+Inf\"} 6\n"
                        "d_seconds_sum{m=\"x\"} 12.5\n"
                        "d_seconds_count{m=\"x\"} 6\n"));
}

void MetricsWriterTest::numbers_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("whole") << 3.0 << QByteArray("3");
    QTest::newRow("small") << 0.000000003 << QByteArray("3e-09");
    QTest::newRow("a time") << 1790000000.25 << QByteArray("1790000000.25");
    QTest::newRow("none") << qQNaN() << QByteArray("NaN");
    QTest::newRow("endless") << -qInf() << QByteArray("-Inf");
}

void MetricsWriterTest::numbers()
{
    QFETCH(double, number);
    MetricsWriter writer(Form::Prometheus);
    writer.begin("n", Type::Gauge, "N.");
    writer.value({}, number);

    QTEST(writer.text().split('\n').at(2).mid(2), "text");
}

void MetricsWriterTest::contentTypes()
{
    QVERIFY(MetricsWriter::contentType(Form::Prometheus).startsWith("text/plain; version=0.0.4"));
    QVERIFY(MetricsWriter::contentType(Form::OpenMetrics)
                .startsWith("application/openmetrics-text; version=1.0.0"));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::MetricsWriterTest)
#include "tst_metricswriter.moc"
