#pragma once

#include "http/request.h"
#include "protocol/operation.h"

#include <optional>

namespace gatehouse::gateway {

// What a method and a path ask the gateway for.
struct Endpoint
{
    enum class Kind {
        Relay,       // POST to a provider
        Models,      // the list, or one model
        Api,         // the management's
        Options,     // what methods there are
        Probe,       // how the program is, for balancers and the like
        WrongMethod, // the path is known
        Unknown,
        Unimplemented, // known to the dialects and not offered
        Invalid,       // a path that names nothing clearly
    };

    enum class Probe {
        Alive,   // the process answers
        Ready,   // and would serve
        Version, // what it is
    };

    Kind kind = Kind::Unknown;
    Probe probe = Probe::Alive;
    protocol::Operation operation = protocol::Operation::ChatCompletions;
    domain::Dialect dialect = domain::Dialect::OpenAi;        // in which errors are told
    QByteArray model{};                                       // of paths that name one
    protocol::StreamForm form = protocol::StreamForm::Events; // of Gemini's streams
    const char *allow = "";                                   // of WrongMethod and Options
    QString problem{};                                        // of Invalid
};

// `isApi`: the path belongs to the management.
Endpoint endpointOf(const http::RequestHead &head, bool isApi);

// The key that a request carries, in whichever of the dialects' fields: `Authorization: Bearer`,
// `x-api-key`, `x-goog-api-key`, Azure's `api-key`, or `?key=` on Gemini's paths alone. Empty: it carries none.
QByteArray credentialOf(const http::RequestHead &head, const Endpoint &endpoint);

} // namespace gatehouse::gateway
