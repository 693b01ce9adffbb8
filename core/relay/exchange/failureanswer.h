#pragma once

#include "relay/admission/refusal.h"
#include "relay/exchange/attempt.h"

namespace gatehouse::relay {

// What a failed attempt means for the channel and for the request.
struct FailureMeaning
{
    HealthEvent health = HealthEvent::Failure;
    bool tellsHealth = true;    // false: it may as well be the request that is at fault
    bool retry = true;          // another channel may do better
    bool isDoubtful = false;    // a second one of the kind makes it the request's fault
    bool isDenial = false;      // a 403 that does not say why; see Denials
    bool keyAtFault = false;    // another key of the same channel may do better
    bool clientMistake = false; // the provider's own words go to the client
    std::optional<std::chrono::milliseconds> rest{};
    Refusal answer{}; // what the client is told if nothing else helps
};

FailureMeaning meaningOf(const AttemptFailure &failure);
// Of two refusals for the same reason, the first is over when the second is, if that is known.
void takeWait(Refusal &answer, const Refusal &other);
// What failed, in words of this program alone: those of a provider may repeat the request.
QString withoutRequest(const AttemptFailure &failure, const FailureMeaning &meaning);

} // namespace gatehouse::relay
