#pragma once

#include <QByteArray>
#include <QString>

#include <span>

namespace gatehouse::domain {

// The wire format a provider or a client speaks.
enum class Dialect { OpenAi, Anthropic, Gemini };

// How the gateway's path becomes the provider's.
enum class PathRule {
    AsGiven,   // base URL and the client's own path, which begins with /v1
    WithoutV1, // the base URL already ends in the version
    Fixed,     // base URL and a path of the provider's own for each operation
    Azure,     // /openai/deployments/{model}/{operation}?api-version=
    Anthropic, // /v1/messages
    Gemini,    // /v1beta/models/{model}:{action}
};

enum class KeyHeader { Bearer, ApiKey, XApiKey, XGoogApiKey };

// What is known of a kind of provider before any channel is made: a row of a table, not code. The
// numbers are One API's; those above 1000 are our own.
struct ProviderType
{
    int number = 0;
    const char *name = "";           // for people
    const char *defaultBaseUrl = ""; // empty: must be given
    Dialect dialect = Dialect::OpenAi;
    PathRule pathRule = PathRule::AsGiven;
    KeyHeader keyHeader = KeyHeader::Bearer;
    const char *chatPath = "";       // for PathRule::Fixed
    const char *embeddingsPath = ""; // for PathRule::Fixed; empty: not offered
    bool local = false;              // runs on the owner's machine: costs nothing and needs no key
    bool relayable = true;           // false: known by number, kept for imports, not served
    const char *priceProvider = "";  // its id in the price table; empty: any
    // False where the provider refuses `stream_options`.
    bool takesStreamOptions = true;
    const char *keyPage = "";       // where people get a key; empty: not known, or none is needed
    const char *documentation = ""; // of its API, for people; empty: not known
};

namespace provider {
inline constexpr int openAi = 1;
inline constexpr int azure = 3;
inline constexpr int custom = 8;
inline constexpr int anthropic = 14;
inline constexpr int openRouter = 20;
inline constexpr int gemini = 24;
inline constexpr int ollama = 30;
inline constexpr int openAiCompatible = 50;
inline constexpr int lmStudio = 1001;
inline constexpr int echo = 1000;
} // namespace provider

// All that are known, in the order of their numbers.
std::span<const ProviderType> providerTypes();
// Null: no such number.
const ProviderType *providerType(int number);

} // namespace gatehouse::domain
