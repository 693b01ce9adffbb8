#include "relay/routing/affinity.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QtEndian>

#include <array>

namespace gatehouse::relay {

namespace {

QByteArray randomSecret()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words);
}

void addNumber(QCryptographicHash &hash, qint64 number)
{
    std::array<char, sizeof number> bytes{};
    qToLittleEndian(number, bytes.data());
    hash.addData(QByteArrayView(bytes.data(), bytes.size()));
}

void addPart(QCryptographicHash &hash, QByteArrayView part)
{
    addNumber(hash, part.size());
    hash.addData(part);
}

} // namespace

Affinity::Affinity(const base::Clock &clock)
    : m_clock(clock)
    , m_secret(randomSecret())
{}

SessionHash Affinity::hash(domain::TokenId token,
                           QByteArrayView model,
                           std::span<const QByteArrayView> session) const
{
    // Its construction admits of a key in front of the text.
    QCryptographicHash hash(QCryptographicHash::Blake2b_160);
    hash.addData(m_secret);
    addNumber(hash, token.value);
    addPart(hash, model);
    for (const QByteArrayView part : session)
        addPart(hash, part);
    const QByteArray result = hash.result();
    return {.high = qFromLittleEndian<quint64>(result.constData()),
            .low = qFromLittleEndian<quint64>(result.constData() + sizeof(quint64))};
}

std::optional<KeyPlace> Affinity::find(const SessionHash &session, std::chrono::milliseconds lasts)
{
    const base::SteadyTime now = m_clock.steadyNow();
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(session);
    if (found == m_places.end())
        return std::nullopt;
    const Entries::iterator entry = found->second;
    if (now - entry->usedAt > lasts) {
        m_entries.erase(entry);
        m_places.erase(found);
        return std::nullopt;
    }
    entry->usedAt = now;
    m_entries.splice(m_entries.begin(), m_entries, entry);
    return entry->place;
}

std::optional<KeyPlace> Affinity::placeOf(const SessionHash &session,
                                          std::chrono::milliseconds lasts) const
{
    const base::SteadyTime now = m_clock.steadyNow();
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(session);
    const bool isKept = found != m_places.end() && now - found->second->usedAt <= lasts;
    return isKept ? std::optional(found->second->place) : std::nullopt;
}

void Affinity::remember(const SessionHash &session, const KeyPlace &place, qint64 most)
{
    const base::SteadyTime now = m_clock.steadyNow();
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_places.find(session); found != m_places.end()) {
        found->second->place = place;
        found->second->usedAt = now;
        m_entries.splice(m_entries.begin(), m_entries, found->second);
        return;
    }
    // A lower limit is reached step by step, so that nobody waits for all that is too many.
    constexpr int mostForgotten = 8;
    for (int i = 0; i < mostForgotten && qint64(m_entries.size()) >= most && !m_entries.empty();
         ++i) {
        m_places.erase(m_entries.back().session);
        m_entries.pop_back();
    }
    m_entries.push_front({.session = session, .place = place, .usedAt = now});
    m_places.emplace(session, m_entries.begin());
}

qint64 Affinity::sessions() const
{
    const std::lock_guard lock(m_mutex);
    return qint64(m_places.size());
}

} // namespace gatehouse::relay
