#include "secrets/random.h"

#include <botan/system_rng.h>

#include <exception>

namespace gatehouse::secrets {

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    try {
        Botan::system_rng().randomize(reinterpret_cast<uint8_t *>(bytes.data()),
                                      static_cast<size_t>(count));
    } catch (const std::exception &exception) {
        qFatal("The system's random generator failed: %s", exception.what());
    }
    return bytes;
}

} // namespace gatehouse::secrets
