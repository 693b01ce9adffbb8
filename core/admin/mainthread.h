#pragma once

#include <QCoreApplication>
#include <QFuture>
#include <QFutureWatcher>
#include <QPromise>

#include <memory>

namespace gatehouse::admin {

// The same answer, given in the main thread, where this is called. QFuture::then() looks for its
// context in the thread that ends the future, and nothing keeps the context from being destroyed
// meanwhile: whatever a window waits for must end in the thread of the window. Cancelling it cancels
// `future`.
template<typename T>
QFuture<T> inMainThread(const QFuture<T> &future)
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    auto *given = new QFutureWatcher<T>(QCoreApplication::instance());
    auto *wanted = new QFutureWatcher<T>(given);
    QObject::connect(given, &QFutureWatcherBase::finished, given, [given, promise] {
        if (given->future().resultCount() > 0)
            promise->addResult(given->future().takeResult());
        else
            promise->future().cancel();
        promise->finish();
        given->deleteLater();
    });
    QObject::connect(
        wanted, &QFutureWatcherBase::canceled, given, [given] { given->future().cancel(); });
    given->setFuture(future);
    wanted->setFuture(promise->future());
    return promise->future();
}

} // namespace gatehouse::admin
