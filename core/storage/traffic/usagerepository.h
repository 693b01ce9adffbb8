#pragma once

#include "domain/usagerecord.h"
#include "storage/database.h"
#include "storage/repositories/page.h"

#include <chrono>
#include <limits>
#include <optional>
#include <vector>

namespace gatehouse::storage {

// Which records are meant; what is empty or absent restricts nothing.
struct UsageFilter
{
    std::optional<domain::RecordKind> kind{};
    qint64 since = 0; // milliseconds since 1970, UTC; inclusive
    qint64 until = 0; // exclusive; 0: no end
    std::optional<domain::UserId> user{};
    std::optional<domain::TokenId> token{};
    std::optional<domain::ChannelId> channel{};
    QString username{};
    QString tokenName{};
    QString model{};
    // Begins the content, the model, the token's name or the user's name, or is the request id or the
    // number of a kind.
    QString keyword{};
    // Only older ones, then listed by their ids alone: to walk through all, begin with the largest
    // number and go on with the last id of each page. 0: from the newest.
    qint64 beforeId = 0;
};

struct StoredUsage
{
    qint64 id = 0;
    domain::UsageRecord record{};
};

struct UsageSums
{
    qint64 records = 0;
    domain::Quota charge{};
    domain::Cost cost{};
    qint64 inputTokens = 0;
    qint64 outputTokens = 0;
};

// What one model was used for on one day, UTC.
struct DailyUsage
{
    QString day{}; // YYYY-MM-DD
    QByteArray model{};
    qint64 requests = 0;
    domain::Quota charge{};
    domain::Cost cost{};
    qint64 inputTokens = 0;
    qint64 outputTokens = 0;
};

// What a model without a price was used for.
struct UnpricedUsage
{
    QByteArray providerModel{};
    qint64 requests = 0;
    qint64 lastUsed = 0; // milliseconds since 1970, UTC
};

// From where a token was last used, and by which program.
struct LastUse
{
    domain::TokenId token{};
    QByteArray client{};  // empty: it is not known
    QByteArray address{}; // empty: it is not known
};

// How far a clearing of the ledger has come. Lines with a bookmark stay, and there may be any number of
// them among the oldest: they are gone past once.
struct LedgerClearing
{
    qint64 from =
        std::numeric_limits<qint64>::min(); // of what is older nothing is left to be removed
    bool isDone = false;
};

// The ledger, for reading and clearing. What requests cost is written by the LedgerWriter.
class UsageRepository
{
public:
    explicit UsageRepository(Database &database)
        : m_database(database)
    {}

    // The newest first.
    base::Result<std::vector<StoredUsage>> list(const UsageFilter &filter, Page page) const;
    base::Result<std::optional<StoredUsage>> findByRequest(const QByteArray &requestId) const;
    base::Result<qint64> count(const UsageFilter &filter) const;
    base::Result<UsageSums> sums(const UsageFilter &filter) const;
    // Consumption by days and models, by rising day; of all users if `filter.user` is absent.
    base::Result<std::vector<DailyUsage>> daily(const UsageFilter &filter) const;
    // Since `since`, in milliseconds since 1970, UTC.
    base::Result<std::vector<UnpricedUsage>> unpriced(qint64 since) const;

    // Of all tokens that are there and were used, as far as the ledger still has it.
    base::Result<std::vector<LastUse>> lastUses() const;

    // Stores an entry of the management, which keeps no request id. No balance is touched.
    base::Result<qint64> insert(const domain::UsageRecord &record);
    // Removes some of the records older than `before` that have no bookmark, in at most about `budget`, and
    // notes how far it came. Gives their number, which may be 0 although it is not done.
    base::Result<qint64>
    removeOlder(qint64 before,
                LedgerClearing &clearing,
                std::chrono::milliseconds budget = std::chrono::milliseconds(5));

private:
    Database &m_database;
};

} // namespace gatehouse::storage
