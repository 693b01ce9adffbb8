#include "management/envelope.h"

#include "base/json.h"
#include "base/logging.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using gateway::ApiResponse;

namespace {

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::LimitReached:
        return 429;
    case ErrorCode::Unavailable:
    case ErrorCode::TimedOut:
    case ErrorCode::Cancelled:
        return 503;
    case ErrorCode::Internal:
        return 500;
    case ErrorCode::NotSignedIn:
        return 401;
    default:
        return 200;
    }
}

// The kind of a failure in a word, for programs. One API's envelope has no such member, and its
// clients pass over what they do not know.
QString codeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
        return u"invalid_input"_s;
    case ErrorCode::NotFound:
        return u"not_found"_s;
    case ErrorCode::Conflict:
        return u"conflict"_s;
    case ErrorCode::Denied:
        return u"denied"_s;
    case ErrorCode::NotSignedIn:
        return u"not_signed_in"_s;
    case ErrorCode::LimitReached:
        return u"limit_reached"_s;
    case ErrorCode::Unavailable:
        return u"unavailable"_s;
    case ErrorCode::TimedOut:
        return u"timed_out"_s;
    case ErrorCode::Cancelled:
        return u"cancelled"_s;
    case ErrorCode::Internal:
        break;
    }
    return u"internal"_s;
}

} // namespace

ApiResponse document(const QJsonObject &object, int status)
{
    return {.status = status,
            .headers = {{"Content-Type", "application/json; charset=utf-8"},
                        {"Cache-Control", "no-store"},
                        {"X-Content-Type-Options", "nosniff"}},
            .body = base::compactJson(object)};
}

ApiResponse succeeded(const QJsonValue &data, const QString &message)
{
    QJsonObject object{{u"success"_s, true}, {u"message"_s, message}};
    if (!data.isUndefined())
        object.insert(u"data"_s, data);
    return document(object);
}

ApiResponse refusal(const QString &message, int status)
{
    return document({{u"success"_s, false}, {u"message"_s, message}}, status);
}

ApiResponse shuttingDown()
{
    constexpr int serviceUnavailable = 503;
    return refusal(u"The gateway is shutting down."_s, serviceUnavailable);
}

ApiResponse refusal(const base::Error &error)
{
    const int status = statusOf(error.code);
    if (status >= 500)
        qCWarning(base::lcAdmin) << "A management request failed:" << error.message.english()
                                 << error.detail;
    return document({{u"success"_s, false},
                     {u"message"_s, error.message.english()},
                     {u"code"_s, codeName(error.code)}},
                    status);
}

ApiResponse notFound(const gateway::ApiRequest &request)
{
    const QString message = u"There is no %1 %2 here."_s.arg(
        QString::fromUtf8(request.method.left(20)), QString::fromUtf8(request.path.left(200)));
    const QJsonObject error{{u"message"_s, message},
                            {u"type"_s, u"invalid_request_error"_s},
                            {u"param"_s, u""_s},
                            {u"code"_s, u"not_found"_s}};
    return document({{u"error"_s, error}}, 404);
}

} // namespace gatehouse::management
