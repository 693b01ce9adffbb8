#pragma once

#include <QByteArray>

namespace gatehouse::secrets {

// So many bytes from the system's cryptographic generator. Safe to call from any thread. A system
// without a working generator ends the program, since no secret could be made or trusted then.
QByteArray randomBytes(qsizetype count);

} // namespace gatehouse::secrets
