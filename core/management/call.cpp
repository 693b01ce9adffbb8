#include "management/call.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

QString decoded(QByteArrayView part)
{
    QByteArray text = part.toByteArray();
    text.replace('+', ' ');
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text));
}

} // namespace

Result<qint64> Call::id() const
{
    bool ok = false;
    const qint64 id = places.value("id").toLongLong(&ok);
    if (!ok || id <= 0)
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(u"The id in the path must be a number."_s));
    return id;
}

Result<qint64> Call::number(const QString &name) const
{
    const QString value = query.value(name);
    if (value.isEmpty())
        return 0;
    bool ok = false;
    const qint64 number = value.toLongLong(&ok);
    if (!ok) {
        return fail(
            ErrorCode::InvalidInput,
            base::Message::verbatim(u"The parameter \"%1\" must be a whole number."_s.arg(name)));
    }
    return number;
}

Result<qint64> Call::time(const QString &name) const
{
    constexpr qint64 largest = 9'000'000'000'000;
    const Result<qint64> seconds = number(name);
    if (seconds && (*seconds < 0 || *seconds > largest)) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"The parameter \"%1\" must be a time in seconds since 1970."_s.arg(name)));
    }
    return seconds;
}

Result<storage::Page> Call::page() const
{
    constexpr qint64 usual = 10;
    constexpr qint64 most = 100;
    constexpr qint64 lastPage = 1'000'000'000;
    const Result<qint64> asked = number(u"page_size"_s);
    if (!asked)
        return fail(asked.error());
    const Result<qint64> wanted = number(u"p"_s);
    if (!wanted)
        return fail(wanted.error());
    const Result<qint64> before = number(u"before"_s);
    if (!before)
        return fail(before.error());
    const qint64 size = *asked > 0 ? std::min(*asked, most) : usual;
    const qint64 page = std::clamp<qint64>(*wanted, 0, lastPage);
    return storage::Page{.offset = page * size, .limit = size, .before = *before};
}

QHash<QString, QString> parsedQuery(const QByteArray &query)
{
    QHash<QString, QString> parsed;
    for (const QByteArray &part : query.split('&')) {
        const qsizetype equals = part.indexOf('=');
        const QString name =
            decoded(equals < 0 ? QByteArrayView(part) : QByteArrayView(part).first(equals));
        if (!name.isEmpty() && !parsed.contains(name))
            parsed.insert(
                name, equals < 0 ? QString() : decoded(QByteArrayView(part).sliced(equals + 1)));
    }
    return parsed;
}

Response responded(gateway::ApiResponse response)
{
    QPromise<gateway::ApiResponse> promise;
    promise.start();
    promise.addResult(std::move(response));
    promise.finish();
    return promise.future();
}

} // namespace gatehouse::management
