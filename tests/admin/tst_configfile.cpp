#include "admin/configs/configfile.h"

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
    void liteLlm();
    void liteLlmTypes_data();
    void liteLlmTypes();
    void liteLlmAzure();
    void liteLlmSplitsWhatHasTwoMeanings();
    void liteLlmCredentialsAndMerging();
    void liteLlmLeavesOut_data();
    void liteLlmLeavesOut();
    void variables_data();
    void variables();
    void claudeCodeRouter();
    void claudeCodeRouterLeavesOut();
    void ccSwitchDatabase();
    void ccSwitchFile_data();
    void ccSwitchFile();
    void environmentFile();
    void addresses_data();
    void addresses();
    void comparesWithWhatIsHere();
    void liteLlmLooksUpNothingElse();
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

namespace {

const QString path = u"/tmp/the-file"_s;

ConfigContent read(const QByteArray &text, const Variables &variables = {})
{
    auto content = readConfig(path, text, variables);
    if (!content)
        qWarning("%s", qPrintable(content.error().message.english()));
    return content ? std::move(*content) : ConfigContent();
}

QByteArray keyOf(const ProposedChannel &one)
{
    return one.channel.keys.isEmpty() ? QByteArray() : one.channel.keys.front().secret.reveal();
}

QString notesOf(const ProposedChannel &one)
{
    QStringList notes;
    for (const base::Message &note : one.notes)
        notes.append(note.english());
    return notes.join(u' ');
}

QByteArray entry(const QByteArray &name, const QByteArray &params)
{
    return "  - model_name: " + name + "\n    litellm_params: {" + params + "}\n";
}

} // namespace

void ConfigFileTest::liteLlm()
{
    const ConfigContent content = read(R"(
# a comment
environment_variables:
  FROM_THE_FILE: sk-of-the-file-0123456789
model_list:
  - model_name: gpt-4o ### what clients ask for
    litellm_params:
      model: openai/gpt-4o-2024-08-06
      api_key: "os.environ/OPENAI_KEY"
      rpm: 60
    model_info: {mode: chat}
  - model_name: mini
    litellm_params:
      model: gpt-4o-mini
      api_key: os.environ/OPENAI_KEY
  - model_name: local
    litellm_params: {model: hosted_vllm/qwen3, api_base: http://10.0.0.5:8000/v1}
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4, api_key: os.environ/FROM_THE_FILE}
general_settings:
  master_key: sk-of-the-proxy-itself
)",
                                       {{u"OPENAI_KEY"_s, u"sk-0123456789abcdef"_s}});

    QCOMPARE(content.source, ImportSource::LiteLlm);
    QVERIFY(content.skipped.empty());
    QCOMPARE(content.channels.size(), size_t(3));
    const ProposedChannel &openAi = content.channels[0];
    QCOMPARE(openAi.channel.type, provider::openAi);
    QCOMPARE(openAi.channel.name, u"OpenAI"_s);
    QCOMPARE(openAi.channel.baseUrl, QString());
    QCOMPARE(openAi.channel.models, (QStringList{u"gpt-4o"_s, u"mini"_s}));
    QCOMPARE(openAi.channel.modelMapping,
             (QMap<QString, QString>{{u"gpt-4o"_s, u"gpt-4o-2024-08-06"_s},
                                     {u"mini"_s, u"gpt-4o-mini"_s}}));
    QCOMPARE(keyOf(openAi), QByteArray("sk-0123456789abcdef"));
    QCOMPARE(openAi.maskedKey, u"sk-0…cdef"_s);
    QCOMPARE(openAi.origin, u"model_list"_s);
    QVERIFY(notesOf(openAi).contains(u"rpm"_s));
    QVERIFY(openAi.channel.isEnabled());
    const ProposedChannel &local = content.channels[1];
    QCOMPARE(local.channel.type, provider::custom);
    QCOMPARE(local.channel.baseUrl, u"http://10.0.0.5:8000"_s);
    QVERIFY(local.channel.keys.isEmpty());
    QVERIFY(local.channel.isEnabled()); // a server of one's own needs none
    QCOMPARE(content.channels[2].channel.type, provider::anthropic);
    QCOMPARE(keyOf(content.channels[2]), QByteArray("sk-of-the-file-0123456789"));
}

void ConfigFileTest::liteLlmTypes_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("baseUrl");
    QTest::addColumn<QString>("model");

    QTest::newRow("OpenRouter") << QByteArray("model: openrouter/anthropic/claude-3.5-sonnet")
                                << provider::openRouter << QString()
                                << u"anthropic/claude-3.5-sonnet"_s;
    QTest::newRow("DeepSeek") << QByteArray("model: deepseek/deepseek-chat") << 36 << QString()
                              << u"deepseek-chat"_s;
    QTest::newRow("Gemini") << QByteArray("model: gemini/gemini-2.5-pro") << provider::gemini
                            << QString() << u"gemini-2.5-pro"_s;
    QTest::newRow("Gemini at another address")
        << QByteArray("model: gemini/g, api_base: 'https://proxy.example/v1beta'")
        << provider::gemini << u"https://proxy.example"_s << u"g"_s;
    QTest::newRow("without a provider")
        << QByteArray("model: gpt-4o") << provider::openAi << QString() << u"gpt-4o"_s;
    QTest::newRow("Claude without a provider")
        << QByteArray("model: claude-sonnet-4") << provider::anthropic << QString()
        << u"claude-sonnet-4"_s;
    QTest::newRow("the provider beside")
        << QByteArray("model: some/model, custom_llm_provider: openrouter") << provider::openRouter
        << QString() << u"some/model"_s;
    QTest::newRow("a route before the model") << QByteArray("model: openai/responses/gpt-5-codex")
                                              << provider::openAi << QString() << u"gpt-5-codex"_s;
    QTest::newRow("OpenAI's own address")
        << QByteArray("model: openai/m, api_base: 'https://api.openai.com/v1/'") << provider::openAi
        << QString() << u"m"_s;
    QTest::newRow("another known one")
        << QByteArray("model: openai/m, api_base: 'https://api.deepseek.com/v1'") << 36 << QString()
        << u"m"_s;
    QTest::newRow("without a version")
        << QByteArray("model: openai/m, api_base: 'https://proxy.example/llm'")
        << provider::openAiCompatible << u"https://proxy.example/llm"_s << u"m"_s;
    QTest::newRow("Moonshot's other address") << QByteArray("model: moonshot/kimi-k2") << 25
                                              << u"https://api.moonshot.ai"_s << u"kimi-k2"_s;
    QTest::newRow("DashScope's other address")
        << QByteArray("model: dashscope/qwen-max") << 17 << u"https://dashscope-intl.aliyuncs.com"_s
        << u"qwen-max"_s;
    QTest::newRow("Ollama") << QByteArray("model: ollama_chat/llama3, api_base: "
                                          "'http://localhost:11434'")
                            << provider::ollama << QString() << u"llama3"_s;
    QTest::newRow("Ollama elsewhere")
        << QByteArray("model: ollama/llama3, base_url: 'http://10.0.0.7:11434/v1'")
        << provider::ollama << u"http://10.0.0.7:11434"_s << u"llama3"_s;
    QTest::newRow("without a type of its own")
        << QByteArray("model: cerebras/llama3.1-8b") << provider::custom
        << u"https://api.cerebras.ai"_s << u"llama3.1-8b"_s;
}

void ConfigFileTest::liteLlmTypes()
{
    QFETCH(QByteArray, params);
    QFETCH(int, type);
    QFETCH(QString, baseUrl);
    QFETCH(QString, model);

    const ConfigContent content =
        read("model_list:\n" + entry("asked", params + ", api_key: sk-0123456789abcdef"));

    QCOMPARE(content.channels.size(), size_t(1));
    const Channel &channel = content.channels.front().channel;
    QCOMPARE(channel.type, type);
    QCOMPARE(channel.baseUrl, baseUrl);
    QCOMPARE(channel.models, QStringList{u"asked"_s});
    QCOMPARE(channel.providerModel(u"asked"_s), model);
}

void ConfigFileTest::liteLlmAzure()
{
    const ConfigContent content =
        read("model_list:\n"
             + entry("gpt-4o",
                     "model: azure/eu-deployment, api_base: 'https://eu.openai.azure.com/', "
                     "api_version: '2024-06-01', api_key: azure-key-0123456789")
             + entry("gpt-4o",
                     "model: azure/us-deployment, api_base: 'https://us.openai.azure.com/', "
                     "api_version: 2024-06-01, api_key: azure-key-0123456789")
             + entry("no-address", "model: azure/x, api_key: azure-key-0123456789"));

    QCOMPARE(content.channels.size(), size_t(2));
    const Channel &european = content.channels.front().channel;
    QCOMPARE(european.type, provider::azure);
    QCOMPARE(european.baseUrl, u"https://eu.openai.azure.com"_s);
    QCOMPARE(european.apiVersion, u"2024-06-01"_s);
    QCOMPARE(european.providerModel(u"gpt-4o"_s), u"eu-deployment"_s);
    QCOMPARE(european.name, u"eu.openai.azure.com"_s);
    QCOMPARE(content.skipped.size(), size_t(1));
    QCOMPARE(content.skipped.front().name, u"no-address"_s);
}

// One name cannot mean two models of one channel.
void ConfigFileTest::liteLlmSplitsWhatHasTwoMeanings()
{
    const ConfigContent content =
        read("model_list:\n" + entry("fast", "model: openai/gpt-4o-mini, api_key: sk-0123456789ab")
             + entry("fast", "model: openai/gpt-4.1-nano, api_key: sk-0123456789ab")
             + entry("fast", "model: openai/gpt-4o-mini, api_key: sk-0123456789ab"));

    QCOMPARE(content.channels.size(), size_t(2));
    QCOMPARE(content.channels[0].channel.providerModel(u"fast"_s), u"gpt-4o-mini"_s);
    QCOMPARE(content.channels[1].channel.providerModel(u"fast"_s), u"gpt-4.1-nano"_s);
    QCOMPARE(content.channels[1].channel.name, u"OpenAI 2"_s);
}

void ConfigFileTest::liteLlmCredentialsAndMerging()
{
    const ConfigContent content = read(R"(
shared: &shared {api_key: sk-of-the-anchor-0123, organization: org-1}
credential_list:
  - credential_name: second
    credential_values: {api_key: sk-of-the-credential-01, api_base: https://two.example/v1}
model_list:
  - model_name: one
    litellm_params:
      <<: *shared
      model: openai/one
  - model_name: two
    litellm_params: {model: openai/two, litellm_credential_name: second}
)");

    QCOMPARE(content.channels.size(), size_t(2));
    QCOMPARE(keyOf(content.channels[0]), QByteArray("sk-of-the-anchor-0123"));
    QCOMPARE(content.channels[0].channel.organization, u"org-1"_s);
    QCOMPARE(keyOf(content.channels[1]), QByteArray("sk-of-the-credential-01"));
    QCOMPARE(content.channels[1].channel.baseUrl, u"https://two.example"_s);
}

void ConfigFileTest::liteLlmLeavesOut_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QString>("words");

    QTest::newRow("a cloud") << QByteArray("model: bedrock/anthropic.claude-v2")
                             << u"The provider bedrock is not served"_s;
    QTest::newRow("an unknown model") << QByteArray("model: wonder-7b") << u"openai/wonder-7b"_s;
    QTest::newRow("no model") << QByteArray("api_key: sk-0123456789abcdef") << u"names no model"_s;
    QTest::newRow("no address") << QByteArray("model: hosted_vllm/m") << u"api_base"_s;
    QTest::newRow("no web address")
        << QByteArray("model: openai/m, api_base: 'file:///etc/passwd'") << u"base URL"_s;
    QTest::newRow("a name in the address")
        << QByteArray("model: openai/m, api_base: 'https://a:b@host/v1'") << u"base URL"_s;
    QTest::newRow("an address that is not set")
        << QByteArray("model: openai/m, api_base: os.environ/NOWHERE") << u"NOWHERE"_s;
}

void ConfigFileTest::liteLlmLeavesOut()
{
    QFETCH(QByteArray, params);
    QFETCH(QString, words);

    const ConfigContent content = read("model_list:\n" + entry("asked", params));

    QVERIFY(content.channels.empty());
    QCOMPARE(content.skipped.size(), size_t(1));
    QCOMPARE(content.skipped.front().name, u"asked"_s);
    QVERIFY2(content.skipped.front().text.english().contains(words),
             qPrintable(content.skipped.front().text.english()));
}

void ConfigFileTest::variables_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("note");

    QTest::newRow("set") << QByteArray("model: openai/m, api_key: os.environ/MINE")
                         << QByteArray("sk-mine-0123456789") << QString();
    QTest::newRow("not set") << QByteArray("model: openai/m, api_key: os.environ/ABSENT")
                             << QByteArray() << u"The variable ABSENT"_s;
    QTest::newRow("the provider's usual")
        << QByteArray("model: openai/m") << QByteArray("sk-usual-0123456789") << QString();
    QTest::newRow("the provider's usual, which is not set")
        << QByteArray("model: groq/m") << QByteArray() << u"GROQ_API_KEY"_s;
    QTest::newRow("the usual one does not go elsewhere")
        << QByteArray("model: openai/m, api_base: 'https://evil.example/v1'") << QByteArray()
        << QString();
    QTest::newRow("a key with a blank") << QByteArray("model: openai/m, api_key: 'your key here'")
                                        << QByteArray() << u"has a blank"_s;
    QTest::newRow("a key that is too long")
        << QByteArray("model: openai/m, api_key: " + QByteArray(16 * 1024 + 1, 'x')) << QByteArray()
        << u"is too long"_s;
}

void ConfigFileTest::variables()
{
    QFETCH(QByteArray, params);
    QFETCH(QByteArray, key);
    QFETCH(QString, note);

    const ConfigContent content = read(
        "model_list:\n" + entry("asked", params),
        {{u"MINE"_s, u"sk-mine-0123456789"_s}, {u"OPENAI_API_KEY"_s, u"sk-usual-0123456789"_s}});

    QCOMPARE(content.channels.size(), size_t(1));
    const ProposedChannel &one = content.channels.front();
    QCOMPARE(keyOf(one), key);
    QVERIFY2(notesOf(one).contains(note), qPrintable(notesOf(one)));
    QCOMPARE(one.channel.status,
             note.isEmpty() ? ChannelStatus::Enabled : ChannelStatus::DisabledByHand);
}

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
                                       "DEBUG=1\n");

    QCOMPARE(content.source, ImportSource::Environment);
    QMap<QString, const ProposedChannel *> found;
    for (const ProposedChannel &one : content.channels)
        found.insert(one.origin, &one);
    QCOMPARE(found.keys(),
             (QStringList{u"ANTHROPIC_API_KEY"_s,
                          u"DASHSCOPE_API_KEY"_s,
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
    QCOMPARE(content.skipped.size(), size_t(1));
    QCOMPARE(content.skipped.front().name, u"SECRET_KEY"_s);
    QVERIFY(!content.skipped.front().text.english().contains(u"0123456789"_s));
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

// What a variable holds is shown nowhere, and called as no host.
void ConfigFileTest::liteLlmLooksUpNothingElse()
{
    const QString secret = u"sk-of-something-else"_s;

    const ConfigContent content =
        read("model_list:\n" + entry("a", "model: os.environ/MINE, api_key: k")
                 + entry("b", "model: m, custom_llm_provider: os.environ/MINE, api_key: k")
                 + entry("c", "model: openai/c, api_base: os.environ/MINE, api_key: k")
                 + entry("d",
                         "model: openai/d, organization: os.environ/MINE, "
                         "api_version: os.environ/MINE, api_key: sk-0123456789ab"),
             {{u"MINE"_s, secret}});

    QCOMPARE(content.skipped.size(), size_t(3));
    for (const ImportNote &note : content.skipped)
        QVERIFY2(!note.text.english().contains(secret), qPrintable(note.text.english()));
    QCOMPARE(content.channels.size(), size_t(1));
    const ProposedChannel &one = content.channels.front();
    QCOMPARE(one.channel.organization, QString());
    QCOMPARE(one.channel.apiVersion, QString());
    QVERIFY2(notesOf(one).contains(u"Its organization stands in a variable"_s),
             qPrintable(notesOf(one)));
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
