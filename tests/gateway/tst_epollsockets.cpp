#include "gateway/dispatcherthread.h"
#include "support/testcertificates.h"

#include <QEventLoop>
#include <QPointer>
#include <QSocketNotifier>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using tests::DispatcherThread;
using tests::SocketPair;
using tests::waitFor;

namespace {

// Answers over TLS whatever it is sent.
class TlsEcho : public QTcpServer
{
public:
    explicit TlsEcho(QSslConfiguration tls)
        : m_tls(std::move(tls))
    {}

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSslConfiguration(m_tls);
        QVERIFY(socket->setSocketDescriptor(descriptor));
        connect(
            socket, &QSslSocket::readyRead, socket, [socket] { socket->write(socket->readAll()); });
        socket->startServerEncryption();
    }

private:
    const QSslConfiguration m_tls;
};

} // namespace

// What the dispatcher tells of sockets.
class EpollSocketsTest : public QObject
{
    Q_OBJECT

private slots:
    void leavesSocketsOutWhenAskedTo();
    void echoesBesideIdleConnections();
    void passesReadAndWriteOfOneSocket();
    void costsNothingToSwitchOffAndOnAgain();
    void unregistersInsideAnActivation();
    void followsADescriptorThatIsUsedAgain();
    void seesTheEndOfAConnection();
    void speaksTls();
};

void EpollSocketsTest::leavesSocketsOutWhenAskedTo()
{
    DispatcherThread thread;

    thread.run([] {
        SocketPair pair;
        QSocketNotifier notifier(pair.ends[0], QSocketNotifier::Read);
        int activated = 0;
        connect(&notifier, &QSocketNotifier::activated, &notifier, [&] {
            pair.receive(0);
            ++activated;
        });
        pair.send(1);
        QEventLoop loop;
        QTimer::singleShot(20, &loop, &QEventLoop::quit);
        loop.exec(QEventLoop::ExcludeSocketNotifiers);
        QCOMPARE(activated, 0);

        QCOMPARE(waitFor([&] { return activated > 0; }), true);
        QCOMPARE(activated, 1);
    });
}

void EpollSocketsTest::echoesBesideIdleConnections()
{
    constexpr int idleCount = 2000;
    constexpr int busyCount = 16;
    constexpr int rounds = 50;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    DispatcherThread thread;

    thread.run([] {
        QTcpServer server;
        server.setMaxPendingConnections(4 * idleCount);
        server.setListenBacklogSize(4096);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, &server, [&server] {
            while (QTcpSocket *socket = server.nextPendingConnection()) {
                connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                    socket->write(socket->readAll());
                    socket->flush();
                });
            }
        });
        std::vector<std::unique_ptr<QTcpSocket>> sockets;
        int connected = 0;
        for (int index = 0; index < idleCount + busyCount; ++index) {
            sockets.push_back(std::make_unique<QTcpSocket>());
            connect(sockets.back().get(), &QTcpSocket::connected, &server, [&] { ++connected; });
            sockets.back()->connectToHost(QHostAddress::LocalHost, server.serverPort());
            if (index % 256 == 255)
                QVERIFY(waitFor([&] { return connected > index - 200; }));
        }
        QVERIFY(waitFor([&] { return connected == idleCount + busyCount; }));

        int finished = 0;
        std::array<int, busyCount> answers{};
        for (int index = 0; index < busyCount; ++index) {
            QTcpSocket *socket = sockets[size_t(idleCount / busyCount * index)].get();
            connect(socket, &QTcpSocket::readyRead, socket, [&, socket, index] {
                if (socket->bytesAvailable() < 5)
                    return;
                QCOMPARE(socket->readAll(), QByteArray("hello"));
                if (++answers[size_t(index)] == rounds)
                    ++finished;
                else
                    socket->write("hello");
            });
            socket->write("hello");
        }
        QVERIFY(waitFor([&] { return finished == busyCount; }));
    });
}

void EpollSocketsTest::passesReadAndWriteOfOneSocket()
{
    DispatcherThread thread;

    thread.run([] {
        SocketPair pair;
        QSocketNotifier reading(pair.ends[0], QSocketNotifier::Read);
        QSocketNotifier writing(pair.ends[0], QSocketNotifier::Write);
        QSocketNotifier exception(pair.ends[0], QSocketNotifier::Exception);
        int reads = 0;
        int writes = 0;
        int exceptions = 0;
        connect(&reading, &QSocketNotifier::activated, &reading, [&] {
            pair.receive(0);
            ++reads;
        });
        connect(&writing, &QSocketNotifier::activated, &writing, [&] {
            ++writes;
            writing.setEnabled(false);
        });
        connect(&exception, &QSocketNotifier::activated, &exception, [&] { ++exceptions; });

        pair.send(1);
        QVERIFY(waitFor([&] { return reads == 1 && writes == 1; }));
        pair.send(1);
        QVERIFY(waitFor([&] { return reads == 2; }));
        QCOMPARE(writes, 1);
        writing.setEnabled(true);
        QVERIFY(waitFor([&] { return writes == 2; }));
        QCOMPARE(exceptions, 0);
    });
}

void EpollSocketsTest::costsNothingToSwitchOffAndOnAgain()
{
    DispatcherThread thread;

    thread.run([&thread] {
        SocketPair pair;
        QSocketNotifier reading(pair.ends[0], QSocketNotifier::Read);
        QSocketNotifier writing(pair.ends[0], QSocketNotifier::Write);
        writing.setEnabled(false);
        bool isRead = false;
        connect(&reading, &QSocketNotifier::activated, &reading, [&] {
            pair.receive(0);
            isRead = true;
        });
        pair.send(1);
        QVERIFY(waitFor([&] { return isRead; }));
        const qint64 before = thread.dispatcher->changesTold();

        for (int times = 0; times < 1000; ++times) {
            writing.setEnabled(true);
            writing.setEnabled(false);
        }
        isRead = false;
        pair.send(1);
        QVERIFY(waitFor([&] { return isRead; }));

        QCOMPARE(thread.dispatcher->changesTold(), before);
    });
}

void EpollSocketsTest::unregistersInsideAnActivation()
{
    DispatcherThread thread;

    thread.run([] {
        constexpr int count = 20;
        std::vector<std::unique_ptr<SocketPair>> pairs;
        std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
        int activated = 0;
        QObject context;
        for (int index = 0; index < count; ++index) {
            pairs.push_back(std::make_unique<SocketPair>());
            pairs.back()->send(1);
            notifiers.push_back(
                std::make_unique<QSocketNotifier>(pairs.back()->ends[0], QSocketNotifier::Read));
            // The first to be activated removes all others, which are pending already.
            connect(notifiers.back().get(), &QSocketNotifier::activated, &context, [&, index] {
                ++activated;
                for (int other = 0; other < count; ++other) {
                    if (other != index)
                        notifiers[size_t(other)].reset();
                }
                notifiers[size_t(index)]->setEnabled(false);
            });
        }
        int turns = 0;
        QVERIFY(waitFor([&] { return activated > 0 && ++turns > 5; }));

        QCOMPARE(activated, 1);
    });
}

void EpollSocketsTest::followsADescriptorThatIsUsedAgain()
{
    DispatcherThread thread;

    thread.run([] {
        SocketPair first;
        SocketPair second;
        first.send(1);
        second.send(1);
        const int number = first.ends[0];
        std::unique_ptr<SocketPair> replacement;
        std::unique_ptr<QSocketNotifier> newNotifier;
        auto oldNotifier = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
        QSocketNotifier trigger(second.ends[0], QSocketNotifier::Read);
        QObject context;
        int old = 0;
        int fresh = 0;
        const auto replace = [&] {
            if (replacement)
                return;
            // Closed, and the same number given to another socket, in the middle of a batch.
            oldNotifier->setEnabled(false);
            replacement = std::make_unique<SocketPair>();
            QCOMPARE(dup2(replacement->ends[0], number), number);
            newNotifier = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
            connect(newNotifier.get(), &QSocketNotifier::activated, &context, [&] {
                first.receive(0);
                ++fresh;
            });
        };
        connect(oldNotifier.get(), &QSocketNotifier::activated, &context, [&] {
            ++old;
            replace();
        });
        connect(&trigger, &QSocketNotifier::activated, &context, [&] {
            second.receive(0);
            replace();
        });

        int turns = 0;
        QVERIFY(waitFor([&] { return replacement && ++turns > 3; }));
        QVERIFY(old <= 1);
        QCOMPARE(fresh, 0); // the event that was pending was the old socket's
        replacement->send(1);
        QVERIFY(waitFor([&] { return fresh == 1; }));
    });
}

void EpollSocketsTest::seesTheEndOfAConnection()
{
    DispatcherThread thread;

    thread.run([] {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QPointer<QTcpSocket> accepted;
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            accepted = server.nextPendingConnection();
            connect(accepted, &QTcpSocket::disconnected, accepted, &QObject::deleteLater);
        });
        QTcpSocket client;
        client.connectToHost(QHostAddress::LocalHost, server.serverPort());
        QVERIFY(waitFor([&] { return !accepted.isNull(); }));

        client.abort();

        QVERIFY(waitFor([&] { return accepted.isNull(); }));
    });
}

void EpollSocketsTest::speaksTls()
{
    support::TestCertificates certificates;
    QVERIFY2(certificates.isValid(), "the openssl program is needed");
    const support::TestIdentity identity = certificates.trusted();
    DispatcherThread thread;

    thread.run([&] {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(QSslCertificate(identity.certificate));
        tls.setPrivateKey(QSslKey(identity.key, QSsl::Rsa));
        if (tls.privateKey().isNull())
            tls.setPrivateKey(QSslKey(identity.key, QSsl::Ec));
        TlsEcho server(tls);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.setCaCertificates({QSslCertificate(certificates.authority())});
        QSslSocket client;
        client.setSslConfiguration(trusting);
        const QByteArray sent = QByteArray("0123456789abcdef").repeated(64 * 1024);
        QByteArray answer;
        connect(&client, &QSslSocket::readyRead, &client, [&] { answer += client.readAll(); });
        connect(&client, &QSslSocket::encrypted, &client, [&] { client.write(sent); });

        client.connectToHostEncrypted(u"127.0.0.1"_s, server.serverPort());

        QVERIFY2(waitFor([&] { return answer.size() >= sent.size(); }),
                 qPrintable(client.errorString()));
        QCOMPARE(answer, sent);
    });
}

QTEST_GUILESS_MAIN(EpollSocketsTest)
#include "tst_epollsockets.moc"
