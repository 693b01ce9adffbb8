#include "admin/import/fingerprints.h"

#include "admin/import/importtexts.h"

#include <QCryptographicHash>

namespace gatehouse::admin {

using storage::ForeignChannel;
using storage::ForeignGateway;
using storage::ForeignToken;
using storage::ForeignUser;
using storage::PresentEntries;

namespace {

// Each part with its length, so that none can pass for a piece of its neighbour.
QByteArray printOf(QByteArrayView what, std::initializer_list<QByteArray> parts)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(what);
    for (const QByteArray &part : parts) {
        hash.addData(QByteArray("/" + QByteArray::number(part.size()) + ":"));
        hash.addData(part);
    }
    return hash.result();
}

bool isImported(const ForeignUser &user, const PresentEntries &present)
{
    const QList<QByteArray> own = fingerprintsOf(user).own;
    return std::any_of(own.begin(), own.end(), [&](const QByteArray &print) {
        return present.importedUsers.contains(print);
    });
}

} // namespace

// The code for invitations is short, and not chosen by the user; one of the same number elsewhere has
// hardly the same.
Fingerprints fingerprintsOf(const ForeignUser &user)
{
    const QByteArray number = QByteArray::number(user.id);
    Fingerprints prints{.name = printOf("user/name", {number, user.username.toUtf8()})};
    if (const QByteArray token = user.accessToken.reveal().trimmed(); !token.isEmpty())
        prints.own.append(printOf("user/access-token", {token}));
    if (isBcrypt(user.passwordHash))
        prints.own.append(printOf("user/password", {number, user.passwordHash}));
    if (!user.invitationCode.isEmpty())
        prints.own.append(printOf("user/invitation", {number, user.invitationCode.toUtf8()}));
    return prints;
}

Fingerprints fingerprintsOf(const ForeignChannel &channel)
{
    const QByteArray number = QByteArray::number(channel.id);
    const QByteArray type = QByteArray::number(channel.type);
    Fingerprints prints{.name = printOf("channel/name", {number, type, channel.name.toUtf8()})};
    if (channel.createdAt > 0) {
        prints.own.append(
            printOf("channel/made", {number, type, QByteArray::number(channel.createdAt)}));
    }
    if (const QByteArray key = channel.key.reveal().trimmed(); !key.isEmpty())
        prints.own.append(printOf("channel/key", {number, type, channel.baseUrl.toUtf8(), key}));
    return prints;
}

bool isKnown(const ForeignGateway &source, const PresentEntries &present)
{
    const auto &users = source.users;
    const auto &tokens = source.tokens;
    return std::any_of(users.begin(),
                       users.end(),
                       [&](const ForeignUser &user) { return isImported(user, present); })
           || std::any_of(tokens.begin(), tokens.end(), [&](const ForeignToken &token) {
                  return present.importedTokens.contains(keyHashOf(token));
              });
}

} // namespace gatehouse::admin
