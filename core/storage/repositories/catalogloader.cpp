#include "storage/repositories/catalogloader.h"

#include "base/logging.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/grouprepository.h"
#include "storage/repositories/pricerepository.h"
#include "storage/repositories/routingrepository.h"
#include "storage/repositories/settingsrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using base::Result;

Result<domain::CatalogContent> CatalogLoader::load(Database &database) const
{
    Result<Transaction> transaction = Transaction::begin(database, Transaction::Purpose::Read);
    if (!transaction)
        return base::fail(transaction.error());

    auto channels = ChannelRepository(database, m_sealer).all(Keys::OpenIfPossible);
    if (!channels)
        return base::fail(channels.error());
    auto users = UserRepository(database).all();
    if (!users)
        return base::fail(users.error());
    auto tokens = TokenRepository(database, m_sealer).all(Keys::Leave);
    if (!tokens)
        return base::fail(tokens.error());
    auto groups = GroupRepository(database).all();
    if (!groups)
        return base::fail(groups.error());
    auto prices = PriceRepository(database).all();
    if (!prices)
        return base::fail(prices.error());
    auto routings = RoutingRepository(database).all();
    if (!routings)
        return base::fail(routings.error());
    const auto settings = SettingsRepository(database).all();
    if (!settings)
        return base::fail(settings.error());
    if (Result<> ended = transaction->commit(); !ended)
        return base::fail(ended.error());

    QStringList ignored;
    domain::CatalogContent content{.channels = std::move(*channels),
                                   .users = std::move(*users),
                                   .tokens = std::move(*tokens),
                                   .groups = std::move(*groups),
                                   .prices = std::move(*prices),
                                   .routings = std::move(*routings),
                                   .settings =
                                       domain::settingsFrom(*settings, m_environment, &ignored)};
    for (const QString &key : std::as_const(ignored))
        qCWarning(base::lcStorage).noquote() << "A setting is not understood:" << key;
    return content;
}

} // namespace gatehouse::storage
