#include "support/fakeupstream.h"

#include "support/resetconnection.h"

#include <QHostAddress>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTimer>

#include <future>
#include <mutex>

namespace gatehouse::support {

QByteArray ReceivedRequest::header(const QByteArray &name) const
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

// What the test's thread and the provider's both touch.
class FakeUpstream::Shared
{
public:
    mutable std::mutex mutex;
    Handler handler;
    QList<ReceivedRequest> requests;
    int connections = 0;
    int open = 0;
    qint64 sent = 0;
    qint64 received = 0;
};

// One connection.
class FakeUpstream::Peer final : public QObject
{
public:
    Peer(std::shared_ptr<Shared> shared, const Options &options, qintptr descriptor)
        : m_shared(std::move(shared))
        , m_options(options)
    {
        const std::lock_guard lock(m_shared->mutex);
        m_number = ++m_shared->connections;
        ++m_shared->open;
        const bool isSecure = !options.tls.certificate.isEmpty();
        m_socket = isSecure ? new QSslSocket(this) : new QTcpSocket(this);
        m_socket->setSocketDescriptor(descriptor);
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    }

    ~Peer() override
    {
        m_socket->disconnect(this);
        const std::lock_guard lock(m_shared->mutex);
        --m_shared->open;
    }

    void begin()
    {
        connect(m_socket, &QTcpSocket::readyRead, this, [this] { read(); });
        connect(m_socket, &QTcpSocket::disconnected, this, [this] { deleteLater(); });
        connect(m_socket, &QTcpSocket::bytesWritten, this, [this](qint64 bytes) {
            {
                const std::lock_guard lock(m_shared->mutex);
                m_shared->sent += bytes;
            }
            if (m_repeats)
                fill();
        });
        if (m_options.answerAt == AnswerAt::Connection) {
            m_socket->setReadBufferSize(1);
            answer({});
            return;
        }
        if (!m_options.tls.certificate.isEmpty())
            beginTls(*static_cast<QSslSocket *>(m_socket));
    }

    void closeInOrder() { m_socket->disconnectFromHost(); }

private:
    void beginTls(QSslSocket &socket)
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificateChain(
            QSslCertificate::fromData(m_options.tls.certificate, QSsl::Pem));
        configuration.setPrivateKey(QSslKey(m_options.tls.key, QSsl::Ec));
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        if (m_options.isOldTls) {
            QT_WARNING_PUSH
            QT_WARNING_DISABLE_DEPRECATED
            configuration.setProtocol(QSsl::TlsV1_1);
            QT_WARNING_POP
        }
        socket.setSslConfiguration(configuration);
        socket.startServerEncryption();
    }

    void read()
    {
        if (m_isUnread)
            return;
        const QByteArray bytes = m_socket->readAll();
        {
            const std::lock_guard lock(m_shared->mutex);
            m_shared->received += bytes.size();
        }
        if (m_discards)
            return;
        m_input += bytes;
        parse();
    }

    // Begins the next request, unless one is being answered.
    void parse()
    {
        if (m_isAnswering || m_discards || m_isUnread)
            return;
        const qsizetype end = m_input.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        ReceivedRequest request;
        request.head = m_input.first(end + 4);
        const QByteArrayList words = request.head.first(request.head.indexOf('\r')).split(' ');
        request.method = words.value(0);
        request.target = words.value(1);
        if (m_options.answerAt != AnswerAt::End) {
            m_discards = m_options.answerAt == AnswerAt::Head;
            m_isUnread = !m_discards;
            if (m_isUnread)
                m_socket->setReadBufferSize(1);
            answer(request);
            return;
        }
        qsizetype used = end + 4;
        if (!takeBody(request, used))
            return;
        m_input.remove(0, used);
        answer(request);
    }

    // False: the body is not whole yet.
    bool takeBody(ReceivedRequest &request, qsizetype &used) const
    {
        if (!request.header("Transfer-Encoding").isEmpty())
            return takeChunks(request, used);
        const qsizetype length = request.header("Content-Length").toLongLong();
        if (m_input.size() - used < length)
            return false;
        request.body = m_input.mid(used, length);
        used += length;
        return true;
    }

    bool takeChunks(ReceivedRequest &request, qsizetype &used) const
    {
        while (true) {
            const qsizetype lineEnd = m_input.indexOf("\r\n", used);
            if (lineEnd < 0)
                return false;
            const qsizetype length = m_input.mid(used, lineEnd - used).toLongLong(nullptr, 16);
            if (m_input.size() < lineEnd + 2 + length + 2)
                return false;
            request.body += m_input.mid(lineEnd + 2, length);
            used = lineEnd + 2 + length + 2;
            if (length == 0)
                return true;
        }
    }

    void answer(ReceivedRequest request)
    {
        m_isAnswering = true;
        Handler handler;
        {
            const std::lock_guard lock(m_shared->mutex);
            request.number = static_cast<int>(m_shared->requests.size()) + 1;
            request.connection = m_number;
            request.onConnection = ++m_requests;
            m_shared->requests.append(request);
            if (!m_options.keepsBodies)
                m_shared->requests.last().body.clear();
            handler = m_shared->handler;
        }
        m_script = handler(request);
        m_step = 0;
        m_byte = 0;
        run();
    }

    // Takes steps until one of them wants to wait.
    void run()
    {
        while (m_step < m_script.steps().size()) {
            const Script::Step &step = m_script.steps().at(m_step);
            switch (step.kind) {
            case Script::Kind::Send:
                m_socket->write(step.bytes);
                m_socket->flush();
                break;
            case Script::Kind::Dribble:
                if (m_byte < step.bytes.size()) {
                    m_socket->write(step.bytes.mid(m_byte++, 1));
                    m_socket->flush();
                    wait(step.time);
                    return;
                }
                m_byte = 0;
                break;
            case Script::Kind::Repeat:
                m_repeats = true;
                fill();
                return;
            case Script::Kind::Pause:
                ++m_step;
                wait(step.time);
                return;
            case Script::Kind::Close:
                m_socket->disconnectFromHost();
                return;
            case Script::Kind::Reset:
                m_socket->flush();
                resetConnection(*m_socket);
                return;
            case Script::Kind::Stall:
                return;
            }
            ++m_step;
        }
        m_isAnswering = false;
        parse();
    }

    void wait(std::chrono::milliseconds time)
    {
        QTimer::singleShot(time, this, [this] { run(); });
    }

    void fill()
    {
        const QByteArray &bytes = m_script.steps().at(m_step).bytes;
        while (m_socket->bytesToWrite() < 256 * 1024)
            m_socket->write(bytes);
    }

    std::shared_ptr<Shared> m_shared;
    const Options &m_options;
    QTcpSocket *m_socket = nullptr;
    QByteArray m_input;
    Script m_script;
    size_t m_step = 0;
    qsizetype m_byte = 0; // of a Dribble
    int m_number = 0;
    int m_requests = 0;
    bool m_isAnswering = false;
    bool m_discards = false;
    bool m_isUnread = false;
    bool m_repeats = false;
};

class FakeUpstream::Server final : public QTcpServer
{
public:
    Server(std::shared_ptr<Shared> shared, const Options &options)
        : m_shared(std::move(shared))
        , m_options(options)
    {
        setListenBacklogSize(512);
    }

    void closeConnections()
    {
        for (QObject *child : children()) {
            if (auto *peer = dynamic_cast<Peer *>(child))
                peer->closeInOrder();
        }
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *peer = new Peer(m_shared, m_options, descriptor);
        peer->setParent(this);
        peer->begin();
    }

private:
    std::shared_ptr<Shared> m_shared;
    const Options m_options;
};

FakeUpstream::FakeUpstream(Handler handler)
    : FakeUpstream(std::move(handler), Options())
{}

FakeUpstream::FakeUpstream(Handler handler, const Options &options)
    : m_shared(std::make_shared<Shared>())
    , m_context(new QObject)
    , m_options(options)
{
    m_shared->handler = std::move(handler);
    m_context->moveToThread(&m_thread);
    m_thread.start();
    runInThread([this] {
        m_server = new Server(m_shared, m_options);
        const QHostAddress address(QString::fromLatin1(m_options.address));
        if (m_server->listen(address, m_options.port))
            m_port = m_server->serverPort();
    });
}

FakeUpstream::~FakeUpstream()
{
    runInThread([this] {
        delete m_server;
        m_context->deleteLater();
    });
    m_thread.quit();
    m_thread.wait();
}

// Waits until the function has run in the provider's thread.
void FakeUpstream::runInThread(const std::function<void()> &function) const
{
    std::promise<void> done;
    QMetaObject::invokeMethod(
        m_context,
        [&function, &done] {
            function();
            done.set_value();
        },
        Qt::QueuedConnection);
    done.get_future().wait();
}

QByteArray FakeUpstream::baseUrl() const
{
    const QByteArray scheme = m_options.tls.certificate.isEmpty() ? "http" : "https";
    return scheme + "://" + m_options.address + ":" + QByteArray::number(m_port);
}

void FakeUpstream::setHandler(Handler handler)
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->handler = std::move(handler);
}

int FakeUpstream::requestCount() const
{
    const std::lock_guard lock(m_shared->mutex);
    return static_cast<int>(m_shared->requests.size());
}

int FakeUpstream::connectionCount() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->connections;
}

int FakeUpstream::openConnections() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->open;
}

qint64 FakeUpstream::sentBytes() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->sent;
}

qint64 FakeUpstream::receivedBytes() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->received;
}

QList<ReceivedRequest> FakeUpstream::requests() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->requests;
}

ReceivedRequest FakeUpstream::lastRequest() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->requests.isEmpty() ? ReceivedRequest() : m_shared->requests.last();
}

void FakeUpstream::closeConnections()
{
    runInThread([this] { m_server->closeConnections(); });
}

} // namespace gatehouse::support
