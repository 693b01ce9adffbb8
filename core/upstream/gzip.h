#pragma once

#include <QByteArray>

namespace gatehouse::upstream {

// The bytes as one member of gzip (RFC 1952); empty: there was no memory for it.
QByteArray gzip(const QByteArray &bytes);

} // namespace gatehouse::upstream
