#pragma once

#include "domain/bodysecrets.h"
#include "domain/channel.h"
#include "relay/routing/channelhealth.h"

#include <QJsonObject>

#include <vector>

namespace gatehouse::management {

// A channel as One API shows one, with what this gateway has more beside. Nothing in it is a secret:
// keys are told apart by their ids, values of headers and texts of the body that may be secrets and the
// password of the proxy are masked.
QJsonObject channelJson(const domain::Channel &channel,
                        const std::vector<relay::KeyHealth> &health);

QJsonObject healthJson(const relay::KeyHealth &health);

using domain::maskedSecret;
QString maskedProxy(const QString &proxy);

} // namespace gatehouse::management
