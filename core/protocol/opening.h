#pragma once

#include "protocol/peek.h"

#include <vector>

namespace gatehouse::protocol {

// The pieces of `body` that stay the same from one request of a session to the next and that tell it from
// other sessions of the same program: the beginnings of what the model is told and of its tools, and the
// turns up to the first of the user, as far as a gateway thread can read them. Views into the body; empty: it
// has no such turn.
std::vector<QByteArrayView> openingOf(const OpeningPlaces &places, QByteArrayView body);

} // namespace gatehouse::protocol
