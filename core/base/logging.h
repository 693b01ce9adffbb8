#pragma once

#include "base/result.h"

#include <QLoggingCategory>

namespace gatehouse::base {

Q_DECLARE_LOGGING_CATEGORY(lcApp)
Q_DECLARE_LOGGING_CATEGORY(lcSecrets)
Q_DECLARE_LOGGING_CATEGORY(lcStorage)
Q_DECLARE_LOGGING_CATEGORY(lcUpstream)
Q_DECLARE_LOGGING_CATEGORY(lcRelay)
Q_DECLARE_LOGGING_CATEGORY(lcGateway)
Q_DECLARE_LOGGING_CATEGORY(lcAdmin)

enum class LogLevel { Debug, Info, Warning, Critical };
enum class LogFormat { Text, Json };

Result<LogLevel> logLevelFrom(const QString &name);
QString logLevelName(LogLevel level);
Result<LogFormat> logFormatFrom(const QString &name);

// From here on every Qt message, ours and the libraries', is redacted and goes to standard error in
// `format`, one line each, by a thread of its own: who logs never waits. Lines that cannot be written
// are lost; how many they were is told before the next one that can be. At the program's end, and at a
// fatal message, the last lines are waited for, a second at most. Call it once, from main().
void installLogging(LogLevel level, LogFormat format);
// From here on the lines go to the file at `path`, too, as LogFile keeps it. One that cannot be written
// is told of once on standard error. Does nothing before installLogging(). From any thread.
void logToFile(const QString &path);
// What is logged from here on; does nothing before installLogging(). From any thread.
void setLogLevel(LogLevel level);

} // namespace gatehouse::base
