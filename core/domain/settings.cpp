#include "domain/settings.h"

#include "domain/networks.h"
#include "domain/settingcheck.h"

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using Kind = SettingDescriptor::Kind;

Result<> assign(Settings &settings, const QString &key, const QString &value)
{
    const SettingDescriptor *setting = settingDescriptor(key);
    if (!setting)
        return fail(ErrorCode::NotFound,
                    Message::tr("There is no setting \"%1\".").arg(key.left(100)));
    const bool isText = setting->kind == Kind::Text || setting->kind == Kind::LongText;
    const QString trimmed = isText ? value : value.trimmed();
    return check(*setting, trimmed).map([&] { setting->write(settings, trimmed); });
}

namespace {

// What is no address there is left out, as a setting is.
void applyOpenTelemetry(Settings &settings,
                        const QMap<QString, QString> &environment,
                        QStringList *ignored)
{
    Settings::Integrations::OpenTelemetry &told = settings.integrations.openTelemetry;
    const SettingDescriptor *address = settingDescriptor(u"integrations.otlp_endpoint"_s);
    const auto applyAddress = [&](const QString &name, QString &target) {
        const QString value = environment.value(name);
        if (const Result<> sound = check(*address, value))
            target = value;
        else if (ignored)
            ignored->append(name + u": "_s + sound.error().message.english());
    };
    applyAddress(u"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"_s, told.tracesEndpoint);
    applyAddress(u"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"_s, told.metricsEndpoint);
    told.resourceAttributes = environment.value(u"OTEL_RESOURCE_ATTRIBUTES"_s);
    told.isDisabled =
        environment.value(u"OTEL_SDK_DISABLED"_s).trimmed().compare("true"_L1, Qt::CaseInsensitive)
        == 0;
}

} // namespace

Settings settingsFrom(const QMap<QString, QString> &stored,
                      const QMap<QString, QString> &environment,
                      QStringList *ignored)
{
    Settings settings;
    const auto apply = [&](const QString &key, const QString &value, const QString &origin) {
        const Result<> done = assign(settings, key, value);
        if (done)
            return;
        if (ignored)
            ignored->append(origin + u": "_s + done.error().message.english());
        // Who wants to keep others out does not let everybody in by a slip of the pen.
        if (key == "server.allowed_networks"_L1)
            settings.server.allowedNetworks = thisComputerWord;
    };
    for (auto it = stored.cbegin(); it != stored.cend(); ++it) {
        if (settingDescriptor(it.key()))
            apply(it.key(), it.value(), it.key());
    }
    for (const SettingDescriptor &setting : settingDescriptors()) {
        for (const QString &name : {setting.oneApiEnvironment, variableOf(setting)}) {
            if (!name.isEmpty() && environment.contains(name))
                apply(setting.key, environment.value(name), name);
        }
    }
    applyOpenTelemetry(settings, environment, ignored);
    settings.proxies = OutgoingProxies::from(environment, ignored);
    return settings;
}

} // namespace gatehouse::domain
