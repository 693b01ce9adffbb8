#pragma once

#include "domain/history.h"
#include "storage/storagethreads.h"

namespace gatehouse::admin {

// What an entry tells of, without who did it and when.
struct Recorded
{
    domain::HistoryObject object = domain::HistoryObject::Channel;
    qint64 id = 0;
    QString name{};
    domain::HistoryAction action = domain::HistoryAction::Changed;
    domain::FieldChanges fields{};
};

// Adds an entry to the history of changes, on behalf of domain::ActingAs::present(). Called in a storage thread
// within the transaction of the change itself, so that both are stored or neither. What changed no field is no
// change.
base::Result<> record(storage::Database &database, Recorded recorded);
// On behalf of the program itself, or of somebody who is known by now alone.
base::Result<> record(storage::Database &database, Recorded recorded, const domain::Author &author);

// Of what happened outside of the database, once it has happened. A failure is logged.
void recordLater(storage::StorageThreads &storage, Recorded recorded);
void recordLater(storage::StorageThreads &storage, Recorded recorded, const domain::Author &author);

inline domain::Author theProgram()
{
    return {.kind = domain::Author::Kind::Program};
}

// The value, once its entry is stored.
template<typename T>
base::Result<T> recorded(storage::Database &database, Recorded entry, T value)
{
    return record(database, std::move(entry)).map([&] { return std::move(value); });
}

} // namespace gatehouse::admin
