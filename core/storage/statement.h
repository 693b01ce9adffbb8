#pragma once

#include "storage/database.h"

#include <QSqlQuery>
#include <QVariant>

#include <optional>
#include <type_traits>
#include <vector>

namespace gatehouse::storage {

struct Binding
{
    QString name{}; // with its colon
    QVariant value{};
};

using Bindings = std::vector<Binding>;

// What is bound for a value: texts lose their NUL characters, and a null text or null bytes are meant as empty
// ones. Who means NULL binds a QVariant that is null.
QVariant storable(const QVariant &value);

// Prepares, binds and executes one statement. Texts lose their NUL characters, which PostgreSQL
// does not store.
base::Result<QSqlQuery>
execute(Database &database, const QString &sql, const Bindings &bindings = {});
// Executes a statement without data that cannot be prepared, such as DDL.
base::Result<> executeDirectly(Database &database, const QString &sql);

// Fails with NotFound and `message` if no row was changed.
base::Result<> expectChange(base::Result<QSqlQuery> query, const base::Message &message);

// Steps to the next row. A reading that is interrupted, or meets a damaged page, is an error here.
base::Result<bool> nextRow(Database &database, QSqlQuery &rows);

// All rows, each read by `read`, which takes the query on its row and gives a value.
template<typename Read>
auto rowsOf(Database &database, base::Result<QSqlQuery> query, Read read)
    -> base::Result<std::vector<std::invoke_result_t<Read &, const QSqlQuery &>>>
{
    if (!query)
        return base::fail(std::move(query.error()));
    std::vector<std::invoke_result_t<Read &, const QSqlQuery &>> values;
    while (true) {
        base::Result<bool> row = nextRow(database, *query);
        if (!row)
            return base::fail(std::move(row.error()));
        if (!*row)
            return values;
        values.push_back(read(std::as_const(*query)));
    }
}

// The first row, if there is one.
template<typename Read>
auto firstRow(Database &database, base::Result<QSqlQuery> query, Read read)
    -> base::Result<std::optional<std::invoke_result_t<Read &, const QSqlQuery &>>>
{
    using Row = std::optional<std::invoke_result_t<Read &, const QSqlQuery &>>;
    if (!query)
        return base::fail(std::move(query.error()));
    base::Result<bool> row = nextRow(database, *query);
    if (!row)
        return base::fail(std::move(row.error()));
    return *row ? Row(read(std::as_const(*query))) : Row();
}

// The value, or NotFound with `message`.
template<typename T>
base::Result<T> required(base::Result<std::optional<T>> value, const base::Message &message)
{
    if (!value)
        return base::fail(std::move(value.error()));
    if (!*value)
        return base::fail(base::ErrorCode::NotFound, message);
    return std::move(**value);
}

// The number in the first column of the only row.
base::Result<qint64> numberOf(Database &database, base::Result<QSqlQuery> query);
// An outcome without its rows.
base::Result<> done(base::Result<QSqlQuery> query);

// True for plain ASCII without NUL, which needs no cleaning.
bool isStorableText(QByteArrayView text);
// The text that may be stored: valid UTF-8, without NUL.
QByteArray storableText(QByteArrayView text);

} // namespace gatehouse::storage
