#pragma once

#include "storage/import/foreigngateway.h"
#include "storage/import/presententries.h"

#include <optional>

namespace gatehouse::admin {

// By what an entry of another gateway is known again, though it was changed there or here: hashes of things
// that stay the same. No secret can be found out from one.
struct Fingerprints
{
    QList<QByteArray> own{}; // nothing else has one of these
    // Of its number and name, which an entry of another database may have, too. Counts if that database
    // was imported before, or if the entry has nothing of its own.
    QByteArray name{};

    QList<QByteArray> all() const { return own + QList<QByteArray>{name}; }
};

// That of a token is the hash of its key.
Fingerprints fingerprintsOf(const storage::ForeignUser &user);
Fingerprints fingerprintsOf(const storage::ForeignChannel &channel);

// Whether anything of the database was imported before.
bool isKnown(const storage::ForeignGateway &source, const storage::PresentEntries &present);

// What the entry became here, if it was imported before; it may be deleted since.
template<typename Id>
std::optional<Id>
recognised(const Fingerprints &prints, const QHash<QByteArray, Id> &imported, bool isKnownSource)
{
    for (const QByteArray &print : prints.own) {
        if (const auto found = imported.constFind(print); found != imported.cend())
            return *found;
    }
    const bool nameCounts = isKnownSource || prints.own.isEmpty();
    const auto found = nameCounts ? imported.constFind(prints.name) : imported.cend();
    return found == imported.cend() ? std::nullopt : std::optional(*found);
}

} // namespace gatehouse::admin
