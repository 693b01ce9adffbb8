#pragma once

#include "protocol/jsontext.h"
#include "protocol/peek.h"

namespace gatehouse::protocol {

// How much a model may have to read for a request, and what of that has prices of its own.
struct PromptSize
{
    // Texts, without the syntax around them. Long texts that cannot be prose, such as pictures in
    // base64, count as a picture does at most.
    qint64 textBytes = 0;
    // Of those long texts in full, and of short ones that stand where a picture does.
    qint64 dataBytes = 0;
    // Some of it is not in the body: pictures and files by address or id, a stored conversation.
    bool hasReferences = false;
    // The same with all pictures by address, and with what the provider looks up on its own.
    bool readsElsewhere = false;
    PriceHints hints{};
};

PromptSize promptSizeOf(simdjson::dom::element body);

} // namespace gatehouse::protocol
