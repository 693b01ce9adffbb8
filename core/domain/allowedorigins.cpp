#include "domain/allowedorigins.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

constexpr qsizetype mostOrigins = 200;

Result<QByteArray> wrongOrigin(const Message &message, const QString &part)
{
    return fail(ErrorCode::InvalidInput, Message(message).arg(part.left(200)));
}

// The port that a URL of that scheme means without naming it; 0: none is known.
int usualPort(const QString &scheme)
{
    constexpr int http = 80;
    constexpr int https = 443;
    return scheme == "http"_L1 ? http : scheme == "https"_L1 ? https : 0;
}

Result<QByteArray> originFrom(const QString &part)
{
    static const QRegularExpression form(
        u"^([a-z][a-z0-9+.-]*)://([^/?#@:\\[\\]]+|\\[[0-9a-f:.]+\\])(?::([0-9]{1,5}))?$"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (part.compare("null"_L1, Qt::CaseInsensitive) == 0) {
        return wrongOrigin(Message::tr("\"%1\" is the origin of no page in particular: files, and "
                                       "frames of anybody. It cannot be allowed."),
                           part);
    }
    if (part.contains(u'*')) {
        return wrongOrigin(
            Message::tr("\"%1\" names no single origin. Write each one as a whole, or "
                        "* alone for all."),
            part);
    }
    const auto match = form.match(part);
    if (!match.hasMatch()) {
        const qsizetype scheme = part.indexOf("://"_L1);
        if (scheme > 0 && part.indexOf(u'/', scheme + 3) > 0) {
            return wrongOrigin(Message::tr("\"%1\" has a path. An origin ends with the host or its "
                                           "port, without a slash: https://chat.example.com."),
                               part);
        }
        return wrongOrigin(
            Message::tr("\"%1\" is no origin. Write it as https://chat.example.com or "
                        "http://localhost:8080."),
            part);
    }
    const QString scheme = match.captured(1).toLower();
    QByteArray host = match.captured(2).toLower().toLatin1();
    if (!host.startsWith('['))
        host = QUrl::toAce(match.captured(2)).toLower();
    // What is no name of the Internet, such as the id of a browser's extension, stays as it is.
    if (host.isEmpty() && usualPort(scheme) == 0)
        host = match.captured(2).toLower().toUtf8();
    constexpr int mostPort = 65'535;
    const QString digits = match.captured(3);
    const int port = digits.toInt();
    const bool hasPort = !digits.isEmpty();
    const bool isPlain =
        std::all_of(host.cbegin(), host.cend(), [](char c) { return c > ' ' && c < 0x7f; });
    if (host.isEmpty() || !isPlain || (hasPort && (port < 1 || port > mostPort))) {
        return wrongOrigin(
            Message::tr("\"%1\" is no origin. Write it as https://chat.example.com or "
                        "http://localhost:8080."),
            part);
    }
    QByteArray origin = scheme.toLatin1() + "://" + host;
    if (hasPort && port != usualPort(scheme))
        origin += ':' + QByteArray::number(port);
    return origin;
}

} // namespace

QByteArrayView AllowedOrigins::answerTo(QByteArrayView origin) const
{
    if (any)
        return "*";
    const auto found = std::find(origins.cbegin(), origins.cend(), origin);
    return found == origins.cend() ? QByteArrayView() : QByteArrayView(*found);
}

Result<AllowedOrigins> allowedOriginsFrom(const QString &text)
{
    static const QRegularExpression separator(u"[,\\s]+"_s);
    const QStringList parts = text.split(separator, Qt::SkipEmptyParts);
    if (parts == QStringList(u"*"_s))
        return AllowedOrigins{.any = true};
    if (parts.size() > mostOrigins)
        return fail(ErrorCode::InvalidInput,
                    Message::tr("At most %1 origins can be allowed.").arg(mostOrigins));
    AllowedOrigins allowed;
    for (const QString &part : parts) {
        const Result<QByteArray> origin = originFrom(part);
        if (!origin)
            return fail(origin.error());
        if (!allowed.origins.contains(*origin))
            allowed.origins.append(*origin);
    }
    return allowed;
}

} // namespace gatehouse::domain
