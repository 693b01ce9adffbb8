#include "gateway/dispatcher.h"
#include "gateway/epolldispatcher.h"
#include "support/testcertificates.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QPointer>
#include <QSemaphore>
#include <QSocketNotifier>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using gateway::EpollDispatcher;

namespace {

// Two connected sockets of the system, closed at the end.
struct SocketPair
{
    SocketPair() { socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends); }
    ~SocketPair()
    {
        closeEnd(0);
        closeEnd(1);
    }
    SocketPair(const SocketPair &) = delete;
    SocketPair &operator=(const SocketPair &) = delete;

    void send(int end) const { QCOMPARE(write(ends[end], "x", 1), ssize_t(1)); }
    void receive(int end) const
    {
        char byte = 0;
        QCOMPARE(read(ends[end], &byte, 1), ssize_t(1));
    }
    void closeEnd(int end)
    {
        if (ends[end] >= 0)
            close(ends[end]);
        ends[end] = -1;
    }

    int ends[2] = {-1, -1};
};

// A thread with the dispatcher, in which functions can be run.
class DispatcherThread
{
public:
    DispatcherThread()
    {
        auto made = gateway::makeGatewayDispatcher({});
        dispatcher = dynamic_cast<EpollDispatcher *>(made.get());
        thread.setEventDispatcher(made.release());
        context.moveToThread(&thread);
        thread.start();
    }
    ~DispatcherThread()
    {
        thread.quit();
        thread.wait();
    }
    DispatcherThread(const DispatcherThread &) = delete;
    DispatcherThread &operator=(const DispatcherThread &) = delete;

    // Runs it in the thread; returns when it is done.
    void run(const std::function<void()> &function)
    {
        QSemaphore done;
        QMetaObject::invokeMethod(
            &context,
            [&function, &done] {
                function();
                done.release();
            },
            Qt::QueuedConnection);
        QVERIFY(done.tryAcquire(1, 20'000));
    }

    QThread thread{};
    QObject context{};
    EpollDispatcher *dispatcher = nullptr;
};

// Runs a nested loop until the condition holds; false after ten seconds.
bool waitFor(const std::function<bool()> &condition)
{
    QElapsedTimer timer;
    timer.start();
    QEventLoop loop;
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (condition() || timer.elapsed() > 10'000)
            loop.quit();
    });
    poll.start(1);
    loop.exec();
    return condition();
}

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

class EpollDispatcherTest : public QObject
{
    Q_OBJECT

private slots:
    void isChosenUnlessQtIsAskedFor();
    void firesTimers_data();
    void firesTimers();
    void firesTimersInTheOrderOfTheirTimes();
    void letsSocketsInBesideZeroTimers();
    void survivesTimersThatEndInTheirOwnEvent();
    void doesNotRepeatATimerInsideItsOwnEvent();
    void tellsOfItsTimers();
    void runsQueuedCallsFromOtherThreads();
    void deletesLater();
    void runsNestedLoops();
    void quitsItsThreadAtAnyMoment();
    void wakesUpBeforeItSleeps();
    void leavesSocketsOutWhenAskedTo();
    void echoesBesideIdleConnections();
    void passesReadAndWriteOfOneSocket();
    void costsNothingToSwitchOffAndOnAgain();
    void unregistersInsideAnActivation();
    void followsADescriptorThatIsUsedAgain();
    void seesTheEndOfAConnection();
    void speaksTls();
};

void EpollDispatcherTest::isChosenUnlessQtIsAskedFor()
{
    QVERIFY(!gateway::makeGatewayDispatcher(u"qt"));
    const auto made = gateway::makeGatewayDispatcher({});
    QVERIFY(dynamic_cast<EpollDispatcher *>(made.get()));
}

void EpollDispatcherTest::firesTimers_data()
{
    QTest::addColumn<int>("interval");
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<bool>("isSingle");

    QTest::newRow("zero") << 0 << Qt::CoarseTimer << false;
    QTest::newRow("one millisecond") << 1 << Qt::PreciseTimer << false;
    QTest::newRow("precise") << 20 << Qt::PreciseTimer << false;
    QTest::newRow("coarse") << 20 << Qt::CoarseTimer << false;
    QTest::newRow("very coarse") << 20 << Qt::VeryCoarseTimer << false;
    QTest::newRow("single shot") << 20 << Qt::PreciseTimer << true;
    QTest::newRow("single shot of zero") << 0 << Qt::PreciseTimer << true;
}

void EpollDispatcherTest::firesTimers()
{
    QFETCH(int, interval);
    QFETCH(Qt::TimerType, type);
    QFETCH(bool, isSingle);
    DispatcherThread thread;

    thread.run([&] {
        int fired = 0;
        QTimer timer;
        timer.setTimerType(type);
        timer.setSingleShot(isSingle);
        connect(&timer, &QTimer::timeout, &timer, [&fired] { ++fired; });
        QElapsedTimer elapsed;
        elapsed.start();
        timer.start(interval);
        const int wanted = isSingle ? 1 : 5;
        QEventLoop loop;
        connect(&timer, &QTimer::timeout, &loop, [&] {
            if (fired == wanted)
                loop.quit();
        });
        loop.exec();
        const qint64 took = elapsed.elapsed();

        QCOMPARE(fired, wanted);
        QVERIFY2(took >= qint64(interval) * wanted, qPrintable(QString::number(took)));
        QCOMPARE(timer.isActive(), !isSingle);
    });
}

void EpollDispatcherTest::firesTimersInTheOrderOfTheirTimes()
{
    DispatcherThread thread;

    thread.run([] {
        QList<int> order;
        QEventLoop loop;
        QTimer::singleShot(30, Qt::PreciseTimer, &loop, [&] {
            order.append(30);
            loop.quit();
        });
        QTimer::singleShot(10, Qt::PreciseTimer, &loop, [&] { order.append(10); });
        QTimer::singleShot(20, Qt::PreciseTimer, &loop, [&] { order.append(20); });
        QTimer::singleShot(0, &loop, [&] { order.append(0); });
        loop.exec();

        QCOMPARE(order, QList<int>({0, 10, 20, 30}));
    });
}

void EpollDispatcherTest::letsSocketsInBesideZeroTimers()
{
    DispatcherThread thread;

    thread.run([] {
        SocketPair pair;
        QSocketNotifier notifier(pair.ends[0], QSocketNotifier::Read);
        QTimer busy;
        busy.start(0);
        QEventLoop loop;
        connect(&notifier, &QSocketNotifier::activated, &loop, &QEventLoop::quit);
        bool sent = false;
        connect(&busy, &QTimer::timeout, &busy, [&] {
            if (!std::exchange(sent, true))
                pair.send(1);
        });

        QCOMPARE(loop.exec(), 0);
    });
}

void EpollDispatcherTest::survivesTimersThatEndInTheirOwnEvent()
{
    DispatcherThread thread;

    thread.run([] {
        auto first = std::make_unique<QTimer>();
        QTimer second;
        QTimer replacement;
        int firedLate = 0;
        connect(first.get(), &QTimer::timeout, &second, [&] {
            second.stop(); // due in the same turn, and its id may be given to the next one
            replacement.start(5'000);
            first.release()->deleteLater();
        });
        connect(&second, &QTimer::timeout, &second, [&] { ++firedLate; });
        connect(&replacement, &QTimer::timeout, &second, [&] { ++firedLate; });
        first->setTimerType(Qt::PreciseTimer);
        second.setTimerType(Qt::PreciseTimer);
        first->start(1);
        second.start(1);
        QTest::qSleep(5); // both are due at the next turn

        QVERIFY(waitFor([&] { return replacement.isActive(); }));
        int turns = 0;
        QVERIFY(waitFor([&] { return ++turns > 5; }));
        QCOMPARE(firedLate, 0);
    });
}

void EpollDispatcherTest::doesNotRepeatATimerInsideItsOwnEvent()
{
    DispatcherThread thread;

    thread.run([] {
        QTimer timer;
        int depth = 0;
        int deepest = 0;
        int fired = 0;
        QEventLoop outer;
        connect(&timer, &QTimer::timeout, &outer, [&] {
            deepest = std::max(deepest, ++depth);
            QEventLoop inner;
            QTimer::singleShot(10, Qt::PreciseTimer, &inner, &QEventLoop::quit);
            inner.exec();
            --depth;
            if (++fired == 3)
                outer.quit();
        });
        timer.start(0);
        outer.exec();

        QCOMPARE(deepest, 1);
        QCOMPARE(fired, 3);
    });
}

void EpollDispatcherTest::tellsOfItsTimers()
{
    DispatcherThread thread;

    thread.run([&thread] {
        QObject object;
        const int id = object.startTimer(60'000, Qt::CoarseTimer);
        const auto timers = thread.dispatcher->registeredTimers(&object);
        QCOMPARE(timers.size(), 1);
        QCOMPARE(timers.front().timerId, id);
        QCOMPARE(timers.front().interval, 60'000);
        QVERIFY(thread.dispatcher->remainingTime(id) > 50'000);
        QVERIFY(thread.dispatcher->remainingTime(id) <= 60'000);

        object.killTimer(id);

        QVERIFY(thread.dispatcher->registeredTimers(&object).isEmpty());
        QCOMPARE(thread.dispatcher->remainingTime(id), -1);
    });
}

void EpollDispatcherTest::runsQueuedCallsFromOtherThreads()
{
    constexpr int callers = 4;
    constexpr int callsOfEach = 20'000;
    DispatcherThread thread;
    std::atomic<int> called{0};
    std::vector<std::unique_ptr<QThread>> others;
    for (int index = 0; index < callers; ++index) {
        others.emplace_back(QThread::create([&] {
            for (int call = 0; call < callsOfEach; ++call) {
                QMetaObject::invokeMethod(
                    &thread.context, [&called] { ++called; }, Qt::QueuedConnection);
                if (call % 64 == 0)
                    QThread::yieldCurrentThread();
            }
        }));
        others.back()->start();
    }

    for (const auto &other : others)
        QVERIFY(other->wait());
    QTRY_COMPARE(called.load(), callers * callsOfEach);

    // One call at a time finds the loop asleep again and again.
    for (int call = 0; call < 2000; ++call) {
        QSemaphore done;
        QMetaObject::invokeMethod(
            &thread.context, [&done] { done.release(); }, Qt::QueuedConnection);
        QVERIFY(done.tryAcquire(1, 10'000));
    }
}

void EpollDispatcherTest::deletesLater()
{
    DispatcherThread thread;
    std::atomic<bool> isGone{false};

    thread.run([&isGone] {
        auto *object = new QObject;
        connect(
            object,
            &QObject::destroyed,
            object,
            [&isGone] { isGone = true; },
            Qt::DirectConnection);
        object->deleteLater();
        QVERIFY(!isGone);
    });

    QTRY_VERIFY(isGone.load());
}

void EpollDispatcherTest::runsNestedLoops()
{
    DispatcherThread thread;

    thread.run([] {
        SocketPair outer;
        SocketPair inner;
        QSocketNotifier outerNotifier(outer.ends[0], QSocketNotifier::Read);
        QSocketNotifier innerNotifier(inner.ends[0], QSocketNotifier::Read);
        QStringList order;
        QEventLoop outerLoop;
        connect(&outerNotifier, &QSocketNotifier::activated, &outerLoop, [&] {
            outer.receive(0);
            order.append(u"outer begins"_s);
            QEventLoop innerLoop;
            connect(&innerNotifier, &QSocketNotifier::activated, &innerLoop, [&] {
                inner.receive(0);
                order.append(u"inner"_s);
                innerLoop.quit();
            });
            inner.send(1);
            innerLoop.exec();
            order.append(u"outer ends"_s);
            outerLoop.quit();
        });
        outer.send(1);
        outerLoop.exec();

        QCOMPARE(order, QStringList({u"outer begins"_s, u"inner"_s, u"outer ends"_s}));
    });
}

void EpollDispatcherTest::quitsItsThreadAtAnyMoment()
{
    for (int round = 0; round < 300; ++round) {
        QThread thread;
        thread.setEventDispatcher(gateway::makeGatewayDispatcher({}).release());
        thread.start();
        if (round % 3 == 1)
            QThread::yieldCurrentThread();
        if (round % 3 == 2)
            QThread::usleep(200);
        thread.quit();
        QVERIFY(thread.wait(10'000));
    }
}

void EpollDispatcherTest::wakesUpBeforeItSleeps()
{
    EpollDispatcher dispatcher;
    QThread *other = QThread::create([&dispatcher] { dispatcher.wakeUp(); });
    other->start();
    QVERIFY(other->wait());
    delete other;
    QElapsedTimer timer;
    timer.start();

    dispatcher.processEvents(QEventLoop::WaitForMoreEvents); // would wait for ever
    dispatcher.interrupt();
    dispatcher.processEvents(QEventLoop::WaitForMoreEvents);

    QVERIFY(timer.elapsed() < 5000);
}

void EpollDispatcherTest::leavesSocketsOutWhenAskedTo()
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

void EpollDispatcherTest::echoesBesideIdleConnections()
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

void EpollDispatcherTest::passesReadAndWriteOfOneSocket()
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

void EpollDispatcherTest::costsNothingToSwitchOffAndOnAgain()
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

void EpollDispatcherTest::unregistersInsideAnActivation()
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

void EpollDispatcherTest::followsADescriptorThatIsUsedAgain()
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

void EpollDispatcherTest::seesTheEndOfAConnection()
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

void EpollDispatcherTest::speaksTls()
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

QTEST_GUILESS_MAIN(EpollDispatcherTest)
#include "tst_epolldispatcher.moc"
