#pragma once

#include "base/message.h"
#include "domain/channel.h"
#include "domain/token.h"
#include "domain/user.h"

#include <QMetaType>

namespace gatehouse::admin {

// Something that whoever is responsible for the gateway should know, and that is new.
struct Happening
{
    enum class Kind {
        ChannelOpened,    // a channel is left out because it fails
        ChannelRecovered, // and is used again
        KeyRefused,       // a provider refuses the key of a channel
        AccountEmpty,     // of a channel
        ModelDown,        // all channels of a model are down
        BudgetLow,        // most of a budget is spent
        BudgetSpent,
        BackupFailed, // one that was due
    };

    Kind kind = Kind::ChannelOpened;
    QString name{};              // of the channel, the model, the token or the user
    domain::ChannelId channel{}; // of what is about a channel
    domain::TokenId token{};     // of a budget of a token
    domain::UserId user{};       // of a budget: whose it is
    double share = 0;            // of a budget: how much of it is spent, 0 to 1 and beyond
    base::Message reason{};      // of a failure, as a sentence

    bool operator==(const Happening &) const = default;
};

// Stable, for other programs: "channel_opened".
QByteArray happeningName(Happening::Kind kind);
// As a sentence in English.
QString happeningText(const Happening &happening);

} // namespace gatehouse::admin
