#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <initializer_list>

namespace gatehouse::http {

// Appends several texts at once, which costs as much as appending one. None may lie in `out`.
inline void appendAll(QByteArray &out, std::initializer_list<QByteArrayView> parts)
{
    const qsizetype before = out.size();
    qsizetype added = 0;
    for (const QByteArrayView part : parts)
        added += part.size();
    out.resize(before + added);
    char *at = out.data() + before;
    for (const QByteArrayView part : parts)
        at = std::copy_n(part.data(), part.size(), at);
}

} // namespace gatehouse::http
