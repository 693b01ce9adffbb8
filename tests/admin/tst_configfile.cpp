#include "admin/configreading.h"
#include "admin/configs/looseobject.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace provider = domain::provider;
using base::ErrorCode;
using domain::Channel;
using domain::ChannelStatus;

// What configurations of other programs come to, and that none does harm.
class ConfigFileTest : public QObject
{
    Q_OBJECT

private slots:
    void claudeCodeRouter();
    void claudeCodeRouterLeavesOut();
    void ccSwitchDatabase();
    void ccSwitchFile_data();
    void ccSwitchFile();
    void environmentFile();
    void addresses_data();
    void addresses();
    void comparesWithWhatIsHere();
    void keepsItsOwnVariables_data();
    void keepsItsOwnVariables();
    void readsSoMuchAndNoMore();
    void readsTheFirstLines();
    void refuses_data();
    void refuses();
    void refusesBombs_data();
    void refusesBombs();
    void endsWhenItIsStopped_data();
    void endsWhenItIsStopped();
    void looseJson_data();
    void looseJson();
};

void ConfigFileTest::claudeCodeRouter()
{
    const ConfigContent content = read(R"(// by hand
{
  "LOG": true, /* more
  lines */
  "Providers": [
    {"name": "openrouter",
     "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
     "api_key": "$ROUTER_KEY",
     "models": ["google/gemini-2.5-pro", "anthropic/claude-sonnet-4"],
     "transformer": {"use": [["openrouter", {"order": []}]]},},
    {"name": "gemini",
     "api_base_url": "https://generativelanguage.googleapis.com/v1beta/models/",
     "api_key": "AIza0123456789abcdef", "models": ["gemini-2.5-flash"],
     "transformer": {"use": ["gemini"]}},
    {"name": "claude", "api_base_url": "https://relay.example/v1/messages",
     "api_key": "sk-relay-0123456789", "models": ["claude-sonnet-4"]},
    {"name": "ollama", "api_base_url": "http://localhost:11434/v1/chat/completions",
     "api_key": "ollama", "models": ["qwen2.5-coder:latest"]},
    {"name": "volcengine", "api_base_url": "https://ark.cn-beijing.volces.com/api/v3/chat/completions",
     "api_key": "sk-volc-0123456789", "models": ["deepseek-v3"]},
  ],
  "Router": {"default": "openrouter,anthropic/claude-sonnet-4"},
  "APIKEY": "of-the-router-itself"
})",
                                       {{u"ROUTER_KEY"_s, u"sk-or-0123456789"_s}});

    QCOMPARE(content.source, ImportSource::ClaudeCodeRouter);
    QVERIFY(content.skipped.empty());
    QCOMPARE(content.channels.size(), size_t(5));
    const auto &channels = content.channels;
    QCOMPARE(channels[0].channel.name, u"openrouter"_s);
    QCOMPARE(channels[0].channel.type, provider::openRouter);
    QCOMPARE(channels[0].channel.baseUrl, QString());
    QCOMPARE(channels[0].channel.models.size(), 2);
    QVERIFY(channels[0].channel.modelMapping.isEmpty());
    QCOMPARE(keyOf(channels[0]), QByteArray("sk-or-0123456789"));
    QCOMPARE(channels[1].channel.type, provider::gemini);
    QCOMPARE(channels[1].channel.baseUrl, QString());
    QCOMPARE(channels[2].channel.type, provider::anthropic);
    QCOMPARE(channels[2].channel.baseUrl, u"https://relay.example"_s);
    QCOMPARE(channels[3].channel.type, provider::ollama);
    QCOMPARE(channels[3].channel.models, QStringList{u"qwen2.5-coder:latest"_s});
    QCOMPARE(channels[4].channel.type, 40);
    QCOMPARE(channels[4].channel.baseUrl, QString());
}

void ConfigFileTest::claudeCodeRouterLeavesOut()
{
    const ConfigContent content = read(R"({"Providers": [
        {"name": "nowhere", "api_key": "sk-0123456789abcdef", "models": ["m"]},
        {"name": "cloud", "api_base_url": "https://x.googleapis.com/v1", "api_key": "k",
         "transformer": {"use": ["vertex-gemini"]}},
        "no object", 7, null,
        {"name": {"an": "object"}, "api_base_url": ["a list"], "models": "text"}]})");

    QVERIFY(content.channels.empty());
    QCOMPARE(content.skipped.size(), size_t(6));
    QVERIFY(content.skipped[0].text.english().contains(u"api_base_url"_s));
    QVERIFY(content.skipped[1].text.english().contains(u"Vertex AI"_s));
}

void ConfigFileTest::ccSwitchDatabase()
{
    const auto provider = [](const QString &app,
                             const QString &name,
                             const QByteArray &settings,
                             const QByteArray &meta = "{}",
                             const QString &category = {}) {
        return storage::ForeignProvider{.app = app,
                                        .name = name,
                                        .category = category,
                                        .settings = base::Secret(settings),
                                        .meta = base::Secret(meta)};
    };
    const std::vector<storage::ForeignProvider> providers{
        provider(u"claude"_s, u"Relay"_s, R"({"env":{"ANTHROPIC_BASE_URL":"https://relay.example/",
            "ANTHROPIC_AUTH_TOKEN":"sk-relay-0123456789","ANTHROPIC_MODEL":"claude-sonnet-4[1m]",
            "ANTHROPIC_SMALL_FAST_MODEL":"claude-haiku"}})"),
        provider(u"claude"_s,
                 u"Translated"_s,
                 R"({"env":{"ANTHROPIC_BASE_URL":
            "https://chat.example/","ANTHROPIC_API_KEY":"sk-chat-01234567890"}})",
                 R"({"apiFormat":"openai_chat"})"),
        provider(u"claude"_s, u"Claude Official"_s, R"({"env":{}})", "{}", u"official"_s),
        provider(
            u"codex"_s, u"Relay for Codex"_s, R"({"auth":{"OPENAI_API_KEY":"sk-codex-0123456789"},
            "config":"model_provider = \"custom\"\nmodel = \"gpt-5-codex\" # best\n\n[model_providers.custom]\nname = \"custom\"\nbase_url = \"https://codex.example/v1\"\nwire_api = \"responses\"\n[model_providers.other]\nbase_url = 'https://other.example/v1'\n"})"),
        provider(u"codex"_s,
                 u"ChatGPT"_s,
                 R"({"auth":{"OPENAI_API_KEY":null,"tokens":{}},"config":""})"),
        provider(u"gemini"_s, u"Gemini"_s, R"({"env":{"GEMINI_API_KEY":"AIza0123456789abcdef",
            "GEMINI_MODEL":"gemini-2.5-pro"}})"),
        provider(u"opencode"_s, u"Other"_s, R"({"options":{"apiKey":"sk-x"}})"),
        provider(u"claude"_s, u"Broken"_s, "{\"env\":"),
        provider(
            u"claude"_s, u"The same"_s, R"({"env":{"ANTHROPIC_BASE_URL":"https://relay.example",
            "ANTHROPIC_AUTH_TOKEN":"sk-relay-0123456789","ANTHROPIC_MODEL":"claude-opus"}})")};

    const ConfigContent content = readCcSwitch(providers, {});

    QCOMPARE(content.source, ImportSource::CcSwitch);
    QCOMPARE(content.channels.size(), size_t(4));
    const auto &channels = content.channels;
    QCOMPARE(channels[0].channel.name, u"Relay"_s);
    QCOMPARE(channels[0].origin, u"Claude Code"_s);
    QCOMPARE(channels[0].channel.type, provider::anthropic);
    QCOMPARE(channels[0].channel.baseUrl, u"https://relay.example"_s);
    QCOMPARE(channels[0].channel.models,
             (QStringList{u"claude-sonnet-4"_s, u"claude-haiku"_s, u"claude-opus"_s}));
    QCOMPARE(channels[1].channel.type, provider::custom);
    QCOMPARE(channels[1].channel.baseUrl, u"https://chat.example"_s);
    QCOMPARE(channels[2].channel.baseUrl, u"https://codex.example"_s);
    QCOMPARE(channels[2].channel.models, QStringList{u"gpt-5-codex"_s});
    QCOMPARE(keyOf(channels[2]), QByteArray("sk-codex-0123456789"));
    QCOMPARE(channels[3].channel.type, provider::gemini);
    QCOMPARE(channels[3].channel.models, QStringList{u"gemini-2.5-pro"_s});
    QStringList skipped;
    for (const ImportNote &note : content.skipped)
        skipped.append(note.name);
    QCOMPARE(skipped, (QStringList{u"Claude Official"_s, u"ChatGPT"_s, u"Other"_s, u"Broken"_s}));
}

void ConfigFileTest::ccSwitchFile_data()
{
    QTest::addColumn<QByteArray>("text");

    const QByteArray provider = R"("providers":{"id-1":{"id":"id-1","name":"Relay","settingsConfig":
        {"env":{"ANTHROPIC_BASE_URL":"https://relay.example","ANTHROPIC_AUTH_TOKEN":
        "sk-relay-0123456789"}}}},"current":"id-1")";
    QTest::newRow("of the second version")
        << QByteArray("{\"version\":2,\"claude\":{" + provider
                      + "},\"codex\":{\"providers\":{},\"current\":\"\"},\"mcp\":{}}");
    QTest::newRow("of the first version") << QByteArray("{" + provider + "}");
}

void ConfigFileTest::ccSwitchFile()
{
    QFETCH(QByteArray, text);

    const ConfigContent content = read(text);

    QCOMPARE(content.source, ImportSource::CcSwitch);
    QCOMPARE(content.channels.size(), size_t(1));
    QCOMPARE(content.channels.front().channel.name, u"Relay"_s);
    QCOMPARE(content.channels.front().channel.type, provider::anthropic);
    QVERIFY(content.skipped.empty());
}

void ConfigFileTest::environmentFile()
{
    const ConfigContent content = read("\xef\xbb\xbf# keys\n"
                                       "export OPENAI_API_KEY=\"sk-proj-0123456789abcdef\"\r\n"
                                       "OPENAI_MODEL=gpt-4o\n"
                                       "ANTHROPIC_API_KEY=sk-ant-0123456789abcdef\n"
                                       "DASHSCOPE_API_KEY=sk-dash-0123456789abcdef\n"
                                       "DASHSCOPE_BASE_URL="
                                       "https://dashscope-intl.aliyuncs.com/compatible-mode/v1\n"
                                       "RELAY_API_KEY='sk-relay-0123456789abcdef'\n"
                                       "RELAY_BASE_URL='https://relay.example/v1'\n"
                                       "DATABASE_URL=postgresql://u:p@h/d\n"
                                       "SECRET_KEY=0123456789abcdef0123\n"
                                       "MY_KEY=sk-ant-my-0123456789abcdef\n"
                                       "MY_TOKEN=ghp_0123456789abcdef\n"
                                       "DEBUG=1\n");

    QCOMPARE(content.source, ImportSource::Environment);
    QMap<QString, const ProposedChannel *> found;
    for (const ProposedChannel &one : content.channels)
        found.insert(one.origin, &one);
    QCOMPARE(found.keys(),
             (QStringList{u"ANTHROPIC_API_KEY"_s,
                          u"DASHSCOPE_API_KEY"_s,
                          u"MY_KEY"_s,
                          u"OPENAI_API_KEY"_s,
                          u"RELAY_API_KEY"_s}));
    QCOMPARE(found[u"OPENAI_API_KEY"_s]->channel.type, provider::openAi);
    QCOMPARE(found[u"OPENAI_API_KEY"_s]->channel.models, QStringList{u"gpt-4o"_s});
    QCOMPARE(keyOf(*found[u"OPENAI_API_KEY"_s]), QByteArray("sk-proj-0123456789abcdef"));
    QCOMPARE(found[u"ANTHROPIC_API_KEY"_s]->channel.type, provider::anthropic);
    QCOMPARE(found[u"DASHSCOPE_API_KEY"_s]->channel.type, 17);
    QCOMPARE(found[u"DASHSCOPE_API_KEY"_s]->channel.baseUrl,
             u"https://dashscope-intl.aliyuncs.com"_s);
    QCOMPARE(found[u"RELAY_API_KEY"_s]->channel.type, provider::custom);
    QCOMPARE(found[u"RELAY_API_KEY"_s]->channel.baseUrl, u"https://relay.example"_s);
    QCOMPARE(keyOf(*found[u"MY_KEY"_s]), QByteArray("sk-ant-my-0123456789abcdef"));
    QCOMPARE(content.skipped.size(), size_t(2));
    QCOMPARE(content.skipped[0].name, u"MY_TOKEN"_s); // no key of that provider
    QCOMPARE(content.skipped[1].name, u"SECRET_KEY"_s);
    QVERIFY(!content.skipped[1].text.english().contains(u"0123456789"_s));
}

void ConfigFileTest::addresses_data()
{
    QTest::addColumn<domain::Dialect>("dialect");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("placeType"); // 0: none
    QTest::addColumn<QString>("baseUrl");

    using domain::Dialect;
    QTest::newRow("none") << Dialect::Anthropic << 0 << QString() << provider::anthropic
                          << QString();
    QTest::newRow("without a scheme") << Dialect::OpenAi << 0 << u"host.example/v1"_s
                                      << provider::custom << u"https://host.example"_s;
    QTest::newRow("a query and a fragment")
        << Dialect::OpenAi << 0 << u"https://host.example/v1/chat/completions?key=sk-1#x"_s
        << provider::custom << u"https://host.example"_s;
    QTest::newRow("many slashes") << Dialect::OpenAi << 0 << u"https://host.example/v1///"_s
                                  << provider::custom << u"https://host.example"_s;
    QTest::newRow("a port") << Dialect::Anthropic << 0 << u"http://127.0.0.1:8080/v1"_s
                            << provider::anthropic << u"http://127.0.0.1:8080"_s;
    QTest::newRow("IPv6") << Dialect::OpenAi << 0 << u"http://[::1]:1234/v1"_s << provider::lmStudio
                          << u"http://[::1]:1234"_s;
    QTest::newRow("Azure with a deployment") << Dialect::OpenAi << provider::azure
                                             << u"https://x.openai.azure.com/openai/deployments/d"_s
                                             << provider::azure << u"https://x.openai.azure.com"_s;
    QTest::newRow("nonsense") << Dialect::OpenAi << 0 << u"https://"_s << 0 << QString();
    QTest::newRow("another scheme")
        << Dialect::OpenAi << 0 << u"javascript://x"_s << 0 << QString();
}

void ConfigFileTest::addresses()
{
    QFETCH(domain::Dialect, dialect);
    QFETCH(int, type);
    QFETCH(QString, address);
    QFETCH(int, placeType);
    QFETCH(QString, baseUrl);

    const auto place = placeOf({.dialect = dialect, .type = type, .address = address});

    QCOMPARE(place ? place->type : 0, placeType);
    if (place)
        QCOMPARE(place->baseUrl, baseUrl);
}

void ConfigFileTest::comparesWithWhatIsHere()
{
    ConfigContent content =
        read("model_list:\n" + entry("one", "model: openai/one, api_key: sk-0123456789ab")
             + entry("two", "model: anthropic/two, api_key: sk-0123456789ab")
             + entry("three", "model: openai/m, api_base: 'http://own.example:3000/v1', api_key: x")
             + entry("four", "model: openai/m, api_base: 'http://plain.example/v1', api_key: x"));
    // Of another type, and with another key beside; but the same dialect, place and key.
    const Channel here{.type = provider::custom,
                       .name = u"mine"_s,
                       .baseUrl = u"https://api.openai.com"_s,
                       .keys = {{.secret = base::Secret(QByteArray("sk-other"))},
                                {.secret = base::Secret(QByteArray("sk-0123456789ab"))}}};

    compareWithPresent(content, {here}, [](const QString &host, quint16 port) {
        return host == u"own.example"_s && port == 3000;
    });

    QCOMPARE(content.channels.size(), size_t(3));
    QCOMPARE(content.channels[0].present, u"mine"_s);
    QVERIFY(content.channels[1].present.isEmpty());
    QVERIFY(notesOf(content.channels[2]).contains(u"not encrypted"_s));
    QCOMPARE(content.skipped.size(), size_t(1));
    QVERIFY(content.skipped.front().text.english().contains(u"this gateway itself"_s));
}

void ConfigFileTest::keepsItsOwnVariables_data()
{
    QTest::addColumn<QString>("variable");

    for (const QString &name : {u"GATEHOUSE_MASTER_KEY"_s,
                                u"GATEHOUSE_ROOT_PASSWORD"_s,
                                u"SQL_DSN"_s,
                                u"INITIAL_ROOT_TOKEN"_s,
                                u"INITIAL_ROOT_ACCESS_TOKEN"_s,
                                u"SESSION_SECRET"_s,
                                u"PGPASSWORD"_s,
                                u"CREDENTIALS_DIRECTORY"_s,
                                u"sql_dsn"_s})
        QTest::newRow(qPrintable(name)) << name;
}

// A file could have the key to everything sent to an address of its own.
void ConfigFileTest::keepsItsOwnVariables()
{
    QFETCH(QString, variable);
    const QByteArray name = variable.toUtf8();
    const Variables variables{{variable, u"the-master-key-01234"_s}};

    const ConfigContent liteLlm =
        read("model_list:\n"
                 + entry("m",
                         "model: openai/m, api_base: 'https://evil.example/v1', "
                         "api_key: os.environ/"
                             + name),
             variables);
    const ConfigContent router =
        read(R"({"Providers": [{"name": "m", "api_base_url": "https://evil.example/v1",
                 "api_key": "$)"
                 + name + R"(", "models": ["m"]}]})",
             variables);
    const std::vector<storage::ForeignProvider> providers{
        {.app = u"codex"_s,
         .name = u"m"_s,
         .settings = base::Secret(
             QByteArray(R"({"auth":{},"config":"model_provider = \"m\"\n)"
                        R"([model_providers.m]\nbase_url = \"https://evil.example/v1\"\n)"
                        R"(env_key = \")"
                        + name + R"(\"\n"})")),
         .meta = base::Secret(QByteArray("{}"))}};
    const ConfigContent codex = readCcSwitch(providers, variables);

    for (const ConfigContent *content : {&liteLlm, &router, &codex}) {
        QCOMPARE(content->channels.size(), size_t(1));
        QVERIFY(content->channels.front().channel.keys.isEmpty());
        QCOMPARE(content->channels.front().channel.status, ChannelStatus::DisabledByHand);
        QVERIFY(notesOf(content->channels.front()).contains(variable));
    }
}

void ConfigFileTest::readsSoMuchAndNoMore()
{
    const QByteArray relay = R"({"api_base_url": "https://r.example/v1", "api_key": "k")";
    QByteArray models;
    for (int i = 0; i < 3'000; ++i)
        models += (i ? ",\"m" : "\"m") + QByteArray::number(i) + '"';
    const QByteArray wide = relay + ",\"models\":[" + models + "]}";
    const QByteArray narrow = relay + ",\"models\":[\"m\"]}";
    const auto listOf = [](const QByteArray &one, int count) -> QByteArray {
        return "{\"Providers\":[" + QByteArray(one + ",").repeated(count - 1) + one + "]}";
    };

    const ConfigContent one = read(listOf(wide, 1));
    const ConfigContent many = read(listOf(wide, 60));
    const ConfigContent entries = read(listOf(narrow, 20'001));

    QCOMPARE(one.channels.size(), size_t(1));
    QCOMPARE(one.channels.front().channel.models.size(), 2'000);
    QVERIFY(one.skipped.empty());
    QCOMPARE(many.channels.size(), size_t(1));
    QCOMPARE(many.skipped.size(), size_t(1));
    QVERIFY(many.skipped.front().text.english().contains(u"the first 100000 models"_s));
    QCOMPARE(entries.channels.size(), size_t(1));
    QCOMPARE(entries.skipped.size(), size_t(1));
    QVERIFY(entries.skipped.front().text.english().contains(u"the first 20000 are read"_s));
}

void ConfigFileTest::readsTheFirstLines()
{
    const QByteArray key = "OPENAI_API_KEY=sk-proj-0123456789abcdef\n";

    const ConfigContent content = read(key + QByteArray("X=1\n").repeated(20'000)
                                       + "ANTHROPIC_API_KEY=sk-ant-0123456789ab\n");

    QCOMPARE(content.channels.size(), size_t(1));
    QCOMPARE(content.channels.front().origin, u"OPENAI_API_KEY"_s);
}

void ConfigFileTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");

    QTest::newRow("nothing") << QByteArray(" \n\t") << u"is empty"_s;
    QTest::newRow("notes") << QByteArray("these are notes\n").repeated(100)
                           << u"none that can be imported"_s;
    QTest::newRow("bytes") << QByteArray("\x7f"
                                         "ELF\0\0\1",
                                         7)
                           << u"none that can be imported"_s;
    QTest::newRow("settings of something else")
        << QByteArray("DEBUG=1\nPORT=80\n") << u"none that can be imported"_s;
    QTest::newRow("another YAML") << QByteArray("services:\n  web: {image: nginx}\n")
                                  << u"none that can be imported"_s;
    QTest::newRow("another JSON") << QByteArray(R"({"name":"x","providers":7})")
                                  << u"none that can be imported"_s;
    QTest::newRow("broken JSON") << QByteArray("{\n\"Providers\": [\n{\"api_key\": \"sk-secret-1\"")
                                 << u"is broken: This is no JSON that can be read"_s;
    QTest::newRow("broken YAML") << QByteArray("model_list:\n  - a: [sk-secret-1\n b: }\n")
                                 << u"is broken: This is no YAML that can be read; see line"_s;
    QTest::newRow("LiteLLM without models")
        << QByteArray("litellm_settings: {drop_params: true}\n") << u"lists no models"_s;
    QTest::newRow("models that are no list")
        << QByteArray("model_list: {a: b}\n") << u"lists no models"_s;
}

void ConfigFileTest::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, words);

    const auto content = readConfig(path, text, {});

    QVERIFY(!content);
    const QString message = content.error().message.english();
    QCOMPARE(content.error().code, ErrorCode::InvalidInput);
    QVERIFY2(message.contains(words), qPrintable(message));
    QVERIFY2(message.contains(path), qPrintable(message));
    QVERIFY(!message.contains(u"sk-secret"_s));
    QVERIFY(!content.error().detail.contains(u"sk-secret"_s));
}

void ConfigFileTest::refusesBombs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isRefused"); // else it is quick

    QByteArray laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 30; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1);
        const QByteArray name = QByteArray::number(i);
        laughs += "a" + name + ": &a" + name + " [" + QByteArray(before + ",").repeated(8) + before
                  + "]\n";
    }
    QTest::newRow("a billion laughs") << QByteArray(laughs + "model_list: *a29\n") << false;
    QTest::newRow("an alias within itself") << QByteArray("model_list: &a [*a]\n") << true;
    QTest::newRow("an unknown alias") << QByteArray("model_list: [*nobody]\n") << true;
    QTest::newRow("deep YAML") << QByteArray("model_list: " + QByteArray(100'000, '[')
                                             + QByteArray(100'000, ']') + "\n")
                               << true;
    QTest::newRow("deep JSON") << QByteArray("{\"Providers\": " + QByteArray(100'000, '[')
                                             + QByteArray(100'000, ']') + "}")
                               << true;
    QByteArray names = "model_list: []\nmore:\n";
    for (int i = 0; i < 50'000; ++i)
        names += "  n" + QByteArray::number(i) + ": 1\n";
    QTest::newRow("too many names") << names << true;
    QByteArray merged = "model_list: []\n";
    for (int i = 0; i < 3; ++i) {
        merged += "m" + QByteArray::number(i) + ": &m" + QByteArray::number(i) + "\n";
        for (int j = 0; j < 10'000; ++j)
            merged += " n" + QByteArray::number(i * 10'000 + j) + ": 1\n";
    }
    QTest::newRow("too many names by merging")
        << QByteArray(merged + "all: {<<: [*m0, *m1, *m2]}\n") << true;
    QByteArray models(100'000, 'm');
    for (qsizetype i = 1; i < models.size(); i += 2)
        models[i] = ',';
    const QByteArray provider =
        "{Providers: [&p {api_base_url: 'https://r.example/v1', api_key: k, "
        "models: ["
        + models + "]}" + QByteArray(", *p").repeated(100'000) + "]}";
    QTest::newRow("one provider many times") << provider << false;
    QTest::newRow("a large YAML") << QByteArray("model_list: []\n"
                                                + QByteArray("# nothing\n").repeated(200'000))
                                  << true;
    QTest::newRow("large loose JSON")
        << QByteArray("{'Providers': [" + QByteArray("[],").repeated(1'000'000) + "]}") << true;
}

void ConfigFileTest::refusesBombs()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isRefused);
    QElapsedTimer time;
    time.start();

    const auto content = readConfig(path, text, {});

    QCOMPARE(!content.has_value(), isRefused);
    QVERIFY2(time.elapsed() < 20'000, qPrintable(QString::number(time.elapsed())));
}

void ConfigFileTest::endsWhenItIsStopped_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("LiteLLM") << QByteArray("model_list:\n" + entry("m", "model: openai/m"));
    QTest::newRow("Claude Code Router") << QByteArray(R"({"Providers": [{"name": "m"}]})");
    QTest::newRow("loose JSON") << QByteArray("{Providers: [{name: m}]}");
    QTest::newRow("cc-switch") << QByteArray(R"({"codex": {"providers": {"m": {}}}})");
    QTest::newRow(".env") << QByteArray("OPENAI_API_KEY=sk-proj-0123456789abcdef\n");
}

void ConfigFileTest::endsWhenItIsStopped()
{
    QFETCH(QByteArray, text);
    std::stop_source stop;
    stop.request_stop();

    const auto content = readConfig(path, text, {}, stop.get_token());

    QVERIFY(!content);
    QCOMPARE(content.error().code, ErrorCode::Cancelled);
}

void ConfigFileTest::looseJson_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("strict") << QByteArray(R"({"a": "http://x//y", "b": ["1", "2"]})");
    QTest::newRow("comments") << QByteArray("{// one\n\"a\": /* two */ \"http://x//y\",\n"
                                            "\"b\": [\"1\", \"2\"]\n}");
    QTest::newRow("trailing commas")
        << QByteArray("{\"a\": \"http://x//y\", \"b\": [\"1\", \"2\", ] , }");
    QTest::newRow("single quotes and bare names")
        << QByteArray("{a: 'http://x//y', 'b': ['1', \"2\",],}");
    QTest::newRow("brackets in a comment")
        << QByteArray("{a: 'http://x//y', # " + QByteArray(100, '[') + "\n'b': ['1', \"2\"]}");
}

void ConfigFileTest::looseJson()
{
    QFETCH(QByteArray, text);

    const auto object = objectFromLooseJson(text);

    QVERIFY2(object, object ? "" : qPrintable(object.error().message.english()));
    QCOMPARE(*object,
             (QJsonObject{{u"a"_s, u"http://x//y"_s}, {u"b"_s, QJsonArray{u"1"_s, u"2"_s}}}));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ConfigFileTest)
#include "tst_configfile.moc"
