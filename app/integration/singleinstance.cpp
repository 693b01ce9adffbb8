#include "integration/singleinstance.h"

#include "base/logging.h"
#include "gateway/localdoor.h"
#include "gateway/platform.h"
#include "integration/applicationid.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QTimer>
#include <QtEndian>

#include <algorithm>
#include <optional>

#ifdef Q_OS_WIN
#include <windows.h>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::fail;
using base::lcApp;
using base::Result;

namespace {

// A message: which language it is in, the length of the rest, and that, as JSON. It is answered by one
// byte; anything else is not answered at all.
constexpr QByteArrayView language = "GHI1";
constexpr qsizetype headLength = 4 + sizeof(quint32);
constexpr quint32 longestBody = 64 * 1024;
constexpr char taken = '+';
constexpr int mostCallers = 16;
constexpr std::chrono::seconds patience(5);

QByteArray messageOf(const QStringList &arguments)
{
    const QString token = qEnvironmentVariable("XDG_ACTIVATION_TOKEN");
    const QJsonObject content{{u"arguments"_s, QJsonArray::fromStringList(arguments)},
                              {u"activationToken"_s, token}};
    const QByteArray body = QJsonDocument(content).toJson(QJsonDocument::Compact);
    QByteArray length(sizeof(quint32), Qt::Uninitialized);
    qToBigEndian(static_cast<quint32>(body.size()), length.data());
    return language.toByteArray() + length + body;
}

struct Message
{
    QStringList arguments{};
    QByteArray activationToken{};
};

std::optional<Message> messageFrom(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    const QJsonValue arguments = document[u"arguments"];
    if (!arguments.isArray())
        return {};
    Message message{.activationToken = document[u"activationToken"].toString().toUtf8()};
    const QJsonArray values = arguments.toArray();
    for (const QJsonValue &value : values) {
        if (!value.isString())
            return {};
        message.arguments.append(value.toString());
    }
    return message;
}

// The person started this process, which may thus let the other one take the foreground.
void allowForeground([[maybe_unused]] const QLocalSocket &socket)
{
#ifdef Q_OS_WIN
    ULONG process = 0;
    const auto pipe = reinterpret_cast<HANDLE>(socket.socketDescriptor());
    if (GetNamedPipeServerProcessId(pipe, &process))
        AllowSetForegroundWindow(process);
#endif
}

bool isWritten(QLocalSocket &socket, const QDeadlineTimer &deadline)
{
    while (socket.bytesToWrite() > 0) {
        if (!socket.waitForBytesWritten(static_cast<int>(deadline.remainingTime())))
            return false;
    }
    return true;
}

} // namespace

QString windowSocketName(const QString &dataDirectory)
{
    const QString directory = QDir(dataDirectory).canonicalPath();
    if (directory.isEmpty())
        return {};
    const auto hashOf = [](const QByteArray &text) {
        return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
    };
#ifdef Q_OS_WIN
    // A pipe's name is known on the whole machine.
    const QByteArray hash = hashOf(qgetenv("USERNAME") + '\n' + directory.toUtf8());
    return applicationId + u'-' + QString::fromLatin1(hash);
#else
    // A socket lies in a directory of the account, and its address is short.
    constexpr qsizetype digits = 16;
    const QByteArray hash = hashOf(directory.toUtf8());
    const QString folder = QFileInfo(gateway::localDoorPath(dataDirectory)).absolutePath();
    return folder + u"/gatehouse-"_s + QString::fromLatin1(hash.first(digits)) + u".window"_s;
#endif
}

HandOver handOver(const QString &dataDirectory,
                  const QStringList &arguments,
                  std::chrono::milliseconds limit)
{
    const QString name = windowSocketName(dataDirectory);
    if (name.isEmpty())
        return HandOver::NobodyThere;
    const QDeadlineTimer deadline(limit);
    QLocalSocket socket;
    socket.connectToServer(name);
    if (!socket.waitForConnected(static_cast<int>(deadline.remainingTime()))) {
        const QLocalSocket::LocalSocketError error = socket.error();
        const bool isNobody = error == QLocalSocket::ServerNotFoundError
                              || error == QLocalSocket::ConnectionRefusedError;
        return isNobody ? HandOver::NobodyThere : HandOver::Refused;
    }
    if (!gateway::isOwnProcess(socket.socketDescriptor()))
        return HandOver::Refused;
    const QByteArray message = messageOf(arguments);
    if (message.size() > qsizetype(longestBody) + headLength)
        return HandOver::Refused;
    allowForeground(socket);
    socket.write(message);
    char answer = 0;
    const bool isAnswered = isWritten(socket, deadline)
                            && socket.waitForReadyRead(static_cast<int>(deadline.remainingTime()))
                            && socket.getChar(&answer);
    return isAnswered && answer == taken ? HandOver::Delivered : HandOver::Refused;
}

// Another start of the program, until it has said what it has to say.
class SingleInstance::Caller final : public QObject
{
public:
    Caller(SingleInstance &instance, QLocalSocket *socket)
        : QObject(socket)
        , m_instance(instance)
        , m_socket(*socket)
    {
        m_socket.setReadBufferSize(qint64(longestBody) + headLength + 1);
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this] { read(); });
        QTimer::singleShot(patience, this, [this] { m_socket.abort(); });
        read();
    }

private:
    void read()
    {
        if (m_isDone)
            return;
        m_pending += m_socket.readAll();
        const qsizetype known = std::min(m_pending.size(), language.size());
        if (QByteArrayView(m_pending).first(known) != language.first(known))
            return refuse();
        if (m_pending.size() < headLength)
            return;
        const auto length = qFromBigEndian<quint32>(m_pending.constData() + language.size());
        if (length > longestBody || m_pending.size() > headLength + qsizetype(length))
            return refuse();
        if (m_pending.size() < headLength + qsizetype(length))
            return;
        const std::optional<Message> message = messageFrom(m_pending.mid(headLength));
        if (!message)
            return refuse();
        m_isDone = true;
        m_socket.putChar(taken);
        m_socket.disconnectFromServer(); // after the answer has gone
        emit m_instance.activated(message->arguments, message->activationToken);
    }

    void refuse()
    {
        m_isDone = true;
        qCWarning(lcApp) << "What came in by the window's socket is not understood.";
        m_socket.abort();
    }

    SingleInstance &m_instance;
    QLocalSocket &m_socket;
    QByteArray m_pending;
    bool m_isDone = false;
};

SingleInstance::SingleInstance(QObject *parent)
    : QObject(parent)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::accept);
}

Result<> SingleInstance::listen(const QString &dataDirectory)
{
    const QString name = windowSocketName(dataDirectory);
    m_server.close(); // of a start that failed
    QLocalServer::removeServer(name);
    if (!name.isEmpty() && m_server.listen(name))
        return {};
    return fail(base::ErrorCode::Internal,
                base::Message::verbatim(u"A second start of Gatehouse cannot reach this window."_s),
                u"%1: %2"_s.arg(name, m_server.errorString()));
}

void SingleInstance::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        const bool isCrowded = m_server.findChildren<QLocalSocket *>().size() > mostCallers;
        if (isCrowded || !gateway::isOwnProcess(socket->socketDescriptor())) {
            qCWarning(lcApp) << "A connection to the window's socket is turned away.";
            delete socket;
            continue;
        }
        new Caller(*this, socket);
    }
}

} // namespace gatehouse::app
