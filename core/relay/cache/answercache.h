#pragma once

#include "base/clock.h"
#include "domain/cacheresult.h"
#include "domain/channel.h"
#include "domain/settings.h"
#include "protocol/operation.h"

#include <array>
#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>

namespace gatehouse::relay {

// All of a request by which its answer is known again.
struct AnswerQuestion
{
    domain::CacheScope scope = domain::CacheScope::User;
    qint64 owner = 0; // the number of the user or of the token
    protocol::Operation operation = protocol::Operation::ChatCompletions;
    protocol::StreamForm form = protocol::StreamForm::Events;
    bool stream = false;
    QByteArrayView model{};         // as it is served, whatever alias the body names
    qint64 pinnedChannel = 0;       // 0: none
    std::vector<QByteArray> fields; // of the head, as far as they change the answer
    QByteArrayView body{};
};

// What is kept of a question: a hash that tells nothing without a secret of this program's run.
struct AnswerKey
{
    std::array<quint64, 4> hash{};
    quint64 generation = 0; // of the cache; after a clear() none fits that was made before
};

// A whole answer as it went to its client, and where it came from. Immutable, so that it can be given
// out while it is dropped.
struct KeptAnswer
{
    QByteArray contentType{};
    QByteArray bytes{}; // of a stream its events, without what the gateway added
    bool isStream = false;
    qsizetype heldFrom = 0; // what begins here waits for the ledger's receipt
    domain::ChannelId channel{};
    QByteArray origin{}; // see originOf()
    QByteArray providerModel{};
    QByteArray finishReason{};
    base::SteadyTime at{};

    qint64 memory() const;
};

// Answers that may be given out again, in the memory of this program alone. What was not asked for the
// longest goes where there is too much, and each goes when its time is over, whether it was asked for or
// not. Shared by the gateway threads and the main thread, and called from any; one mutex, held for a
// look-up. What goes is freed after it.
class AnswerCache
{
public:
    struct Totals
    {
        qint64 answers = 0;
        qint64 bytes = 0;
    };
    // Of requests since the start.
    struct Counts
    {
        quint64 hits = 0;
        quint64 misses = 0;
        quint64 bypasses = 0;
    };

    explicit AnswerCache(const base::Clock &clock);
    AnswerCache(const AnswerCache &) = delete;
    AnswerCache &operator=(const AnswerCache &) = delete;

    // Nothing is kept before the first call, nor while it is off. What does not fit any more goes.
    void configure(const domain::Settings::Cache &settings);

    AnswerKey key(const AnswerQuestion &question) const;
    // Null: there is none, or its time is over.
    std::shared_ptr<const KeptAnswer> find(const AnswerKey &key);
    // In place of the one before, if any. One that is larger than all may be is not kept.
    void keep(const AnswerKey &key, KeptAnswer answer);
    void remove(const AnswerKey &key);
    // Gives how many there were.
    qint64 clear();
    void dropOutdated();

    Totals totals() const;
    void count(domain::CacheResult result);
    Counts counts() const;

    // For answers that are still arriving, which together may take as much as those that are kept. True:
    // it was taken, and is to be given back.
    bool takeMemory(qint64 bytes);
    void giveMemoryBack(qint64 bytes) { m_arriving -= bytes; }

private:
    using Hash = std::array<quint64, 4>;
    struct Entry
    {
        Hash hash{};
        quint64 number = 0; // rises with each that is kept
        std::shared_ptr<const KeptAnswer> answer{};
    };
    struct Spread
    {
        size_t operator()(const Hash &hash) const { return size_t(hash.front()); }
    };
    using Entries = std::list<Entry>;
    using Answers = std::vector<std::shared_ptr<const KeptAnswer>>;

    void take(Entries::iterator entry, Answers &gone);

    const base::Clock &m_clock;
    const QByteArray m_secret;
    std::atomic<quint64> m_generation{0};
    std::atomic<qint64> m_arriving{0};
    std::atomic<qint64> m_most{0};
    std::array<std::atomic<quint64>, 4> m_counts{};
    mutable std::mutex m_mutex;
    std::chrono::milliseconds m_lasts{0};
    Entries m_entries{}; // the last one that was asked for first
    std::unordered_map<Hash, Entries::iterator, Spread> m_places{};
    std::map<quint64, Entries::iterator> m_byAge{}; // by Entry::number
    qint64 m_bytes = 0;
    quint64 m_lastNumber = 0;
};

// An answer while it passes, to be kept if it proves whole. Gives up where it gets too long.
class AnswerRecording
{
public:
    AnswerRecording(AnswerCache &cache, const AnswerKey &key, qint64 mostBytes);
    ~AnswerRecording();
    AnswerRecording(const AnswerRecording &) = delete;
    AnswerRecording &operator=(const AnswerRecording &) = delete;

    void append(QByteArrayView bytes);
    // What follows is the end, unless it is called again.
    void endBegins() { m_end = m_bytes.size(); }
    void giveUp();

    bool isWhole() const { return !m_hasGivenUp && !m_bytes.isEmpty(); }
    qsizetype size() const { return m_bytes.size(); }
    std::optional<qsizetype> end() const { return m_end; }
    // `answer` lacks its bytes.
    void keep(KeptAnswer answer);

private:
    AnswerCache &m_cache;
    const AnswerKey m_key;
    const qint64 m_most;
    qint64 m_memory = 0; // taken from the cache
    QByteArray m_bytes{};
    std::optional<qsizetype> m_end{};
    bool m_hasGivenUp = false;
};

} // namespace gatehouse::relay
