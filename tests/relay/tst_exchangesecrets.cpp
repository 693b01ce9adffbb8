#include "domain/attemptnote.h"
#include "relay/exchangefixture.h"

#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::sseStream;

namespace {

// The channel's key, as it is and as some write it.
const QByteArray key("provider-key-1");
const QByteArray escapedKey("provider\\u002Dkey\\u002D1");

QByteArray refusalWith(const QByteArray &words)
{
    return "{\"error\":{\"message\":\"bad " + words
           + " here\",\"type\":\"invalid_request_error\"}}";
}

} // namespace

// Providers repeat what they were sent: what of it nobody may see, and what is kept of it.
class ExchangeSecretsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<ExchangeFixture>(); }
    void refusals_data();
    void refusals();
    void errorEvents_data();
    void errorEvents();
    void headers_data();
    void headers();
    void finishReasons_data();
    void finishReasons();
    void whatRefusesTheRequestIsNotNoted_data();
    void whatRefusesTheRequestIsNotNoted();

private:
    std::unique_ptr<ExchangeFixture> m_fixture;
};

void ExchangeSecretsTest::refusals_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("repeated");
    for (const int status : {400, 500}) {
        const auto row = [status](const char *name, const QByteArray &repeated) {
            QTest::addRow("%s with %d", name, status) << status << repeated;
        };
        row("the key", key);
        row("the key, escaped", escapedKey);
        row("the key in base64", key.toBase64());
        row("a secret of the body", "body-canary");
        row("a secret of the body, escaped", "body\\u002dcanary");
        row("a secret header", "header-canary");
    }
}

void ExchangeSecretsTest::refusals()
{
    QFETCH(int, status);
    QFETCH(QByteArray, repeated);
    FakeUpstream provider(
        [=](const ReceivedRequest &) { return jsonAnswer(status, refusalWith(repeated)); });
    domain::Channel &channel = m_fixture->content.addChannel(1, provider.baseUrl());
    channel.headerOverrides = {{u"X-Auth"_s, u"header-canary"_s}};
    channel.bodyOverrides = {
        {u"account"_s, QJsonObject{{u"api_key"_s, u"body-canary"_s}, {u"name"_s, u"us"_s}}}};

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QVERIFY(provider.lastRequest().body.contains("body-canary"));
    const QByteArray &body = asked->client.body;
    QVERIFY2(body.contains("bad ***"), body.constData());
    for (const QByteArray &text : {body, m_fixture->record().attemptLog}) {
        QVERIFY2(!text.contains(repeated), text.constData());
        QVERIFY2(!text.contains("canary") && !text.contains(key), text.constData());
    }
}

void ExchangeSecretsTest::errorEvents_data()
{
    QTest::addColumn<QByteArray>("repeated");
    QTest::newRow("as it is") << key;
    QTest::newRow("escaped") << escapedKey;
    QTest::newRow("in base64") << key.toBase64();
}

void ExchangeSecretsTest::errorEvents()
{
    QFETCH(QByteArray, repeated);
    FakeUpstream provider([=](const ReceivedRequest &) {
        return sseStream({chunkOf("Hel"), "data: " + refusalWith(repeated) + "\n\n"});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(R"(,"stream":true)"));
    QTRY_VERIFY(asked->client.hasEnded());

    const QByteArray &body = asked->client.body;
    QVERIFY2(body.contains("bad ***"), body.constData());
    QVERIFY2(!body.contains(repeated), body.constData());
}

void ExchangeSecretsTest::headers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("shown");
    for (const int status : {200, 404}) {
        const auto row =
            [status](const char *name, const QByteArray &value, const QByteArray &shown) {
                QTest::addRow("%s with %d", name, status) << status << value << shown;
            };
        row("an id", "req_0123456789abcdef", "req_0123456789abcdef");
        row("the key", key, "***");
        row("the key within", "id-" + key + "-x", "id-***-x");
        row("the key for an address", "provider%2Dkey%2D1", "***");
        row("another escape", "a%20b", "a%20b");
    }
}

void ExchangeSecretsTest::headers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, shown);
    FakeUpstream provider([=](const ReceivedRequest &) {
        return jsonAnswer(status,
                          status == 200 ? chatAnswer() : refusalWith("model"),
                          {"x-request-id: " + value, "x-ratelimit-foo: " + value});
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, status);
    QCOMPARE(asked->client.field("x-provider-request-id"), shown);
    QCOMPARE(asked->client.field("x-ratelimit-foo"), shown);
}

void ExchangeSecretsTest::finishReasons_data()
{
    QTest::addColumn<bool>("stream");
    QTest::newRow("document") << false;
    QTest::newRow("stream") << true;
}

void ExchangeSecretsTest::finishReasons()
{
    QFETCH(bool, stream);
    FakeUpstream provider([=](const ReceivedRequest &) {
        return stream ? sseStream(
                   {chunkOf("Hel"), finishChunk().replace("stop", key), usageChunk(), doneEvent})
                      : jsonAnswer(200, chatAnswer().replace("stop", key));
    });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest(stream ? R"(,"stream":true)" : ""));
    QTRY_VERIFY(asked->client.finished);

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(m_fixture->record().finishReason, QByteArray("***"));
}

void ExchangeSecretsTest::whatRefusesTheRequestIsNotNoted_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("noted");
    QTest::newRow("a mistake of the client's") << 400 << false;
    QTest::newRow("forbidden") << 403 << false;
    QTest::newRow("a fault of the provider's") << 500 << true;
}

void ExchangeSecretsTest::whatRefusesTheRequestIsNotNoted()
{
    QFETCH(int, status);
    QFETCH(bool, noted);
    const QByteArray words = "Invalid input: my diary" + QByteArray(1'000, 'x');
    FakeUpstream provider(
        [=](const ReceivedRequest &) { return jsonAnswer(status, refusalWith(words)); });
    m_fixture->content.addChannel(1, provider.baseUrl());

    const auto asked = m_fixture->ask(chatRequest());
    QTRY_VERIFY(asked->client.finished);

    const auto notes = domain::attemptsFrom(m_fixture->record().attemptLog);
    QCOMPARE(notes.size(), size_t(1));
    QCOMPARE(notes[0].status, status);
    QVERIFY(notes[0].message.contains(QByteArray::number(status)));
    QCOMPARE(notes[0].message.contains("my diary"), noted);
    QVERIFY(notes[0].message.size() < 210);
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeSecretsTest)
#include "tst_exchangesecrets.moc"
