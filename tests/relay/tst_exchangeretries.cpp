#include "relay/exchangefixture.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// After which status codes another channel is asked, where an administrator has chosen them.
class ExchangeRetriesTest : public QObject
{
    Q_OBJECT

private slots:
    void chosenStatuses_data();
    void chosenStatuses();
    void withoutAnAnswerAnotherOneIsAsked();
    void aRefusedKeyIsToldOfNevertheless();
    void theClientsMistakeIsToldInTheProvidersWords();
};

void ExchangeRetriesTest::chosenStatuses_data()
{
    QTest::addColumn<QString>("chosen");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isRetried");

    const auto row = [](const QString &chosen, int status, bool isRetried) {
        QTest::addRow("%s: %d", chosen.isEmpty() ? "none chosen" : qPrintable(chosen), status)
            << chosen << status << isRetried;
    };
    row({}, 400, false);
    row({}, 401, true);
    row({}, 403, true);
    row({}, 429, true);
    row({}, 500, true);
    row(u"429, 500-599"_s, 429, true);
    row(u"429, 500-599"_s, 503, true);
    row(u"429, 500-599"_s, 401, false);
    row(u"429, 500-599"_s, 403, false);
    row(u"429, 500-599"_s, 400, false);
    row(u"400-599"_s, 400, true);
    row(u"401"_s, 401, true);
    row(u"401"_s, 500, false);
}

void ExchangeRetriesTest::chosenStatuses()
{
    QFETCH(QString, chosen);
    QFETCH(int, status);
    QFETCH(bool, isRetried);
    const QByteArray words = R"({"error":{"message":"no luck","type":"some_error"}})";
    FakeUpstream bad([=](const ReceivedRequest &) { return jsonAnswer(status, words); });
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    ExchangeFixture fixture;
    fixture.content.settings().relay.retryStatuses = chosen;
    fixture.content.addChannel(1, bad.baseUrl()).priority = 1;
    fixture.content.addChannel(2, good.baseUrl());

    const auto asked = fixture.ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(bad.requestCount(), 1);
    QCOMPARE(good.requestCount(), isRetried ? 1 : 0);
    QCOMPARE(asked->client.status == 200, isRetried);
    QCOMPARE(fixture.record().attempts, isRetried ? 2 : 1);
}

// It has no status that could be among the chosen ones.
void ExchangeRetriesTest::withoutAnAnswerAnotherOneIsAsked()
{
    FakeUpstream bad([](const ReceivedRequest &) { return Script().reset(); });
    FakeUpstream good([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    ExchangeFixture fixture;
    fixture.content.settings().relay.retryStatuses = u"429"_s;
    fixture.content.addChannel(1, bad.baseUrl()).priority = 1;
    fixture.content.addChannel(2, good.baseUrl());

    const auto asked = fixture.ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(good.requestCount(), 1);
}

void ExchangeRetriesTest::aRefusedKeyIsToldOfNevertheless()
{
    FakeUpstream bad([](const ReceivedRequest &) { return jsonAnswer(401, errorObject); });
    ExchangeFixture fixture;
    fixture.content.settings().relay.retryStatuses = u"429"_s;
    fixture.content.addChannel(1, bad.baseUrl());

    const auto asked = fixture.ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.status, 502);
    QCOMPARE(fixture.events.refusals.size(), size_t(1));
}

void ExchangeRetriesTest::theClientsMistakeIsToldInTheProvidersWords()
{
    const QByteArray words = R"({"error":{"message":"too hot","type":"invalid_request_error"}})";
    FakeUpstream bad([=](const ReceivedRequest &) { return jsonAnswer(400, words); });
    ExchangeFixture fixture;
    fixture.content.settings().relay.retryStatuses = u"500-599"_s;
    fixture.content.addChannel(1, bad.baseUrl()).priority = 1;
    fixture.content.addChannel(2, bad.baseUrl());

    const auto asked = fixture.ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.status, 400);
    QCOMPARE(asked->client.body, words);
    QCOMPARE(bad.requestCount(), 1);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeRetriesTest)
#include "tst_exchangeretries.moc"
