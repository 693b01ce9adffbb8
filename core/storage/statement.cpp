#include "storage/statement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

QVariant storable(const QVariant &value)
{
    if (value.isNull())
        return value;
    if (value.typeId() == QMetaType::QByteArray)
        return value.toByteArray().isNull() ? QByteArray("") : value;
    if (value.typeId() != QMetaType::QString)
        return value;
    QString text = value.toString();
    text.remove(QChar(u'\0'));
    return text.isNull() ? u""_s : text;
}

base::Result<QSqlQuery> execute(Database &database, const QString &sql, const Bindings &bindings)
{
    QSqlQuery query(database.connection());
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return base::fail(database.errorFrom(query.lastError()));
    for (const Binding &binding : bindings)
        query.bindValue(binding.name, storable(binding.value));
    if (!query.exec())
        return base::fail(database.errorFrom(query.lastError()));
    return query;
}

base::Result<> executeDirectly(Database &database, const QString &sql)
{
    QSqlQuery query(database.connection());
    if (!query.exec(sql))
        return base::fail(database.errorFrom(query.lastError()));
    return {};
}

base::Result<> expectChange(base::Result<QSqlQuery> query, const base::Message &message)
{
    if (!query)
        return base::fail(std::move(query.error()));
    if (query->numRowsAffected() < 1)
        return base::fail(base::ErrorCode::NotFound, message);
    return {};
}

base::Result<bool> nextRow(Database &database, QSqlQuery &rows)
{
    if (rows.next())
        return true;
    if (rows.lastError().isValid())
        return base::fail(database.errorFrom(rows.lastError()));
    return false;
}

base::Result<qint64> numberOf(Database &database, base::Result<QSqlQuery> query)
{
    return required(firstRow(database,
                             std::move(query),
                             [](const QSqlQuery &row) { return row.value(0).toLongLong(); }),
                    base::Message::tr("This entry does not exist."));
}

base::Result<> done(base::Result<QSqlQuery> query)
{
    if (!query)
        return base::fail(std::move(query.error()));
    return {};
}

bool isStorableText(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char character) {
        return static_cast<signed char>(character) > 0;
    });
}

QByteArray storableText(QByteArrayView text)
{
    if (isStorableText(text))
        return text.toByteArray();
    QString decoded = QString::fromUtf8(text); // replaces what is not UTF-8
    decoded.remove(QChar(u'\0'));
    return decoded.toUtf8();
}

} // namespace gatehouse::storage
