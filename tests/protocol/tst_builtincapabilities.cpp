#include "domain/providertype.h"
#include "protocol/capabilities/builtincapabilities.h"
#include "protocol/capabilities/capabilitytable.h"

#include <QtTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace gatehouse;
using namespace Qt::StringLiterals;

using domain::Capabilities;
using domain::Capability;
using domain::ModelPurpose;
using protocol::BuiltinCapabilities;
using protocol::CapabilityTable;

// What models can do, by the table that comes with the program.
class BuiltinCapabilitiesTest : public QObject
{
    Q_OBJECT

private slots:
    void knowsWhatModelsCan_data();
    void knowsWhatModelsCan();
    void guessesNothing_data();
    void guessesNothing();
    void doesNotClaimWhatIsNotListed();
    void knowsPurposes_data();
    void knowsPurposes();
    void knowsContextWindows();
    void prefersTheProvider();
    void findsTheFamilyOfARelease();
    void namesModelsAlike_data();
    void namesModelsAlike();
    void namesFamilies_data();
    void namesFamilies();
    void saysWhereItComesFrom();
    void knowsTheProvidersOfTypesAlone();
    void isReadOnceByAll();
    void refusesDamagedTables_data();
    void refusesDamagedTables();

private:
    const BuiltinCapabilities m_known{};
};

void BuiltinCapabilitiesTest::knowsWhatModelsCan_data()
{
    QTest::addColumn<QByteArray>("provider");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<Capabilities>("able"); // to this at the least

    const Capabilities claude =
        Capability::Tools | Capability::Vision | Capability::Reasoning | Capability::PromptCache;
    const auto row =
        [](const char *name, QByteArray provider, QByteArray model, Capabilities able) {
            QTest::newRow(name) << std::move(provider) << std::move(model) << able;
        };
    row("its maker", "anthropic", "claude-sonnet-4-5", claude);
    row("a release", "anthropic", "claude-sonnet-4-5-20250929", claude);
    row("a release that is not listed", "anthropic", "claude-sonnet-4-5-20280101", claude);
    row("Vertex's release", {}, "claude-sonnet-4-5@20250929", claude);
    row("Bedrock's release", {}, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", claude);
    row("OpenRouter's spelling", "openrouter", "anthropic/claude-sonnet-4.5", claude);
    row("OpenRouter's variant", "openrouter", "anthropic/claude-sonnet-4.5:nitro", claude);
    row("in capitals", {}, "Claude-Sonnet-4.5", claude);
    row("the latest", {}, "claude-3-5-haiku-latest", Capability::Tools);
    row("of an unknown provider", {}, "gpt-4o", Capability::Tools | Capability::Vision);
    row("a release with dashes", "openai", "gpt-4o-2024-08-06", Capability::Tools);
    row("that listens and speaks",
        "openai",
        "gpt-4o-audio-preview",
        Capability::Audio | Capability::Speech);
    row("that watches",
        "google",
        "models/gemini-2.5-pro",
        Capability::Video | Capability::Documents);
    row("without pictures", "deepseek", "deepseek-reasoner", Capability::Reasoning);
    row("open weights", "groq", "openai/gpt-oss-120b", Capability::Tools | Capability::Reasoning);
}

void BuiltinCapabilitiesTest::knowsWhatModelsCan()
{
    QFETCH(QByteArray, provider);
    QFETCH(QByteArray, model);
    QFETCH(Capabilities, able);

    const auto found = m_known.find(provider, model);

    QVERIFY(found);
    QCOMPARE(found->abilities & able, able);
    QCOMPARE(found->purpose, ModelPurpose::Chat);
}

void BuiltinCapabilitiesTest::guessesNothing_data()
{
    QTest::addColumn<QByteArray>("model");

    QTest::newRow("no name") << QByteArray();
    QTest::newRow("a vendor without a name") << QByteArray("openai/");
    QTest::newRow("an unknown model") << QByteArray("my-own-model");
    QTest::newRow("a longer name") << QByteArray("gpt-4o-mini-of-the-office");
    QTest::newRow("a shorter name") << QByteArray("gpt-4o-min");
    QTest::newRow("somebody's copy") << QByteArray("somebody/gpt-4o");
    QTest::newRow("a fine-tuned one") << QByteArray("ft:gpt-4o-mini-2024-07-18:office::abc");
    QTest::newRow("a day that is none") << QByteArray("claude-sonnet-4-5-20259929");
    QTest::newRow("a number at the end") << QByteArray("claude-sonnet-4-5-99");
    QTest::newRow("a longer context") << QByteArray("openai/gpt-4o:extended");
}

void BuiltinCapabilitiesTest::guessesNothing()
{
    QFETCH(QByteArray, model);

    QVERIFY(!m_known.find({}, model));
    QVERIFY(!m_known.find("openai", model));
}

void BuiltinCapabilitiesTest::doesNotClaimWhatIsNotListed()
{
    QVERIFY(!m_known.find("openai", "gpt-3.5-turbo")->abilities.testFlag(Capability::Vision));
    QVERIFY(!m_known.find("openai", "gpt-4o")->abilities.testFlag(Capability::Reasoning));
    QVERIFY(!m_known.find("deepseek", "deepseek-chat")->abilities.testFlag(Capability::Vision));
}

void BuiltinCapabilitiesTest::knowsPurposes_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<ModelPurpose>("purpose");

    QTest::newRow("embeddings") << QByteArray("text-embedding-3-small") << ModelPurpose::Embeddings;
    QTest::newRow("images") << QByteArray("gpt-image-1") << ModelPurpose::Images;
    QTest::newRow("speech") << QByteArray("tts-1") << ModelPurpose::Speech;
    QTest::newRow("transcription") << QByteArray("whisper-1") << ModelPurpose::Transcription;
    QTest::newRow("moderation") << QByteArray("omni-moderation-latest") << ModelPurpose::Moderation;
    QTest::newRow("realtime") << QByteArray("gpt-realtime") << ModelPurpose::Realtime;
}

void BuiltinCapabilitiesTest::knowsPurposes()
{
    QFETCH(QByteArray, model);
    QFETCH(ModelPurpose, purpose);

    const auto found = m_known.find("openai", model);

    QVERIFY(found);
    QCOMPARE(found->purpose, purpose);
}

void BuiltinCapabilitiesTest::knowsContextWindows()
{
    const auto found = m_known.find("openai", "gpt-4o");

    QVERIFY(found);
    QCOMPARE(found->contextTokens, qint64(128'000));
    QCOMPARE(found->outputTokens, qint64(16'384));
}

void BuiltinCapabilitiesTest::prefersTheProvider()
{
    const CapabilityTable &table = m_known.table();
    const QByteArray name = "gpt-oss-120b";
    QVERIFY(table.models.contains(name));
    QVERIFY(table.providers.value("groq").contains(name));
    QVERIFY(!table.providers.contains("openai"));

    QCOMPARE(m_known.find("groq", name), table.providers.value("groq").value(name));
    QCOMPARE(m_known.find("openai", name), table.models.value(name));
    QCOMPARE(m_known.find({}, name), table.models.value(name));
}

// What is like its family is not listed apart.
void BuiltinCapabilitiesTest::findsTheFamilyOfARelease()
{
    QVERIFY(!m_known.table().models.contains("gpt-4o-2024-08-06"));

    QCOMPARE(m_known.find({}, "gpt-4o-2024-08-06"), m_known.find({}, "gpt-4o"));
}

void BuiltinCapabilitiesTest::namesModelsAlike_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("name");

    const auto row = [](QByteArray model, QByteArray name) {
        const QByteArray title = model.isEmpty() ? QByteArray("nothing") : model;
        QTest::newRow(title.constData()) << std::move(model) << std::move(name);
    };
    row({}, {});
    row(" GPT-4.1 ", "gpt-4-1");
    row("models/gemini-2.5-pro", "gemini-2-5-pro");
    row("accounts/fireworks/models/glm-4p6", "glm-4p6");
    row("@cf/meta/llama-3.1-8b-instruct", "llama-3-1-8b-instruct");
    row("openrouter/z-ai/glm-4.6:free", "glm-4-6");
    row("llama3.1:latest", "llama3-1");
    row("llama3:8b", "llama3:8b");
    row("claude-opus-4-6@default", "claude-opus-4-6");
    row("anthropic.claude-opus-4-6-v1", "claude-opus-4-6");
    row("eu.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022");
    row("openai.gpt-oss-120b-1:0", "gpt-oss-120b");
    row("us-gov.amazon.nova-pro-v1:0", "nova-pro");
    row("amazon.nova-2-sonic", "nova-2-sonic");
    row("gpt-4.v1:0", "gpt-4-v1:0"); // no vendor before the dot
    row("elsewhere/gpt-4o", {});
    row("/gpt-4o", {});
}

void BuiltinCapabilitiesTest::namesModelsAlike()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, name);

    QCOMPARE(protocol::capabilityName(model), name);
}

void BuiltinCapabilitiesTest::namesFamilies_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("family");

    QTest::newRow("no day") << QByteArray("gpt-4o") << QByteArray("gpt-4o");
    QTest::newRow("a day") << QByteArray("m-20250929") << QByteArray("m");
    QTest::newRow("a day with dashes") << QByteArray("m-2025-09-29") << QByteArray("m");
    QTest::newRow("the latest") << QByteArray("m-latest") << QByteArray("m");
    QTest::newRow("a month and a day") << QByteArray("gpt-4-0613") << QByteArray("gpt-4-0613");
    QTest::newRow("another number") << QByteArray("m-20259929") << QByteArray("m-20259929");
    QTest::newRow("nothing but a day") << QByteArray("-20250929") << QByteArray("-20250929");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void BuiltinCapabilitiesTest::namesFamilies()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, family);

    QCOMPARE(protocol::familyName(name), family);
}

void BuiltinCapabilitiesTest::saysWhereItComesFrom()
{
    QVERIFY(!m_known.table().version.isEmpty());
    QVERIFY(m_known.table().asOf.isValid());
    QVERIFY(m_known.table().models.size() > 1'000);
}

// A name that no type of provider has would never be asked for.
void BuiltinCapabilitiesTest::knowsTheProvidersOfTypesAlone()
{
    QSet<QByteArray> asked;
    for (const domain::ProviderType &type : domain::providerTypes())
        asked.insert(type.priceProvider);

    for (auto each = m_known.table().providers.keyBegin();
         each != m_known.table().providers.keyEnd();
         ++each)
        QVERIFY2(asked.contains(*each), each->constData());
}

void BuiltinCapabilitiesTest::isReadOnceByAll()
{
    const BuiltinCapabilities fresh;
    std::vector<std::thread> threads;
    std::atomic<int> found = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { found += fresh.find("openai", "gpt-4o") ? 1 : 0; });

    for (std::thread &thread : threads)
        thread.join();

    QCOMPARE(found.load(), 4);
}

void BuiltinCapabilitiesTest::refusesDamagedTables_data()
{
    QTest::addColumn<QByteArray>("json");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut") << QByteArray(R"({"version":"1","asOf":"2026-01-01","models":{"a)");
    QTest::newRow("no providers") << QByteArray(
        R"({"version":"1","asOf":"2026-01-01","models":{}})");
    QTest::newRow("a number for a model")
        << QByteArray(R"({"version":"1","asOf":"2026-01-01","models":{"a":1},"providers":{}})");
}

void BuiltinCapabilitiesTest::refusesDamagedTables()
{
    QFETCH(QByteArray, json);

    const auto table = protocol::readCapabilities(json);

    QVERIFY(!table);
    QCOMPARE(table.error().code, base::ErrorCode::Internal);
}

QTEST_GUILESS_MAIN(BuiltinCapabilitiesTest)
#include "tst_builtincapabilities.moc"
