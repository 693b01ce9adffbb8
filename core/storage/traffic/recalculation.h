#pragma once

#include "storage/traffic/usagerepository.h"

namespace gatehouse::storage {

// Which consumption is meant.
struct RecalculationSpan
{
    qint64 since = 0;           // milliseconds since 1970, UTC; inclusive
    qint64 until = 0;           // exclusive
    QByteArray providerModel{}; // empty: all
};

// New figures for a line of the ledger.
struct UsageCorrection
{
    StoredUsage line{}; // as it is
    domain::Cost cost{};
    domain::Quota charge{};
    bool unpriced = false;
};

struct StoredRecalculation
{
    qint64 id = 0;
    qint64 createdAt = 0; // milliseconds since 1970, UTC
    RecalculationSpan span{};
    qint64 records = 0;
    qint64 changed = 0;
    domain::Cost before{}; // of the changed ones
    domain::Cost after{};
    bool undone = false;
};

// Changes costs and charges of the ledger's lines in slices, keeps what they were, and corrects the
// roll-ups along. Balances and counters are not touched.
class RecalculationRepository
{
public:
    explicit RecalculationRepository(Database &database)
        : m_database(database)
    {}

    // The lines behind `after`, by rising id.
    base::Result<std::vector<StoredUsage>>
    lines(const RecalculationSpan &span, qint64 after, qint64 limit) const;

    base::Result<qint64> begin(const RecalculationSpan &span, qint64 now);
    // `records` lines were looked at, of which these change.
    base::Result<>
    store(qint64 id, const std::vector<UsageCorrection> &corrections, qint64 records);
    // Gives at most `limit` lines their former figures, and their number; 0: all have them.
    base::Result<qint64> undoSlice(qint64 id, qint64 limit);

    // Forgets what some lines of recalculations before `before` were, and gives their number.
    base::Result<qint64> forget(qint64 before);

    base::Result<StoredRecalculation> find(qint64 id) const;
    // The newest first.
    base::Result<std::vector<StoredRecalculation>> all() const;

private:
    base::Result<> apply(const std::vector<UsageCorrection> &corrections);

    Database &m_database;
};

} // namespace gatehouse::storage
