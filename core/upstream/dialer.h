#pragma once

#include "base/timingwheel.h"
#include "upstream/call.h"

#include <QHostAddress>
#include <QObject>
#include <QSslError>
#include <QTcpSocket>

#include <vector>

class QSslConfiguration;

namespace gatehouse::upstream {

class Resolver;

// Makes one connection to an endpoint, TLS included: resolves the host, refuses forbidden
// addresses, and tries the others a quarter of a second apart until one answers (RFC 8305). A proxy
// is given the name instead.
class Dialer final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds raceDelay{250};

    Dialer(Resolver &resolver,
           base::TimingWheel &wheel,
           std::shared_ptr<const Endpoint> endpoint,
           QObject *parent);
    ~Dialer() override;

    // One of the two signals follows, never before this function has returned. `tls` is used where
    // the endpoint wants TLS; null: the channel's certificate authority could not be read.
    void start(const QSslConfiguration *tls);
    // Stops without a signal. Nothing runs any more afterwards, not even the race's deadline.
    void cancel();
    // The connected socket, after ready(). The caller becomes its parent.
    QTcpSocket *takeSocket();

signals:
    void ready();
    void failed(const gatehouse::upstream::Failure &failure);

private:
    void dialProxy();
    void dialAddresses(const QList<QHostAddress> &found);
    void dialNext();
    QTcpSocket *makeSocket();
    void attemptConnected(QTcpSocket *socket);
    void attemptFailed(QTcpSocket *socket);
    void abandon(QTcpSocket *except);
    void fail(FailureKind kind, const base::Message &message);
    void succeed();

    Resolver &m_resolver;
    std::shared_ptr<const Endpoint> m_endpoint;
    const QSslConfiguration *m_tls = nullptr;
    std::unique_ptr<base::Deadline> m_race;
    QList<QHostAddress> m_waiting;        // addresses not tried yet
    std::vector<QTcpSocket *> m_attempts; // children
    QTcpSocket *m_winner = nullptr;       // one of the attempts
    QList<QSslError> m_tlsErrors;
    bool m_starting = false;
    bool m_ended = false;
};

} // namespace gatehouse::upstream
