#pragma once

#include "base/logging.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace gatehouse::base {

// One line each for requests that have ended.
Q_DECLARE_LOGGING_CATEGORY(lcRequests)

// An event of the log with a stable dotted name and with fields, which tools read. Made where there are
// many: it takes a tenth of what a message of Qt does. What it says is information.
class LogRecord
{
public:
    // The texts must live as long as it does.
    LogRecord(const char *component, QLatin1StringView event, QLatin1StringView message);

    // A text of ours, such as an id that was made here. An empty one is left out.
    void add(QLatin1StringView name, QByteArrayView value);
    // A text that came from outside, which redacted() goes over.
    void addForeign(QLatin1StringView name, const QByteArray &value);
    void add(QLatin1StringView name, qint64 value);
    void addFlag(QLatin1StringView name, bool value);
    // The line with its end, in the format of installLogging().
    QByteArray line(LogFormat format) const;

private:
    const char *const m_component;
    const QLatin1StringView m_event;
    const QLatin1StringView m_message;
    struct Field
    {
        QLatin1StringView name{};
        QByteArray text{};
        bool isText = true; // false: a number, true or false
    };
    std::vector<Field> m_fields{};
};

// That of installLogging(); absent before it. From any thread.
std::optional<LogFormat> installedLogFormat();
// Lines of records, one after the other, to where messages go: many at once cost little more than one. Not
// before installLogging(). From any thread.
void writeLogLines(const QByteArray &lines);

} // namespace gatehouse::base
