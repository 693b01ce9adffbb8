#pragma once

class QAbstractSocket;

namespace gatehouse::support {

// Closes the connection with a reset (RST) instead of an orderly end.
void resetConnection(QAbstractSocket &socket);

} // namespace gatehouse::support
