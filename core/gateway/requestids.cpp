#include "gateway/requestids.h"

#include <QRandomGenerator>

namespace gatehouse::gateway {

namespace {

// Crockford's base 32, five bits a character, the highest first.
char *appendBits(char *out, quint64 value, int characters)
{
    static constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (int i = characters - 1; i >= 0; --i) {
        out[i] = alphabet[value & 31U];
        value >>= 5U;
    }
    return out + characters;
}

} // namespace

RequestIds::RequestIds(const base::Clock &clock)
    : m_clock(clock)
    , m_random(QRandomGenerator::system()->generate64())
{}

QByteArray RequestIds::next()
{
    constexpr int timeCharacters = 10;
    constexpr int randomCharacters = 9;
    constexpr int countCharacters = 7;
    QByteArray id(timeCharacters + randomCharacters + countCharacters, Qt::Uninitialized);
    char *out = id.data();
    out = appendBits(out, static_cast<quint64>(m_clock.wallMilliseconds()), timeCharacters);
    out = appendBits(out, m_random, randomCharacters);
    appendBits(out, ++m_count, countCharacters);
    return id;
}

} // namespace gatehouse::gateway
