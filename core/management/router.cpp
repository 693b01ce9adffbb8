#include "management/router.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

// Compares segment by segment. A fixed one counts more than a place: gives the number of places, or
// -1 if the path is another.
int placesIn(QByteArrayView pattern, QByteArrayView path, QHash<QByteArray, QByteArray> &places)
{
    int count = 0;
    while (true) {
        const qsizetype patternEnd = pattern.indexOf('/');
        const qsizetype pathEnd = path.indexOf('/');
        const QByteArrayView wanted = patternEnd < 0 ? pattern : pattern.first(patternEnd);
        const QByteArrayView given = pathEnd < 0 ? path : path.first(pathEnd);
        if (wanted.startsWith(':')) {
            if (given.isEmpty())
                return -1;
            places.insert(wanted.sliced(1).toByteArray(), given.toByteArray());
            ++count;
        } else if (wanted != given) {
            return -1;
        }
        if (patternEnd < 0 || pathEnd < 0)
            return patternEnd < 0 && pathEnd < 0 ? count : -1;
        pattern = pattern.sliced(patternEnd + 1);
        path = path.sliced(pathEnd + 1);
    }
}

} // namespace

Result<> Router::check() const
{
    QSet<QByteArray> known;
    for (const Route &route : m_routes) {
        const QByteArray name = route.method + ' ' + route.pattern;
        if (route.policy.kind == Policy::Kind::Undeclared || !route.handler) {
            return fail(ErrorCode::Internal,
                        base::Message::verbatim(u"The route %1 has no policy or no handler."_s.arg(
                            QString::fromUtf8(name))));
        }
        if (known.contains(name) || route.pattern.endsWith('/')) {
            return fail(
                ErrorCode::Internal,
                base::Message::verbatim(u"The route %1 is there twice or ends in a slash."_s.arg(
                    QString::fromUtf8(name))));
        }
        known.insert(name);
    }
    return {};
}

Match Router::match(QByteArrayView method, QByteArrayView path) const
{
    if (path.endsWith('/') && path.size() > 1)
        path.chop(1);
    if (method == "HEAD")
        method = "GET";
    Match best;
    int fewest = -1;
    QByteArrayList allowed;
    for (const Route &route : m_routes) {
        QHash<QByteArray, QByteArray> places;
        const int count = placesIn(route.pattern, path, places);
        if (count < 0)
            continue;
        if (route.method != method) {
            allowed.append(route.method);
            continue;
        }
        if (fewest >= 0 && count >= fewest)
            continue;
        fewest = count;
        best.route = &route;
        best.places = std::move(places);
    }
    if (!best.route)
        best.allowed = allowed.join(", ");
    return best;
}

} // namespace gatehouse::management
