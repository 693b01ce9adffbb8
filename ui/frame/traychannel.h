#pragma once

#include <QString>

class QDateTime;

namespace gatehouse::admin {
struct ChannelOverview;
}

namespace gatehouse::ui {

// A text of somebody else's choice in a menu: short, and without mnemonics.
QString menuItemText(const QString &text);

// A channel in the menu of the tray: its name, and behind a tab, which menus put at the right, how it is
// unless it is well: "DeepSeek\tOpen 2:41".
QString
trayChannelText(const QString &name, const admin::ChannelOverview &overview, const QDateTime &now);

} // namespace gatehouse::ui
