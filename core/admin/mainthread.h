#pragma once

#include <QCoreApplication>
#include <QFuture>

namespace gatehouse::admin {

// The same answer, given in the main thread. What base::finishInMainThread() ends is given there already.
// Cancelling it does not end the work.
template<typename T>
QFuture<T> inMainThread(QFuture<T> future)
{
    return future.then(QCoreApplication::instance(), [](T value) { return value; });
}

} // namespace gatehouse::admin
