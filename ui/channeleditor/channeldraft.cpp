#include "channeleditor/channeldraft.h"

namespace gatehouse::ui {

namespace {

const domain::ChannelKey *keyOf(const domain::Channel &channel, qint64 id)
{
    const auto found = std::find_if(
        channel.keys.cbegin(), channel.keys.cend(), [id](const auto &key) { return key.id == id; });
    return found == channel.keys.cend() ? nullptr : &*found;
}

// Does to the keys that are stored by now what the person decided about those that were shown.
void decideKeys(QList<domain::ChannelKey> &stored,
                const domain::Channel &shown,
                const domain::Channel &wanted)
{
    stored.removeIf([&](const domain::ChannelKey &key) {
        return keyOf(shown, key.id) && !keyOf(wanted, key.id);
    });
    for (domain::ChannelKey &key : stored) {
        const domain::ChannelKey *before = keyOf(shown, key.id);
        const domain::ChannelKey *after = keyOf(wanted, key.id);
        if (!before || !after)
            continue;
        if (before->enabled != after->enabled || !after->secret.isEmpty()) {
            key.enabled = after->enabled;
            key.disabledReason = after->disabledReason;
        }
        key.secret = after->secret;
    }
    for (const domain::ChannelKey &key : wanted.keys) {
        if (key.id == 0)
            stored.append(key);
    }
}

} // namespace

void applyDraft(domain::Channel &stored,
                const domain::Channel &shown,
                const domain::Channel &wanted)
{
    const domain::Channel former = stored;
    stored = wanted;
    stored.id = former.id;
    stored.status = wanted.status == shown.status ? former.status : wanted.status;
    stored.statusReason = former.statusReason;
    stored.keys = former.keys;
    decideKeys(stored.keys, shown, wanted);
    stored.config = former.config;
    stored.createdAt = former.createdAt;
    stored.used = former.used;
    stored.testedAt = former.testedAt;
    stored.responseMilliseconds = former.responseMilliseconds;
    stored.balance = former.balance;
    stored.balanceAt = former.balanceAt;
}

} // namespace gatehouse::ui
