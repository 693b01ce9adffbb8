#include "configuration/options.h"

#include "configuration/configurationfile.h"
#include "configuration/environment.h"

#include <QCryptographicHash>
#include <QDir>
#include <QProcessEnvironment>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

const QString dataDirectoryOption = u"--data-dir"_s;
const QString logFileOption = u"--log-file"_s;
const QString configurationOption = u"--config"_s;
const QString configurationVariable = u"GATEHOUSE_CONFIG"_s;

// The value of `--name VALUE` or `--name=VALUE` at `index`; removes what it took.
Result<QString> takeValue(QStringList &arguments, qsizetype index, const QString &name)
{
    const QString argument = arguments.takeAt(index);
    if (argument.startsWith(name + u'='))
        return argument.mid(name.size() + 1);
    if (index >= arguments.size()) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"The option %1 needs a value."_s.arg(name)));
    }
    return arguments.takeAt(index);
}

QString defaultDataDirectory()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
}

// Where the system wants logs to be.
QString logDirectory(const Options &options)
{
#if defined(Q_OS_WIN)
    return options.dataDirectory + u"/logs"_s;
#elif defined(Q_OS_MACOS)
    Q_UNUSED(options)
    return QDir::homePath() + u"/Library/Logs/gatehouse"_s;
#else
    const QString state = options.environment.value(u"XDG_STATE_HOME"_s);
    return (QDir::isAbsolutePath(state) ? state : QDir::homePath() + u"/.local/state"_s)
           + u"/gatehouse/log"_s;
#endif
}

Result<> applyLogFile(Options &options, const QString &value)
{
    if (value.isEmpty()) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"The option --log-file needs a value."_s));
    }
    options.logFile = value == "none"_L1 ? QString() : QDir::current().absoluteFilePath(value);
    return {};
}

// The last --config among the arguments, which is taken out; else the variable. Empty: none is to be read.
Result<QString> takeConfiguration(QStringList &arguments, const QMap<QString, QString> &environment)
{
    QString file = environment.value(configurationVariable);
    for (qsizetype i = 0; i < arguments.size() && arguments.at(i) != "--"_L1;) {
        if (arguments.at(i).section(u'=', 0, 0) != configurationOption) {
            ++i;
            continue;
        }
        const Result<QString> value = takeValue(arguments, i, configurationOption);
        if (!value)
            return fail(value.error());
        file = *value;
    }
    if (file.isEmpty() || file == "none"_L1)
        return QString();
    return QDir::current().absoluteFilePath(file);
}

Result<> applyConfiguration(Options &options)
{
    if (options.configurationFile.isEmpty())
        return {};
    const Result<ConfigurationFile> file = ConfigurationFile::read(options.configurationFile);
    if (!file)
        return fail(file.error());
    options.fromConfiguration = file->beneath(options.environment);
    options.environment.insert(options.fromConfiguration);
    return {};
}

QString firstOf(const QMap<QString, QString> &environment, const QStringList &names)
{
    for (const QString &name : names) {
        if (const QString value = environment.value(name); !value.isEmpty())
            return value;
    }
    return {};
}

Result<> applyEnvironment(Options &options)
{
    // To OpenTelemetry an empty variable is none.
    options.environment.removeIf([](const QMap<QString, QString>::iterator &variable) {
        return variable.key().startsWith("OTEL_"_L1) && variable.value().isEmpty();
    });
    const QMap<QString, QString> environment = options.environment;
    options.dataDirectory = environment.value(u"GATEHOUSE_DATA_DIR"_s);
    options.listen = environment.value(u"GATEHOUSE_LISTEN"_s).split(u' ', Qt::SkipEmptyParts);
    for (const QString &name : {u"GATEHOUSE_PORT"_s, u"PORT"_s}) {
        if (const QString port = environment.value(name);
            options.listen.isEmpty() && !port.isEmpty())
            options.listen = {u"127.0.0.1:"_s + port};
    }
    options.databaseUrl = firstOf(environment, {u"GATEHOUSE_DATABASE"_s, u"SQL_DSN"_s});
    if (const QString level = environment.value(u"GATEHOUSE_LOG_LEVEL"_s); !level.isEmpty()) {
        const auto known = base::logLevelFrom(level);
        if (!known)
            return fail(known.error());
        options.logLevel = *known;
        // The setting of this name knows no other words for the levels.
        options.environment.insert(u"GATEHOUSE_LOG_LEVEL"_s, base::logLevelName(*known));
    }
    if (const QString format = environment.value(u"GATEHOUSE_LOG_FORMAT"_s); !format.isEmpty()) {
        const auto known = base::logFormatFrom(format);
        if (!known)
            return fail(known.error());
        options.logFormat = *known;
    }
    if (const QString file = environment.value(u"GATEHOUSE_LOG_FILE"_s); !file.isEmpty())
        return applyLogFile(options, file);
    return {};
}

Result<> applyOption(Options &options, const QString &name, const QString &value)
{
    if (name == dataDirectoryOption) {
        options.dataDirectory = value;
    } else if (name == "--listen"_L1) {
        options.listen.append(value);
    } else if (name == "--database"_L1) {
        options.databaseUrl = value;
    } else if (name == "--log-level"_L1) {
        const auto level = base::logLevelFrom(value);
        if (!level)
            return fail(level.error());
        options.logLevel = *level;
        options.hasLogLevelOption = true;
    } else if (name == logFileOption) {
        return applyLogFile(options, value);
    } else {
        const auto format = base::logFormatFrom(value);
        if (!format)
            return fail(format.error());
        options.logFormat = *format;
    }
    return {};
}

// Of options without a value.
bool applyLoudness(Options &options, const QString &argument)
{
    const bool verbose = argument == "-v"_L1 || argument == "--verbose"_L1;
    const bool quiet = argument == "-q"_L1 || argument == "--quiet"_L1;
    if (!verbose && !quiet)
        return false;
    options.logLevel = verbose ? base::LogLevel::Debug : base::LogLevel::Critical;
    options.hasLogLevelOption = true;
    options.quiet = quiet;
    return true;
}

} // namespace

QString commonOptionsHelp()
{
    return u"  --config FILE       settings in TOML, below options and variables "
           u"[GATEHOUSE_CONFIG];\n"
           "                      none: no file\n"
           "                      default: ~/.config/gatehouse/config.toml, then\n"
           "                      /etc/gatehouse/config.toml\n"
           "  --data-dir DIR      where everything is kept [GATEHOUSE_DATA_DIR]\n"
           "                      default: %1\n"
           "  --database URL      postgresql://user@host/name instead of SQLite in the data\n"
           "                      directory [GATEHOUSE_DATABASE, SQL_DSN]\n"
           "  --log-level LEVEL   debug, info, warning or critical [GATEHOUSE_LOG_LEVEL]\n"
           "  --log-format F      text or json [GATEHOUSE_LOG_FORMAT]\n"
           "  -v, --verbose       as --log-level debug\n"
           "  -q, --quiet         logs critical lines alone, and says nothing of what went well\n"_s
               .arg(QDir::toNativeSeparators(defaultDataDirectory()));
}

QStringList commonOptionWords()
{
    return {u"--config=FILE"_s,
            u"--data-dir=DIR"_s,
            u"--database="_s,
            u"--log-level=debug|info|warning|critical"_s,
            u"--log-format=text|json"_s,
            u"--verbose"_s,
            u"--quiet"_s};
}

QString logFileOptionHelp(const QString &usual)
{
    return u"  --log-file FILE     logs into a file, too, which is begun anew at 10 MB; the four\n"
           "                      before it are kept beside it; none: into no file\n"
           "                      [GATEHOUSE_LOG_FILE]\n"
           "                      default: %1\n"_s.arg(usual);
}

QStringList logFileOptionWords()
{
    return {u"--log-file=FILE"_s};
}

QString windowLogFile(const Options &options)
{
    QString name = u"gatehouse"_s;
#ifndef Q_OS_WIN
    // The variable moves the usual directory, but not the logs.
    const bool isMoved = !options.environment.value(u"XDG_DATA_HOME"_s).isEmpty();
    if (isMoved || options.dataDirectory != defaultDataDirectory()) {
        constexpr qsizetype digits = 8;
        const QByteArray hash =
            QCryptographicHash::hash(options.dataDirectory.toUtf8(), QCryptographicHash::Sha256);
        name += u'-' + QString::fromLatin1(hash.toHex().first(digits));
    }
#endif
    return logDirectory(options) + u'/' + name + u".log"_s;
}

Result<Options> takeOptions(QStringList &arguments, const QMap<QString, QString> &environment)
{
    static const QStringList names{dataDirectoryOption,
                                   u"--listen"_s,
                                   u"--database"_s,
                                   u"--log-level"_s,
                                   u"--log-format"_s,
                                   logFileOption};
    Options options;
    const Result<QString> configuration = takeConfiguration(arguments, environment);
    if (!configuration)
        return fail(configuration.error());
    options.configurationFile = *configuration;
    Result<QMap<QString, QString>> canonical = canonicalEnvironment(environment);
    if (!canonical)
        return fail(canonical.error());
    options.environment = std::move(*canonical);
    if (const Result<> applied = applyConfiguration(options); !applied)
        return fail(applied.error());
    // A database that the file names by another file.
    canonical = canonicalEnvironment(options.environment);
    if (!canonical)
        return fail(canonical.error());
    options.environment = std::move(*canonical);
    if (const Result<> applied = applyEnvironment(options); !applied)
        return fail(applied.error());

    bool listens = false;
    for (qsizetype i = 0; i < arguments.size();) {
        const QString name = arguments.at(i).section(u'=', 0, 0);
        if (arguments.at(i) == "--"_L1)
            break;
        if (applyLoudness(options, arguments.at(i))) {
            arguments.removeAt(i);
            continue;
        }
        if (!names.contains(name)) {
            ++i;
            continue;
        }
        if (name == "--listen"_L1 && !std::exchange(listens, true))
            options.listen.clear(); // the command line stands above the environment
        const Result<QString> value = takeValue(arguments, i, name);
        if (!value)
            return fail(value.error());
        if (const Result<> applied = applyOption(options, name, *value); !applied)
            return fail(applied.error());
    }
    if (options.dataDirectory.isEmpty())
        options.dataDirectory = defaultDataDirectory();
    options.dataDirectory = QDir(options.dataDirectory).absolutePath();
    return options;
}

QStringList withDataDirectory(QStringList arguments, const QString &directory)
{
    for (qsizetype i = 0; i < arguments.size();) {
        if (arguments.at(i).section(u'=', 0, 0) != dataDirectoryOption)
            ++i;
        else if (!takeValue(arguments, i, dataDirectoryOption))
            break; // there was nothing behind it
    }
    return QStringList{dataDirectoryOption, directory} + arguments;
}

Result<Options> withConfigurationReadAgain(Options options)
{
    for (auto it = options.fromConfiguration.cbegin(); it != options.fromConfiguration.cend(); ++it)
        options.environment.remove(it.key());
    return applyConfiguration(options).map([&] { return options; });
}

QMap<QString, QString> processEnvironment()
{
    const QProcessEnvironment system = QProcessEnvironment::systemEnvironment();
    QMap<QString, QString> all;
    const QStringList names = system.keys();
    for (const QString &name : names)
        all.insert(name, system.value(name));
    if (!all.contains(configurationVariable)) {
        if (const QString usual = usualConfigurationFile(); !usual.isEmpty())
            all.insert(configurationVariable, usual);
    }
    return all;
}

} // namespace gatehouse::app
