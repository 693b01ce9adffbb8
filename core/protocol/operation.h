#pragma once

#include "domain/providertype.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace gatehouse::protocol {

// What a request asks for. Each belongs to one dialect; the model lists are answered in the dialect
// of whoever asks.
enum class Operation {
    ChatCompletions,
    Completions,
    Embeddings,
    Moderations,
    Responses,
    ImageGenerations,
    Speech,
    Messages,
    CountTokens,
    GenerateContent,
    StreamGenerateContent,
    EmbedContent,
    BatchEmbedContents,
    GeminiCountTokens,
    ListModels,
    RetrieveModel,
};

// How the parts of a streamed answer are told apart.
enum class StreamForm {
    Events, // server-sent events
    Array,  // the objects of one JSON array: Gemini's, unless the query asks for events
};

// The dialect of the request and of its answer; OpenAI's for the model lists.
domain::Dialect dialectOf(Operation operation);

// A short name that never changes: "chat", "messages", … It stands in logs and in the ledger.
QByteArrayView nameOf(Operation operation);

// The path under which the dialect's own libraries ask for it.
QByteArray usualPath(Operation operation, QByteArrayView model);
// The operation of that name; absent: there is none.
std::optional<Operation> operationNamed(QByteArrayView name);

// The model of a request that names none; empty: a model must be named.
QByteArrayView defaultModel(Operation operation);

// False for what providers give for nothing: counting tokens and listing models.
bool isCharged(Operation operation);

// True if the answer may be a stream, be it by the body's `stream` or by the path.
bool mayStream(Operation operation);

// True for what a language model answers with words, and for counting what it would read.
bool answersWithText(Operation operation);

// True if the model stands in the path and not in the body.
bool namesModelInPath(Operation operation);

// True if a stream tells its usage only when `stream_options.include_usage` asks for it.
bool asksForUsage(Operation operation);

// False where each candidate or picture of a stream ends with a marker of its own, behind which others
// may go on, and the figures of all.
bool endsWithMarker(Operation operation, StreamForm form);

} // namespace gatehouse::protocol
