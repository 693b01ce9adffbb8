#pragma once

#include "base/finish.h"
#include "base/result.h"
#include "domain/history.h"

#include <QFuture>
#include <QPointer>
#include <QPromise>
#include <QThreadPool>

#include <exception>
#include <memory>
#include <type_traits>

namespace gatehouse::admin {

// What every service answers with. A future that ends cancelled, without a result, means that the
// program is shutting down.
template<typename T = void>
using Answer = QFuture<base::Result<T>>;

template<typename T>
Answer<T> answered(base::Result<T> result)
{
    QPromise<base::Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

template<typename T>
Answer<T> refused(base::ErrorCode code, base::Message message)
{
    return answered<T>(base::fail(code, std::move(message)));
}

template<typename T>
Answer<T> refused(base::Error error)
{
    return answered<T>(base::fail(std::move(error)));
}

namespace flow {

template<typename T>
struct FutureValue
{
    using Type = T;
    static constexpr bool isFuture = false;
};

template<typename T>
struct FutureValue<QFuture<T>>
{
    using Type = T;
    static constexpr bool isFuture = true;
};

template<typename Outcome, typename Function, typename Value>
decltype(auto) call(Function &function, base::Result<Value> &given)
{
    if constexpr (std::is_void_v<Value>)
        return function();
    else
        return function(std::move(*given));
}

template<typename Function, typename Value>
struct CallResult
{
    using Type = std::invoke_result_t<Function &, Value>;
};

template<typename Function>
struct CallResult<Function, void>
{
    using Type = std::invoke_result_t<Function &>;
};

} // namespace flow

// Calls `next` with the result in the main thread, unless `context`, which lives there, is gone by then;
// QFuture::then() asserts in debug builds that it is not. For what may go while it waits. It goes on on behalf
// of the same author; see domain::ActingAs.
template<typename T, typename Function>
void whenDone(QFuture<T> future, QObject *context, Function next)
{
    future.then(QCoreApplication::instance(),
                [guard = QPointer<QObject>(context),
                 next = std::move(next),
                 author = domain::ActingAs::present()](T result) mutable {
                    const domain::ActingAs acting(author);
                    if (guard)
                        next(std::move(result));
                });
}

// Goes on with the value of a success, in the main thread; a failure is passed on as it is.
// `next` gives a Result<U> or an Answer<U>. Nothing happens once `context` is gone.
template<typename Value, typename Function>
auto onSuccess(QFuture<base::Result<Value>> future, QObject *context, Function next)
{
    using Called = typename flow::CallResult<Function, Value>::Type;
    using Outcome = typename flow::FutureValue<Called>::Type;
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> answer = promise->future();
    const auto finish = [promise](Outcome outcome) {
        promise->addResult(std::move(outcome));
        promise->finish();
    };
    if constexpr (flow::FutureValue<Called>::isFuture) {
        whenDone(std::move(future),
                 context,
                 [context, finish, next = std::move(next)](base::Result<Value> given) mutable {
                     if (given)
                         whenDone(flow::call<Outcome>(next, given), context, finish);
                     else
                         finish(base::fail(std::move(given.error())));
                 });
    } else {
        whenDone(std::move(future),
                 context,
                 [finish, next = std::move(next)](base::Result<Value> given) mutable {
                     if (given)
                         finish(flow::call<Outcome>(next, given));
                     else
                         finish(base::fail(std::move(given.error())));
                 });
    }
    return answer;
}

// Runs `work`, which gives a Result<T>, in a thread of the pool, before whatever waits there with a lower
// priority. An exception ends as an Error.
template<typename Function>
auto runIn(QThreadPool &pool, Function work, int priority = 0)
{
    using Outcome = std::invoke_result_t<Function &>;
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> answer = promise->future();
    auto held = std::make_shared<Function>(std::move(work));
    auto guarded = [promise, held] {
        try {
            promise->addResult((*held)());
        } catch (const std::exception &exception) {
            promise->addResult(Outcome(base::fail(base::ErrorCode::Internal,
                                                  base::Message::tr("A job ended unexpectedly."),
                                                  QString::fromLocal8Bit(exception.what()))));
        }
        base::finishInMainThread(promise);
    };
    pool.start(std::move(guarded), priority);
    return answer;
}

} // namespace gatehouse::admin
