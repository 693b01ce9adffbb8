#pragma once

#include <QSqlError>
#include <QString>

namespace gatehouse::storage {

// Why a statement failed, as far as it decides what happens next.
enum class Fault {
    None,
    Statement,   // the statement or its data; trying again is of no use
    Conflict,    // a unique column has this value already
    Locked,      // another process or transaction is in the way
    Full,        // no room on the disk, or in the database
    ReadOnly,    // the file, its folder or the server takes no changes
    Corrupt,     // the file is damaged or no database
    Unreachable, // the server or the file is not there
    Interrupted, // cancelled, or too slow
};

// The few things that SQLite and PostgreSQL do not say in the same words.
class Dialect
{
public:
    enum class Kind { Sqlite, Postgresql };

    explicit Dialect(Kind kind)
        : m_kind(kind)
    {}

    Kind kind() const { return m_kind; }
    bool isSqlite() const { return m_kind == Kind::Sqlite; }

    // The Qt driver, and the folder of the migrations.
    QString driverName() const;
    QString migrationFolder() const;
    QString beginWriting() const;
    QString beginReading() const;
    // Ends a SELECT whose rows are about to be changed in the same transaction.
    QString lockingSuffix() const;
    // What must run after a row with an id of the program's choice was inserted into `table`, so that
    // the database does not give out that id again; empty: nothing.
    QString afterExplicitId(const QString &table) const;
    // Reads the highest id of `table` that was ever given out, also if its row is gone; 0: none.
    QString lastIdOf(const QString &table) const;
    Fault faultOf(const QSqlError &error) const;

private:
    Kind m_kind;
};

// What a (primary or extended) result code of SQLite's C interface means.
Fault sqliteFault(int resultCode);

} // namespace gatehouse::storage
