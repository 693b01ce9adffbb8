#pragma once

#include "protocol/counting/delivered.h"
#include "protocol/jsontext.h"

// What was said, in the parts of each dialect. Inside this folder. Whatever has another form than
// expected is passed over.
namespace gatehouse::protocol {

// A message, a delta, or a choice of a legacy completion, of OpenAI's dialect.
void readOpenAiMessage(simdjson::dom::element message, Delivered &delivered);

// A candidate of Gemini's.
void readGeminiCandidate(simdjson::dom::element candidate, Delivered &delivered);

// A content block of Anthropic's, whole.
void readAnthropicBlock(simdjson::dom::element block, Delivered &delivered);

// An item of a response's output, whole.
void readResponsesItem(simdjson::dom::element item, Delivered &delivered);

} // namespace gatehouse::protocol
