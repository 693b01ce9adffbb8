#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QByteArray>

namespace gatehouse::storage {

// Seals what the database may hold but not reveal. `context` says what is sealed (a kind and an id),
// so that a sealed text that was moved to another row does not open there. Called in the storage
// threads, in several at once.
class KeySealer
{
public:
    KeySealer() = default;
    KeySealer(const KeySealer &) = delete;
    KeySealer &operator=(const KeySealer &) = delete;
    virtual ~KeySealer() = default;

    virtual QByteArray seal(const base::Secret &secret, QByteArrayView context) const = 0;
    virtual base::Result<base::Secret> open(QByteArrayView sealed,
                                            QByteArrayView context) const = 0;
};

// What a repository does with the sealed keys that it meets.
enum class Keys {
    Leave,         // their secrets stay empty
    Open,          // one that does not open is an error
    OpenIfPossible // one that does not open is left out, with a line in the log
};

} // namespace gatehouse::storage
