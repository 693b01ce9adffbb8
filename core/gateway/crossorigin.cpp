#include "gateway/crossorigin.h"

#include "http/responsewriter.h"

namespace gatehouse::gateway {

namespace {

// What Access-Control-Allow-Origin is to say; empty: nothing.
QByteArrayView answerTo(const domain::AllowedOrigins &allowed, const http::Headers &asked)
{
    const auto origin = asked.value("origin");
    const bool isOne = origin && asked.count("origin") == 1;
    return isOne ? allowed.answerTo(*origin) : QByteArrayView();
}

// The names of the fields that the page wants to send, if all of them can be names and they are not
// suspiciously many.
QByteArray namesFrom(QByteArrayView list)
{
    constexpr qsizetype mostBytes = 4 * 1024;
    constexpr qsizetype mostNames = 100;
    if (list.size() > mostBytes)
        return {};
    QByteArrayList names;
    for (const QByteArray &part : list.toByteArray().split(',')) {
        const QByteArray name = part.trimmed();
        if (name.isEmpty())
            continue;
        if (!http::isFieldName(name) || names.size() == mostNames)
            return {};
        names.append(name);
    }
    return names.join(", ");
}

} // namespace

void addCrossOriginFields(http::HeadWriter &head,
                          const domain::AllowedOrigins &allowed,
                          const http::Headers &asked)
{
    // Beside those that every script may read.
    constexpr QByteArrayView exposed =
        "X-Request-Id, X-Oneapi-Request-Id, request-id, Retry-After, X-Should-Retry, Allow, "
        "WWW-Authenticate, Server-Timing, X-Gatehouse-Channel, X-Gatehouse-Attempts, "
        "X-Gatehouse-Model, X-Gatehouse-Cache, Age, x-provider-request-id, "
        "x-ratelimit-limit-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-requests, "
        "x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, x-ratelimit-reset-tokens, "
        "anthropic-ratelimit-requests-limit, anthropic-ratelimit-requests-remaining, "
        "anthropic-ratelimit-requests-reset, anthropic-ratelimit-tokens-limit, "
        "anthropic-ratelimit-tokens-remaining, anthropic-ratelimit-tokens-reset";
    // Caches keep an answer for the origin that it was given to.
    if (!allowed.any)
        head.field("Vary", "Origin");
    const QByteArrayView answer = answerTo(allowed, asked);
    if (answer.isEmpty())
        return;
    head.field("Access-Control-Allow-Origin", answer);
    head.field("Access-Control-Expose-Headers", exposed);
}

void addPreflightFields(http::Headers &fields,
                        const domain::AllowedOrigins &allowed,
                        const http::Headers &asked,
                        QByteArrayView methods)
{
    constexpr QByteArrayView maxAge = "7200"; // seconds; browsers take no more
    fields.add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
    if (!asked.value("access-control-request-method") || answerTo(allowed, asked).isEmpty())
        return;
    fields.add("Access-Control-Allow-Methods", methods);
    fields.add("Access-Control-Max-Age", maxAge);
    const QByteArray names =
        namesFrom(asked.value("access-control-request-headers").value_or(QByteArrayView()));
    if (!names.isEmpty())
        fields.add("Access-Control-Allow-Headers", names);
    // A page of the Internet that asks a machine of the local network is told that it may, where its
    // origin was named.
    const auto local = asked.value("access-control-request-private-network");
    if (local == QByteArrayView("true") && !allowed.any)
        fields.add("Access-Control-Allow-Private-Network", "true");
}

} // namespace gatehouse::gateway
