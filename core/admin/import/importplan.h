#pragma once

#include "admin/channels/channeladdress.h"
#include "admin/import/importreport.h"
#include "domain/channel.h"
#include "domain/group.h"
#include "domain/token.h"
#include "storage/import/foreigngateway.h"
#include "storage/import/importedentries.h"
#include "storage/import/presententries.h"

#include <QHash>
#include <QMap>

namespace gatehouse::admin {

// What is here already, and what an import is judged by.
struct ImportGround
{
    storage::PresentEntries entries{};
    std::vector<domain::Group> groups{};
    std::vector<domain::Channel> channels{}; // with their keys
    QMap<QString, QString> settings{};       // those that were ever changed
    OwnAddress isOwnAddress{};
    qint64 now = 0; // seconds since 1970, UTC
};

// What is to be stored. Ids are those of the source where they are free here, else null.
struct ImportPlan
{
    struct User
    {
        qint64 source = 0;  // its number there
        qint64 inviter = 0; // likewise
        domain::User user{};
        QByteArray passwordHash{};
        QByteArray accessTokenHash{}; // empty: none
        QList<QByteArray> fingerprints{};
    };
    struct Token
    {
        qint64 owner = 0; // its number there
        domain::Token token{};
    };
    struct Channel
    {
        domain::Channel channel{};
        QList<QByteArray> fingerprints{};
    };

    std::vector<User> users{};
    QHash<qint64, domain::UserId> presentUsers{}; // those of the source that are here already
    QSet<qint64> deletedUsers{};                  // those of it that were deleted here
    std::vector<Token> tokens{};
    std::vector<Channel> channels{};
    std::vector<domain::Group> groups{};
    QMap<QString, QString> settings{};
    // Of what is here already, by what it will be known the next time.
    std::vector<storage::ImportedEntry> fingerprints{};
    ImportReport report{};

    // Something of the source is to be stored.
    bool imports() const;
};

// Brings what another gateway has into the form of this one. Nothing that is here is changed:
//
//  - An id is kept if it was never given out here, else the entry gets another one.
//  - What was imported before is known by its fingerprints, whatever has become of it: it is not made again,
//    least of all if it was deleted here.
//  - A user who is here already, which a fingerprint, the password or the key of a token tells, is not made
//    again; new tokens go to that user. Otherwise a name that is taken gets a number behind it.
//  - Root there becomes an administrator here; where the name of root is taken, an ordinary user.
//  - A token whose key is here already is left out, and so is a channel all of whose keys are here already,
//    with the same type and address.
//  - A group that is here keeps its factor, unless it is the list price and nobody but root is in the group.
//  - A setting that was ever changed here stays, and so does the one by which people sign in.
//  - What is deleted there is left out. What would be open to more than it was there, because a limit
//    cannot be read, is disabled.
ImportPlan planImport(const storage::ForeignGateway &source, const ImportGround &ground);

// The steps of it, each of which adds to the plan.
void planUsers(const storage::ForeignGateway &source, const ImportGround &ground, ImportPlan &plan);
void planTokens(const storage::ForeignGateway &source,
                const ImportGround &ground,
                ImportPlan &plan);
void planChannels(const storage::ForeignGateway &source,
                  const ImportGround &ground,
                  ImportPlan &plan);
void planGroups(const storage::ForeignGateway &source,
                const ImportGround &ground,
                ImportPlan &plan);
void planSettings(const storage::ForeignGateway &source,
                  const ImportGround &ground,
                  ImportPlan &plan);

// The type here for one of the source's numbers, and its address where the type has none of its own.
// Nothing: there is no counterpart.
struct ImportedType
{
    int number = 0;
    QString baseUrl{};
};
std::optional<ImportedType> importedType(storage::ForeignKind kind, qint64 number);

} // namespace gatehouse::admin
