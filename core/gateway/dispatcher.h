#pragma once

#include <QAbstractEventDispatcher>

#include <memory>

namespace gatehouse::gateway {

// The event dispatcher for a gateway thread, to be given to QThread::setEventDispatcher() before the
// thread starts. Null: the thread is to use Qt's own, because `choice` is "qt", because the system
// has no better one, or because it refuses the resources.
std::unique_ptr<QAbstractEventDispatcher> makeGatewayDispatcher(QStringView choice);

} // namespace gatehouse::gateway
