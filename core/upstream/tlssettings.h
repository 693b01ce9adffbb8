#pragma once

#include "base/message.h"

#include <QByteArray>
#include <QList>
#include <QSslConfiguration>
#include <QSslError>

#include <optional>

namespace gatehouse::upstream {

// How providers are spoken to over TLS: version 1.2 or later, HTTP/1.1. The certificate is verified
// unless a person has switched that off for the channel. `certificateAuthority` (PEM) takes the place
// of the system's authorities; empty: those are used. Nothing: there is no certificate in it.
std::optional<QSslConfiguration> tlsConfiguration(const QByteArray &certificateAuthority,
                                                  bool verifyCertificate = true);

// What is wrong with a provider's certificate, in a sentence.
base::Message tlsSentence(const QList<QSslError> &errors);

} // namespace gatehouse::upstream
