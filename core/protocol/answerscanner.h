#pragma once

#include "domain/usage.h"
#include "protocol/operation.h"
#include "protocol/passingmembers.h"
#include "protocol/providererror.h"

#include <QByteArray>

#include <optional>
#include <vector>

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

// Reads the body of a 2xx answer that is not a stream. Signs of life before the document are allowed.
// An answer to Operation::Speech is sound and not read, unless `contentType` says JSON. `secret` is
// masked in the error's message.
AnswerFacts scanAnswer(QByteArrayView body,
                       Operation operation,
                       QByteArrayView contentType = {},
                       QByteArrayView secret = {});

// The same body without the white space (DeepSeek's) and the comment lines of event streams
// (OpenRouter's) that some providers send before the document as a sign of life.
QByteArrayView withoutSignsOfLife(QByteArrayView body);

// Whether a body begins as an event stream does, behind comments. Absent: too little of it has come.
std::optional<bool> beginsAsEvents(QByteArrayView body);

// What is looked for in an answer too long to be read as a whole, by passing it through the members.
std::vector<QByteArrayView> tellingMembers();
// Whether it is an error or a web page, by its beginning, of which `members` has seen all. Absent: it
// may be passed on; then only what usageOf() needs is looked for.
std::optional<ProviderError> errorOfBeginning(QByteArrayView beginning,
                                              PassingMembers &members,
                                              Operation operation,
                                              QByteArrayView secret);
// The figures that have come by now; without a source: none have.
domain::Usage usageOf(const PassingMembers &members, Operation operation);

} // namespace gatehouse::protocol
