// Event streams: the raw texts and the rest must be the input, and the events must not depend on
// how it is cut.

#include "fuzz/fuzzing.h"
#include "http/eventstream.h"
#include "support/messagedriver.h"

using namespace gatehouse;
using namespace gatehouse::support;

namespace {

void describe(QByteArray &text, const http::Event &event)
{
    text.append('[').append(event.raw).append("|").append(event.type).append('|');
    text.append(event.data).append(event.hasData ? "|data" : "|");
    text.append(event.isComment ? "|comment]\n" : "]\n");
}

template<typename Cut>
QByteArray events(QByteArrayView input, Cut cut)
{
    const QByteArrayView all = input;
    http::EventStreamParser parser(64);
    http::Event event;
    QByteArray text;
    QByteArray raw;
    while (!input.isEmpty() && !parser.hasFailed()) {
        const qsizetype size = std::min(cut(input.size()), input.size());
        parser.feed(input.first(size));
        input = input.sliced(size);
        while (parser.next(event)) {
            describe(text, event);
            raw.append(event.raw);
        }
    }
    raw.append(parser.rest());
    fuzzing::requireEqual(all.first(all.size() - input.size()), raw, "The raw texts:");
    if (parser.takeRest(event))
        describe(text, event);
    return text.append(parser.hasFailed() ? "failed" : "");
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
