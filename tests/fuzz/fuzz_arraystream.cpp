// Arrays that are sent piece by piece: the raw texts and the rest must be the input as far as the
// array goes, and the events must not depend on how it is cut.

#include "fuzz/fuzzing.h"
#include "protocol/arraystream.h"
#include "support/messagedriver.h"

using namespace gatehouse;
using namespace gatehouse::support;
using protocol::ArrayStreamParser;

namespace {

template<typename Cut>
QByteArray events(QByteArrayView input, Cut cut)
{
    const QByteArrayView all = input;
    ArrayStreamParser parser(64);
    http::Event event;
    QByteArray text;
    QByteArray raw;
    bool isClosed = false;
    while (!input.isEmpty()) {
        const qsizetype size = std::min(cut(input.size()), input.size());
        parser.feed(input.first(size));
        input = input.sliced(size);
        while (parser.next(event)) {
            text.append('<').append(event.raw).append('|').append(event.data).append(">\n");
            raw.append(event.raw);
            isClosed = event.data == QByteArrayView("]");
        }
    }
    if (!isClosed)
        raw.append(parser.rest());
    fuzzing::requireEqual(all.first(isClosed ? raw.size() : all.size()), raw, "The raw texts:");
    return text.append(QByteArray::number(int(parser.fault())));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    const QByteArray whole = events(input, inOnePiece);
    fuzzing::requireEqual(whole, events(input, byteByByte), "Byte by byte:");
    fuzzing::requireEqual(whole, events(input, RandomCuts(fuzzing::seedOf(input))), "In pieces:");
    return 0;
}
