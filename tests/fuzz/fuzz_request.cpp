// Requests, one after the other: they must mean the same however they are cut, and an accepted head
// that is written down again must be accepted as the same.

#include "fuzz/fuzzing.h"
#include "support/messagedriver.h"

using namespace gatehouse;
using namespace gatehouse::support;

namespace {

const http::RequestLimits limits{.headBytes = 1024,
                                 .fields = 12,
                                 .targetBytes = 128,
                                 .bodyBytes = 256,
                                 .chunkLineBytes = 32,
                                 .trailerBytes = 64};

QByteArray written(const http::RequestHead &head)
{
    QByteArray text;
    text.append(head.method).append(' ').append(head.target).append(" HTTP/1.");
    text.append(QByteArray::number(head.minorVersion)).append("\r\n");
    for (qsizetype index = 0; index < head.headers.size(); ++index) {
        const http::Field field = head.headers.at(index);
        text.append(field.name).append(':').append(field.value).append("\r\n");
    }
    return text.append("\r\n");
}

void readWrittenHead(QByteArrayView input)
{
    http::RequestParser parser(limits);
    parser.parse(input, nullptr);
    if (parser.state() != http::RequestParser::State::Body
        && parser.state() != http::RequestParser::State::Complete)
        return;
    QByteArray before;
    describe(before, parser.head());
    const QByteArray again = written(parser.head());
    http::RequestParser second(limits);
    second.parse(again, nullptr);
    QByteArray after;
    describe(after, second.head());
    fuzzing::requireEqual(before, after, "A head changes when it is written down.");
    if (parser.state() != second.state())
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    const QByteArray whole = requestTranscript(input, inOnePiece, limits);
    fuzzing::requireEqual(whole, requestTranscript(input, byteByByte, limits), "Byte by byte:");
    const RandomCuts cuts(fuzzing::seedOf(input));
    fuzzing::requireEqual(whole, requestTranscript(input, cuts, limits), "In pieces:");
    readWrittenHead(input);
    return 0;
}
