#pragma once

#include "admin/upkeep/settingsservice.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// What is said of a setting in words, in the language of the moment.
class SettingText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::SettingText)

public:
    // A value as a person would write it: "10 s", "32 MiB", "on".
    static QString value(const admin::SettingView &setting, const QString &value);
    // What a 0 of it means, such as "Never"; empty: the number itself.
    static QString zero(const admin::SettingView &setting);
    // What stands behind a field that does not write its unit itself; empty: nothing.
    static QString unit(const admin::SettingView &setting);
    // The stable key, the default, and where the present value comes from; rich text.
    static QString toolTip(const admin::SettingView &setting);
    // All that a search may find the setting by.
    static QString searched(const admin::SettingView &setting);
};

} // namespace gatehouse::ui
