// Answers, one after the other: they must mean the same however they are cut, with and without the
// end of the connection, to HEAD and to others.

#include "fuzz/fuzzing.h"
#include "support/messagedriver.h"

using namespace gatehouse;
using namespace gatehouse::support;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const http::ResponseLimits limits{.headBytes = 1024,
                                      .fields = 12,
                                      .bodyBytes = 256,
                                      .chunkLineBytes = 32,
                                      .trailerBytes = 64,
                                      .interimAnswers = 5};
    const QByteArrayView input = fuzzing::viewOf(data, size);
    const RandomCuts cuts(fuzzing::seedOf(input));
    for (const bool toHead : {false, true}) {
        for (const bool ends : {false, true}) {
            const QByteArray whole = responseTranscript(input, inOnePiece, toHead, ends, limits);
            fuzzing::requireEqual(whole,
                                  responseTranscript(input, byteByByte, toHead, ends, limits),
                                  "Byte by byte:");
            fuzzing::requireEqual(
                whole, responseTranscript(input, cuts, toHead, ends, limits), "In pieces:");
        }
    }
    return 0;
}
