#pragma once

#include "storage/database.h"

#include <QList>

namespace gatehouse::storage {

// One change of the schema: a numbered file of SQL statements.
struct Migration
{
    int number = 0;
    QString name{};
    QStringList statements{};
};

// The files NNNN_name.sql of a folder (a Qt resource), by rising number.
base::Result<QList<Migration>> migrationsIn(const QString &folder);
// Cuts a file into its statements; comments are dropped.
QStringList statementsIn(const QString &sql);

// The number of the last migration that was applied; 0: there is no schema at all.
base::Result<int> schemaNumber(Database &database);
// Applies what is missing, all in one transaction, so that an end in the middle leaves the old
// schema. Refuses a schema that is newer than the last of `migrations`.
base::Result<> migrate(Database &database, const QList<Migration> &migrations);
// The refusal of a schema that this program does not know. `name` is shown.
base::Error newerSchema(const QString &name, int number);

} // namespace gatehouse::storage
