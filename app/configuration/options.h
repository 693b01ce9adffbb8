#pragma once

#include "base/logging.h"

#include <QMap>
#include <QStringList>

#include <optional>

namespace gatehouse::app {

// What the whole program is told by its command line and its environment.
struct Options
{
    QString dataDirectory{};
    QStringList listen{};  // empty: the stored setting
    QString databaseUrl{}; // empty: SQLite in the data directory
    base::LogLevel logLevel = base::LogLevel::Info;
    bool hasLogLevelOption = false; // by the command line, which stands above all else
    base::LogFormat logFormat = base::LogFormat::Text;
    std::optional<QString> logFile{}; // absolute; empty: none; absent: as the command has it
    bool quiet = false;               // says what failed, and what was asked for, alone
    // With what the configuration file says of variables that are not there.
    QMap<QString, QString> environment{};
    QString configurationFile{};                // absolute; empty: none
    QMap<QString, QString> fromConfiguration{}; // of the environment, what the file has said
};

// The options that every sub-command takes, as they stand in --help.
QString commonOptionsHelp();
// The same for completion, as CommandDescription::words.
QStringList commonOptionWords();

// The option --log-file, as it stands in --help of what takes it, and for completion. `usual` is what
// counts without it.
QString logFileOptionHelp(const QString &usual);
QStringList logFileOptionWords();
// Where the window logs to unless it is told otherwise: each data directory has a file of its own.
QString windowLogFile(const Options &options);

// Takes the common options out of `arguments` and leaves the rest in their order. What the command
// line does not say, the environment does; else the configuration file that either names; else the default.
// Unavailable: it is that file that cannot be used.
base::Result<Options> takeOptions(QStringList &arguments,
                                  const QMap<QString, QString> &environment);

// The same command line for another data directory.
QStringList withDataDirectory(QStringList arguments, const QString &directory);

// The environment that the file, as it is now, makes of that of the start.
base::Result<Options> withConfigurationReadAgain(Options options);

// The environment of this process, in which GATEHOUSE_CONFIG names the usual file where there is one and
// the variable is not.
QMap<QString, QString> processEnvironment();

} // namespace gatehouse::app
