#include "protocol/opening.h"

#include "protocol/members.h"

#include <algorithm>

namespace gatehouse::protocol {

namespace {

// Long prompts differ early, and whoever reads this has other clients to serve.
constexpr qsizetype mostOfPart = 8 * 1024;
constexpr qsizetype mostOfTurns = 256 * 1024;
constexpr int mostTurns = 16; // before the first of the user

QByteArrayView beginningOf(QByteArrayView body, const Range &place)
{
    return body.sliced(place.offset, std::min(place.length, mostOfPart));
}

// Gemini's turns need not name a role.
bool isOfUser(QByteArrayView body, const Range &turn)
{
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
    // Where that is beyond what is read, what was read tells the session.
    const bool isCut = places.turns.length > mostOfTurns;
    const Range readable{places.turns.offset, std::min(places.turns.length, mostOfTurns)};
    const QByteArrayView text = body.first(readable.end());
    MemberPlaces turns(text, readable);
    Range turn;
    for (int i = 0; i < mostTurns; ++i) {
        if (!turns.nextElement(turn))
            return isCut ? parts : std::vector<QByteArrayView>();
        // Prompts, or the tokens of one, the first of which are often the same.
        if (text[turn.offset] != '{') {
            parts.push_back(beginningOf(body, {turn.offset, places.turns.end() - turn.offset}));
            return parts;
        }
        parts.push_back(beginningOf(text, turn));
        if (isOfUser(text, turn))
            return parts;
    }
    return {};
}

} // namespace gatehouse::protocol
