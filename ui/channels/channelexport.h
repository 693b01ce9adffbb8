#pragma once

#include "domain/channel.h"

#include <QJsonDocument>

namespace gatehouse::ui {

// Channels as a file that people read and keep: all that a person set, without keys and without
// whatever headers, bodies and proxies hold of secrets.
QJsonDocument exportedChannels(const QList<domain::Channel> &channels);

} // namespace gatehouse::ui
