#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <initializer_list>
#include <span>
#include <utility>

namespace gatehouse::admin {

// Writes figures in the text formats that Prometheus and its like read.
class MetricsWriter
{
public:
    enum class Form {
        Prometheus,  // text/plain; version=0.0.4
        OpenMetrics, // application/openmetrics-text; version=1.0.0
    };
    enum class Type { Counter, Gauge, Histogram };
    using Labels = std::initializer_list<std::pair<QByteArrayView, QByteArrayView>>;

    explicit MetricsWriter(Form form)
        : m_form(form)
    {}

    // What follows is of this family, of which there is one in a text. The name of a counter goes
    // without "_total".
    void begin(QByteArrayView name, Type type, QByteArrayView help);
    void value(Labels labels, quint64 value);
    void value(Labels labels, double value);
    // `counts` has one more than `bounds`, of each bucket alone; `sum` is of all values.
    void histogram(Labels labels,
                   std::span<const double> bounds,
                   std::span<const quint64> counts,
                   double sum);

    // Ends the text.
    QByteArray text();

    static QByteArrayView contentType(Form form);

private:
    void sample(QByteArrayView suffix, Labels labels, QByteArrayView bound, QByteArrayView value);

    const Form m_form;
    Type m_type = Type::Gauge;
    QByteArray m_name{};
    QByteArray m_text{};
};

} // namespace gatehouse::admin
