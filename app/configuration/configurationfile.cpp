#include "configuration/configurationfile.h"

#include "base/logging.h"
#include "domain/settingcheck.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUrl>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::SettingDescriptor;

namespace {

struct StartKey
{
    const char *key;
    const char *variable;
};

// What is needed before there are settings. Of secrets, the files that hold them.
constexpr std::array keysOfStart{
    StartKey{"data_dir", "GATEHOUSE_DATA_DIR"},
    StartKey{"database", "GATEHOUSE_DATABASE"},
    StartKey{"database_file", "GATEHOUSE_DATABASE_FILE"},
    StartKey{"log_format", "GATEHOUSE_LOG_FORMAT"},
    StartKey{"log_file", "GATEHOUSE_LOG_FILE"},
    StartKey{"secrets", "GATEHOUSE_SECRETS"},
    StartKey{"master_key_file", "GATEHOUSE_MASTER_KEY_FILE"},
    StartKey{"root_password_file", "GATEHOUSE_ROOT_PASSWORD_FILE"},
    StartKey{"metrics_token_file", "GATEHOUSE_METRICS_TOKEN_FILE"},
    StartKey{"webhook_secret_file", "GATEHOUSE_WEBHOOK_SECRET_FILE"},
    StartKey{"otlp_headers_file", "OTEL_EXPORTER_OTLP_HEADERS_FILE"},
};

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

tl::unexpected<base::Error> wrongFile(const QString &path, const QString &message)
{
    return fail(ErrorCode::Unavailable,
                Message::verbatim(u"In the configuration file %1%2"_s.arg(
                    QDir::toNativeSeparators(path), message)));
}

tl::unexpected<base::Error>
wrongLine(const QString &path, const toml::source_region &place, const QString &message)
{
    return wrongFile(path, u", line %1: %2"_s.arg(place.begin.line).arg(message));
}

// The text by which a variable would say it; nothing: the value is of another type.
std::optional<QString> textFor(SettingDescriptor::Kind kind, const toml::node &node)
{
    using Kind = SettingDescriptor::Kind;
    const auto word = [&]() -> std::optional<QString> {
        const toml::value<std::string> *text = node.as_string();
        return text ? std::optional(textOf(text->get())) : std::nullopt;
    };
    const auto whole = [&]() -> std::optional<QString> {
        const toml::value<int64_t> *number = node.as_integer();
        return number ? std::optional(QString::number(qint64(number->get()))) : std::nullopt;
    };
    switch (kind) {
    case Kind::Boolean:
        if (const toml::value<bool> *answer = node.as_boolean())
            return answer->get() ? u"true"_s : u"false"_s;
        return std::nullopt;
    case Kind::Number:
        if (const toml::value<double> *number = node.as_floating_point())
            return QString::number(number->get(), 'g', 17);
        return whole();
    case Kind::Text:
    case Kind::LongText:
    case Kind::Path:
    case Kind::Folder:
    case Kind::Choice:
        return word();
    default:
        return whole();
    }
}

QString typeFor(SettingDescriptor::Kind kind)
{
    using Kind = SettingDescriptor::Kind;
    switch (kind) {
    case Kind::Boolean:
        return u"true or false"_s;
    case Kind::Number:
        return u"a number"_s;
    case Kind::Text:
    case Kind::LongText:
    case Kind::Path:
    case Kind::Folder:
    case Kind::Choice:
        return u"a text in quotation marks"_s;
    default:
        return u"a whole number"_s;
    }
}

Result<>
readSetting(const SettingDescriptor &setting, const toml::node &node, ConfigurationFile &file)
{
    const std::optional<QString> text = textFor(setting.kind, node);
    if (!text) {
        return wrongLine(
            file.path, node.source(), u"%1 must be %2."_s.arg(setting.key, typeFor(setting.kind)));
    }
    if (const Result<> sound = domain::check(setting, *text); !sound)
        return wrongLine(file.path, node.source(), sound.error().message.english());
    file.variables.insert(domain::variableOf(setting), *text);
    return {};
}

// A file is meant beside the configuration, wherever the program is started.
Result<> readStartKey(const StartKey &known, const toml::node &node, ConfigurationFile &file)
{
    const QString key = QString::fromLatin1(known.key);
    const toml::value<std::string> *given = node.as_string();
    if (!given || given->get().empty()) {
        return wrongLine(
            file.path, node.source(), u"%1 must be a text in quotation marks."_s.arg(key));
    }
    QString text = textOf(given->get());
    if (key == "database"_L1 && !QUrl(text).password().isEmpty()) {
        return wrongLine(file.path,
                         node.source(),
                         u"A password does not belong here; database_file names a file that holds "
                         "the whole address."_s);
    }
    if (key == "log_format"_L1) {
        if (const auto format = base::logFormatFrom(text); !format)
            return wrongLine(file.path, node.source(), format.error().message.english());
    }
    const bool isPath = key.endsWith("_file"_L1) || key.endsWith("_dir"_L1);
    if (isPath && text != "none"_L1)
        text = QFileInfo(file.path).absoluteDir().absoluteFilePath(text);
    file.variables.insert(QString::fromLatin1(known.variable), text);
    return {};
}

// Of two spellings of one key, such as within its table and with dots in quotation marks.
Result<> checkOnce(const QString &variable,
                   const QString &key,
                   const toml::node &node,
                   const ConfigurationFile &file)
{
    if (!file.variables.contains(variable))
        return {};
    return wrongLine(file.path, node.source(), u"%1 is given more than once."_s.arg(key));
}

Result<> readKey(const QString &key, const toml::node &node, ConfigurationFile &file)
{
    for (const StartKey &known : keysOfStart) {
        if (key == QLatin1StringView(known.key))
            return checkOnce(QString::fromLatin1(known.variable), key, node, file).and_then([&] {
                return readStartKey(known, node, file);
            });
    }
    const SettingDescriptor *setting = domain::settingDescriptor(key);
    if (setting && setting->key == key)
        return checkOnce(domain::variableOf(*setting), key, node, file).and_then([&] {
            return readSetting(*setting, node, file);
        });
    return wrongLine(file.path, node.source(), u"There is no setting \"%1\"."_s.arg(key.left(100)));
}

Result<> readTable(const toml::table &table, const QString &prefix, ConfigurationFile &file)
{
    for (const auto &[name, node] : table) {
        const QString key = prefix + textOf(name.str());
        const toml::table *inner = node.as_table();
        const Result<> read =
            inner ? readTable(*inner, QString(key + u'.'), file) : readKey(key, node, file);
        if (!read)
            return read;
    }
    return {};
}

// The other spellings by which the environment may decide on what `variable` does.
QStringList rivalsOf(const QString &variable)
{
    const QString file = u"_FILE"_s;
    QStringList rivals{variable, QString(variable + file)};
    if (variable.endsWith(file))
        rivals.append(variable.chopped(file.size()));
    if (variable.startsWith("GATEHOUSE_DATABASE"_L1))
        rivals.append(u"SQL_DSN"_s);
    if (variable == "GATEHOUSE_SERVER_LISTEN"_L1)
        rivals += {u"GATEHOUSE_LISTEN"_s, u"GATEHOUSE_PORT"_s, u"PORT"_s};
    for (const SettingDescriptor &setting : domain::settingDescriptors()) {
        if (domain::variableOf(setting) == variable && !setting.oneApiEnvironment.isEmpty())
            rivals.append(setting.oneApiEnvironment);
    }
    return rivals;
}

// An empty variable is none, as everywhere, unless it is a value that the setting may have.
bool decides(const QString &name, const QString &value, const QString &variable)
{
    if (!value.isEmpty())
        return true;
    const std::span<const SettingDescriptor> all = domain::settingDescriptors();
    return name == variable
           && std::any_of(all.begin(), all.end(), [&](const SettingDescriptor &setting) {
                  return domain::variableOf(setting) == variable && domain::check(setting, value);
              });
}

} // namespace

Result<ConfigurationFile> ConfigurationFile::read(const QString &path)
{
    constexpr qint64 most = 1024 * 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::Unavailable,
                    Message::verbatim(u"The configuration file %1 cannot be read (%2)."_s.arg(
                        QDir::toNativeSeparators(path), file.errorString())));
    }
    const QByteArray text = file.read(most + 1);
    if (text.size() > most)
        return wrongFile(path, u" stands more than 1 MiB."_s);
    return parse(text, path);
}

Result<ConfigurationFile> ConfigurationFile::parse(const QByteArray &text, const QString &path)
{
    const toml::parse_result parsed =
        toml::parse(std::string_view(text.constData(), static_cast<size_t>(text.size())));
    if (!parsed) {
        return wrongLine(
            path, parsed.error().source(), textOf(parsed.error().description()) + u'.');
    }
    ConfigurationFile file{.path = path};
    if (const Result<> read = readTable(parsed.table(), {}, file); !read)
        return fail(read.error());
    if (file.variables.contains(u"GATEHOUSE_DATABASE"_s)
        && file.variables.contains(u"GATEHOUSE_DATABASE_FILE"_s)) {
        return wrongFile(path, u": Both database and database_file are there. Leave one out."_s);
    }
    return file;
}

QMap<QString, QString> ConfigurationFile::beneath(const QMap<QString, QString> &environment) const
{
    QMap<QString, QString> left = variables;
    left.removeIf([&](const QMap<QString, QString>::iterator &variable) {
        const QStringList rivals = rivalsOf(variable.key());
        return std::any_of(rivals.begin(), rivals.end(), [&](const QString &name) {
            const auto given = environment.constFind(name);
            return given != environment.constEnd() && decides(name, *given, variable.key());
        });
    });
    return left;
}

QStringList startKeys()
{
    QStringList keys;
    for (const StartKey &known : keysOfStart)
        keys.append(QString::fromLatin1(known.key));
    return keys;
}

QString usualConfigurationFile()
{
    QStringList places{QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
                       + u"/gatehouse/config.toml"_s};
#ifdef Q_OS_UNIX
    places.append(u"/etc/gatehouse/config.toml"_s);
#endif
    for (const QString &place : std::as_const(places)) {
        if (QFileInfo::exists(place))
            return place;
    }
    return {};
}

} // namespace gatehouse::app
