#pragma once

#include "base/result.h"
#include "protocol/peek.h"

#include <QByteArray>
#include <QJsonObject>

#include <optional>
#include <vector>

namespace gatehouse::protocol {

// The bytes [offset, offset + length) give way to the replacement; length 0 inserts.
struct Edit
{
    qsizetype offset = 0;
    qsizetype length = 0;
    QByteArray replacement{};

    bool operator==(const Edit &) const = default;
};

// The body with all edits made, in any order; they must not overlap. Everything else stays byte for
// byte. The result is followed by peekPadding readable bytes of its capacity.
QByteArray spliced(QByteArrayView body, std::vector<Edit> edits);

// Names another model wherever the body names one. Puts the member first if it names none. Nothing to
// do if a Gemini body names no model, since it stands in the path.
std::vector<Edit> editModel(const Peek &peek, QByteArrayView newModel);

// Asks for the usage of a stream. Nothing to do if the client asked for it, if nothing is streamed,
// or if the operation tells it unasked.
std::optional<Edit> editIncludeUsage(const Peek &peek);

// The body with the top-level members of `overrides` set and the system prompt put where the dialect
// has it: in place of the first message if that is a system or developer message, else before it
// (chat); as `system` (Anthropic), `instructions` (Responses), `systemInstruction` (Gemini). Other
// operations have no system prompt. A null in `overrides` removes the member. The members `model`
// and `stream` cannot be overridden. `body` was accepted by peek() and is followed by peekPadding
// readable bytes, and so is the result.
base::Result<QByteArray> withOverrides(QByteArrayView body,
                                       const QJsonObject &overrides,
                                       const QByteArray &systemPrompt,
                                       Operation operation);

// The text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
QByteArray jsonString(QByteArrayView utf8);

} // namespace gatehouse::protocol
