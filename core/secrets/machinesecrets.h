#pragma once

#include "base/result.h"
#include "base/secret.h"

namespace gatehouse::secrets {

// The two secrets of an installation, of 256 bits each. They are kept as one item, so that one can
// never be lost without the other.
struct MachineSecrets
{
    base::Secret sessionSecret{}; // signs the sessions
    base::Secret masterKey{};     // seals channel keys and tokens in the database

    static MachineSecrets random();
    // Both are derived from one text or file of high entropy, the same for the same input.
    static MachineSecrets derivedFrom(const base::Secret &input);

    // One line of ASCII with a version and a checksum.
    base::Secret serialised() const;
    // An item that is damaged or of an unknown version is an error.
    static base::Result<MachineSecrets> parse(const base::Secret &item);

    bool operator==(const MachineSecrets &) const = default;
};

// 16 hexadecimal digits by which a master key is recognised without telling anything of it. It is
// stored beside the data, so that a wrong key is noticed before anything is opened with it.
QByteArray masterKeyFingerprint(const base::Secret &masterKey);

} // namespace gatehouse::secrets
