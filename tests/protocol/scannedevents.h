#pragma once

#include "protocol/streamscanner.h"

namespace gatehouse::tests {

// An event as a provider sends it.
struct Sent
{
    QByteArray type{};
    QByteArray data{};
};

inline http::Event eventOf(const Sent &sent)
{
    return {.type = sent.type, .data = sent.data, .hasData = true};
}

inline protocol::EventRole
readInto(protocol::StreamScanner &scanner, const QByteArray &data, const QByteArray &type = {})
{
    const Sent sent{type, data};
    return scanner.read(eventOf(sent)).role;
}

} // namespace gatehouse::tests
