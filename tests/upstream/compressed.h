#pragma once

#include <QByteArray>

#include <zlib.h>

namespace gatehouse::upstream {

enum class Frame { Gzip = 15 + 16, Zlib = 15, Raw = -15 };

// The bytes as a server would compress them.
inline QByteArray compressed(const QByteArray &bytes, Frame frame = Frame::Gzip)
{
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, static_cast<int>(frame), 8, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return {};
    QByteArray packed(
        static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))) + 64, '\0');
    stream.next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

} // namespace gatehouse::upstream
