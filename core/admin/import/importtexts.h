#pragma once

#include "base/result.h"
#include "storage/import/foreigngateway.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace gatehouse::admin {

// Texts of another program's database, brought into a form that can be stored or compared.

// Without control characters and blanks at the ends, and with at most `longest` characters.
QString cleanText(const QString &text, qsizetype longest);
// For a report.
QString shownName(const QString &name);
// The parts between commas and line feeds, each once, without blanks at their ends.
QStringList listFrom(const QString &text);
// A whole JSON object; a text without anything in it is an empty one. Nothing: it is no object.
std::optional<QJsonObject> objectFrom(const QByteArray &text);
bool isBcrypt(const QByteArray &hash);
// Of a channel: what a header of a request can hold, and no longer than any provider's.
bool isUsableKey(const QByteArray &key);
// Columns of a fixed length are filled up with blanks by some databases.
QByteArray keyOf(const storage::ForeignToken &token);
QByteArray keyHashOf(const storage::ForeignToken &token);
// Between nothing and what is exact in JSON, too.
qint64 amountFrom(qint64 units, bool mayBeNegative = false);
inline constexpr qint64 latestTime = 253'402'300'799; // the end of the year 9999
// Seconds since 1970; what is no time is 0.
qint64 timeFrom(qint64 seconds);

} // namespace gatehouse::admin
