#pragma once

#include "admin/import/importplan.h"
#include "secrets/tokenkey.h"

namespace gatehouse::support {

// What another gateway may have, with all that is needed to be imported as it is.
inline QByteArray bcrypt(char salt)
{
    return "$2a$10$" + QByteArray(53, salt);
}

inline storage::ForeignUser user(qint64 id, const QString &name)
{
    return {.id = id, .username = name, .passwordHash = bcrypt(char('a' + id % 26))};
}

inline QByteArray key(qint64 id)
{
    return "key-of-the-token-" + QByteArray::number(id) + "-for-a-test";
}

inline storage::ForeignToken token(qint64 id, qint64 owner)
{
    return {.id = id,
            .userId = owner,
            .key = base::Secret(key(id)),
            .name = QStringLiteral("token-%1").arg(id),
            .unlimited = true};
}

inline storage::ForeignChannel channel(qint64 id, qint64 type = 1)
{
    return {.id = id,
            .type = type,
            .key = base::Secret(QStringLiteral("sk-%1").arg(id)),
            .name = QStringLiteral("channel-%1").arg(id),
            .models = QStringLiteral("m")};
}

inline QByteArray hashOf(const QByteArray &plain)
{
    return secrets::viewOf(secrets::tokenKeyHash(plain)).toByteArray();
}

// A new installation, with its root.
inline admin::ImportGround ground()
{
    admin::ImportGround ground;
    ground.entries.lastUserId = 1;
    ground.entries.usernames = {QStringLiteral("root")};
    ground.entries.names = {{domain::UserId{1}, QStringLiteral("root")}};
    ground.entries.usedGroups = {"default"};
    ground.groups = {{.name = "default"}, {.name = "vip"}, {.name = "svip"}};
    ground.now = 1'800'000'000;
    return ground;
}

inline bool
notes(const std::vector<admin::ImportNote> &all, admin::ImportKind kind, const QString &words)
{
    return std::any_of(all.begin(), all.end(), [&](const admin::ImportNote &note) {
        return note.kind == kind && note.text.english().contains(words);
    });
}

inline QString shown(const std::vector<admin::ImportNote> &all)
{
    QStringList lines;
    for (const admin::ImportNote &note : all)
        lines.append(note.name + QStringLiteral(": ") + note.text.english());
    return lines.join(u'\n');
}

} // namespace gatehouse::support
