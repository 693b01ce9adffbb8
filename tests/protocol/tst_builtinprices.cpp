#include "protocol/prices/builtinprices.h"

#include "domain/pricing.h"
#include "domain/providertype.h"
#include "protocol/prices/pricetable.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::ModelPrice;
using domain::UnitPrice;
using protocol::BuiltinPrices;

class BuiltinPricesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void knowsListPrices_data();
    void knowsListPrices();
    void leavesUnpriced_data();
    void leavesUnpriced();
    void knowsWhatIsFree_data();
    void knowsWhatIsFree();
    void knowsCachesAndAudio();
    void knowsTiers();
    void followsTheCalendar();
    void choosesThePriceOfTheGreaterPartOfTheDay();
    void knowsTheHoursOfOtherPrices();
    void knowsPicturesAndSpeech();
    void chargesTheWholeOutputOfPaintersAsPictures();
    void saysWhereItComesFrom();
    void knowsContextWindows();
    void knowsTheProvidersOfAllTypes();
    void matchesByRules_data();
    void matchesByRules();
    void refusesDamagedTables_data();
    void refusesDamagedTables();

private:
    std::optional<ModelPrice> price(QByteArrayView provider, QByteArrayView model) const
    {
        return m_prices->find(provider, model, QDate(2026, 10, 1));
    }

    std::optional<BuiltinPrices> m_prices{};
};

static UnitPrice perMillion(double dollars)
{
    return UnitPrice::fromDollarsPerMillion(dollars);
}

void BuiltinPricesTest::initTestCase()
{
    auto prices = BuiltinPrices::load();
    QVERIFY2(prices, prices ? "" : qPrintable(prices.error().detail));
    m_prices = *prices;
}

void BuiltinPricesTest::knowsListPrices_data()
{
    QTest::addColumn<QByteArray>("provider");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<double>("input"); // dollars for a million tokens
    QTest::addColumn<double>("output");
    const auto row =
        [](const char *name, const char *provider, const char *model, double input, double output) {
            QTest::newRow(name) << QByteArray(provider) << QByteArray(model) << input << output;
        };

    row("OpenAI", "openai", "gpt-4o-mini", 0.15, 0.6);
    row("a dated name", "openai", "gpt-4.1-2025-04-14", 2, 8);
    row("a date without dashes", "openai", "gpt-5-20250807", 1.25, 10);
    row("capitals and blanks", "openai", " GPT-4o ", 2.5, 10);
    row("embeddings have no output", "openai", "text-embedding-3-small", 0.02, 0);
    row("Anthropic", "anthropic", "claude-sonnet-4-5-20250929", 3, 15);
    row("Google's path of a model", "google", "models/gemini-2.5-flash", 0.3, 2.5);
    row("a fraction of a cent for a million", "deepseek", "deepseek-chat", 0.27, 1.1);
    row("resold under the maker's prices", "azure", "gpt-4o", 2.5, 10);
    row("a reseller's own price", "openrouter", "meta-llama/llama-3.3-70b-instruct", 0.05, 0.24);
    row("another provider's model through a channel", "groq", "gpt-4o", 2.5, 10);
    row("an unknown provider", "nobody", "gpt-4o", 2.5, 10);
    row("no provider: OpenAI", "", "gpt-4o", 2.5, 10);
    row("no provider: OpenAI's reasoning models", "", "o3", 2, 8);
    row("no provider: Anthropic", "", "claude-sonnet-4-6", 3, 15);
    row("no provider: Google", "", "gemini-2.5-pro", 1.25, 10);
    row("vendor and model", "", "openai/gpt-4o", 2.5, 10);
    row("vendor and model at another provider", "openai", "anthropic/claude-sonnet-4.5", 3, 15);
    row("a vendor that only resellers serve", "", "meta-llama/llama-3.3-70b-instruct", 0.05, 0.24);
    row("OpenRouter's variant", "openrouter", "openai/gpt-4o:floor", 2.5, 10);
}

void BuiltinPricesTest::knowsListPrices()
{
    QFETCH(QByteArray, provider);
    QFETCH(QByteArray, model);
    QFETCH(double, input);
    QFETCH(double, output);

    const auto found = price(provider, model);

    QVERIFY(found);
    QCOMPARE(found->model, model);
    QCOMPARE(found->tokens.input, perMillion(input));
    QCOMPARE(found->tokens.output, perMillion(output));
    QCOMPARE(found->source, domain::PriceSource::BuiltIn);
}

void BuiltinPricesTest::leavesUnpriced_data()
{
    QTest::addColumn<QByteArray>("provider");
    QTest::addColumn<QByteArray>("model");

    QTest::newRow("a name nobody knows") << QByteArray() << QByteArray("my-own-model");
    QTest::newRow("a known provider's unknown model")
        << QByteArray("openai") << QByteArray("my-own-model");
    QTest::newRow("no name") << QByteArray("openai") << QByteArray();
    QTest::newRow("charged by the hour") << QByteArray("openai") << QByteArray("whisper-1");
    QTest::newRow("charged by the page") << QByteArray("mistral") << QByteArray("mistral-ocr-2505");
    QTest::newRow("free at one provider only") << QByteArray() << QByteArray("gemma-3n-future");
}

void BuiltinPricesTest::leavesUnpriced()
{
    QFETCH(QByteArray, provider);
    QFETCH(QByteArray, model);

    QVERIFY(!price(provider, model));
}

void BuiltinPricesTest::knowsWhatIsFree_data()
{
    QTest::addColumn<QByteArray>("provider");
    QTest::addColumn<QByteArray>("model");

    QTest::newRow("a free variant")
        << QByteArray("openrouter") << QByteArray("openai/gpt-oss-120b:free");
    QTest::newRow("a free variant that is not listed")
        << QByteArray("openrouter") << QByteArray("someone/something:free");
    QTest::newRow("a free variant without a provider")
        << QByteArray() << QByteArray("openai/gpt-4o:free");
    QTest::newRow("moderation") << QByteArray("openai") << QByteArray("omni-moderation-latest");
}

void BuiltinPricesTest::knowsWhatIsFree()
{
    QFETCH(QByteArray, provider);
    QFETCH(QByteArray, model);

    const auto found = price(provider, model);

    QVERIFY(found);
    QCOMPARE(domain::costOf({.input = 1'000'000, .output = 1'000'000}, *found).nanoDollars, 0);
}

void BuiltinPricesTest::knowsCachesAndAudio()
{
    const auto claude = price("anthropic", "claude-sonnet-4-6");
    const auto gemini = price("google", "gemini-2.5-flash");
    const auto audio = price("openai", "gpt-audio");
    const auto research = price("perplexity", "sonar-deep-research");
    const auto sonar = price("perplexity", "sonar-pro");
    QVERIFY(claude && gemini && audio && research && sonar);

    QCOMPARE(claude->tokens.cacheRead, perMillion(0.3));
    QCOMPARE(claude->tokens.cacheWrite, perMillion(3.75));
    QCOMPARE(claude->tokens.cacheWriteLong, perMillion(6));
    QVERIFY(!claude->tokens.reasoning);
    QCOMPARE(gemini->tokens.inputAudio, perMillion(1));
    QCOMPARE(audio->tokens.inputAudio, perMillion(32));
    QCOMPARE(audio->tokens.outputAudio, perMillion(64));
    QCOMPARE(research->tokens.reasoning, perMillion(3));
    QCOMPARE(sonar->perCall, UnitPrice::fromDollars(0.014));
}

void BuiltinPricesTest::knowsTiers()
{
    const auto gemini = price("google", "gemini-2.5-pro");
    QVERIFY(gemini);

    QCOMPARE(gemini->tiers.size(), size_t(1));
    QCOMPARE(gemini->tokensFor(200'000).input, perMillion(1.25));
    QCOMPARE(gemini->tokensFor(200'001).input, perMillion(2.5));
    QCOMPARE(gemini->tokensFor(200'001).output, perMillion(15));
    QCOMPARE(gemini->tokensFor(200'001).cacheRead, perMillion(0.25));
}

void BuiltinPricesTest::followsTheCalendar()
{
    const auto before = m_prices->find("openai", "o3", QDate(2025, 6, 9));
    const auto from = m_prices->find("openai", "o3", QDate(2025, 6, 10));
    const auto later = m_prices->find("google", "gemini-3.6-flash", QDate(2027, 1, 1));
    const auto now = m_prices->find("google", "gemini-3.6-flash", QDate(2026, 12, 31));
    QVERIFY(before && from && later && now);

    QCOMPARE(before->tokens.input, perMillion(10));
    QCOMPARE(from->tokens.input, perMillion(2));
    QCOMPARE(now->tokens.output, perMillion(3.75));
    QCOMPARE(later->tokens.output, perMillion(7.5));

    const auto history = m_prices->history("google", "gemini-3.6-flash");
    QCOMPARE(history.size(), size_t(2));
    QCOMPARE(history.front().tokens, now->tokens);
    QCOMPARE(history.front().effectiveFrom, 0);
    QCOMPARE(history.back().tokens, later->tokens);
    QCOMPARE(history.back().effectiveFrom,
             QDateTime({2027, 1, 1}, {0, 0}, Qt::UTC).toSecsSinceEpoch());
    QCOMPARE(m_prices->history("", "a-model:free").size(), size_t(1));
    QVERIFY(m_prices->history("", "no such model").empty());
}

void BuiltinPricesTest::choosesThePriceOfTheGreaterPartOfTheDay()
{
    const auto flash = price("deepseek", "deepseek-v4-flash");
    QVERIFY(flash);

    QCOMPARE(flash->tokens.input, perMillion(0.22)); // dearer at seven hours of the day
}

void BuiltinPricesTest::knowsTheHoursOfOtherPrices()
{
    using namespace std::chrono_literals;
    const auto flash = m_prices->find("deepseek", "deepseek-v4-flash", QDate(2026, 11, 30));
    const auto chat = price("deepseek", "deepseek-chat");
    QVERIFY(flash && chat);
    const auto inputAt = [](const domain::ModelPrice &each, int hour, int minute) {
        return each.at(QDateTime({2026, 11, 30}, {hour, minute}, Qt::UTC).toMSecsSinceEpoch())
            .tokens.input;
    };

    QCOMPARE(flash->windows.size(), size_t(2));
    QCOMPARE(inputAt(*flash, 0, 59), perMillion(0.22));
    QCOMPARE(inputAt(*flash, 1, 0), perMillion(0.44));
    QCOMPARE(inputAt(*flash, 3, 59), perMillion(0.44));
    QCOMPARE(inputAt(*flash, 4, 0), perMillion(0.22));
    QCOMPARE(inputAt(*flash, 6, 0), perMillion(0.44));
    QCOMPARE(inputAt(*flash, 10, 0), perMillion(0.22));
    QCOMPARE(flash->windows.front().tokens.cacheRead, perMillion(0.014));
    // Cheaper over midnight.
    QCOMPARE(chat->windows.size(), size_t(1));
    QCOMPARE(chat->windows.front().from, 16h + 30min);
    QCOMPARE(chat->windows.front().until, 30min);
    QCOMPARE(inputAt(*chat, 16, 29), perMillion(0.27));
    QCOMPARE(inputAt(*chat, 16, 30), perMillion(0.135));
    QCOMPARE(inputAt(*chat, 0, 29), perMillion(0.135));
    QCOMPARE(inputAt(*chat, 0, 30), perMillion(0.27));
}

void BuiltinPricesTest::knowsPicturesAndSpeech()
{
    const auto picture = price("openai", "dall-e-3");
    const auto speech = price("openai", "tts-1-hd");
    QVERIFY(picture && speech);

    QCOMPARE(picture->imagePrice("1024x1024", "standard"), UnitPrice::fromDollars(0.04));
    QCOMPARE(picture->imagePrice("1792x1024", "hd"), UnitPrice::fromDollars(0.12));
    QCOMPARE(picture->imagePrice({}, "hd"), UnitPrice::fromDollars(0.08));
    QCOMPARE(picture->imagePrice({}, {}), UnitPrice::fromDollars(0.04));
    QCOMPARE(speech->perCharacter, perMillion(30));
    QVERIFY(speech->asOf < price("openai", "gpt-4o")->asOf);
}

void BuiltinPricesTest::chargesTheWholeOutputOfPaintersAsPictures()
{
    const auto painter = price("google", "gemini-2.5-flash-image");
    QVERIFY(painter);

    QCOMPARE(painter->tokens.output, perMillion(30));
}

void BuiltinPricesTest::saysWhereItComesFrom()
{
    QVERIFY(m_prices->asOf() >= QDate(2026, 9, 23));
    QVERIFY(!m_prices->version().isEmpty());
    QCOMPARE(QDateTime::fromSecsSinceEpoch(price("openai", "gpt-4o")->asOf, Qt::UTC).date(),
             m_prices->asOf());
}

void BuiltinPricesTest::knowsContextWindows()
{
    QCOMPARE(m_prices->contextWindow("openai", "gpt-4o-mini"), qint64(128'000));
    QCOMPARE(m_prices->contextWindow({}, "claude-sonnet-4-6"), qint64(1'000'000));
    QVERIFY(!m_prices->contextWindow("openai", "my-own-model"));
}

// A provider that the table does not know would have its models priced as somebody else's.
void BuiltinPricesTest::knowsTheProvidersOfAllTypes()
{
    protocol::PriceTable table;
    QFile file(u":/prices/prices.json"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(protocol::readPrices(file.readAll(), table));

    for (const domain::ProviderType &type : domain::providerTypes()) {
        if (*type.priceProvider)
            QVERIFY2(table.provider(type.priceProvider), type.priceProvider);
    }
}

void BuiltinPricesTest::matchesByRules_data()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("covered");
    const auto row = [](const char *name, const char *rule, const char *model, bool covered) {
        QTest::newRow(name) << QByteArray(rule) << QByteArray(model) << covered;
    };

    row("equals", R"(["=","abc"])", "abc", true);
    row("equals, not", R"(["=","abc"])", "abcd", false);
    row("begins", R"(["^","ab"])", "abc", true);
    row("begins, not", R"(["^","bc"])", "abc", false);
    row("ends", R"(["$","bc"])", "abc", true);
    row("ends, not", R"(["$","ab"])", "abc", false);
    row("contains", R"(["*","b"])", "abc", true);
    row("contains, not", R"(["*","x"])", "abc", false);
    row("pattern", R"(["~","^a\\d+$"])", "a12", true);
    row("pattern, not", R"(["~","^a\\d+$"])", "a12b", false);
    row("any of two", R"(["|",["=","x"],["^","a"]])", "abc", true);
    row("none of two", R"(["|",["=","x"],["^","b"]])", "abc", false);
    row("both of two", R"(["&",["$","c"],["^","a"]])", "abc", true);
    row("one of two only", R"(["&",["$","c"],["^","b"]])", "abc", false);
}

void BuiltinPricesTest::matchesByRules()
{
    QFETCH(QByteArray, rule);
    QFETCH(QByteArray, name);
    QFETCH(bool, covered);
    const QByteArray json =
        R"({"version":"1","asOf":"2026-01-02","providers":[{"id":"p","models":[{"id":"m","match":)"
        + rule + R"(,"prices":[{"input":1}]}]}]})";
    protocol::PriceTable table;
    QVERIFY(protocol::readPrices(json, table));

    QCOMPARE(table.provider("p")->model(name) != nullptr, covered);
}

void BuiltinPricesTest::refusesDamagedTables_data()
{
    QTest::addColumn<QByteArray>("json");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut off") << QByteArray(R"({"version":"1","asOf":"2026-01-02","providers":[)");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("no providers") << QByteArray(R"({"version":"1","asOf":"2026-01-02"})");
    QTest::newRow("a rule of the wrong type")
        << QByteArray(R"({"version":"1","asOf":"2026-01-02","providers":[
            {"id":"p","models":[{"match":5,"prices":[]}]}]})");
    QTest::newRow("a price that is no number")
        << QByteArray(R"({"version":"1","asOf":"2026-01-02","providers":[
            {"id":"p","models":[{"match":["=","a"],"prices":[{"input":"1"}]}]}]})");
}

void BuiltinPricesTest::refusesDamagedTables()
{
    QFETCH(QByteArray, json);
    protocol::PriceTable table;

    const auto result = protocol::readPrices(json, table);

    QVERIFY(!result);
    QCOMPARE(result.error().code, base::ErrorCode::Internal);
}

QTEST_GUILESS_MAIN(BuiltinPricesTest)
#include "tst_builtinprices.moc"
