#pragma once

#include "admin/upkeep/settingsservice.h"

namespace gatehouse::ui {

class UiState;

// Under which keys the UiState keeps what a person can set of the window.
namespace windowkey {
inline const QString language =
    QStringLiteral("look/language");                         // "en", "zh_CN"; empty: the system's
inline const QString scheme = QStringLiteral("look/scheme"); // "system", "light", "dark"
inline const QString clockFormat = QStringLiteral("look/timeFormat"); // "system", "24", "12"
inline const QString units = QStringLiteral("look/units"); // of sizes: "binary", "decimal"
inline const QString startPage =
    QStringLiteral("window/startPage"); // a PageId; empty: the last one
inline const QString close =
    QStringLiteral("window/close"); // one of the three below; empty: to be asked
inline const QString closeToTray = QStringLiteral("tray");
inline const QString closeMinimizes = QStringLiteral("minimize");
inline const QString closeQuits = QStringLiteral("quit");
inline const QString people = QStringLiteral("people/mode");    // "one", "several"
inline const QString hidden = QStringLiteral("startup/hidden"); // whether a log-in opens no window
inline const QString keepAwake = QStringLiteral("power/keepAwake"); // whether streams keep it so
inline const QString clipboard =
    QStringLiteral("clipboard/seconds"); // for which secrets stay in it; 0: they stay
inline const QString lockAfter = QStringLiteral("lock/minutes"); // without use; 0: never
inline const QString locked = QStringLiteral("lock/locked");     // the window is, or was at the end
inline const QString passwordKnown =
    QStringLiteral("lock/passwordKnown"); // whether the administrator's was set or used here
inline const QString notify = QStringLiteral("notify/"); // and one of notificationNames()
} // namespace windowkey

// The kinds of notifications that can be switched off, in the order of app::NotificationKind.
QStringList notificationNames();

// The settings that belong to the window alone, described as those of the gateway are.
std::vector<admin::SettingView> windowSettings(const UiState &state);
// The one that only some systems offer.
admin::SettingView keepAwakeSetting(const UiState &state);
// For how long secrets stay in the clipboard.
std::chrono::seconds clipboardLifetime(const UiState &state);
// After how long without use the window locks itself; zero: never.
std::chrono::minutes lockDelay(const UiState &state);
// Lets times and sizes be written as is set, everywhere and at once.
void applyFormats(const UiState &state);
// Whether several people use the gateway, so that the page of users is of use.
bool isForSeveralPeople(const UiState &state);

} // namespace gatehouse::ui
