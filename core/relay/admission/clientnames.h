#pragma once

#include "http/headers.h"

#include <QByteArrayList>
#include <QHash>

namespace gatehouse::relay {

// The programs that are known by how they call themselves, and kinds of software kits.
QByteArrayList knownClients();
// The program behind a User-Agent; empty: it is not known.
QByteArray clientNameOf(QByteArrayView userAgent);

// Remembers the names of the clients of one thread, which repeat themselves.
class ClientNames
{
public:
    QByteArray of(QByteArrayView userAgent);

private:
    QHash<QByteArray, QByteArray> m_names;
};

// The name that a client gives its session: that of a field made for it (`X-Session-Id`, Claude Code's,
// Codex's), else what its body says, else the field of a program that has a way of its own. At most
// 200 bytes; empty: it gives none.
QByteArray sessionOf(const http::Headers &fields, const QByteArray &fromBody);

} // namespace gatehouse::relay
