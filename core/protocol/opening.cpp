#include "protocol/opening.h"

#include "protocol/members.h"

#include <algorithm>

namespace gatehouse::protocol {

namespace {

// Long prompts differ early, and whoever reads this has other clients to serve.
constexpr qsizetype mostOfPart = 8 * 1024;
constexpr int mostTurns = 16; // before the first of the user

QByteArrayView beginningOf(QByteArrayView body, const Range &place)
{
    return body.sliced(place.offset, std::min(place.length, mostOfPart));
}

// Gemini's turns need not name a role.
bool isOfUser(QByteArrayView body, const Range &turn)
{
    if (body[turn.offset] != '{')
        return true;
    MemberPlaces members(body, turn);
    Range key;
    Range value;
    while (members.next(key, value)) {
        if (body.sliced(key.offset, key.length).startsWith("\"role\""))
            return body.sliced(value.offset, value.length) == QByteArrayView("\"user\"");
    }
    return true;
}

} // namespace

std::vector<QByteArrayView> openingOf(const OpeningPlaces &places, QByteArrayView body)
{
    if (!places.turns.isPresent() || places.turns.end() > body.size())
        return {};
    std::vector<QByteArrayView> parts;
    for (const Range &place : {places.system, places.tools}) {
        if (place.isPresent() && place.end() <= body.size())
            parts.push_back(beginningOf(body, place));
    }
    if (body[places.turns.offset] != '[') {
        parts.push_back(beginningOf(body, places.turns));
        return parts;
    }
    MemberPlaces turns(body, places.turns);
    Range turn;
    for (int i = 0; i < mostTurns && turns.nextElement(turn); ++i) {
        parts.push_back(beginningOf(body, turn));
        if (isOfUser(body, turn))
            return parts;
    }
    return {};
}

} // namespace gatehouse::protocol
