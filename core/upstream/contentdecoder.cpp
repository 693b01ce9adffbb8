#include "upstream/contentdecoder.h"

#include <zlib.h>

#include <limits>

namespace gatehouse::upstream {

namespace {

constexpr qsizetype bufferBytes = 32 * 1024;
// Window sizes of inflateInit2(): the largest window with a gzip frame, a zlib frame, or none.
constexpr int gzipWindow = 15 + 16;
constexpr int zlibWindow = 15;
constexpr int rawWindow = -15;

} // namespace

ContentDecoder::ContentDecoder()
    : m_stream(std::make_unique<z_stream_s>())
    , m_buffer(bufferBytes, Qt::Uninitialized)
{
    *m_stream = {};
    if (inflateInit2(m_stream.get(), gzipWindow) != Z_OK)
        qFatal("zlib cannot be used");
}

ContentDecoder::~ContentDecoder()
{
    inflateEnd(m_stream.get());
}

void ContentDecoder::begin(Format format)
{
    m_format = format;
    m_isChosen = format == Format::Gzip;
    m_first.clear();
    m_hasMore = false;
    m_isWhole = true;
    inflateReset2(m_stream.get(), gzipWindow);
}

// "deflate" is a zlib stream (RFC 9110, section 8.4.1.2), but some servers leave its frame out. The
// first two bytes tell (RFC 1950, section 2.2).
bool ContentDecoder::choose(QByteArrayView &input)
{
    const qsizetype wanted = std::min<qsizetype>(2 - m_first.size(), input.size());
    m_first.append(input.first(wanted));
    input = input.sliced(wanted);
    if (m_first.size() < 2)
        return false;
    const uint method = static_cast<uchar>(m_first[0]);
    const uint flags = static_cast<uchar>(m_first[1]);
    const bool isFramed = (method & 0x0f) == Z_DEFLATED && (method * 256 + flags) % 31 == 0;
    inflateReset2(m_stream.get(), isFramed ? zlibWindow : rawWindow);
    m_isChosen = true;
    return true;
}

bool ContentDecoder::step(QByteArrayView &input, QByteArrayView &output)
{
    output = {};
    if (input.isEmpty() && !m_hasMore)
        return true;
    QByteArrayView source = input;
    bool isFirst = false;
    if (!m_isChosen) {
        m_isWhole = false;
        if (!choose(input))
            return true;
        source = m_first;
        isFirst = true;
    } else if (m_isWhole && m_stream->total_in > 0) {
        // Behind a whole gzip member only another one may follow (RFC 1952, section 2.2).
        if (m_format != Format::Gzip)
            return false;
        inflateReset2(m_stream.get(), gzipWindow);
    }
    const auto offered =
        static_cast<uInt>(std::min<qsizetype>(source.size(), std::numeric_limits<int>::max()));
    m_stream->next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(source.data()));
    m_stream->avail_in = offered;
    m_stream->next_out = reinterpret_cast<Bytef *>(m_buffer.data());
    m_stream->avail_out = static_cast<uInt>(bufferBytes);
    const int result = inflate(m_stream.get(), Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return false;
    if (!isFirst)
        input = input.sliced(static_cast<qsizetype>(offered - m_stream->avail_in));
    output =
        QByteArrayView(m_buffer).first(bufferBytes - static_cast<qsizetype>(m_stream->avail_out));
    m_isWhole = result == Z_STREAM_END;
    m_hasMore = !m_isWhole && m_stream->avail_out == 0;
    return true;
}

} // namespace gatehouse::upstream
