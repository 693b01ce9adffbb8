#pragma once

#include "domain/channel.h"

#include <QByteArray>

namespace gatehouse::domain {

// What became unreadable when a backup of another installation was restored without its secrets, and has to
// be entered again or made anew.
struct LostSecrets
{
    QList<ChannelId> channels{}; // that had keys, a proxy or the like; they are switched off
    qint64 tokens = 0;           // whose keys stay valid, and cannot be shown any more
    bool authority = false;      // for HTTPS
    bool metricsToken = false;
    bool webhookSecret = false;
    bool otlpHeaders = false;
    bool isTold = false; // the person has seen it

    bool isEmpty() const;
    bool operator==(const LostSecrets &) const = default;
};

QByteArray lostSecretsJson(const LostSecrets &lost);
// What cannot be read is nothing lost.
LostSecrets lostSecretsFrom(const QByteArray &text);

} // namespace gatehouse::domain
