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
    // Of its number and name, which an entry of another database may have, too. Counts if the entry has
    // nothing of its own; that of a user also if the database was imported before.
    QByteArray name{};

    QList<QByteArray> all() const { return own + QList<QByteArray>{name}; }
};

// That of a token is the hash of its key.
Fingerprints fingerprintsOf(const storage::ForeignUser &user);
Fingerprints fingerprintsOf(const storage::ForeignChannel &channel);

// Whether users or tokens of the database were imported before. The key of a channel does not tell: people
// give the same one to several gateways.
bool isKnown(const storage::ForeignGateway &source, const storage::PresentEntries &present);

// What the entry became here, if it was imported before; it may be deleted since. `nameCounts`: though it
// has something of its own.
template<typename Id>
std::optional<Id>
recognised(const Fingerprints &prints, const QHash<QByteArray, Id> &imported, bool nameCounts)
{
    for (const QByteArray &print : prints.own) {
        if (const auto found = imported.constFind(print); found != imported.cend())
            return *found;
    }
    const bool usesName = nameCounts || prints.own.isEmpty();
    const auto found = usesName ? imported.constFind(prints.name) : imported.cend();
    return found == imported.cend() ? std::nullopt : std::optional(*found);
}

} // namespace gatehouse::admin
