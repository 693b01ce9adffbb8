// Chunked bodies of a request and of an answer: both parsers must take the same bytes out of them,
// or refuse them for the same reason, however they are cut.

#include "fuzz/fuzzing.h"
#include "support/messagedriver.h"

using namespace gatehouse;
using namespace gatehouse::support;

namespace {

constexpr qint64 bodyBytes = 512;
constexpr qint64 chunkLineBytes = 32;
constexpr qint64 trailerBytes = 64;

struct Outcome
{
    QByteArray text{};
    qsizetype used = 0;
};

// One body alone, behind a head that says chunked.
template<typename Parser, typename Limits, typename Cut>
Outcome read(QByteArrayView head, QByteArrayView input, const Limits &limits, Cut cut)
{
    using State = typename Parser::State;
    Parser parser(limits);
    CollectingSink sink;
    parser.reset();
    parser.parse(head, nullptr);
    Outcome outcome;
    QByteArray buffer;
    while (!input.isEmpty() && parser.state() == State::Body) {
        const qsizetype size = std::min(cut(input.size()), input.size());
        buffer.append(input.first(size));
        input = input.sliced(size);
        const qsizetype used = parser.parse(buffer, &sink);
        outcome.used += used;
        buffer.remove(0, used);
    }
    outcome.text = sink.bytes;
    if (parser.state() == State::Refused)
        outcome.text.append(" refused ").append(parser.refusal().code);
    else
        outcome.text.append(parser.state() == State::Complete ? " complete" : " waits");
    return outcome;
}

template<typename Cut>
Outcome ofRequest(QByteArrayView input, Cut cut)
{
    http::RequestLimits limits;
    limits.bodyBytes = bodyBytes;
    limits.chunkLineBytes = chunkLineBytes;
    limits.trailerBytes = trailerBytes;
    return read<http::RequestParser>(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", input, limits, cut);
}

template<typename Cut>
Outcome ofResponse(QByteArrayView input, Cut cut)
{
    http::ResponseLimits limits;
    limits.bodyBytes = bodyBytes;
    limits.chunkLineBytes = chunkLineBytes;
    limits.trailerBytes = trailerBytes;
    return read<http::ResponseParser>(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", input, limits, cut);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    const RandomCuts cuts(fuzzing::seedOf(input));
    const Outcome whole = ofRequest(input, inOnePiece);
    const Outcome inPieces = ofRequest(input, cuts);
    fuzzing::requireEqual(whole.text, ofRequest(input, byteByByte).text, "Byte by byte:");
    fuzzing::requireEqual(whole.text, inPieces.text, "In pieces:");
    if (whole.text.endsWith(" complete") && whole.used != inPieces.used)
        std::abort();

    const Outcome answer = ofResponse(input, inOnePiece);
    fuzzing::requireEqual(answer.text, ofResponse(input, byteByByte).text, "An answer:");
    // Trailers of an answer may hold bytes outside of ASCII.
    if (!whole.text.endsWith(" non_ascii_byte"))
        fuzzing::requireEqual(whole.text, answer.text, "A request and an answer:");
    return 0;
}
