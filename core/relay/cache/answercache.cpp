#include "relay/cache/answercache.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QtEndian>

namespace gatehouse::relay {

namespace {

QByteArray secretOfRun()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words);
}

void hashNumber(QCryptographicHash &hash, qint64 number)
{
    std::array<char, sizeof number> bytes{};
    qToLittleEndian(number, bytes.data());
    hash.addData(QByteArrayView(bytes.data(), bytes.size()));
}

// With its length, so that no two lists of texts run into each other.
void hashText(QCryptographicHash &hash, QByteArrayView text)
{
    hashNumber(hash, text.size());
    hash.addData(text);
}

// In one go, so that nobody waits for the mutex while very many go.
constexpr size_t mostAtOnce = 64;

} // namespace

qint64 KeptAnswer::memory() const
{
    // The nodes of three containers, and the heads of six blocks.
    constexpr qint64 overhead = 512;
    return bytes.size() + contentType.size() + origin.size() + providerModel.size()
           + finishReason.size() + overhead;
}

AnswerCache::AnswerCache(const base::Clock &clock)
    : m_clock(clock)
    , m_secret(secretOfRun())
{}

void AnswerCache::configure(const domain::Settings::Cache &settings)
{
    {
        const std::lock_guard lock(m_mutex);
        m_most = settings.answers ? settings.bytes : 0;
        m_lasts = settings.ttl;
    }
    if (!settings.answers) {
        clear();
        return;
    }
    for (bool isTooMuch = true; isTooMuch;) {
        Answers gone; // freed after the lock
        const std::lock_guard lock(m_mutex);
        while (m_bytes > m_most && gone.size() < mostAtOnce)
            take(std::prev(m_entries.end()), gone);
        isTooMuch = m_bytes > m_most;
    }
    dropOutdated();
}

AnswerKey AnswerCache::key(const AnswerQuestion &question) const
{
    AnswerKey key{.generation = m_generation.load()};
    // Its construction admits of a key in front of the text.
    QCryptographicHash hash(QCryptographicHash::Blake2b_256);
    hash.addData(m_secret);
    hashNumber(hash, int(question.scope));
    hashNumber(hash, question.owner);
    hashNumber(hash, int(question.operation));
    hashNumber(hash, int(question.form));
    hashNumber(hash, question.stream ? 1 : 0);
    hashNumber(hash, question.pinnedChannel);
    hashText(hash, question.model);
    hashNumber(hash, qint64(question.fields.size()));
    for (const QByteArray &field : question.fields)
        hashText(hash, field);
    hashText(hash, question.body);
    const QByteArray result = hash.result();
    for (size_t i = 0; i < key.hash.size(); ++i)
        key.hash[i] =
            qFromLittleEndian<quint64>(result.constData() + qsizetype(i * sizeof(quint64)));
    return key;
}

void AnswerCache::take(Entries::iterator entry, Answers &gone)
{
    m_bytes -= entry->answer->memory();
    m_places.erase(entry->hash);
    m_byAge.erase(entry->number);
    gone.push_back(std::move(entry->answer));
    m_entries.erase(entry);
}

std::shared_ptr<const KeptAnswer> AnswerCache::find(const AnswerKey &key)
{
    const base::SteadyTime now = m_clock.steadyNow();
    Answers gone;
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(key.hash);
    if (found == m_places.end())
        return nullptr;
    const Entries::iterator entry = found->second;
    if (now - entry->answer->at > m_lasts) {
        take(entry, gone);
        return nullptr;
    }
    m_entries.splice(m_entries.begin(), m_entries, entry);
    return entry->answer;
}

void AnswerCache::keep(const AnswerKey &key, KeptAnswer answer)
{
    answer.at = m_clock.steadyNow();
    const auto kept = std::make_shared<const KeptAnswer>(std::move(answer));
    const qint64 memory = kept->memory();
    Answers gone;
    const std::lock_guard lock(m_mutex);
    if (key.generation != m_generation.load() || memory > m_most)
        return;
    if (const auto found = m_places.find(key.hash); found != m_places.end())
        take(found->second, gone);
    while (m_bytes + memory > m_most)
        take(std::prev(m_entries.end()), gone);
    m_entries.push_front({.hash = key.hash, .number = ++m_lastNumber, .answer = kept});
    m_places.emplace(key.hash, m_entries.begin());
    m_byAge.emplace(m_lastNumber, m_entries.begin());
    m_bytes += memory;
}

void AnswerCache::remove(const AnswerKey &key)
{
    Answers gone;
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_places.find(key.hash); found != m_places.end())
        take(found->second, gone);
}

qint64 AnswerCache::clear()
{
    Entries gone;
    decltype(m_places) places; // theirs, freed after the lock as well
    decltype(m_byAge) byAge;
    const std::lock_guard lock(m_mutex);
    ++m_generation;
    gone.swap(m_entries);
    places.swap(m_places);
    byAge.swap(m_byAge);
    m_bytes = 0;
    return qint64(gone.size());
}

void AnswerCache::dropOutdated()
{
    const base::SteadyTime now = m_clock.steadyNow();
    for (bool isMore = true; isMore;) {
        Answers gone;
        const std::lock_guard lock(m_mutex);
        const auto isOutdated = [&] {
            return !m_byAge.empty() && now - m_byAge.begin()->second->answer->at > m_lasts;
        };
        while (isOutdated() && gone.size() < mostAtOnce)
            take(m_byAge.begin()->second, gone);
        isMore = isOutdated();
    }
}

AnswerCache::Totals AnswerCache::totals() const
{
    const std::lock_guard lock(m_mutex);
    return {.answers = qint64(m_entries.size()), .bytes = m_bytes};
}

void AnswerCache::count(domain::CacheResult result)
{
    ++m_counts.at(size_t(result));
}

AnswerCache::Counts AnswerCache::counts() const
{
    using domain::CacheResult;
    return {.hits = m_counts.at(size_t(CacheResult::Hit)).load(),
            .misses = m_counts.at(size_t(CacheResult::Miss)).load(),
            .bypasses = m_counts.at(size_t(CacheResult::Bypass)).load()};
}

bool AnswerCache::takeMemory(qint64 bytes)
{
    if ((m_arriving += bytes) <= m_most.load())
        return true;
    m_arriving -= bytes;
    return false;
}

AnswerRecording::AnswerRecording(AnswerCache &cache, const AnswerKey &key, qint64 mostBytes)
    : m_cache(cache)
    , m_key(key)
    , m_most(mostBytes)
{}

AnswerRecording::~AnswerRecording()
{
    giveUp();
}

void AnswerRecording::append(QByteArrayView bytes)
{
    if (m_hasGivenUp)
        return;
    if (m_bytes.size() + bytes.size() > m_most || !m_cache.takeMemory(bytes.size())) {
        giveUp();
        return;
    }
    m_memory += bytes.size();
    m_bytes.append(bytes);
}

void AnswerRecording::giveUp()
{
    m_hasGivenUp = true;
    m_bytes = QByteArray();
    m_cache.giveMemoryBack(std::exchange(m_memory, 0));
}

void AnswerRecording::keep(KeptAnswer answer)
{
    m_bytes.squeeze();
    answer.bytes = std::exchange(m_bytes, {});
    giveUp();
    m_cache.keep(m_key, std::move(answer));
}

} // namespace gatehouse::relay
