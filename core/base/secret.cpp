#include "base/secret.h"

#include <QDebug>

namespace gatehouse::base {

bool Secret::operator==(const Secret &other) const
{
    return equalInConstantTime(m_bytes, other.m_bytes);
}

bool equalInConstantTime(QByteArrayView left, QByteArrayView right)
{
    if (left.size() != right.size())
        return false;
    volatile unsigned char difference = 0;
    for (qsizetype i = 0; i < left.size(); ++i) {
        const auto pair = static_cast<unsigned char>(left[i] ^ right[i]);
        difference = static_cast<unsigned char>(difference | pair);
    }
    return difference == 0;
}

QDebug operator<<(QDebug debug, const Secret &secret)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << (secret.isEmpty() ? "Secret(empty)" : "Secret(***)");
    return debug;
}

} // namespace gatehouse::base
