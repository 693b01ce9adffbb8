#pragma once

#include "domain/token.h"
#include "relay/admission/denials.h"

#include <list>
#include <mutex>
#include <span>
#include <unordered_map>

namespace gatehouse::relay {

// By which the requests of one session are known again. What a client calls its session may be a secret,
// and what it says in it is one, so that nothing but a hash is kept.
struct SessionHash
{
    quint64 high = 0;
    quint64 low = 0;
    bool operator==(const SessionHash &) const = default;
};

// Which channel and key served a session last, where the provider has its prompt in the cache. The session
// that was silent for longest is forgotten where there are too many. Shared by the gateway threads and
// called from any; one mutex, held for a look-up.
class Affinity
{
public:
    explicit Affinity(const base::Clock &clock);
    Affinity(const Affinity &) = delete;
    Affinity &operator=(const Affinity &) = delete;

    // Differs from one start of the program to the next. Sessions of other tokens and for other models are
    // others, whatever they are called.
    SessionHash hash(domain::TokenId token,
                     QByteArrayView model,
                     std::span<const QByteArrayView> session) const;

    // Where it was served, if that is no longer ago than `lasts`.
    std::optional<KeyPlace> find(const SessionHash &session, std::chrono::milliseconds lasts);
    // The same, without its being counted as used.
    std::optional<KeyPlace> placeOf(const SessionHash &session,
                                    std::chrono::milliseconds lasts) const;
    // It is served there now. At most `most` sessions are kept.
    void remember(const SessionHash &session, const KeyPlace &place, qint64 most);
    qint64 sessions() const;

private:
    struct Entry
    {
        SessionHash session{};
        KeyPlace place{};
        base::SteadyTime usedAt{};
    };
    struct Hash
    {
        size_t operator()(const SessionHash &session) const { return size_t(session.low); }
    };
    using Entries = std::list<Entry>;

    const base::Clock &m_clock;
    const QByteArray m_secret;
    mutable std::mutex m_mutex;
    Entries m_entries{}; // the last used one first
    std::unordered_map<SessionHash, Entries::iterator, Hash> m_places{};
};

} // namespace gatehouse::relay
