#pragma once

#include "protocol/arraystream.h"
#include "protocol/operation.h"

#include <variant>

namespace gatehouse::protocol {

// Splits a stream into its events, whichever form it has.
class StreamParser
{
public:
    using Fault = ArrayStreamParser::Fault;

    StreamParser() = default;
    StreamParser(StreamForm form, qint64 maxEventBytes);

    StreamForm form() const;
    void reset();
    // As those of http::EventStreamParser.
    void feed(QByteArrayView bytes);
    bool next(http::Event &event);
    QByteArrayView rest() const;
    // At the end of the stream. Always false for an array, which ends with an event of its own.
    bool takeRest(http::Event &event);
    Fault fault() const;

private:
    std::variant<http::EventStreamParser, ArrayStreamParser> m_parser;
};

} // namespace gatehouse::protocol
