#include "management/guard.h"

#include <QHostAddress>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using gateway::ApiRequest;
using gateway::ApiResponse;

namespace {

struct Authority
{
    QByteArray host{};
    int port = -1; // -1: not named
};

Authority authorityFrom(QByteArrayView text)
{
    const QByteArray bytes = text.trimmed().toByteArray().toLower();
    const qsizetype bracket = bytes.indexOf(']');
    const qsizetype colon = bytes.indexOf(':', std::max<qsizetype>(bracket, 0));
    Authority authority{.host = colon < 0 ? bytes : bytes.first(colon)};
    if (colon >= 0) {
        bool ok = false;
        authority.port = bytes.sliced(colon + 1).toInt(&ok);
        if (!ok)
            authority.port = -2; // no port: equal to nothing
    }
    if (authority.host.startsWith('[') && authority.host.endsWith(']'))
        authority.host = authority.host.sliced(1, authority.host.size() - 2);
    if (authority.host.endsWith('.'))
        authority.host.chop(1);
    return authority;
}

// Whether the page's origin is the address under which it asks.
bool isSameOrigin(QByteArrayView origin, QByteArrayView host)
{
    const QByteArray text = origin.trimmed().toByteArray().toLower();
    const bool https = text.startsWith("https://");
    if (!https && !text.startsWith("http://"))
        return false;
    const int usual = https ? 443 : 80;
    Authority page = authorityFrom(QByteArrayView(text).sliced(https ? 8 : 7));
    Authority asked = authorityFrom(host);
    if (page.port == -1)
        page.port = usual;
    if (asked.port == -1)
        asked.port = usual;
    return !page.host.isEmpty() && page.host == asked.host && page.port == asked.port;
}

} // namespace

QByteArray hostName(QByteArrayView authority)
{
    return authorityFrom(authority).host;
}

bool isAllowedHost(QByteArrayView host, const QSet<QByteArray> &names)
{
    const QByteArray name = hostName(host);
    // No browser leaves the host out, and none asks for an address by a name that is one.
    if (host.isEmpty() || name == "localhost" || name.endsWith(".localhost"))
        return true;
    return !QHostAddress(QString::fromLatin1(name)).isNull() || names.contains(name);
}

std::optional<ApiResponse> foreignOrigin(const ApiRequest &request, const Route &route)
{
    if (request.local || (route.policy.kind == Policy::Kind::Public && !route.changes()))
        return std::nullopt;
    constexpr int forbidden = 403;
    const QByteArray site = request.header("Sec-Fetch-Site").trimmed().toLower();
    const QByteArray origin = request.header("Origin");
    const bool foreignSite = !site.isEmpty() && site != "same-origin" && site != "none";
    if (foreignSite || (!origin.isEmpty() && !isSameOrigin(origin, request.header("Host")))) {
        return refusal(u"This request comes from a page of another origin and is refused."_s,
                       forbidden);
    }
    return std::nullopt;
}

std::optional<ApiResponse> unsafeForm(const ApiRequest &request)
{
    const bool mayBeForm = request.method == "POST" || request.method == "PUT"
                           || request.method == "PATCH" || !request.body.isEmpty();
    if (!mayBeForm)
        return std::nullopt;
    QByteArray type = request.header("Content-Type").toLower();
    if (const qsizetype end = type.indexOf(';'); end >= 0)
        type.truncate(end);
    if (type.trimmed() == "application/json")
        return std::nullopt;
    constexpr int unsupportedMediaType = 415;
    return refusal(u"Send \"Content-Type: application/json\" with this request."_s,
                   unsupportedMediaType);
}

} // namespace gatehouse::management
