#include "preferences/settingsstore.h"

#include "admin/administration.h"
#include "preferences/windowsettings.h"
#include "widgets/uistate.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::Answer;
using admin::SettingView;
using base::Result;

const QString SettingsStore::startsAtLogin = u"startup/login"_s;

SettingsStore::SettingsStore(const Services &services, SettingsHooks hooks, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_hooks(std::move(hooks))
{
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            [this] {
                dropWhatIsStored();
                emit changed();
            });
    connect(&m_services.state, &UiState::changed, this, [this](const QString &key) {
        const std::vector<SettingView> own = windowSettings(m_services.state);
        const auto isKey = [&key](const SettingView &one) { return one.key == key; };
        if (std::any_of(own.begin(), own.end(), isKey))
            emit changed();
    });
}

// Those that the gateway does not keep.
std::vector<SettingView> SettingsStore::ofProgram() const
{
    std::vector<SettingView> all = windowSettings(m_services.state);
    if (m_hooks.startsAtLogin) {
        const bool enabled = m_hooks.startsAtLogin();
        all.push_back({.key = startsAtLogin,
                       .value = enabled ? u"true"_s : u"false"_s,
                       .label = tr("Start at log-in"),
                       .description = tr("Gatehouse starts when you log in to this computer"),
                       .kind = SettingView::Kind::Boolean,
                       .defaultValue = u"false"_s,
                       .isModified = enabled});
    }
    return all;
}

SettingView SettingsStore::shown(SettingView setting) const
{
    if (const auto held = m_held.constFind(setting.key); held != m_held.constEnd()) {
        setting.value = *held;
        setting.isModified = setting.value != setting.defaultValue;
    }
    return setting;
}

std::vector<SettingView> SettingsStore::all() const
{
    std::vector<SettingView> all = m_services.administration.settings.all();
    for (const SettingView &each : ofProgram())
        all.push_back(each);
    for (SettingView &each : all)
        each = shown(std::move(each));
    return all;
}

std::optional<SettingView> SettingsStore::find(const QString &key) const
{
    if (const auto found = m_services.administration.settings.find(key))
        return shown(*found);
    for (const SettingView &each : ofProgram()) {
        if (each.key == key)
            return each;
    }
    return std::nullopt;
}

QString SettingsStore::problem(const SettingView &setting, const QString &value) const
{
    if (!domain::settingDescriptor(setting.key))
        return {};
    const Result<> sound = m_services.administration.settings.check(setting.key, value);
    return sound ? QString() : sound.error().message.translated();
}

QString SettingsStore::lockReason(const SettingView &setting) const
{
    if (setting.fromEnvironment) {
        return tr("Set by %1 when Gatehouse was started; it cannot be changed here.")
            .arg(setting.variable);
    }
    if (setting.key == "traffic.ledger_bytes"_L1
        && !m_services.administration.maintenance.isOffered())
        return tr("A PostgreSQL database cannot be limited here; limit the days instead.");
    if (setting.key == windowkey::hidden && !hasTray())
        return tr("This desktop shows no tray, so that a hidden window could not be reached. It is "
                  "minimised instead.");
    return {};
}

QString SettingsStore::lockReason(const SettingView &setting, const QString &choice) const
{
    if (setting.key == windowkey::close && choice == windowkey::closeToTray && !hasTray())
        return tr("This desktop shows no tray that the gateway could be kept running in.");
    return {};
}

bool SettingsStore::hasTray() const
{
    return !m_hooks.hasTray || m_hooks.hasTray();
}

Answer<> SettingsStore::set(const QString &key, const QString &value)
{
    const std::optional<SettingView> setting = find(key);
    if (!setting)
        return admin::refused<void>(base::ErrorCode::NotFound,
                                    base::Message::verbatim(tr("There is no such setting.")));
    if (!domain::settingDescriptor(key)) {
        const Result<> outcome = setOfWindow(key, value);
        if (key == startsAtLogin)
            emit changed();
        return admin::answered<void>(outcome);
    }
    if (const QString reason = problem(*setting, value); !reason.isEmpty())
        return admin::refused<void>(base::ErrorCode::InvalidInput, base::Message::verbatim(reason));
    if (!setting->restartsListener)
        return m_services.administration.settings.set(key, value);
    m_held.insert(key, value);
    dropWhatIsStored();
    emit changed();
    return admin::answered<void>({});
}

Answer<> SettingsStore::reset(const QString &key)
{
    const std::optional<SettingView> setting = find(key);
    if (setting && domain::settingDescriptor(key) && !setting->restartsListener)
        return m_services.administration.settings.reset(key);
    return set(key, setting ? setting->defaultValue : QString());
}

Result<> SettingsStore::setOfWindow(const QString &key, const QString &value)
{
    if (key == startsAtLogin)
        return m_hooks.setStartsAtLogin(value == "true"_L1);
    m_services.state.setValue(key, value);
    return {};
}

// What is held back but as it is stored anyway needs no restart.
void SettingsStore::dropWhatIsStored()
{
    if (m_held.isEmpty())
        return;
    for (const SettingView &each : m_services.administration.settings.all()) {
        const auto held = m_held.constFind(each.key);
        if (held != m_held.constEnd() && (*held == each.value || each.fromEnvironment))
            m_held.erase(held);
    }
}

void SettingsStore::discard()
{
    m_held.clear();
    emit changed();
}

Answer<> SettingsStore::store()
{
    for (const SettingView &each : m_services.administration.settings.all()) {
        if (m_held.contains(each.key) && !m_former.contains(each.key))
            m_former.insert(each.key, each.value);
    }
    return storeAll(m_held);
}

Answer<> SettingsStore::restoreFormer()
{
    return storeAll(std::exchange(m_former, {}));
}

// One after the other; the first failure ends it.
Answer<> SettingsStore::storeAll(const QMap<QString, QString> &values)
{
    if (values.isEmpty())
        return admin::answered<void>({});
    QMap<QString, QString> rest = values;
    const QString key = rest.firstKey();
    const QString value = rest.take(key);
    return admin::onSuccess(m_services.administration.settings.set(key, value),
                            this,
                            [this, rest]() -> Answer<> { return storeAll(rest); });
}

} // namespace gatehouse::ui
