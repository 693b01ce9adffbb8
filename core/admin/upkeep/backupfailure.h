#pragma once

#include "base/message.h"

#include <QDateTime>

namespace gatehouse::admin {

// Why no backup was made that was due.
struct BackupFailure
{
    QDateTime at{}; // of the last attempt
    base::Message reason{};
};

} // namespace gatehouse::admin
