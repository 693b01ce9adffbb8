#include "gateway/localdoor.h"

#include "base/logging.h"
#include "gateway/platform.h"
#include "http/bodysource.h"
#include "http/requestparser.h"
#include "http/responsewriter.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalSocket>
#include <QPointer>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

using base::ErrorCode;
using base::fail;
using base::lcGateway;
using base::Result;

namespace {

// Where the session has no runtime directory (a service, sudo), the data directory serves: it is as
// private.
QString runtimeDirectory(const QString &dataDirectory)
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_DARWIN)
    constexpr qsizetype longestFolder = 70; // what the address of a Unix socket leaves to it
    const QString folder = QDir(dataDirectory).canonicalPath();
    if (qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR") && !folder.isEmpty()
        && folder.toLocal8Bit().size() <= longestFolder)
        return folder;
#else
    Q_UNUSED(dataDirectory)
#endif
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
}

// Takes a body into memory: a local command sends little.
class MemoryBody final : public http::BodySink
{
public:
    bool take(QByteArrayView bytes) override
    {
        constexpr qsizetype most = 16 * 1024 * 1024;
        if (content.size() + bytes.size() > most)
            return false;
        content.append(bytes);
        return true;
    }

    QByteArray content;
};

// One command's connection: a single request and its answer.
class LocalCall final : public QObject
{
public:
    LocalCall(ApiHandler &api, QLocalSocket *socket)
        : QObject(socket)
        , m_api(api)
        , m_socket(*socket)
        , m_parser(m_limits)
    {
        connect(socket, &QLocalSocket::readyRead, this, [this] { read(); });
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        read();
    }

private:
    void read()
    {
        m_pending += m_socket.readAll();
        using State = http::RequestParser::State;
        while (!m_asked) {
            const qsizetype used = m_parser.parse(m_pending, &m_body);
            m_pending.remove(0, used);
            if (m_parser.state() == State::Refused) {
                m_asked = true;
                answer({.status = m_parser.refusal().status});
            } else if (m_parser.state() == State::Complete) {
                m_asked = true;
                ask();
            } else if (used == 0 || m_pending.isEmpty()) {
                return;
            }
        }
    }

    void ask()
    {
        const http::RequestHead &head = m_parser.head();
        ApiRequest request{.method = head.method,
                           .path = head.path().toByteArray(),
                           .query = head.query().toByteArray(),
                           .body = m_body.content,
                           .client = QHostAddress(QHostAddress::LocalHost),
                           .local = true};
        for (qsizetype i = 0; i < head.headers.size(); ++i) {
            const http::Field field = head.headers.at(i);
            request.headers.emplace_back(field.name.toByteArray(), field.value.toByteArray());
        }
        const QPointer<LocalCall> self(this);
        QObject *home = parent();
        const QPointer<QObject> socket(home);
        // The answer may come in any thread; the pointers are followed in this one alone.
        m_api.handle(std::move(request), [self, socket](const ApiResponse &response) {
            if (QObject *target = socket.data()) {
                QMetaObject::invokeMethod(
                    target,
                    [self, response] {
                        if (self)
                            self->answer(response);
                    },
                    Qt::QueuedConnection);
            }
        });
    }

    void answer(const ApiResponse &response)
    {
        QByteArray out;
        http::HeadWriter head(out, response.status);
        for (const auto &[name, value] : response.headers)
            head.field(name, value);
        head.end(m_parser.head(), false, http::BodyEnd::Length, response.body.size());
        out += response.body;
        m_socket.write(out);
        m_socket.flush();
        m_socket.disconnectFromServer();
    }

    ApiHandler &m_api;
    QLocalSocket &m_socket;
    const http::RequestLimits m_limits{};
    http::RequestParser m_parser;
    MemoryBody m_body;
    QByteArray m_pending;
    bool m_asked = false;
};

} // namespace

QString localDoorPath(const QString &dataDirectory)
{
    const QString folder = runtimeDirectory(dataDirectory);
    constexpr qsizetype digits = 16;
    const QByteArray name = QCryptographicHash::hash(QDir(dataDirectory).canonicalPath().toUtf8(),
                                                     QCryptographicHash::Sha256)
                                .toHex()
                                .first(digits);
    return folder + u"/gatehouse-"_s + QString::fromLatin1(name) + u".sock"_s;
}

LocalDoor::LocalDoor(ApiHandler &api, QObject *parent)
    : QObject(parent)
    , m_api(api)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &LocalDoor::accept);
}

Result<> LocalDoor::open(const QString &path)
{
    // The lock on the data directory is ours, so that a socket that is still there is a dead one.
    QLocalServer::removeServer(path);
    if (m_server.listen(path))
        return {};
    return fail(
        ErrorCode::Internal,
        base::Message::verbatim(
            u"The command line cannot reach this program: the socket %1 could not be made (%2)."_s
                .arg(path, m_server.errorString())));
}

void LocalDoor::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        if (!isOwnProcess(socket->socketDescriptor())) {
            qCWarning(lcGateway) << "Another account tried to use the local socket.";
            delete socket;
            continue;
        }
        new LocalCall(m_api, socket);
    }
}

} // namespace gatehouse::gateway
