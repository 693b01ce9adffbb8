#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "desktop/announcer.h"
#include "integration/notifier.h"
#include "support/fakeupstream.h"
#include "support/manualclock.h"
#include "ui/windowfixture.h"
#include "widgets/uistate.h"

#include <QTest>

#include <atomic>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::app;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;

// What is told while nobody looks at the window.
class AnnouncerTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void whatIsSoAtTheStartIsNoNews();
    void channelsAndModelsThatFail();
    void aChannelThatComesBack();
    void kindsThatAreSwitchedOffAreNotTold();
    void anotherAddress();
    void anotherAddressInTheNetwork();
    void aBackupThatFailed();

private:
    bool wasTold(const QString &text) const { return m_told.contains(text); }
    void failOften(const domain::Channel &channel);
    domain::Channel failingChannel(const QString &model);

    support::ManualClock m_clock;
    std::atomic<bool> m_isBroken = true;
    std::unique_ptr<FakeUpstream> m_provider;
    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<Notifier> m_notifier;
    std::unique_ptr<Announcer> m_announcer;
    QString m_told{};
};

void AnnouncerTest::initTestCase()
{
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    m_provider = std::make_unique<FakeUpstream>([this](const ReceivedRequest &) {
        return m_isBroken ? jsonAnswer(500, R"({"error":{"message":"broken"}})")
                          : jsonAnswer(200, R"({"choices":[{"message":{"content":"Hi"}}]})");
    });
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void AnnouncerTest::init()
{
    m_told.clear();
    m_notifier =
        std::make_unique<Notifier>(m_clock, [this](const QString &title, const QString &text) {
            m_told += title + u": "_s + text + u'\n';
        });
    m_announcer = std::make_unique<Announcer>(m_fixture->services(), *m_notifier);
}

void AnnouncerTest::cleanup()
{
    m_announcer.reset();
    m_notifier.reset();
}

domain::Channel AnnouncerTest::failingChannel(const QString &model)
{
    domain::Channel channel;
    channel.name = u"Breaks for "_s + model;
    channel.baseUrl = QString::fromLatin1(m_provider->baseUrl());
    channel.keys = {domain::ChannelKey{.secret = base::Secret(u"sk-0123456789abcdef"_s)}};
    channel.models = {model};
    return m_fixture->wait(m_fixture->administration().channels.create({channel})).front();
}

void AnnouncerTest::failOften(const domain::Channel &channel)
{
    const domain::Token token = m_fixture->addToken(u"announcer"_s);
    const auto isOpen = [&] {
        m_fixture->chat(token, channel.models.front());
        return m_fixture->administration().statistics.healthOf(channel.id).health
               == domain::Health::Open;
    };
    QVERIFY(QTest::qWaitFor(isOpen, 20'000));
}

void AnnouncerTest::whatIsSoAtTheStartIsNoNews()
{
    const domain::Channel channel = failingChannel(u"old"_s);
    failOften(channel);
    QTRY_VERIFY_WITH_TIMEOUT(wasTold(u"Breaks for old is left out"_s), 10'000);
    QTRY_VERIFY(wasTold(u"No channel serves old"_s));
    m_announcer.reset();
    m_told.clear();

    m_announcer = std::make_unique<Announcer>(m_fixture->services(), *m_notifier);
    m_fixture->addToken(u"changes the catalog"_s);

    QVERIFY2(m_told.isEmpty(), qPrintable(m_told));
}

void AnnouncerTest::channelsAndModelsThatFail()
{
    const domain::Channel channel = failingChannel(u"sonnet"_s);

    failOften(channel);

    QTRY_VERIFY_WITH_TIMEOUT(wasTold(u"Breaks for sonnet is left out"_s), 10'000);
    QTRY_VERIFY(wasTold(u"No channel serves sonnet"_s));
}

void AnnouncerTest::aChannelThatComesBack()
{
    m_fixture->waitFor(m_fixture->administration().settings.set(u"relay.breaker_rest"_s, u"1"_s));
    const domain::Channel channel = failingChannel(u"opus"_s);
    failOften(channel);
    QTRY_VERIFY_WITH_TIMEOUT(wasTold(u"Breaks for opus is left out"_s), 10'000);
    QVERIFY(!wasTold(u"serves again"_s));

    m_isBroken = false;
    const domain::Token token = m_fixture->addToken(u"asks again"_s);
    const auto isBack = [&] {
        m_fixture->chat(token, u"opus"_s);
        return wasTold(u"Breaks for opus serves again."_s);
    };

    QVERIFY(QTest::qWaitFor(isBack, 20'000));
    m_isBroken = true;
    m_fixture->waitFor(m_fixture->administration().settings.reset(u"relay.breaker_rest"_s));
}

void AnnouncerTest::kindsThatAreSwitchedOffAreNotTold()
{
    m_fixture->services().state.setValue(notificationKey(NotificationKind::ModelDown), false);
    const domain::Channel channel = failingChannel(u"haiku"_s);

    failOften(channel);

    QTRY_VERIFY_WITH_TIMEOUT(wasTold(u"Breaks for haiku is left out"_s), 10'000);
    QVERIFY(!wasTold(u"No channel serves haiku"_s));
    m_fixture->services().state.remove(notificationKey(NotificationKind::ModelDown));
    QVERIFY(m_notifier->isEnabled(NotificationKind::ModelDown));
}

void AnnouncerTest::anotherAddress()
{
    const QString former = m_fixture->url();

    m_fixture->services().gateway.restart(); // the system chooses another port

    QTRY_VERIFY_WITH_TIMEOUT(!m_fixture->url().isEmpty() && m_fixture->url() != former, 10'000);
    QTRY_VERIFY(wasTold(u"Programs reach it by "_s + m_fixture->url()));
}

void AnnouncerTest::anotherAddressInTheNetwork()
{
    support::WindowFixture open({.stored = {{u"server.listen"_s, u"0.0.0.0:0"_s}}});
    QVERIFY(open.start());
    admin::GatewayControl &gateway = open.services().gateway;
    const auto inNetwork = [&gateway] {
        for (const admin::GatewayAddress &each : gateway.addresses()) {
            if (each.kind == admin::GatewayAddress::Kind::Lan4)
                return each.url;
        }
        return QString();
    };
    const QString former = inNetwork();
    if (former.isEmpty())
        QSKIP("This machine has no network but its own.");
    m_announcer = std::make_unique<Announcer>(open.services(), *m_notifier);

    gateway.restart(); // to another port

    QTRY_VERIFY_WITH_TIMEOUT(!inNetwork().isEmpty() && inNetwork() != former, 10'000);
    QTRY_VERIFY2(wasTold(u"other computers by "_s + inNetwork()), qPrintable(m_told));
    m_announcer.reset(); // before what it listens to
}

void AnnouncerTest::aBackupThatFailed()
{
    emit m_fixture->administration().backups.scheduleFailed(
        {base::ErrorCode::Unavailable, base::Message::verbatim(u"The disk is full."_s), {}});

    QVERIFY2(wasTold(u"No backup was made: The disk is full."_s), qPrintable(m_told));
}

QTEST_MAIN(AnnouncerTest)
#include "tst_announcer.moc"
