#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "admin/upkeep/settingsservice.h"
#include "widgets/services.h"

#include <QMap>
#include <QObject>
#include <QTimer>

#include <functional>

namespace gatehouse::ui {

// What the settings need from the program around the window.
struct SettingsHooks
{
    std::function<bool()> startsAtLogin{}; // empty: not offered here
    std::function<base::Result<>(bool)> setStartsAtLogin{};
    std::function<bool()> hasTray{}; // empty: there is one
    bool canKeepAwake = false;       // the computer, while answers run
    QString dataDirectory{};
    QString logFile{};                       // empty: none is written
    std::function<QString()> secretsPlace{}; // of the master key, in words; empty: not known
    std::function<void()> quit{};
};

// All settings under one roof, those of the gateway and those of the window. All are stored at once, so
// that they count however the listener or the program is restarted; what the listener is made of
// waits for that, and can be taken back as long. Lives in the main thread.
class SettingsStore : public QObject
{
    Q_OBJECT

public:
    static const QString startsAtLogin; // the key of a setting that neither of both keeps

    SettingsStore(const Services &services, SettingsHooks hooks, QObject *parent = nullptr);

    // As they are shown: with what is being stored in the place of what is stored.
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
    // Several at once; those of the gateway all or none.
    admin::Answer<> setAll(const QMap<QString, QString> &values);
    // As a person changes them, by hand: the same, and kept for Undo once it succeeded. What is typed
    // into one field within a short while is one step.
    admin::Answer<> change(const QString &key, const QString &value);
    admin::Answer<> changeBack(const QString &key);
    admin::Answer<> changeAll(const QMap<QString, QString> &values);
    // What is typed from now on is a step of its own.
    void endSeries() { m_series.clear(); }
    // What differs from its default and can be changed here.
    std::vector<admin::SettingView> resettable() const;

    // What waits for a restart of the listener, by its key.
    const QMap<QString, QString> &waiting() const { return m_waiting; }
    // Until it is stored, for what is to follow.
    admin::Answer<> store();
    // Stores again what it took the place of.
    admin::Answer<> restoreFormer();
    // It is no longer to be taken back.
    void forgetFormer();

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
    admin::Answer<> setOfListener(const admin::SettingView &setting, const QString &value);
    admin::Answer<> waitFor(const QMap<QString, QString> &values,
                            const std::function<admin::Answer<>()> &store);
    admin::Answer<> kept(admin::Answer<> outcome,
                         const QMap<QString, QString> &former,
                         const QMap<QString, QString> &values,
                         const QString &series);
    QString seriesOf(const admin::SettingView &setting);
    QString former(const admin::SettingView &setting) const;
    admin::Answer<> bring(const QMap<QString, QString> &values);
    void review();
    void gatewayChanged(admin::GatewayState state);
    void listenerStarted();
    bool hasTray() const;

    const Services m_services;
    const SettingsHooks m_hooks;
    QMap<QString, QString> m_waiting{};
    QMap<QString, QString> m_former{};   // in force, of the same keys
    QMap<QString, QString> m_underway{}; // what people chose and is not stored yet
    QString m_series{};                  // of what is typed at the moment
    QString m_typed{};                   // the key of that
    int m_seriesCount = 0;
    QTimer m_pause{};
    int m_storing = 0;
    bool m_startedMeanwhile = false; // the listener, while something was being stored
    admin::GatewayState m_gatewayState{};
};

} // namespace gatehouse::ui
