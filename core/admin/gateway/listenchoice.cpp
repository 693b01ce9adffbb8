#include "admin/gateway/listenchoice.h"

#include "gateway/gateway.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

QStringList parts(const QString &setting)
{
    return setting.simplified().split(u' ', Qt::SkipEmptyParts);
}

bool isAny(const QHostAddress &host)
{
    return host == QHostAddress::Any || host == QHostAddress::AnyIPv4
           || host == QHostAddress::AnyIPv6;
}

} // namespace

std::optional<ListenChoice> ListenChoice::from(const QString &setting)
{
    const QStringList texts = parts(setting);
    if (texts.isEmpty())
        return std::nullopt;
    ListenChoice choice{.custom = texts.join(u' ')};
    bool allAny = true;
    bool onePort = true;
    for (const QString &text : texts) {
        const auto address = gateway::listenAddressFrom(text);
        if (!address)
            return std::nullopt;
        if (text == texts.front())
            choice.port = address->port;
        onePort = onePort && address->port == choice.port;
        allAny = allAny && isAny(address->host);
        choice.isOpen = choice.isOpen || !address->host.isLoopback();
    }
    if (onePort && !choice.isOpen)
        choice.reach = Reach::ThisComputer;
    else if (onePort && allAny)
        choice.reach = Reach::LocalNetwork;
    else
        choice.reach = Reach::Custom;
    return choice;
}

QString ListenChoice::text() const
{
    switch (reach) {
    case Reach::ThisComputer:
        return u"127.0.0.1:%1"_s.arg(port);
    case Reach::LocalNetwork:
        return u"*:%1"_s.arg(port);
    case Reach::Custom:
        break;
    }
    return custom;
}

ListenChoice ListenChoice::withPort(quint16 other) const
{
    ListenChoice changed = *this;
    changed.port = other;
    QStringList texts = parts(custom);
    for (QString &text : texts)
        text = text.left(text.lastIndexOf(u':') + 1) + QString::number(other);
    changed.custom = texts.join(u' ');
    return changed;
}

std::vector<GatewayAddress> ListenChoice::addresses(bool tls) const
{
    std::vector<BoundAddress> bound;
    for (const QString &each : parts(text())) {
        if (const auto address = gateway::listenAddressFrom(each))
            bound.push_back({.host = address->host, .port = address->port, .tls = tls});
    }
    return addressesOf(bound, interfaceAddresses());
}

} // namespace gatehouse::admin
