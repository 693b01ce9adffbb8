#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

// What the fuzz targets share.
namespace gatehouse::fuzzing {

// Ends the program, which libFuzzer reports together with the input, unless the texts are equal.
inline void requireEqual(QByteArrayView left, QByteArrayView right, const char *what)
{
    if (left == right)
        return;
    std::fprintf(stderr,
                 "%s\n--- the one\n%s\n--- the other\n%s\n",
                 what,
                 left.toByteArray().constData(),
                 right.toByteArray().constData());
    std::abort();
}

// The same for one input at each run, different for most inputs.
inline quint32 seedOf(QByteArrayView input)
{
    quint32 hash = 2166136261U;
    for (const char byte : input)
        hash = (hash ^ static_cast<quint8>(byte)) * 16777619U;
    return hash;
}

inline QByteArrayView viewOf(const std::uint8_t *data, std::size_t size)
{
    return {reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)};
}

} // namespace gatehouse::fuzzing
