#include "base/finish.h"

#include <QFuture>
#include <QTest>

#include <thread>

namespace gatehouse {

// Promises that end in another thread while the main thread asks for what comes then.
class FinishTest : public QObject
{
    Q_OBJECT

private slots:
    void continuationsRunOnceInTheMainThread();
    void resultsAreThereAtOnce();
    void endsAtOnceInTheMainThread();
};

void FinishTest::continuationsRunOnceInTheMainThread()
{
    constexpr int rounds = 20'000;
    using Promise = std::shared_ptr<QPromise<int>>;
    std::atomic<Promise *> given = nullptr;
    std::atomic<bool> over = false;
    std::thread worker([&] {
        while (!over) {
            Promise *const taken = given.exchange(nullptr);
            if (!taken)
                continue;
            (*taken)->addResult(1);
            base::finishInMainThread(std::move(*taken));
            delete taken;
        }
    });
    int calls = 0;
    int elsewhere = 0;
    int emptied = 0;
    QObject context;
    for (int round = 0; round < rounds; ++round) {
        const auto promise = std::make_shared<QPromise<int>>();
        promise->start();
        QFuture<int> future = promise->future();
        const auto captured = std::make_shared<int>(round);
        given = new Promise(promise);
        // So that it ends a little sooner or later than then() is called.
        for (std::atomic<int> pause = (round * 7) % 400; pause > 0; --pause) {
        }
        const auto after = [&, captured](int) {
            ++calls;
            elsewhere += QThread::currentThread() == qApp->thread() ? 0 : 1;
            emptied += captured ? 0 : 1;
        };
        future.then(&context, after);
        while (!future.isFinished())
            QCoreApplication::processEvents();
    }
    over = true;
    worker.join();
    QCoreApplication::processEvents();

    QCOMPARE(calls, rounds);
    QCOMPARE(elsewhere, 0);
    QCOMPARE(emptied, 0);
}

void FinishTest::resultsAreThereAtOnce()
{
    const auto promise = std::make_shared<QPromise<int>>();
    promise->start();
    const QFuture<int> future = promise->future();
    std::thread worker([promise] {
        promise->addResult(7);
        base::finishInMainThread(promise);
    });

    QCOMPARE(future.result(), 7); // without an event loop
    worker.join();
    QVERIFY(!future.isFinished());
    QTRY_VERIFY(future.isFinished());
}

void FinishTest::endsAtOnceInTheMainThread()
{
    const auto promise = std::make_shared<QPromise<void>>();
    promise->start();
    base::finishInMainThread(promise);
    QVERIFY(promise->future().isFinished());
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::FinishTest)
#include "tst_finish.moc"
