#include "admin/configreading.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace provider = domain::provider;
using domain::Channel;
using domain::ChannelStatus;

// What a configuration of LiteLLM comes to.
class LiteLlmConfigTest : public QObject
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
    void liteLlmLooksUpNothingElse();
};

void LiteLlmConfigTest::liteLlm()
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

void LiteLlmConfigTest::liteLlmTypes_data()
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

void LiteLlmConfigTest::liteLlmTypes()
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

void LiteLlmConfigTest::liteLlmAzure()
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
void LiteLlmConfigTest::liteLlmSplitsWhatHasTwoMeanings()
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

void LiteLlmConfigTest::liteLlmCredentialsAndMerging()
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

void LiteLlmConfigTest::liteLlmLeavesOut_data()
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

void LiteLlmConfigTest::liteLlmLeavesOut()
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

void LiteLlmConfigTest::variables_data()
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

void LiteLlmConfigTest::variables()
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

// What a variable holds is shown nowhere, and called as no host.
void LiteLlmConfigTest::liteLlmLooksUpNothingElse()
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

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::LiteLlmConfigTest)
#include "tst_litellmconfig.moc"
