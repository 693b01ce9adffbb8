#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "domain/providertype.h"
#include "support/fakeupstream.h"
#include "support/foreigndatabase.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/uistate.h"
#include "wizard/foundmodel.h"
#include "wizard/foundstep.h"
#include "wizard/setup.h"
#include "wizard/welcome.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScopeGuard>
#include <QSemaphore>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;

namespace {

// Marks every text, so that one that stays as it was is seen.
class MarkingTranslator : public QTranslator
{
public:
    QString translate(const char *context, const char *text, const char *, int) const override
    {
        return QByteArrayView(context).startsWith("gatehouse::ui")
                   ? u"«%1»"_s.arg(QString::fromUtf8(text))
                   : QString();
    }
    bool isEmpty() const override { return false; }
};

// What is found is asked for on loopback ports that belong to this test.
admin::DiscoveryPlace placeOf(const FakeUpstream &server, const QString &name, int type)
{
    const QString base = QString::fromLatin1(server.baseUrl());
    return {.name = name, .url = base + u"/v1/models"_s, .providerType = type, .baseUrl = base};
}

} // namespace

// The first run as a person goes through it. Each test has a program of its own: what is stored by
// one would be existing data for the next.
class WelcomeTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void nothingIsImportedWithoutATick();
    void tickedProvidersBecomeChannels();
    void tickedFilesAreImported();
    void filesAreListedAndLeftAlone();
    void modelsThatComeLateAreAdded();
    void refusedKeysAreTold();
    void skippingStoresNothing();
    void escapeAsksFirst();
    void openedAgainItLeavesWhatThereIs();
    void openedAgainItShowsWhatIsChosen();
    void severalPeopleIsStored();
    void echoAnswersTheTestMessage();
    void failuresOfTheTestMessageAreTold();
    void whatTheStartDecidesIsNotOffered();
    void encryptionThatTheStartDecidesIsNotOffered_data();
    void encryptionThatTheStartDecidesIsNotOffered();
    void nothingIsOpenedWithoutTheEncryption();
    void rootsPasswordIsSet();
    void passwordsThatDifferKeepOneHere();
    void easilyGuessedPasswordsKeepOneHere();
    void textsFollowTheLanguage();
    void listsWhatWasLookedAt();
    void modelIsSound();
    void isReadFromTopToBottom();
    void isAccessible();

private:
    void open(const QMap<QString, QString> &environment = {},
              std::vector<admin::DiscoveryPlace> places = {},
              const QStringList &files = {},
              bool isAgain = false);
    void goOn();
    void goTo(int step);
    QPushButton *button(const QString &text) const;
    QRadioButton *radio(const QString &beginning) const;
    QListView *list() const { return m_welcome->findChild<QListView *>(u"found"_s); }
    FoundModel &model() { return m_welcome->found().model(); }
    // Ticks as a person does: a click on the row.
    void tick(const QString &name);
    std::vector<domain::Channel> channels();

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<Welcome> m_welcome;
};

void WelcomeTest::init()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void WelcomeTest::cleanup()
{
    m_welcome.reset();
    m_fixture.reset();
}

void WelcomeTest::open(const QMap<QString, QString> &environment,
                       std::vector<admin::DiscoveryPlace> places,
                       const QStringList &files,
                       bool isAgain)
{
    m_welcome = std::make_unique<Welcome>(m_fixture->services(),
                                          WelcomeHooks{.environment = environment,
                                                       .places = std::move(places),
                                                       .files = files,
                                                       .isAgain = isAgain});
    m_welcome->show();
    QVERIFY(QTest::qWaitForWindowActive(m_welcome.get()));
}

QPushButton *WelcomeTest::button(const QString &text) const
{
    for (QPushButton *each : m_welcome->findChildren<QPushButton *>()) {
        if (each->text() == text && each->isVisible())
            return each;
    }
    return nullptr;
}

QRadioButton *WelcomeTest::radio(const QString &beginning) const
{
    for (QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->text().startsWith(beginning))
            return each;
    }
    return nullptr;
}

// Enter is enough on every screen.
void WelcomeTest::goOn()
{
    const int before = m_welcome->step();
    QTest::keyClick(m_welcome.get(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_welcome->step(), before + 1, 20'000);
}

void WelcomeTest::goTo(int step)
{
    for (int at = m_welcome->step(); at < step; ++at)
        goOn();
}

void WelcomeTest::tick(const QString &name)
{
    QTRY_VERIFY_WITH_TIMEOUT(!model().found().empty(), 5'000);
    for (int row = 0; row < model().rowCount(); ++row) {
        const QModelIndex index = model().index(row);
        if (index.data().toString() != name || index.data(FoundModel::HeadingRole).toBool())
            continue;
        list()->scrollTo(index);
        QTRY_COMPARE(list()->visualRect(index).width(), list()->viewport()->width());
        QTest::mouseClick(
            list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
        return;
    }
    QFAIL(qPrintable(u"%1 was not found"_s.arg(name)));
}

std::vector<domain::Channel> WelcomeTest::channels()
{
    return m_fixture->wait(m_fixture->administration().channels.list({.limit = 100}));
}

void WelcomeTest::nothingIsImportedWithoutATick()
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

void WelcomeTest::tickedProvidersBecomeChannels()
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

void WelcomeTest::tickedFilesAreImported()
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

void WelcomeTest::filesAreListedAndLeftAlone()
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
    const auto looked = admin::discoveryVariables().size() + 2;
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

void WelcomeTest::modelsThatComeLateAreAdded()
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

void WelcomeTest::refusedKeysAreTold()
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

void WelcomeTest::skippingStoresNothing()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    goTo(2);
    QSignalSpy finished(m_welcome.get(), &QDialog::finished);

    QTest::mouseClick(button(u"Skip set-up"_s), Qt::LeftButton);

    QCOMPARE(finished.size(), 1);
    QVERIFY(channels().empty());
    QVERIFY(
        m_fixture->wait(m_fixture->administration().tokenManager.list(m_fixture->services().actor))
            .empty());
    QVERIFY(!m_fixture->services().state.value(u"people/mode"_s).isValid());
}

void WelcomeTest::escapeAsksFirst()
{
    open();
    goOn();
    QSignalSpy finished(m_welcome.get(), &QDialog::finished);
    const auto question = [this] { return m_welcome->findChild<QuestionDialog *>(); };

    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);

    QTRY_VERIFY(question() && question()->isVisible());
    QVERIFY(m_welcome->isVisible() && finished.isEmpty());
    // Another Esc leaves everything as it is, and so does the answer that Enter gives.
    QTest::keyClick(question(), Qt::Key_Escape);
    QTRY_VERIFY(!question());
    m_welcome->close();
    QTRY_VERIFY(question());
    QTest::mouseClick(tests::button<QPushButton>(question(), u"Go on"_s), Qt::LeftButton);
    QTRY_VERIFY(!question());
    QVERIFY(m_welcome->isVisible() && finished.isEmpty());
    QCOMPARE(m_welcome->step(), 1);

    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);
    QTRY_VERIFY(question());
    QTest::mouseClick(tests::button<QPushButton>(question(), u"Skip set-up"_s), Qt::LeftButton);

    QCOMPARE(finished.size(), 1);
    QVERIFY(!m_welcome->isVisible());
}

void WelcomeTest::openedAgainItLeavesWhatThereIs()
{
    const domain::Token token = m_fixture->addToken(u"mine"_s);
    m_fixture->addEchoChannel(u"Echo"_s, {u"echo"_s});
    m_fixture->services().state.setValue(u"people/mode"_s, u"several"_s);
    const QString listen = m_fixture->administration().settings.current().server.listen;
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}}, {}, {}, true);
    QVERIFY(radio(u"Several"_s)->isChecked());

    goTo(3);

    const auto tokens =
        m_fixture->wait(m_fixture->administration().tokenManager.list(m_fixture->services().actor));
    QCOMPARE(tokens.size(), size_t(1));
    QCOMPARE(tokens.front().token.id, token.id);
    QCOMPARE(channels().size(), size_t(1));
    QCOMPARE(m_fixture->services().state.value(u"people/mode"_s).toString(), u"several"_s);
    QCOMPARE(m_fixture->administration().settings.current().server.listen, listen);
    // There is no key to be shown or tried, but what belongs in its place is said.
    QVERIFY(m_welcome->findChild<QPlainTextEdit *>()->toPlainText().contains("YOUR_TOKEN"_L1));
    QVERIFY(!button(u"Send a test message"_s));

    // Where nothing is new nobody is asked.
    open({}, {}, {}, true);
    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);
    QTRY_VERIFY(!m_welcome->isVisible());
}

void WelcomeTest::openedAgainItShowsWhatIsChosen()
{
    // Addresses that no answer stands for, open and without HTTPS.
    const QString listen = u"0.0.0.0:0 127.0.0.1:0"_s;
    m_fixture = std::make_unique<support::WindowFixture>(support::WindowFixture::Given{
        .stored = {{u"server.listen"_s, listen}, {u"server.tls"_s, u"off"_s}}});
    QVERIFY(m_fixture->start());
    open({}, {}, {}, true);
    goTo(2);
    QVERIFY(radio(u"Other computers"_s)->isChecked());
    for (const QCheckBox *each : m_welcome->findChildren<QCheckBox *>())
        QVERIFY(each->text() != "Encrypt with HTTPS"_L1 || !each->isChecked());

    goOn();

    const domain::Settings::Server &server = m_fixture->administration().settings.current().server;
    QCOMPARE(server.listen, listen);
    QCOMPARE(server.tlsMode, domain::TlsMode::Off);
}

void WelcomeTest::severalPeopleIsStored()
{
    open();
    for (QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->text() == "Several people"_L1) {
            each->setFocus();
            QTest::keyClick(each, Qt::Key_Space);
        }
    }

    goTo(3);

    QCOMPARE(m_fixture->services().state.value(u"people/mode"_s).toString(), u"several"_s);
    const auto radios = m_welcome->findChildren<QRadioButton *>();
    QCOMPARE(
        std::count_if(radios.begin(), radios.end(), [](auto *each) { return each->isChecked(); }),
        2);                      // one of each group
    QVERIFY(!button(u"Back"_s)); // what is done is done
}

void WelcomeTest::echoAnswersTheTestMessage()
{
    open();
    goTo(3);
    const auto tokens =
        m_fixture->wait(m_fixture->administration().tokenManager.list(m_fixture->services().actor));
    QCOMPARE(tokens.size(), size_t(1));
    const base::Secret key = m_fixture->wait(m_fixture->administration().tokenManager.reveal(
        m_fixture->services().actor, tokens.front().token.id));
    bool isShown = false;
    for (const QLineEdit *field : m_welcome->findChildren<QLineEdit *>())
        isShown = isShown || field->text().toUtf8() == key.reveal();
    QVERIFY(isShown);
    const auto *lines = m_welcome->findChild<QPlainTextEdit *>();
    QVERIFY(lines->toPlainText().contains(m_fixture->url()));
    QVERIFY(lines->toPlainText().contains(QString::fromLatin1(key.reveal())));

    QPushButton *send = button(u"Try it with the built-in Echo"_s);
    send->setFocus();
    QTest::keyClick(send, Qt::Key_Space);

    const auto shows = [this](const QString &text) {
        for (const QLabel *label : m_welcome->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shows(u"Say hello in one short sentence."_s), 10'000);
    QCOMPARE(channels().size(), size_t(1));
    QCOMPARE(channels().front().type, domain::provider::echo);
    // It went through the gateway: the ledger has it.
    QTRY_VERIFY(!m_fixture
                     ->wait(m_fixture->administration().usage.list(
                         m_fixture->services().actor, {}, {.limit = 10}))
                     .empty());
    // The next message is one key away.
    QCOMPARE(button(u"Send a test message"_s), send);
    QVERIFY(send->hasFocus());
}

void WelcomeTest::failuresOfTheTestMessageAreTold()
{
    FakeUpstream server([](const ReceivedRequest &request) {
        if (request.target.startsWith("/v1/models"))
            return jsonAnswer(200, R"({"data":[{"id":"qwen3"}]})");
        return jsonAnswer(400, R"({"error":{"message":"This model is asleep"}})");
    });
    open({}, {placeOf(server, u"LM Studio"_s, domain::provider::lmStudio)});
    goOn();
    tick(u"LM Studio"_s);
    goTo(3);

    QTest::mouseClick(button(u"Send a test message"_s), Qt::LeftButton);

    const auto shows = [this] {
        for (const QLabel *label : m_welcome->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(u"This model is asleep"_s))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shows(), 10'000);
}

// The fixture says where this start listens: what is stored would have no effect.
void WelcomeTest::whatTheStartDecidesIsNotOffered()
{
    open();
    goTo(2);
    int radios = 0;
    for (const QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->isVisible()) {
            QVERIFY(!each->isEnabled());
            ++radios;
        }
    }
    QCOMPARE(radios, 2);

    goOn();

    QCOMPARE(m_fixture->administration().settings.current().server.tlsMode,
             domain::TlsMode::OwnCertificate);
}

void WelcomeTest::encryptionThatTheStartDecidesIsNotOffered_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<bool>("encrypts");

    QTest::newRow("off") << u"off"_s << false;
    QTest::newRow("a certificate that there is not") << u"own"_s << false;
    QTest::newRow("a local authority") << u"local"_s << true;
}

void WelcomeTest::encryptionThatTheStartDecidesIsNotOffered()
{
    QFETCH(QString, mode);
    QFETCH(bool, encrypts);
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.environment = {{u"GATEHOUSE_SERVER_TLS"_s, mode}},
                                      .stored = {{u"server.listen"_s, u"127.0.0.1:0"_s}}});
    QVERIFY(m_fixture->start());
    open();
    goTo(2);
    for (QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->isVisible() && each->text().startsWith("Other computers"_L1))
            each->click();
    }

    const QCheckBox *https = nullptr;
    for (const QCheckBox *each : m_welcome->findChildren<QCheckBox *>()) {
        if (each->text() == "Encrypt with HTTPS"_L1)
            https = each;
    }
    QVERIFY(https && https->isVisible());
    QVERIFY(!https->isEnabled());
    QCOMPARE(https->isChecked(), encrypts);
    bool isTold = false;
    for (const QLabel *each : m_welcome->findChildren<QLabel *>()) {
        isTold = isTold
                 || (each->isVisible() && each->text().contains("GATEHOUSE_SERVER_TLS"_L1)
                     && each->text().contains("in the clear"_L1) != encrypts);
    }
    QVERIFY(isTold);
}

void WelcomeTest::nothingIsOpenedWithoutTheEncryption()
{
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.environment = {{u"GATEHOUSE_SERVER_TLS"_s, u"off"_s}},
                                      .stored = {{u"server.listen"_s, u"127.0.0.1:0"_s}}});
    QVERIFY(m_fixture->start());
    Setup setup(m_fixture->services());
    std::optional<SetupOutcome> outcome;
    connect(
        &setup, &Setup::finished, this, [&outcome](const SetupOutcome &made) { outcome = made; });

    setup.apply({.listen = u"*:0"_s, .tls = u"local"_s, .tokenName = u"t"_s});

    QTRY_VERIFY_WITH_TIMEOUT(outcome, 20'000);
    const auto listen = m_fixture->administration().settings.find(u"server.listen"_s);
    QCOMPARE(listen->value, u"127.0.0.1:0"_s);
    QCOMPARE(outcome->problems.size(), 2);
    QVERIFY(outcome->problems.front().contains("GATEHOUSE_SERVER_TLS"_L1));
    QVERIFY(outcome->token);
}

void WelcomeTest::rootsPasswordIsSet()
{
    open();
    goTo(2);
    QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
    QTest::keyClicks(QApplication::focusWidget(), u"correct horse"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QTest::keyClicks(QApplication::focusWidget(), u"correct horse"_s);

    goOn();

    const auto session = m_fixture->administration().sessions.signIn(
        u"root"_s, base::Secret(u"correct horse"_s), QHostAddress(QHostAddress::LocalHost));
    QVERIFY(QTest::qWaitFor([&session] { return session.isFinished(); }, 20'000));
    QVERIFY(session.result());
}

void WelcomeTest::passwordsThatDifferKeepOneHere()
{
    open();
    goTo(2);
    QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
    QTest::keyClicks(QApplication::focusWidget(), u"correct horse"_s);
    QVERIFY(!button(u"Set up"_s)->isEnabled());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QTest::keyClicks(QApplication::focusWidget(), u"battery staple"_s);

    QVERIFY(!button(u"Set up"_s)->isEnabled());
    QTest::keyClick(m_welcome.get(), Qt::Key_Return);
    QCOMPARE(m_welcome->step(), 2);
}

void WelcomeTest::easilyGuessedPasswordsKeepOneHere()
{
    open();
    goTo(2);
    QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
    const auto type = [](const QString &password) {
        QApplication::focusWidget()->setProperty("text", QString());
        QTest::keyClicks(QApplication::focusWidget(), password);
    };
    const QStringList weak{u"seven77"_s, u"aaaaaaaaaa"_s, QString(129, u'p') % u"qrs"_s};
    for (const QString &password : weak) {
        type(password);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        type(password);
        QVERIFY2(!button(u"Set up"_s)->isEnabled(), qPrintable(password));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab, Qt::ShiftModifier);
    }
    type(u"correct horse"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    type(u"correct horse"_s);
    QVERIFY(button(u"Set up"_s)->isEnabled());
}

void WelcomeTest::textsFollowTheLanguage()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    QSignalSpy chosen(m_welcome.get(), &Welcome::languageChosen);
    auto *language = m_welcome->findChild<QComboBox *>(u"language"_s);
    QTest::keyClick(language, Qt::Key_Down);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.front().front().toString(), u"en"_s);

    MarkingTranslator translator;
    QCoreApplication::installTranslator(&translator);

    const auto unmarked = [this] {
        QStringList texts;
        for (const QLabel *label : m_welcome->findChildren<QLabel *>())
            texts += label->isVisible() ? label->text() : QString();
        for (const QAbstractButton *each : m_welcome->findChildren<QAbstractButton *>())
            texts += each->isVisible() ? each->text() : QString();
        texts.removeIf([](const QString &text) { return text.isEmpty() || text.contains(u'«'); });
        return texts;
    };
    for (int step = 0; step < 4; ++step) {
        QTRY_COMPARE(unmarked(), QStringList());
        if (step == 1)
            QVERIFY(model().index(0).data().toString().contains(u'«'));
        if (step < 3)
            goOn();
    }
    QCoreApplication::removeTranslator(&translator);
}

void WelcomeTest::listsWhatWasLookedAt()
{
    FakeUpstream server(
        [](const ReceivedRequest &) { return jsonAnswer(200, R"({"data":[{"id":"qwen3"}]})"); });
    admin::DiscoveryPlace nobody{.name = u"Nobody"_s, .url = u"http://127.0.0.1:1/v1/models"_s};
    open({}, {placeOf(server, u"LM Studio"_s, domain::provider::lmStudio), nobody});
    goOn();
    QTRY_COMPARE_WITH_TIMEOUT(model().found().size(), size_t(1), 5'000);
    const auto looked = admin::discoveryVariables().size() + 2;

    QTest::mouseClick(button(u"What was looked at (%1)"_s.arg(looked)), Qt::LeftButton);

    QCOMPARE(model().rowCount(), int(2 + 1 + looked));
    const QModelIndex last = model().index(model().rowCount() - 1);
    QCOMPARE(last.data().toString(), u"Nobody"_s);
    QCOMPARE(last.data(FoundModel::StateRole).toString(), u"nothing there"_s);
    QVERIFY(model().index(model().lookedRow()).data(FoundModel::HeadingRole).toBool());
    QCOMPARE(model().lookedRow(), int(2));
    QVERIFY(!last.flags().testFlag(Qt::ItemIsUserCheckable));
}

void WelcomeTest::modelIsSound()
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

// The keys go through a screen as it is read, and then to the buttons below it.
void WelcomeTest::isReadFromTopToBottom()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    auto *stack = m_welcome->findChild<QStackedWidget *>();
    for (int step = 0; step < 4; ++step) {
        if (step == 2)
            radio(u"Other computers"_s)->setChecked(true); // shows HTTPS
        int last = 0;
        bool isBelow = false;
        for (QWidget *each = m_welcome->nextInFocusChain(); each != m_welcome.get();
             each = each->nextInFocusChain()) {
            if (!each->isVisible() || (each->focusPolicy() & Qt::TabFocus) != Qt::TabFocus)
                continue;
            isBelow = isBelow || !stack->isAncestorOf(each);
            QCOMPARE(isBelow, !stack->isAncestorOf(each));
            if (isBelow)
                continue;
            constexpr int sameLine = 8;
            const int height = each->mapTo(stack, each->rect().center()).y();
            QVERIFY2(height >= last - sameLine, each->metaObject()->className());
            last = height;
        }
        QVERIFY(isBelow);
        if (step == 2)
            radio(u"Programs on this"_s)->setChecked(true);
        if (step < 3)
            goOn();
    }
}

void WelcomeTest::isAccessible()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    for (int step = 0; step < 4; ++step) {
        if (step == 2)
            QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
        QCOMPARE(tests::accessibilityProblems(m_welcome.get()), QStringList());
        if (step < 3)
            goOn();
    }
}

QTEST_MAIN(WelcomeTest)
#include "tst_welcome.moc"
