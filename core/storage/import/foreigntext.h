#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

#include <stop_token>

namespace gatehouse::storage {

// A configuration is never that large, and one that is would take long to read.
inline constexpr qint64 largestForeignText = 16 * 1024 * 1024;

// The whole content of another program's file that is no database, opened for reading only. Ends early,
// with Cancelled, on a stop request. Fit for a pool's thread; see ForeignFile::isDatabase() for what is to
// be asked before.
base::Result<QByteArray> readForeignText(const QString &path, const std::stop_token &stop = {});

} // namespace gatehouse::storage
