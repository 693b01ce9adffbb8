#include "storage/repositories/channelrepository.h"
#include "storage/repositories/trash.h"

#include "base/json.h"
#include "storage/statement.h"
#include "support/markingsealer.h"
#include "support/temporarydatabase.h"

#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using domain::ChannelStatus;
using storage::ChannelRepository;
using storage::Dialect;
using storage::Keys;
using support::TemporaryDatabase;

class ChannelRepositoryTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanupTestCase() { TemporaryDatabase::stopServer(); }
    void whatIsInsertedIsFound_data() { TemporaryDatabase::addRows(); }
    void whatIsInsertedIsFound();
    void manyAreInsertedAtOnce_data() { TemporaryDatabase::addRows(); }
    void manyAreInsertedAtOnce();
    void updateKeepsWhatWasObservedAndSecretsThatAreNotGiven_data()
    {
        TemporaryDatabase::addRows();
    }
    void updateKeepsWhatWasObservedAndSecretsThatAreNotGiven();
    void aReplacedKeyKeepsItsPlace_data() { TemporaryDatabase::addRows(); }
    void aReplacedKeyKeepsItsPlace();
    void aMachineDoesNotUndoWhatAPersonDid_data() { TemporaryDatabase::addRows(); }
    void aMachineDoesNotUndoWhatAPersonDid();
    void searchFindsIdsAndBeginnings_data() { TemporaryDatabase::addRows(); }
    void searchFindsIdsAndBeginnings();
    void removing_data() { TemporaryDatabase::addRows(); }
    void removing();
    void restoring_data() { TemporaryDatabase::addRows(); }
    void restoring();
    void hiddenKeysComeBackWhenTheyAreNamed_data() { TemporaryDatabase::addRows(); }
    void hiddenKeysComeBackWhenTheyAreNamed();
    void aKeyThatDoesNotOpen_data() { TemporaryDatabase::addRows(); }
    void aKeyThatDoesNotOpen();
    void anExplicitIdIsKeptAndNotGivenOutAgain_data() { TemporaryDatabase::addRows(); }
    void anExplicitIdIsKeptAndNotGivenOutAgain();
    void secretsThatDoNotOpen_data() { TemporaryDatabase::addRows(); }
    void secretsThatDoNotOpen();
    void aPlainBodyBesideSealedSecretsIsSealed_data() { TemporaryDatabase::addRows(); }
    void aPlainBodyBesideSealedSecretsIsSealed();
    void whatCannotBeOpenedStopsNoOther_data() { TemporaryDatabase::addRows(); }
    void whatCannotBeOpenedStopsNoOther();
    void plainSecretsAreSealed_data() { TemporaryDatabase::addRows(); }
    void plainSecretsAreSealed();
    void theFileRevealsNoKey();

private:
    support::MarkingSealer m_sealer;
};

static Channel fullChannel()
{
    Channel channel;
    channel.type = domain::provider::anthropic;
    channel.name = u"Büro's \"main\" account"_s;
    channel.statusReason = u"none"_s;
    channel.baseUrl = u"https://api.example.com"_s;
    channel.keys = {
        {.secret = base::Secret(u"sk-canary-one"_s)},
        {.secret = base::Secret(u"sk-canary-two"_s), .enabled = false, .disabledReason = u"401"_s}};
    channel.models = {u"small"_s, u"large"_s};
    channel.groups = {u"default"_s, u"vip"_s};
    channel.priority = -3;
    channel.weight = 7;
    channel.modelMapping = {{u"small"_s, u"tiny-2"_s}};
    channel.headerOverrides = {{u"X-Team"_s, u"a;b"_s}, {u"Authorization"_s, u"sk-canary-3"_s}};
    channel.bodyOverrides = {{u"temperature"_s, 0.5}, {u"auth"_s, u"sk-canary-six"_s}};
    channel.systemPrompt = u"Be brief.\nReally."_s;
    channel.proxy = u"socks5://me:sk-canary-four@127.0.0.1:9"_s;
    channel.timeouts = {.connect = std::chrono::milliseconds(1),
                        .firstByte = std::chrono::milliseconds(2),
                        .idle = std::chrono::milliseconds(3),
                        .total = std::chrono::milliseconds(4)};
    channel.limits = {.concurrentRequests = 5, .requestsPerMinute = 6, .tokensPerMinute = 7'000};
    channel.priceRatioMillionths = 812'345;
    channel.organization = u"org"_s;
    channel.apiVersion = u"2024"_s;
    channel.certificateAuthority = u"PEM"_s;
    channel.verifyCertificate = false;
    channel.allowPrivateAddress = false;
    channel.testModel = u"small"_s;
    channel.tags = {u"a"_s, u"b"_s};
    channel.note = u"note"_s;
    channel.config = {{u"region"_s, u"eu"_s}, {u"sk"_s, u"sk-canary-five"_s}};
    channel.createdAt = 1'700'000'000;
    channel.used = {12};
    channel.testedAt = 13;
    channel.responseMilliseconds = 14;
    channel.balance = {1.25, "CNY"};
    channel.balanceAt = 15;
    return channel;
}

static Channel named(const QString &name)
{
    Channel channel;
    channel.name = name;
    return channel;
}

void ChannelRepositoryTest::whatIsInsertedIsFound()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    Channel expected = fullChannel();

    const auto id = channels.insert(expected);
    QVERIFY2(id, qPrintable(id ? QString() : id.error().detail));
    const auto found = channels.find(*id, Keys::Open);

    QVERIFY(found);
    QVERIFY(found->keys.size() == 2 && found->keys[0].id != 0);
    expected.id = *id;
    expected.keys[0].id = found->keys[0].id;
    expected.keys[1].id = found->keys[1].id;
    QCOMPARE(*found, expected);
    QVERIFY(channels.all(Keys::Leave)->front().keys[0].secret.isEmpty());
    QCOMPARE(channels.count().value(), 1);
}

void ChannelRepositoryTest::manyAreInsertedAtOnce()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    std::vector<Channel> rows{{.name = u"a"_s, .keys = {{.secret = base::Secret(u"one"_s)}}},
                              {.id = {40}, .name = u"b"_s, .proxy = u"http://p:1"_s},
                              {.name = u"c"_s,
                               .keys = {{.secret = base::Secret(u"two"_s), .enabled = false},
                                        {.secret = base::Secret(u"three"_s)}}}};

    const auto ids = channels.insertAll(rows);

    QVERIFY2(ids, ids ? "" : qPrintable(ids.error().detail));
    QCOMPARE(ids->size(), size_t(3));
    QCOMPARE(ids->at(1), ChannelId{40});
    for (size_t i = 0; i < rows.size(); ++i) {
        const Channel found = channels.find(ids->at(i), Keys::Open).value();
        QCOMPARE(found.name, rows[i].name);
        QCOMPARE(found.proxy, rows[i].proxy);
        QCOMPARE(found.keys.size(), rows[i].keys.size());
        for (qsizetype key = 0; key < found.keys.size(); ++key) {
            QCOMPARE(found.keys[key].secret, rows[i].keys[key].secret);
            QCOMPARE(found.keys[key].enabled, rows[i].keys[key].enabled);
        }
    }
    QVERIFY(channels.insert({.name = u"d"_s})->value > 42);
}

void ChannelRepositoryTest::updateKeepsWhatWasObservedAndSecretsThatAreNotGiven()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    Channel changed = channels.find(id, Keys::Leave).value();
    const qint64 second = changed.keys[1].id;
    changed.name = u"new"_s;
    changed.used = {};
    changed.keys.removeFirst();
    changed.keys.append({.secret = base::Secret(u"sk-three"_s)});

    QVERIFY(channels.update(changed));

    const Channel found = channels.find(id, Keys::Open).value();
    QCOMPARE(found.name, u"new"_s);
    QCOMPARE(found.used.units, 12);
    QCOMPARE(found.keys.size(), 2);
    QCOMPARE(found.keys[0].id, second);
    QCOMPARE(found.keys[0].secret.reveal(), "sk-canary-two");
    QCOMPARE(found.keys[1].secret.reveal(), "sk-three");
}

void ChannelRepositoryTest::aReplacedKeyKeepsItsPlace()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    Channel changed = channels.find(id, Keys::Leave).value();
    const qint64 second = changed.keys[1].id;
    changed.keys[0].secret = base::Secret(u"sk-three"_s);

    QVERIFY(channels.update(changed));

    const Channel found = channels.find(id, Keys::Open).value();
    QCOMPARE(found.keys.size(), 2);
    QCOMPARE(found.keys[0].secret.reveal(), "sk-three");
    QCOMPARE(found.keys[1].id, second);
}

void ChannelRepositoryTest::aMachineDoesNotUndoWhatAPersonDid()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(named(u"a"_s)).value();

    QVERIFY(channels.setEnabledAutomatically(id, false, u"401"_s).value());
    QCOMPARE(channels.find(id, Keys::Leave)->statusReason, u"401"_s);
    QVERIFY(channels.setEnabledAutomatically(id, true).value());
    QVERIFY(channels.setStatus(id, ChannelStatus::DisabledByHand));

    QVERIFY(!channels.setEnabledAutomatically(id, true).value());
    QVERIFY(!channels.setEnabledAutomatically(id, false).value());
    QCOMPARE(channels.find(id, Keys::Leave)->status, ChannelStatus::DisabledByHand);
}

void ChannelRepositoryTest::searchFindsIdsAndBeginnings()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId first = channels.insert(named(u"Alpha"_s)).value();
    const ChannelId second = channels.insert(named(u"50%_off"_s)).value();
    QVERIFY(channels.insert(named(u"50 more"_s)));

    QCOMPARE(channels.search(u"al"_s, Keys::Leave)->size(), 1u);
    QCOMPARE(channels.search(u"pha"_s, Keys::Leave)->size(), 0u);
    QCOMPARE(channels.search(u"50%"_s, Keys::Leave)->front().id, second);
    QCOMPARE(channels.search(u"50%"_s, Keys::Leave)->size(), 1u);
    QCOMPARE(channels.search(QString::number(first.value), Keys::Leave)->front().id, first);
    QCOMPARE(channels.search(u""_s, Keys::Leave)->size(), 3u);
    QCOMPARE(channels.all(Keys::Leave, {.offset = 1, .limit = 1})->front().id, second);
    QCOMPARE(channels.all(Keys::Leave, {.limit = 1, .before = second.value})->front().id, first);
}

void ChannelRepositoryTest::removing()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    Channel disabled = fullChannel();
    disabled.status = ChannelStatus::DisabledByHand;
    QVERIFY(channels.insert(disabled));
    disabled.status = ChannelStatus::DisabledAutomatically;
    QVERIFY(channels.insert(disabled));

    QCOMPARE(channels.removeDisabled(1000).value(), 2);
    QVERIFY(channels.remove(id, 1000));

    QCOMPARE(channels.count().value(), 0);
    QCOMPARE(channels.remove(id, 1000).error().code, base::ErrorCode::NotFound);
    QCOMPARE(channels.find(id, Keys::Open).error().code, base::ErrorCode::NotFound);
    QCOMPARE(channels.setTested(id, 1, 1).error().code, base::ErrorCode::NotFound);
}

void ChannelRepositoryTest::restoring()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    const Channel before = channels.find(id, Keys::Open).value();
    QVERIFY(channels.remove(id, 1000));
    QVERIFY(purgeDeleted(temporary.database(), 1000));

    QVERIFY(channels.restore(id));

    QCOMPARE(channels.find(id, Keys::Open).value(), before);
    QCOMPARE(channels.restore(id).error().code, base::ErrorCode::NotFound);
    QVERIFY(channels.remove(id, 1000));
    QVERIFY(purgeDeleted(temporary.database(), 1001));
    QCOMPARE(channels.restore(id).error().code, base::ErrorCode::NotFound);
}

void ChannelRepositoryTest::hiddenKeysComeBackWhenTheyAreNamed()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    const Channel before = channels.find(id, Keys::Leave).value();
    Channel after = before;
    after.keys.removeFirst();
    QVERIFY(channels.update(after));
    QCOMPARE(channels.find(id, Keys::Leave)->keys.size(), 1);

    QVERIFY(channels.update(before));

    const Channel found = channels.find(id, Keys::Open).value();
    QCOMPARE(found.keys.size(), 2);
    QCOMPARE(found.keys[0].secret, fullChannel().keys[0].secret);
    QVERIFY(channels.update(after));
    QVERIFY(channels.forgetHiddenKeys(id));
    QVERIFY(!channels.update(before));
}

void ChannelRepositoryTest::aKeyThatDoesNotOpen()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    QSqlQuery query(temporary.database().connection());
    QVERIFY(query.exec(u"INSERT INTO channel_keys (channel_id, key_sealed, enabled)"
                       " SELECT channel_id, 'x', enabled FROM channel_keys LIMIT 1"_s)
            || query.exec(u"INSERT INTO channel_keys (channel_id, key_sealed, enabled)"
                          " SELECT channel_id, x'00', enabled FROM channel_keys LIMIT 1"_s));

    const auto strict = channels.find(id, Keys::Open);
    const auto lenient = channels.find(id, Keys::OpenIfPossible);

    QVERIFY(!strict);
    QVERIFY(lenient);
    QCOMPARE(lenient->keys.size(), 2);
}

void ChannelRepositoryTest::anExplicitIdIsKeptAndNotGivenOutAgain()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    Channel imported = fullChannel();
    imported.id = {2};

    QCOMPARE(channels.insert(imported).value(), ChannelId{2});
    const ChannelId next = channels.insert(fullChannel()).value();
    const ChannelId later = channels.insert(fullChannel()).value();

    QVERIFY(next.value > 2 && later.value > next.value);
}

void ChannelRepositoryTest::secretsThatDoNotOpen()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId one = channels.insert(fullChannel()).value();
    const ChannelId other = channels.insert(fullChannel()).value();
    // Moved to another row, as by hand.
    QVERIFY(storage::execute(temporary.database(),
                             u"UPDATE channels SET secrets_sealed = (SELECT secrets_sealed FROM"
                             " channels WHERE id = :one) WHERE id = :other"_s,
                             {{u":one"_s, one.value}, {u":other"_s, other.value}}));

    QVERIFY(channels.find(one, Keys::Leave));
    // Whoever changed such a channel would store it without its secrets.
    QVERIFY(!channels.find(other, Keys::Leave));
    QVERIFY(!channels.find(other, Keys::Open));
    const auto rest = channels.find(other, Keys::OpenIfPossible);
    QVERIFY(rest);
    QVERIFY(rest->headerOverrides.isEmpty() && rest->proxy.isEmpty());
    QCOMPARE(rest->name, fullChannel().name);
}

void ChannelRepositoryTest::plainSecretsAreSealed()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    const Channel before = channels.find(id, Keys::Open).value();
    QVERIFY(channels.insert(named(u"without secrets"_s)));
    // As the first version stored it.
    QVERIFY(storage::execute(
        temporary.database(),
        u"UPDATE channels SET secrets_sealed = NULL,"
        " header_overrides = :headers, body_overrides = :body, proxy = :proxy, config = :config"
        " WHERE id = :id"_s,
        {{u":headers"_s, u"{\"X-Team\":\"a;b\",\"Authorization\":\"sk-canary-3\"}"_s},
         {u":body"_s, QString::fromUtf8(base::compactJson(before.bodyOverrides))},
         {u":proxy"_s, before.proxy},
         {u":config"_s, u"{\"region\":\"eu\",\"sk\":\"sk-canary-five\"}"_s},
         {u":id"_s, id.value}}));
    QCOMPARE(channels.find(id, Keys::Open).value(), before);

    QCOMPARE(channels.sealRemaining().value(), 1);

    QCOMPARE(channels.find(id, Keys::Open).value(), before);
    auto row = storage::execute(temporary.database(),
                                u"SELECT header_overrides, proxy, config, body_overrides"
                                " FROM channels WHERE id = :id"_s,
                                {{u":id"_s, id.value}});
    QVERIFY(row && storage::nextRow(temporary.database(), *row).value());
    QCOMPARE(row->value(0).toString() + row->value(1).toString() + row->value(2).toString()
                 + row->value(3).toString(),
             u"{}{}{}"_s);
    QCOMPARE(channels.sealRemaining().value(), 0);
}

void ChannelRepositoryTest::aPlainBodyBesideSealedSecretsIsSealed()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId id = channels.insert(fullChannel()).value();
    const Channel before = channels.find(id, Keys::Open).value();
    QVERIFY(!before.bodyOverrides.isEmpty());
    // As a version stored it that sealed all but the body.
    const base::Secret sealed(base::compactJson(
        {{u"headers"_s, QJsonObject{{u"X-Team"_s, u"a;b"_s}}}, {u"proxy"_s, before.proxy}}));
    QVERIFY(storage::execute(
        temporary.database(),
        u"UPDATE channels SET secrets_sealed = :sealed, body_overrides = :body WHERE id = :id"_s,
        {{u":sealed"_s,
          QVariant(m_sealer.seal(sealed,
                                 QByteArray("channel-secrets/" + QByteArray::number(id.value))))},
         {u":body"_s, QString::fromUtf8(base::compactJson(before.bodyOverrides))},
         {u":id"_s, id.value}}));
    QCOMPARE(channels.find(id, Keys::Open)->bodyOverrides, before.bodyOverrides);

    QCOMPARE(channels.sealRemaining().value(), 1);

    const Channel after = channels.find(id, Keys::Open).value();
    QCOMPARE(after.bodyOverrides, before.bodyOverrides);
    QCOMPARE(after.headerOverrides, (QMap<QString, QString>{{u"X-Team"_s, u"a;b"_s}}));
    QCOMPARE(after.proxy, before.proxy);
    QCOMPARE(channels.sealRemaining().value(), 0);
}

void ChannelRepositoryTest::whatCannotBeOpenedStopsNoOther()
{
    QFETCH(Dialect::Kind, kind);
    TemporaryDatabase temporary(kind);
    ChannelRepository channels(temporary.database(), m_sealer);
    const ChannelId damaged = channels.insert(fullChannel()).value();
    const ChannelId whole = channels.insert(named(u"whole"_s)).value();
    QVERIFY(storage::execute(
        temporary.database(),
        u"UPDATE channels SET secrets_sealed = :sealed,"
        " body_overrides = '{\"top_k\":1}' WHERE id = :id"_s,
        {{u":sealed"_s, QByteArray("of another key")}, {u":id"_s, damaged.value}}));
    QVERIFY(storage::execute(temporary.database(),
                             u"UPDATE channels SET proxy = 'http://proxy:1' WHERE id = :id"_s,
                             {{u":id"_s, whole.value}}));

    QCOMPARE(channels.sealRemaining().value(), 1);

    QCOMPARE(channels.find(whole, Keys::Open)->proxy, u"http://proxy:1"_s);
    auto row = storage::execute(temporary.database(),
                                u"SELECT secrets_sealed FROM channels WHERE id = :id"_s,
                                {{u":id"_s, damaged.value}});
    QVERIFY(row && storage::nextRow(temporary.database(), *row).value());
    QCOMPARE(row->value(0).toByteArray(), QByteArray("of another key"));
}

void ChannelRepositoryTest::theFileRevealsNoKey()
{
    TemporaryDatabase temporary(Dialect::Kind::Sqlite);
    ChannelRepository channels(temporary.database(), m_sealer);
    QVERIFY(channels.insert(fullChannel()));
    temporary.close();

    QFile file(temporary.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray content = file.readAll();
    QVERIFY(content.contains("api.example.com"));
    QVERIFY(!content.contains("sk-canary"));
}

QTEST_GUILESS_MAIN(ChannelRepositoryTest)
#include "tst_channelrepository.moc"
