#include "preferences/settingsstore.h"

#include "admin/administration.h"
#include "preferences/windowsettings.h"
#include "widgets/format.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QPointer>
#include <QPromise>

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
                review();
                emit changed();
            });
    constexpr std::chrono::seconds shortWhile(10);
    m_pause.setSingleShot(true);
    m_pause.setInterval(shortWhile);
    connect(&m_pause, &QTimer::timeout, this, &SettingsStore::endSeries);
    m_gatewayState = m_services.gateway.state();
    connect(&m_services.gateway,
            &admin::GatewayControl::stateChanged,
            this,
            &SettingsStore::gatewayChanged);
    connect(&m_services.state, &UiState::changed, this, [this](const QString &key) {
        const std::vector<SettingView> own = windowSettings(m_services.state);
        const auto isKey = [&key](const SettingView &one) { return one.key == key; };
        if (key == windowkey::passwordKnown || key == windowkey::keepAwake
            || std::any_of(own.begin(), own.end(), isKey))
            emit changed();
    });
}

// Those that the gateway does not keep.
std::vector<SettingView> SettingsStore::ofProgram() const
{
    std::vector<SettingView> all = windowSettings(m_services.state);
    if (m_hooks.canKeepAwake)
        all.push_back(keepAwakeSetting(m_services.state));
    if (m_hooks.startsAtLogin) {
        const bool enabled = m_hooks.startsAtLogin();
        all.push_back({.key = startsAtLogin,
                       .value = enabled ? u"true"_s : u"false"_s,
                       .label = tr("Start at login"),
                       .description = tr("Gatehouse starts when you log in to this computer"),
                       .kind = SettingView::Kind::Boolean,
                       .defaultValue = u"false"_s,
                       .isModified = enabled});
    }
    return all;
}

SettingView SettingsStore::shown(SettingView setting) const
{
    const auto waiting = m_waiting.constFind(setting.key);
    if (waiting != m_waiting.constEnd()) {
        setting.value = *waiting;
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
    if (setting.key == "server.tls_certificate"_L1 || setting.key == "server.tls_key"_L1) {
        const std::optional<SettingView> mode = find(u"server.tls"_s);
        if (mode && mode->value == "local"_L1)
            return tr("Not used: the own authority makes the certificate and its key.");
    }
    // The password of the first start was shown to nobody.
    if (setting.key == windowkey::lockAfter && !setting.isModified
        && !m_services.state.value(windowkey::passwordKnown).toBool()) {
        return tr(
            "So that nobody is locked out, change the password of the administrator first, or "
            "lock and unlock the window once (Tools, Lock window).");
    }
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
    return setOfListener(*setting, value);
}

Answer<> SettingsStore::setOfListener(const SettingView &setting, const QString &value)
{
    const QString key = setting.key;
    if (!m_waiting.contains(key) && setting.value == value)
        return admin::answered<void>({});
    return waitFor({{key, value}}, [this, key, value] {
        return m_services.administration.settings.set(key, value);
    });
}

// `values` are those of `store` that wait for a restart of the listener.
Answer<> SettingsStore::waitFor(const QMap<QString, QString> &values,
                                const std::function<Answer<>()> &store)
{
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        if (!m_waiting.contains(it.key())) {
            const std::optional<SettingView> setting = find(it.key());
            if (!setting || setting->value == it.value())
                continue;
            m_former.insert(it.key(), setting->value);
        }
        m_waiting.insert(it.key(), it.value());
    }
    ++m_storing;
    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    Answer<> answer = promise->future();
    admin::whenDone(store(), this, [this, values, promise](Result<> outcome) {
        --m_storing;
        for (auto it = values.cbegin(); outcome && it != values.cend(); ++it) {
            // As it is written now: numbers have one form.
            const auto stored = m_services.administration.settings.find(it.key());
            if (stored && m_waiting.contains(it.key()) && m_waiting.value(it.key()) == it.value())
                m_waiting.insert(it.key(), stored->value);
        }
        review();
        emit changed();
        if (m_storing == 0 && std::exchange(m_startedMeanwhile, false))
            listenerStarted();
        promise->addResult(std::move(outcome));
        promise->finish();
    });
    emit changed();
    return answer;
}

Answer<> SettingsStore::setAll(const QMap<QString, QString> &values)
{
    QMap<QString, QString> ofGateway;
    QMap<QString, QString> ofListener;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        if (!domain::settingDescriptor(it.key())) {
            if (const Result<> outcome = setOfWindow(it.key(), it.value()); !outcome)
                return admin::answered<void>(outcome);
            continue;
        }
        ofGateway.insert(it.key(), it.value());
        const auto setting = m_services.administration.settings.find(it.key());
        if (setting && setting->restartsListener)
            ofListener.insert(it.key(), it.value());
    }
    return waitFor(ofListener, [this, ofGateway] {
        return m_services.administration.settings.setAll(ofGateway);
    });
}

std::vector<SettingView> SettingsStore::resettable() const
{
    std::vector<SettingView> settings = all();
    std::erase_if(settings, [](const SettingView &setting) {
        return !setting.isModified || setting.fromEnvironment;
    });
    return settings;
}

Answer<> SettingsStore::reset(const QString &key)
{
    const std::optional<SettingView> setting = find(key);
    if (setting && domain::settingDescriptor(key) && !setting->restartsListener)
        return m_services.administration.settings.reset(key);
    return set(key, setting ? setting->defaultValue : QString());
}

Answer<> SettingsStore::change(const QString &key, const QString &value)
{
    const std::optional<SettingView> setting = find(key);
    if (!setting)
        return set(key, value);
    const QString before = former(*setting);
    const QString series = seriesOf(*setting);
    m_underway.insert(key, value);
    return kept(set(key, value), {{key, before}}, {{key, value}}, series);
}

Answer<> SettingsStore::changeBack(const QString &key)
{
    const std::optional<SettingView> setting = find(key);
    if (!setting)
        return reset(key);
    endSeries();
    const QString before = former(*setting);
    m_underway.insert(key, setting->defaultValue);
    return kept(reset(key), {{key, before}}, {{key, setting->defaultValue}}, {});
}

Answer<> SettingsStore::changeAll(const QMap<QString, QString> &values)
{
    QMap<QString, QString> before;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        if (const std::optional<SettingView> setting = find(it.key()))
            before.insert(it.key(), former(*setting));
    }
    endSeries();
    m_underway.insert(values);
    return kept(setAll(values), before, values, {});
}

// As it was before the change that is made now, which may come before the last one is stored.
QString SettingsStore::former(const SettingView &setting) const
{
    return m_underway.value(setting.key, setting.value);
}

// One switch or choice is one step, however fast the next one follows.
QString SettingsStore::seriesOf(const SettingView &setting)
{
    using Kind = SettingView::Kind;
    const bool isTyped = setting.kind != Kind::Boolean && setting.kind != Kind::Choice;
    if (!isTyped || m_typed != setting.key)
        endSeries();
    if (!isTyped)
        return {};
    if (m_series.isEmpty()) {
        m_typed = setting.key;
        m_series = setting.key + u' ' + QString::number(++m_seriesCount);
    }
    m_pause.start();
    return m_series;
}

// Adds a step to what can be undone, without the values: an address may have a secret in it.
Answer<> SettingsStore::kept(Answer<> outcome,
                             const QMap<QString, QString> &former,
                             const QMap<QString, QString> &values,
                             const QString &series)
{
    const QString key = values.firstKey();
    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    Answer<> answer = promise->future();
    const auto stored = [this, key, former, values, series] {
        if (former == values)
            return;
        // They may be undone when the window is gone.
        const QPointer<SettingsStore> self(this);
        const auto bringing = [self](const QMap<QString, QString> &those) -> Answer<> {
            return self ? self->bring(those)
                        : admin::refused<void>(
                            base::ErrorCode::NotFound,
                            base::Message::verbatim(tr("The settings are no longer there.")));
        };
        const auto told = [self, key]() -> QString {
            const auto setting = self ? self->find(key) : std::nullopt;
            return setting ? tr("Changed the setting %1").arg(Format::quoted(setting->label))
                           : tr("Changed a setting");
        };
        m_services.undo.pushDone({.text = told,
                                  .redo = [bringing, values] { return bringing(values); },
                                  .undo = [bringing, former] { return bringing(former); },
                                  .series = series});
    };
    admin::whenDone(
        std::move(outcome), this, [this, values, stored, promise](Result<> result) mutable {
            for (auto it = values.cbegin(); it != values.cend(); ++it) {
                if (m_underway.value(it.key()) == it.value())
                    m_underway.remove(it.key());
            }
            if (result)
                stored();
            promise->addResult(std::move(result));
            promise->finish();
        });
    return answer;
}

// What is its default again is not stored as a choice of that value.
Answer<> SettingsStore::bring(const QMap<QString, QString> &values)
{
    endSeries();
    if (values.size() > 1)
        return setAll(values);
    const QString key = values.firstKey();
    const std::optional<SettingView> setting = find(key);
    return setting && setting->defaultValue == values.first() ? reset(key)
                                                              : set(key, values.first());
}

Result<> SettingsStore::setOfWindow(const QString &key, const QString &value)
{
    if (key == startsAtLogin)
        return m_hooks.setStartsAtLogin(value == "true"_L1);
    if (const QString origin = m_services.state.originOf(key); !origin.isEmpty()) {
        return base::fail(base::ErrorCode::Conflict,
                          base::Message::verbatim(
                              tr("Set by %1 when Gatehouse was started; it cannot be changed here.")
                                  .arg(origin)));
    }
    m_services.state.setValue(key, value);
    return {};
}

// What is as it was when the listener was started needs no restart; what was not stored, or has been
// changed by somebody else since, is not what was asked for here.
void SettingsStore::review()
{
    if (m_waiting.isEmpty() || m_storing > 0)
        return;
    for (const SettingView &each : m_services.administration.settings.all()) {
        const auto waiting = m_waiting.constFind(each.key);
        if (waiting == m_waiting.constEnd())
            continue;
        if (*waiting != each.value || *waiting == m_former.value(each.key)
            || each.fromEnvironment) {
            m_waiting.erase(waiting);
            m_former.remove(each.key);
        }
    }
}

// A listener that was started anew is made of what is stored.
void SettingsStore::gatewayChanged(admin::GatewayState state)
{
    using enum admin::GatewayState;
    const bool hasStarted =
        std::exchange(m_gatewayState, state) == Starting && (state == Running || state == Paused);
    if (hasStarted)
        listenerStarted();
}

void SettingsStore::listenerStarted()
{
    m_startedMeanwhile = m_storing > 0; // of which it is not known yet whether it counts
    if (!m_startedMeanwhile && !m_services.gateway.needsRestart())
        forgetFormer();
}

void SettingsStore::forgetFormer()
{
    m_waiting.clear();
    m_former.clear();
    emit changed();
}

Answer<> SettingsStore::store()
{
    return storeAll(m_waiting);
}

Answer<> SettingsStore::restoreFormer()
{
    const QMap<QString, QString> former = m_former;
    forgetFormer();
    return storeAll(former);
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
