#pragma once

#include <QByteArrayView>

#include <cstddef>
#include <cstdint>

// What the sources that call Botan share. Botan counts bytes as uint8_t and size_t.
namespace gatehouse::secrets {

inline const uint8_t *bytesOf(QByteArrayView view)
{
    return reinterpret_cast<const uint8_t *>(view.data());
}

inline size_t sizeOf(QByteArrayView view)
{
    return static_cast<size_t>(view.size());
}

} // namespace gatehouse::secrets
