#include "admin/history/differences.h"
#include "admin/history/historytexts.h"
#include "domain/history.h"
#include "support/administrationfixture.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::admin {

using domain::ActingAs;
using domain::Author;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using domain::FieldChange;
using domain::FieldChanges;
using domain::HistoryAction;
using domain::HistoryEntry;
using domain::HistoryObject;
using support::AdministrationFixture;

// What the services write into the history of changes.
class HistoryTest : public QObject
{
    Q_OBJECT

private:
    static const inline QByteArray secretKey = "sk-very-secret-0123456789";

    static std::vector<HistoryEntry>
    entriesOf(AdministrationFixture &house, std::optional<HistoryObject> object, qint64 id = 0)
    {
        const auto page = house.wait(
            house.administration->history.page(house.root(), {.object = object, .objectId = id}));
        if (!page)
            qFatal("%s", qPrintable(page.error().message.english()));
        return page->entries;
    }
    static ChannelId makeChannel(AdministrationFixture &house)
    {
        const auto made = house.wait(house.administration->channels.create(
            {Channel{.name = u"Mistral"_s,
                     .baseUrl = u"https://one.example"_s,
                     .keys = {ChannelKey{.secret = base::Secret(secretKey)}},
                     .models = {u"m"_s}}}));
        if (!made)
            qFatal("%s", qPrintable(made.error().message.english()));
        return made->front().id;
    }
    static std::vector<HistoryAction> actionsOf(const std::vector<HistoryEntry> &entries)
    {
        std::vector<HistoryAction> actions;
        for (const HistoryEntry &entry : entries)
            actions.push_back(entry.action);
        return actions;
    }

private slots:
    void tellsFieldsOfAChannel();
    void neverHoldsASecret();
    void nothingIsRecordedThatDidNotHappen();
    void whatChangesNothingIsNoChange();
    void namesWhoActs();
    void takesTheAuthorAlong();
    void undoIsToldAsSuch();
    void tellsOfDeletedAndRestoredChannels();
    void tellsWhatTheProgramDoes();
    void tellsOfUsers();
    void tellsOfSignIns();
    void tellsOfTokens();
    void tellsOfSettings();
    void hidesWhatOfASettingMayBeSecret_data();
    void hidesWhatOfASettingMayBeSecret();
    void tellsOfGroupsPricesAndRoutings();
    void onlyAdministratorsRead();
    void whatIsOfRootIsToldToRootAlone();
    void pagesByTheKey();
    void oldOnesGo();
    void textsAreMadeWhenShown();
};

void HistoryTest::tellsFieldsOfAChannel()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);

    QVERIFY(house.wait(house.administration->channels.change(id, [](Channel &channel) {
        channel.name = u"Mistral EU"_s;
        channel.priority = 5;
        channel.keys.append({.secret = base::Secret(u"another-key-0123456789"_s)});
        return base::Result<>();
    })));

    const auto entries = entriesOf(house, HistoryObject::Channel, id.value);
    QCOMPARE(actionsOf(entries), (std::vector{HistoryAction::Changed, HistoryAction::Created}));
    const HistoryEntry &changed = entries.front();
    QCOMPARE(changed.objectName, u"Mistral EU"_s);
    QCOMPARE(changed.author.kind, Author::Kind::Computer);
    QVERIFY(changed.at > 0);
    const FieldChanges expected{
        {.field = u"name"_s, .before = u"Mistral"_s, .after = u"Mistral EU"_s},
        {.field = u"keys_added"_s, .after = 1},
        {.field = u"priority"_s, .before = 0, .after = 5}};
    QCOMPARE(changed.fields, expected);
}

void HistoryTest::neverHoldsASecret()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    ChannelService &channels = house.administration->channels;
    const auto keys = house.wait(channels.keys(id));

    QVERIFY(house.wait(
        channels.replaceKey(id, keys->front().id, base::Secret(u"other-secret-0123456789"_s))));
    QVERIFY(house.wait(channels.change(id, [](Channel &channel) {
        channel.headerOverrides = {{u"Authorization"_s, u"Bearer hidden-secret"_s},
                                   {u"X-Plain"_s, u"seen"_s}};
        channel.bodyOverrides = {{u"api_key"_s, u"body-secret"_s}};
        channel.proxy = u"http://me:proxy-secret@proxy.example:3128"_s;
        return base::Result<>();
    })));
    const auto token = house.wait(house.administration->tokenManager.create(
        house.root(), house.root().id, {.name = u"laptop"_s}));
    QVERIFY(token);
    QVERIFY(house.wait(house.administration->tokenManager.reveal(house.root(), token->id)));
    QVERIFY(house.wait(house.administration->integrationSecrets.store(
        IntegrationSecret::WebhookSecret, base::Secret(u"webhook-secret"_s))));

    QString all;
    for (const HistoryEntry &entry : entriesOf(house, std::nullopt)) {
        all += entry.objectName;
        for (const FieldChange &change : entry.fields)
            all += change.field + change.before.toString() + change.after.toString();
        for (const base::Message &text : historyFieldTexts(entry))
            all += text.english();
    }
    QVERIFY(!all.contains(u"-secret"_s));
    QVERIFY(!all.contains(QString::fromUtf8(token->key.reveal())));
    QVERIFY(all.contains(u"keys_changed"_s));
    QVERIFY(all.contains(u"Header Authorization: changed"_s));
    QVERIFY(!all.contains(u"seen"_s));
    QVERIFY(all.contains(u"Body: changed"_s));
}

void HistoryTest::nothingIsRecordedThatDidNotHappen()
{
    AdministrationFixture house;
    house.start();
    const ChannelId first = makeChannel(house);
    const ChannelId second = makeChannel(house);
    const size_t before = entriesOf(house, std::nullopt).size();

    // The second is refused, and the first with it.
    const auto changed =
        house.wait(house.administration->channels.changeAll({first, second}, [second](Channel &c) {
            c.weight = 7;
            return c.id == second ? base::Result<>(base::fail(base::ErrorCode::InvalidInput, {}))
                                  : base::Result<>();
        }));

    QVERIFY(!changed);
    QCOMPARE(entriesOf(house, std::nullopt).size(), before);
}

void HistoryTest::whatChangesNothingIsNoChange()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    const size_t before = entriesOf(house, std::nullopt).size();

    QVERIFY(house.wait(
        house.administration->channels.change(id, [](Channel &) { return base::Result<>(); })));
    QVERIFY(house.wait(house.administration->settings.set(
        u"storage.kept_backups"_s,
        house.administration->settings.find(u"storage.kept_backups"_s)->value)));

    QCOMPARE(entriesOf(house, std::nullopt).size(), before);
}

void HistoryTest::namesWhoActs()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    {
        const ActingAs acting({.kind = Author::Kind::User, .user = {7}, .name = u"alice"_s});
        QVERIFY(house.wait(house.administration->channels.remove(id)));
    }

    const HistoryEntry last = entriesOf(house, HistoryObject::Channel).front();

    QCOMPARE(last.action, HistoryAction::Removed);
    QCOMPARE(last.author.kind, Author::Kind::User);
    QCOMPARE(last.author.user.value, 7);
    QCOMPARE(last.author.name, u"alice"_s);
    QCOMPARE(ActingAs::present(), Author{});
}

// A change that is made of several steps, the later ones when nobody acts any more.
void HistoryTest::takesTheAuthorAlong()
{
    AdministrationFixture house;
    house.start();
    Answer<domain::User> made;
    {
        const ActingAs acting({.kind = Author::Kind::User, .user = {7}, .name = u"alice"_s});
        made = house.administration->users.create(
            house.root(),
            {.username = u"bob"_s, .password = base::Secret(u"a long enough password"_s)});
    }

    QVERIFY(house.wait(made));

    const HistoryEntry last = entriesOf(house, HistoryObject::User).front();
    QCOMPARE(last.objectName, u"bob"_s);
    QCOMPARE(last.action, HistoryAction::Created);
    QCOMPARE(last.author.name, u"alice"_s);
    QVERIFY(!last.fields.empty());
    for (const domain::FieldChange &field : last.fields)
        QVERIFY2(field.before.isNull(), qPrintable(field.field)); // there was nothing before
}

void HistoryTest::undoIsToldAsSuch()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    ChannelService &channels = house.administration->channels;
    const auto changed = house.wait(channels.setPriorities({{.channel = id, .priority = 3}}));
    QVERIFY(changed);
    {
        const ActingAs acting({.way = Author::Way::Undo});
        QVERIFY(house.wait(channels.takeBack(*changed)));
    }

    const HistoryEntry last = entriesOf(house, HistoryObject::Channel).front();

    QCOMPARE(last.author.way, Author::Way::Undo);
    const FieldChanges expected{{.field = u"priority"_s, .before = 3, .after = 0}};
    QCOMPARE(last.fields, expected);
    QCOMPARE(historyActionText(last).english(), u"Changed (undo)"_s);
}

void HistoryTest::tellsOfDeletedAndRestoredChannels()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    ChannelService &channels = house.administration->channels;

    QVERIFY(house.wait(channels.remove(id)));
    QVERIFY(house.wait(channels.restore({id})));
    const auto copy = house.wait(channels.duplicate(id));
    QVERIFY(copy);
    QCOMPARE(*house.wait(channels.removeDisabled()), 1);

    const std::vector original{
        HistoryAction::Restored, HistoryAction::Removed, HistoryAction::Created};
    QCOMPARE(actionsOf(entriesOf(house, HistoryObject::Channel, id.value)), original);
    const std::vector copied{HistoryAction::Removed, HistoryAction::Created};
    QCOMPARE(actionsOf(entriesOf(house, HistoryObject::Channel, copy->id.value)), copied);
}

void HistoryTest::tellsWhatTheProgramDoes()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    ChannelService &channels = house.administration->channels;

    QVERIFY(*house.wait(channels.setEnabledAutomatically(id, false, u"no answer"_s)));
    QVERIFY(*house.wait(channels.setEnabledAutomatically(id, true)));
    house.administration->history.note(
        {.kind = Happening::Kind::ChannelOpened, .name = u"Mistral"_s, .channel = id});

    QTRY_COMPARE(entriesOf(house, HistoryObject::Channel, id.value).size(), size_t(4));
    const auto entries = entriesOf(house, HistoryObject::Channel, id.value);
    QCOMPARE(entries[0].action, HistoryAction::CircuitOpened);
    QCOMPARE(entries[1].action, HistoryAction::EnabledByProgram);
    QCOMPARE(entries[2].action, HistoryAction::DisabledByProgram);
    QCOMPARE(entries[2].fields.front().after.toString(), u"no answer"_s);
    for (size_t i = 0; i < 3; ++i)
        QCOMPARE(entries[i].author.kind, Author::Kind::Program);
}

void HistoryTest::tellsOfUsers()
{
    AdministrationFixture house;
    house.start();
    UserService &users = house.administration->users;
    const auto bob = house.wait(users.create(
        house.root(),
        {.username = u"bob"_s, .password = base::Secret(u"a long enough password"_s)}));
    QVERIFY(bob);

    QVERIFY(house.wait(users.change(
        house.root(),
        bob->id,
        {.email = u"bob@example.org"_s, .password = base::Secret(u"another long password"_s)})));
    QVERIFY(house.wait(users.topUp(house.root(), bob->id, {500'000}, {})));
    QVERIFY(house.wait(users.signOutEverywhere(house.root(), bob->id)));
    QVERIFY(house.wait(users.remove(house.root(), bob->id)));
    QVERIFY(house.wait(users.restore(house.root(), bob->id)));

    const std::vector expected{HistoryAction::Restored,
                               HistoryAction::Removed,
                               HistoryAction::SignedOut,
                               HistoryAction::ToppedUp,
                               HistoryAction::PasswordChanged,
                               HistoryAction::Changed,
                               HistoryAction::Created};
    const auto entries = entriesOf(house, HistoryObject::User, bob->id.value);
    QCOMPARE(actionsOf(entries), expected);
    QCOMPARE(historyFieldTexts(entries[5]).front().english(), u"E-mail: empty → bob@example.org"_s);
    QVERIFY(entries[4].fields.empty());
}

void HistoryTest::tellsOfSignIns()
{
    AdministrationFixture house;
    house.start();
    SessionService &sessions = house.administration->sessions;
    const QHostAddress client(u"192.0.2.7"_s);

    QVERIFY(house.wait(sessions.signIn(u"root"_s, base::Secret(u"wrong"_s), client)));
    QVERIFY(house.wait(sessions.signIn(u"a password"_s, base::Secret(u"wrong"_s), client)));
    QVERIFY(house.wait(
        sessions.signIn(u"root"_s, base::Secret(AdministrationFixture::rootPassword), client)));

    QTRY_COMPARE(entriesOf(house, HistoryObject::User).size(), size_t(3));
    const auto entries = entriesOf(house, HistoryObject::User);
    QCOMPARE(actionsOf(entries),
             (std::vector{HistoryAction::SignedIn,
                          HistoryAction::SignInFailed,
                          HistoryAction::SignInFailed}));
    QCOMPARE(entries[0].author.name, u"root"_s);
    QCOMPARE(entries[0].fields.front().after.toString(), u"192.0.2.7"_s);
    QVERIFY(entries[1].objectName.isEmpty()); // it may have been a password
    QCOMPARE(entries[2].objectName, u"root"_s);
    QVERIFY(entries[2].author.name.isEmpty());
}

void HistoryTest::tellsOfTokens()
{
    AdministrationFixture house;
    house.start();
    TokenManager &tokens = house.administration->tokenManager;
    const auto token = house.wait(
        tokens.create(house.root(), house.root().id, {.name = u"laptop"_s, .balance = {500'000}}));
    QVERIFY(token);

    QVERIFY(house.wait(tokens.topUp(house.root(), token->id, {500'000})));
    QVERIFY(house.wait(tokens.reveal(house.root(), token->id)));
    QVERIFY(house.wait(tokens.rotate(house.root(), token->id, 1h)));
    QVERIFY(house.wait(tokens.endGrace(house.root(), token->id)));
    QVERIFY(house.wait(tokens.remove(house.root(), {token->id})));
    QVERIFY(house.wait(tokens.restore(house.root(), {token->id})));

    const std::vector expected{HistoryAction::Restored,
                               HistoryAction::Removed,
                               HistoryAction::GraceEnded,
                               HistoryAction::KeyReplaced,
                               HistoryAction::KeyRevealed,
                               HistoryAction::Changed,
                               HistoryAction::Created};
    const auto entries = entriesOf(house, HistoryObject::Token, token->id.value);
    QCOMPARE(actionsOf(entries), expected);
    QCOMPARE(historyFieldTexts(entries[5]).front().english(), u"Balance: $1 → $2"_s);
}

void HistoryTest::tellsOfSettings()
{
    AdministrationFixture house;
    house.start();
    SettingsService &settings = house.administration->settings;

    QVERIFY(house.wait(settings.set(u"storage.kept_backups"_s, u"9"_s)));
    QVERIFY(house.wait(settings.reset(u"storage.kept_backups"_s)));
    QVERIFY(house.wait(
        settings.set(u"integrations.webhook_url"_s, u"https://hooks.example/T0/private"_s)));

    const auto entries = entriesOf(house, HistoryObject::Setting);
    QCOMPARE(entries.size(), size_t(3));
    QCOMPARE(entries[0].fields.front().after.toString(), u"https://hooks.example"_s);
    const FieldChanges back{{.field = u"value"_s, .before = u"9"_s, .after = u"5"_s}};
    QCOMPARE(entries[1].fields, back);
    QCOMPARE(entries[2].objectName, u"storage.kept_backups"_s);
}

void HistoryTest::hidesWhatOfASettingMayBeSecret_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");

    const QString webhook = u"integrations.webhook_url"_s;
    QTest::newRow("a name and a password") << webhook << u"https://ann:hidden@hooks.example/"_s;
    QTest::newRow("a path") << webhook << u"https://hooks.example/hidden"_s;
    QTest::newRow("a query") << webhook << u"https://hooks.example/?key=hidden"_s;
    QTest::newRow("a fragment") << webhook << u"https://hooks.example/#hidden"_s;
    QTest::newRow("what the log masks") << u"log.mask"_s << u"hidden-[0-9]+"_s;
}

void HistoryTest::hidesWhatOfASettingMayBeSecret()
{
    QFETCH(QString, key);
    QFETCH(QString, value);

    const FieldChanges fields = settingChange(key, QString(), value);

    QCOMPARE(fields.size(), size_t(1));
    QVERIFY(!fields.front().before.toString().contains(u"hidden"_s));
    QVERIFY(!fields.front().after.toString().contains(u"hidden"_s));
}

void HistoryTest::tellsOfGroupsPricesAndRoutings()
{
    AdministrationFixture house;
    house.start();
    Administration &all = *house.administration;
    domain::ModelPrice price{.model = "m"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(2);

    QVERIFY(house.wait(all.groups.save({.name = "team", .ratioMillionths = 500'000})));
    QVERIFY(house.wait(all.groups.save({.name = "team", .ratioMillionths = 800'000})));
    QVERIFY(house.wait(all.groups.remove("team")));
    QVERIFY(house.wait(all.prices.save(price)));
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
    QVERIFY(house.wait(all.prices.save(price)));
    QVERIFY(house.wait(all.prices.remove("m", {}, {})));
    QVERIFY(house.wait(all.modelRoutings.save({{.model = "m", .affinity = false}})));

    const std::vector life{HistoryAction::Removed, HistoryAction::Changed, HistoryAction::Created};
    const auto groups = entriesOf(house, HistoryObject::Group);
    QCOMPARE(actionsOf(groups), life);
    const FieldChanges factor{{.field = u"ratio"_s, .before = 0.5, .after = 0.8}};
    QCOMPARE(groups[1].fields, factor);
    const auto prices = entriesOf(house, HistoryObject::Price);
    QCOMPARE(actionsOf(prices), life);
    const FieldChanges input{{.field = u"input"_s, .before = 2.0, .after = 3.0}};
    QCOMPARE(prices[1].fields, input);
    const auto routings = entriesOf(house, HistoryObject::Routing);
    QCOMPARE(historyFieldTexts(routings.front()).front().english(), u"Session affinity: off"_s);
}

void HistoryTest::onlyAdministratorsRead()
{
    AdministrationFixture house;
    house.start();
    const Actor user{.id = {2}, .username = u"bob"_s, .role = domain::Role::User};

    const auto page = house.wait(house.administration->history.page(user, {}));

    QCOMPARE(page.error().code, base::ErrorCode::Denied);
}

void HistoryTest::whatIsOfRootIsToldToRootAlone()
{
    AdministrationFixture house;
    house.start();
    const ChannelId id = makeChannel(house);
    QVERIFY(house.wait(
        house.administration->settings.set(u"server.allowed_hosts"_s, u"inner.example"_s)));
    const Actor administrator{.id = {2}, .username = u"ann"_s, .role = domain::Role::Administrator};
    HistoryService &history = house.administration->history;

    const auto all = house.wait(history.page(administrator, {}));
    const auto settings =
        house.wait(history.page(administrator, {.object = HistoryObject::Setting}));

    QVERIFY(all && settings);
    QVERIFY(settings->entries.empty());
    const auto isOfRoot = [](const HistoryEntry &entry) {
        return entry.object == HistoryObject::Setting;
    };
    QVERIFY(std::none_of(all->entries.begin(), all->entries.end(), isOfRoot));
    const auto isTheChannel = [id](const HistoryEntry &entry) {
        return entry.object == HistoryObject::Channel && entry.objectId == id.value;
    };
    QVERIFY(std::any_of(all->entries.begin(), all->entries.end(), isTheChannel));
    QCOMPARE(entriesOf(house, HistoryObject::Setting).size(), size_t(1));
}

void HistoryTest::pagesByTheKey()
{
    AdministrationFixture house;
    house.start();
    for (int i = 0; i < 5; ++i)
        makeChannel(house);
    HistoryService &history = house.administration->history;

    std::vector<qint64> seen;
    qint64 before = 0;
    int pages = 0;
    do {
        const auto page = house.wait(history.page(
            house.root(), {.object = HistoryObject::Channel, .before = before, .limit = 2}));
        QVERIFY(page);
        for (const HistoryEntry &entry : page->entries)
            seen.push_back(entry.objectId);
        before = page->next.value_or(0);
        ++pages;
    } while (before > 0);

    QCOMPARE(seen, (std::vector<qint64>{5, 4, 3, 2, 1}));
    QCOMPARE(pages, 3);
}

void HistoryTest::oldOnesGo()
{
    AdministrationFixture house;
    house.start();
    makeChannel(house);
    const auto insert = [&](std::chrono::days age) {
        return house.wait(house.storage->write(
            [at = house.clock.wallMilliseconds()
                  - std::chrono::milliseconds(age).count()](storage::Database &database) {
                return storage::HistoryRepository(database).insert(
                    {.at = at, .objectId = 99, .objectName = u"old"_s});
            }));
    };
    QVERIFY(house.wait(house.storage->write([](storage::Database &database) {
        return storage::HistoryRepository(database)
            .removeOlder(std::numeric_limits<qint64>::max(), 100)
            .map([](qint64) {});
    })));
    QVERIFY(insert(std::chrono::days(366)));
    QVERIFY(insert(std::chrono::days(364)));

    house.administration->traffic.start();

    QTRY_COMPARE(entriesOf(house, HistoryObject::Channel, 99).size(), size_t(1));
}

void HistoryTest::textsAreMadeWhenShown()
{
    const HistoryEntry entry{
        .author = {.kind = Author::Kind::Program},
        .object = HistoryObject::Channel,
        .objectName = u"Mistral"_s,
        .action = HistoryAction::DisabledByProgram,
        .fields = {
            {.field = u"status"_s, .before = u"enabled"_s, .after = u"disabled_automatically"_s},
            {.field = u"idle_timeout"_s, .before = 0, .after = 1'500}}};

    QCOMPARE(historyAuthorText(entry.author).english(), u"Gatehouse"_s);
    QCOMPARE(historyObjectText(entry).english(), u"Channel “Mistral”"_s);
    QCOMPARE(historyActionText(entry).english(), u"Disabled automatically"_s);
    const auto texts = historyFieldTexts(entry);
    QCOMPARE(texts[0].english(), u"Status: enabled → disabled automatically"_s);
    QCOMPARE(texts[1].english(), u"Longest silence: the usual → 1.5 s"_s);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::HistoryTest)
#include "tst_history.moc"
