#include "storage/repositories/settingsrepository.h"
#include "support/administrationfixture.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using support::AdministrationFixture;
using Kind = SettingView::Kind;

// What a page of settings needs to know of each.
class SettingsServiceTest : public QObject
{
    Q_OBJECT

private:
    static SettingView view(AdministrationFixture &house, const QString &key)
    {
        for (const SettingView &one : house.administration->settings.all()) {
            if (one.key == key)
                return one;
        }
        return {};
    }

private slots:
    void eachIsComplete();
    void changesAreMarked();
    void severalAreStoredTogether();
    void theEnvironmentLocks();
    void whatIsNotUnderstoodLocksNothing();
    void theStartLocks();
    void addressesAreChecked();
};

void SettingsServiceTest::eachIsComplete()
{
    AdministrationFixture house;
    house.start();

    for (const SettingView &one : house.administration->settings.all()) {
        QVERIFY2(!one.description.isEmpty(), qPrintable(one.key));
        QVERIFY2(one.variable.startsWith("GATEHOUSE_"_L1), qPrintable(one.key));
        QVERIFY2(one.category != SettingView::Category::Advanced, qPrintable(one.key));
        QCOMPARE(one.kind == Kind::Choice, !one.choices.empty());
        QVERIFY2(!one.isModified, qPrintable(one.key));
        for (const SettingChoice &choice : one.choices)
            QVERIFY2(!choice.label.isEmpty() && choice.label != choice.value, qPrintable(one.key));
    }
    QCOMPARE(view(house, u"http.max_body_bytes"_s).unit, u"bytes"_s);
    QCOMPARE(view(house, u"relay.connect_timeout"_s).unit, u"seconds"_s);
    QVERIFY(view(house, u"server.listen"_s).restartsListener);
    QVERIFY(!view(house, u"relay.retries"_s).restartsListener);
    QCOMPARE(view(house, u"tests.parallel"_s).most, 64.0);
}

void SettingsServiceTest::changesAreMarked()
{
    AdministrationFixture house;
    house.start();
    SettingsService &settings = house.administration->settings;

    QVERIFY(house.wait(settings.set(u"server.tls"_s, u"local"_s)));

    QVERIFY(view(house, u"server.tls"_s).isModified);
    QCOMPARE(view(house, u"server.tls"_s).value, u"local"_s);
    QCOMPARE(view(house, u"server.tls"_s).defaultValue, u"own"_s);
    QVERIFY(!house.wait(settings.set(u"server.tls"_s, u"maybe"_s)));
    QVERIFY(house.wait(settings.reset(u"server.tls"_s)));
    QVERIFY(!view(house, u"server.tls"_s).isModified);
}

void SettingsServiceTest::severalAreStoredTogether()
{
    AdministrationFixture house;
    house.start();
    SettingsService &settings = house.administration->settings;
    const QString standard = view(house, u"relay.retries"_s).value;

    // All or none.
    QVERIFY(!house.wait(
        settings.setAll({{u"relay.retries"_s, u"7"_s}, {u"tests.parallel"_s, u"many"_s}})));
    QCOMPARE(view(house, u"relay.retries"_s).value, standard);
    QVERIFY(
        house.wait(settings.setAll({{u"relay.retries"_s, u"7"_s}, {u"tests.parallel"_s, u"3"_s}})));
    QCOMPARE(view(house, u"relay.retries"_s).value, u"7"_s);
    QCOMPARE(view(house, u"tests.parallel"_s).value, u"3"_s);

    // A default is not stored.
    QVERIFY(house.wait(
        settings.setAll({{u"relay.retries"_s, standard}, {u"tests.parallel"_s, u"5"_s}})));
    const auto stored = house.wait(house.storage->read(
        [](storage::Database &database) { return storage::SettingsRepository(database).all(); }));
    QVERIFY(stored);
    QVERIFY(!stored->contains(u"relay.retries"_s));
    QCOMPARE(stored->value(u"tests.parallel"_s), u"5"_s);
}

void SettingsServiceTest::theEnvironmentLocks()
{
    AdministrationFixture house(
        {{u"GATEHOUSE_RELAY_RETRIES"_s, u"7"_s}, {u"RELAY_TIMEOUT"_s, u"60"_s}});
    house.start();

    const SettingView own = view(house, u"relay.retries"_s);
    QVERIFY(own.fromEnvironment && own.isModified);
    QCOMPARE(own.value, u"7"_s);
    QCOMPARE(own.variable, u"GATEHOUSE_RELAY_RETRIES"_s);
    QCOMPARE(view(house, u"relay.total_timeout"_s).variable, u"RELAY_TIMEOUT"_s);
    QVERIFY(!view(house, u"relay.max_rest"_s).fromEnvironment);
    SettingsService &settings = house.administration->settings;
    const auto refused = house.wait(settings.set(u"relay.retries"_s, u"2"_s));
    QVERIFY(!refused && refused.error().message.english().contains(u"GATEHOUSE_RELAY_RETRIES"_s));
    QVERIFY(house.wait(settings.set(u"relay.retries"_s, u"7"_s)));
}

void SettingsServiceTest::whatIsNotUnderstoodLocksNothing()
{
    AdministrationFixture house({{u"GATEHOUSE_RELAY_RETRIES"_s, u"many"_s}});
    house.start();

    QVERIFY(!view(house, u"relay.retries"_s).fromEnvironment);
    QVERIFY(house.wait(house.administration->settings.set(u"relay.retries"_s, u"2"_s)));
    QCOMPARE(view(house, u"relay.retries"_s).value, u"2"_s);
}

void SettingsServiceTest::theStartLocks()
{
    AdministrationFixture house;
    house.start();

    house.administration->settings.fix(u"server.listen"_s, u"127.0.0.1:1234"_s, u"--listen"_s);

    QVERIFY(view(house, u"server.listen"_s).fromEnvironment);
    QCOMPARE(view(house, u"server.listen"_s).variable, u"--listen"_s);
    QCOMPARE(view(house, u"server.listen"_s).value, u"127.0.0.1:1234"_s);
    SettingsService &settings = house.administration->settings;
    QVERIFY(!house.wait(settings.set(u"server.listen"_s, u"127.0.0.1:4321"_s)));
}

void SettingsServiceTest::addressesAreChecked()
{
    AdministrationFixture house;
    house.start();
    SettingsService &settings = house.administration->settings;

    QVERIFY(!house.wait(settings.set(u"server.listen"_s, u"127.0.0.1"_s)));
    QVERIFY(!house.wait(settings.set(u"server.listen"_s, u" "_s)));
    QVERIFY(!house.wait(settings.set(u"server.listen"_s, u"127.0.0.1:3000 nonsense"_s)));
    QVERIFY(house.wait(settings.set(u"server.listen"_s, u"127.0.0.1:3000 [::1]:3000"_s)));
    QVERIFY(!view(house, u"nonsense"_s).isModified);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::SettingsServiceTest)
#include "tst_settingsservice.moc"
