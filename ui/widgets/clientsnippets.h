#pragma once

#include "base/secret.h"

#include <QString>

#include <vector>

namespace gatehouse::ui {

// How a program is told of the gateway: address and key in the form that it wants.
struct ClientSnippet
{
    QString title{};
    // `$KEY` and `$URL` stand for key and address.
    QString text{};
};

std::vector<ClientSnippet> clientSnippets();
// The snippet with the address and the key filled in.
QString filledSnippet(const QString &text, const QString &url, const base::Secret &key);

} // namespace gatehouse::ui
