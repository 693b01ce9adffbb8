#pragma once

#include "protocol/peek.h"

namespace gatehouse::tests {

inline constexpr protocol::Operation chat = protocol::Operation::ChatCompletions;

// The padding is filled with bytes that would be noticed if they were read as a part of the body.
inline base::Result<protocol::Peek>
peekAt(QByteArray body, protocol::Operation operation = chat, QByteArrayView model = {})
{
    const qsizetype size = body.size();
    body.append(QByteArray(protocol::peekPadding, '}'));
    return protocol::peek(QByteArrayView(body).first(size), operation, model);
}

inline QByteArray at(const QByteArray &body, protocol::Range range)
{
    return range.isPresent() ? body.sliced(range.offset, range.length) : QByteArray();
}

} // namespace gatehouse::tests
