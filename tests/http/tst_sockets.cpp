#include "http/qtsocket.h"
#include "http/sockets.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using http::Socket;

namespace {

constexpr qsizetype readAhead = 64 * 1024;
constexpr qsizetype much = 16 * 1024 * 1024;

// Keeps what it is told, and reads if it is to.
class Observer final : public http::SocketObserver
{
public:
    explicit Observer(Socket &socket)
        : m_socket(socket)
    {
        socket.setObserver(this);
    }

    void socketReadable() override
    {
        ++notices;
        if (reads)
            readAll();
    }
    void socketWritten() override { ++writings; }
    void socketEnded() override { ++ends; }
    void readAll()
    {
        QByteArray buffer(readAhead, Qt::Uninitialized);
        for (qint64 length = 1; length > 0;) {
            length = m_socket.read(buffer.data(), buffer.size());
            received.append(buffer.constData(), length);
        }
    }

    bool reads = true;
    int notices = 0;
    int writings = 0;
    int ends = 0;
    QByteArray received;

private:
    Socket &m_socket;
};

// A Socket and the one at its other end.
struct Pair
{
    explicit Pair(bool isQts)
    {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost))
            return;
        auto own = std::make_unique<QTcpSocket>();
        own->connectToHost(server.serverAddress(), server.serverPort());
        if (!own->waitForConnected() || !server.waitForNewConnection(10'000))
            return;
        other.reset(server.nextPendingConnection());
        other->setParent(nullptr);
        if (isQts)
            socket = std::make_unique<http::QtSocket>(std::move(own), readAhead);
        else
            socket = http::connectedSocket(std::move(own), readAhead);
        observer = std::make_unique<Observer>(*socket);
    }

    std::unique_ptr<QTcpSocket> other{};
    std::unique_ptr<Socket> socket{};
    std::unique_ptr<Observer> observer{};
};

} // namespace

class SocketsTest : public QObject
{
    Q_OBJECT

private slots:
    void readsAndWrites_data() { kinds(); }
    void readsAndWrites();
    void keepsWhatNobodyReads_data() { kinds(); }
    void keepsWhatNobodyReads();
    void noticesTheEndThoughNobodyReads_data() { kinds(); }
    void noticesTheEndThoughNobodyReads();
    void tellsAResetFromAnEnd_data() { kinds(); }
    void tellsAResetFromAnEnd();
    void sendsWhatTheSystemTakesLater_data() { kinds(); }
    void sendsWhatTheSystemTakesLater();
    void closesOnceAllIsSent_data() { kinds(); }
    void closesOnceAllIsSent();
    void whatWasSaidBeforeAWriteFailedIsRead_data() { kinds(); }
    void whatWasSaidBeforeAWriteFailedIsRead();
    void tellsNothingOnceItIsClosed_data() { kinds(); }
    void tellsNothingOnceItIsClosed();
    void knowsWhoWasAccepted();

private:
    static void kinds();
};

void SocketsTest::kinds()
{
    QTest::addColumn<bool>("isQts");
    QTest::newRow("the system's, where there is one") << false;
    QTest::newRow("Qt's") << true;
}

void SocketsTest::readsAndWrites()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket && pair.socket->isOpen());

    pair.other->write("question");
    QTRY_COMPARE(pair.observer->received, QByteArray("question"));
    QVERIFY(pair.socket->write("answer"));

    QTRY_COMPARE(pair.other->bytesAvailable(), 6);
    QCOMPARE(pair.other->readAll(), QByteArray("answer"));
    QCOMPARE(pair.socket->unsent(), 0);
    QVERIFY(pair.socket->isSilent());
    QCOMPARE(pair.observer->ends, 0);
}

void SocketsTest::keepsWhatNobodyReads()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);
    pair.observer->reads = false;

    const QByteArray text(much, 'x');
    pair.other->write(text);
    QTRY_VERIFY(pair.observer->notices > 0);
    QTRY_VERIFY(pair.socket->hasInput());
    // The other side has to wait: far from all of it has left.
    QTRY_VERIFY(pair.other->bytesToWrite() < much);
    QVERIFY(pair.other->bytesToWrite() > 0);

    pair.observer->reads = true;
    pair.observer->readAll();
    QTRY_COMPARE_WITH_TIMEOUT(pair.observer->received.size(), much, 30'000);
    QVERIFY(pair.observer->received == text);
}

void SocketsTest::noticesTheEndThoughNobodyReads()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);
    pair.observer->reads = false;

    pair.other->write("last words");
    pair.other->disconnectFromHost();
    QTRY_COMPARE(pair.observer->ends > 0, true);

    QVERIFY(!pair.socket->isOpen());
    QVERIFY(pair.socket->endedInOrder());
    QVERIFY(!pair.socket->write("too late"));
    pair.observer->readAll();
    QCOMPARE(pair.observer->received, QByteArray("last words"));
}

void SocketsTest::tellsAResetFromAnEnd()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);
    pair.socket->watchEnd(true);
    pair.other->setReadBufferSize(1);

    // Who closes without having read what arrived resets the connection.
    QVERIFY(pair.socket->write(QByteArray(100'000, 'x')));
    QTRY_VERIFY(pair.other->bytesAvailable() > 0);
    pair.other->abort();

    QTRY_COMPARE(pair.observer->ends > 0, true);
    QVERIFY(!pair.socket->endedInOrder());
}

void SocketsTest::sendsWhatTheSystemTakesLater()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);
    QByteArray received;

    const QByteArray text(much, 'y');
    QVERIFY(pair.socket->write(text));
    QVERIFY(pair.socket->write("the end"));
    QVERIFY(pair.socket->unsent() > 0);
    connect(pair.other.get(), &QTcpSocket::readyRead, this, [&] {
        received.append(pair.other->readAll());
    });
    received.append(pair.other->readAll());

    QTRY_COMPARE_WITH_TIMEOUT(received.size(), much + 7, 30'000);
    QVERIFY(received == text + "the end");
    QTRY_COMPARE(pair.socket->unsent(), 0);
    QVERIFY(pair.observer->writings > 0);
}

void SocketsTest::closesOnceAllIsSent()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);
    qsizetype received = 0;

    QVERIFY(pair.socket->write(QByteArray(much, 'z')));
    QVERIFY(!pair.socket->closeWhenSent());
    connect(pair.other.get(), &QTcpSocket::readyRead, this, [&] {
        received += pair.other->readAll().size();
    });
    received += pair.other->readAll().size();

    QTRY_COMPARE_WITH_TIMEOUT(received, much, 30'000);
    QTRY_COMPARE(pair.other->state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(pair.observer->ends > 0, true);
    Pair idle(isQts);
    QVERIFY(idle.socket->closeWhenSent());
}

void SocketsTest::whatWasSaidBeforeAWriteFailedIsRead()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);
    pair.socket->watchEnd(true);
    pair.observer->reads = false;
    pair.other->setReadBufferSize(1);

    QVERIFY(pair.socket->write(QByteArray(100'000, 'x')));
    QTRY_VERIFY(pair.other->bytesAvailable() > 0);
    pair.other->write("refused");
    pair.other->flush();
    pair.other->abort();
    // Some of these fail, since the other side is no more.
    QTRY_VERIFY(!pair.socket->write(QByteArray(100'000, 'x')));

    pair.observer->reads = true;
    QTRY_COMPARE(pair.observer->ends > 0, true);
    pair.observer->readAll();
    QCOMPARE(pair.observer->received, QByteArray("refused"));
    QVERIFY(!pair.socket->endedInOrder());
}

void SocketsTest::tellsNothingOnceItIsClosed()
{
    QFETCH(bool, isQts);
    Pair pair(isQts);
    QVERIFY(pair.socket);

    pair.socket->setObserver(nullptr);
    pair.socket->closeNow();
    QTRY_COMPARE(pair.other->state(), QAbstractSocket::UnconnectedState);

    QVERIFY(!pair.socket->isOpen());
    QVERIFY(!pair.socket->write("x"));
    QCOMPARE(pair.socket->unsent(), 0);
    QCOMPARE(pair.observer->notices + pair.observer->ends, 0);
}

void SocketsTest::knowsWhoWasAccepted()
{
    class Server final : public QTcpServer
    {
    public:
        http::Accepted accepted{};

    protected:
        void incomingConnection(qintptr descriptor) override
        {
            accepted = http::acceptedSocket(descriptor, readAhead);
        }
    };
    Server server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    client.connectToHost(server.serverAddress(), server.serverPort());
    QTRY_VERIFY(server.accepted.socket != nullptr);

    QCOMPARE(server.accepted.peer, QHostAddress(u"127.0.0.1"_s));
    Observer observer(*server.accepted.socket);
    client.write("hello");
    QTRY_COMPARE(observer.received, QByteArray("hello"));
    server.accepted.socket->reset();
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
}

QTEST_GUILESS_MAIN(SocketsTest)
#include "tst_sockets.moc"
