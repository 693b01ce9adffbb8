#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QMap>
#include <QString>

#include <stop_token>
#include <vector>

namespace gatehouse::storage {

enum class ForeignKind { OneApi, NewApi, CcSwitch };

// Rows of another gateway's tables as they stand there. A missing column and NULL are the default of
// the member; a number that does not fit ends at the nearest limit, and a state that is no number is 0, which
// is none. Nothing else is checked: texts may be of any length and of any form.
struct ForeignUser
{
    qint64 id = 0;
    QString username{};
    QByteArray passwordHash{};
    QString displayName{};
    QString email{};
    qint64 role = 1;
    qint64 status = 1;
    QString group{};
    base::Secret accessToken{};
    qint64 balance = 0;
    qint64 used = 0;
    qint64 requestCount = 0;
    QString invitationCode{};
    qint64 inviter = 0;
    qint64 rewards = 0; // for invitations, which the balance does not have yet
    bool deleted = false;
};

struct ForeignToken
{
    qint64 id = 0;
    qint64 userId = 0;
    base::Secret key{}; // without "sk-"
    qint64 status = 1;
    QString name{};
    qint64 createdAt = 0;
    qint64 accessedAt = 0;
    qint64 expiresAt = -1;
    qint64 balance = 0;
    bool unlimited = false;
    qint64 used = 0;
    bool limitsModels = false;
    QString models{};    // separated by commas; counts if `limitsModels`
    QString addresses{}; // separated by commas or line feeds
    QString group{};     // New API: instead of the owner's
    // The expiry, or whether models are limited: which then is 0, or is so.
    bool hasUnreadableLimit = false;
    bool deleted = false;
};

struct ForeignChannel
{
    qint64 id = 0;
    qint64 type = 0;
    base::Secret key{}; // of several lines, it may be
    qint64 status = 1;
    QString name{};
    qint64 weight = 0;
    qint64 priority = 0;
    qint64 createdAt = 0;
    qint64 testedAt = 0;
    qint64 responseMilliseconds = 0;
    double balance = 0; // in the currency of the provider
    qint64 balanceAt = 0;
    qint64 used = 0;
    QString baseUrl{};
    QString other{};
    QString models{};
    QString groups{};
    QString modelMapping{};
    QString systemPrompt{};
    QString organization{};
    QString testModel{};
    QString tag{};
    QString remark{};
    base::Secret config{};          // JSON, as the following
    base::Secret setting{};         // New API
    base::Secret bodyOverrides{};   // New API
    base::Secret headerOverrides{}; // New API
    base::Secret keyStates{};       // New API
};

// A provider of cc-switch, which hands its key to one client program. A text longer than 256 KiB is empty.
struct ForeignProvider
{
    QString app{}; // "claude", "codex", …
    QString name{};
    QString category{};
    base::Secret settings{}; // JSON, as that program keeps them
    base::Secret meta{};     // JSON
};

// All that is read of another gateway.
struct ForeignGateway
{
    ForeignKind kind = ForeignKind::OneApi;
    std::vector<ForeignUser> users{};
    std::vector<ForeignToken> tokens{};
    std::vector<ForeignChannel> channels{};
    std::vector<ForeignProvider> providers{}; // of cc-switch alone, which has nothing else
    QMap<QString, QString> options{};
    qint64 logs = 0;        // about their number
    qint64 redemptions = 0; // their number
};

// Reads the SQLite database of One API, New API or cc-switch at `path`, which may be in use (see ForeignFile); the file
// itself is only ever read. What is no such database is refused, as is what lies in `folder` itself. Takes its
// time, and ends early, with Cancelled, on a stop request: fit for a pool's thread.
base::Result<ForeignGateway>
readForeignGateway(const QString &path, const QString &folder, const std::stop_token &stop = {});

} // namespace gatehouse::storage
