#pragma once

#include "protocol/jsontext.h"
#include "protocol/providererror.h"

// Reading of error objects inside this folder.
namespace gatehouse::protocol {

// The error that a document carries, in any of the forms providers use: a member `error` that is an
// object or a text, Gemini's array of such documents, the flat `{"object":"error",…}` of old vLLM and
// Mistral, Anthropic's `{"type":"error",…}`, and `x_groq.error`. None: `error` is absent, null or
// empty.
std::optional<simdjson::dom::element> errorIn(simdjson::dom::element document);

// The document itself, or the first one of Gemini's array.
simdjson::dom::element firstDocument(simdjson::dom::element document);

// Types it. `document` is what errorIn() was asked about, `status` that of HTTP, which the error's own
// number replaces if it is one of 400 to 599 and HTTP's is none of these.
ProviderError errorFrom(simdjson::dom::element error,
                        simdjson::dom::element document,
                        int status,
                        domain::Dialect dialect,
                        QByteArrayView secret);

// A provider that did not answer in its dialect.
ProviderError notUnderstood(int status, const base::Message &message);

bool looksLikeHtml(QByteArrayView text);

// What HTTP's status alone says.
ErrorClass classOfStatus(int status);

} // namespace gatehouse::protocol
