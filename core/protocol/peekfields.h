#pragma once

#include "domain/providertype.h"

#include <string_view>

namespace gatehouse::protocol {

// The members that are acted on, here or where a system prompt is put in. Two spellings of one
// member (protocol buffers allow both) are one Field, so that they count as duplicates.
enum class Field {
    None,
    Model,
    Stream,
    StreamOptions,
    StreamFormat,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Choices,
    BestOf,
    Size,
    Quality,
    Background,
    ServiceTier,
    Speed,
    InferenceGeo,
    Input,
    Messages,
    System,
    Instructions,
    Prompt,
    Contents,
    SystemInstruction,
    GenerationConfig,
    GenerateContentRequest,
    Requests,
};

// Field::None: the dialect has no such member, or the gateway does nothing with it.
Field fieldNamed(domain::Dialect dialect, std::string_view name);

// Whether a parser that does not heed case, such as Go's, takes `name` for `known`, which is ASCII.
bool foldsTo(std::string_view name, std::string_view known);

// The name of a Field that `name`, which is none itself, folds to; empty: there is none.
std::string_view fieldNameLike(domain::Dialect dialect, std::string_view name);

} // namespace gatehouse::protocol
