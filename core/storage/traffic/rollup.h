#pragma once

#include "base/result.h"
#include "domain/trafficsums.h"
#include "storage/database.h"

#include <functional>
#include <tuple>
#include <vector>

namespace gatehouse::storage {

class RowStatement;

// How long a row of a roll-up is. The numbers are stored.
enum class RollUpLevel { Minute = 1, Hour = 2, Day = 3 };

// What a row of a roll-up sums up. The numbers are stored.
enum class RollUpKind { All = 0, Channel = 1, Model = 2, Token = 3, User = 4 };

constexpr qint64 minuteLength = 60'000;
constexpr qint64 hourLength = 60 * minuteLength;
constexpr qint64 dayLength = 24 * hourLength;
// Rows of minutes are kept for so long: two periods of a day, and some.
constexpr qint64 minutesKept = 50 * hourLength;

qint64 lengthOf(RollUpLevel level);
// The beginning of the row that holds a moment.
qint64 startOf(RollUpLevel level, qint64 moment);

// Which row; `name` is the id as a number, the model, or empty.
struct RollUpPlace
{
    RollUpLevel level = RollUpLevel::Minute;
    RollUpKind kind = RollUpKind::All;
    qint64 start = 0; // milliseconds since 1970, UTC
    QByteArray name{};

    bool operator==(const RollUpPlace &) const = default;
    friend bool operator<(const RollUpPlace &left, const RollUpPlace &right)
    {
        return std::tie(left.level, left.kind, left.start, left.name)
               < std::tie(right.level, right.kind, right.start, right.name);
    }
};

// Binds level, kind, start and name, in this order.
void bindPlace(RowStatement &statement, int firstPosition, const RollUpPlace &place);

// What changes in a row. Sums are added to what is stored, so that whoever corrects a cost meanwhile
// is not undone.
struct RollUpRow
{
    RollUpPlace place{};
    domain::TrafficSums added{};
    QByteArray firstByte{}; // whole histograms, as LatencyHistogram::toBytes() gives them
    QByteArray elapsed{};
    QByteArray speed{};
};

// What is stored in one transaction: what changes in rows, and how far the ledger is contained then.
struct RollUpSlice
{
    qint64 after = 0; // valid only while the roll-ups reach exactly to this line
    qint64 last = 0;
    qint64 corrections = 0; // valid only while so many were noted
    std::vector<RollUpRow> rows{};
};

struct RollUpOrder
{
    int lines = 10'000; // at most
    // At which a slice ends, so that it takes a few milliseconds to store. Fewer are stored anew for each
    // handful of lines: all requests of an hour touch some hundreds.
    int rowsOfSlice = 200;
    qint64 now = 0; // milliseconds since 1970, UTC
    // Lines of the last so many milliseconds wait: where several nodes write, one with a smaller id
    // may still come.
    qint64 settling = 0;
    // What the cache reads of a request saved. Called in the storage thread.
    std::function<domain::Cost(const domain::UsageRecord &)> saved{};
};

struct RollUpChunk
{
    std::vector<RollUpSlice> slices{};
    bool reachesEnd = true; // there are no further lines
};

// Sums up the next lines of the ledger. Reads only, so that it runs in a reading thread.
base::Result<RollUpChunk> readRollUpChunk(Database &database, const RollUpOrder &order);
// Stores a slice. False: the roll-ups do not reach to its beginning, since another node was faster, or
// a line was corrected since it was read. It has to be read anew then.
base::Result<bool> storeRollUpSlice(Database &database, const RollUpSlice &slice);
// Removes some of the rows of minutes that are no longer kept. Gives their number; 0: none are left.
base::Result<qint64> pruneRollUps(Database &database, qint64 now);

// How far the ledger is summed up: ids of lines.
struct RollUpState
{
    qint64 last = 0;
    qint64 newest = 0;
    qint64 corrections = 0; // of lines that were not summed up yet, since ever
};
base::Result<RollUpState> rollUpState(Database &database);

// For whoever corrects lines of the ledger, in the same transaction and before them: gives the last line
// that is summed up, and keeps the roll-ups as they are until the end of the transaction.
base::Result<qint64> lockRollUps(Database &database);
// Says that lines behind that one were corrected, so that what was read of them before is not stored.
base::Result<> noteCorrection(Database &database);

} // namespace gatehouse::storage
