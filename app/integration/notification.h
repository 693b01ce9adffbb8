#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

namespace gatehouse::app {

enum class NotificationKind {
    ChannelOpened,    // a channel is left out because it fails
    ChannelRecovered, // and is used again
    ModelDown,        // all channels of a model are down
    Budget,           // much or all of a budget is spent
    KeyRefused,       // a provider refuses a key
    AddressChanged,   // the gateway's port or address is another one
    BackupFailed,
    StillRunning, // the window was closed, the gateway goes on
};
inline constexpr std::size_t notificationKinds = 8;

// Something that a person who looks elsewhere should know, in plain text.
struct Notification
{
    // A button. Where the desktop has none, it is left out.
    struct Action
    {
        QString id{};
        QString text{};
    };

    NotificationKind kind = NotificationKind::ChannelOpened;
    QString title{};
    QString text{}; // one sentence, which can stand in a list of its like
    QList<Action> actions{};
    QString subject{}; // what it is about, in the sender's own terms; comes back with activated()
};

} // namespace gatehouse::app
