#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QStringList>

#include <variant>

namespace gatehouse::admin {

// A channel that a link proposes. What is empty was not in it.
struct ProposedChannel
{
    int type = 0; // of domain::providerTypes(); 0: the link does not tell
    QString name{};
    QString baseUrl{};     // with the host as it is looked up: other scripts in their ASCII form
    QString unicodeHost{}; // as it is meant to be read; empty: it is in ASCII, or mixes scripts
    base::Secret key{};
    QStringList models{};
    bool mixesScripts = false; // the host may look like another one
    bool leadsInside = false;  // to this computer or the network it stands in
};

// A page of the window that a link opens, and what it shows there.
struct ProposedPage
{
    enum class Page { Dashboard, Traffic, Channels, Models, Tokens, Users, Settings };

    Page page = Page::Dashboard;
    QString filter{};
};

using ApplicationLink = std::variant<ProposedChannel, ProposedPage>;

// More than this no link has, in bytes.
inline constexpr qsizetype longestApplicationLink = 16 * 1024;

// Whether the text is meant to be one: it begins with "gatehouse:", in any case.
bool isApplicationLink(QStringView text);

// Reads a link that anybody may have made: `gatehouse://v1/import?resource=channel&…` or
// `gatehouse://v1/open?page=…&filter=…`. It only says what the link proposes; nothing is looked up.
// Refused are links that are too long or of another version, parts that are not known or stand twice,
// broken encodings, control and bidirectional characters, and addresses that are not http or https or
// that hold a user name. No error repeats any of the link.
base::Result<ApplicationLink> parseApplicationLink(const QString &text);

} // namespace gatehouse::admin
