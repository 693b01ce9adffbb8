#include "relay/exchange/hops.h"

#include <QRandomGenerator>

namespace gatehouse::relay {

QByteArray newHop()
{
    constexpr int hexadecimal = 16;
    return QByteArray::number(QRandomGenerator::system()->generate64(), hexadecimal);
}

bool hasPassed(const http::Headers &fields, QByteArrayView hop)
{
    return !hop.isEmpty() && fields.lists(hopField, hop);
}

} // namespace gatehouse::relay
