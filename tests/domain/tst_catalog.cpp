#include "domain/catalog.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

class CatalogTest : public QObject
{
    Q_OBJECT

private slots:
    void findsByWhatRequestsBring();
    void candidatesAreSortedByPriority();
    void disabledOnesStayCandidates();
    void namesThatStandTwiceCountOnce();
    void aGroupWithoutChannelsExists();
    void whatDoesNotFitIsLeftOut();
    void aPriceOfTheChannelComesFirst();
    void patternsOfPrices();
    void namesOfPatterns_data();
    void namesOfPatterns();
    void modelsAreMapped();
    void knowsTheDefaultModelAndAllThatAreServed();
    void pricesFollowEachOther();
    void aModelsOwnRouting();
    void namesOfStrategies();
};

static Channel
channel(qint64 id, qint64 priority, const QStringList &models, const QStringList &groups)
{
    return {.id = {id}, .models = models, .groups = groups, .priority = priority};
}

static QList<qint64> ids(const Candidates *candidates)
{
    QList<qint64> list;
    if (candidates) {
        for (const CatalogChannel *candidate : *candidates)
            list.append(candidate->channel.id.value);
    }
    return list;
}

void CatalogTest::findsByWhatRequestsBring()
{
    CatalogContent content;
    content.channels = {channel(3, 0, {u"small"_s}, {u"default"_s})};
    content.users = {{.id = {1}, .username = u"ann"_s}, {.id = {2}, .username = u"bob"_s}};
    content.tokens = {
        {.id = {10}, .userId = {2}, .name = u"büro"_s, .keyHash = QByteArray(32, 'h')}};

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(catalog->channel({3})->channel.id.value, 3);
    QCOMPARE(catalog->channel({4}), nullptr);
    QCOMPARE(catalog->user({1})->username, u"ann"_s);
    QCOMPARE(catalog->user({3}), nullptr);
    const CatalogToken *token = catalog->tokenByHash(QByteArray(32, 'h'));
    QVERIFY(token);
    QCOMPARE(token->user->username, u"bob"_s);
    QCOMPARE(token->username, QByteArray("bob"));
    QCOMPARE(token->name, QByteArray("b\xc3\xbcro"));
    QCOMPARE(token->group, catalog->group("default"));
    QCOMPARE(catalog->tokenByHash(QByteArray(32, 'x')), nullptr);
    QCOMPARE(catalog->tokenByHash({}), nullptr);
    QCOMPARE(catalog->group("other"), nullptr);
}

void CatalogTest::candidatesAreSortedByPriority()
{
    CatalogContent content;
    content.channels = {channel(1, 0, {u"small"_s}, {u"default"_s}),
                        channel(2, 9, {u"small"_s, u"large"_s}, {u"default"_s, u"staff"_s}),
                        channel(3, -5, {u"small"_s}, {u"default"_s}),
                        channel(4, 9, {u"small"_s}, {u"default"_s})};

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(ids(catalog->group("default")->candidates("small")), (QList<qint64>{2, 4, 1, 3}));
    QCOMPARE(ids(catalog->group("default")->candidates("large")), (QList<qint64>{2}));
    QCOMPARE(ids(catalog->group("staff")->candidates("small")), (QList<qint64>{2}));
    QCOMPARE(catalog->group("staff")->candidates("absent"), nullptr);
    QCOMPARE(catalog->group("staff")->candidates("SMALL"), nullptr);
}

void CatalogTest::disabledOnesStayCandidates()
{
    CatalogContent content;
    content.channels = {channel(1, 0, {u"small"_s, u"large"_s}, {u"default"_s}),
                        channel(2, 0, {u"small"_s, u"tiny"_s}, {u"default"_s})};
    content.channels[0].status = ChannelStatus::DisabledByHand;

    const auto catalog = Catalog::build(std::move(content));

    const CatalogGroup &group = *catalog->group("default");
    QCOMPARE(ids(group.candidates("large")), (QList<qint64>{1}));
    // But they offer nothing.
    QCOMPARE(group.enabledModels(), (std::vector<QByteArray>{"small", "tiny"}));
}

void CatalogTest::namesThatStandTwiceCountOnce()
{
    CatalogContent content;
    content.channels = {channel(
        1, 0, {u"small"_s, u"large"_s, u"small"_s}, {u"default"_s, u"staff"_s, u"default"_s})};

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(ids(catalog->group("default")->candidates("small")), (QList<qint64>{1}));
    QCOMPARE(ids(catalog->group("staff")->candidates("small")), (QList<qint64>{1}));
}

void CatalogTest::aGroupWithoutChannelsExists()
{
    CatalogContent content;
    content.groups = {{.name = "vip", .ratioMillionths = 500'000}};
    content.users = {{.id = {1}, .group = "vip"}, {.id = {2}, .group = "unheard-of"}};
    content.tokens = {{.id = {1}, .userId = {1}, .keyHash = "a"},
                      {.id = {2}, .userId = {2}, .keyHash = "b"}};

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(catalog->tokenByHash("a")->group->ratioMillionths, 500'000);
    QVERIFY(catalog->tokenByHash("a")->group->enabledModels().empty());
    QCOMPARE(catalog->tokenByHash("b")->group->ratioMillionths, 1'000'000);
}

void CatalogTest::whatDoesNotFitIsLeftOut()
{
    CatalogContent content;
    content.channels = {channel(1, 0, {u"small"_s}, {u"default"_s})};
    content.channels[0].type = 99'999;
    content.tokens = {{.id = {1}, .userId = {7}, .keyHash = "of nobody"}};

    const auto catalog = Catalog::build(std::move(content));

    QVERIFY(catalog->channels().empty());
    QVERIFY(catalog->tokens().empty());
    QCOMPARE(catalog->tokenByHash("of nobody"), nullptr);
}

void CatalogTest::aPriceOfTheChannelComesFirst()
{
    CatalogContent content;
    content.prices = {{.model = "small", .perCall = {1}},
                      {.model = "small", .channel = ChannelId{2}, .perCall = {2}},
                      {.model = "large", .channel = ChannelId{2}, .perCall = {3}}};

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(catalog->price({1}, "small", 0)->perCall.picoDollars, 1);
    QCOMPARE(catalog->price({2}, "small", 0)->perCall.picoDollars, 2);
    QCOMPARE(catalog->price({2}, "large", 0)->perCall.picoDollars, 3);
    QCOMPARE(catalog->price({1}, "large", 0), nullptr);
}

void CatalogTest::patternsOfPrices()
{
    CatalogContent content;
    content.prices = {{.model = "gpt-*", .perCall = {1}},
                      {.model = "gpt-4*", .perCall = {2}},
                      {.model = "gpt-4o", .perCall = {3}},
                      {.model = "gpt-4*", .channel = ChannelId{7}, .perCall = {4}},
                      {.model = "*-large-*", .perCall = {5}}};
    const auto catalog = Catalog::build(std::move(content));
    const auto priceOf = [&](qint64 channel, const QByteArray &model) {
        const ModelPrice *price = catalog->price({channel}, model, 0);
        return price ? price->perCall.picoDollars : 0;
    };

    QCOMPARE(priceOf(1, "gpt-3.5"), 1);
    QCOMPARE(priceOf(1, "gpt-4.1"), 2); // the longer pattern
    QCOMPARE(priceOf(1, "gpt-4o"), 3);  // the very name
    QCOMPARE(priceOf(7, "gpt-4o"), 4);  // a channel's own before all
    QCOMPARE(priceOf(7, "gpt-3.5"), 1);
    QCOMPARE(priceOf(1, "mistral-large-2"), 5);
    QCOMPARE(priceOf(1, "mistral-large"), 0);
}

void CatalogTest::namesOfPatterns_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<bool>("named");

    const auto row = [](const char *what, const char *pattern, const char *model, bool named) {
        QTest::newRow(what) << QByteArray(pattern) << QByteArray(model) << named;
    };
    row("the same", "a-1", "a-1", true);
    row("another", "a-1", "a-2", false);
    row("any", "*", "", true);
    row("a beginning", "a-*", "a-", true);
    row("an end", "*-mini", "a-mini", true);
    row("an end that is more", "*-mini", "a-mini-2", false);
    row("both ends must not overlap", "ab*ba", "aba", false);
    row("a middle", "a*b*c", "a1b2b3c", true);
    row("a middle that is missing", "a*b*c", "a1c", false);
    row("several in a row", "a**c", "abc", true);
    row("capitals differ", "A*", "abc", false);
}

void CatalogTest::namesOfPatterns()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, model);

    QTEST(namesModel(pattern, model), "named");
}

void CatalogTest::modelsAreMapped()
{
    CatalogContent content;
    content.channels = {channel(1, 0, {u"small"_s}, {u"default"_s})};
    content.channels[0].modelMapping = {{u"small"_s, u"tiny-v2"_s}, {u"void"_s, QString()}};

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(catalog->channel({1})->providerModel("small"), QByteArray("tiny-v2"));
    QCOMPARE(catalog->channel({1})->providerModel("void"), QByteArray("void"));
    QCOMPARE(catalog->channel({1})->providerModel("else"), QByteArray("else"));
    QCOMPARE(catalog->channel({1})->baseUrl, QByteArray("https://api.openai.com"));
}

void CatalogTest::knowsTheDefaultModelAndAllThatAreServed()
{
    CatalogContent content;
    content.channels = {channel(1, 0, {u"b"_s, u"a"_s}, {u"default"_s, u"vip"_s}),
                        channel(2, 0, {u"c"_s, u"a"_s}, {u"vip"_s}),
                        channel(3, 0, {u"off"_s}, {u"default"_s})};
    content.channels[2].status = ChannelStatus::DisabledByHand;
    content.settings.relay.defaultModel = u" b "_s;

    const auto catalog = Catalog::build(std::move(content));

    QCOMPARE(catalog->defaultModel(), QByteArray("b"));
    QCOMPARE(catalog->enabledModels(), (std::vector<QByteArray>{"a", "b", "c"}));
    QCOMPARE(catalog->modelFor("default"), QByteArray("b"));
    QCOMPARE(catalog->modelFor("c"), QByteArray("c"));
    QVERIFY(Catalog::build({})->defaultModel().isEmpty());
    QCOMPARE(Catalog::build({})->modelFor("default"), QByteArray("default"));
}

void CatalogTest::pricesFollowEachOther()
{
    const auto dated = [](const QByteArray &model, qint64 from, qint64 perCall) {
        return ModelPrice{.model = model, .perCall = {perCall}, .effectiveFrom = from};
    };
    const auto ofChannel = [](ModelPrice price) {
        price.channel = ChannelId{1};
        return price;
    };
    CatalogContent content;
    content.prices = {dated("small", 100, 2),
                      dated("small", 300, 3),
                      dated("small", 0, 1),
                      ofChannel(dated("small", 200, 7)),
                      dated("big*", 100, 11),
                      dated("big*", 50, 10),
                      dated("mid", 100, 21)};
    content.lastPrices = {ofChannel(dated("mid", 0, 20)), ofChannel(dated("big-1", 0, 9))};
    const auto catalog = Catalog::build(std::move(content));
    const auto at = [&catalog](qint64 channel, const QByteArray &model, qint64 milliseconds) {
        const ModelPrice *price = catalog->price({channel}, model, milliseconds);
        return price ? price->perCall.picoDollars : -1;
    };

    QCOMPARE(at(2, "small", 0), 1);
    QCOMPARE(at(2, "small", 99'999), 1);
    QCOMPARE(at(2, "small", 100'000), 2);
    QCOMPARE(at(2, "small", 299'999), 2);
    QCOMPARE(at(2, "small", 300'000), 3);
    // A channel's own is in force once it has begun.
    QCOMPARE(at(1, "small", 199'999), 2);
    QCOMPARE(at(1, "small", 200'000), 7);
    QCOMPARE(at(1, "small", 300'000), 7);
    QCOMPARE(at(1, "big-1", 49'999), 9);
    QCOMPARE(at(1, "big-1", 50'000), 10);
    QCOMPARE(at(1, "big-1", 100'000), 11);
    // The list price until the first of a person's.
    QCOMPARE(at(1, "mid", 99'999), 20);
    QCOMPARE(at(1, "mid", 100'000), 21);
    QCOMPARE(at(2, "mid", 99'999), -1);
}

void CatalogTest::aModelsOwnRouting()
{
    domain::CatalogContent content;
    content.settings.relay.strategy = domain::RoutingStrategy::LowestCost;
    content.settings.relay.affinity = false;
    content.routings = {
        {.model = "all", .strategy = domain::RoutingStrategy::LeastBusy, .affinity = true},
        {.model = "half", .affinity = true},
        {.model = "none"}};

    const auto catalog = domain::Catalog::build(content);

    const auto routing = [&](const QByteArray &model) { return catalog->routing(model); };
    QCOMPARE(
        routing("all"),
        (domain::AppliedRouting{.strategy = domain::RoutingStrategy::LeastBusy, .affinity = true}));
    QCOMPARE(routing("half"),
             (domain::AppliedRouting{.strategy = domain::RoutingStrategy::LowestCost,
                                     .affinity = true}));
    QCOMPARE(routing("none"),
             (domain::AppliedRouting{.strategy = domain::RoutingStrategy::LowestCost,
                                     .affinity = false}));
    QCOMPARE(routing("other"), routing("none"));
    QVERIFY(catalog->ownRouting("half"));
    QVERIFY(!catalog->ownRouting("none"));
    QVERIFY(catalog->countsRunning());
    QVERIFY(!domain::Catalog::build({})->countsRunning());
}

void CatalogTest::namesOfStrategies()
{
    const QStringList names = domain::strategyNames();

    QCOMPARE(names.size(), 5);
    for (const QString &name : names)
        QCOMPARE(domain::strategyName(*domain::strategyNamed(name)), name);
    QVERIFY(!domain::strategyNamed(u"by magic"));
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::CatalogTest)
#include "tst_catalog.moc"
