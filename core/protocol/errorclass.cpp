#include "protocol/errorclass.h"

#include "base/decimal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using simdjson::dom::element;

namespace {

struct KnownWord
{
    std::string_view word{};
    ErrorClass kind = ErrorClass::ServerFault;
};

// The types, codes and reasons that providers document, compared as a whole. Sources: the error pages
// of OpenAI, Azure OpenAI, Anthropic, Google AI (google.rpc.Code and ErrorInfo), Mistral, Moonshot,
// DeepSeek, Groq, Alibaba Model Studio, OpenRouter and vLLM.
constexpr std::array knownWords{
    KnownWord{"invalid_api_key", ErrorClass::Authentication},
    KnownWord{"authentication_error", ErrorClass::Authentication},
    KnownWord{"invalid_authentication_error", ErrorClass::Authentication},
    KnownWord{"incorrect_api_key_error", ErrorClass::Authentication},
    KnownWord{"account_deactivated", ErrorClass::Authentication},
    KnownWord{"invalid_organization", ErrorClass::Authentication},
    KnownWord{"organization_on_hold", ErrorClass::Authentication},
    KnownWord{"permission_error", ErrorClass::Forbidden},
    KnownWord{"permission_denied", ErrorClass::Forbidden},
    KnownWord{"permission_denied_error", ErrorClass::Forbidden},
    KnownWord{"forbidden", ErrorClass::Forbidden},
    KnownWord{"unsupported_country_region_territory", ErrorClass::Authentication},
    KnownWord{"UNAUTHENTICATED", ErrorClass::Authentication},
    KnownWord{"PERMISSION_DENIED", ErrorClass::Forbidden},
    KnownWord{"FAILED_PRECONDITION", ErrorClass::Forbidden},
    KnownWord{"API_KEY_INVALID", ErrorClass::Authentication},
    KnownWord{"API_KEY_SERVICE_BLOCKED", ErrorClass::Authentication},
    KnownWord{"API_KEY_HTTP_REFERRER_BLOCKED", ErrorClass::Authentication},
    KnownWord{"API_KEY_IP_ADDRESS_BLOCKED", ErrorClass::Authentication},
    KnownWord{"API_KEY_ANDROID_APP_BLOCKED", ErrorClass::Authentication},
    KnownWord{"API_KEY_IOS_APP_BLOCKED", ErrorClass::Authentication},
    KnownWord{"ACCESS_TOKEN_EXPIRED", ErrorClass::Authentication},
    KnownWord{"ACCESS_TOKEN_SCOPE_INSUFFICIENT", ErrorClass::Authentication},
    KnownWord{"ACCOUNT_STATE_INVALID", ErrorClass::Authentication},
    KnownWord{"CONSUMER_INVALID", ErrorClass::Authentication},
    KnownWord{"CONSUMER_SUSPENDED", ErrorClass::Authentication},
    KnownWord{"SERVICE_DISABLED", ErrorClass::Authentication},
    KnownWord{"insufficient_quota", ErrorClass::OutOfCredit},
    KnownWord{"insufficient_user_quota", ErrorClass::OutOfCredit},
    KnownWord{"insufficient_balance", ErrorClass::OutOfCredit},
    KnownWord{"billing_error", ErrorClass::OutOfCredit},
    KnownWord{"billing_not_active", ErrorClass::OutOfCredit},
    KnownWord{"billing_hard_limit_reached", ErrorClass::OutOfCredit},
    KnownWord{"credit_balance_exhausted", ErrorClass::OutOfCredit},
    KnownWord{"exceeded_current_quota_error", ErrorClass::OutOfCredit},
    KnownWord{"enforced_spend_limit_reached", ErrorClass::OutOfCredit},
    KnownWord{"contract_spend_limit_reached", ErrorClass::OutOfCredit},
    KnownWord{"usage_not_included", ErrorClass::OutOfCredit},
    KnownWord{"Arrearage", ErrorClass::OutOfCredit},
    KnownWord{"BILLING_DISABLED", ErrorClass::OutOfCredit},
    KnownWord{"rate_limit_exceeded", ErrorClass::RateLimited},
    KnownWord{"rate_limit_error", ErrorClass::RateLimited},
    KnownWord{"rate_limit_reached_error", ErrorClass::RateLimited},
    KnownWord{"ramp_limit_exceeded", ErrorClass::RateLimited},
    KnownWord{"too_many_requests", ErrorClass::RateLimited},
    KnownWord{"RESOURCE_EXHAUSTED", ErrorClass::RateLimited},
    KnownWord{"RATE_LIMIT_EXCEEDED", ErrorClass::RateLimited},
    KnownWord{"overloaded_error", ErrorClass::Overloaded},
    KnownWord{"engine_overloaded", ErrorClass::Overloaded},
    KnownWord{"engine_overloaded_error", ErrorClass::Overloaded},
    KnownWord{"server_overloaded", ErrorClass::Overloaded},
    KnownWord{"slow_down", ErrorClass::Overloaded},
    KnownWord{"capacity_exceeded", ErrorClass::Overloaded},
    KnownWord{"UNAVAILABLE", ErrorClass::Overloaded},
    KnownWord{"server_error", ErrorClass::ServerFault},
    KnownWord{"internal_server_error", ErrorClass::ServerFault},
    KnownWord{"api_error", ErrorClass::ServerFault},
    KnownWord{"timeout_error", ErrorClass::ServerFault},
    KnownWord{"INTERNAL", ErrorClass::ServerFault},
    KnownWord{"DEADLINE_EXCEEDED", ErrorClass::ServerFault},
    KnownWord{"model_not_found", ErrorClass::ModelNotFound},
    KnownWord{"model_not_available", ErrorClass::ModelNotFound},
    KnownWord{"invalid_model", ErrorClass::ModelNotFound},
    KnownWord{"not_found_error", ErrorClass::ModelNotFound},
    KnownWord{"resource_not_found_error", ErrorClass::ModelNotFound},
    KnownWord{"DeploymentNotFound", ErrorClass::ModelNotFound},
    KnownWord{"NotFoundError", ErrorClass::ModelNotFound},
    KnownWord{"NOT_FOUND", ErrorClass::ModelNotFound},
    KnownWord{"content_filter", ErrorClass::ContentRefused},
    KnownWord{"content_policy_violation", ErrorClass::ContentRefused},
    KnownWord{"moderation_blocked", ErrorClass::ContentRefused},
    KnownWord{"data_inspection_failed", ErrorClass::ContentRefused},
    KnownWord{"DataInspectionFailed", ErrorClass::ContentRefused},
    KnownWord{"bio_policy", ErrorClass::ContentRefused},
    KnownWord{"misalignment_policy_violation", ErrorClass::ContentRefused},
    KnownWord{"invalid_request_error", ErrorClass::ClientMistake},
    KnownWord{"context_length_exceeded", ErrorClass::ClientMistake},
    KnownWord{"string_above_max_length", ErrorClass::ClientMistake},
    KnownWord{"unsupported_parameter", ErrorClass::ClientMistake},
    KnownWord{"unsupported_value", ErrorClass::ClientMistake},
    KnownWord{"request_too_large", ErrorClass::ClientMistake},
    KnownWord{"conflict_error", ErrorClass::ClientMistake},
    KnownWord{"invalid_prompt", ErrorClass::ClientMistake},
    KnownWord{"BadRequestError", ErrorClass::ClientMistake},
    KnownWord{"INVALID_ARGUMENT", ErrorClass::ClientMistake},
    KnownWord{"OUT_OF_RANGE", ErrorClass::ClientMistake},
};

// Errors that some providers send under the type of another one, such as a client's mistake, and tell
// apart by nothing but one fixed sentence, with which the message begins.
struct KnownSentence
{
    domain::Dialect dialect = domain::Dialect::OpenAi;
    std::string_view beginning{};
    ErrorClass kind = ErrorClass::ServerFault;
};

constexpr std::array knownSentences{
    KnownSentence{domain::Dialect::Anthropic,
                  "Your credit balance is too low to access the Anthropic API",
                  ErrorClass::OutOfCredit},
    KnownSentence{domain::Dialect::Anthropic,
                  "This organization has been disabled",
                  ErrorClass::Authentication},
    KnownSentence{domain::Dialect::Gemini, "API key not valid.", ErrorClass::Authentication},
    KnownSentence{domain::Dialect::Gemini, "API key expired.", ErrorClass::Authentication},
    KnownSentence{domain::Dialect::Gemini,
                  "Your API key was reported as leaked.",
                  ErrorClass::Authentication},
};

std::optional<ErrorClass> classOfWord(std::string_view word)
{
    const auto known = std::find_if(knownWords.begin(),
                                    knownWords.end(),
                                    [word](const auto &entry) { return entry.word == word; });
    return known == knownWords.end() ? std::nullopt : std::optional(known->kind);
}

// False for the classes that a status tells more exactly.
bool isSpecific(ErrorClass kind)
{
    return kind != ErrorClass::ClientMistake && kind != ErrorClass::ServerFault;
}

// A member that is a text or a number, as text.
QByteArray wordOf(element from, std::string_view name)
{
    const std::optional<element> member = memberOf(from, name);
    std::string_view text;
    double number = 0;
    if (!member)
        return {};
    if (!member->get_string().get(text))
        return bytes(text).toByteArray();
    if (!member->get_double().get(number) && std::abs(number) < 1e15)
        return QByteArray::number(static_cast<qint64>(number));
    return {};
}

std::optional<int> statusNumber(QByteArrayView word)
{
    int number = 0;
    const auto [end, error] = std::from_chars(word.begin(), word.end(), number);
    if (error != std::errc() || end != word.end() || number < 400 || number > 599)
        return std::nullopt;
    return number;
}

std::string_view messageIn(element from)
{
    for (const std::string_view name : {"message", "msg", "err", "error_msg", "detail"}) {
        if (const std::string_view text = stringOf(from, name); !text.empty())
            return text;
    }
    return {};
}

std::string_view messageOf(element error, element document)
{
    std::string_view text;
    if (!error.get_string().get(text))
        return text;
    if (text = messageIn(error); !text.empty())
        return text;
    if (text = messageIn(document); !text.empty())
        return text;
    for (const std::string_view name : {"header", "error"}) {
        const auto inner = memberOf(document, name);
        if (inner && !(text = messageIn(*inner)).empty())
            return text;
    }
    return {};
}

// What Google's details add: the reason of an ErrorInfo and the delay of a RetryInfo.
struct GoogleDetails
{
    std::string_view reason{};
    std::optional<std::chrono::seconds> retryAfter{};
};

std::optional<std::chrono::seconds> delayOf(std::string_view text)
{
    if (text.empty() || text.back() != 's')
        return std::nullopt;
    const std::optional<double> seconds = base::decimalOf(bytes(text).chopped(1));
    if (!seconds || *seconds < 0)
        return std::nullopt;
    constexpr double longest = 86'400;
    return std::chrono::seconds(static_cast<qint64>(std::ceil(std::min(*seconds, longest))));
}

GoogleDetails googleDetails(element error)
{
    GoogleDetails details;
    const auto entries = arrayOf(error, "details");
    if (!entries)
        return details;
    for (const element entry : *entries) {
        const std::string_view type = stringOf(entry, "@type");
        if (type == "type.googleapis.com/google.rpc.ErrorInfo" && details.reason.empty())
            details.reason = stringOf(entry, "reason");
        if (type == "type.googleapis.com/google.rpc.RetryInfo")
            details.retryAfter = delayOf(stringOf(entry, "retryDelay"));
    }
    return details;
}

// The status that an error inside a stream or a 200 stands for.
int statusOfClass(ErrorClass kind)
{
    switch (kind) {
    case ErrorClass::ClientMistake:
    case ErrorClass::ContentRefused:
        return 400;
    case ErrorClass::Authentication:
        return 401;
    case ErrorClass::OutOfCredit:
        return 402;
    case ErrorClass::Forbidden:
        return 403;
    case ErrorClass::ModelNotFound:
        return 404;
    case ErrorClass::RateLimited:
        return 429;
    case ErrorClass::Overloaded:
        return 503;
    case ErrorClass::ServerFault:
    case ErrorClass::NotUnderstood:
        break;
    }
    return 502;
}

struct Words
{
    QByteArray code{};
    QByteArray type{};
    QByteArray status{}; // Gemini's
    std::string_view reason{};
    std::string_view message{};
    bool hasModeration = false; // OpenRouter names the reasons of its own filter
};

ErrorClass classOf(const Words &words, int status, domain::Dialect dialect)
{
    if (words.hasModeration)
        return ErrorClass::ContentRefused;
    for (const KnownSentence &sentence : knownSentences) {
        if (sentence.dialect == dialect && words.message.starts_with(sentence.beginning))
            return sentence.kind;
    }
    const std::array candidates{classOfWord(words.reason),
                                classOfWord(textOf(words.code)),
                                classOfWord(textOf(words.type)),
                                classOfWord(textOf(words.status))};
    for (const auto &kind : candidates) {
        if (kind && isSpecific(*kind))
            return *kind;
    }
    if (status >= 400)
        return classOfStatus(status);
    for (const auto &kind : candidates) {
        if (kind)
            return *kind;
    }
    return ErrorClass::ServerFault;
}

// As a member "error" that says that there is none: null, false, 0, empty, or an object of such.
bool tellsNothing(element value)
{
    std::string_view text;
    if (!value.get_string().get(text))
        return text.empty();
    simdjson::dom::array array;
    if (!value.get_array().get(array))
        return array.size() == 0;
    simdjson::dom::object object;
    if (!value.get_object().get(object)) {
        bool isNothing = true;
        for (const auto member : object)
            isNothing = isNothing && tellsNothing(member.value);
        return isNothing;
    }
    double number = 0;
    if (!value.get_double().get(number))
        return number == 0;
    bool flag = false;
    return value.is_null() || (!value.get_bool().get(flag) && !flag);
}

} // namespace

element firstDocument(element document)
{
    simdjson::dom::array documents;
    if (document.get_array().get(documents) || documents.size() == 0)
        return document;
    return *documents.begin();
}

std::optional<element> errorIn(element document)
{
    document = firstDocument(document);
    if (!document.is_object())
        return std::nullopt;
    const ObjectMembers members(document);
    if (const auto error = members.find("error")) {
        return tellsNothing(*error) ? std::nullopt : error;
    }
    if (members.text("object") == "error" || members.text("type") == "error")
        return document;
    return memberOf(members.find("x_groq"), "error");
}

ProviderError errorFrom(
    element error, element document, int status, domain::Dialect dialect, QByteArrayView secret)
{
    Words words;
    words.code = wordOf(error, "code");
    words.type = wordOf(error, "type");
    words.status = wordOf(error, "status");
    const GoogleDetails google = googleDetails(error);
    words.reason = google.reason;
    // Anthropic's finer code.
    if (const auto details = memberOf(error, "details"); details && words.reason.empty())
        words.reason = stringOf(*details, "error_code");
    const auto metadata = memberOf(error, "metadata");
    words.hasModeration = metadata && arrayOf(*metadata, "reasons");
    words.message = messageOf(error, document);

    ProviderError result;
    result.status = status;
    if (status < 400 || status > 599) {
        result.status = 0;
        for (const QByteArray &word : {words.code, words.status, wordOf(document, "status")}) {
            if (result.status == 0)
                result.status = statusNumber(word).value_or(0);
        }
    }
    result.kind = classOf(words, result.status, dialect);
    if (result.status == 0)
        result.status = statusOfClass(result.kind);

    constexpr qsizetype longestWord = 100;
    const QByteArray type = words.type.isEmpty() ? words.status : words.type;
    const QByteArray code = words.code.isEmpty() ? bytes(words.reason).toByteArray() : words.code;
    result.type = presentable(type, secret, longestWord).toUtf8();
    result.code = presentable(code, secret, longestWord).toUtf8();
    QByteArray message = bytes(words.message).toByteArray();
    // OpenRouter wraps what the provider behind it said.
    if (const std::string_view raw = metadata ? stringOf(*metadata, "raw") : std::string_view();
        !raw.empty() && words.message == "Provider returned error") {
        message += ": " + bytes(raw).toByteArray();
    }
    result.message = base::Message::verbatim(presentable(message, secret));
    if (result.message.isEmpty())
        result.message = base::Message::tr("The provider reported an error without a text.");
    result.retryAfter = google.retryAfter;
    return result;
}

ProviderError notUnderstood(int status, const base::Message &message)
{
    return {.status = status >= 400 ? status : 502,
            .message = message,
            .kind = ErrorClass::NotUnderstood};
}

bool looksLikeHtml(QByteArrayView text)
{
    const QByteArray beginning = text.trimmed()
                                     .first(std::min<qsizetype>(text.trimmed().size(), 15))
                                     .toByteArray()
                                     .toLower();
    return beginning.startsWith("<!doctype html") || beginning.startsWith("<html")
           || beginning.startsWith("<head") || beginning.startsWith("<body");
}

ErrorClass classOfStatus(int status)
{
    constexpr int groqCapacity = 498;
    constexpr int anthropicOverloaded = 529;
    switch (status) {
    case 401:
        return ErrorClass::Authentication;
    case 402:
        return ErrorClass::OutOfCredit;
    case 403:
        return ErrorClass::Forbidden;
    case 404:
        return ErrorClass::ModelNotFound;
    case 408:
        return ErrorClass::ServerFault;
    case 429:
        return ErrorClass::RateLimited;
    case 503:
    case groqCapacity:
    case anthropicOverloaded:
        return ErrorClass::Overloaded;
    default:
        break;
    }
    if (status >= 400 && status < 500)
        return ErrorClass::ClientMistake;
    return status >= 500 ? ErrorClass::ServerFault : ErrorClass::NotUnderstood;
}

} // namespace gatehouse::protocol
