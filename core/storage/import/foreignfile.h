#pragma once

#include "storage/database.h"
#include "storage/import/privatecopy.h"

#include <stop_token>

namespace gatehouse::storage {

// Another program's SQLite database, opened to be read as it is at one moment. With a rollback journal it is
// read where it lies, under a lock that keeps the other program from writing until unlock(). One with a
// write-ahead log, or with a journal that a crash has left, is copied first and read there.
class ForeignFile
{
public:
    // The file is opened for reading only; a copy is made within `folder`. What lies in `folder` itself is
    // refused without being opened: it is this program's own, and its locks would be lost. Ends early, with
    // Cancelled, on a stop request, as does what is read.
    static base::Result<std::unique_ptr<ForeignFile>>
    open(const QString &path, const QString &folder, const std::stop_token &stop);

    // Whether the file is a SQLite database. Refuses what open() refuses without looking into it, and what
    // is no file or cannot be read.
    static base::Result<bool> isDatabase(const QString &path, const QString &folder);

    Database &database() { return *m_database; }
    // What is read from now on may be of another moment.
    void unlock();
    // What to say of an error of the database: of the file that was chosen, not of a copy of it.
    base::Error errorFrom(const base::Error &error) const;

private:
    ForeignFile(const QString &path, const QString &folder, const std::stop_token &stop);
    base::Result<> openDirectly(const QString &source);
    base::Result<> openCopy(const QString &source);

    const QString m_path;
    const QString m_folder;
    const std::stop_token m_stop;
    std::unique_ptr<PrivateCopy> m_copy; // null: the file itself is read
    std::unique_ptr<Database> m_database;
};

} // namespace gatehouse::storage
