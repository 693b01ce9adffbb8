#pragma once

#include "storage/database.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

namespace gatehouse::storage {

// A statement that is prepared once and executed for many rows, with placeholders by position.
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

    void bind(int position, const QVariant &value) { m_query.bindValue(position, value); }
    void bind(int position, const QByteArray &bytes)
    {
        m_query.bindValue(position, bytes.isNull() ? QByteArray("") : bytes);
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
