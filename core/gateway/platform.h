#pragma once

#include <QtGlobal>

namespace gatehouse::gateway {

// What Qt does not offer and what differs between the platforms: the file behind this header alone
// calls the system.

// Sends the end of our side of a TCP connection, while the other side may still be read.
void endSending(qintptr socket);

// Closes a socket that belongs to no object.
void closeSocket(qintptr socket);

// Whether the process at the other end of a local socket belongs to the account that runs this one.
// Where the system cannot tell, the permissions of the socket decide.
bool isOwnProcess(qintptr localSocket);

// How many files and sockets the process may have open; asks the system for as many as it grants.
qint64 raiseOpenFilesLimit();

} // namespace gatehouse::gateway
