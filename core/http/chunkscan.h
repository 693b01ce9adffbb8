#pragma once

#include "http/headscan.h"

namespace gatehouse::http {

// Finds the lines between the chunks of a chunked body (RFC 9112, section 7.1) in bytes that arrive
// in any pieces, and refuses long ones, control bytes and whatever is doubtful about the size. As
// with HeadScan, the grammar is given whole lines only, and the last one with all its trailers.
class ChunkScan
{
public:
    void begin(qint64 lineBytes, qint64 trailerBytes, bool allowsHighBytes);
    // `input` must begin behind the data of the last chunk at each call.
    Scan scan(QByteArrayView input);
    // Valid after Scan::Whole: how many bytes belong together.
    qsizetype end() const { return m_end; }
    // Goes on to the line behind the next chunk's data.
    void advance();
    const Refusal &refusal() const { return *m_refusal; }

private:
    Scan refuse(const Refusal &refusal);
    Scan scanLine(QByteArrayView input);
    Scan endLine(QByteArrayView line);
    Scan scanTrailers(QByteArrayView input);

    qint64 m_lineBytes = 0;
    qint64 m_trailerBytes = 0;
    bool m_allowsHighBytes = false;
    bool m_first = true; // no CR LF of a chunk's data precedes the line
    bool m_inTrailers = false;
    qsizetype m_at = 0;
    qsizetype m_end = 0;
    HeadScan m_trailers{};
    const Refusal *m_refusal = nullptr;
};

} // namespace gatehouse::http
