#include "http/chunkscan.h"

#include "http/refusals.h"
#include "http/syntax.h"

namespace gatehouse::http {

namespace {

// Trailers are dropped; a sane sender has a handful.
constexpr qint64 trailerFields = 100;

bool isHexDigit(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f')
           || (byte >= 'A' && byte <= 'F');
}

} // namespace

void ChunkScan::begin(qint64 lineBytes, qint64 trailerBytes, bool allowsHighBytes)
{
    m_lineBytes = lineBytes;
    m_trailerBytes = trailerBytes;
    m_allowsHighBytes = allowsHighBytes;
    m_first = true;
    m_inTrailers = false;
    m_at = 0;
    m_end = 0;
    m_refusal = nullptr;
}

void ChunkScan::advance()
{
    m_first = false;
    m_at = 0;
}

Scan ChunkScan::refuse(const Refusal &refusal)
{
    m_refusal = &refusal;
    return Scan::Refused;
}

Scan ChunkScan::scan(QByteArrayView input)
{
    return m_inTrailers ? scanTrailers(input) : scanLine(input);
}

Scan ChunkScan::scanLine(QByteArrayView input)
{
    const qsizetype begin = m_first ? 0 : 2;
    for (; m_at < input.size(); ++m_at) {
        const char byte = input[m_at];
        if (m_at < begin) {
            if (byte != (m_at == 0 ? '\r' : '\n'))
                return refuse(refusals::badChunk);
        } else if (m_at > begin && input[m_at - 1] == '\r') {
            if (byte != '\n')
                return refuse(refusals::badChunk);
            m_end = m_at + 1;
            const Scan ended = endLine(input.sliced(begin, m_at - 1 - begin));
            return ended == Scan::More ? scanTrailers(input) : ended;
        } else if (byte != '\r') {
            if (!syntax::is(byte, syntax::TextByte))
                return refuse(refusals::badChunk);
            if (m_at - begin >= m_lineBytes)
                return refuse(refusals::chunkLineTooLong);
        }
    }
    return Scan::More;
}

// More: it is the line of the last chunk, behind which trailers come.
Scan ChunkScan::endLine(QByteArrayView line)
{
    qsizetype digits = 0;
    bool isLast = true;
    for (; digits < line.size() && isHexDigit(line[digits]); ++digits)
        isLast = isLast && line[digits] == '0';
    if (digits == 0 || (digits < line.size() && line[digits] != ';'))
        return refuse(refusals::badChunk);
    if (!isLast)
        return Scan::Whole;
    m_inTrailers = true;
    m_trailers.begin({.bytes = line.size() + 2 + m_trailerBytes,
                      .fields = trailerFields,
                      .targetBytes = -1,
                      .allowsHighBytes = m_allowsHighBytes,
                      .tooLarge = &refusals::trailersTooLarge,
                      .tooManyFields = &refusals::trailersTooLarge});
    return Scan::More;
}

Scan ChunkScan::scanTrailers(QByteArrayView input)
{
    const qsizetype begin = m_first ? 0 : 2;
    const Scan scanned = m_trailers.scan(input.sliced(begin));
    if (scanned == Scan::Refused)
        return refuse(m_trailers.refusal());
    m_end = begin + m_trailers.end();
    return scanned;
}

} // namespace gatehouse::http
