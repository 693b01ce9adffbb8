#include "relay/requestid.h"

#include "http/append.h"

#include <algorithm>

namespace gatehouse::relay {

namespace {

constexpr qsizetype longestClientId = 128;
constexpr char idSeparator = '.';

bool mayBeInId(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
           || c == '_' || c == '-';
}

} // namespace

QByteArray requestIdFrom(QByteArray own, QByteArrayView ofClient)
{
    if (ofClient.isEmpty() || ofClient.size() > longestClientId
        || !std::all_of(ofClient.begin(), ofClient.end(), mayBeInId))
        return own;
    http::appendAll(own, {QByteArrayView(&idSeparator, 1), ofClient});
    return own;
}

QByteArrayView idForClient(QByteArrayView requestId)
{
    const bool hasOther =
        requestId.size() > ownIdCharacters + 1 && requestId[ownIdCharacters] == idSeparator;
    return hasOther ? requestId.sliced(ownIdCharacters + 1) : requestId;
}

} // namespace gatehouse::relay
