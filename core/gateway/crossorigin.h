#pragma once

#include "domain/allowedorigins.h"
#include "http/headers.h"

namespace gatehouse::http {
class HeadWriter;
} // namespace gatehouse::http

namespace gatehouse::gateway {

// What lets pages of other origins use the relay from a browser (CORS, fetch.spec.whatwg.org). A token
// is named by the page itself; cookies and whatever else a browser adds are never asked for.

// For any answer of the relay. `asked`: the fields of the request.
void addCrossOriginFields(http::HeadWriter &head,
                          const domain::AllowedOrigins &allowed,
                          const http::Headers &asked);

// For the answer to OPTIONS, if it is the question before a request of a page that is allowed.
// `methods`: a list as in "Allow".
void addPreflightFields(http::Headers &fields,
                        const domain::AllowedOrigins &allowed,
                        const http::Headers &asked,
                        QByteArrayView methods);

} // namespace gatehouse::gateway
