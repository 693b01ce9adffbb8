#include "base/logging.h"

#include "base/json.h"
#include "base/logfile.h"
#include "base/logline.h"
#include "base/logoutput.h"
#include "base/logrecord.h"
#include "base/redaction.h"

#include <QDateTime>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

Q_LOGGING_CATEGORY(lcApp, "gatehouse.app")
Q_LOGGING_CATEGORY(lcSecrets, "gatehouse.secrets")
Q_LOGGING_CATEGORY(lcStorage, "gatehouse.storage")
Q_LOGGING_CATEGORY(lcUpstream, "gatehouse.upstream")
Q_LOGGING_CATEGORY(lcRelay, "gatehouse.relay")
Q_LOGGING_CATEGORY(lcGateway, "gatehouse.gateway")
Q_LOGGING_CATEGORY(lcAdmin, "gatehouse.admin")

namespace {

// For the last lines, where who takes the log may stand still.
constexpr std::chrono::milliseconds patienceAtTheEnd{1'000};

std::atomic<LogFormat> installedFormat{LogFormat::Text};
std::atomic<bool> isInstalled{false};

QString levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return u"debug"_s;
    case QtInfoMsg:
        return u"info"_s;
    case QtWarningMsg:
        return u"warning"_s;
    case QtCriticalMsg:
        return u"critical"_s;
    case QtFatalMsg:
        return u"fatal"_s;
    }
    return u"info"_s;
}

// As syslog(3) numbers them.
int priorityOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return 7;
    case QtInfoMsg:
        return 6;
    case QtWarningMsg:
        return 4;
    case QtCriticalMsg:
        return 3;
    case QtFatalMsg:
        return 2;
    }
    return 6;
}

// Of a message in words, such as "relay.message"; what happened often has a LogRecord with a name of its own.
QString eventOf(const QString &component)
{
    return component.section(u'.', -1) + u".message"_s;
}

QByteArray lineOf(QtMsgType type, const QString &component, const QString &text)
{
    const QString time = QString::fromLatin1(logTime());
    QByteArray line;
    if (installedFormat.load(std::memory_order_relaxed) == LogFormat::Json) {
        line = compactJson(QJsonObject{{u"ts"_s, time},
                                       {u"level"_s, levelName(type)},
                                       {u"component"_s, component},
                                       {u"event"_s, eventOf(component)},
                                       {u"msg"_s, text}});
    } else {
        line = u"%1 %2 %3: %4"_s.arg(time, levelName(type), component, text).toUtf8();
    }
    return line + '\n';
}

// Never destroyed: threads, and what is destroyed after main(), may log until the very end.
LogOutput &output()
{
    static LogOutput &output = *new LogOutput(
        [component = QString::fromUtf8(lcApp().categoryName())](qint64 lost) {
            const QString told =
                u"Lines of the log that could not be written before this one: %1"_s;
            return lineOf(QtWarningMsg, component, told.arg(lost));
        },
        patienceAtTheEnd);
    return output;
}

void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QString component = QString::fromUtf8(context.category ? context.category : "default");
    const QByteArray line = lineOf(type, component, redacted(message));
    output().write(line, priorityOf(type));
    if (type == QtFatalMsg)
        output().flush(); // the program is aborted next
}

} // namespace

std::optional<LogFormat> installedLogFormat()
{
    return isInstalled ? std::optional(installedFormat.load(std::memory_order_relaxed))
                       : std::nullopt;
}

void writeLogLines(const QByteArray &lines)
{
    if (isInstalled && !lines.isEmpty())
        output().write(lines, priorityOf(QtInfoMsg));
}

QByteArray logTime()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1();
}

void appendJsonText(QByteArray &line, QByteArrayView text)
{
    static constexpr char digits[] = "0123456789abcdef";
    line += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            line += "\\u00";
            line += digits[byte >> 4];
            line += digits[byte & 0xF];
        } else {
            line += c;
        }
    }
    line += '"';
}

Result<LogLevel> logLevelFrom(const QString &name)
{
    if (name == "debug"_L1 || name == "trace"_L1)
        return LogLevel::Debug;
    if (name == "info"_L1)
        return LogLevel::Info;
    if (name == "warning"_L1 || name == "warn"_L1)
        return LogLevel::Warning;
    if (name == "critical"_L1 || name == "error"_L1)
        return LogLevel::Critical;
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("\"%1\" is no log level. Use debug, info, warning or critical.").arg(name));
}

QString logLevelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return u"debug"_s;
    case LogLevel::Info:
        return u"info"_s;
    case LogLevel::Warning:
        return u"warning"_s;
    case LogLevel::Critical:
        break;
    }
    return u"critical"_s;
}

Result<LogFormat> logFormatFrom(const QString &name)
{
    if (name == "text"_L1)
        return LogFormat::Text;
    if (name == "json"_L1)
        return LogFormat::Json;
    return fail(ErrorCode::InvalidInput,
                Message::tr("\"%1\" is no log format. Use text or json.").arg(name));
}

void installLogging(LogLevel level, LogFormat format)
{
    installedFormat = format;
    isInstalled = true;
    setLogLevel(level);
    std::atexit([] { output().end(); });
    qInstallMessageHandler(handleMessage);
}

void logToFile(const QString &path)
{
    if (!isInstalled)
        return;
    const QString component = QString::fromUtf8(lcApp().categoryName());
    output().useFile(std::make_unique<LogFile>(path), [path, component](const QString &reason) {
        const QString told = u"The log file %1 cannot be written: %2"_s.arg(path, reason);
        return lineOf(QtWarningMsg, component, redacted(told));
    });
}

void setLogLevel(LogLevel level)
{
    if (!isInstalled)
        return;
    QString rules;
    if (level > LogLevel::Debug)
        rules += u"*.debug=false\n"_s;
    else
        rules += u"gatehouse.*.debug=true\nqt.*.debug=false\n"_s;
    if (level > LogLevel::Info)
        rules += u"*.info=false\n"_s;
    if (level > LogLevel::Warning)
        rules += u"*.warning=false\n"_s;
    QLoggingCategory::setFilterRules(rules);
}

} // namespace gatehouse::base
