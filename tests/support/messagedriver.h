#pragma once

#include "http/requestparser.h"
#include "http/responseparser.h"

#include <QByteArray>

#include <algorithm>

// Drives the HTTP parsers as a connection does and writes down what they make of a stream of bytes,
// so that two ways of cutting the stream can be compared.
namespace gatehouse::support {

class CollectingSink final : public http::BodySink
{
public:
    bool take(QByteArrayView part) override
    {
        bytes.append(part);
        return true;
    }

    QByteArray bytes{};
};

inline void describeFields(QByteArray &text, const http::Headers &headers)
{
    for (qsizetype index = 0; index < headers.size(); ++index) {
        const http::Field field = headers.at(index);
        text.append(field.name).append("=<").append(field.value).append(">\n");
    }
}

inline void describe(QByteArray &text, const http::RequestHead &head)
{
    text.append(head.method).append(' ').append(head.target).append(" 1.");
    text.append(QByteArray::number(head.minorVersion)).append(head.keepAlive ? " keep" : " close");
    text.append(head.expectsContinue ? " expects" : "").append(head.chunked ? " chunked " : " ");
    text.append(QByteArray::number(head.contentLength)).append('\n');
    describeFields(text, head.headers);
}

inline void describe(QByteArray &text, const http::ResponseHead &head)
{
    text.append(QByteArray::number(head.status)).append(" 1.");
    text.append(QByteArray::number(head.minorVersion)).append(head.keepAlive ? " keep" : " close");
    text.append(head.chunked ? " chunked " : " ");
    text.append(QByteArray::number(head.contentLength)).append('\n');
    describeFields(text, head.headers);
}

// Feeds `input` in pieces; `cut(left)` says how long the next is, from 1 to left. After a whole
// message the next one begins (for answers: to the same kind of request), until one is refused.
// Returns heads, bodies and the end as text.
template<typename Parser, typename Reset, typename Cut>
QByteArray transcript(Parser &parser, QByteArrayView input, Reset reset, Cut cut, bool ends)
{
    using State = typename Parser::State;
    QByteArray text;
    QByteArray buffer;
    CollectingSink sink;
    bool headShown = false;
    reset();
    while (!input.isEmpty() && parser.state() != State::Refused) {
        const qsizetype size = std::clamp<qsizetype>(cut(input.size()), 1, input.size());
        buffer.append(input.first(size));
        input = input.sliced(size);
        bool goesOn = true;
        while (goesOn) {
            const qsizetype used = parser.parse(buffer, &sink);
            buffer.remove(0, used);
            goesOn = used > 0 && !buffer.isEmpty();
            if (!headShown
                && (parser.state() == State::Body || parser.state() == State::Complete)) {
                describe(text, parser.head());
                headShown = true;
            }
            if (parser.state() == State::Refused)
                break;
            if (parser.state() == State::Complete) {
                text.append("body <").append(sink.bytes).append(">\n");
                sink.bytes.clear();
                headShown = false;
                reset();
                goesOn = !buffer.isEmpty();
            }
        }
    }
    if constexpr (requires { parser.end(); }) {
        if (ends && parser.hasBegun())
            parser.end();
    }
    if (parser.state() == State::Refused) {
        text.append("partly <").append(sink.bytes).append(">\nrefused ");
        text.append(QByteArray::number(parser.refusal().status)).append(' ');
        text.append(parser.refusal().code);
    } else if (parser.state() == State::Complete) {
        text.append("body <").append(sink.bytes).append(">\nended");
    } else {
        text.append("partly <").append(sink.bytes).append(">\nwaits with ");
        text.append(QByteArray::number(buffer.size()));
        text.append(parser.hasBegun() ? " begun" : " idle");
    }
    return text;
}

template<typename Cut>
QByteArray requestTranscript(QByteArrayView input, Cut cut, const http::RequestLimits &limits = {})
{
    http::RequestParser parser(limits);
    return transcript(
        parser, input, [&parser] { parser.reset(); }, cut, false);
}

template<typename Cut>
QByteArray responseTranscript(QByteArrayView input,
                              Cut cut,
                              bool toHead = false,
                              bool ends = false,
                              const http::ResponseLimits &limits = {})
{
    http::ResponseParser parser(limits);
    return transcript(
        parser, input, [&parser, toHead] { parser.reset(toHead); }, cut, ends);
}

// The ways to cut.
inline qsizetype inOnePiece(qsizetype left)
{
    return left;
}

inline qsizetype byteByByte(qsizetype)
{
    return 1;
}

// Pieces of 1 to 16 bytes, in an order that depends on the seed alone.
class RandomCuts
{
public:
    explicit RandomCuts(quint32 seed)
        : m_state(seed | 1U)
    {}
    qsizetype operator()(qsizetype)
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 17;
        m_state ^= m_state << 5;
        return 1 + static_cast<qsizetype>(m_state % 16);
    }

private:
    quint32 m_state;
};

} // namespace gatehouse::support
