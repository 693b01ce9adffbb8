#include "management/sessioncookie.h"

#include "http/headers.h"

namespace gatehouse::management {

std::vector<QByteArray> sessionCookies(const gateway::ApiRequest &request)
{
    std::vector<QByteArray> values;
    for (const auto &[name, value] : request.headers) {
        if (!http::equalNames(name, "Cookie"))
            continue;
        for (const QByteArray &part : value.split(';')) {
            const QByteArray pair = part.trimmed();
            if (pair.startsWith("session="))
                values.push_back(pair.sliced(8));
        }
    }
    return values;
}

QByteArray setCookie(const QByteArray &value, std::chrono::seconds lifetime, bool tls)
{
    QByteArray header = "session=" + value + "; Path=/; Max-Age="
                        + QByteArray::number(static_cast<qint64>(lifetime.count()))
                        + "; HttpOnly; SameSite=Strict";
    if (tls)
        header += "; Secure";
    return header;
}

QByteArray clearCookie(bool tls)
{
    return setCookie({}, std::chrono::seconds(0), tls);
}

} // namespace gatehouse::management
