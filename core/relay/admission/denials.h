#pragma once

#include "base/clock.h"
#include "domain/channel.h"
#include "domain/settings.h"
#include "domain/user.h"

#include <QByteArray>
#include <QHash>

#include <mutex>
#include <unordered_map>
#include <vector>

namespace gatehouse::relay {

// A key of a channel; 0: the channel needs none.
struct KeyPlace
{
    domain::ChannelId channel{};
    qint64 key = 0;
    bool operator==(const KeyPlace &) const = default;
};

// Which keys keep answering a user's requests for a model with a 403 that does not say why, though others
// serve the very same requests. They are passed over for a while, for that user and model alone: whoever
// provokes such answers takes nothing from anybody else. Called from any thread; one mutex, held for a
// look-up.
class Denials
{
public:
    explicit Denials(const base::Clock &clock);
    Denials(const Denials &) = delete;
    Denials &operator=(const Denials &) = delete;

    // What is to be tried last now.
    std::vector<KeyPlace> of(domain::UserId user, const QByteArray &model) const;

    // `served` answered a request after `denied` had refused it.
    void note(domain::UserId user,
              const QByteArray &model,
              const std::vector<KeyPlace> &denied,
              const KeyPlace &served,
              const domain::Settings::Relay &settings);
    void forget(domain::ChannelId channel);

private:
    struct Asker
    {
        qint64 user = 0;
        QByteArray model{};
        bool operator==(const Asker &) const = default;
    };
    struct AskerHash
    {
        size_t operator()(const Asker &asker) const
        {
            return qHashMulti(0, asker.user, asker.model);
        }
    };
    struct Denial
    {
        KeyPlace place{};
        qint64 inARow = 0;
        base::SteadyTime notedAt{};
        base::SteadyTime passedOverUntil{};
    };

    bool makeRoom();

    const base::Clock &m_clock;
    mutable std::mutex m_mutex;
    std::unordered_map<Asker, std::vector<Denial>, AskerHash> m_denials;
};

} // namespace gatehouse::relay
