#include "http/framing.h"

#include "http/headers.h"
#include "http/refusals.h"
#include "http/syntax.h"

namespace gatehouse::http {

const Refusal *FramingFields::take(boost::beast::http::field field, QByteArrayView value)
{
    using Name = boost::beast::http::field;
    if (field == Name::content_length) {
        const std::optional<qint64> announced = syntax::contentLength(value);
        if (++lengths > 1 || !announced)
            return &refusals::badContentLength;
        length = *announced;
    } else if (field == Name::transfer_encoding) {
        if (++encodings > 1 || !equalNames(value, "chunked"))
            return &refusals::badTransferEncoding;
    } else if (field == Name::connection) {
        close = close || listHas(value, "close");
        keep = keep || listHas(value, "keep-alive");
    }
    return nullptr;
}

const Refusal *FramingFields::check(int minorVersion) const
{
    if (lengths > 0 && encodings > 0)
        return &refusals::lengthTwice;
    if (encodings > 0 && minorVersion == 0)
        return &refusals::chunkedInOldVersion;
    return nullptr;
}

} // namespace gatehouse::http
