#include "admin/administration.h"
#include "domain/providertype.h"
#include "support/fakeupstream.h"
#include "support/foreigndatabase.h"
#include "ui/welcomefixture.h"
#include "widgets/messagebar.h"
#include "wizard/foundmodel.h"
#include "wizard/foundstep.h"

#include <QAbstractItemModelTester>
#include <QListView>
#include <QScopeGuard>
#include <QSemaphore>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using tests::placeOf;

// What the first run finds on this computer, and what becomes of it.
class WelcomeFoundTest : public tests::WelcomeFixture
{
    Q_OBJECT

private slots:
    void nothingIsImportedWithoutATick();
    void tickedProvidersBecomeChannels();
    void tickedFilesAreImported();
    void filesAreListedAndLeftAlone();
    void modelsThatComeLateAreAdded();
    void refusedKeysAreTold();
    void whatBroughtNoModelsIsTold();
    void modelsThatComeAreToldNoMore();
    void listsWhatWasLookedAt();
    void modelIsSound();

private:
    // On the last screen, that a channel has no models.
    bool isToldOfModels() const
    {
        const QList<MessageBar *> bars = m_welcome->findChildren<MessageBar *>();
        return std::ranges::any_of(
            bars, [](const MessageBar *bar) { return bar->hasMessage(u"models"_s); });
    }
};

void WelcomeFoundTest::nothingIsImportedWithoutATick()
{
    FakeUpstream server(
        [](const ReceivedRequest &) { return jsonAnswer(200, R"({"data":[{"id":"qwen3"}]})"); });
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}},
         {placeOf(server, u"LM Studio"_s, domain::provider::lmStudio)});
    goOn();
    QTRY_COMPARE_WITH_TIMEOUT(model().found().size(), size_t(2), 5'000);
    QVERIFY(model().ticked().empty());

    goTo(3);

    QVERIFY(channels().empty());
    // The server was asked for its models once, and nobody was asked with the key.
    QCOMPARE(server.requestCount(), 1);
}

void WelcomeFoundTest::tickedProvidersBecomeChannels()
{
    FakeUpstream server([](const ReceivedRequest &) {
        return jsonAnswer(200, R"({"data":[{"id":"qwen3"},{"id":"llama3"}]})");
    });
    FakeUpstream provider(
        [](const ReceivedRequest &) { return jsonAnswer(200, R"({"data":[{"id":"gpt-4o"}]})"); });
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s},
          {u"OPENAI_BASE_URL"_s, QString::fromLatin1(provider.baseUrl())}},
         {placeOf(server, u"LM Studio"_s, domain::provider::lmStudio)});
    goOn();
    tick(u"OpenAI"_s);
    tick(u"LM Studio"_s);
    QTRY_COMPARE(model().found().front().channel.models, QStringList{u"gpt-4o"_s});
    QVERIFY(button(u"Continue with 2"_s));
    // A second click takes the tick away again.
    tick(u"LM Studio"_s);
    QVERIFY(button(u"Continue with 1"_s));
    tick(u"LM Studio"_s);

    goTo(3);

    const std::vector<domain::Channel> made = channels();
    QCOMPARE(made.size(), size_t(2));
    QStringList models;
    for (const domain::Channel &each : made)
        models += each.models;
    models.sort();
    QCOMPARE(models, (QStringList{u"gpt-4o"_s, u"llama3"_s, u"qwen3"_s}));
    QVERIFY(provider.requests().front().header("Authorization").endsWith("-one"));
}

void WelcomeFoundTest::tickedFilesAreImported()
{
    QTemporaryDir folder;
    const QString router = folder.filePath(u"config.json"_s);
    QFile file(router);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"Providers":[{"name":"relay","api_base_url":"https://relay.example/v1",
                   "api_key":"sk-relay-0123456789","models":["m"]},
                  {"name":"other","api_base_url":"https://other.example/v1",
                   "api_key":"sk-other-0123456789","models":["n"]}]})");
    file.close();
    support::ForeignDatabase gateway;
    gateway.addUser(50, u"alice"_s);
    gateway.addToken(50, 50);
    open({}, {}, {gateway.path(), router, folder.filePath(u"none.db"_s)});
    goOn();
    QTRY_COMPARE_WITH_TIMEOUT(model().found().size(), size_t(2), 10'000);
    QVERIFY(model().ticked().empty());
    QCOMPARE(model().index(0).data().toString(), u"Files of other programs"_s);
    const auto stateOf = [this](const QString &name) -> QString {
        for (int row = 1; row < model().rowCount(); ++row) {
            if (model().index(row).data().toString() == name)
                return model().index(row).data(FoundModel::StateRole).toString();
        }
        return {};
    };
    QCOMPARE(stateOf(u"One API"_s), u"channels: 0, users: 1, tokens: 1"_s);
    QCOMPARE(stateOf(u"Claude Code Router"_s), u"channels: 2"_s);
    tick(u"One API"_s);
    tick(u"Claude Code Router"_s);
    QVERIFY(button(u"Continue with 2"_s));

    goTo(3);

    QStringList names;
    for (const domain::Channel &channel : channels())
        names.append(channel.name);
    names.sort();
    QCOMPARE(names, (QStringList{u"other"_s, u"relay"_s}));
    bool isHere = false;
    for (const auto &user : m_fixture->wait(m_fixture->administration().users.list(
             m_fixture->services().actor, storage::UserOrder::NewestFirst, {})))
        isHere = isHere || user.username == u"alice"_s;
    QVERIFY(isHere);
}

void WelcomeFoundTest::filesAreListedAndLeftAlone()
{
    QTemporaryDir folder;
    const QString broken = folder.filePath(u"config.yaml"_s);
    const QString absent = folder.filePath(u"absent.db"_s);
    QFile file(broken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("model_list: [");
    file.close();
    open({}, {}, {broken, absent});
    goOn();
    const auto looked = admin::discoveryVariables().size() + admin::profileFiles().size() + 2;
    QTRY_VERIFY(button(u"What was looked at (%1)"_s.arg(looked)));

    QTest::mouseClick(button(u"What was looked at (%1)"_s.arg(looked)), Qt::LeftButton);

    const auto state = [this](int fromEnd) {
        return model().index(model().rowCount() - fromEnd).data(FoundModel::StateRole).toString();
    };
    QTRY_VERIFY(state(2).contains(u"is broken"_s));
    QTRY_COMPARE(state(1), u"nothing there"_s);
    QVERIFY(model().found().empty());
    // On a button Enter means that button.
    list()->setFocus(Qt::TabFocusReason);
    goTo(3);
    QVERIFY(channels().empty());
}

void WelcomeFoundTest::modelsThatComeLateAreAdded()
{
    QSemaphore mayAnswer;
    FakeUpstream provider([&mayAnswer](const ReceivedRequest &) {
        mayAnswer.acquire();
        mayAnswer.release(); // whoever asks next is not held up
        return jsonAnswer(200, R"({"data":[{"id":"gpt-4o"}]})");
    });
    const auto letGo = qScopeGuard([&mayAnswer] { mayAnswer.release(); });
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s},
          {u"OPENAI_BASE_URL"_s, QString::fromLatin1(provider.baseUrl())}});
    goOn();
    tick(u"OpenAI"_s);
    goTo(3);
    const std::vector<domain::Channel> made = channels();
    QCOMPARE(made.size(), size_t(1));
    QVERIFY(made.front().models.isEmpty());

    m_welcome.reset(); // the person has gone on already
    mayAnswer.release();

    QTRY_COMPARE_WITH_TIMEOUT(channels().front().models, QStringList{u"gpt-4o"_s}, 10'000);
}

void WelcomeFoundTest::refusedKeysAreTold()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(401, R"({"error":{"message":"Incorrect API key provided"}})");
    });
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s},
          {u"OPENAI_BASE_URL"_s, QString::fromLatin1(provider.baseUrl())}});
    goOn();
    tick(u"OpenAI"_s);

    const QModelIndex row = model().index(1);
    QTRY_VERIFY(row.data(FoundModel::StateRole).toString().contains(u"Incorrect API key"_s));
    QVERIFY(!row.data(FoundModel::BusyRole).toBool());
}

void WelcomeFoundTest::whatBroughtNoModelsIsTold()
{
    FakeUpstream provider([](const ReceivedRequest &) {
        return jsonAnswer(401, R"({"error":{"message":"Incorrect API key provided"}})");
    });
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s},
          {u"OPENAI_BASE_URL"_s, QString::fromLatin1(provider.baseUrl())}});
    goOn();
    tick(u"OpenAI"_s);

    goTo(3);

    QTRY_VERIFY(isToldOfModels());
}

void WelcomeFoundTest::modelsThatComeAreToldNoMore()
{
    QSemaphore mayAnswer;
    FakeUpstream provider([&mayAnswer](const ReceivedRequest &) {
        mayAnswer.acquire();
        mayAnswer.release();
        return jsonAnswer(200, R"({"data":[{"id":"gpt-4o"}]})");
    });
    const auto letGo = qScopeGuard([&mayAnswer] { mayAnswer.release(); });
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s},
          {u"OPENAI_BASE_URL"_s, QString::fromLatin1(provider.baseUrl())}});
    goOn();
    tick(u"OpenAI"_s);
    goTo(3);
    QTRY_VERIFY(isToldOfModels());

    mayAnswer.release();

    QTRY_VERIFY_WITH_TIMEOUT(!isToldOfModels(), 10'000);
    QCOMPARE(channels().front().models, QStringList{u"gpt-4o"_s});
}

void WelcomeFoundTest::listsWhatWasLookedAt()
{
    FakeUpstream server(
        [](const ReceivedRequest &) { return jsonAnswer(200, R"({"data":[{"id":"qwen3"}]})"); });
    admin::DiscoveryPlace nobody{.name = u"Nobody"_s, .url = u"http://127.0.0.1:1/v1/models"_s};
    open({}, {placeOf(server, u"LM Studio"_s, domain::provider::lmStudio), nobody});
    goOn();
    QTRY_COMPARE_WITH_TIMEOUT(model().found().size(), size_t(1), 5'000);
    const auto looked = admin::discoveryVariables().size() + admin::profileFiles().size() + 2;

    QTest::mouseClick(button(u"What was looked at (%1)"_s.arg(looked)), Qt::LeftButton);

    QCOMPARE(model().rowCount(), int(2 + 1 + looked));
    const QModelIndex last = model().index(model().rowCount() - 1);
    QCOMPARE(last.data().toString(), u"Nobody"_s);
    QCOMPARE(last.data(FoundModel::StateRole).toString(), u"nothing there"_s);
    QVERIFY(model().index(model().lookedRow()).data(FoundModel::HeadingRole).toBool());
    QCOMPARE(model().lookedRow(), int(2));
    QVERIFY(!last.flags().testFlag(Qt::ItemIsUserCheckable));
}

void WelcomeFoundTest::modelIsSound()
{
    FoundModel found;
    QAbstractItemModelTester tester(&found, QAbstractItemModelTester::FailureReportingMode::Fatal);
    admin::FoundProvider odd{.source = admin::FoundProvider::Source::Environment,
                             .origin = u"<b>X</b>"_s,
                             .maskedKey = u"abcd…wxyz"_s};
    odd.channel.name = QString(10'000, u'م');
    found.setFound({odd, {.origin = u"http://127.0.0.1:1/"_s}});
    found.setLooked({{.name = u"one"_s}, {.name = u"two"_s, .answered = true}});
    found.setShowsLooked(true);
    QVERIFY(found.setData(found.index(1), Qt::Checked, Qt::CheckStateRole));
    QVERIFY(!found.setData(found.index(0), Qt::Checked, Qt::CheckStateRole));
    found.setState(0, u"<i>no</i>"_s, Tone::Failure);
    QCOMPARE(found.ticked(), std::vector<size_t>{0});
    QVERIFY(!found.index(1).data(Qt::ToolTipRole).toString().contains(u"<i>"_s));
    found.setShowsLooked(false);
    found.setFound({});
    QCOMPARE(found.rowCount(), 0);
}

QTEST_MAIN(WelcomeFoundTest)
#include "tst_welcomefound.moc"
