#pragma once

#include <QCoreApplication>
#include <QFuture>

namespace gatehouse::admin {

// The same answer, given in the main thread. QFuture::then() looks for its context in the thread that
// ends the future, and nothing keeps the context from being destroyed meanwhile: whatever a window
// waits for must end in the thread of the window. Cancelling it does not end the work.
template<typename T>
QFuture<T> inMainThread(QFuture<T> future)
{
    return future.then(QCoreApplication::instance(), [](T value) { return value; });
}

} // namespace gatehouse::admin
