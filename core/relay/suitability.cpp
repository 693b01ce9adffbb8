#include "relay/suitability.h"

#include "relay/settlement.h"
#include "relay/targets.h"

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

QString unsuitability(const domain::Catalog &catalog,
                      const domain::CatalogChannel &channel,
                      protocol::Operation operation,
                      const QByteArray &model)
{
    if (!channel.type->relayable)
        return u"its provider is not served by this version"_s;
    if (!protocol::offers(typeFor(channel, operation), operation)) {
        return u"its provider does not offer \"%1\" requests"_s.arg(
            QString::fromLatin1(protocol::nameOf(operation)));
    }
    if (priceFor(catalog, channel, model).refused)
        return u"the model has no price, and such models are refused (accounting.unpriced)"_s;
    return {};
}

} // namespace gatehouse::relay
