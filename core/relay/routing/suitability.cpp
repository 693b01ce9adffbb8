#include "relay/routing/suitability.h"

#include "relay/exchange/settlement.h"
#include "relay/routing/targets.h"

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using base::Message;

Message unsuitability(const domain::Catalog &catalog,
                      const domain::CatalogChannel &channel,
                      protocol::Operation operation,
                      const QByteArray &model,
                      qint64 begunAt)
{
    if (!channel.type->relayable)
        return Message::tr("its provider is not served by this version");
    if (!protocol::offers(typeFor(channel, operation), operation)) {
        return Message::tr("its provider does not offer \"%1\" requests")
            .arg(QString::fromLatin1(protocol::nameOf(operation)));
    }
    if (priceFor(catalog, channel, model, begunAt).refused)
        return Message::tr(
            "the model has no price, and such models are refused (accounting.unpriced)");
    return {};
}

} // namespace gatehouse::relay
