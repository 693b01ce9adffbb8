#pragma once

#include "base/result.h"

#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace gatehouse::storage {

// A copy of another program's SQLite database as it is at one moment, with its journal, in a folder
// that this account alone can enter. The folder goes with the object.
class PrivateCopy
{
public:
    // Makes the folder within `folder`. The file is opened for reading only. What lies in `folder`
    // itself is refused without being opened: it is this program's own, and its locks would be lost.
    static base::Result<std::unique_ptr<PrivateCopy>> of(const QString &path,
                                                         const QString &folder);

    QString path() const;

private:
    explicit PrivateCopy(const QString &folder);

    QTemporaryDir m_folder;
};

// Removes from `folder` the copies of a program that was killed. None may be in use.
void removeLeftCopies(const QString &folder);

} // namespace gatehouse::storage
