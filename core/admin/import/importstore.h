#pragma once

#include "admin/import/importplan.h"
#include "storage/database.h"
#include "storage/keysealer.h"
#include "storage/repositories/userrepository.h"

namespace gatehouse::admin {

// The parts of ImportService that run in a storage thread.

base::Result<ImportGround> importGround(storage::Database &database,
                                        const storage::KeySealer &sealer,
                                        OwnAddress isOwnAddress,
                                        qint64 now);

// Stores a plan: gather() takes a slice of it in a short transaction of its own, so that the ledger gets
// its turn in between, and settle() brings all of it into force at once. Until then nobody sees anything of
// it. Used in the writing thread, one of it at a time.
class ImportStore
{
public:
    static constexpr size_t sliceRows = 400;

    // The plan was made on this ground.
    ImportStore(const storage::KeySealer &sealer, ImportPlan plan, ImportGround ground);

    const ImportPlan &plan() const { return m_plan; }
    // Whether something is left to be gathered.
    base::Result<bool> gather(storage::Database &database);
    // Conflict: what is here has changed since, so that the plan may hold no more.
    base::Result<> settle(storage::Database &database);
    // What was gathered is no longer needed.
    static base::Result<> discard(storage::Database &database);

private:
    void giveIds();
    base::Result<> checkGround(storage::Database &database) const;

    const storage::KeySealer &m_sealer;
    ImportPlan m_plan;
    const ImportGround m_ground;
    std::vector<storage::NewUser> m_users{};
    std::vector<domain::Token> m_tokens{};
    std::vector<domain::Channel> m_channels{};
    std::vector<storage::ImportedEntry> m_entries{};
    bool m_isOpen = false;
    size_t m_gatheredUsers = 0;
    size_t m_gatheredTokens = 0;
    size_t m_gatheredChannels = 0;
    size_t m_gatheredEntries = 0;
};

} // namespace gatehouse::admin
