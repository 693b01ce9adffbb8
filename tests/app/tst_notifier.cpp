#include "app/fakedesktop.h"
#include "app/privatebus.h"
#include "integration/notifier.h"
#include "support/manualclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::app {

using support::FakeDesktop;

class NotifierTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsOnTheDesktop();
    void markupIsText_data();
    void markupIsText();
    void oneAMinuteOfEachKind();
    void gathersTheSameOnce();
    void leavesOutWhatIsTooMuch();
    void kindIsSwitchedOff();
    void tellsOfClicks();
    void fallsBackWithoutAService();
    void fallsBackWhenRefused();
    void comesBackToTheDesktop();

private:
    static Notification about(const QString &name,
                              NotificationKind kind = NotificationKind::ChannelOpened)
    {
        return {.kind = kind,
                .title = u"A channel is down"_s,
                .text = u"The channel %1 fails."_s.arg(name),
                .subject = name};
    }

    support::PrivateBus m_bus;
    support::ManualClock m_clock;
    std::unique_ptr<FakeDesktop> m_desktop;
    QStringList m_elsewhere;
    std::unique_ptr<Notifier> m_notifier;
};

void NotifierTest::initTestCase()
{
    QVERIFY(m_bus.start());
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.address().toLatin1());
}

void NotifierTest::init()
{
    m_desktop = std::make_unique<FakeDesktop>(m_bus.address());
    QVERIFY(m_desktop->arrive());
    m_elsewhere.clear();
    m_notifier =
        std::make_unique<Notifier>(m_clock, [this](const QString &title, const QString &text) {
            m_elsewhere.append(title + u'|' + text);
        });
}

void NotifierTest::cleanup()
{
    m_notifier.reset();
    m_desktop.reset();
}

void NotifierTest::showsOnTheDesktop()
{
    Notification notification = about(u"A"_s);
    notification.actions = {{.id = u"test"_s, .text = u"Test it"_s}};

    m_notifier->notify(notification);

    QTRY_COMPARE(m_desktop->shown.size(), 1);
    QCOMPARE(m_desktop->shown.at(0).size(), 8);
    QCOMPARE(m_desktop->shown.at(0).at(0).toString(), u"Gatehouse"_s);
    QCOMPARE(m_desktop->shown.at(0).at(2).toString(), u"org.gatehouse.Gatehouse"_s);
    QCOMPARE(m_desktop->title(0), u"A channel is down"_s);
    QCOMPARE(m_desktop->text(0), u"The channel A fails."_s);
    QCOMPARE(m_desktop->actions(0),
             (QStringList{u"default"_s, u"A channel is down"_s, u"test"_s, u"Test it"_s}));
    QCOMPARE(m_elsewhere, QStringList());
}

void NotifierTest::markupIsText_data()
{
    QTest::addColumn<QStringList>("capabilities");
    QTest::addColumn<QString>("text");

    QTest::newRow("a desktop with markup")
        << QStringList{u"body"_s, u"body-markup"_s} << u"The channel &lt;b&gt; &amp; fails."_s;
    QTest::newRow("one without") << QStringList{u"body"_s} << u"The channel <b> & fails."_s;
}

void NotifierTest::markupIsText()
{
    QFETCH(QStringList, capabilities);
    QFETCH(QString, text);
    m_desktop->capabilities = capabilities;

    m_notifier->notify(about(u"<b> &"_s));

    QTRY_COMPARE(m_desktop->shown.size(), 1);
    QCOMPARE(m_desktop->text(0), text);
    QCOMPARE(m_desktop->actions(0), QStringList()); // it has no buttons
}

void NotifierTest::oneAMinuteOfEachKind()
{
    m_notifier->notify(about(u"A"_s));
    m_notifier->notify(about(u"B"_s));
    m_notifier->notify(about(u"C"_s, NotificationKind::Budget));
    m_notifier->notify(about(u"D"_s));
    QTRY_COMPARE(m_desktop->shown.size(), 2);
    m_clock.advance(59s);
    m_notifier->showDue();
    m_clock.advance(1s);

    m_notifier->showDue();

    QTRY_COMPARE(m_desktop->shown.size(), 3);
    QCOMPARE(m_desktop->text(0), u"The channel A fails."_s);
    QCOMPARE(m_desktop->text(1), u"The channel C fails."_s);
    QCOMPARE(m_desktop->text(2), u"The channel D fails.\nThe channel B fails."_s);

    // And from there the next minute.
    m_notifier->notify(about(u"E"_s));
    m_clock.advance(30s);
    m_notifier->showDue();
    m_notifier->notify(about(u"F"_s, NotificationKind::BackupFailed));
    QTRY_COMPARE(m_desktop->shown.size(), 4);
    QCOMPARE(m_desktop->text(3), u"The channel F fails."_s);
}

void NotifierTest::gathersTheSameOnce()
{
    m_notifier->notify(about(u"A"_s));
    for (int i = 0; i < 100; ++i)
        m_notifier->notify(about(u"B"_s));
    m_clock.advance(60s);

    m_notifier->showDue();

    QTRY_COMPARE(m_desktop->shown.size(), 2);
    QCOMPARE(m_desktop->text(1), u"The channel B fails."_s);
}

void NotifierTest::leavesOutWhatIsTooMuch()
{
    for (int i = 0; i <= 105; ++i)
        m_notifier->notify(about(QString::number(i)));
    m_clock.advance(60s);

    m_notifier->showDue();

    QTRY_COMPARE(m_desktop->shown.size(), 2);
    const QStringList lines = m_desktop->text(1).split(u'\n');
    QCOMPARE(lines.size(), 6);
    QCOMPARE(lines.first(), u"The channel 105 fails."_s);
    QVERIFY(lines.last().contains(u"100"_s));
}

void NotifierTest::kindIsSwitchedOff()
{
    m_notifier->notify(about(u"A"_s));
    m_notifier->notify(about(u"B"_s)); // held back
    m_notifier->setEnabled(NotificationKind::ChannelOpened, false);
    m_notifier->notify(about(u"C"_s));
    m_clock.advance(60s);
    m_notifier->showDue();
    QVERIFY(!m_notifier->isEnabled(NotificationKind::ChannelOpened));
    QVERIFY(m_notifier->isEnabled(NotificationKind::Budget));

    m_notifier->setEnabled(NotificationKind::ChannelOpened, true);
    m_notifier->notify(about(u"D"_s));

    QTRY_COMPARE(m_desktop->shown.size(), 2);
    QCOMPARE(m_desktop->text(1), u"The channel D fails."_s);
}

void NotifierTest::tellsOfClicks()
{
    const QSignalSpy activated(m_notifier.get(), &Notifier::activated);
    m_notifier->notify(about(u"A"_s));
    QTRY_COMPARE(m_desktop->shown.size(), 1);

    m_desktop->emitSignal(u"ActionInvoked"_s, {quint32(7), u"default"_s}); // another program's
    m_desktop->emitSignal(u"ActivationToken"_s, {quint32(101), u"token-1"_s});
    m_desktop->emitSignal(u"ActionInvoked"_s, {quint32(101), u"test"_s});
    m_desktop->emitSignal(u"NotificationClosed"_s, {quint32(101), quint32(2)});
    m_desktop->emitSignal(u"ActionInvoked"_s, {quint32(101), u"late"_s});
    m_clock.advance(60s);
    m_notifier->notify(about(u"B"_s));
    QTRY_COMPARE(m_desktop->shown.size(), 2); // all before it has come through

    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(0).value<NotificationKind>(), NotificationKind::ChannelOpened);
    QCOMPARE(activated.at(0).at(1).toString(), u"test"_s);
    QCOMPARE(activated.at(0).at(2).toString(), u"A"_s);
    QCOMPARE(activated.at(0).at(3).toByteArray(), "token-1");
}

void NotifierTest::fallsBackWithoutAService()
{
    m_desktop->leave();
    const QSignalSpy activated(m_notifier.get(), &Notifier::activated);

    m_notifier->notify(about(u"A"_s));
    QTRY_COMPARE(m_elsewhere, QStringList{u"A channel is down|The channel A fails."_s});
    m_notifier->fallbackClicked();

    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(1).toString(), u"default"_s);
    QCOMPARE(activated.at(0).at(2).toString(), u"A"_s);
}

void NotifierTest::fallsBackWhenRefused()
{
    m_desktop->refuses = true;

    m_notifier->notify(about(u"A"_s));

    QTRY_COMPARE(m_elsewhere.size(), 1);
    QCOMPARE(m_desktop->shown.size(), 0);
}

void NotifierTest::comesBackToTheDesktop()
{
    m_desktop->leave();
    m_notifier->notify(about(u"A"_s));
    QTRY_COMPARE(m_elsewhere.size(), 1);
    QVERIFY(m_desktop->arrive());
    m_clock.advance(60s);

    m_notifier->notify(about(u"B"_s));

    QTRY_COMPARE(m_desktop->shown.size(), 1);
    QCOMPARE(m_elsewhere.size(), 1);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::NotifierTest)
#include "tst_notifier.moc"
