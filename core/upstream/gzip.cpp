#include "upstream/gzip.h"

#include <zlib.h>

namespace gatehouse::upstream {

QByteArray gzip(const QByteArray &bytes)
{
    constexpr int gzipFrame = 15 + 16; // the largest window; a head and a tail of gzip
    constexpr int usualMemory = 8;
    constexpr qsizetype frameBytes = 64;
    z_stream stream{};
    if (deflateInit2(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipFrame, usualMemory, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return {};
    QByteArray packed(
        static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size())))
            + frameBytes,
        '\0');
    stream.next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(bytes.constData()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return isWhole ? packed : QByteArray();
}

} // namespace gatehouse::upstream
