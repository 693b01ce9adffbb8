#include "configuration/environment.h"

#include "commands/secretsource.h"
#include "domain/settingcheck.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using base::Secret;

namespace {

const QString databaseVariable = u"GATEHOUSE_DATABASE"_s;

QString fileVariableOf(const QString &name)
{
    return name + u"_FILE"_s;
}

// The form in which the parts of a setting's key are told apart.
QString longVariableOf(const domain::SettingDescriptor &setting)
{
    return u"GATEHOUSE_"_s + QString(setting.key).replace(u"."_s, u"__"_s).toUpper();
}

Result<> adoptLongNames(QMap<QString, QString> &environment)
{
    for (const domain::SettingDescriptor &setting : domain::settingDescriptors()) {
        const auto given = environment.constFind(longVariableOf(setting));
        if (given == environment.constEnd())
            continue;
        const QString name = domain::variableOf(setting);
        if (environment.value(name, *given) != *given) {
            return fail(ErrorCode::InvalidInput,
                        Message::verbatim(u"%1 and %2 say different things of one setting."_s.arg(
                            given.key(), name)));
        }
        const QString value = *given;
        environment.remove(longVariableOf(setting));
        environment.insert(name, value);
    }
    return {};
}

// Of what a system calls a language, such as "zh_CN.UTF-8", the beginning counts.
Result<> readLook(QMap<QString, QString> &environment)
{
    const QString languageVariable = u"GATEHOUSE_LANG"_s;
    const QString themeVariable = u"GATEHOUSE_THEME"_s;
    const auto wrong = [](const QString &name, const QString &known) {
        return fail(ErrorCode::InvalidInput,
                    Message::verbatim(u"%1 needs one of: %2."_s.arg(name, known)));
    };
    if (QString language = environment.value(languageVariable); !language.isEmpty()) {
        language = language.replace(u'-', u'_').section(u'_', 0, 0).toLower();
        if (language != "en"_L1 && language != "zh"_L1)
            return wrong(languageVariable, u"en, zh_CN"_s);
        environment.insert(languageVariable, language == "zh"_L1 ? u"zh_CN"_s : language);
    }
    static const QStringList themes{u"system"_s, u"light"_s, u"dark"_s};
    const QString theme = environment.value(themeVariable);
    if (!theme.isEmpty() && !themes.contains(theme))
        return wrong(themeVariable, themes.join(u", "_s));
    return {};
}

Result<> checkSecrets(const QMap<QString, QString> &environment)
{
    if (!environment.value(u"GATEHOUSE_MASTER_KEY"_s).isEmpty()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::verbatim(
                u"GATEHOUSE_MASTER_KEY is not taken, since every process that is started with it "
                "could read the key. Put the key into a file that its owner alone can read, and "
                "name that in GATEHOUSE_MASTER_KEY_FILE."_s));
    }
    for (const QString &name : secretVariables()) {
        const QString file = fileVariableOf(name);
        if (!environment.value(name).isEmpty() && !environment.value(file).isEmpty()) {
            return fail(
                ErrorCode::InvalidInput,
                Message::verbatim(u"Both %1 and %2 are there. Leave one out."_s.arg(name, file)));
        }
    }
    return {};
}

} // namespace

const QStringList &secretVariables()
{
    static const QStringList names{databaseVariable,
                                   u"GATEHOUSE_ROOT_PASSWORD"_s,
                                   u"GATEHOUSE_METRICS_TOKEN"_s,
                                   u"GATEHOUSE_WEBHOOK_SECRET"_s,
                                   u"INITIAL_ROOT_TOKEN"_s,
                                   u"INITIAL_ROOT_ACCESS_TOKEN"_s,
                                   u"OTEL_EXPORTER_OTLP_HEADERS"_s};
    return names;
}

bool hasSecretVariable(const QMap<QString, QString> &environment, const QString &name)
{
    return !environment.value(name).isEmpty() || !environment.value(fileVariableOf(name)).isEmpty();
}

Result<Secret> secretVariable(const QMap<QString, QString> &environment, const QString &name)
{
    const QString path = environment.value(fileVariableOf(name));
    if (path.isEmpty())
        return Secret(environment.value(name));
    const Result<QString> line =
        readSecretLine({.kind = SecretSource::Kind::File, .place = path}, environment);
    if (line)
        return Secret(*line);
    return fail(ErrorCode::InvalidInput,
                Message::verbatim(fileVariableOf(name) + u": "_s + line.error().message.english()));
}

Result<QMap<QString, QString>> canonicalEnvironment(QMap<QString, QString> environment)
{
    const Result<> sound =
        adoptLongNames(environment).and_then([&] { return readLook(environment); }).and_then([&] {
            return checkSecrets(environment);
        });
    if (!sound)
        return fail(sound.error());
    if (environment.value(fileVariableOf(databaseVariable)).isEmpty())
        return environment;
    return secretVariable(environment, databaseVariable).map([&](const Secret &url) {
        environment.insert(databaseVariable, QString::fromUtf8(url.reveal()));
        environment.remove(fileVariableOf(databaseVariable));
        return environment;
    });
}

} // namespace gatehouse::app
