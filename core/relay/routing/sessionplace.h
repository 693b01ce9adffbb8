#pragma once

#include "http/bodysource.h"
#include "http/headers.h"
#include "protocol/peek.h"
#include "relay/routing/affinity.h"

namespace gatehouse::relay {

// What of a request tells its session.
struct SessionClues
{
    domain::TokenId token{};
    const http::Headers &fields;
    const protocol::Peek &peek;
    http::BodySource *body = nullptr; // null: it is not there
};

// The session by the name that its client gives it; else by the conversation or the answer that the request
// goes on with; else by how it began. Absent: it is of none, or the provider keeps nothing of it.
std::optional<SessionHash> sessionHashOf(const Affinity &affinity, const SessionClues &clues);
// The session that a client calls so.
SessionHash sessionHashOfName(const Affinity &affinity,
                              domain::TokenId token,
                              QByteArrayView model,
                              QByteArrayView name);
// The session of requests that go on with the answer of that id.
SessionHash sessionHashOfAnswer(const Affinity &affinity,
                                domain::TokenId token,
                                QByteArrayView model,
                                QByteArrayView answer);

} // namespace gatehouse::relay
