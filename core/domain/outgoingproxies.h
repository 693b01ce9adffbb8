#pragma once

#include "domain/addressrange.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace gatehouse::domain {

// Channel::proxy of a channel that goes straight to its provider, whatever the environment says.
inline constexpr QLatin1StringView noProxy{"none"};

// A proxy that connections can be made through: by HTTP's CONNECT, or SOCKS5.
struct ProxyAddress
{
    enum class Kind { Http, Socks5 };

    Kind kind = Kind::Http;
    QString host{};
    quint16 port = 0;
    QString user{};
    QString password{};

    // http://host:port, without user name and password: fit for every reader.
    QString shown() const;
    bool operator==(const ProxyAddress &) const = default;
};

// Reads http://[user:password@]host[:port], socks5://… or socks5h://…; the port is 8080 or 1080 where none
// is named. Absent: it is no such address.
std::optional<ProxyAddress> proxyAddressFrom(const QString &text);

// Where a connection is to lead.
struct ProxyTarget
{
    bool tls = true;
    QString host{}; // a name, or an address without brackets
    quint16 port = 0;
};

// A proxy with the variable of the environment that names it; empty: the channel does.
struct NamedProxy
{
    QString variable{};
    ProxyAddress address{};

    bool operator==(const NamedProxy &) const = default;
};

// The proxies that the environment names, and what goes past them: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
// NO_PROXY, or the same in small letters, which count first. A value. Whatever the variables say, loopback is
// never reached through a proxy.
class OutgoingProxies
{
public:
    OutgoingProxies() = default;
    // What is not understood is left out and told in `problems`, as "VARIABLE: sentence"; the value of a
    // proxy, which may hold a password, is not repeated.
    static OutgoingProxies from(const QMap<QString, QString> &environment,
                                QStringList *problems = nullptr);

    bool isEmpty() const { return !m_forTls && !m_forPlain; }
    const std::optional<NamedProxy> &forTls() const { return m_forTls; }     // https://
    const std::optional<NamedProxy> &forPlain() const { return m_forPlain; } // http://
    // The text of NO_PROXY.
    const QString &exceptions() const { return m_exceptionsText; }

    // Absent: straight.
    std::optional<NamedProxy> proxyFor(const ProxyTarget &target) const;

private:
    struct Exception
    {
        QString name{}; // in lower case; names below it, too. Empty: the range
        AddressRange range{};
        quint16 port = 0; // 0: each
    };

    void readExceptions(const QString &text, const QString &variable, QStringList *problems);
    static std::optional<Exception> exceptionFrom(QString text);
    bool isExcepted(const ProxyTarget &target) const;

    std::optional<NamedProxy> m_forTls{};
    std::optional<NamedProxy> m_forPlain{};
    QString m_exceptionsText{};
    QList<Exception> m_exceptions{};
    bool m_exceptsAll = false;
};

// The rule for every way out of the program: `own`, as Channel::proxy has it, else the environment.
std::optional<NamedProxy>
proxyFor(const QString &own, const OutgoingProxies &environment, const ProxyTarget &target);

} // namespace gatehouse::domain
