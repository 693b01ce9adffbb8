#include "base/logrecord.h"

#include "base/logline.h"
#include "base/redaction.h"

#include <algorithm>

namespace gatehouse::base {

Q_LOGGING_CATEGORY(lcRequests, "gatehouse.requests")

namespace {

// A text among `name=value` pairs, between quotation marks where it would not be one word otherwise.
void appendWord(QByteArray &line, const QByteArray &text)
{
    const bool isWord = !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7F';
    });
    if (isWord)
        line += text;
    else
        appendJsonText(line, text);
}

} // namespace

LogRecord::LogRecord(const char *component, QLatin1StringView event, QLatin1StringView message)
    : m_component(component)
    , m_event(event)
    , m_message(message)
{
    constexpr size_t usualFields = 40;
    m_fields.reserve(usualFields);
}

void LogRecord::add(QLatin1StringView name, QByteArrayView value)
{
    if (!value.isEmpty())
        m_fields.push_back({.name = name, .text = value.toByteArray()});
}

void LogRecord::addForeign(QLatin1StringView name, const QByteArray &value)
{
    if (!value.isEmpty())
        m_fields.push_back({.name = name, .text = redacted(QString::fromUtf8(value)).toUtf8()});
}

void LogRecord::add(QLatin1StringView name, qint64 value)
{
    m_fields.push_back({.name = name, .text = QByteArray::number(value), .isText = false});
}

void LogRecord::addFlag(QLatin1StringView name, bool value)
{
    m_fields.push_back({.name = name, .text = value ? "true" : "false", .isText = false});
}

QByteArray LogRecord::line(LogFormat format) const
{
    QByteArray line;
    constexpr qsizetype usualLength = 1'000;
    line.reserve(usualLength);
    if (format == LogFormat::Text) {
        line += logTime();
        line += " info ";
        line += m_component;
        line += ": ";
        line += QByteArrayView(m_event.data(), m_event.size());
        for (const Field &field : m_fields) {
            line += ' ';
            line += QByteArrayView(field.name.data(), field.name.size());
            line += '=';
            appendWord(line, field.text);
        }
        line += '\n';
        return line;
    }
    line += "{\"ts\":\"";
    line += logTime();
    line += "\",\"level\":\"info\",\"component\":\"";
    line += m_component;
    line += "\",\"event\":\"";
    line += QByteArrayView(m_event.data(), m_event.size());
    line += "\",\"msg\":";
    appendJsonText(line, QByteArrayView(m_message.data(), m_message.size()));
    for (const Field &field : m_fields) {
        line += ",\"";
        line += QByteArrayView(field.name.data(), field.name.size());
        line += "\":";
        if (field.isText)
            appendJsonText(line, field.text);
        else
            line += field.text;
    }
    line += "}\n";
    return line;
}

} // namespace gatehouse::base
