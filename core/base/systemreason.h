#pragma once

#include "base/message.h"

namespace gatehouse::base {

// What the system said of a failure, such as QFile::errorString(), which is in the language of the
// system or of the window: in English for logs, and as it was for a window. Text that the system has
// none for stays as it is. Any thread.
Message systemReason(const QString &text);
// Of the error of that number, which is errno's.
Message systemReason(int number);

} // namespace gatehouse::base
