#pragma once

#include "base/clock.h"

#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QPointer>

#include <functional>

namespace gatehouse::upstream {

// The addresses of a host in the order in which they should be tried; none: there is no such host.
using HostAnswer = std::function<void(const QList<QHostAddress> &)>;
// Looks a name up. The answer is given in the thread that asked; at once or later.
using HostLookup = std::function<void(const QByteArray &host, const HostAnswer &answer)>;

// The addresses of the providers of one thread, looked up without blocking it and remembered for a
// minute (failures: for 5 s). Calls that ask for the same name at one time share a look-up.
class Resolver final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds lifetime{60};
    static constexpr std::chrono::seconds failureLifetime{5};

    explicit Resolver(const base::Clock &clock, QObject *parent = nullptr);

    // Replaces the system's look-up.
    void setLookup(HostLookup lookup);
    // Looks everything up anew from here on.
    void forget();
    // Calls `answer` unless `context` is destroyed before; at once where the answer is known.
    void resolve(const QByteArray &host, QObject *context, const HostAnswer &answer);

private:
    struct Waiter
    {
        QPointer<QObject> context{};
        HostAnswer answer{};
    };
    struct Entry
    {
        QList<QHostAddress> addresses{};
        base::SteadyTime validUntil{};
        QList<Waiter> waiters{};
        bool isPending = false;
    };

    void lookUpInSystem(const QByteArray &host, const HostAnswer &answer);
    void settle(const QByteArray &host, const QList<QHostAddress> &addresses);
    void makeRoom();

    const base::Clock &m_clock;
    HostLookup m_lookup;
    QHash<QByteArray, Entry> m_entries;
};

} // namespace gatehouse::upstream
