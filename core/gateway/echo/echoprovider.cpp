#include "gateway/echo/echoprovider.h"

#include "gateway/echo/echoconnection.h"

#include <QRandomGenerator>
#include <QTcpServer>
#include <QTcpSocket>

#include <memory>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

base::Secret newSecret()
{
    QByteArray secret("echo-");
    for (int i = 0; i < 4; ++i)
        secret += QByteArray::number(QRandomGenerator::system()->generate64(), 16)
                      .rightJustified(16, '0');
    return base::Secret(secret);
}

} // namespace

EchoProvider::EchoProvider(QObject *parent)
    : QObject(parent)
{
    m_thread.setObjectName(u"echo"_s);
}

EchoProvider::~EchoProvider()
{
    m_thread.quit();
    m_thread.wait();
}

base::Result<quint16> EchoProvider::start()
{
    auto server = std::make_unique<QTcpServer>();
    server->setListenBacklogSize(512);
    if (!server->listen(QHostAddress::LocalHost, 0)) {
        return base::fail(base::ErrorCode::Unavailable,
                          base::Message::tr("The Echo provider cannot listen on a loopback port."),
                          server->errorString());
    }
    m_secret = newSecret();
    m_port = server->serverPort();

    QTcpServer *raw = server.release();
    QObject::connect(raw, &QTcpServer::newConnection, raw, [raw, secret = m_secret] {
        while (QTcpSocket *socket = raw->nextPendingConnection())
            new EchoConnection(socket, secret, raw);
    });
    raw->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, raw, &QObject::deleteLater);
    m_thread.start();
    return m_port;
}

} // namespace gatehouse::gateway
