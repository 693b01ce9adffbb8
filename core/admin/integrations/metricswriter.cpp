#include "admin/integrations/metricswriter.h"

#include "http/append.h"

#include <QString>

#include <cmath>

namespace gatehouse::admin {

namespace {

QByteArrayView typeName(MetricsWriter::Type type)
{
    switch (type) {
    case MetricsWriter::Type::Counter:
        return "counter";
    case MetricsWriter::Type::Gauge:
        return "gauge";
    case MetricsWriter::Type::Histogram:
        break;
    }
    return "histogram";
}

QByteArray numberText(double value)
{
    constexpr int digits = 15;
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "+Inf" : "-Inf";
    return QByteArray::number(value, 'g', digits);
}

// The bounds of buckets are texts to whoever compares them, so a whole number has its ".0".
QByteArray boundText(double bound)
{
    QByteArray text = numberText(bound);
    if (!text.contains('.') && !text.contains('e'))
        text.append(".0");
    return text;
}

// The value of a label: any text, but valid UTF-8 on one line.
QByteArray escaped(QByteArrayView text)
{
    QByteArray valid = QString::fromUtf8(text).toUtf8();
    return valid.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
}

} // namespace

QByteArrayView MetricsWriter::contentType(Form form)
{
    return form == Form::OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                     : "text/plain; version=0.0.4; charset=utf-8";
}

void MetricsWriter::begin(QByteArrayView name, Type type, QByteArrayView help)
{
    m_type = type;
    m_name = name.toByteArray();
    // Only the newer format tells the family of a counter from its sample.
    const QByteArrayView suffix =
        type == Type::Counter && m_form == Form::Prometheus ? "_total" : "";
    http::appendAll(m_text, {"# HELP ", m_name, suffix, " ", help, "\n"});
    http::appendAll(m_text, {"# TYPE ", m_name, suffix, " ", typeName(type), "\n"});
}

void MetricsWriter::value(Labels labels, quint64 value)
{
    sample(m_type == Type::Counter ? "_total" : "", labels, {}, QByteArray::number(value));
}

void MetricsWriter::value(Labels labels, double value)
{
    sample(m_type == Type::Counter ? "_total" : "", labels, {}, numberText(value));
}

void MetricsWriter::histogram(Labels labels,
                              std::span<const double> bounds,
                              std::span<const quint64> counts,
                              double sum)
{
    Q_ASSERT(counts.size() == bounds.size() + 1);
    quint64 count = 0;
    for (size_t i = 0; i < bounds.size(); ++i) {
        count += counts[i];
        sample("_bucket", labels, boundText(bounds[i]), QByteArray::number(count));
    }
    count += counts.back();
    sample("_bucket", labels, "+Inf", QByteArray::number(count));
    sample("_sum", labels, {}, numberText(sum));
    sample("_count", labels, {}, QByteArray::number(count));
}

void MetricsWriter::sample(QByteArrayView suffix,
                           Labels labels,
                           QByteArrayView bound,
                           QByteArrayView value)
{
    http::appendAll(m_text, {m_name, suffix});
    QByteArrayView before = "{";
    const auto add = [&](QByteArrayView name, QByteArrayView text) {
        http::appendAll(m_text, {before, name, "=\"", escaped(text), "\""});
        before = ",";
    };
    for (const auto &[name, text] : labels)
        add(name, text);
    if (!bound.isEmpty())
        add("le", bound);
    http::appendAll(m_text, {before == QByteArrayView("{") ? "" : "}", " ", value, "\n"});
}

QByteArray MetricsWriter::text()
{
    if (m_form == Form::OpenMetrics)
        m_text.append("# EOF\n");
    return std::exchange(m_text, {});
}

} // namespace gatehouse::admin
