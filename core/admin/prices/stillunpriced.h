#pragma once

#include "domain/catalog.h"

#include <QSet>

namespace gatehouse::admin {

// Those of `models`, which were used without a price, that would be served without one now too: some
// channel offers them so, or nothing tells their price. A model is the name that was asked for or the
// provider's. `now` is in milliseconds since 1970. Goes through all models of all channels: not for the main thread.
QSet<QByteArray>
stillUnpriced(const domain::Catalog &catalog, const QSet<QByteArray> &models, qint64 now);

} // namespace gatehouse::admin
