#include "relay/exchange/failureanswer.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::relay {

using protocol::ErrorClass;
using upstream::FailureKind;

class FailureAnswerTest : public QObject
{
    Q_OBJECT

private slots:
    void ofProviders_data();
    void ofProviders();
    void ofTheCall_data();
    void ofTheCall();
    void whatIsTooLargeIsNotAskedForAgain();
    void aWebPageThatMayBeMeantForTheRequest();
    void whoIsForbiddenIsNotTold();
    void whatCouldNotBeSent();
    void overloadedAsAnthropicSaysIt_data();
    void overloadedAsAnthropicSaysIt();
    void aLoopIsTold();
    void restsAreThoseOfTheProvider();
    void theKeysFaultIsNotTold();
};

void FailureAnswerTest::ofProviders_data()
{
    QTest::addColumn<ErrorClass>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<HealthEvent>("health");
    QTest::addColumn<bool>("retry");
    QTest::addColumn<bool>("keyAtFault");
    QTest::addColumn<bool>("clientMistake");
    QTest::addColumn<int>("answered");
    QTest::addColumn<QByteArray>("code");

    const auto good = HealthEvent::Success;
    const auto bad = HealthEvent::Failure;
    const auto row = [](const char *name) -> QTestData & { return QTest::newRow(name); };
    row("a mistake of the client") << ErrorClass::ClientMistake << 400 << good << false << false
                                   << true << 400 << QByteArray("provider_refused_request");
    row("an unknown model") << ErrorClass::ModelNotFound << 404 << good << false << false << true
                            << 404 << QByteArray("provider_model_not_found");
    row("refused content") << ErrorClass::ContentRefused << 403 << good << false << false << true
                           << 403 << QByteArray("provider_refused_content");
    row("a mistake within a 200") << ErrorClass::ClientMistake << 200 << good << false << false
                                  << true << 502 << QByteArray("provider_refused_request");
    row("a refused key") << ErrorClass::Authentication << 401 << HealthEvent::KeyRefused << true
                         << true << false << 502 << QByteArray("channel_key_refused");
    row("forbidden to the key, or to the request")
        << ErrorClass::Forbidden << 403 << bad << true << true << false << 403
        << QByteArray("provider_denied_access");
    row("out of credit") << ErrorClass::OutOfCredit << 402 << HealthEvent::KeyRefused << true
                         << true << false << 502 << QByteArray("channel_out_of_credit");
    row("a rate limit") << ErrorClass::RateLimited << 429 << HealthEvent::RateLimited << true
                        << true << false << 429 << QByteArray("provider_rate_limited");
    row("too many requests for it") << ErrorClass::Overloaded << 529 << bad << true << false
                                    << false << 503 << QByteArray("provider_overloaded");
    row("a fault of the provider") << ErrorClass::ServerFault << 500 << bad << true << false
                                   << false << 502 << QByteArray("provider_fault");
    row("no answer that is understood") << ErrorClass::NotUnderstood << 200 << bad << true << false
                                        << false << 502 << QByteArray("provider_not_understood");
}

void FailureAnswerTest::ofProviders()
{
    QFETCH(ErrorClass, kind);
    QFETCH(int, status);

    const FailureMeaning meaning = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{
            .status = status, .message = base::Message::verbatim(u"words"_s), .kind = kind}});

    QTEST(meaning.health, "health");
    QTEST(meaning.retry, "retry");
    QTEST(meaning.keyAtFault, "keyAtFault");
    QTEST(meaning.clientMistake, "clientMistake");
    QTEST(meaning.answer.status, "answered");
    QTEST(meaning.answer.code, "code");
    QVERIFY(!meaning.answer.message.isEmpty());
}

void FailureAnswerTest::ofTheCall_data()
{
    QTest::addColumn<FailureKind>("kind");
    QTest::addColumn<int>("answered");

    QTest::newRow("no such host") << FailureKind::Resolve << 502;
    QTest::newRow("an address that is not allowed") << FailureKind::ForbiddenAddress << 502;
    QTest::newRow("refused") << FailureKind::Connect << 502;
    QTest::newRow("no connection in time") << FailureKind::ConnectTimeout << 504;
    QTest::newRow("the proxy") << FailureKind::Proxy << 502;
    QTest::newRow("TLS") << FailureKind::Tls << 502;
    QTest::newRow("sending") << FailureKind::Send << 502;
    QTest::newRow("no answer in time") << FailureKind::FirstByteTimeout << 504;
    QTest::newRow("silence within it") << FailureKind::Stalled << 504;
    QTest::newRow("closed") << FailureKind::Closed << 502;
    QTest::newRow("no HTTP") << FailureKind::Malformed << 502;
    QTest::newRow("a broken compression") << FailureKind::Encoding << 502;
}

void FailureAnswerTest::ofTheCall()
{
    QFETCH(FailureKind, kind);

    const FailureMeaning meaning = meaningOf(
        AttemptFailure{.transport = upstream::Failure{
                           .kind = kind, .message = base::Message::verbatim(u"What happened."_s)}});

    QCOMPARE(meaning.health, HealthEvent::Failure);
    QVERIFY(meaning.retry);
    QVERIFY(!meaning.keyAtFault);
    QVERIFY(!meaning.clientMistake);
    QTEST(meaning.answer.status, "answered");
    QCOMPARE(meaning.answer.message.english(), u"What happened."_s);
    QVERIFY(meaning.answer.worthRetrying);
}

void FailureAnswerTest::whatIsTooLargeIsNotAskedForAgain()
{
    const FailureMeaning meaning = meaningOf(
        AttemptFailure{.transport = upstream::Failure{.kind = FailureKind::TooLarge,
                                                      .message = base::Message::verbatim(u"It."_s),
                                                      .answered = true}});

    QVERIFY(!meaning.retry);
    QVERIFY(!meaning.tellsHealth);
    QCOMPARE(meaning.answer.status, 502);
    QCOMPARE(meaning.answer.code, QByteArray("provider_answer_too_large"));
    QVERIFY(!meaning.answer.worthRetrying);
}

// It may be the key's fault or that of the request: another channel is asked, and no key suffers.
void FailureAnswerTest::whoIsForbiddenIsNotTold()
{
    const FailureMeaning meaning = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{.status = 403, .kind = ErrorClass::Forbidden}});

    QVERIFY(!meaning.tellsHealth);
    QVERIFY(meaning.isDenial);
    QVERIFY(!meaning.isDoubtful);
    QVERIFY(!meaning.answer.worthRetrying);
}

void FailureAnswerTest::overloadedAsAnthropicSaysIt_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("answered");

    QTest::newRow("Anthropic") << 529 << QByteArray("overloaded_error") << 529;
    QTest::newRow("another provider") << 529 << QByteArray("server_error") << 503;
    QTest::newRow("another status") << 503 << QByteArray("overloaded_error") << 503;
}

void FailureAnswerTest::overloadedAsAnthropicSaysIt()
{
    QFETCH(int, status);
    QFETCH(QByteArray, type);

    const FailureMeaning meaning = meaningOf(
        AttemptFailure{.provider = protocol::ProviderError{
                           .status = status, .type = type, .kind = ErrorClass::Overloaded}});

    QTEST(meaning.answer.status, "answered");
    QCOMPARE(meaning.answer.code, QByteArray("provider_overloaded"));
    QVERIFY(meaning.retry && meaning.answer.worthRetrying);
}

void FailureAnswerTest::aLoopIsTold()
{
    const FailureMeaning meaning = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{.status = 508, .kind = ErrorClass::ServerFault}});

    QCOMPARE(meaning.answer.status, 508);
    // Another channel may lead elsewhere; the client would only send it round once more.
    QVERIFY(meaning.retry);
    QVERIFY(!meaning.answer.worthRetrying);
}

void FailureAnswerTest::aWebPageThatMayBeMeantForTheRequest()
{
    const FailureMeaning firewall = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{.status = 403, .kind = ErrorClass::NotUnderstood}});
    const FailureMeaning doubtful = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{.status = 400, .kind = ErrorClass::NotUnderstood}});
    const FailureMeaning clear = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{.status = 404, .kind = ErrorClass::NotUnderstood}});

    QVERIFY(doubtful.isDoubtful && firewall.isDoubtful && !clear.isDoubtful);
    QVERIFY(!firewall.tellsHealth);
    QVERIFY(!doubtful.tellsHealth);
    QVERIFY(doubtful.retry);
    QVERIFY(!doubtful.answer.worthRetrying);
    QVERIFY(clear.tellsHealth);
}

void FailureAnswerTest::whatCouldNotBeSent()
{
    const FailureMeaning meaning = meaningOf(AttemptFailure{
        .local = base::Error{.message = base::Message::verbatim(u"The base URL is broken."_s)}});

    QCOMPARE(meaning.answer.status, 503);
    QCOMPARE(meaning.answer.code, QByteArray("channel_unusable"));
    QCOMPARE(meaning.answer.message.english(), u"The base URL is broken."_s);
    QVERIFY(meaning.retry);
    QCOMPARE(meaning.health, HealthEvent::Success);

    // A body that a channel cannot add its system prompt to is the client's.
    const FailureMeaning mistaken = meaningOf(AttemptFailure{
        .local = base::Error{.code = base::ErrorCode::InvalidInput,
                             .message = base::Message::verbatim(u"It must be an array."_s)}});

    QCOMPARE(mistaken.answer.status, 400);
    QCOMPARE(mistaken.answer.code, QByteArray("invalid_request"));
    QVERIFY(mistaken.retry);
    QCOMPARE(mistaken.health, HealthEvent::Success);
}

void FailureAnswerTest::restsAreThoseOfTheProvider()
{
    const FailureMeaning limited = meaningOf(
        AttemptFailure{.provider = protocol::ProviderError{
                           .status = 429, .kind = ErrorClass::RateLimited, .retryAfter = 7s}});
    const FailureMeaning overloaded = meaningOf(
        AttemptFailure{.provider = protocol::ProviderError{
                           .status = 503, .kind = ErrorClass::Overloaded, .retryAfter = 9s}});

    QCOMPARE(limited.rest, std::chrono::milliseconds(7s));
    QCOMPARE(limited.answer.retryAfter, 7s);
    QCOMPARE(overloaded.rest, std::chrono::milliseconds(9s));
    QCOMPARE(overloaded.health, HealthEvent::RateLimited);
}

// Clients need not know whose account is at fault with which provider.
void FailureAnswerTest::theKeysFaultIsNotTold()
{
    const FailureMeaning meaning = meaningOf(AttemptFailure{
        .provider = protocol::ProviderError{.status = 401,
                                            .message = base::Message::verbatim(u"account of bob"_s),
                                            .kind = ErrorClass::Authentication}});

    QVERIFY(!meaning.answer.message.english().contains(u"bob"_s));
    QVERIFY(!meaning.answer.worthRetrying);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::FailureAnswerTest)
#include "tst_failureanswer.moc"
