#pragma once

#include "domain/catalog.h"
#include "http/headers.h"
#include "protocol/peek.h"
#include "relay/admission/caller.h"
#include "relay/cache/answercache.h"

namespace gatehouse::http {
class BodySource;
} // namespace gatehouse::http

namespace gatehouse::relay {

// What the cache of answers may do for a request.
struct CacheLeave
{
    bool mayGive = false; // a kept answer
    bool mayKeep = false; // the answer that comes
};

// As the settings and the request have it: `Cache-Control: no-store` or `X-Gatehouse-Cache: bypass` leave
// the cache out, `no-cache` and `max-age=0` have a new answer take the place of the kept one. A body that
// is not in memory is not looked at.
CacheLeave cacheLeaveOf(const domain::Settings::Cache &settings,
                        const protocol::Peek &peek,
                        const http::Headers &fields,
                        const http::BodySource &body);

// `body` is that of the request, which is in memory.
AnswerQuestion questionOf(const domain::Settings::Cache &settings,
                          const Caller &caller,
                          const protocol::Peek &peek,
                          const http::Headers &fields,
                          QByteArrayView body);

// What of a channel decides on its answers for the model, in a hash: another one means that what it
// answered before is not what it would answer now.
QByteArray originOf(const domain::CatalogChannel &channel, const QByteArray &model);

// What the cache has to do with one request.
struct CacheUse
{
    domain::CacheResult result = domain::CacheResult::None;
    std::optional<AnswerKey> key{};               // under which the answer is to be kept
    std::unique_ptr<AnswerRecording> recording{}; // while it passes
    QByteArray contentType{};                     // of what is recorded
    std::shared_ptr<const KeptAnswer> answer{};   // that is given out
    qsizetype given = 0;                          // bytes of it
};

} // namespace gatehouse::relay
