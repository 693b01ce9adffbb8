#include "admin/upkeep/settingsservice.h"

#include "admin/history/differences.h"
#include "admin/history/recording.h"
#include "admin/integrations/otlpexport.h"
#include "admin/integrations/webhookdelivery.h"
#include "admin/upkeep/settinglabels.h"
#include "domain/settingcheck.h"
#include "gateway/gateway.h"
#include "storage/repositories/settingsrepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using domain::SettingDescriptor;
using storage::Database;
using storage::SettingsRepository;

namespace {

const QString foreignPrefix = u"option."_s;
constexpr qsizetype longestKey = 100;
constexpr qsizetype longestValue = 64 * 1024;
constexpr qsizetype mostForeign = 500;

bool isForeignKey(const QString &key)
{
    return !key.isEmpty() && key.size() <= longestKey
           && std::all_of(key.cbegin(), key.cend(), [](QChar c) {
                  return c.unicode() < 0x7f
                         && (c.isLetterOrNumber() || c == u'_' || c == u'.' || c == u'-');
              });
}

// What is stored without being sealed must not be a secret.
bool isSecretKey(const QString &key)
{
    static const QStringList endings{
        u"token"_s, u"secret"_s, u"key"_s, u"password"_s, u"credential"_s};
    return std::any_of(endings.cbegin(), endings.cend(), [&key](const QString &ending) {
        return key.endsWith(ending, Qt::CaseInsensitive);
    });
}

// What a variable of the environment says goes before what is stored, if it can be understood.
bool decides(const QMap<QString, QString> &environment,
             const QString &variable,
             const SettingDescriptor &setting)
{
    const auto given = environment.constFind(variable);
    if (given == environment.constEnd())
        return false;
    domain::Settings trial;
    return domain::assign(trial, setting.key, *given).has_value();
}

// What the gateway could not be started with is not stored.
Result<> checkListen(const QString &value)
{
    const QStringList addresses = value.simplified().split(u' ', Qt::SkipEmptyParts);
    if (addresses.isEmpty())
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The gateway needs an address to listen on."));
    for (const QString &text : addresses) {
        if (const auto address = gateway::listenAddressFrom(text); !address)
            return fail(address.error());
    }
    return {};
}

// Nothing: back to the default.
Result<> storeSetting(Database &database,
                      const SettingDescriptor &setting,
                      const std::optional<QString> &value)
{
    SettingsRepository settings(database);
    const Result<std::optional<QString>> former = settings.find(setting.key);
    if (!former)
        return fail(former.error());
    const QString standard = setting.read(domain::Settings());
    const Result<> stored =
        value ? settings.save(setting.key, *value) : settings.remove(setting.key);
    return stored.and_then([&] {
        return record(database,
                      {.object = domain::HistoryObject::Setting,
                       .name = setting.key,
                       .fields = settingChange(
                           setting.key, former->value_or(standard), value.value_or(standard))});
    });
}

} // namespace

SettingsService::SettingsService(const Foundation &foundation,
                                 OwnAddress isOwnAddress,
                                 QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_isOwnAddress(std::move(isOwnAddress))
{}

domain::Settings SettingsService::current() const
{
    const auto &catalog = m_base.publisher.catalog();
    return catalog ? catalog->settings() : domain::Settings{};
}

void SettingsService::fix(const QString &key, const QString &value, const QString &origin)
{
    m_fixed.insert(key, {.value = value, .origin = origin});
}

SettingView SettingsService::viewOf(const SettingDescriptor &setting,
                                    const domain::Settings &settings) const
{
    const QMap<QString, QString> &environment = m_base.publisher.environment();
    const QString own = domain::variableOf(setting);
    const bool byOwn = decides(environment, own, setting);
    const bool byOther = decides(environment, setting.oneApiEnvironment, setting);
    SettingView view{.key = setting.key,
                     .oneApiKey = setting.oneApiKey,
                     .value = setting.read(settings),
                     .label = settingLabel(setting.key),
                     .description = settingText(setting.description),
                     .fromEnvironment = byOwn || byOther,
                     .variable = byOther && !byOwn ? setting.oneApiEnvironment : own,
                     .kind = setting.kind,
                     .category = setting.category,
                     .unit = settingUnit(setting.kind),
                     .least = setting.least,
                     .most = setting.most,
                     .defaultValue = setting.read(domain::Settings()),
                     .restartsListener = setting.restartsListener,
                     .restartsProgram = setting.restartsProgram};
    if (const auto fixed = m_fixed.constFind(setting.key); fixed != m_fixed.constEnd()) {
        view.value = fixed->value;
        view.fromEnvironment = true;
        view.variable = fixed->origin;
    }
    if (view.fromEnvironment)
        view.variable = m_origins.value(view.variable, view.variable);
    for (const QString &choice : setting.choices)
        view.choices.push_back({.value = choice, .label = settingChoiceLabel(setting.key, choice)});
    view.isModified = view.value != view.defaultValue;
    return view;
}

std::vector<SettingView> SettingsService::all() const
{
    const domain::Settings settings = current();
    std::vector<SettingView> views;
    for (const SettingDescriptor &setting : domain::settingDescriptors())
        views.push_back(viewOf(setting, settings));
    return views;
}

std::optional<SettingView> SettingsService::find(const QString &key) const
{
    const SettingDescriptor *setting = domain::settingDescriptor(key);
    return setting ? std::optional(viewOf(*setting, current())) : std::nullopt;
}

Result<> SettingsService::check(const QString &key, const QString &value) const
{
    domain::Settings trial;
    const Result<> sound = domain::assign(trial, key, value);
    const SettingDescriptor *setting = domain::settingDescriptor(key);
    if (sound && setting->key == "server.listen"_L1)
        return checkListen(value);
    if (sound && setting->key == "integrations.webhook_url"_L1 && !value.isEmpty())
        return checkWebhookTarget(QUrl(value), m_isOwnAddress);
    if (sound && setting->key == "integrations.otlp_endpoint"_L1 && !value.isEmpty())
        return checkOtlpTarget(QUrl(value), m_isOwnAddress);
    return sound;
}

// What set() stores for a value that may be set.
Result<QString> SettingsService::storable(const QString &key, const QString &value) const
{
    domain::Settings trial;
    const Result<> sound =
        check(key, value).and_then([&] { return domain::assign(trial, key, value); });
    if (!sound)
        return fail(sound.error());
    const SettingDescriptor *setting = domain::settingDescriptor(key);
    // What is stored is what will be read: numbers and booleans in one form.
    const QString stored = setting->read(trial);
    const SettingView present = viewOf(*setting, current());
    if (present.fromEnvironment && present.value != stored) {
        return fail(ErrorCode::Conflict,
                    Message::tr("Set by %1 when Gatehouse was started; it cannot be changed here.")
                        .arg(present.variable));
    }
    return stored;
}

Answer<> SettingsService::set(const QString &key, const QString &value)
{
    const Result<QString> stored = storable(key, value);
    if (!stored)
        return refused<void>(stored.error());
    return m_base.publisher.change(
        [setting = domain::settingDescriptor(key), stored = *stored](Database &database) {
            return storeSetting(database, *setting, stored);
        });
}

Answer<> SettingsService::setAll(const QMap<QString, QString> &values)
{
    QMap<QString, QString> stored;
    QStringList defaults;
    const domain::Settings standard;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        const Result<QString> value = storable(it.key(), it.value());
        if (!value)
            return refused<void>(value.error());
        const SettingDescriptor *setting = domain::settingDescriptor(it.key());
        if (*value == setting->read(standard))
            defaults.append(setting->key);
        else
            stored.insert(setting->key, *value);
    }
    return m_base.publisher.change([stored, defaults](Database &database) -> Result<> {
        Result<> done;
        for (const QString &name : defaults) {
            if (done)
                done = storeSetting(database, *domain::settingDescriptor(name), std::nullopt);
        }
        for (auto it = stored.cbegin(); done && it != stored.cend(); ++it)
            done = storeSetting(database, *domain::settingDescriptor(it.key()), it.value());
        return done;
    });
}

Answer<> SettingsService::reset(const QString &key)
{
    const SettingDescriptor *setting = domain::settingDescriptor(key);
    if (!setting) {
        return refused<void>(ErrorCode::NotFound,
                             Message::tr("There is no setting \"%1\".").arg(key.left(longestKey)));
    }
    return m_base.publisher.change(
        [setting](Database &database) { return storeSetting(database, *setting, std::nullopt); });
}

Answer<QMap<QString, QString>> SettingsService::foreign()
{
    return m_base.storage.read([](Database &database) {
        return SettingsRepository(database).all().map([](const QMap<QString, QString> &stored) {
            QMap<QString, QString> options;
            for (auto it = stored.cbegin(); it != stored.cend(); ++it) {
                if (it.key().startsWith(foreignPrefix))
                    options.insert(it.key().mid(foreignPrefix.size()), it.value());
            }
            return options;
        });
    });
}

Answer<> SettingsService::setForeign(const QString &key, const QString &value)
{
    if (!isForeignKey(key)) {
        return refused<void>(
            ErrorCode::InvalidInput,
            Message::tr("\"%1\" is no name for an option.").arg(key.left(longestKey)));
    }
    if (isSecretKey(key)) {
        return refused<void>(
            ErrorCode::InvalidInput,
            Message::tr("This gateway has no use for the option %1 and does not keep secrets "
                        "that it does not need.")
                .arg(key));
    }
    if (value.size() > longestValue)
        return refused<void>(ErrorCode::InvalidInput, Message::tr("The value is too long."));
    return m_base.storage.write([key, value](Database &database) -> Result<> {
        SettingsRepository settings(database);
        const Result<QMap<QString, QString>> stored = settings.all();
        if (!stored)
            return fail(stored.error());
        const auto foreign = std::count_if(stored->keyBegin(), stored->keyEnd(), [](const auto &k) {
            return k.startsWith(foreignPrefix);
        });
        if (foreign >= mostForeign && !stored->contains(foreignPrefix + key))
            return fail(ErrorCode::LimitReached,
                        Message::tr("Too many unknown options are stored."));
        return settings.save(foreignPrefix + key, value).and_then([&] {
            return record(
                database,
                {.object = domain::HistoryObject::Setting,
                 .name = foreignPrefix + key,
                 .fields = settingChange(key, stored->value(foreignPrefix + key), value)});
        });
    });
}

} // namespace gatehouse::admin
