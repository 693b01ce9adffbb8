#pragma once

#include "base/result.h"

#include <QString>
#include <QTemporaryDir>

#include <memory>
#include <stop_token>

namespace gatehouse::storage {

// What an import ends with that was stopped.
base::Error importStopped();

// A copy of another program's SQLite database as it is at one moment, with its journal, in a folder
// that this account alone can enter, and in which nothing but such copies is laid. It goes with the object.
class PrivateCopy
{
public:
    // Makes the folder within `folder`. The file is only read. Ends early, with Cancelled, on a stop request.
    static base::Result<std::unique_ptr<PrivateCopy>>
    of(const QString &source, const QString &folder, const std::stop_token &stop);

    ~PrivateCopy();
    PrivateCopy(const PrivateCopy &) = delete;
    PrivateCopy &operator=(const PrivateCopy &) = delete;

    QString path() const;

private:
    explicit PrivateCopy(const QString &folder);

    const QString m_place;
    QTemporaryDir m_folder;
};

// Removes the copies that a program that was killed has left where PrivateCopy lays them within `folder`,
// and nothing else. None may be in use.
void removeLeftCopies(const QString &folder);

} // namespace gatehouse::storage
