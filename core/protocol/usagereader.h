#pragma once

#include "domain/usage.h"
#include "protocol/anthropicfigures.h"
#include "protocol/jsontext.h"

// Reading of the providers' figures inside this folder. Each function returns true if the element
// told any figures, and leaves `usage` as it was otherwise, but for `anomalous`. Where a sum cannot be
// true (it is negative, absurdly large or no number), none of the figures is believed.
namespace gatehouse::protocol {

// OpenAI's `usage` of chats, completions, embeddings, pictures and responses, and what compatible
// providers made of it. Where `totalIsInput`, a total without parts is input (embeddings).
bool readOpenAiUsage(simdjson::dom::element usageObject, bool totalIsInput, domain::Usage &usage);

// Gemini's `usageMetadata`.
bool readGeminiUsage(simdjson::dom::element metadata, domain::Usage &usage);

} // namespace gatehouse::protocol
