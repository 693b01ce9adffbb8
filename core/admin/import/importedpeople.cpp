// The users and tokens of another gateway in the form of this one.
#include "admin/import/fingerprints.h"
#include "admin/import/importplan.h"
#include "admin/import/importtexts.h"
#include "secrets/tokenkey.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Role;
using domain::Token;
using domain::TokenStatus;
using domain::User;
using domain::UserId;
using domain::UserStatus;
using storage::ForeignGateway;
using storage::ForeignToken;
using storage::ForeignUser;
using storage::ImportedKind;
using Cause = ImportNote::Cause;

namespace {

constexpr qsizetype longestName = 50;
constexpr qsizetype longestAddress = 254;
constexpr qsizetype longestGroup = 64;
constexpr qsizetype longestCode = 32;
constexpr qsizetype longestModel = 200;
constexpr qsizetype mostModels = 1'000;
constexpr qsizetype mostRanges = 200;
constexpr qsizetype shortestKey = 16;
constexpr qsizetype longestKey = 200;
// One beyond which the database could not give out further ids.
constexpr qint64 largestId = 1'000'000'000'000;

bool isFreeId(qint64 id, qint64 last)
{
    return id > last && id <= largestId;
}

QByteArray hashOf(const QByteArray &key)
{
    return secrets::viewOf(secrets::tokenKeyHash(key)).toByteArray();
}

class UserPlanner
{
public:
    UserPlanner(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
        : m_source(source)
        , m_ground(ground)
        , m_plan(plan)
        , m_names(ground.entries.usernames)
        , m_emails(ground.entries.emails)
        , m_codes(ground.entries.invitationCodes)
        , m_accessTokens(ground.entries.accessTokenHashes)
        , m_isKnownSource(isKnown(source, ground.entries))
    {
        for (const ForeignToken &token : source.tokens) {
            const auto owner = ground.entries.owners.constFind(keyHashOf(token));
            if (owner != ground.entries.owners.cend())
                m_ownersByToken.insert(token.userId, *owner);
        }
    }

    void run()
    {
        for (const ForeignUser &user : m_source.users) {
            ++m_plan.report.count(ImportKind::User).found;
            take(user);
        }
    }

private:
    void take(const ForeignUser &source)
    {
        if (source.deleted || source.status == static_cast<qint64>(UserStatus::Deleted)) {
            skip(source, Cause::Deleted, Message::tr("It is deleted there."));
            return;
        }
        if (m_taken.contains(source.id)) {
            skip(source, Cause::Unusable, Message::tr("Another user there has the same number."));
            return;
        }
        m_taken.insert(source.id);
        const Fingerprints prints = fingerprintsOf(source);
        if (const std::optional<UserId> present = presentUser(source, prints)) {
            takePresent(source, prints, *present);
            return;
        }
        ImportPlan::User planned{.source = source.id,
                                 .inviter = source.inviter,
                                 .passwordHash = passwordOf(source),
                                 .accessTokenHash = accessTokenOf(source),
                                 .fingerprints = prints.all()};
        User &user = planned.user;
        if (isFreeId(source.id, m_ground.entries.lastUserId))
            user.id = {source.id};
        user.displayName = cleanText(source.displayName, longestName);
        user.email = emailOf(source);
        user.status = statusOf(source);
        user.group = groupOf(source);
        user.balance = {amount(source, source.balance, true)};
        if (source.rewards > 0) {
            alter(source,
                  Message::tr("Rewards for invitations that it had not moved to its balance yet "
                              "were left behind: %1 units.")
                      .arg(source.rewards));
        }
        user.used = {amount(source, source.used)};
        user.requestCount = amountFrom(source.requestCount);
        user.createdAt = m_ground.now;
        user.invitationCode = codeOf(source);
        setNameAndRole(source, user);
        m_plan.users.push_back(std::move(planned));
        ++m_plan.report.count(ImportKind::User).imported;
    }

    void takePresent(const ForeignUser &source, const Fingerprints &prints, UserId present)
    {
        const storage::PresentEntries &entries = m_ground.entries;
        for (const QByteArray &print : prints.all()) {
            if (!entries.importedUsers.contains(print))
                m_plan.fingerprints.push_back(
                    {.kind = ImportedKind::User, .fingerprint = print, .id = present.value});
        }
        if (!entries.names.contains(present)) {
            m_plan.deletedUsers.insert(source.id);
            skip(source, Cause::Deleted, Message::tr("It was deleted here."));
            return;
        }
        m_plan.presentUsers.insert(source.id, present);
        skip(source,
             Cause::Present,
             Message::tr("It is here already, as %1.").arg(entries.names.value(present)));
    }

    // One who was imported before may be deleted since. The key of a token is nobody else's; of a salted
    // hash somebody may have made a copy.
    std::optional<UserId> presentUser(const ForeignUser &source, const Fingerprints &prints) const
    {
        if (const auto known = recognised(prints, m_ground.entries.importedUsers, m_isKnownSource))
            return known;
        const QString name = cleanText(source.username, longestName);
        for (const UserId &id : m_ground.entries.passwords.values(source.passwordHash)) {
            const QString known = m_ground.entries.names.value(id);
            if (known == name || known.startsWith(name + u'-'))
                return id;
        }
        const auto owner = m_ownersByToken.constFind(source.id);
        return owner == m_ownersByToken.cend() ? std::nullopt : std::optional(*owner);
    }

    void setNameAndRole(const ForeignUser &source, User &user)
    {
        QString wanted = cleanText(source.username, longestName);
        if (wanted.isEmpty())
            wanted = u"user-%1"_s.arg(source.id);
        user.username = freeName(wanted);
        m_names.insert(user.username);
        if (wanted != source.username) {
            alter(
                source,
                Message::tr("Its name cannot be used here; it signs in as %1.").arg(user.username));
        } else if (user.username != wanted) {
            alter(source,
                  Message::tr("Its name is taken here; it signs in as %1.").arg(user.username));
        }
        user.role = roleOf(source, user.username == wanted);
    }

    Role roleOf(const ForeignUser &source, bool hasOwnName)
    {
        switch (source.role) {
        case static_cast<qint64>(Role::User):
            return Role::User;
        case static_cast<qint64>(Role::Administrator):
            return Role::Administrator;
        case static_cast<qint64>(Role::Root):
            if (hasOwnName) {
                alter(source, Message::tr("It is root there and an administrator here."));
                return Role::Administrator;
            }
            alter(source, Message::tr("It is root there and an ordinary user here."));
            return Role::User;
        default:
            alter(source,
                  Message::tr("Its role %1 is not known here; it is an ordinary user.")
                      .arg(source.role));
            return Role::User;
        }
    }

    QString freeName(const QString &wanted)
    {
        if (!m_names.contains(wanted))
            return wanted;
        int &number = m_numbers[wanted];
        QString name;
        do {
            const QString ending = u'-' + QString::number(++number + 1);
            name = cleanText(wanted, longestName - ending.size()) + ending;
        } while (m_names.contains(name));
        return name;
    }

    // An address that two users share is nobody's at sign-in.
    QString emailOf(const ForeignUser &source)
    {
        if (source.email.size() > longestAddress)
            return {};
        const QString email = cleanText(source.email, longestAddress);
        if (!email.isEmpty() && m_emails.contains(email)) {
            alter(
                source,
                Message::tr("Its e-mail address is that of another user, and only one can sign in "
                            "by it; it was left without one."));
            return {};
        }
        m_emails.insert(email);
        return email;
    }

    QByteArray passwordOf(const ForeignUser &source)
    {
        if (isBcrypt(source.passwordHash))
            return source.passwordHash;
        alter(source,
              Message::tr("It has no password that can be taken over. Give it one, so that it can "
                          "sign in."));
        return {};
    }

    QByteArray accessTokenOf(const ForeignUser &source)
    {
        const QByteArray token = source.accessToken.reveal().trimmed();
        if (token.isEmpty())
            return {};
        const QByteArray hash = hashOf(token);
        if (token.size() < shortestKey || m_accessTokens.contains(hash)) {
            alter(source, Message::tr("Its access token for the management was left behind."));
            return {};
        }
        m_accessTokens.insert(hash);
        return hash;
    }

    UserStatus statusOf(const ForeignUser &source)
    {
        if (source.status == static_cast<qint64>(UserStatus::Enabled))
            return UserStatus::Enabled;
        if (source.status != static_cast<qint64>(UserStatus::Disabled))
            alter(source, Message::tr("Its state is not known here; it is disabled."));
        return UserStatus::Disabled;
    }

    QByteArray groupOf(const ForeignUser &source)
    {
        const QString group = source.group.trimmed();
        if (group.isEmpty())
            return "default";
        if (cleanText(group, longestGroup) == group && !group.contains(u','))
            return group.toUtf8();
        alter(source,
              Message::tr("Its group has a name that cannot be used here; it is in the group "
                          "default."));
        return "default";
    }

    QString codeOf(const ForeignUser &source)
    {
        const QString code = cleanText(source.invitationCode, longestCode);
        if (code.isEmpty() || code != source.invitationCode || m_codes.contains(code))
            return {};
        m_codes.insert(code);
        return code;
    }

    qint64 amount(const ForeignUser &source, qint64 units, bool mayBeNegative = false)
    {
        const qint64 taken = amountFrom(units, mayBeNegative);
        if (taken != units)
            alter(source, Message::tr("An amount of it was beyond what can be stored."));
        return taken;
    }

    void skip(const ForeignUser &user, Cause cause, Message text)
    {
        m_plan.report.skip(ImportKind::User, shown(user), cause, std::move(text));
    }
    void alter(const ForeignUser &user, Message text)
    {
        m_plan.report.alter(ImportKind::User, shown(user), std::move(text));
    }
    static QString shown(const ForeignUser &user)
    {
        return user.username.trimmed().isEmpty() ? u"#%1"_s.arg(user.id) : user.username;
    }

    const ForeignGateway &m_source;
    const ImportGround &m_ground;
    ImportPlan &m_plan;
    QSet<QString> m_names;
    QSet<QString> m_emails;
    QSet<QString> m_codes;
    QSet<QByteArray> m_accessTokens;
    const bool m_isKnownSource;
    QSet<qint64> m_taken{};
    QHash<qint64, UserId> m_ownersByToken{}; // the owners here of tokens of users there
    QHash<QString, int> m_numbers{};
};

class TokenPlanner
{
public:
    TokenPlanner(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
        : m_source(source)
        , m_ground(ground)
        , m_plan(plan)
    {
        for (const ImportPlan::User &user : plan.users)
            m_groups.insert(user.source, QString::fromUtf8(user.user.group));
        for (const ForeignToken &token : source.tokens)
            ++m_numbers[token.id];
    }

    void run()
    {
        for (const ForeignToken &token : m_source.tokens) {
            ++m_plan.report.count(ImportKind::Token).found;
            take(token);
        }
    }

private:
    void take(const ForeignToken &source)
    {
        if (source.deleted)
            return skip(source, Cause::Deleted, Message::tr("It is deleted there."));
        if (m_plan.deletedUsers.contains(source.userId))
            return skip(source, Cause::Deleted, Message::tr("Its owner was deleted here."));
        if (!m_groups.contains(source.userId) && !m_plan.presentUsers.contains(source.userId))
            return skip(source, Cause::Deleted, Message::tr("Its owner is deleted there."));
        const QByteArray key = keyOf(source);
        const QByteArray hash = keyHashOf(source);
        if (m_ground.entries.owners.contains(hash) || m_keys.contains(hash))
            return skip(source, Cause::Present, Message::tr("Its key is here already."));
        if (wasRotated(hash))
            return skip(source, Cause::Present, Message::tr("It is here already, with a new key."));
        if (wasDeleted(hash))
            return skip(source, Cause::Deleted, Message::tr("It was deleted here."));
        if (!isUsable(key)) {
            return skip(
                source,
                Cause::Unusable,
                Message::tr("Its key cannot be used here: it must have %1 to %2 characters, "
                            "no blank, and no number behind a hyphen at its end. Make a new "
                            "token.")
                    .arg(shortestKey, longestKey));
        }
        m_keys.insert(hash);

        ImportPlan::Token planned{.owner = source.userId};
        Token &token = planned.token;
        if (isFreeId(source.id, m_ground.entries.lastTokenId) && m_numbers.value(source.id) == 1)
            token.id = {source.id};
        token.key = base::Secret(key);
        token.keyHash = hash;
        token.name = cleanText(source.name, Token::longestName);
        if (token.name != source.name.trimmed())
            alter(source, Message::tr("Its name was shortened."));
        token.status = statusOf(source);
        token.createdAt = timeFrom(source.createdAt);
        token.accessedAt = timeFrom(source.accessedAt);
        token.expiresAt = expiryOf(source);
        token.unlimited = source.unlimited;
        token.balance = {amountFrom(source.balance, !source.unlimited)};
        token.used = {amountFrom(source.used)};
        setModels(source, token);
        setAddresses(source, token);
        if (source.hasUnreadableLimit) {
            token.status = TokenStatus::Disabled;
            alter(
                source,
                Message::tr("Its expiry, or whether it may use some models alone, cannot be read; "
                            "it is disabled. Look at both before it is enabled."));
        }
        noteGroup(source);
        m_plan.tokens.push_back(std::move(planned));
        ++m_plan.report.count(ImportKind::Token).imported;
    }

    // The key that it had there is valid here no more.
    bool wasRotated(const QByteArray &hash) const
    {
        const auto imported = m_ground.entries.importedTokens.constFind(hash);
        return imported != m_ground.entries.importedTokens.cend()
               && m_ground.entries.tokens.contains(*imported);
    }
    bool wasDeleted(const QByteArray &hash) const
    {
        return m_ground.entries.importedTokens.contains(hash)
               || m_ground.entries.deletedKeys.contains(hash);
    }

    // As clients send it: nothing of it may be taken for the number of a channel.
    static bool isUsable(const QByteArray &key)
    {
        const bool isPlain =
            std::all_of(key.cbegin(), key.cend(), [](char c) { return c > 0x20 && c < 0x7f; });
        const QByteArray sent = "sk-" + key;
        return isPlain && key.size() >= shortestKey && key.size() <= longestKey
               && secrets::parseClientKey(sent).key == key;
    }

    TokenStatus statusOf(const ForeignToken &source)
    {
        constexpr auto first = static_cast<qint64>(TokenStatus::Enabled);
        constexpr auto last = static_cast<qint64>(TokenStatus::Exhausted);
        if (source.status >= first && source.status <= last)
            return static_cast<TokenStatus>(source.status);
        alter(source, Message::tr("Its state is not known here; it is disabled."));
        return TokenStatus::Disabled;
    }

    // Anything but -1 that has passed is an expiry there. Some write milliseconds.
    qint64 expiryOf(const ForeignToken &source)
    {
        if (source.expiresAt == -1)
            return -1;
        if (source.expiresAt <= latestTime)
            return timeFrom(source.expiresAt);
        alter(source,
              Message::tr("It expires later there than can be stored; here at the end of the year "
                          "9999."));
        return latestTime;
    }

    // A list that is lost would be one that allows everything.
    void setModels(const ForeignToken &source, Token &token)
    {
        if (!source.limitsModels)
            return;
        const QStringList wanted = listFrom(source.models);
        for (const QString &model : wanted) {
            if (cleanText(model, longestModel) == model && token.models.size() < mostModels)
                token.models.append(model);
        }
        if (token.models.isEmpty()) {
            token.status = TokenStatus::Disabled;
            alter(source,
                  Message::tr("It may use no model that has a usable name; it is disabled."));
        } else if (token.models.size() != wanted.size()) {
            alter(source, Message::tr("Models with unusable names were taken out of its list."));
        }
    }

    // One API refuses everyone where the list has nothing but separators; New API takes blanks for no list.
    bool limitsAddresses(const ForeignToken &source) const
    {
        const bool isOneApi = m_source.kind == storage::ForeignKind::OneApi;
        return !(isOneApi ? source.addresses : source.addresses.trimmed()).isEmpty();
    }

    void setAddresses(const ForeignToken &source, Token &token)
    {
        bool isWhole = true;
        for (const QString &part : listFrom(source.addresses)) {
            const auto ranges = domain::addressRangesFrom(part);
            isWhole = isWhole && ranges && token.addressRanges.size() < mostRanges;
            if (isWhole)
                token.addressRanges += *ranges;
        }
        if (isWhole && (!token.addressRanges.empty() || !limitsAddresses(source)))
            return;
        token.status = TokenStatus::Disabled;
        alter(source,
              Message::tr("The addresses that it may be used from cannot be read; it is disabled. "
                          "Look at them before it is enabled."));
    }

    void noteGroup(const ForeignToken &source)
    {
        const QString group = source.group.trimmed();
        if (group.isEmpty() || group == m_groups.value(source.userId, group))
            return;
        alter(source,
              Message::tr("It has the group %1 of its own there; here that of its owner counts.")
                  .arg(shownName(group)));
    }

    void skip(const ForeignToken &token, Cause cause, Message text)
    {
        m_plan.report.skip(ImportKind::Token, shown(token), cause, std::move(text));
    }
    void alter(const ForeignToken &token, Message text)
    {
        m_plan.report.alter(ImportKind::Token, shown(token), std::move(text));
    }
    static QString shown(const ForeignToken &token)
    {
        return token.name.trimmed().isEmpty() ? u"#%1"_s.arg(token.id) : token.name;
    }

    const ForeignGateway &m_source;
    const ImportGround &m_ground;
    ImportPlan &m_plan;
    QHash<qint64, QString> m_groups{}; // of the users that are imported
    QHash<qint64, int> m_numbers{};    // how often an id stands there
    QSet<QByteArray> m_keys{};
};

} // namespace

void planUsers(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
{
    UserPlanner(source, ground, plan).run();
}

void planTokens(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
{
    TokenPlanner(source, ground, plan).run();
}

} // namespace gatehouse::admin
