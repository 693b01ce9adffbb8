#include "domain/outgoingproxies.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

// The variable of either spelling that says something.
QString sayingVariable(const QMap<QString, QString> &environment, const QString &name)
{
    for (const QString &spelling : {name.toLower(), name}) {
        if (!environment.value(spelling).trimmed().isEmpty())
            return spelling;
    }
    return {};
}

std::optional<NamedProxy>
proxyNamedBy(const QMap<QString, QString> &environment, const QString &name, QStringList *problems)
{
    const QString variable = sayingVariable(environment, name);
    if (variable.isEmpty())
        return {};
    QString text = environment.value(variable).trimmed();
    if (!text.contains("://"_L1))
        text.prepend("http://"_L1);
    else if (text.startsWith("socks://"_L1, Qt::CaseInsensitive))
        text.insert(5, u'5');
    if (const std::optional<ProxyAddress> address = proxyAddressFrom(text))
        return NamedProxy{.variable = variable, .address = *address};
    if (problems) {
        problems->append(variable
                         + u": It names no proxy that can be used and is passed over. Write it as "
                           "http://host:port or socks5://host:port; special characters of a "
                           "password as %XX."_s);
    }
    return {};
}

QString withoutDot(QString host)
{
    if (host.endsWith(u'.'))
        host.chop(1);
    return host.toLower();
}

bool isThisComputer(const QString &host, const QHostAddress &literal)
{
    const AddressRange loopback{QHostAddress(u"127.0.0.0"_s), 8};
    if (!literal.isNull())
        return literal.isLoopback() || loopback.contains(literal);
    return host == "localhost"_L1 || host.endsWith(".localhost"_L1);
}

} // namespace

QString ProxyAddress::shown() const
{
    const QString name = host.contains(u':') ? QString(u'[' + host + u']') : host;
    return (kind == Kind::Http ? u"http://"_s : u"socks5://"_s) + name + u':'
           + QString::number(port);
}

std::optional<ProxyAddress> proxyAddressFrom(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    static const QStringList schemes{u"http"_s, u"socks5"_s, u"socks5h"_s};
    if (!url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme()))
        return {};
    const bool socks = url.scheme() != "http"_L1;
    constexpr int socksPort = 1080;
    constexpr int httpPort = 8080;
    const int port = url.port(socks ? socksPort : httpPort);
    if (port == 0)
        return {};
    return ProxyAddress{.kind = socks ? ProxyAddress::Kind::Socks5 : ProxyAddress::Kind::Http,
                        .host = url.host(),
                        .port = static_cast<quint16>(port),
                        .user = url.userName(QUrl::FullyDecoded),
                        .password = url.password(QUrl::FullyDecoded)};
}

OutgoingProxies OutgoingProxies::from(const QMap<QString, QString> &environment,
                                      QStringList *problems)
{
    OutgoingProxies proxies;
    const auto all = proxyNamedBy(environment, u"ALL_PROXY"_s, problems);
    proxies.m_forTls = proxyNamedBy(environment, u"HTTPS_PROXY"_s, problems);
    proxies.m_forPlain = proxyNamedBy(environment, u"HTTP_PROXY"_s, problems);
    if (!proxies.m_forTls)
        proxies.m_forTls = all;
    if (!proxies.m_forPlain)
        proxies.m_forPlain = all;
    const QString variable = sayingVariable(environment, u"NO_PROXY"_s);
    if (!variable.isEmpty())
        proxies.readExceptions(environment.value(variable).trimmed(), variable, problems);
    return proxies;
}

void OutgoingProxies::readExceptions(const QString &text,
                                     const QString &variable,
                                     QStringList *problems)
{
    static const QRegularExpression separator(u"[,;\\s]+"_s);
    m_exceptionsText = text;
    const QStringList parts = text.split(separator, Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (part == "*"_L1)
            m_exceptsAll = true;
        else if (const std::optional<Exception> exception = exceptionFrom(part))
            m_exceptions.append(*exception);
        else if (problems)
            problems->append(
                u"%1: \"%2\" is neither a name nor an IP range, and is passed over."_s.arg(
                    variable, part.left(100)));
    }
}

std::optional<OutgoingProxies::Exception> OutgoingProxies::exceptionFrom(QString text)
{
    static const QRegularExpression withPort(u"^(?:\\[([^\\]]+)\\]|([^:]+)):(\\d+)$"_s);
    Exception exception;
    if (const auto match = withPort.match(text); match.hasMatch()) {
        bool isPort = false;
        exception.port = match.captured(3).toUShort(&isPort);
        if (!isPort || exception.port == 0)
            return {};
        text = match.captured(1) + match.captured(2);
    } else if (text.startsWith(u'[') && text.endsWith(u']')) {
        text = text.sliced(1).chopped(1);
    }
    if (const auto ranges = addressRangesFrom(text); ranges && ranges->size() == 1) {
        exception.range = ranges->front();
        return exception;
    }
    if (text.startsWith("*."_L1))
        text.remove(0, 1);
    if (text.startsWith(u'.'))
        text.remove(0, 1);
    static const QRegularExpression name(u"^[^\\s:/*@\\[\\]]+$"_s);
    if (!name.match(text).hasMatch())
        return {};
    exception.name = withoutDot(text);
    return exception;
}

bool OutgoingProxies::isExcepted(const ProxyTarget &target) const
{
    const QString host = withoutDot(target.host);
    const QHostAddress literal(host);
    if (m_exceptsAll || isThisComputer(host, literal))
        return true;
    return std::any_of(m_exceptions.cbegin(), m_exceptions.cend(), [&](const Exception &one) {
        if (one.port != 0 && one.port != target.port)
            return false;
        if (one.name.isEmpty())
            return one.range.contains(literal);
        return host == one.name
               || (host.endsWith(one.name) && host.at(host.size() - one.name.size() - 1) == u'.');
    });
}

std::optional<NamedProxy> OutgoingProxies::proxyFor(const ProxyTarget &target) const
{
    const std::optional<NamedProxy> &named = target.tls ? m_forTls : m_forPlain;
    return named && !isExcepted(target) ? named : std::nullopt;
}

std::optional<NamedProxy>
proxyFor(const QString &own, const OutgoingProxies &environment, const ProxyTarget &target)
{
    if (own == noProxy)
        return {};
    if (own.isEmpty())
        return environment.proxyFor(target);
    // What cannot be read must not lead past the proxy: nothing is reached through one without a host.
    return NamedProxy{.variable = {}, .address = proxyAddressFrom(own).value_or(ProxyAddress{})};
}

} // namespace gatehouse::domain
