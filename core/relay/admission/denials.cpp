#include "relay/admission/denials.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace gatehouse::relay {

namespace {

constexpr size_t mostAskers = 2'000;
// What was noted longer ago tells nothing of now.
constexpr auto forgottenAfter = 1h;

} // namespace

Denials::Denials(const base::Clock &clock)
    : m_clock(clock)
{}

std::vector<KeyPlace> Denials::of(domain::UserId user, const QByteArray &model) const
{
    const std::lock_guard lock(m_mutex);
    if (m_denials.empty())
        return {};
    const auto found = m_denials.find({user.value, model});
    if (found == m_denials.end())
        return {};
    const base::SteadyTime now = m_clock.steadyNow();
    std::vector<KeyPlace> places;
    for (const Denial &denial : found->second) {
        if (now < denial.passedOverUntil)
            places.push_back(denial.place);
    }
    return places;
}

// Full of what is new, nothing more is noted: that costs attempts alone.
bool Denials::makeRoom()
{
    if (m_denials.size() < mostAskers)
        return true;
    const base::SteadyTime now = m_clock.steadyNow();
    std::erase_if(m_denials, [now](const auto &item) {
        return std::all_of(item.second.begin(), item.second.end(), [now](const Denial &denial) {
            return now - denial.notedAt > forgottenAfter;
        });
    });
    return m_denials.size() < mostAskers;
}

void Denials::note(domain::UserId user,
                   const QByteArray &model,
                   const std::vector<KeyPlace> &denied,
                   const KeyPlace &served,
                   const domain::Settings::Relay &settings)
{
    const std::lock_guard lock(m_mutex);
    if (denied.empty() && m_denials.empty())
        return;
    const Asker asker{user.value, model};
    auto found = m_denials.find(asker);
    if (found == m_denials.end()) {
        if (denied.empty() || !makeRoom())
            return;
        found = m_denials.try_emplace(asker).first;
    }
    const base::SteadyTime now = m_clock.steadyNow();
    std::vector<Denial> &denials = found->second;
    std::erase_if(denials, [&](const Denial &denial) {
        return denial.place == served || now - denial.notedAt > forgottenAfter;
    });
    for (auto next = denied.begin(); next != denied.end(); ++next) {
        const KeyPlace &place = *next;
        // One request counts once, and not for a key that serves it in the end.
        if (place == served || std::find(denied.begin(), next, place) != next)
            continue;
        auto known = std::find_if(denials.begin(), denials.end(), [&](const Denial &denial) {
            return denial.place == place;
        });
        if (known == denials.end())
            known = denials.insert(known, Denial{.place = place});
        known->notedAt = now;
        if (++known->inARow >= settings.breakerFailures)
            known->passedOverUntil = now + settings.breakerRest;
    }
    if (denials.empty())
        m_denials.erase(found);
}

void Denials::forget(domain::ChannelId channel)
{
    const std::lock_guard lock(m_mutex);
    for (auto &[asker, denials] : m_denials) {
        std::erase_if(denials,
                      [channel](const Denial &denial) { return denial.place.channel == channel; });
    }
    std::erase_if(m_denials, [](const auto &item) { return item.second.empty(); });
}

} // namespace gatehouse::relay
