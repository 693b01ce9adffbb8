#include "relay/exchange/failureanswer.h"

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using base::Message;
using protocol::ErrorClass;
using protocol::ProviderError;
using upstream::FailureKind;

namespace {

constexpr int badRequest = 400;
constexpr int forbidden = 403;
constexpr int badGateway = 502;
constexpr int unavailable = 503;
constexpr int gatewayTimeout = 504;
constexpr int loopDetected = 508;
constexpr int overloaded = 529;
constexpr int tooManyRequests = 429;

Message words(const ProviderError &error)
{
    const QString status = error.status > 0 ? QString::number(error.status) : u"an error"_s;
    return error.message.isEmpty() ? Message::verbatim(u"The provider answered %1."_s.arg(status))
                                   : Message::verbatim(u"The provider answered %1: %2"_s.arg(
                                       status, error.message.english()));
}

Refusal answer(int status, QByteArray code, Message message, bool worthRetrying)
{
    return {.status = status,
            .code = std::move(code),
            .message = std::move(message),
            .worthRetrying = worthRetrying};
}

FailureMeaning meaningOf(const ProviderError &error)
{
    FailureMeaning meaning;
    if (error.retryAfter)
        meaning.rest = *error.retryAfter;
    const int status = error.status >= 400 && error.status < 600 ? error.status : badGateway;
    switch (error.kind) {
    case ErrorClass::ClientMistake:
        meaning.answer = answer(status, "provider_refused_request", words(error), false);
        break;
    case ErrorClass::ModelNotFound:
        meaning.answer = answer(status, "provider_model_not_found", words(error), false);
        break;
    case ErrorClass::ContentRefused:
        meaning.answer = answer(status, "provider_refused_content", words(error), false);
        break;
    case ErrorClass::Authentication:
        meaning.health = HealthEvent::KeyRefused;
        meaning.keyAtFault = true;
        meaning.answer = answer(
            badGateway,
            "channel_key_refused",
            Message::verbatim(u"The provider refused the key of the channel. An administrator "
                              "must check it."_s),
            false);
        return meaning;
    case ErrorClass::Forbidden:
        // Of somebody else's file as well as of a model that the key may not use: whoever sends the
        // request must not be able to put the key out of use.
        meaning.tellsHealth = false;
        meaning.isDenial = true;
        meaning.keyAtFault = true;
        meaning.answer = answer(status, "provider_denied_access", words(error), false);
        return meaning;
    case ErrorClass::OutOfCredit:
        meaning.health = HealthEvent::KeyRefused;
        meaning.keyAtFault = true;
        meaning.answer = answer(
            badGateway,
            "channel_out_of_credit",
            Message::verbatim(u"The account of the channel is out of credit. An administrator "
                              "must fill it."_s),
            false);
        return meaning;
    case ErrorClass::RateLimited:
        meaning.health = HealthEvent::RateLimited;
        meaning.keyAtFault = true;
        meaning.answer = answer(tooManyRequests, "provider_rate_limited", words(error), true);
        meaning.answer.retryAfter = error.retryAfter;
        return meaning;
    case ErrorClass::Overloaded:
        meaning.health = error.retryAfter ? HealthEvent::RateLimited : HealthEvent::Failure;
        // Anthropic's clients know its own status for it.
        meaning.answer =
            answer(error.status == overloaded && error.type == "overloaded_error" ? overloaded
                                                                                  : unavailable,
                   "provider_overloaded",
                   words(error),
                   true);
        meaning.answer.retryAfter = error.retryAfter;
        return meaning;
    case ErrorClass::ServerFault:
    case ErrorClass::NotUnderstood:
        // A proxy's web page may be meant for the request as well as for the channel.
        meaning.isDoubtful = error.kind == ErrorClass::NotUnderstood
                             && (error.status == badRequest || error.status == forbidden);
        meaning.tellsHealth = !meaning.isDoubtful;
        meaning.answer = answer(error.status == loopDetected ? loopDetected : badGateway,
                                error.kind == ErrorClass::ServerFault ? "provider_fault"
                                                                      : "provider_not_understood",
                                words(error),
                                meaning.tellsHealth && error.status != loopDetected);
        return meaning;
    }
    // The provider works; the request was at fault.
    meaning.health = HealthEvent::Success;
    meaning.retry = false;
    meaning.clientMistake = true;
    return meaning;
}

FailureMeaning meaningOf(const upstream::Failure &failure)
{
    FailureMeaning meaning;
    if (failure.kind == FailureKind::TooLarge) {
        // Another channel's answer to the same request is as large, and is paid for as well.
        meaning.tellsHealth = false;
        meaning.retry = false;
        meaning.answer = answer(badGateway, "provider_answer_too_large", failure.message, false);
        return meaning;
    }
    const bool timedOut =
        failure.kind == FailureKind::FirstByteTimeout || failure.kind == FailureKind::Stalled
        || failure.kind == FailureKind::ConnectTimeout || failure.kind == FailureKind::TotalTimeout;
    // A provider in the midst of a long answer works.
    if (failure.kind == FailureKind::TotalTimeout && failure.answered)
        meaning.health = HealthEvent::Success;
    meaning.answer = answer(timedOut ? gatewayTimeout : badGateway,
                            timedOut ? "provider_timeout" : "provider_unreachable",
                            failure.message,
                            true);
    return meaning;
}

} // namespace

FailureMeaning meaningOf(const AttemptFailure &failure)
{
    if (failure.provider) {
        FailureMeaning meaning = meaningOf(*failure.provider);
        meaning.tellsHealth = meaning.tellsHealth && !failure.isOfForm;
        return meaning;
    }
    if (failure.transport)
        return meaningOf(*failure.transport);
    FailureMeaning meaning;
    // Nothing was sent, so nothing is said of the channel's health.
    meaning.health = HealthEvent::Success;
    if (failure.local && failure.local->code == base::ErrorCode::InvalidInput) {
        // Other channels may send the body as it is; this one has to change what the client did not send.
        meaning.answer = answer(badRequest, "invalid_request", failure.local->message, false);
        return meaning;
    }
    meaning.answer = answer(
        unavailable, "channel_unusable", failure.local ? failure.local->message : Message(), false);
    return meaning;
}

void takeWait(Refusal &answer, const Refusal &other)
{
    const bool isSame = answer.status == other.status
                        || (answer.status == overloaded && other.status == unavailable);
    if (isSame && other.retryAfter)
        answer.retryAfter = other.retryAfter;
}

QString withoutRequest(const AttemptFailure &failure, const FailureMeaning &meaning)
{
    if (!failure.provider)
        return meaning.answer.message.english();
    ProviderError silent = *failure.provider;
    silent.message = Message();
    return words(silent).english();
}

} // namespace gatehouse::relay
