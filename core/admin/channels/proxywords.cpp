#include "admin/channels/proxywords.h"

namespace gatehouse::admin {

using base::Message;

namespace {

Message routeWords(const domain::OutgoingProxies &proxies)
{
    const auto &forTls = proxies.forTls();
    const auto &forPlain = proxies.forPlain();
    if (forTls && forPlain && forTls->address == forPlain->address) {
        return Message::tr("Through %1, which %2 names.")
            .arg(forTls->address.shown(), forTls->variable);
    }
    if (forTls && forPlain) {
        return Message::tr(
                   "https:// through %1, which %2 names; http:// through %3, which %4 names.")
            .arg(forTls->address.shown(),
                 forTls->variable,
                 forPlain->address.shown(),
                 forPlain->variable);
    }
    if (forTls) {
        return Message::tr("https:// through %1, which %2 names; http:// without a proxy.")
            .arg(forTls->address.shown(), forTls->variable);
    }
    return Message::tr("http:// through %1, which %2 names; https:// without a proxy.")
        .arg(forPlain->address.shown(), forPlain->variable);
}

} // namespace

Message proxyWords(const domain::OutgoingProxies &proxies)
{
    if (proxies.isEmpty())
        return Message::tr("Without a proxy: the environment names none.");
    if (proxies.exceptions().isEmpty())
        return Message::tr("%1 This computer is reached without it.").arg(routeWords(proxies));
    return Message::tr("%1 This computer and what NO_PROXY names (%2) are reached without it.")
        .arg(routeWords(proxies), proxies.exceptions());
}

} // namespace gatehouse::admin
