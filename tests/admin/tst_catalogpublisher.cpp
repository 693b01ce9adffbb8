#include "support/administrationfixture.h"

#include "storage/repositories/userrepository.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::Quota;
using support::AdministrationFixture;

class TestCatalogPublisher : public QObject
{
    Q_OBJECT

private slots:
    void answersWhenInForce();
    void waitsForTheGateway();
    void putsBurstsInForceTogether();
    void refusedChangesLoadNothing();
    void balancesAgree();
    void settles();
    void fillsEcho();
    void survivesTroubleOfTheDatabase();
};

void TestCatalogPublisher::answersWhenInForce()
{
    AdministrationFixture house;
    house.start();
    CatalogPublisher &publisher = house.administration->publisher;
    int emitted = 0;
    QObject::connect(&publisher, &CatalogPublisher::catalogChanged, this, [&](const auto &catalog) {
        ++emitted;
        QVERIFY(catalog == publisher.catalog());
    });
    const auto before = publisher.catalog();

    QVERIFY(house.wait(house.administration->settings.set(u"relay.retries"_s, u"9"_s)));

    QCOMPARE(emitted, 1);
    QCOMPARE(publisher.catalog()->settings().relay.retries, 9);
    // Who began with the former catalog keeps it.
    QCOMPARE(before->settings().relay.retries, 3);
}

void TestCatalogPublisher::waitsForTheGateway()
{
    AdministrationFixture house;
    house.start();
    QPromise<void> installed;
    installed.start();
    house.administration->publisher.setInstall([&](const auto &) { return installed.future(); });

    Answer<> answer = house.administration->settings.set(u"relay.retries"_s, u"9"_s);
    QTRY_COMPARE(house.administration->publisher.catalog()->settings().relay.retries, 9);
    QVERIFY(!answer.isFinished());
    installed.finish();

    QVERIFY(house.wait(answer));
}

void TestCatalogPublisher::putsBurstsInForceTogether()
{
    AdministrationFixture house;
    house.start();
    int emitted = 0;
    QObject::connect(&house.administration->publisher,
                     &CatalogPublisher::catalogChanged,
                     this,
                     [&] { ++emitted; });

    std::vector<Answer<domain::Token>> answers;
    for (int i = 0; i < 50; ++i)
        answers.push_back(house.administration->tokens.create(house.root(), {.unlimited = true}));
    for (const auto &answer : answers)
        QVERIFY(house.wait(answer));

    QCOMPARE(house.administration->publisher.catalog()->tokens().size(), size_t(50));
    QVERIFY2(emitted <= 5, QByteArray::number(emitted).constData());
}

void TestCatalogPublisher::refusedChangesLoadNothing()
{
    AdministrationFixture house;
    house.start();
    const auto before = house.administration->publisher.catalog();

    QVERIFY(!house.wait(house.administration->tokens.remove(house.root(), {77})));

    QCOMPARE(house.administration->publisher.catalog(), before);
}

// New accounts are opened and filled at the same time: nothing is counted twice or forgotten.
void TestCatalogPublisher::balancesAgree()
{
    AdministrationFixture house;
    house.start();
    UserService &users = house.administration->users;
    for (int round = 0; round < 5; ++round) {
        const auto made = house.wait(users.create(house.root(),
                                                  {.username = u"user%1"_s.arg(round),
                                                   .password = base::Secret(u"long enough"_s),
                                                   .balance = Quota{10}}));
        QVERIFY(made);
        std::vector<Answer<Quota>> answers;
        for (int i = 0; i < 20; ++i) {
            answers.push_back(users.topUp(house.root(), made->id, Quota{7}, {}));
            house.administration->publisher.publish();
        }
        for (const auto &answer : answers)
            QVERIFY(house.wait(answer));

        QCOMPARE(house.admission->userBalance(made->id)->units, 150);
        QCOMPARE(house.wait(users.find(house.root(), made->id))->balance.units, 150);
    }
}

void TestCatalogPublisher::settles()
{
    AdministrationFixture house;
    house.start();
    CatalogPublisher &publisher = house.administration->publisher;
    QVERIFY(publisher.settled().isFinished());
    QPromise<void> installed;
    installed.start();
    publisher.setInstall([&](const auto &) { return installed.future(); });

    const Answer<> answer = house.administration->settings.set(u"relay.retries"_s, u"9"_s);
    const QFuture<void> settled = publisher.settled();
    QTRY_COMPARE(publisher.catalog()->settings().relay.retries, 9);
    QVERIFY(!settled.isFinished());
    installed.finish();

    QTRY_VERIFY(settled.isFinished());
    QVERIFY(answer.isFinished());
}

void TestCatalogPublisher::fillsEcho()
{
    AdministrationFixture house;
    house.start();
    house.administration->publisher.setEcho(
        {.baseUrl = u"http://127.0.0.1:4567"_s, .key = base::Secret(QByteArray("echo-secret"))});

    const auto made = house.wait(house.administration->channels.create({domain::Channel{
        .type = domain::provider::echo, .name = u"Echo"_s, .models = {u"echo"_s}}}));

    QVERIFY2(made, made ? "" : qPrintable(made.error().message.english()));
    QCOMPARE(made->front().baseUrl, QString());
    const auto *known = house.administration->publisher.catalog()->channel(made->front().id);
    QCOMPARE(known->baseUrl, QByteArray("http://127.0.0.1:4567"));
    QCOMPARE(known->channel.keys.at(0).secret.reveal(), QByteArray("echo-secret"));
}

void TestCatalogPublisher::survivesTroubleOfTheDatabase()
{
    AdministrationFixture house;
    house.start();
    const auto before = house.administration->publisher.catalog();
    house.storage->stop();

    const auto outcome = house.wait(house.administration->publisher.publish());

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, base::ErrorCode::Unavailable);
    QCOMPARE(house.administration->publisher.catalog(), before);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TestCatalogPublisher)
#include "tst_catalogpublisher.moc"
