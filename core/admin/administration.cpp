#include "admin/administration.h"

#include "base/logging.h"
#include "storage/channelrepository.h"

namespace gatehouse::admin {

Administration::Administration(AdministrationParts parts)
    : m_passwords(parts.passwordCost)
    , publisher(parts.storage,
                parts.sealer,
                parts.admission,
                std::move(parts.environment),
                std::move(parts.builtInPrice))
    , foundation{.storage = parts.storage,
                 .sealer = parts.sealer,
                 .clock = parts.clock,
                 .admission = parts.admission,
                 .health = parts.health,
                 .publisher = publisher,
                 .passwords = m_passwords}
    , users(foundation)
    , tokens(foundation)
    , channels(foundation, std::move(parts.isOwnAddress))
    , groups(foundation)
    , prices(foundation)
    , settings(foundation)
    , usage(foundation)
    , sessions(foundation, parts.sessionSecret)
{}

Answer<FirstStartReport> Administration::start(FirstStartOptions options)
{
    const auto first = runFirstStart(foundation, std::move(options), &publisher);
    return onSuccess(first, &publisher, [this](const FirstStartReport &report) {
        return onSuccess(prepareChannels(), &publisher, [report] {
            return base::Result<FirstStartReport>(report);
        });
    });
}

// What an older program stored in plain text is sealed before anything is served.
Answer<> Administration::prepareChannels()
{
    const auto seal = [sealer = &foundation.sealer](storage::Database &database) {
        return storage::ChannelRepository(database, *sealer).sealRemaining();
    };
    return onSuccess(foundation.storage.write(seal), &publisher, [this](int sealed) {
        if (sealed > 0)
            qCInfo(base::lcAdmin) << "Secrets of" << sealed << "channels were sealed.";
        return publisher.publish();
    });
}

} // namespace gatehouse::admin
