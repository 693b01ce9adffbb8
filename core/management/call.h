#pragma once

#include "admin/actor.h"
#include "admin/flow.h"
#include "base/json.h"
#include "domain/token.h"
#include "gateway/apihandler.h"
#include "management/envelope.h"
#include "storage/repositories/page.h"

#include <QHash>

#include <functional>
#include <optional>

namespace gatehouse::management {

// One request as a controller sees it: authorised, matched and read.
struct Call
{
    gateway::ApiRequest request{};
    domain::User user{};     // who asks; empty on public routes
    domain::TokenId token{}; // on routes for relay tokens
    bool bySession = false;  // by the cookie, not by an access token
    // What the places of the pattern hold, as sent.
    QHash<QByteArray, QByteArray> places{};
    QHash<QString, QString> query{};
    QJsonObject body{};

    admin::Actor actor() const { return admin::Actor::of(user); }
    base::JsonReader reader() const { return base::JsonReader(body); }
    // The number in the place ":id".
    base::Result<qint64> id() const;
    QString text(const QString &name) const { return query.value(name); }
    // 0: absent. Fails on what is no whole number.
    base::Result<qint64> number(const QString &name) const;
    // A time in seconds since 1970; 0: absent.
    base::Result<qint64> time(const QString &name) const;
    // One API's paging: `p` from 0, ten to a page. `page_size` may ask for up to a hundred, `before` for
    // ids below it alone: pages by it neither skip nor repeat what others change meanwhile.
    // Fails as number() does.
    base::Result<storage::Page> page() const;
};

// Splits a query into its decoded parts; the first of several of one name counts.
QHash<QString, QString> parsedQuery(const QByteArray &query);

using Response = QFuture<gateway::ApiResponse>;

Response responded(gateway::ApiResponse response);
inline Response responded(const base::Error &error)
{
    return responded(refusal(error));
}

// Answers when `answer` is there: with what `make` makes of its value, or with its error. `make`
// gives an ApiResponse, or a QJsonValue for "data".
template<typename Value, typename Make>
Response respond(admin::Answer<Value> answer, QObject *context, Make make)
{
    return answer.then(QCoreApplication::instance(),
                       [guard = QPointer(context), make = std::move(make)](
                           base::Result<Value> outcome) mutable -> gateway::ApiResponse {
                           // What ends a job at the end of the program may come when nobody is left to ask.
                           if (!guard)
                               return shuttingDown();
                           if (!outcome)
                               return refusal(outcome.error());
                           using Made = typename admin::flow::CallResult<Make, Value>::Type;
                           if constexpr (std::is_convertible_v<Made, gateway::ApiResponse>)
                               return admin::flow::call<void>(make, outcome);
                           else
                               return succeeded(admin::flow::call<void>(make, outcome));
                       });
}

// Answers with success alone.
inline Response respond(admin::Answer<> answer, QObject *context)
{
    return respond(std::move(answer), context, [] { return succeeded(); });
}

} // namespace gatehouse::management
