#pragma once

#include "admin/upkeep/settingsservice.h"
#include "widgets/services.h"

#include <QMap>
#include <QObject>

#include <functional>

namespace gatehouse::ui {

// What the settings need from the program around the window.
struct SettingsHooks
{
    std::function<bool()> startsAtLogin{}; // empty: not offered here
    std::function<base::Result<>(bool)> setStartsAtLogin{};
    std::function<bool()> hasTray{}; // empty: there is one
    QString dataDirectory{};
    std::function<QString()> secretsPlace{}; // of the master key, in words; empty: not known
    std::function<void()> quit{};
};

// All settings under one roof, those of the gateway and those of the window. What needs a restart of
// the listener is held back until store(); everything else takes effect at once. Lives in the main
// thread.
class SettingsStore : public QObject
{
    Q_OBJECT

public:
    static const QString startsAtLogin; // the key of a setting that neither of both keeps

    SettingsStore(const Services &services, SettingsHooks hooks, QObject *parent = nullptr);

    // As they are shown: with what is held back in the place of what is in force.
    std::vector<admin::SettingView> all() const;
    // Absent: there is no such setting.
    std::optional<admin::SettingView> find(const QString &key) const;
    // Why the value cannot be taken; empty: it can.
    QString problem(const admin::SettingView &setting, const QString &value) const;
    // Why the setting cannot be changed here; empty: it can.
    QString lockReason(const admin::SettingView &setting) const;
    // Why one of its choices cannot be made here; empty: it can.
    QString lockReason(const admin::SettingView &setting, const QString &choice) const;

    admin::Answer<> set(const QString &key, const QString &value);
    admin::Answer<> reset(const QString &key);

    // What is held back, by its key.
    const QMap<QString, QString> &held() const { return m_held; }
    void discard();
    // Stores what is held back. What it replaced can be had back by restoreFormer().
    admin::Answer<> store();
    admin::Answer<> restoreFormer();
    // What was stored last proved good.
    void forgetFormer() { m_former.clear(); }

    const SettingsHooks &hooks() const { return m_hooks; }
    // What the program around the window says may be otherwise than when it was asked last.
    void refresh() { emit changed(); }

signals:
    // Something is shown differently from now on.
    void changed();

private:
    std::vector<admin::SettingView> ofProgram() const;
    admin::SettingView shown(admin::SettingView setting) const;
    admin::Answer<> storeAll(const QMap<QString, QString> &values);
    base::Result<> setOfWindow(const QString &key, const QString &value);
    void dropWhatIsStored();
    bool hasTray() const;

    const Services m_services;
    const SettingsHooks m_hooks;
    QMap<QString, QString> m_held{};
    QMap<QString, QString> m_former{};
};

} // namespace gatehouse::ui
