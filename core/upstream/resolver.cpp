#include "upstream/resolver.h"

#include "upstream/addressfilter.h"

#include <QHostInfo>

namespace gatehouse::upstream {

namespace {

constexpr qsizetype mostEntries = 1024;

} // namespace

Resolver::Resolver(const base::Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_lookup([this](const QByteArray &host, const HostAnswer &answer) {
        lookUpInSystem(host, answer);
    })
{}

void Resolver::setLookup(HostLookup lookup)
{
    m_lookup = std::move(lookup);
    m_entries.clear();
}

void Resolver::resolve(const QByteArray &host, QObject *context, const HostAnswer &answer)
{
    if (const auto literal = literalAddress(host)) {
        answer({*literal});
        return;
    }
    if (isLocalhost(host)) {
        // Local model servers often listen on the IPv4 address alone.
        answer({QHostAddress(QHostAddress::LocalHost), QHostAddress(QHostAddress::LocalHostIPv6)});
        return;
    }
    const QByteArray name = host.toLower();
    if (const auto known = m_entries.constFind(name);
        known != m_entries.cend() && !known->isPending && known->validUntil > m_clock.steadyNow()) {
        const QList<QHostAddress> addresses = known->addresses;
        answer(addresses);
        return;
    }
    makeRoom();
    Entry &entry = m_entries[name];
    entry.waiters.append({context, answer});
    if (entry.isPending)
        return;
    entry.isPending = true;
    m_lookup(name, [self = QPointer(this), name](const QList<QHostAddress> &addresses) {
        if (self)
            self->settle(name, addresses);
    });
}

void Resolver::lookUpInSystem(const QByteArray &host, const HostAnswer &answer)
{
    QHostInfo::lookupHost(QString::fromLatin1(host), this, [answer](const QHostInfo &info) {
        answer(info.addresses());
    });
}

void Resolver::settle(const QByteArray &host, const QList<QHostAddress> &addresses)
{
    const auto entry = m_entries.find(host);
    if (entry == m_entries.end())
        return;
    entry->isPending = false;
    entry->addresses = addresses;
    entry->validUntil = m_clock.steadyNow() + (addresses.isEmpty() ? failureLifetime : lifetime);
    // What is called may ask again, and so move the entries.
    const QList<Waiter> waiters = std::exchange(entry->waiters, {});
    for (const Waiter &waiter : waiters) {
        if (waiter.context)
            waiter.answer(addresses);
    }
}

void Resolver::makeRoom()
{
    if (m_entries.size() >= mostEntries)
        forget();
}

void Resolver::forget()
{
    m_entries.removeIf([](const auto &entry) { return !entry.value().isPending; });
}

} // namespace gatehouse::upstream
