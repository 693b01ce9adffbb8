#include "admin/gateway/gatewayrunner.h"

#include "gateway/portholder.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using gateway::Gateway;
using gateway::GatewayOptions;
using gateway::Newcomers;
using Kind = GatewayProblem::Kind;

namespace {

Message inUseText(const GatewayProblem &problem)
{
    if (problem.holder.isEmpty()) {
        return Message::tr("Port %1 of %2 is used by another program.")
            .arg(problem.port)
            .arg(problem.address);
    }
    return Message::tr("Port %1 of %2 is used by the program “%3” (process %4).")
        .arg(problem.port)
        .arg(problem.address, problem.holder)
        .arg(problem.holderProcess);
}

Message forbiddenText(const GatewayProblem &problem)
{
    constexpr int unprivileged = 1024;
    if (problem.port < unprivileged) {
        return Message::tr("Port %1 is below 1024 and takes rights that this program does "
                           "not have. Choose a higher one.")
            .arg(problem.port);
    }
    return Message::tr("The system does not allow port %1 to be listened on. On Windows it "
                       "may lie in a range that is reserved for other services: “netsh "
                       "interface ipv4 show excludedportrange tcp” lists them.")
        .arg(problem.port);
}

GatewayProblem problemWith(Kind kind, base::Error error)
{
    return {.kind = kind, .error = std::move(error)};
}

auto comparable(const GatewayOptions &options)
{
    QStringList listen;
    for (const gateway::ListenAddress &address : options.listen)
        listen.append(address.host.toString() + u' ' + QString::number(address.port));
    return std::tuple(
        listen, options.threads, options.maxConnections, options.tlsCertificate, options.tlsKey);
}

bool isSame(const GatewayProblem &one, const GatewayProblem &other)
{
    return one.kind == other.kind && one.address == other.address && one.port == other.port;
}

// Reads the files of all processes and tries ports, and so belongs into a pool.
GatewayProblem explainedOf(GatewayProblem problem, const QHostAddress &host)
{
    if (problem.kind == Kind::PortInUse) {
        if (const auto holder = gateway::holderOfPort(problem.port)) {
            problem.holder = holder->program;
            problem.holderProcess = holder->process;
            problem.error.message = inUseText(problem);
        }
    }
    problem.nextFreePort = gateway::nextFreePort(host, problem.port);
    return problem;
}

} // namespace

GatewayProblem problemOf(const gateway::BindFailure &failure)
{
    GatewayProblem problem{.address = failure.address.host.toString(),
                           .port = failure.address.port};
    ErrorCode code = ErrorCode::Conflict;
    Message text;
    switch (failure.reason) {
    case QAbstractSocket::AddressInUseError:
        problem.kind = Kind::PortInUse;
        text = inUseText(problem);
        break;
    case QAbstractSocket::SocketAccessError:
        problem.kind = Kind::PortForbidden;
        code = ErrorCode::Denied;
        text = forbiddenText(problem);
        break;
    case QAbstractSocket::SocketAddressNotAvailableError:
        problem.kind = Kind::AddressMissing;
        code = ErrorCode::Unavailable;
        text = Message::tr("This computer does not have the address %1 at the moment.")
                   .arg(problem.address);
        break;
    default:
        text = Message::tr("Port %1 of %2 cannot be listened on.")
                   .arg(problem.port)
                   .arg(problem.address);
        break;
    }
    problem.error = {.code = code, .message = text, .detail = {}};
    return problem;
}

GatewayRunner::GatewayRunner(GatewayParts parts)
    : m_parts(std::move(parts))
{
    m_inquiries.setMaxThreadCount(1);
    m_parts.administration.publisher.setInstall(
        [this](const std::shared_ptr<const domain::Catalog> &catalog) {
            // Connections that are being ended may still ask once.
            for (const auto &ending : m_ending)
                ending->setCatalog(catalog);
            return m_current ? m_current->setCatalog(catalog) : QtFuture::makeReadyFuture();
        });
    m_parts.administration.traffic.setRunningSource(
        {.list = [this] { return running(); },
         .cancel = [this](const QByteArray &requestId) { return cancel(requestId); }});
}

GatewayRunner::~GatewayRunner()
{
    m_parts.administration.traffic.setRunningSource({});
    m_parts.administration.publisher.setInstall({});
}

Result<GatewayOptions> GatewayRunner::optionsNow() const
{
    const domain::Settings::Server server = m_parts.administration.settings.current().server;
    GatewayOptions options{.threads = static_cast<int>(server.threads),
                           .maxConnections = server.maxConnections,
                           .dispatcher = m_parts.dispatcher};
    if (server.tlsMode == domain::TlsMode::OwnCertificate) {
        options.tlsCertificate = server.tlsCertificate;
        options.tlsKey = server.tlsKey;
    } else if (server.tlsMode == domain::TlsMode::LocalAuthority) {
        options.tlsCertificate = m_parts.administration.certificates.certificatePath();
        options.tlsKey = m_parts.administration.certificates.keyPath();
    }
    const QStringList addresses =
        m_parts.listen.isEmpty() ? server.listen.split(u' ', Qt::SkipEmptyParts) : m_parts.listen;
    for (const QString &text : addresses) {
        const Result<gateway::ListenAddress> address = gateway::listenAddressFrom(text);
        if (!address)
            return base::fail(address.error());
        options.listen.push_back(*address);
    }
    return options;
}

bool GatewayRunner::needsLocalCertificate() const
{
    return m_parts.administration.settings.current().server.tlsMode
           == domain::TlsMode::LocalAuthority;
}

Answer<LocalCertificate> GatewayRunner::makeLocalCertificate()
{
    CertificateService &certificates = m_parts.administration.certificates;
    return certificates.ensure(CertificateService::presentNames());
}

std::optional<GatewayProblem> GatewayRunner::start()
{
    const auto catalog = m_parts.administration.publisher.catalog();
    const Result<GatewayOptions> options = optionsNow();
    if (!catalog || !options) {
        return problemWith(Kind::Other,
                           options
                               ? base::Error{ErrorCode::Unavailable,
                                             Message::tr("The settings have not been read yet."),
                                             {}}
                               : options.error());
    }
    auto gateway = std::make_unique<Gateway>(m_parts.shared, m_parts.receipts);
    if (const Result<> started = gateway->start(*options, catalog, m_current.get()); !started) {
        if (gateway->bindFailure()) {
            GatewayProblem problem = problemOf(*gateway->bindFailure());
            explain(problem, gateway->bindFailure()->address.host);
            return problem;
        }
        return problemWith(Kind::Certificate, started.error());
    }
    // The gateway is destroyed when control is back in the event loop.
    connect(
        gateway.get(),
        &Gateway::stopped,
        this,
        [this, ending = gateway.get()] { release(ending); },
        Qt::QueuedConnection);
    retire(gracePeriod(), Newcomers::AreServed);
    m_current = std::move(gateway);
    m_options = *options;
    if (m_parts.started)
        m_parts.started(m_current->urls());
    return std::nullopt;
}

void GatewayRunner::explain(GatewayProblem &problem, const QHostAddress &host)
{
    if (problem.kind != Kind::PortInUse && problem.kind != Kind::PortForbidden)
        return;
    if (m_asked && isSame(*m_asked, problem)) {
        problem = *m_asked;
        return;
    }
    problem.isExplained = false;
    m_asked = problem;
    auto inquiry = runIn(m_inquiries, [problem, host]() -> Result<GatewayProblem> {
        return explainedOf(problem, host);
    });
    whenDone(std::move(inquiry), this, [this, problem](const Result<GatewayProblem> &found) {
        if (!m_asked || !isSame(*m_asked, problem))
            return;
        m_asked = found ? *found : problem;
        m_asked->isExplained = true;
        emit explained(GatewayProblem(*m_asked));
    });
}

void GatewayRunner::stop(std::chrono::milliseconds grace)
{
    m_options.reset();
    retire(grace, Newcomers::AreLeft);
}

void GatewayRunner::retire(std::chrono::milliseconds grace, Newcomers newcomers)
{
    if (m_current)
        m_ending.push_back(std::move(m_current));
    for (const auto &ending : m_ending)
        ending->stop(grace, newcomers);
}

void GatewayRunner::networkChanged()
{
    for (Gateway *gateway : gateways())
        gateway->networkChanged();
}

void GatewayRunner::release(Gateway *gateway)
{
    std::erase_if(m_ending, [gateway](const auto &ending) { return ending.get() == gateway; });
    emit ended();
}

// Those that are being stopped may still be serving.
std::vector<Gateway *> GatewayRunner::gateways() const
{
    std::vector<Gateway *> all;
    if (m_current)
        all.push_back(m_current.get());
    for (const auto &ending : m_ending)
        all.push_back(ending.get());
    return all;
}

QFuture<std::vector<relay::RunningRequest>> GatewayRunner::running() const
{
    using Requests = std::vector<relay::RunningRequest>;
    QList<QFuture<Requests>> parts;
    for (const Gateway *gateway : gateways())
        parts.append(gateway->running());
    if (parts.isEmpty())
        return QtFuture::makeReadyFuture(Requests());
    return QtFuture::whenAll(parts.begin(), parts.end())
        .then([](const QList<QFuture<Requests>> &answers) {
            Requests all;
            for (const QFuture<Requests> &answer : answers) {
                const Requests part = answer.result();
                all.insert(all.end(), part.begin(), part.end());
            }
            return all;
        });
}

QFuture<bool> GatewayRunner::cancel(const QByteArray &requestId) const
{
    QList<QFuture<bool>> parts;
    for (Gateway *gateway : gateways())
        parts.append(gateway->cancel(requestId));
    if (parts.isEmpty())
        return QtFuture::makeReadyFuture(false);
    return QtFuture::whenAll(parts.begin(), parts.end())
        .then([](const QList<QFuture<bool>> &answers) {
            return std::any_of(answers.begin(), answers.end(), [](const QFuture<bool> &answer) {
                return answer.result();
            });
        });
}

std::vector<BoundAddress> GatewayRunner::bound() const
{
    std::vector<BoundAddress> all;
    if (!m_current)
        return all;
    for (const gateway::ListenAddress &address : m_current->bound())
        all.push_back({.host = address.host, .port = address.port, .tls = m_current->usesTls()});
    return all;
}

QStringList GatewayRunner::lostPorts() const
{
    QStringList lost;
    if (!m_current)
        return lost;
    for (const gateway::ListenAddress &address : m_current->lost())
        lost.append(placeOf(address.host, address.port));
    return lost;
}

std::chrono::milliseconds GatewayRunner::gracePeriod() const
{
    return m_parts.administration.settings.current().server.gracePeriod;
}

bool GatewayRunner::hasOtherOptionsNow() const
{
    const Result<GatewayOptions> now = optionsNow();
    return m_options && now && comparable(*now) != comparable(*m_options);
}

} // namespace gatehouse::admin
