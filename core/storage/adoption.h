#pragma once

#include "storage/keysealer.h"
#include "storage/repositories/metarepository.h"

#include <stop_token>

namespace gatehouse::storage {

// How a copy of the database of another installation becomes one that this installation can open.
struct Adoption
{
    // With the copy's master key; null: nobody has it, and what was sealed with it is lost.
    const KeySealer *from = nullptr;
    const KeySealer &to;
    QByteArray masterKeyCheck{};               // of this installation
    std::optional<QByteArray> secretsSource{}; // of this installation
};

// Seals anew all that is sealed in `copy`, in one transaction. What is lost leaves it: the keys, headers,
// bodies, proxies and accounts of channels, which are switched off then, the authority for HTTPS, the secrets
// of integrations, and the keys of tokens, which are valid as before and cannot be shown; meta::lostSecrets
// tells of it. One text that does not open with the right key was damaged before, and stays so.
base::Result<> adopt(Database &copy, const Adoption &adoption, const std::stop_token &stop = {});

} // namespace gatehouse::storage
