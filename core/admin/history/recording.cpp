#include "admin/history/recording.h"

#include "base/logging.h"
#include "storage/repositories/historyrepository.h"

#include <QCoreApplication>
#include <QDateTime>

namespace gatehouse::admin {

base::Result<> record(storage::Database &database, Recorded recorded)
{
    return record(database, std::move(recorded), domain::ActingAs::present());
}

base::Result<> record(storage::Database &database, Recorded recorded, const domain::Author &author)
{
    if (recorded.action == domain::HistoryAction::Changed && recorded.fields.empty())
        return {};
    // What something new differs in from the values that are set at first, was never there before.
    if (recorded.action == domain::HistoryAction::Created) {
        for (domain::FieldChange &field : recorded.fields)
            field.before = QJsonValue();
    }
    return storage::HistoryRepository(database).insert({.at = QDateTime::currentMSecsSinceEpoch(),
                                                        .author = author,
                                                        .object = recorded.object,
                                                        .objectId = recorded.id,
                                                        .objectName = std::move(recorded.name),
                                                        .action = recorded.action,
                                                        .fields = std::move(recorded.fields)});
}

void recordLater(storage::StorageThreads &storage, Recorded recorded)
{
    recordLater(storage, std::move(recorded), domain::ActingAs::present());
}

void recordLater(storage::StorageThreads &storage, Recorded recorded, const domain::Author &author)
{
    storage
        .write([recorded = std::move(recorded), author](storage::Database &database) {
            return record(database, recorded, author);
        })
        .then(QCoreApplication::instance(), [](const base::Result<> &stored) {
            if (!stored)
                qCWarning(base::lcAdmin) << "A line of the history of changes was not stored:"
                                         << stored.error().message.english();
        });
}

} // namespace gatehouse::admin
