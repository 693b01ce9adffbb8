#pragma once

#include "http/chunkscan.h"
#include "http/framing.h"
#include "http/refusals.h"
#include "http/requestparser.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace gatehouse::http {

// What the grammars of requests and of answers share: Beast's parser for one message, which is only
// ever given whole heads, whole chunk lines and the bytes between them, and the way of the body.
template<bool isRequest>
class MessageGrammar : public boost::beast::http::basic_parser<isRequest>
{
public:
    using Base = boost::beast::http::basic_parser<isRequest>;
    using ErrorCode = boost::beast::error_code;
    using Text = boost::beast::string_view;

    struct BodyRules
    {
        qint64 bodyBytes = 0;
        qint64 chunkLineBytes = 0;
        qint64 trailerBytes = 0;
        bool allowsHighBytes = false;
    };

    explicit MessageGrammar(const BodyRules &rules)
        : m_rules(rules)
    {
        // The scan before has its own limit of the head.
        this->header_limit(std::numeric_limits<std::uint32_t>::max());
        this->body_limit(static_cast<std::uint64_t>(rules.bodyBytes));
        m_scan.begin(rules.chunkLineBytes, rules.trailerBytes, rules.allowsHighBytes);
    }

    // Reads a head, from its first line or from behind it on, or what lies between two chunks. Null:
    // it was understood, all of it.
    const Refusal *readWhole(QByteArrayView part)
    {
        ErrorCode error;
        const size_t used = put(part, error);
        if (m_refusal)
            return m_refusal;
        if (!error && used == static_cast<size_t>(part.size()))
            return nullptr;
        return refusalOf(error);
    }

    // Reads a head's first line. Null: it was understood.
    const Refusal *readLine(QByteArrayView line)
    {
        ErrorCode error;
        const size_t used = put(line, error);
        if (m_refusal)
            return m_refusal;
        const bool wantsFields = error == boost::beast::http::error::need_more;
        if (wantsFields && used == static_cast<size_t>(line.size()))
            return nullptr;
        return refusalOf(error);
    }

    // Reads of the body what `input` has of it, and returns how much that was.
    qsizetype readBody(QByteArrayView input, BodySink *sink)
    {
        m_sink = sink;
        qsizetype done = 0;
        while (!m_refusal && !this->is_done() && done < input.size()) {
            const qsizetype used = readPiece(input.sliced(done));
            if (used == 0)
                break;
            done += used;
        }
        m_sink = nullptr;
        return done;
    }

    // Why the body was refused, or null.
    const Refusal *bodyRefusal() const { return m_refusal; }
    qint64 bodyBytes() const { return m_bodyBytes; }
    const FramingFields &framing() const { return m_framing; }

protected:
    // Stops the grammar with our own reason.
    void refuse(const Refusal &refusal, ErrorCode &error)
    {
        m_refusal = &refusal;
        error = boost::beast::http::error::bad_field;
    }
    // Fields that come once the head is over are trailers.
    bool isInHead() const { return m_inHead; }

    void takeFraming(boost::beast::http::field field, QByteArrayView value, ErrorCode &error)
    {
        if (const Refusal *refusal = m_framing.take(field, value))
            refuse(*refusal, error);
    }

    void on_header_impl(ErrorCode &) override { m_inHead = false; }
    void on_body_init_impl(const boost::optional<std::uint64_t> &, ErrorCode &) override {}
    void on_finish_impl(ErrorCode &) override {}
    std::size_t on_body_impl(Text body, ErrorCode &error) override { return take(body, error); }
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode &error) override
    {
        m_chunkLeft -= body.size();
        return take(body, error);
    }
    void on_chunk_header_impl(std::uint64_t size, Text, ErrorCode &) override
    {
        m_chunkLeft = size;
    }

private:
    size_t put(QByteArrayView bytes, ErrorCode &error)
    {
        return Base::put(boost::asio::const_buffer(bytes.data(), static_cast<size_t>(bytes.size())),
                         error);
    }

    std::size_t take(Text bytes, ErrorCode &error)
    {
        const auto size = static_cast<qsizetype>(bytes.size());
        if (m_sink && !m_sink->take(QByteArrayView(bytes.data(), size)))
            refuse(refusals::bodyNotStored, error);
        else
            m_bodyBytes += size;
        return bytes.size();
    }

    // One chunk line, or bytes of the body. 0: more is needed, or it was refused.
    qsizetype readPiece(QByteArrayView input)
    {
        if (this->chunked() && m_chunkLeft == 0)
            return readChunkLine(input);
        std::uint64_t most = m_chunkLeft;
        if (!this->chunked()) {
            const auto length = this->content_length_remaining();
            most = length ? *length : bytesBelowLimit();
        }
        if (most == 0) {
            m_refusal = &refusals::bodyTooLarge;
            return 0;
        }
        const auto size =
            static_cast<qsizetype>(std::min(most, static_cast<std::uint64_t>(input.size())));
        ErrorCode error;
        put(input.first(size), error);
        if (error && !m_refusal)
            m_refusal = refusalOf(error);
        return m_refusal ? 0 : size;
    }

    qsizetype readChunkLine(QByteArrayView input)
    {
        const Scan scanned = m_scan.scan(input);
        if (scanned == Scan::Refused)
            m_refusal = &m_scan.refusal();
        if (scanned != Scan::Whole)
            return 0;
        if (const Refusal *refusal = readWhole(input.first(m_scan.end()))) {
            m_refusal = refusal;
            return 0;
        }
        const qsizetype size = m_scan.end();
        m_scan.advance();
        return size;
    }

    // Of a body that ends with the connection.
    std::uint64_t bytesBelowLimit() const
    {
        return static_cast<std::uint64_t>(std::max<qint64>(0, m_rules.bodyBytes - m_bodyBytes));
    }

    const Refusal *refusalOf(const ErrorCode &error) const
    {
        using Error = boost::beast::http::error;
        if (error == Error::body_limit)
            return &refusals::bodyTooLarge;
        if (!m_inHead) {
            const bool isOfField = error == Error::bad_field || error == Error::bad_value
                                   || error == Error::bad_content_length
                                   || error == Error::bad_transfer_encoding;
            return isOfField ? &refusals::badTrailer : &refusals::badChunk;
        }
        if ((error == Error::bad_content_length && m_framing.encodings > 0)
            || (error == Error::bad_transfer_encoding && m_framing.lengths > 0))
            return &refusals::lengthTwice;
        if (error == Error::bad_method)
            return &refusals::badMethod;
        if (error == Error::bad_target)
            return &refusals::badTarget;
        if (error == Error::bad_version)
            return &refusals::badVersion;
        if (error == Error::bad_status || error == Error::bad_reason)
            return &refusals::badStatusLine;
        if (error == Error::bad_content_length || error == Error::multiple_content_length)
            return &refusals::badContentLength;
        if (error == Error::bad_transfer_encoding)
            return &refusals::badTransferEncoding;
        if (error == Error::bad_value)
            return &refusals::badConnection; // the only value that Beast reads as a list
        if (error == Error::bad_field)
            return &refusals::badField;
        return isRequest ? &refusals::badRequestLine : &refusals::badStatusLine;
    }

    BodyRules m_rules;
    FramingFields m_framing{};
    ChunkScan m_scan{};
    BodySink *m_sink = nullptr;
    qint64 m_bodyBytes = 0;
    std::uint64_t m_chunkLeft = 0;
    bool m_inHead = true;
    const Refusal *m_refusal = nullptr;
};

inline QByteArrayView viewOf(boost::beast::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace gatehouse::http
