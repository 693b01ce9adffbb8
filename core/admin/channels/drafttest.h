#pragma once

#include "domain/channel.h"
#include "protocol/errorclass.h"

#include <chrono>
#include <optional>

namespace gatehouse::admin {

// What of a channel that is not saved yet is to be tried.
struct DraftTestOrder
{
    // With an id, keys that have one and an empty secret are those that are stored, if the address
    // is still the one that they were entered for.
    domain::Channel channel{};
    bool chat = false; // ask for one token, too; it may cost money
    QString model{};   // for the chat; empty: the channel's own choice
};

// What one key of the draft can do.
struct DraftKeyReport
{
    enum class Check { NotTried, Passed, Failed };

    int position = 0; // of the key in the draft, from 0
    qint64 keyId = 0;
    QString ending{}; // the last four characters of the key
    Check authentication = Check::NotTried;
    Check listing = Check::NotTried;
    Check chat = Check::NotTried;
    QStringList models{}; // as the provider lists them, sorted
    std::chrono::milliseconds elapsed{0};
    std::optional<protocol::ErrorClass> refusal{}; // what a refusal of the provider means
    int httpStatus = 0;
    base::Message text{}; // why it failed, in a sentence; never a key
};

struct DraftTestReport
{
    std::vector<DraftKeyReport> keys{}; // in the order of the draft; one for a channel without keys
    QStringList models{};               // of all keys together, sorted
    bool cancelled = false;
};

} // namespace gatehouse::admin
