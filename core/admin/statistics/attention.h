#pragma once

#include "admin/integrations/failingexport.h"
#include "admin/statistics/statistics.h"
#include "admin/upkeep/backupfailure.h"
#include "domain/catalog.h"
#include "domain/lostsecrets.h"
#include "relay/admission/admission.h"

#include <optional>

namespace gatehouse::admin {

// What whoever keeps this installation has to see to: backups and exports that fail, and what a restore
// took away.
std::vector<AttentionItem> upkeepInNeed(const std::optional<BackupFailure> &backup,
                                        const domain::LostSecrets &missing,
                                        const std::vector<FailingExport> &exports = {});
// What a person should look at: channels by their present states, then users and tokens by their
// budgets and ends, as far as `admission` and the catalog know them. Those that serve no one come first.
std::vector<AttentionItem> channelsInNeed(const domain::Catalog &catalog,
                                          const std::vector<ChannelOverview> &channels);
std::vector<AttentionItem>
accountsInNeed(const domain::Catalog &catalog, const relay::Admission &admission, qint64 now);

} // namespace gatehouse::admin
