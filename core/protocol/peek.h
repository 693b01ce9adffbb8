#pragma once

#include "base/result.h"
#include "domain/requesttrace.h"
#include "protocol/operation.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace gatehouse::protocol {

// A piece of a body, in bytes.
struct Range
{
    qsizetype offset = -1;
    qsizetype length = 0;

    bool isPresent() const { return offset >= 0; }
    qsizetype end() const { return offset + length; }
    bool operator==(const Range &) const = default;
};

// What of a request may have another price than plain input and output. It is told from the names of
// members at any depth, and holds rather too often than too seldom.
struct PriceHints
{
    bool writesCache = false;     // the provider is asked to keep what it reads
    bool writesLongCache = false; // for longer than its usual few minutes
    bool hasSound = false;        // to be heard; films have some
    bool wantsSound = false;      // the answer may be spoken

    bool operator==(const PriceHints &) const = default;
};

// Where those members of a body stand by which requests of one session are alike.
struct OpeningPlaces
{
    Range system{}; // what the model is told before anything else
    Range tools{};
    Range turns{}; // the messages, the contents, the input or the prompt

    bool operator==(const OpeningPlaces &) const = default;
};

// What the gateway must know of a body that it passes on as it is.
struct Peek
{
    Operation operation = Operation::ChatCompletions;
    // Decoded; the operation's default if the body names none; for Gemini that of the path.
    QByteArray model{};
    Range modelValue{}; // the JSON string with its quotes; absent: the body names no model
    bool isModelReplaced = false; // by the default model: the body names another one, or none

    std::vector<Range> nestedModels{}; // the same of each of a batch of Gemini's requests

    bool stream = false;                  // also true for streamGenerateContent
    StreamForm form = StreamForm::Events; // of the stream; peek() leaves it, since no body tells it
    bool includeUsage = false;            // the client asked for the usage of its stream
    Range streamOptions{};                // the whole value
    bool streamOptionsIsObject = false;   // false: it is null
    bool streamOptionsIsEmpty = false;    // {}
    Range includeUsageValue{};            // true, false or null, within the stream options

    // The client's own limit, for one choice, by the member that the operation heeds.
    std::optional<qint64> maxOutputTokens{};
    std::optional<double> temperature{}; // where it is a number
    qint64 choices = 1; // n or best_of for each of a completion's prompts; candidateCount; pictures

    QByteArray imageSize{};
    QByteArray imageQuality{};
    // The session that the body names: `prompt_cache_key`, or Claude Code's in `metadata.user_id`.
    QByteArray session{};
    // The conversation, or the answer, which the provider has stored and the request goes on with.
    QByteArray continues{};
    OpeningPlaces opening{};
    qint64 speechCharacters = 0; // code points of a text that is to be read aloud
    qint64 speechBytes = 0;      // of the same text in UTF-8

    qsizetype objectStart = 0;  // just behind the first '{', where a member can be put
    bool isEmptyObject = false; // then no comma may follow what is put there
    // About how many bytes of text a model reads. Pictures and other data in base64 count little.
    qint64 promptBytes = 0;
    qint64 dataBytes = 0; // of that data, as far as promptBytes does not show it
    bool hasReferences =
        false; // it names files, addresses or conversations that a model reads as well
    // The same, or it has the provider look for what is elsewhere: the web, a server of tools. What it is
    // answered may be another thing each time.
    bool readsElsewhere = false;
    PriceHints hints{};
    std::shared_ptr<const domain::RequestParameters> parameters{}; // null: they were not asked for
};

// How many readable bytes must follow the body in memory. Their values do not matter.
inline constexpr qsizetype peekPadding = 64;

// The largest number of tokens, choices or pictures that a request may name.
inline constexpr qint64 largestRequestedCount = 1LL << 30;

inline constexpr qsizetype longestModelName = 200;

// Reads a request body. All of it must be one valid JSON object (RFC 8259) of at most 64 levels, and
// every member that is acted on may occur once only, in whatever spelling, since parsers differ in
// which of two they believe; for the same reason no other one may differ from its name in case alone.
// Fails with InvalidInput and a sentence that names the member.
//
// `pathModel` is the model in the path of a Gemini request; a body that names another one is refused.
//
// `defaultModel` takes the place of the model "default", and is the model of a request for text that
// names none; empty: that is a name as any other, and one must be named.
//
// `withParameters` also reads what traces tell of a request, which else costs nothing.
base::Result<Peek> peek(QByteArrayView body,
                        Operation operation,
                        QByteArrayView pathModel = {},
                        QByteArrayView defaultModel = {},
                        bool withParameters = false);

// The model and the action of `/v1beta/models/{model}:{action}`, or the same below `/v1`, where newer
// client libraries ask. The model is decoded; that of `/v1beta/tunedModels/{model}` keeps its
// "tunedModels/".
struct GeminiTarget
{
    QByteArray model{};
    QByteArray action{};
    std::optional<Operation> operation{}; // of the action; none: it is not served
};

// `path` has no query. Fails if it is none of these, or if the model has a slash, a control
// character or a broken percent-encoding.
base::Result<GeminiTarget> peekModelFromGeminiPath(QByteArrayView path);

// The rule for model names, wherever they come from: not empty, not too long, no control character.
base::Result<> checkModelName(QByteArrayView model);

} // namespace gatehouse::protocol
