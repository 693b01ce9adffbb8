#include "relay/routing/sessionplace.h"

#include "protocol/opening.h"
#include "relay/admission/clientnames.h"

#include <array>

namespace gatehouse::relay {

namespace {

// So that a session of one kind is never taken for one of another.
constexpr QByteArrayView kindOfName("name");
constexpr QByteArrayView kindOfAnswer("answer");
constexpr QByteArrayView kindOfOpening("opening");

} // namespace

SessionHash sessionHashOfName(const Affinity &affinity,
                              domain::TokenId token,
                              QByteArrayView model,
                              QByteArrayView name)
{
    return affinity.hash(token, model, std::array{kindOfName, name});
}

SessionHash sessionHashOfAnswer(const Affinity &affinity,
                                domain::TokenId token,
                                QByteArrayView model,
                                QByteArrayView answer)
{
    return affinity.hash(token, model, std::array{kindOfAnswer, answer});
}

std::optional<SessionHash> sessionHashOf(const Affinity &affinity, const SessionClues &clues)
{
    const protocol::Peek &peek = clues.peek;
    if (!protocol::answersWithText(peek.operation))
        return std::nullopt;
    if (const QByteArray name = sessionOf(clues.fields, peek.session); !name.isEmpty())
        return sessionHashOfName(affinity, clues.token, peek.model, name);
    if (!peek.continues.isEmpty())
        return sessionHashOfAnswer(affinity, clues.token, peek.model, peek.continues);
    if (!clues.body)
        return std::nullopt;
    std::vector<QByteArrayView> parts = protocol::openingOf(peek.opening, clues.body->whole());
    if (parts.empty())
        return std::nullopt;
    parts.insert(parts.begin(), kindOfOpening);
    return affinity.hash(clues.token, peek.model, parts);
}

} // namespace gatehouse::relay
