#pragma once

#include "storage/statement.h"

#include <QSqlError>

namespace gatehouse::storage {

// A statement that is prepared once and executed for many rows.
class RowStatement
{
public:
    static base::Result<RowStatement> prepare(Database &database, const QString &sql)
    {
        RowStatement statement(database);
        statement.m_query.setForwardOnly(true);
        if (!statement.m_query.prepare(sql))
            return base::fail(database.errorFrom(statement.m_query.lastError()));
        return statement;
    }

    // By the positions of the placeholders, or by their names.
    void bind(int position, const QVariant &value) { m_query.bindValue(position, value); }
    void bind(int position, const QByteArray &bytes)
    {
        m_query.bindValue(position, bytes.isNull() ? QByteArray("") : bytes);
    }
    void bind(const Bindings &bindings)
    {
        for (const Binding &binding : bindings)
            m_query.bindValue(binding.name, storable(binding.value));
    }
    base::Result<QSqlQuery *> run()
    {
        if (!m_query.exec())
            return base::fail(m_database->errorFrom(m_query.lastError()));
        return &m_query;
    }
    void finish() { m_query.finish(); }

private:
    explicit RowStatement(Database &database)
        : m_database(&database)
        , m_query(database.connection())
    {}

    Database *m_database;
    QSqlQuery m_query;
};

} // namespace gatehouse::storage
