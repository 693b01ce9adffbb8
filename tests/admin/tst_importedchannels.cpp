#include "domain/providertype.h"
#include "support/foreignentries.h"

#include <QtTest>

using namespace gatehouse;
using namespace gatehouse::admin;
using namespace gatehouse::support;
using namespace Qt::StringLiterals;
using domain::Channel;
using domain::ChannelStatus;
using storage::ForeignChannel;
using storage::ForeignGateway;
using storage::ForeignKind;

// What becomes of channels of another gateway.
class ImportedChannelsTest : public QObject
{
    Q_OBJECT

private slots:
    void translatesTypes_data();
    void translatesTypes();
    void takesChannelsAsTheyAre();
    void balancesKeepTheirCurrency_data();
    void balancesKeepTheirCurrency();
    void readsWhatNewApiAdds();
    void copesWithBrokenTexts();
    void leavesChannelsOut_data();
    void leavesChannelsOut();
    void takesAChannelThatSharesKeys_data();
    void takesAChannelThatSharesKeys();
    void knowsAChannelByWhatItAloneHas();
    void splitsKeys();
    void takesKeysAsTheyAre_data();
    void takesKeysAsTheyAre();
    void disablesAChannelWithoutAKey_data();
    void disablesAChannelWithoutAKey();
    void tellsOnlyOfWhatComesAlong();
    void disablesAChannelWithoutItsProxy();
    void keepsAzuresVersion();
    void readsNewApisCustomAddress_data();
    void readsNewApisCustomAddress();
};

void ImportedChannelsTest::translatesTypes_data()
{
    QTest::addColumn<ForeignKind>("kind");
    QTest::addColumn<qint64>("number");
    QTest::addColumn<int>("expected"); // 0: none

    const auto one = ForeignKind::OneApi;
    const auto next = ForeignKind::NewApi;
    QTest::newRow("One API, OpenAI") << one << qint64(1) << 1;
    QTest::newRow("One API, the last") << one << qint64(51) << 51;
    QTest::newRow("One API, not served here") << one << qint64(33) << 33;
    QTest::newRow("One API, unknown") << one << qint64(52) << 0;
    QTest::newRow("One API, zero") << one << qint64(0) << 0;
    QTest::newRow("One API, negative") << one << qint64(-1) << 0;
    QTest::newRow("One API, a number of our own") << one << qint64(1000) << 0;
    QTest::newRow("One API, beyond an int") << one << (qint64(1) << 40) << 0;
    QTest::newRow("New API, OpenAI") << next << qint64(1) << 1;
    QTest::newRow("New API, Midjourney") << next << qint64(2) << 0;
    QTest::newRow("New API, Ollama") << next << qint64(4) << 30;
    QTest::newRow("New API, Anthropic") << next << qint64(14) << 14;
    QTest::newRow("New API, Gemini") << next << qint64(24) << 24;
    QTest::newRow("New API, Zhipu") << next << qint64(26) << 16;
    QTest::newRow("New API, Perplexity") << next << qint64(27) << 50;
    QTest::newRow("New API, unused") << next << qint64(28) << 0;
    QTest::newRow("New API, MiniMax") << next << qint64(35) << 27;
    QTest::newRow("New API, SiliconFlow") << next << qint64(40) << 44;
    QTest::newRow("New API, Vertex AI") << next << qint64(41) << 42;
    QTest::newRow("New API, Mistral") << next << qint64(42) << 28;
    QTest::newRow("New API, DeepSeek") << next << qint64(43) << 36;
    QTest::newRow("New API, xAI") << next << qint64(48) << 45;
    QTest::newRow("New API, a video service") << next << qint64(50) << 0;
}

void ImportedChannelsTest::translatesTypes()
{
    QFETCH(ForeignKind, kind);
    QFETCH(qint64, number);
    QFETCH(int, expected);

    const auto type = importedType(kind, number);

    QCOMPARE(type ? type->number : 0, expected);
    QVERIFY(!type || domain::providerType(type->number));
}

void ImportedChannelsTest::takesChannelsAsTheyAre()
{
    ForeignGateway source;
    ForeignChannel one = channel(4, 20);
    one.status = 3;
    one.baseUrl = u"https://relay.example.org/v1/"_s;
    one.models = u"a, b,,a"_s;
    one.groups = u"default,vip"_s;
    one.modelMapping = uR"({"a":"provider/a"})"_s;
    one.priority = -5;
    one.weight = 7;
    one.systemPrompt = u"Be brief."_s;
    one.used = 12;
    one.createdAt = 1'600'000'000;
    one.testedAt = 1'700'000'000;
    one.responseMilliseconds = 321;
    one.balance = 4.5;
    one.balanceAt = 1'700'000'001;
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    const Channel &planned = plan.channels.front().channel;
    QCOMPARE(planned.id, domain::ChannelId{4});
    QCOMPARE(planned.type, 20);
    QCOMPARE(planned.name, u"channel-4"_s);
    QCOMPARE(planned.status, ChannelStatus::DisabledAutomatically);
    QVERIFY(!planned.statusReason.isEmpty());
    QCOMPARE(planned.baseUrl, u"https://relay.example.org"_s);
    QCOMPARE(planned.keys.size(), 1);
    QCOMPARE(planned.keys[0].secret.reveal(), QByteArray("sk-4"));
    QCOMPARE(planned.models, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(planned.groups, (QStringList{u"default"_s, u"vip"_s}));
    QCOMPARE(planned.modelMapping, (QMap<QString, QString>{{u"a"_s, u"provider/a"_s}}));
    QCOMPARE(planned.priority, -5);
    QCOMPARE(planned.weight, 1); // there, the one that was stored never counted
    QCOMPARE(planned.systemPrompt, u"Be brief."_s);
    QCOMPARE(planned.used.units, 12);
    QCOMPARE(planned.createdAt, 1'600'000'000);
    QCOMPARE(planned.testedAt, 1'700'000'000);
    QCOMPARE(planned.responseMilliseconds, 321);
    QCOMPARE(planned.balance, (domain::AccountBalance{4.5, "USD"}));
    QVERIFY2(plan.report.altered.empty(), qPrintable(shown(plan.report.altered)));
}

void ImportedChannelsTest::balancesKeepTheirCurrency_data()
{
    QTest::addColumn<qint64>("type");
    QTest::addColumn<bool>("known");
    QTest::addColumn<QByteArray>("currency");

    QTest::newRow("OpenAI") << qint64{1} << true << QByteArray("USD");
    QTest::newRow("CloseAI") << qint64{4} << true << QByteArray("CNY");
    QTest::newRow("DeepSeek") << qint64{36} << true << QByteArray("CNY");
    QTest::newRow("SiliconFlow") << qint64{44} << true << QByteArray("CNY");
    QTest::newRow("AIGC2D, in points") << qint64{13} << true << QByteArray();
    QTest::newRow("one that keeps none") << qint64{14} << false << QByteArray();
}

void ImportedChannelsTest::balancesKeepTheirCurrency()
{
    QFETCH(qint64, type);
    QFETCH(bool, known);
    QFETCH(QByteArray, currency);
    ForeignGateway source;
    ForeignChannel one = channel(4, type);
    one.balance = 41.2;
    one.balanceAt = 1'700'000'001;
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.size(), size_t{1});
    const Channel &planned = plan.channels.front().channel;
    QCOMPARE(planned.balanceAt > 0, known);
    QCOMPARE(planned.balance,
             known ? (domain::AccountBalance{41.2, currency}) : domain::AccountBalance());
}

void ImportedChannelsTest::readsWhatNewApiAdds()
{
    ForeignGateway source{.kind = ForeignKind::NewApi};
    ForeignChannel one = channel(4);
    one.key = base::Secret(QByteArray("sk-a\nsk-b\nsk-c"));
    one.keyStates =
        base::Secret(QByteArray(R"({"is_multi_key":true,"multi_key_status_list":{"1":3,"2":2}})"));
    one.setting = base::Secret(
        QByteArray(R"({"proxy":"socks5://user:pass@p.example:1080","system_prompt":"Be kind."})"));
    one.bodyOverrides = base::Secret(QByteArray(R"({"temperature":0,"stop":["x"]})"));
    one.headerOverrides = base::Secret(
        QByteArray(R"({"X-Team":"blue","Host":"evil","X-Key":"{api_key}","Bad Name":"x"})"));
    one.weight = 7;
    one.organization = u"org-1"_s;
    one.testModel = u"m"_s;
    one.tag = u"fast"_s;
    one.remark = u"from the shop"_s;
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    const Channel &planned = plan.channels.front().channel;
    QCOMPARE(planned.keys.size(), 3);
    QVERIFY(planned.keys[0].enabled);
    QVERIFY(!planned.keys[1].enabled && !planned.keys[1].disabledReason.isEmpty());
    QVERIFY(!planned.keys[2].enabled && planned.keys[2].disabledReason.isEmpty());
    QCOMPARE(planned.proxy, u"socks5://user:pass@p.example:1080"_s);
    QCOMPARE(planned.systemPrompt, u"Be kind."_s);
    QCOMPARE(planned.bodyOverrides,
             (QJsonObject{{u"temperature"_s, 0}, {u"stop"_s, QJsonArray{u"x"_s}}}));
    QCOMPARE(planned.headerOverrides, (QMap<QString, QString>{{u"X-Team"_s, u"blue"_s}}));
    QCOMPARE(planned.weight, 7);
    QCOMPARE(planned.organization, u"org-1"_s);
    QCOMPARE(planned.testModel, u"m"_s);
    QCOMPARE(planned.tags, QStringList{u"fast"_s});
    QCOMPARE(planned.note, u"from the shop"_s);
    QVERIFY(notes(plan.report.altered, ImportKind::Channel, u"Header overrides"_s));
    QCOMPARE(plan.report.altered.size(), size_t(1));
}

void ImportedChannelsTest::copesWithBrokenTexts()
{
    ForeignGateway source{.kind = ForeignKind::NewApi};
    ForeignChannel one = channel(4);
    one.modelMapping = u"{\"a\":"_s;
    one.config = base::Secret(QByteArray("[1,2"));
    one.bodyOverrides = base::Secret(QByteArray(R"({"operations":[{"mode":"set"}]})"));
    one.headerOverrides = base::Secret(QByteArray("not JSON"));
    one.keyStates = base::Secret(QByteArray("[]"));
    one.models = QString(10'000, u'x') + u",m"_s;
    one.groups = u"a\tb,vip"_s;
    one.name = QString(10'000, u'n');
    one.status = 0;
    one.weight = -3;
    one.priority = std::numeric_limits<qint64>::min();
    one.responseMilliseconds = std::numeric_limits<qint64>::max();
    source.channels = {one};

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    const Channel &planned = plan.channels.front().channel;
    QVERIFY(planned.modelMapping.isEmpty() && planned.bodyOverrides.isEmpty()
            && planned.headerOverrides.isEmpty());
    QCOMPARE(planned.models, QStringList{u"m"_s});
    QCOMPARE(planned.groups, QStringList{u"vip"_s});
    QCOMPARE(planned.name.size(), 200);
    QCOMPARE(planned.status, ChannelStatus::DisabledByHand);
    QCOMPARE(planned.weight, 1);
    QVERIFY(planned.priority < 0 && planned.priority >= -1'000'000'000'000);
    QVERIFY(domain::validate(planned));
    for (const QString &words : {u"model mapping"_s,
                                 u"provider settings"_s,
                                 u"body overrides"_s,
                                 u"Header overrides"_s,
                                 u"Models with"_s,
                                 u"Groups with"_s,
                                 u"is named"_s,
                                 u"state"_s}) {
        QVERIFY2(notes(plan.report.altered, ImportKind::Channel, words), qPrintable(words));
    }
}

void ImportedChannelsTest::leavesChannelsOut_data()
{
    QTest::addColumn<qint64>("type");
    QTest::addColumn<QString>("baseUrl");
    QTest::addColumn<QString>("words");

    QTest::newRow("an unknown type") << qint64(99) << QString() << u"type 99"_s;
    QTest::newRow("no address") << qint64(1) << u"nonsense://x"_s << u"base URL"_s;
    QTest::newRow("a password in the address")
        << qint64(1) << u"https://u:hunter2@host"_s << u"base URL"_s;
    QTest::newRow("none where one is needed") << qint64(3) << QString() << u"needs a base URL"_s;
    QTest::newRow("this gateway itself")
        << qint64(8) << u"http://localhost:3000"_s << u"this gateway itself"_s;
    QTest::newRow("here already") << qint64(1) << u"https://here.example"_s << u"here already"_s;
}

void ImportedChannelsTest::leavesChannelsOut()
{
    QFETCH(qint64, type);
    QFETCH(QString, baseUrl);
    QFETCH(QString, words);
    ForeignGateway source;
    ForeignChannel one = channel(4, type);
    one.baseUrl = baseUrl;
    source.channels = {one};
    ImportGround here = ground();
    here.isOwnAddress = [](const QString &host, quint16 port) {
        return host == "localhost"_L1 && port == 3000;
    };
    here.channels = {Channel{
        .name = u"mine"_s,
        .baseUrl = u"https://here.example"_s,
        .keys = {{.secret = base::Secret(u"other"_s)}, {.secret = base::Secret(u"sk-4"_s)}}}};

    const ImportPlan plan = planImport(source, here);

    QVERIFY(plan.channels.empty());
    QVERIFY2(notes(plan.report.skipped, ImportKind::Channel, words),
             qPrintable(shown(plan.report.skipped)));
    QVERIFY(!shown(plan.report.skipped).contains(u"hunter2"_s));
}

void ImportedChannelsTest::takesAChannelThatSharesKeys_data()
{
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<bool>("taken");

    QTest::newRow("one of two") << QByteArray("sk-a\nsk-new") << true;
    QTest::newRow("all, and in one channel") << QByteArray("sk-a\nsk-b") << false;
    QTest::newRow("all, but in two channels") << QByteArray("sk-a\nsk-c") << false;
    QTest::newRow("all, with another address") << QByteArray("sk-elsewhere") << true;
}

void ImportedChannelsTest::takesAChannelThatSharesKeys()
{
    QFETCH(QByteArray, keys);
    QFETCH(bool, taken);
    ForeignGateway source;
    source.channels = {channel(4)};
    source.channels[0].key = base::Secret(keys);
    source.channels[0].models = u"m,n"_s;
    const auto here = [](qint64 id, const QByteArrayList &secrets) {
        Channel one{.id = {id}, .name = u"mine"_s};
        for (const QByteArray &secret : secrets)
            one.keys.append({.secret = base::Secret(secret)});
        return one;
    };
    ImportGround present = ground();
    present.channels = {here(1, {"sk-a", "sk-b"}), here(2, {"sk-c"}), here(3, {"sk-elsewhere"})};
    present.channels[2].baseUrl = u"https://elsewhere.example"_s;

    const ImportPlan plan = planImport(source, present);

    QCOMPARE(plan.channels.size(), size_t(taken ? 1 : 0));
    QCOMPARE(notes(plan.report.skipped, ImportKind::Channel, u"here already"_s), !taken);
    // What was not imported can be so later.
    QVERIFY(plan.fingerprints.empty());
    if (!taken)
        return;
    QCOMPARE(plan.channels[0].channel.keys.size(), keys.count('\n') + 1);
    QCOMPARE(plan.channels[0].channel.models, (QStringList{u"m"_s, u"n"_s}));
    QCOMPARE(notes(plan.report.altered, ImportKind::Channel, u"Some of its keys"_s),
             keys.contains("sk-a"));
}

// Of two databases, both may have a channel with the number 4 and this name.
void ImportedChannelsTest::knowsAChannelByWhatItAloneHas()
{
    ForeignGateway first;
    first.channels = {channel(3), channel(4), channel(5)};
    first.channels[2].key = {};
    ForeignGateway other = first;
    other.channels[1].key = base::Secret(u"sk-of-the-other"_s);
    ImportGround here = ground();
    const ImportPlan imported = planImport(first, here);
    for (const ImportPlan::Channel &planned : imported.channels) {
        for (const QByteArray &print : planned.fingerprints)
            here.entries.importedChannels.insert(print, planned.channel.id);
        here.channels.push_back(planned.channel);
    }

    const ImportPlan plan = planImport(other, here);

    QCOMPARE(plan.channels.size(), size_t(1));
    QCOMPARE(plan.channels[0].channel.keys[0].secret.reveal(), QByteArray("sk-of-the-other"));
    QCOMPARE(plan.report.skipped.size(), size_t(2)); // the first, and that which has a name alone
}

void ImportedChannelsTest::splitsKeys()
{
    ForeignGateway source;
    source.channels = {channel(1), channel(2, 42), channel(3, 33)};
    source.channels[0].key = base::Secret(
        QByteArray("sk-a\r\n\n sk-b \nsk-a\nwith a blank\n" + QByteArray(16 * 1024 + 1, 'x')));
    source.channels[1].key = base::Secret(QByteArray("{\n  \"type\": \"service_account\"\n}"));
    source.channels[2].key = {};
    source.channels[2].config = base::Secret(QByteArray(R"({"ak":"A","sk":"S","user_id":""})"));

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 3, qPrintable(shown(plan.report.skipped)));
    QCOMPARE(plan.channels[0].channel.keys.size(), 2);
    QCOMPARE(plan.channels[0].channel.keys[0].secret.reveal(), QByteArray("sk-a"));
    QCOMPARE(plan.channels[0].channel.keys[1].secret.reveal(), QByteArray("sk-b"));
    QVERIFY(notes(
        plan.report.altered, ImportKind::Channel, u"A key that has a blank or is too long"_s));
    // What opens a cloud is a key like any other.
    QCOMPARE(plan.channels[1].channel.keys.size(), 1);
    QCOMPARE(plan.channels[1].channel.keys[0].secret.reveal(),
             QByteArray(R"({"type":"service_account"})"));
    QCOMPARE(plan.channels[2].channel.keys.last().secret.reveal(), QByteArray("A|S|"));
    QVERIFY(plan.channels[2].channel.config.isEmpty());
    QVERIFY(notes(plan.report.altered, ImportKind::Channel, u"are not served"_s));
}

void ImportedChannelsTest::takesKeysAsTheyAre_data()
{
    QTest::addColumn<qint64>("type");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("keys");
    QTest::addColumn<QString>("note"); // empty: none

    QByteArray many;
    for (int i = 0; i < 1'001; ++i)
        many += "sk-" + QByteArray::number(i) + '\n';
    QTest::newRow("begins with a brace") << qint64(1) << QByteArray("{sk-a") << 1 << QString();
    QTest::newRow("begins with a bracket") << qint64(50) << QByteArray("[sk-a]") << 1 << QString();
    QTest::newRow("more than can be kept")
        << qint64(1) << many << 1'000 << u"the first 1000 were taken over"_s;
}

void ImportedChannelsTest::takesKeysAsTheyAre()
{
    QFETCH(qint64, type);
    QFETCH(QByteArray, text);
    QFETCH(int, keys);
    QFETCH(QString, note);
    ForeignGateway source;
    source.channels = {channel(1, type)};
    source.channels[0].baseUrl = u"https://a.example"_s;
    source.channels[0].key = base::Secret(text);

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    QCOMPARE(plan.channels[0].channel.keys.size(), keys);
    QVERIFY(plan.channels[0].channel.config.isEmpty());
    QCOMPARE(plan.report.altered.size(), size_t(note.isEmpty() ? 0 : 1));
    QVERIFY(note.isEmpty() || notes(plan.report.altered, ImportKind::Channel, note));
}

void ImportedChannelsTest::disablesAChannelWithoutAKey_data()
{
    QTest::addColumn<qint64>("type");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("disabled");

    QTest::newRow("none") << qint64(1) << QByteArray() << true;
    QTest::newRow("none that can be used") << qint64(1) << QByteArray("with a blank") << true;
    QTest::newRow("one") << qint64(1) << QByteArray("sk-a") << false;
    QTest::newRow("none, on one's own machine") << qint64(30) << QByteArray() << false;
    QTest::newRow("none, of a provider that is not served") << qint64(33) << QByteArray() << false;
}

void ImportedChannelsTest::disablesAChannelWithoutAKey()
{
    QFETCH(qint64, type);
    QFETCH(QByteArray, key);
    QFETCH(bool, disabled);
    ForeignGateway source;
    source.channels = {channel(1, type)};
    source.channels[0].key = base::Secret(key);

    const ImportPlan plan = planImport(source, ground());

    QVERIFY2(plan.channels.size() == 1, qPrintable(shown(plan.report.skipped)));
    QCOMPARE(plan.channels[0].channel.status,
             disabled ? ChannelStatus::DisabledByHand : ChannelStatus::Enabled);
    QCOMPARE(notes(plan.report.altered, ImportKind::Channel, u"no key that can be used"_s),
             disabled);
}

void ImportedChannelsTest::tellsOnlyOfWhatComesAlong()
{
    ForeignGateway source;
    source.channels = {channel(1), channel(2, 3), channel(3)};
    for (ForeignChannel &one : source.channels)
        one.name = QString(10'000, u'n');
    source.channels[0].baseUrl = u"https://here.example"_s;
    ImportGround here = ground();
    here.channels = {Channel{.name = u"mine"_s,
                             .baseUrl = u"https://here.example"_s,
                             .keys = {{.secret = base::Secret(u"sk-1"_s)}}}};

    const ImportPlan plan = planImport(source, here);

    QCOMPARE(plan.report.skipped.size(), size_t(2)); // it is here, and it has no address
    QCOMPARE(plan.report.altered.size(), size_t(1));
}

void ImportedChannelsTest::disablesAChannelWithoutItsProxy()
{
    ForeignGateway source{.kind = ForeignKind::NewApi};
    source.channels = {channel(1), channel(2)};
    source.channels[0].setting = base::Secret(QByteArray(R"({"proxy":"ftp://p:21"})"));
    source.channels[1].setting = base::Secret(QByteArray("{broken"));

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.at(0).channel.status, ChannelStatus::DisabledByHand);
    QCOMPARE(plan.channels.at(1).channel.status, ChannelStatus::DisabledByHand);
    QCOMPARE(plan.report.altered.size(), size_t(2));
}

void ImportedChannelsTest::keepsAzuresVersion()
{
    ForeignGateway source;
    source.channels = {channel(1, 3), channel(2, 3), channel(3, 17)};
    for (ForeignChannel &one : source.channels)
        one.baseUrl = u"https://r%1.openai.azure.com"_s.arg(one.id);
    source.channels[0].other = u"2023-05-15"_s;
    source.channels[1].other = u"2023-05-15"_s;
    source.channels[1].config = base::Secret(QByteArray(R"({"api_version":"2024-06-01"})"));
    source.channels[2].other = u"search"_s;

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.at(0).channel.apiVersion, u"2023-05-15"_s);
    QCOMPARE(plan.channels.at(1).channel.apiVersion, u"2024-06-01"_s);
    QVERIFY(plan.channels.at(1).channel.config.isEmpty());
    QCOMPARE(plan.channels.at(2).channel.config.value(u"plugin"_s).toString(), u"search"_s);
}

void ImportedChannelsTest::readsNewApisCustomAddress_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("type"); // 0: it is left out
    QTest::addColumn<QString>("expected");

    QTest::newRow("the operation")
        << u"https://a.example/v1/chat/completions"_s << 8 << u"https://a.example"_s;
    QTest::newRow("another version")
        << u"https://a.example/v4/chat/completions"_s << 50 << u"https://a.example/v4"_s;
    QTest::newRow("the host") << u"https://a.example"_s << 8 << u"https://a.example"_s;
    QTest::newRow("the model in it") << u"https://a.example/{model}/chat"_s << 0 << QString();
}

void ImportedChannelsTest::readsNewApisCustomAddress()
{
    QFETCH(QString, address);
    QFETCH(int, type);
    QFETCH(QString, expected);
    ForeignGateway source{.kind = ForeignKind::NewApi};
    source.channels = {channel(1, 8)};
    source.channels[0].baseUrl = address;

    const ImportPlan plan = planImport(source, ground());

    QCOMPARE(plan.channels.empty(), type == 0);
    if (type != 0) {
        QCOMPARE(plan.channels[0].channel.type, type);
        QCOMPARE(plan.channels[0].channel.baseUrl, expected);
    }
}

QTEST_GUILESS_MAIN(ImportedChannelsTest)
#include "tst_importedchannels.moc"
