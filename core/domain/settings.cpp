#include "domain/settings.h"

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

Settings settingsFrom(const QMap<QString, QString> &stored,
                      const QMap<QString, QString> &environment,
                      QStringList *ignored)
{
    Settings settings;
    const auto apply = [&](const QString &key, const QString &value, const QString &origin) {
        const Result<> done = assign(settings, key, value);
        if (!done && ignored)
            ignored->append(origin + u": "_s + done.error().message.english());
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
    return settings;
}

} // namespace gatehouse::domain
