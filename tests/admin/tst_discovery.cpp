#include "admin/channels/channeltester.h"
#include "admin/channels/discovery.h"
#include "admin/channels/modellist.h"
#include "support/administrationfixture.h"
#include "support/fakeupstream.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using Check = DraftKeyReport::Check;
using domain::Channel;
using domain::ChannelKey;
using support::AdministrationFixture;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using support::Script;

// What is found on this computer, and what a channel that is not saved yet can do.
class DiscoveryTest : public QObject
{
    Q_OBJECT

private:
    static DiscoveryPlace placeOf(const FakeUpstream &server, const QString &path)
    {
        const QString base = QString::fromLatin1(server.baseUrl());
        return {.name = u"server"_s, .url = base + path, .providerType = 30, .baseUrl = base};
    }
    static Channel draft(const FakeUpstream &provider, const QStringList &keys)
    {
        Channel channel{.baseUrl = QString::fromLatin1(provider.baseUrl())};
        for (const QString &key : keys)
            channel.keys.append({.secret = base::Secret(key)});
        return channel;
    }

private slots:
    void keysOfTheEnvironment();
    void filesOfOtherPrograms();
    void variablesInProfiles_data();
    void variablesInProfiles();
    void keysOfProfiles();
    void keysOfAddressesToWorkOut();
    void localServers();
    void modelLists_data();
    void modelLists();
    void eachKeyOfADraft();
    void aRefusedListIsToldThoughAChatIsWanted_data();
    void aRefusedListIsToldThoughAChatIsWanted();
    void aDraftOfEchoLeadsToEcho();
    void keysOfAnotherAddressAreNotSent();
    void draftTestsCanBeCancelled();
};

void DiscoveryTest::filesOfOtherPrograms()
{
    const QStringList files = discoveryFiles(
        u"/home/me"_s,
        {{u"SQLITE_PATH"_s, u"/data/one-api.db"_s}, {u"CONFIG_FILE_PATH"_s, u"relative.yaml"_s}});

    QCOMPARE(files.front(), u"/data/one-api.db"_s);
    QVERIFY(files.contains(u"/home/me/.cc-switch/cc-switch.db"_s));
    QVERIFY(files.contains(u"/home/me/.claude-code-router/config.json"_s));
    QVERIFY(!files.contains(u"relative.yaml"_s));
}

void DiscoveryTest::keysOfTheEnvironment()
{
    const auto found = providersIn({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s},
                                    {u"GEMINI_API_KEY"_s, u"AIza0123456789abcdef"_s},
                                    {u"GOOGLE_API_KEY"_s, u"AIza0123456789abcdef"_s},
                                    {u"GROQ_API_KEY"_s, u"  "_s},
                                    {u"PATH"_s, u"/usr/bin"_s}});

    QCOMPARE(found.size(), size_t(2));
    QCOMPARE(found[0].origin, u"OPENAI_API_KEY"_s);
    QCOMPARE(found[0].channel.type, domain::provider::openAi);
    QCOMPARE(found[0].channel.keys.front().secret.reveal(), "sk-0123456789abcdef-one");
    QVERIFY(!found[0].maskedKey.contains("0123456789abcdef"_L1));
    QCOMPARE(found[1].channel.type, domain::provider::gemini);
    QCOMPARE(discoveryPlaces().size(), size_t(7));
}

void DiscoveryTest::variablesInProfiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("value");

    QTest::newRow("export") << QByteArray("export OPENAI_API_KEY=sk-one") << u"sk-one"_s;
    QTest::newRow("double quotes")
        << QByteArray("  OPENAI_API_KEY=\"sk one\" # mine") << u"sk one"_s;
    QTest::newRow("single quotes")
        << QByteArray("export OPENAI_API_KEY='sk-$one';") << u"sk-$one"_s;
    QTest::newRow("fish") << QByteArray("set -gx OPENAI_API_KEY sk-one\r\n") << u"sk-one"_s;
    QTest::newRow("fish in parts")
        << QByteArray("set -U -x OPENAI_API_KEY 'sk-one'") << u"sk-one"_s;
    QTest::newRow("the last line counts")
        << QByteArray("OPENAI_API_KEY=sk-one\nOPENAI_API_KEY=sk-two\n") << u"sk-two"_s;
    QTest::newRow("another program's answer")
        << QByteArray("OPENAI_API_KEY=sk-one\nexport OPENAI_API_KEY=\"$(pass show openai)\"")
        << QString();
    QTest::newRow("another variable") << QByteArray("OPENAI_API_KEY=$KEY") << QString();
    QTest::newRow("backticks") << QByteArray("OPENAI_API_KEY=`cat key`") << QString();
    QTest::newRow("before a command") << QByteArray("OPENAI_API_KEY=sk-one program") << QString();
    QTest::newRow("a comment") << QByteArray("# export OPENAI_API_KEY=sk-one") << QString();
    QTest::newRow("no UTF-8") << QByteArray("\xff\xfe\nOPENAI_API_KEY=sk-one") << u"sk-one"_s;
    QTest::newRow("another name") << QByteArray("MY_OPENAI_API_KEY=sk-one") << QString();
}

void DiscoveryTest::variablesInProfiles()
{
    QFETCH(QByteArray, text);

    QTEST(variablesOfProfile(text).value(u"OPENAI_API_KEY"_s), "value");
    QVERIFY(!variablesOfProfile(text).contains(u"MY_OPENAI_API_KEY"_s));
}

// What was started from a menu does not have the variables of a shell.
void DiscoveryTest::keysOfProfiles()
{
    const QTemporaryDir home;
    const auto write = [&home](const QString &name, const QByteArray &text) {
        QFile file(home.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QVERIFY(QDir(home.path()).mkpath(u".gemini"_s) && QDir(home.path()).mkpath(u".bashrc"_s));
    QVERIFY(write(u".zshrc"_s,
                  "export OPENAI_API_KEY=sk-0123456789abcdef-one\n"
                  "export XAI_API_KEY=xai-0123456789abcdef\n"));
    QVERIFY(write(u".profile"_s,
                  "export OPENAI_API_KEY=sk-0123456789abcdef-two\n"
                  "export OPENAI_BASE_URL=https://proxy.example/v1\n"));
    QVERIFY(write(u".gemini/.env"_s, "GEMINI_API_KEY=AIza0123456789abcdef\n"));
    Discovery discovery({{u"HOME"_s, home.path()}, {u"XAI_API_KEY"_s, u"xai-0123456789abcdef"_s}},
                        {});

    const auto found = AdministrationFixture::wait(discovery.scan());

    QVERIFY(found);
    QStringList told;
    for (const FoundProvider &each : *found)
        told.append(each.origin + u' ' + each.profile + u' ' + each.channel.baseUrl);
    const QString openAi = found->size() > 1 ? found->at(1).channel.baseUrl : QString();
    QCOMPARE(told.size(), 4);
    QVERIFY2(told[0].startsWith("XAI_API_KEY  "_L1), qPrintable(told[0])); // once, as it is set
    QVERIFY2(told[1].startsWith("OPENAI_API_KEY ~/.zshrc "_L1), qPrintable(told[1]));
    QVERIFY2(told[2].startsWith("OPENAI_API_KEY ~/.profile https://proxy.example"_L1),
             qPrintable(told[2]));
    QVERIFY2(told[3].startsWith("GEMINI_API_KEY ~/.gemini/.env "_L1), qPrintable(told[3]));
    QVERIFY(!openAi.contains("proxy.example"_L1));
    QCOMPARE(discovery.profiles(),
             (QStringList{u"~/.zshrc"_s, u"~/.profile"_s, u"~/.gemini/.env"_s}));
}

// The key belongs to an address that is not known, and must not go to the provider's own.
void DiscoveryTest::keysOfAddressesToWorkOut()
{
    const auto found = [](const QByteArray &text) -> qsizetype {
        return static_cast<qsizetype>(providersIn(variablesOfProfile(text)).size());
    };

    QCOMPARE(found("OPENAI_API_KEY=sk-0123456789abcdef\n"), 1);
    const QByteArrayList addresses{"\"$PROXY/v1\"", "\"https://$HOST/v1\"", "`cat address`"};
    for (const QByteArray &address : addresses)
        QCOMPARE(found("OPENAI_API_KEY=sk-0123456789abcdef\nOPENAI_BASE_URL=" + address + '\n'), 0);
    QCOMPARE(found("OPENAI_BASE_URL=$PROXY\nOPENAI_BASE_URL=https://proxy.example/v1\n"
                   "OPENAI_API_KEY=sk-0123456789abcdef\n"),
             1);
}

void DiscoveryTest::localServers()
{
    FakeUpstream ollama([](const ReceivedRequest &) {
        return jsonAnswer(200, R"({"models":[{"name":"llama3:8b"},{"name":"qwen3"}]})");
    });
    FakeUpstream website([](const ReceivedRequest &) { return jsonAnswer(200, "<html></html>"); });
    FakeUpstream silent([](const ReceivedRequest &) { return Script().stall(); });
    DiscoveryPlace nobody = placeOf(ollama, u"/api/tags"_s);
    nobody.url = u"http://127.0.0.1:1/v1/models"_s;
    Discovery discovery({{u"XAI_API_KEY"_s, u"xai-0123456789abcdef"_s}},
                        {placeOf(website, u"/v1/models"_s),
                         placeOf(silent, u"/v1/models"_s),
                         nobody,
                         placeOf(ollama, u"/api/tags"_s)});

    const auto found = AdministrationFixture::wait(discovery.scan());

    QVERIFY(found);
    QCOMPARE(found->size(), size_t(2));
    QCOMPARE(found->at(0).source, FoundProvider::Source::Environment);
    QCOMPARE(found->at(1).origin, QString::fromLatin1(ollama.baseUrl()) + u"/api/tags"_s);
    QCOMPARE(found->at(1).channel.models, (QStringList{u"llama3:8b"_s, u"qwen3"_s}));
    QCOMPARE(ollama.lastRequest().target, "/api/tags");
    QVERIFY(ollama.lastRequest().header("Authorization").isEmpty());
}

void DiscoveryTest::modelLists_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isList");
    QTest::addColumn<QStringList>("models");

    QTest::newRow("OpenAI") << QByteArray(R"({"data":[{"id":"b"},{"id":"a"},{"id":"a"}]})") << true
                            << QStringList{u"a"_s, u"b"_s};
    QTest::newRow("Gemini") << QByteArray(R"({"models":[{"name":"models/gemini-2.5-pro"}]})")
                            << true << QStringList{u"gemini-2.5-pro"_s};
    QTest::newRow("no entries") << QByteArray(R"({"data":[]})") << true << QStringList{};
    QTest::newRow("entries of other kinds")
        << QByteArray(R"({"data":[1,null,"x",{"id":7},{"id":"a b"},{"id":"ok"}]})") << true
        << QStringList{u"ok"_s};
    QTest::newRow("an error") << QByteArray(R"({"error":{"message":"no"}})") << false
                              << QStringList{};
    QTest::newRow("null") << QByteArray(R"({"data":null})") << false << QStringList{};
    QTest::newRow("an array") << QByteArray("[]") << false << QStringList{};
    QTest::newRow("cut off") << QByteArray(R"({"data":[{"id":"a")") << false << QStringList{};
}

void DiscoveryTest::modelLists()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, isList);
    QFETCH(QStringList, models);

    const auto found = modelsInAnswer(body);

    QCOMPARE(found.has_value(), isList);
    QCOMPARE(found.value_or(QStringList()), models);
}

void DiscoveryTest::eachKeyOfADraft()
{
    FakeUpstream provider([](const ReceivedRequest &request) {
        if (!request.header("authorization").contains("good"))
            return jsonAnswer(401, R"({"error":{"message":"bad key","code":"invalid_api_key"}})");
        if (request.method == "GET")
            return jsonAnswer(200, R"({"data":[{"id":"gpt-4o-mini"}]})");
        return jsonAnswer(200,
                          R"({"choices":[{"message":{"content":"Hi"},)"
                          R"("finish_reason":"stop"}]})");
    });
    AdministrationFixture house;
    house.start();
    ChannelTester tester(*house.administration);
    QSignalSpy tested(&tester, &ChannelTester::draftKeyTested);

    const auto report = house.wait(tester.testDraft(
        {.channel = draft(provider, {u"good-key-0123456789"_s, u"wrong-key-012345WXYZ"_s}),
         .chat = true}));

    QVERIFY(report);
    QCOMPARE(tested.size(), 2);
    QCOMPARE(report->models, QStringList{u"gpt-4o-mini"_s});
    const DraftKeyReport &good = report->keys.at(0);
    QCOMPARE(good.authentication, Check::Passed);
    QCOMPARE(good.listing, Check::Passed);
    QCOMPARE(good.chat, Check::Passed);
    QVERIFY(good.text.isEmpty());
    const DraftKeyReport &wrong = report->keys.at(1);
    QCOMPARE(wrong.authentication, Check::Failed);
    QCOMPARE(wrong.refusal, protocol::ErrorClass::Authentication);
    QCOMPARE(wrong.chat, Check::NotTried);
    QCOMPARE(wrong.ending, u"WXYZ"_s);
    QCOMPARE(wrong.httpStatus, 401);
    QVERIFY(house.wait(house.administration->channels.list({}))->empty());
}

void DiscoveryTest::aRefusedListIsToldThoughAChatIsWanted_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("no credit") << 402 << QByteArray(R"({"error":{"message":"pay first"}})");
    QTest::newRow("a web page") << 200 << QByteArray("<html></html>");
}

void DiscoveryTest::aRefusedListIsToldThoughAChatIsWanted()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    FakeUpstream provider([&](const ReceivedRequest &) { return jsonAnswer(status, body); });
    AdministrationFixture house;
    house.start();
    ChannelTester tester(*house.administration);
    const Channel channel = draft(provider, {u"some-key-0123456789"_s});

    const auto quiet = house.wait(tester.testDraft({.channel = channel}));
    const auto asking = house.wait(tester.testDraft({.channel = channel, .chat = true}));

    QVERIFY(quiet && asking);
    QCOMPARE(asking->keys.at(0).listing, Check::Failed);
    QCOMPARE(asking->keys.at(0).chat, Check::NotTried);
    QVERIFY(!asking->keys.at(0).text.isEmpty());
    QCOMPARE(asking->keys.at(0).text.english(), quiet->keys.at(0).text.english());
    QCOMPARE(asking->keys.at(0).httpStatus, quiet->keys.at(0).httpStatus);
}

void DiscoveryTest::aDraftOfEchoLeadsToEcho()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return jsonAnswer(200, R"({"data":[{"id":"echo"}]})"); });
    AdministrationFixture house;
    house.start();
    house.administration->publisher.setEcho({.baseUrl = QString::fromLatin1(provider.baseUrl()),
                                             .key = base::Secret(QByteArray("echo-secret"))});
    ChannelTester tester(*house.administration);

    const auto report = house.wait(tester.testDraft({.channel = {.type = domain::provider::echo}}));

    QVERIFY(report);
    QCOMPARE(report->models, QStringList{u"echo"_s});
    QCOMPARE(provider.lastRequest().header("authorization"), "Bearer echo-secret");
}

void DiscoveryTest::keysOfAnotherAddressAreNotSent()
{
    FakeUpstream provider(
        [](const ReceivedRequest &) { return jsonAnswer(200, R"({"data":[{"id":"m"}]})"); });
    AdministrationFixture house;
    house.start();
    ChannelTester tester(*house.administration);
    Channel first = draft(provider, {u"stored-key-0123456789"_s});
    first.name = u"stored"_s;
    const Channel stored = house.wait(house.administration->channels.create({first}))->front();

    const auto same = house.wait(tester.testDraft({.channel = stored}));
    QVERIFY(same);
    QCOMPARE(provider.lastRequest().header("authorization"), "Bearer stored-key-0123456789");
    Channel elsewhere = stored;
    elsewhere.baseUrl = u"http://127.0.0.1:9"_s;
    QCOMPARE(house.wait(tester.testDraft({.channel = elsewhere})).error().code,
             base::ErrorCode::InvalidInput);
}

void DiscoveryTest::draftTestsCanBeCancelled()
{
    FakeUpstream provider([](const ReceivedRequest &) { return Script().stall(); });
    AdministrationFixture house;
    house.start();
    ChannelTester tester(*house.administration);
    auto answer = tester.testDraft({.channel = draft(provider, {u"some-key-0123456789"_s})});
    QTRY_COMPARE(provider.requestCount(), 1);

    tester.cancelDraftTests();

    const auto report = house.wait(answer);
    QVERIFY(report);
    QVERIFY(report->cancelled);
    QCOMPARE(report->keys.at(0).listing, Check::Failed);
    QCOMPARE(report->keys.at(0).text.english(), u"The test was cancelled."_s);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::DiscoveryTest)
#include "tst_discovery.moc"
