#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "frame/gatewayactions.h"
#include "frame/statusheader.h"
#include "frame/trayicon.h"
#include "theme/theme.h"
#include "ui/windowfixture.h"
#include "widgets/page.h"
#include "widgets/uistate.h"

#include <QActionGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>
#include <QWidget>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// The menu of the icon in the tray, as it stands when it is shown. There is no tray on the offscreen
// platform.
class TrayIconTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void saysThatItCannotBeReached();
    void isFilledOnlyWhenItIsShown();
    void keepsNoMenuOfBefore();
    void copiesAnAddress();
    void showsTheAddressOfTheWindow();
    void showsNamesAsTheyAre();
    void switchesAChannelOff();
    void reportsASwitchThatFails();
    void choosesTheDefaultModel();
    void showsADefaultModelThatIsNotServed();
    void namesFewOfManyModels();
    void locksADefaultModelOfTheEnvironment();
    void tellsTheStateByItsShape();
    void namesStateAndAddress();
    void followsTheTheme();
    void offersTheStartAtLogin();
    void reportsAStartAtLoginThatFails();
    void leadsToRecentErrors();

private:
    void show() { emit m_tray->menu()->aboutToShow(); }
    QMenu *defaultModels()
    {
        show();
        return actionNamed(m_tray->menu(), u"Default model"_s)->menu();
    }
    QString defaultModel() const
    {
        return m_fixture->administration().settings.current().relay.defaultModel;
    }
    static QStringList checkedIn(const QMenu *menu);
    static QAction *actionNamed(const QMenu *menu, const QString &beginning);

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<QWidget> m_owner;
    std::unique_ptr<GatewayActions> m_actions;
    std::unique_ptr<TrayIcon> m_tray;
    bool m_atLogin = false;
    QString m_loginProblem{};
};

void TrayIconTest::initTestCase()
{
    qunsetenv("XDG_CURRENT_DESKTOP"); // some have a dark panel at all times
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"R&D <b>team</b>"_s);
}

void TrayIconTest::init()
{
    m_owner = std::make_unique<QWidget>();
    m_actions = std::make_unique<GatewayActions>(m_fixture->services().gateway, m_owner.get());
    const TrayHooks hooks{.startsAtLogin = [this] { return m_atLogin; },
                          .setStartsAtLogin = [this](bool enabled) -> base::Result<> {
                              if (!m_loginProblem.isEmpty())
                                  return base::fail(base::ErrorCode::Denied,
                                                    base::Message::verbatim(m_loginProblem));
                              m_atLogin = enabled;
                              return {};
                          }};
    m_tray = std::make_unique<TrayIcon>(m_fixture->services(), *m_actions, hooks);
}

void TrayIconTest::cleanup()
{
    m_tray.reset();
    m_actions.reset();
    m_owner.reset();
}

QAction *TrayIconTest::actionNamed(const QMenu *menu, const QString &beginning)
{
    for (QAction *action : menu->actions()) {
        if (action->text().startsWith(beginning))
            return action;
    }
    return nullptr;
}

QStringList TrayIconTest::checkedIn(const QMenu *menu)
{
    QStringList texts;
    for (const QAction *action : menu->actions()) {
        if (action->isChecked())
            texts.append(action->text());
    }
    return texts;
}

void TrayIconTest::saysThatItCannotBeReached()
{
    QVERIFY(!m_tray->isReachable());
}

void TrayIconTest::isFilledOnlyWhenItIsShown()
{
    show();
    const QAction *before = actionNamed(m_tray->menu(), u"Channels"_s);
    const domain::Channel late = m_fixture->addEchoChannel(u"Late"_s);
    QCOMPARE(actionNamed(m_tray->menu(), u"Channels"_s), before);

    show();

    QVERIFY(actionNamed(actionNamed(m_tray->menu(), u"Channels"_s)->menu(), u"Late"_s));
    QVERIFY(!m_tray->menu()->actions().front()->isEnabled());
    QVERIFY(m_tray->menu()->actions().front()->text().startsWith("Running"_L1));
    m_fixture->waitFor(m_fixture->administration().channels.remove(late.id));
}

void TrayIconTest::keepsNoMenuOfBefore()
{
    show();
    const qsizetype menus = m_tray->menu()->findChildren<QMenu *>().size();

    show(); // what the menu of before asked for is answered when it is gone

    QCOMPARE(m_tray->menu()->findChildren<QMenu *>().size(), menus);
    m_fixture->wait(m_fixture->administration().usage.list(m_fixture->services().actor, {}, {}));
}

void TrayIconTest::copiesAnAddress()
{
    show();

    actionNamed(m_tray->menu(), u"Copy address"_s)->menu()->actions().front()->trigger();

    QCOMPARE(QGuiApplication::clipboard()->text(), m_fixture->url());
}

void TrayIconTest::showsTheAddressOfTheWindow()
{
    // Two ports that the system chooses.
    support::WindowFixture two({.stored = {{u"server.listen"_s, u"127.0.0.1:0 127.0.0.1:0"_s}}});
    QVERIFY(two.start());
    QMenu power;
    StatusHeader header(two.services(), &power);
    TrayIcon tray(two.services(), *m_actions, {});
    const auto addresses = two.services().gateway.addresses();
    QCOMPARE(addresses.size(), size_t(2));
    QCOMPARE(header.address().address(), addresses.front().url);
    QVERIFY(tray.toolTip().contains(QUrl(addresses.front().url).authority()));

    auto *variants = header.address().findChild<QMenu *>();
    emit variants->aboutToShow();
    variants->actions().back()->trigger();

    const QString other = addresses.back().url;
    QCOMPARE(header.address().address(), other);
    QVERIFY2(tray.toolTip().contains(QUrl(other).authority()), qPrintable(tray.toolTip()));
    emit tray.menu()->aboutToShow();
    const QMenu *copies = actionNamed(tray.menu(), u"Copy address"_s)->menu();
    QVERIFY(copies->actions().front()->text().startsWith(other));
    // It is remembered.
    const StatusHeader next(two.services(), &power);
    QCOMPARE(next.findChild<AddressField *>()->address(), other);
}

void TrayIconTest::showsNamesAsTheyAre()
{
    const domain::Channel odd = m_fixture->addEchoChannel(QString(190, u'م'));

    show();

    const QMenu *channels = actionNamed(m_tray->menu(), u"Channels"_s)->menu();
    // An ampersand is no mnemonic, and a name does not fill the screen.
    QVERIFY(actionNamed(channels, u"R&&D <b>team</b>"_s));
    for (const QAction *each : channels->actions())
        QVERIFY(each->text().size() < 80);
    m_fixture->waitFor(m_fixture->administration().channels.remove(odd.id));
}

void TrayIconTest::switchesAChannelOff()
{
    show();
    QAction *action = actionNamed(actionNamed(m_tray->menu(), u"Channels"_s)->menu(), u"R&&D"_s);
    QVERIFY(action->isChecked());
    QVERIFY(!action->icon().isNull());

    action->trigger();

    const auto isEnabled = [this] {
        return m_fixture->administration()
            .publisher.catalog()
            ->channels()
            .front()
            ->channel.isEnabled();
    };
    QTRY_VERIFY(!isEnabled());
    show();
    action = actionNamed(actionNamed(m_tray->menu(), u"Channels"_s)->menu(), u"R&&D"_s);
    QVERIFY(!action->isChecked());
    action->trigger();
    QTRY_VERIFY(isEnabled());

    UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(undo.canUndo());
    undo.undo();
    QTRY_VERIFY(!isEnabled());
    QTRY_VERIFY(undo.canRedo());
    undo.redo();
    QTRY_VERIFY(isEnabled());
}

// The channel went away while the menu was open.
void TrayIconTest::reportsASwitchThatFails()
{
    const domain::Channel gone = m_fixture->addEchoChannel(u"A&B"_s);
    show();
    QAction *action = actionNamed(actionNamed(m_tray->menu(), u"Channels"_s)->menu(), u"A&&B"_s);
    m_fixture->waitFor(m_fixture->administration().channels.remove(gone.id));
    const QSignalSpy failed(m_tray.get(), &TrayIcon::failed);

    action->trigger();

    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(failed.at(0).at(0).toString(), u"A&B was not switched off."_s);
    QVERIFY(!failed.at(0).at(1).toString().isEmpty());
}

void TrayIconTest::choosesTheDefaultModel()
{
    const domain::Channel channel = m_fixture->addEchoChannel(u"Models"_s, {u"tray&a"_s});
    QMenu *menu = defaultModels();
    QCOMPARE(checkedIn(menu), QStringList(u"As requested"_s));
    QVERIFY(menu->actions().constFirst()->actionGroup()->isExclusive());

    actionNamed(menu, u"tray&&a"_s)->trigger();

    QTRY_COMPARE(defaultModel(), u"tray&a"_s);
    QCOMPARE(checkedIn(defaultModels()), QStringList(u"tray&&a"_s));
    // It takes effect at once.
    const domain::Token token = m_fixture->addToken(u"default model"_s);
    QCOMPARE(m_fixture->chat(token, u"default"_s), 200);

    actionNamed(defaultModels(), u"As requested"_s)->trigger();

    QTRY_COMPARE(defaultModel(), QString());
    QTRY_VERIFY(m_fixture->chat(token, u"default"_s) != 200);
    m_fixture->waitFor(m_fixture->administration().channels.remove(channel.id));
}

void TrayIconTest::showsADefaultModelThatIsNotServed()
{
    admin::SettingsService &settings = m_fixture->administration().settings;
    m_fixture->waitFor(settings.set(u"relay.default_model"_s, u"gone"_s));

    QCOMPARE(checkedIn(defaultModels()), QStringList(u"gone (not served)"_s));

    m_fixture->waitFor(settings.reset(u"relay.default_model"_s));
}

void TrayIconTest::namesFewOfManyModels()
{
    QStringList models;
    for (int i = 0; i < 40; ++i)
        models.append(u"many-%1"_s.arg(i, 2, 10, QChar(u'0')));
    const domain::Channel channel = m_fixture->addEchoChannel(u"Many"_s, models);
    admin::SettingsService &settings = m_fixture->administration().settings;
    m_fixture->waitFor(settings.set(u"relay.default_model"_s, u"many-39"_s));
    QSignalSpy pages(m_tray.get(), &TrayIcon::pageRequested);
    QMenu *menu = defaultModels();

    actionNamed(menu, u"More…"_s)->trigger();

    QCOMPARE(checkedIn(menu), QStringList(u"many-39"_s));
    QVERIFY(menu->actions().size() < 26);
    QCOMPARE(pages.size(), 1);
    QCOMPARE(pages.front().at(0).toInt(), static_cast<int>(PageId::Settings));
    m_fixture->waitFor(settings.reset(u"relay.default_model"_s));
    m_fixture->waitFor(m_fixture->administration().channels.remove(channel.id));
}

void TrayIconTest::locksADefaultModelOfTheEnvironment()
{
    QVERIFY(defaultModels()->actions().constFirst()->isEnabled());

    m_fixture->administration().settings.fix(
        u"relay.default_model"_s, u"fixed"_s, u"GATEHOUSE_RELAY_DEFAULT_MODEL"_s);

    QMenu *menu = defaultModels();
    QVERIFY(!menu->actions().constFirst()->isEnabled());
    QVERIFY(menu->actions().constLast()->text().contains(u"GATEHOUSE_RELAY_DEFAULT_MODEL"_s));
    QVERIFY(!menu->actions().constLast()->isEnabled());
}

void TrayIconTest::tellsTheStateByItsShape()
{
    QCOMPARE(m_tray->state(), TrayState::Running);

    m_fixture->services().gateway.pause();
    QTRY_COMPARE(m_tray->state(), TrayState::Paused);
    show();
    QVERIFY(actionNamed(m_tray->menu(), u"&Pause"_s)->isChecked());

    m_fixture->services().gateway.stopNow();
    QTRY_COMPARE(m_tray->state(), TrayState::Stopped);
    show();
    QAction *start = actionNamed(m_tray->menu(), u"&Start the gateway"_s);
    QVERIFY(start);

    start->trigger();
    QTRY_COMPARE(m_tray->state(), TrayState::Running);
}

void TrayIconTest::namesStateAndAddress()
{
    const QString address = QUrl(m_fixture->url()).authority();
    QVERIFY(!address.isEmpty());
    QVERIFY2(m_tray->toolTip().startsWith(u"Gatehouse: Running · "_s + address + u" · "_s),
             qPrintable(m_tray->toolTip()));

    m_fixture->services().gateway.stopNow();

    QTRY_VERIFY(m_tray->toolTip().startsWith(u"Gatehouse: Stopped · "_s));
    QVERIFY(!m_tray->toolTip().contains(address));
    m_fixture->services().gateway.start();
    QTRY_COMPARE(m_fixture->services().gateway.state(), admin::GatewayState::Running);
}

void TrayIconTest::followsTheTheme()
{
    const bool wasDark = Theme::systemIsDark();
    const auto brightness = [this] {
        const QImage image = m_tray->shownIcon().pixmap(32, 32).toImage();
        int brightest = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor color = image.pixelColor(x, y);
                if (color.alpha() > 200)
                    brightest = std::max(brightest, qGray(color.rgb()));
            }
        }
        return brightest;
    };
    Theme::setSystem(false, false);
    m_tray->refresh();
    const int onLight = brightness();

    Theme::setSystem(true, false);
    m_tray->refresh();

    QVERIFY2(brightness() > onLight + 60, qPrintable(QString::number(onLight)));
    Theme::setSystem(wasDark, false);
}

void TrayIconTest::offersTheStartAtLogin()
{
    show();
    QAction *login = actionNamed(m_tray->menu(), u"Start at login"_s);
    QVERIFY(!login->isChecked());

    login->trigger();

    QVERIFY(m_atLogin);
    // Somebody else may have changed it meanwhile.
    m_atLogin = false;
    show();
    QVERIFY(!actionNamed(m_tray->menu(), u"Start at login"_s)->isChecked());
}

void TrayIconTest::reportsAStartAtLoginThatFails()
{
    m_loginProblem = u"The disk is full."_s;
    const QSignalSpy failed(m_tray.get(), &TrayIcon::failed);
    show();

    actionNamed(m_tray->menu(), u"Start at login"_s)->trigger();

    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed.at(0).at(1).toString(), m_loginProblem);
    m_loginProblem.clear();
}

void TrayIconTest::leadsToRecentErrors()
{
    m_fixture->addEchoChannel(u"Refuses"_s, {u"echo-error-400"_s});
    const domain::Token token = m_fixture->addToken(u"tray"_s);
    QCOMPARE(m_fixture->chat(token, u"echo-error-400"_s), 400);
    QSignalSpy pages(m_tray.get(), &TrayIcon::pageRequested);
    QMenu *errors = nullptr;
    // The ledger may take a moment to hold it; the submenu is filled with the menu.
    const auto areListed = [&] {
        show();
        errors = actionNamed(m_tray->menu(), u"Recent errors"_s)->menu();
        return QTest::qWaitFor([errors] { return !actionNamed(errors, u"…"_s); })
               && !actionNamed(errors, u"None"_s);
    };
    show();
    QVERIFY(actionNamed(actionNamed(m_tray->menu(), u"Recent errors"_s)->menu(), u"…"_s));
    QTRY_VERIFY(areListed());

    errors->actions().front()->trigger();

    QCOMPARE(pages.size(), 1);
    QVERIFY(pages.front().at(1).toString().startsWith("id:"_L1));
}

QTEST_MAIN(TrayIconTest)
#include "tst_trayicon.moc"
