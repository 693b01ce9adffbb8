#pragma once

#include <QCoreApplication>
#include <QPromise>
#include <QThread>

#include <memory>

namespace gatehouse::base {

// Ends a promise whose results are there, in the main thread. Called in any thread; whoever waits for a
// result alone has it already.
//
// Whatever another thread ends is to be ended by this. If one thread calls QFuture::then() at the moment
// in which another ends the promise, Qt 6.4 may run the continuation twice, the second time with captures
// that were moved from, and that is a crash. then() is called in the main thread alone, so that it cannot
// meet a promise that ends there too.
template<typename T>
void finishInMainThread(std::shared_ptr<QPromise<T>> promise)
{
    QCoreApplication *const application = QCoreApplication::instance();
    if (!application || application->thread() == QThread::currentThread()) {
        promise->finish();
        return;
    }
    QMetaObject::invokeMethod(
        application, [promise = std::move(promise)] { promise->finish(); }, Qt::QueuedConnection);
}

} // namespace gatehouse::base
