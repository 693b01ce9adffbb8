#include "gateway/dispatcher.h"
#include "gateway/dispatcherthread.h"
#include "gateway/epolldispatcher.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QSemaphore>
#include <QSocketNotifier>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using gateway::EpollDispatcher;
using tests::DispatcherThread;
using tests::SocketPair;
using tests::waitFor;

// Timers, calls and loops of the dispatcher.
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

QTEST_GUILESS_MAIN(EpollDispatcherTest)
#include "tst_epolldispatcher.moc"
