#pragma once

#include "storage/databaseoptions.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace gatehouse::storage {

// A copy of the database that waits beside it, to take its place when the program starts next: while
// it runs, the file cannot be replaced.

// Copies `backup` there, in the place of one that waits already. `adapt`, which takes the path of the copy
// and may change it, and then `secure` are called once the copy is laid down and before it waits: whatever ends the program until then, nothing else is restored than what
// waited before. Their failure ends the preparation, as a stop request does, and leaves what waited.
base::Result<> prepareRestore(const QString &backup,
                              const DatabaseOptions &options,
                              const std::stop_token &stop = {},
                              const std::function<base::Result<>()> &secure = {},
                              const std::function<base::Result<>(const QString &)> &adapt = {});
base::Result<> cancelRestore(const DatabaseOptions &options);
// Whether the database is an empty one that a RestoreRoom had made room for. It knows no settings.
bool hasStandIn(const DatabaseOptions &options);
// Puts the damaged database back that a RestoreRoom has laid aside; what stood in for it is kept beside it.
// Where there was none, the stand-in becomes the database. Nobody may have it open.
base::Result<> leaveStandIn(const DatabaseOptions &options);
bool isRestorePrepared(const DatabaseOptions &options);

// To be called before the database is opened. Puts the waiting copy in place and gives the path under
// which the former file is kept; nothing: none waits. A copy that turns out to be damaged is an error,
// is laid aside, and leaves the database as it is. What a preparation left that did not end is removed.
base::Result<std::optional<QString>> applyPreparedRestore(const DatabaseOptions &options);

// Room for a database in which a restore can be prepared, where there is none or a damaged one: the latter
// is laid aside. At the end, once nobody has the database open, all is again as it was unless a restore waits
// then: a refused backup must not leave an empty installation.
class RestoreRoom
{
public:
    // Fails where the damaged file cannot be laid aside.
    static base::Result<std::unique_ptr<RestoreRoom>> make(const DatabaseOptions &options);
    ~RestoreRoom();
    RestoreRoom(const RestoreRoom &) = delete;
    RestoreRoom &operator=(const RestoreRoom &) = delete;

    // Where the damaged database is kept; empty: there was none.
    const QString &damagedDatabase() const { return m_aside; }

private:
    RestoreRoom(DatabaseOptions options, bool isEmpty);

    const DatabaseOptions m_options;
    const bool m_isEmpty; // no database that is to stay
    QString m_aside{};
};

} // namespace gatehouse::storage
