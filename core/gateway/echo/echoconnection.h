#pragma once

#include "base/secret.h"
#include "gateway/echo/echoanswer.h"
#include "http/requestparser.h"

#include <QObject>
#include <QTimer>

class QTcpSocket;

namespace gatehouse::gateway {

// One connection to the Echo provider. Lives in the provider's thread and deletes itself when the
// connection ends.
class EchoConnection final : public QObject
{
    Q_OBJECT

public:
    // Takes the socket.
    EchoConnection(QTcpSocket *socket, base::Secret secret, QObject *parent);
    ~EchoConnection() override;

private:
    class Body final : public http::BodySink
    {
    public:
        bool take(QByteArrayView bytes) override;
        QByteArray bytes{};
    };

    void read();
    bool hasKey() const;
    void answer();
    void begin();
    void play();
    void finish();
    void refuse();
    QByteArray responseHead() const;

    QTcpSocket *m_socket;
    const base::Secret m_secret;
    http::RequestLimits m_limits{};
    http::RequestParser m_parser;
    Body m_body{};
    QByteArray m_input{};
    EchoAnswer m_answer{};
    qsizetype m_played = 0; // pieces that were sent
    bool m_answering = false;
    QTimer m_timer{};
};

} // namespace gatehouse::gateway
