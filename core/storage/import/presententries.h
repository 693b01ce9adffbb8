#pragma once

#include "domain/channel.h"
#include "domain/token.h"
#include "storage/database.h"

#include <QHash>
#include <QSet>

namespace gatehouse::storage {

// What is there already, as far as an import must not run into it.
struct PresentEntries
{
    // No higher id was ever given out. A lower one may still stand in the ledger.
    qint64 lastUserId = 0;
    qint64 lastTokenId = 0;
    qint64 lastChannelId = 0;
    QSet<QString> usernames{}; // of deleted users, too
    QSet<QString> emails{};    // of users that are not deleted
    // Of tokens that are not deleted: their owners, by the hashes of their keys and by their ids.
    QHash<QByteArray, domain::UserId> owners{};
    QHash<domain::TokenId, domain::UserId> tokens{};
    QSet<QByteArray> deletedKeys{}; // hashes of the keys of tokens that can still be restored
    // The users that are not deleted: by the hashes of their passwords, and their names.
    QMultiHash<QByteArray, domain::UserId> passwords{};
    QHash<domain::UserId, QString> names{};
    QSet<QByteArray> accessTokenHashes{};
    QSet<QString> invitationCodes{};
    QSet<QByteArray> usedGroups{}; // those that users are in who are neither deleted nor root
    // What was imported before, by its fingerprints: tokens by the hashes of their keys. It may be
    // deleted since.
    QHash<QByteArray, domain::UserId> importedUsers{};
    QHash<QByteArray, domain::TokenId> importedTokens{};
    QHash<QByteArray, domain::ChannelId> importedChannels{};
};

base::Result<PresentEntries> presentEntries(Database &database);
// Whether a user, token or channel was added since these were read.
base::Result<bool> hasNewEntries(Database &database, const PresentEntries &since);

} // namespace gatehouse::storage
