#include "upstream/contentcoding.h"

namespace gatehouse::upstream {

ContentCoding contentCodingOf(const http::ResponseHead &head)
{
    const auto coding = head.headers.value("Content-Encoding");
    if (!coding)
        return ContentCoding::None;
    if (head.headers.count("Content-Encoding") > 1)
        return ContentCoding::Unknown;
    const QByteArrayView name = coding->trimmed();
    if (name.isEmpty() || http::equalNames(name, "identity"))
        return ContentCoding::None;
    if (http::equalNames(name, "gzip") || http::equalNames(name, "x-gzip"))
        return ContentCoding::Gzip;
    return http::equalNames(name, "deflate") ? ContentCoding::Deflate : ContentCoding::Unknown;
}

void showUnpacked(const http::ResponseHead &head, http::ResponseHead &shown)
{
    shown.status = head.status;
    shown.minorVersion = head.minorVersion;
    shown.keepAlive = head.keepAlive;
    shown.chunked = head.chunked;
    shown.contentLength = -1;
    shown.headers.clear();
    for (qsizetype i = 0; i < head.headers.size(); ++i) {
        const http::Field field = head.headers.at(i);
        if (!http::equalNames(field.name, "Content-Encoding")
            && !http::equalNames(field.name, "Content-Length"))
            shown.headers.add(field.name, field.value);
    }
}

} // namespace gatehouse::upstream
