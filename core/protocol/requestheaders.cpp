#include "protocol/requestheaders.h"

#include "protocol/ratelimits.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <span>

namespace gatehouse::protocol {

using domain::Dialect;

namespace {

// For providers of every dialect.
constexpr std::array<QByteArrayView, 7> commonFields{
    "accept",
    "content-type",
    "idempotency-key",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-session-affinity",
};

// OpenAI's own, those by which Codex keeps its prompt cache warm, and xAI's.
constexpr std::array<QByteArrayView, 11> openAiFields{
    "conversation_id",
    "openai-beta",
    "originator",
    "session-id",
    "session_id",
    "thread-id",
    "thread_id",
    "version",
    "x-grok-conv-id",
    "x-client-request-id",
    "x-openai-subagent",
};

constexpr std::array<QByteArrayView, 3> anthropicFields{
    "anthropic-beta",
    "anthropic-version",
    "anthropic-dangerous-direct-browser-access",
};

constexpr std::array<QByteArrayView, 1> geminiFields{"x-goog-api-client"};

constexpr std::array<QByteArrayView, 9> returnedFields{
    "content-type",
    "openai-processing-ms",
    "openai-version",
    "retry-after",
    "retry-after-ms",
    "x-codex-turn-state",
    "x-generation-id",
    "x-models-etag",
    "x-should-retry",
};

constexpr std::array<QByteArrayView, 4> returnedBeginnings{
    "anthropic-ratelimit-",
    "anthropic-priority-",
    "x-ratelimit-",
    "x-codex-",
};

constexpr qsizetype longestName = 100;

bool isOneOf(QByteArrayView name, std::span<const QByteArrayView> names)
{
    return std::any_of(names.begin(), names.end(), [name](QByteArrayView other) {
        return name.size() == other.size() && http::equalNames(name, other);
    });
}

bool beginsWith(QByteArrayView name, QByteArrayView beginning)
{
    return name.size() >= beginning.size()
           && http::equalNames(name.first(beginning.size()), beginning);
}

} // namespace

bool forwardsToProvider(Dialect dialect, QByteArrayView name)
{
    if (name.size() > longestName)
        return false;
    if (isOneOf(name, commonFields))
        return true;
    switch (dialect) {
    case Dialect::OpenAi:
        return isOneOf(name, openAiFields) || beginsWith(name, "x-codex-");
    case Dialect::Anthropic:
        return isOneOf(name, anthropicFields) || beginsWith(name, "x-claude-code-");
    case Dialect::Gemini:
        return isOneOf(name, geminiFields);
    }
    return false;
}

QByteArrayView nameForClient(QByteArrayView name)
{
    if (http::equalNames(name, "x-request-id") || http::equalNames(name, "request-id"))
        return "x-provider-request-id";
    if (name.size() > longestName)
        return {};
    const bool returns =
        isOneOf(name, returnedFields)
        || std::any_of(returnedBeginnings.begin(),
                       returnedBeginnings.end(),
                       [name](QByteArrayView beginning) { return beginsWith(name, beginning); });
    return returns ? name : QByteArrayView();
}

void addForwardedFields(const http::Headers &client, Dialect dialect, http::Headers &target)
{
    for (qsizetype i = 0; i < client.size(); ++i) {
        const http::Field field = client.at(i);
        if (forwardsToProvider(dialect, field.name) && !target.value(field.name))
            target.add(field.name, field.value);
    }
}

void addReturnedFields(const http::Headers &provider,
                       http::Headers &target,
                       const MaskedValue &masked,
                       ProviderLimits limits)
{
    for (qsizetype i = 0; i < provider.size(); ++i) {
        const http::Field field = provider.at(i);
        const QByteArrayView name = nameForClient(field.name);
        if (name.isEmpty() || (limits == ProviderLimits::Withhold && tellsRateLimit(name)))
            continue;
        if (const std::optional<QByteArray> value = masked(field.value))
            target.add(name, *value);
        else
            target.add(name, field.value);
    }
}

} // namespace gatehouse::protocol
