#include "management/call.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

// Answers that come when nobody is left to ask, as at the end of the program.
class CallTest : public QObject
{
    Q_OBJECT

private slots:
    void answersWithTheValue();
    void answersWhoeverWaitsWhenTheRoutesAreGone();
};

void CallTest::answersWithTheValue()
{
    QObject routes;
    QPromise<base::Result<int>> promise;
    promise.start();
    const Response response =
        respond(promise.future(), &routes, [](int value) { return QJsonValue(value); });

    promise.addResult(base::Result<int>(7));
    promise.finish();

    QVERIFY(response.isFinished());
    QCOMPARE(response.result().status, 200);
    QCOMPARE(QJsonDocument::fromJson(response.result().body)["data"_L1].toInt(), 7);
}

void CallTest::answersWhoeverWaitsWhenTheRoutesAreGone()
{
    auto routes = std::make_unique<QObject>();
    bool isMade = false;
    QPromise<base::Result<int>> promise;
    promise.start();
    const Response response = respond(promise.future(), routes.get(), [&isMade](int value) {
        isMade = true;
        return QJsonValue(value);
    });

    routes.reset();
    promise.addResult(base::Result<int>(7));
    promise.finish();

    QVERIFY(response.isFinished());
    QVERIFY(!isMade);
    QCOMPARE(response.result().status, 503);
    QCOMPARE(QJsonDocument::fromJson(response.result().body)["success"_L1].toBool(true), false);
}

} // namespace gatehouse::management

QTEST_GUILESS_MAIN(gatehouse::management::CallTest)
#include "tst_call.moc"
