#include "gateway/apihandler.h"

#include "http/headers.h"

namespace gatehouse::gateway {

QByteArray ApiRequest::header(QByteArrayView name) const
{
    for (const auto &[known, value] : headers) {
        if (http::equalNames(known, name))
            return value;
    }
    return {};
}

} // namespace gatehouse::gateway
