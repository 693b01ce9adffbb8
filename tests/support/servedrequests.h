#pragma once

#include "storage/traffic/usagerepository.h"
#include "support/administrationfixture.h"

namespace gatehouse::support {

// A request of root that went well, at the time of the fixture's clock.
inline domain::UsageRecord servedRequest(const AdministrationFixture &fixture, const QByteArray &id)
{
    return {.requestId = id,
            .createdAt = fixture.clock.wallMilliseconds(),
            .userId = {1},
            .username = "root",
            .tokenId = {1},
            .tokenName = "laptop",
            .model = "small",
            .providerModel = "tiny",
            .operation = "chat",
            .usage = {.input = 100, .cacheRead = 30, .output = 10},
            .cost = {1'000},
            .httpStatus = 200,
            .elapsedMilliseconds = 2'000};
}

// Writes them into the ledger in their order.
inline void store(AdministrationFixture &fixture, std::vector<domain::UsageRecord> records)
{
    const base::Result<> outcome = AdministrationFixture::wait(fixture.storage->write(
        [records = std::move(records)](storage::Database &database) -> base::Result<> {
            for (const domain::UsageRecord &record : records) {
                if (auto inserted = storage::UsageRepository(database).insert(record); !inserted)
                    return base::fail(inserted.error());
            }
            return {};
        }));
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
}

} // namespace gatehouse::support
