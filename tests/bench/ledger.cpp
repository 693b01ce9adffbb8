#include "base/clock.h"
#include "storage/ledger/ledgerbatch.h"
#include "storage/ledger/ledgerwriter.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QUuid>

#include <cstdio>
#include <ctime>

using namespace gatehouse;
using namespace Qt::StringLiterals;

namespace {

double cpuMicroseconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

domain::UsageRecord record(qint64 number, bool randomIds)
{
    // A request's id as the gateway makes it: the time in front, so that the index grows at its end.
    const QByteArray id =
        randomIds ? QUuid::createUuid().toByteArray(QUuid::Id128)
                  : QByteArray::number(1'000'000'000'000 + number) + "-0123456789abcdef";
    domain::UsageRecord line{.requestId = id,
                             .createdAt = 1'700'000'000'000 + number,
                             .userId = {1 + number % 5},
                             .username = "someone",
                             .tokenId = {1 + number % 20},
                             .tokenName = "laptop",
                             .channelId = {1 + number % 4},
                             .model = "gpt-4o-mini",
                             .providerModel = "gpt-4o-mini-2024-07-18",
                             .group = "default",
                             .operation = "chat",
                             .cost = {12'345},
                             .charge = {7}};
    line.usage = {.input = 1'000, .output = 200, .source = domain::UsageSource::Provider};
    line.clientAddress = "127.0.0.1";
    return line;
}

void measure(storage::Database &database, size_t batchSize, qint64 rows, bool randomIds)
{
    static qint64 number = 0;
    std::vector<storage::LedgerEntry> entries;
    for (qint64 i = 0; i < rows; ++i)
        entries.push_back({record(++number, randomIds), {}});
    storage::LedgerBatch &ledger = storage::LedgerBatch::of(database);
    const double before = cpuMicroseconds();
    for (size_t first = 0; first < entries.size(); first += batchSize) {
        const size_t count = std::min(batchSize, entries.size() - first);
        if (const auto stored = ledger.store(std::span(entries).subspan(first, count)); !stored) {
            std::fprintf(stderr, "%s\n", qPrintable(stored.error().detail));
            return;
        }
    }
    const double each = (cpuMicroseconds() - before) / static_cast<double>(rows);
    std::printf("%4zu lines a commit, %s ids: %6.2f us of CPU a line\n",
                batchSize,
                randomIds ? "random" : "rising",
                each);
}

} // namespace

// Prints what a line of the ledger costs, for the database of the URL in the first argument, or for
// SQLite.
int main(int argumentCount, char **arguments)
{
    QCoreApplication application(argumentCount, arguments);
    QTemporaryDir directory;
    storage::DatabaseOptions options;
    options.path = directory.filePath(u"bench.db"_s);
    if (argumentCount > 1)
        options.url = QString::fromLocal8Bit(arguments[1]);
    storage::StorageThreads threads(options);
    if (const auto started = threads.start(); !started) {
        std::fprintf(stderr, "%s\n", qPrintable(started.error().message.english()));
        return 1;
    }
    auto database = storage::Database::open(options, storage::Database::Access::ReadWrite);
    if (!database)
        return 1;
    for (const bool randomIds : {false, true}) {
        for (const size_t batchSize : {size_t(1), size_t(10), size_t(100)})
            measure(**database, batchSize, batchSize == 1 ? 5'000 : 50'000, randomIds);
    }
    return 0;
}
