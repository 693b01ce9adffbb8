#include "gateway/dispatcher.h"

#ifdef Q_OS_LINUX
#include "gateway/epolldispatcher.h"
#endif

namespace gatehouse::gateway {

std::unique_ptr<QAbstractEventDispatcher> makeGatewayDispatcher(QStringView choice)
{
#ifdef Q_OS_LINUX
    if (choice == u"qt")
        return nullptr;
    auto dispatcher = std::make_unique<EpollDispatcher>();
    if (dispatcher->isUsable())
        return dispatcher;
#else
    Q_UNUSED(choice)
#endif
    return nullptr;
}

} // namespace gatehouse::gateway
