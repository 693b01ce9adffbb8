#include "admin/configs/configfile.h"

#include "admin/configs/looseobject.h"
#include "storage/import/privatecopy.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

tl::unexpected<base::Error> unknown(const QString &path)
{
    return fail(
        ErrorCode::InvalidInput,
        Message::tr(
            "The file %1 is none that can be imported. Choose a database of One API, New API "
            "or cc-switch (a SQLite database; those on MySQL or PostgreSQL cannot be "
            "imported), a configuration of LiteLLM, cc-switch or Claude Code Router, or a "
            ".env file.")
            .arg(path));
}

bool isCcSwitch(const QJsonObject &config)
{
    if (config.value("providers"_L1).isObject() && config.contains("current"_L1))
        return true;
    static const QStringList apps{u"claude"_s, u"codex"_s, u"gemini"_s};
    return std::any_of(apps.begin(), apps.end(), [&config](const QString &app) {
        return config.value(app)["providers"_L1].isObject();
    });
}

bool isClaudeCodeRouter(const QJsonObject &config)
{
    return config.value("Providers"_L1).isArray() || config.value("providers"_L1).isArray();
}

// What the reading of it ended with, about the file.
template<typename Read>
Result<QJsonObject> objectIn(const QString &path, Read read)
{
    Result<QJsonObject> object = read();
    if (object || object.error().code == ErrorCode::Cancelled)
        return object;
    return fail(object.error().code,
                Message::tr("The file %1 is broken: %2").arg(path, object.error().message));
}

// What was read, if it is the whole.
Result<ConfigContent> unlessStopped(ConfigContent content, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return fail(storage::importStopped());
    return content;
}

Result<ConfigContent> fromObject(const QString &path,
                                 const QJsonObject &config,
                                 const Variables &variables,
                                 const std::stop_token &stop)
{
    if (config.value("model_list"_L1).isArray())
        return unlessStopped(readLiteLlm(config, variables, stop), stop);
    if (isCcSwitch(config))
        return unlessStopped(readCcSwitch(config, variables, stop), stop);
    if (isClaudeCodeRouter(config))
        return unlessStopped(readClaudeCodeRouter(config, variables, stop), stop);
    static const QStringList ofLiteLlm{
        u"model_list"_s, u"litellm_settings"_s, u"general_settings"_s, u"router_settings"_s};
    if (std::any_of(ofLiteLlm.begin(), ofLiteLlm.end(), [&config](const QString &name) {
            return config.contains(name);
        })) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The file %1 is of LiteLLM, but lists no models (model_list). What "
                                "its own database holds cannot be imported.")
                        .arg(path));
    }
    return unknown(path);
}

// As a name at the beginning of a line: a document need not be read to see that it is another's.
bool isYamlOfLiteLlm(const QString &text)
{
    static const QRegularExpression form(
        u"^[\"']?(model_list|litellm_settings|general_settings|router_settings)[\"']?\\s*:"_s,
        QRegularExpression::MultilineOption);
    return form.match(text).hasMatch();
}

} // namespace

Result<ConfigContent> readConfig(const QString &path,
                                 const QByteArray &content,
                                 const Variables &variables,
                                 const std::stop_token &stop)
{
    QByteArray text = content;
    if (text.startsWith("\xef\xbb\xbf"))
        text.remove(0, 3);
    if (text.trimmed().isEmpty())
        return fail(ErrorCode::InvalidInput, Message::tr("The file %1 is empty.").arg(path));
    if (text.contains('\0'))
        return unknown(path);
    // JSON may begin with a comment here.
    const QByteArray beginning = text.trimmed().left(2);
    if (beginning.startsWith('{') || beginning == "//" || beginning == "/*") {
        return objectIn(path, [&] { return objectFromLooseJson(text, stop); })
            .and_then([&](const QJsonObject &config) {
                return fromObject(path, config, variables, stop);
            });
    }
    const QString asText = QString::fromUtf8(text);
    if (isYamlOfLiteLlm(asText)) {
        return objectIn(path, [&] { return objectFromYaml(text, stop); })
            .and_then([&](const QJsonObject &config) {
                return fromObject(path, config, variables, stop);
            });
    }
    Result<ConfigContent> environment = unlessStopped(readEnvironment(asText, stop), stop);
    if (environment && environment->channels.empty() && environment->skipped.empty())
        return unknown(path);
    return environment;
}

} // namespace gatehouse::admin
