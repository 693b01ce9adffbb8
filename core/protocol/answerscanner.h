#pragma once

#include "domain/usage.h"
#include "protocol/operation.h"
#include "protocol/providererror.h"

#include <QByteArray>

#include <optional>

namespace gatehouse::protocol {

// What a whole answer with a status of 2xx turns out to be.
enum class AnswerKind {
    Success,
    Error,   // it carries an error object
    Empty,   // nothing, or nothing but white space
    WebPage, // HTML
    NotJson, // broken off, garbage, or not an object
};

struct AnswerFacts
{
    AnswerKind kind = AnswerKind::Success;
    domain::Usage usage{};     // its source is None if the answer tells no figures
    bool hasContent = false;   // a text, a tool call, vectors, pictures: what was asked for
    QByteArray text{};         // text, reasoning and tool arguments; at most a mebibyte
    qint64 pictures = 0;       // within it; not of ImageGenerations
    QByteArray finishReason{}; // in the provider's words
    QByteArray responseId{};
    QByteArray model{};                   // as the provider names it
    std::optional<ProviderError> error{}; // of every kind but Success

    bool isSuccess() const { return kind == AnswerKind::Success; }
};

// Reads the body of a 2xx answer that is not a stream. White space before the document is allowed
// (DeepSeek sends it as a sign of life). An answer to Operation::Speech is sound and not read, unless
// `contentType` says JSON. `secret` is masked in the error's message.
AnswerFacts scanAnswer(QByteArrayView body,
                       Operation operation,
                       QByteArrayView contentType = {},
                       QByteArrayView secret = {});

} // namespace gatehouse::protocol
