#include "admin/administration.h"
#include "base/redaction.h"
#include "desktop/pages.h"
#include "frame/mainwindow.h"
#include "frame/navigation.h"
#include "preferences/settingeditor.h"
#include "preferences/settingrow.h"
#include "preferences/windowsettings.h"
#include "settings/settingslayout.h"
#include "settings/settingspage.h"
#include "theme/theme.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/tagedit.h"
#include "widgets/format.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class SettingsPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void hasAPlaceAndALabelForEverySetting();
    void storesWhatIsTyped_data();
    void storesWhatIsTyped();
    void saysWhatZeroMeans();
    void refusesWhatIsWrong_data();
    void refusesWhatIsWrong();
    void takesBackByEscape();
    void storesASwitch();
    void storesAChoice();
    void storesAList();
    void refusesAListEntry();
    void storesNetworks();
    void storesALongText();
    void masksByRulesOfOnesOwn();
    void marksAndResets();
    void locksWhatTheStartDecided();
    void storesSettingsOfTheWindow();
    void storesHowTimesAndSizesAreWritten();
    void storesWhenTheWindowIsLocked();
    void startsAtLogIn();
    void saysWhyStartingAtLogInFailed();
    void locksTheTrayWhereThereIsNone();
    void hidesTheUsersForOnePerson();
    void storesWhatWasEnteredWhenItIsClosed();
    void fitsIntoANarrowWindow();
    void isAccessible();

private:
    SettingRow *row(const QString &key)
    {
        m_page->setFilter(key);
        return m_page->findChild<SettingRow *>(key);
    }
    QLineEdit *field(const QString &key)
    {
        SettingRow *found = row(key);
        return found ? qobject_cast<QLineEdit *>(found->editor()->control()) : nullptr;
    }
    QString stored(const QString &key)
    {
        const auto setting = m_fixture->administration().settings.find(key);
        return setting ? setting->value : QString();
    }
    static void type(QLineEdit *field, const QString &text)
    {
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    QLineEdit *search() { return m_page->findChild<SearchableList *>()->findChild<QLineEdit *>(); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::shared_ptr<SettingsStore> m_store;
    std::unique_ptr<SettingsPage> m_page;
    bool m_startsAtLogin = false;
    QString m_loginProblem{};
    bool m_hasTray = true;
};

void SettingsPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.environment = {{u"GATEHOUSE_RELAY_RETRIES"_s, u"7"_s}},
                                      .stored = {{u"storage.busy_timeout"_s, u"1234"_s},
                                                 {u"storage.kept_backups"_s, u"9"_s},
                                                 {u"storage.synchronous_full"_s, u"true"_s}}});
    QVERIFY(m_fixture->start());
    const storage::DatabaseOptions &opened =
        m_fixture->administration().foundation.storage.options();
    QCOMPARE(opened.busyTimeout, std::chrono::milliseconds(1234));
    QCOMPARE(opened.keptBackups, 9);
    QVERIFY(opened.synchronousFull);
}

void SettingsPageTest::init()
{
    const SettingsHooks hooks{.startsAtLogin = [this] { return m_startsAtLogin; },
                              .setStartsAtLogin = [this](bool enabled) -> base::Result<> {
                                  if (!m_loginProblem.isEmpty())
                                      return base::fail(base::ErrorCode::Denied,
                                                        base::Message::verbatim(m_loginProblem));
                                  m_startsAtLogin = enabled;
                                  return {};
                              },
                              .hasTray = [this] { return m_hasTray; },
                              .dataDirectory = m_fixture->directory()};
    m_store = std::make_shared<SettingsStore>(m_fixture->services(), hooks);
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), m_store);
    m_page->resize(1000, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
}

void SettingsPageTest::cleanup()
{
    m_page.reset();
    m_store.reset();
    m_loginProblem.clear();
}

void SettingsPageTest::hasAPlaceAndALabelForEverySetting()
{
    QStringList placed;
    for (const PaneSpec &pane : settingsPanes(m_fixture->services(), *m_store)) {
        for (const SectionSpec &section : pane.sections)
            QVERIFY2(section.title() != u"Other"_s, qPrintable(section.keys.join(u' ')));
        placed += pane.keys();
    }

    QCOMPARE(QSet<QString>(placed.begin(), placed.end()).size(), placed.size());
    for (const admin::SettingView &setting : m_store->all()) {
        QVERIFY2(placed.contains(setting.key), qPrintable(setting.key));
        QVERIFY2(!setting.label.isEmpty(), qPrintable(setting.key));
    }
}

void SettingsPageTest::storesWhatIsTyped_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("expected");
    QTest::newRow("a whole number") << u"tests.parallel"_s << u"12"_s << u"12"_s;
    QTest::newRow("grouped digits")
        << u"accounting.reserved_output_tokens"_s << u"20,000"_s << u"20000"_s;
    QTest::newRow("a fraction") << u"tests.slow_seconds"_s << u"2.5"_s << u"2.5"_s;
    QTest::newRow("seconds of a bare number") << u"relay.connect_timeout"_s << u"20"_s << u"20"_s;
    QTest::newRow("seconds of minutes") << u"relay.stall_timeout"_s << u"2 min"_s << u"120"_s;
    QTest::newRow("hours of days") << u"sessions.lifetime"_s << u"2 d"_s << u"48"_s;
    QTest::newRow("milliseconds") << u"storage.busy_timeout"_s << u"1.5 s"_s << u"1500"_s;
    QTest::newRow("nothing at all") << u"relay.total_timeout"_s << u"90 s"_s << u"90"_s;
    QTest::newRow("a size") << u"http.max_body_bytes"_s << u"1 MiB"_s << u"1048576"_s;
    QTest::newRow("the largest size") << u"http.max_body_bytes"_s << u"4 GiB"_s << u"4294967296"_s;
    QTest::newRow("money") << u"accounting.new_user_quota"_s << u"$2.50"_s << u"1250000"_s;
    QTest::newRow("markup") << u"texts.system_name"_s << u"<b>Gate</b> & co"_s
                            << u"<b>Gate</b> & co"_s;
    QTest::newRow("right to left") << u"texts.footer"_s << u"بوابة"_s << u"بوابة"_s;
}

void SettingsPageTest::storesWhatIsTyped()
{
    QFETCH(QString, key);
    QFETCH(QString, typed);
    QFETCH(QString, expected);
    SettingRow *found = row(key);
    QVERIFY(found);
    QVERIFY(found->isVisibleTo(m_page.get()));
    if (auto *area = qobject_cast<QPlainTextEdit *>(found->editor()->control())) {
        area->setFocus();
        area->selectAll();
        area->insertPlainText(typed);
        search()->setFocus();
    } else {
        type(field(key), typed);
        QTest::keyClick(field(key), Qt::Key_Return);
    }

    QTRY_COMPARE(stored(key), expected);
    QTRY_VERIFY(found->isModified());
    QCOMPARE(found->error(), QString());
}

void SettingsPageTest::saysWhatZeroMeans()
{
    const QMap<QString, QString> words{{u"storage.backup_interval"_s, u"Never"_s},
                                       {u"tests.interval"_s, u"Never"_s},
                                       {u"relay.total_timeout"_s, u"No limit"_s},
                                       {u"traffic.ledger_bytes"_s, u"No limit"_s},
                                       {u"http.api_rate_limit"_s, u"No limit"_s},
                                       {u"server.max_connections"_s, u"Automatic"_s},
                                       {u"traffic.ledger_days"_s, u"For good"_s}};
    for (const auto &[key, word] : words.asKeyValueRange()) {
        QLineEdit *edited = field(key);
        QVERIFY2(edited, qPrintable(key));
        type(edited, u"0"_s);
        QTest::keyClick(edited, Qt::Key_Return);
        QCOMPARE(edited->text(), word);
        QTRY_COMPARE(stored(key), u"0"_s);
        QCOMPARE(row(key)->error(), QString());
        m_fixture->waitFor(m_fixture->administration().settings.reset(key));
    }
}

void SettingsPageTest::refusesWhatIsWrong_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("typed");
    QTest::newRow("too many") << u"tests.parallel"_s << u"65"_s;
    QTest::newRow("no number") << u"tests.parallel"_s << u"many"_s;
    QTest::newRow("a fraction of a whole") << u"tests.parallel"_s << u"1.5"_s;
    QTest::newRow("more than fits") << u"tests.parallel"_s << u"99999999999999999999999"_s;
    QTest::newRow("below nothing") << u"tests.slow_seconds"_s << u"-1"_s;
    QTest::newRow("not finite") << u"tests.slow_seconds"_s << u"inf"_s;
    QTest::newRow("parts of a second") << u"relay.connect_timeout"_s << u"1500 ms"_s;
    QTest::newRow("parts of an hour") << u"sessions.lifetime"_s << u"90 min"_s;
    QTest::newRow("no time") << u"relay.connect_timeout"_s << u"soon"_s;
    QTest::newRow("too small") << u"http.max_body_bytes"_s << u"1 B"_s;
    QTest::newRow("a file that is not there") << u"server.tls_certificate"_s << u"/no/such.pem"_s;
}

void SettingsPageTest::refusesWhatIsWrong()
{
    QFETCH(QString, key);
    QFETCH(QString, typed);
    SettingRow *found = row(key);
    const QString before = stored(key);
    type(field(key), typed);

    QVERIFY(!found->error().isEmpty()); // while it is typed
    QTest::keyClick(field(key), Qt::Key_Return);

    QVERIFY(!found->error().isEmpty());
    const auto *problem = found->findChild<QLabel *>(u"problem"_s);
    QVERIFY(problem->isVisible());
    QCOMPARE(problem->text(), found->error());
    QVERIFY(field(key)->accessibleDescription().contains(found->error()));
    QCOMPARE(stored(key), before);
    QVERIFY(m_store->waiting().isEmpty());
}

void SettingsPageTest::takesBackByEscape()
{
    const QString key = u"tests.timeout"_s;
    QLineEdit *edited = field(key);
    const QString before = edited->text();
    type(edited, u"nonsense"_s);
    QVERIFY(!row(key)->error().isEmpty());

    QTest::keyClick(edited, Qt::Key_Escape);

    QCOMPARE(edited->text(), before);
    QVERIFY(row(key)->error().isEmpty());
}

void SettingsPageTest::storesASwitch()
{
    const QString key = u"relay.disable_automatically"_s;
    auto *box = row(key)->findChild<QCheckBox *>();
    QVERIFY(box->accessibleDescription().contains(u"key"_s));
    QLabel *words = nullptr;
    for (QLabel *label : row(key)->editor()->findChildren<QLabel *>())
        words = label;
    QVERIFY(words->text().contains(u"key"_s));

    QTest::mouseClick(words, Qt::LeftButton);

    QTRY_COMPARE(stored(key), u"true"_s);
    QTest::keyClick(box, Qt::Key_Space);
    QTRY_COMPARE(stored(key), u"false"_s);
}

void SettingsPageTest::storesAChoice()
{
    const QString key = u"traffic.capture"_s;
    auto *box = row(key)->findChild<QComboBox *>();
    QCOMPARE(box->currentData().toString(), u"off"_s);
    QWheelEvent wheel(
        {}, {}, {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    box->clearFocus();
    QCoreApplication::sendEvent(box, &wheel);
    QCOMPARE(box->currentData().toString(), u"off"_s);
    box->setFocus();

    QTest::keyClick(box, Qt::Key_Down);

    QTRY_COMPARE(stored(key), u"errors"_s);
    m_fixture->waitFor(m_fixture->administration().settings.reset(key));
    QTRY_COMPARE(box->currentData().toString(), u"off"_s);
}

void SettingsPageTest::storesAList()
{
    const QString key = u"server.trusted_proxies"_s;
    auto *text = row(key)->findChild<TagEdit *>()->findChild<QLineEdit *>();
    text->setFocus();

    QTest::keyClicks(text, u"10.0.0.0/8,192.168.1.1"_s);
    QTest::keyClick(text, Qt::Key_Return);

    QTRY_COMPARE(stored(key), u"10.0.0.0/8 192.168.1.1"_s);
    QTRY_COMPARE(row(key)->findChild<TagEdit *>()->tags(),
                 QStringList({u"10.0.0.0/8"_s, u"192.168.1.1"_s}));
}

void SettingsPageTest::refusesAListEntry()
{
    const QString key = u"server.trusted_proxies"_s;
    m_fixture->waitFor(m_fixture->administration().settings.reset(key));
    auto *text = row(key)->findChild<TagEdit *>()->findChild<QLineEdit *>();
    text->setFocus();

    QTest::keyClicks(text, u"everybody"_s);
    QTest::keyClick(text, Qt::Key_Return);

    QVERIFY(row(key)->error().contains(u"everybody"_s));
    QCOMPARE(stored(key), QString());
}

void SettingsPageTest::storesNetworks()
{
    const QString key = u"server.allowed_networks"_s;
    auto *choice = row(key)->findChild<QComboBox *>();
    auto *ranges = row(key)->findChild<TagEdit *>();
    QCOMPARE(choice->currentText(), u"Everywhere"_s);

    choice->setCurrentIndex(choice->findText(u"This computer and the local network"_s));
    QTRY_COMPARE(stored(key), u"lan"_s);
    QVERIFY(ranges->isHidden());
    // Until one is named, nothing would be refused.
    choice->setCurrentIndex(choice->findText(u"These networks"_s));
    QVERIFY(!ranges->isHidden());
    QVERIFY(!row(key)->error().isEmpty());
    QCOMPARE(stored(key), u"lan"_s);
    auto *text = ranges->findChild<QLineEdit *>();
    text->setFocus();
    QTest::keyClicks(text, u"203.0.113.0/24"_s);
    QTest::keyClick(text, Qt::Key_Return);
    QTRY_COMPARE(stored(key), u"203.0.113.0/24"_s);

    m_fixture->waitFor(m_fixture->administration().settings.reset(key));
    QTRY_COMPARE(choice->currentText(), u"Everywhere"_s);
}

void SettingsPageTest::storesALongText()
{
    const QString key = u"texts.notice"_s;
    auto *area = row(key)->findChild<QPlainTextEdit *>();
    area->setFocus();
    area->setPlainText(QString(10'000, u'n') + u"\nend"_s);

    QTest::keyClick(area, Qt::Key_Tab);

    QTRY_COMPARE(stored(key).size(), 10'004);
    area->setFocus();
    area->setPlainText(QString(70'000, u'n'));
    QVERIFY(!row(key)->error().isEmpty());
}

void SettingsPageTest::masksByRulesOfOnesOwn()
{
    const QString key = u"log.mask"_s;
    auto *area = row(key)->findChild<QPlainTextEdit *>();
    area->setFocus();
    area->setPlainText(u"Orion\n/[0-9/"_s);
    QTest::keyClick(area, Qt::Key_Tab);
    QTRY_VERIFY(row(key)->error().startsWith(u"Line 2: "_s));
    QCOMPARE(stored(key), QString());

    area->setFocus();
    area->setPlainText(u"Orion\n/[0-9]{4}/"_s);
    QTest::keyClick(area, Qt::Key_Tab);

    QTRY_COMPARE(stored(key), u"Orion\n/[0-9]{4}/"_s);
    QVERIFY(row(key)->error().isEmpty());
    QCOMPARE(base::redacted(u"orion of 1999"_s), u"*** of ***"_s);
    m_fixture->waitFor(m_fixture->administration().settings.reset(key));
    QCOMPARE(base::redacted(u"orion of 1999"_s), u"orion of 1999"_s);
}

void SettingsPageTest::marksAndResets()
{
    const QString key = u"relay.breaker_failures"_s;
    SettingRow *found = row(key);
    auto *reset = found->findChild<QPushButton *>(u"reset"_s);
    QVERIFY(!reset->isVisible());
    type(field(key), u"8"_s);
    QTest::keyClick(field(key), Qt::Key_Return);
    QTRY_VERIFY(reset->isVisible());
    QVERIFY(field(key)->accessibleDescription().contains(u"default"_s));

    QTest::mouseClick(reset, Qt::LeftButton);

    QTRY_COMPARE(stored(key), u"5"_s);
    QTRY_VERIFY(!reset->isVisible());
    QTRY_COMPARE(field(key)->text(), u"5"_s);
    QVERIFY(!found->isModified());
}

void SettingsPageTest::locksWhatTheStartDecided()
{
    SettingRow *retries = row(u"relay.retries"_s);
    QVERIFY(!retries->editor()->isEnabled());
    QCOMPARE(field(u"relay.retries"_s)->text(), u"7"_s);
    QVERIFY(!retries->findChild<QPushButton *>(u"reset"_s)->isVisible());
    QStringList texts;
    for (const QLabel *label : retries->findChildren<QLabel *>())
        texts.append(label->text());
    QVERIFY(texts.join(u' ').contains(u"GATEHOUSE_RELAY_RETRIES"_s));

    // The fixture's listener is given on the command line.
    QVERIFY(!row(u"server.listen"_s)->editor()->isEnabled());
    QVERIFY(m_store->lockReason(*m_store->find(u"server.listen"_s)).contains(u"--listen"_s));
}

void SettingsPageTest::storesSettingsOfTheWindow()
{
    auto *box = row(windowkey::scheme)->findChild<QComboBox *>();
    box->setFocus();
    QTest::keyClick(box, Qt::Key_End);
    QCOMPARE(m_fixture->services().state.value(windowkey::scheme).toString(), u"dark"_s);
    QTRY_VERIFY(row(windowkey::scheme)->isModified());
    QTest::mouseClick(row(windowkey::scheme)->findChild<QPushButton *>(u"reset"_s), Qt::LeftButton);
    QTRY_COMPARE(box->currentData().toString(), u"system"_s);

    auto *notify = row(u"notify/budget"_s)->findChild<QCheckBox *>();
    QVERIFY(notify->isChecked());
    QTest::keyClick(notify, Qt::Key_Space);
    QCOMPARE(m_fixture->services().state.value(u"notify/budget"_s).toBool(), false);
    m_fixture->services().state.remove(u"notify/budget"_s);
}

void SettingsPageTest::storesHowTimesAndSizesAreWritten()
{
    UiState &state = m_fixture->services().state;
    for (const auto &[key, last] :
         {std::pair(windowkey::clockFormat, u"12"_s), std::pair(windowkey::units, u"decimal"_s)}) {
        auto *box = row(key)->findChild<QComboBox *>();
        box->setFocus();
        QTest::keyClick(box, Qt::Key_End);
        QCOMPARE(state.value(key).toString(), last);
        QTRY_VERIFY(row(key)->isModified());
    }
    applyFormats(state);
    const QString time = Format::clock(QDateTime(QDate(2026, 11, 24), QTime(18, 30)));
    const QString size = Format::bytes(1'000);
    state.setValue(windowkey::clockFormat, u"24"_s);
    state.remove(windowkey::units);
    applyFormats(state);
    QCOMPARE(time, u"6:30 PM"_s);
    QCOMPARE(size, u"1 kB"_s);
    QCOMPARE(Format::clock(QDateTime(QDate(2026, 11, 24), QTime(18, 30))), u"18:30"_s);
    state.remove(windowkey::clockFormat);
}

// It is a time that one types, and never at first.
void SettingsPageTest::storesWhenTheWindowIsLocked()
{
    UiState &state = m_fixture->services().state;
    SettingRow *found = row(windowkey::lockAfter);
    QVERIFY(!found->isModified());
    QVERIFY(!found->editor()->isEnabled()); // nobody has seen the password of the first start
    state.setValue(windowkey::passwordKnown, true);
    QTRY_VERIFY(found->editor()->isEnabled());
    auto *text = field(windowkey::lockAfter);
    QCOMPARE(text->text(), u"Never"_s);

    type(text, u"15 min"_s);
    QTest::keyClick(text, Qt::Key_Return);

    QTRY_COMPARE(lockDelay(state), std::chrono::minutes(15));
    QTRY_VERIFY(found->isModified());
    QTest::mouseClick(found->findChild<QPushButton *>(u"reset"_s), Qt::LeftButton);
    QTRY_COMPARE(lockDelay(state), std::chrono::minutes(0));
    state.remove(windowkey::passwordKnown);
}

void SettingsPageTest::startsAtLogIn()
{
    auto *box = row(SettingsStore::startsAtLogin)->findChild<QCheckBox *>();

    QTest::keyClick(box, Qt::Key_Space);

    QVERIFY(m_startsAtLogin);
    QTRY_VERIFY(row(SettingsStore::startsAtLogin)->isModified());
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY(!m_startsAtLogin);
}

void SettingsPageTest::saysWhyStartingAtLogInFailed()
{
    m_loginProblem = u"The disk is full."_s;
    auto *box = row(SettingsStore::startsAtLogin)->findChild<QCheckBox *>();

    QTest::keyClick(box, Qt::Key_Space);

    QTRY_COMPARE(row(SettingsStore::startsAtLogin)->error(), m_loginProblem);
}

void SettingsPageTest::locksTheTrayWhereThereIsNone()
{
    const auto *box = row(windowkey::close)->findChild<QComboBox *>();
    const auto *note = row(windowkey::close)->findChild<QLabel *>(u"note"_s);
    const auto isOffered = [box] {
        const QModelIndex tray = box->model()->index(box->findData(windowkey::closeToTray), 0);
        return tray.flags().testFlag(Qt::ItemIsEnabled);
    };
    QVERIFY(isOffered());
    QVERIFY(!note->text().contains(u"no tray"_s));

    m_hasTray = false;
    m_page->setActive(false);
    m_page->setActive(true); // as it is shown again

    QVERIFY(!isOffered());
    QVERIFY2(note->text().contains(u"This desktop shows no tray"_s), qPrintable(note->text()));
    const QModelIndex minimizes = box->model()->index(box->findData(windowkey::closeMinimizes), 0);
    QVERIFY(minimizes.flags().testFlag(Qt::ItemIsEnabled));

    m_hasTray = true;
    m_page->surroundingsChanged(); // while it is looked at

    QVERIFY(isOffered());
    QVERIFY(!note->text().contains(u"no tray"_s));
}

void SettingsPageTest::hidesTheUsersForOnePerson()
{
    MainWindow window(m_fixture->services(), app::pageFactories());
    window.show();
    auto *navigation = window.findChild<Navigation *>();
    QVERIFY(navigation->pages().contains(PageId::Users));
    window.showPage(PageId::Users);

    auto *box = row(windowkey::people)->findChild<QComboBox *>();
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Home);

    QVERIFY(!navigation->pages().contains(PageId::Users));
    QVERIFY(window.currentPage()->id() != PageId::Users);
    QTest::keyClick(box, Qt::Key_End);
    QVERIFY(navigation->pages().contains(PageId::Users));
    m_fixture->services().state.remove(windowkey::people);
}

void SettingsPageTest::storesWhatWasEnteredWhenItIsClosed()
{
    const QString key = u"texts.logo"_s;
    type(field(key), u"https://example.org/logo.png"_s);

    m_page.reset();

    QTRY_COMPARE(stored(key), u"https://example.org/logo.png"_s);
}

void SettingsPageTest::fitsIntoANarrowWindow()
{
    // What the smallest window leaves beside the navigation.
    m_page->resize(Theme::px(960 - 168), Theme::px(480));
    for (const PaneSpec &pane : settingsPanes(m_fixture->services(), *m_store)) {
        m_page->showPane(pane.id);
        auto *shown =
            qobject_cast<SettingsPane *>(m_page->findChild<QStackedWidget *>()->currentWidget());
        QVERIFY(shown);
        QTRY_VERIFY2(shown->widget()->minimumSizeHint().width() <= shown->viewport()->width(),
                     qPrintable(pane.id));
    }
}

void SettingsPageTest::isAccessible()
{
    for (const PaneSpec &pane : settingsPanes(m_fixture->services(), *m_store)) {
        m_page->showPane(pane.id);
        QCoreApplication::sendPostedEvents();
        const QStringList problems = tests::accessibilityProblems(m_page.get());
        QVERIFY2(problems.isEmpty(), qPrintable(pane.id + u": "_s + problems.join(u'\n')));
    }
}

QTEST_MAIN(SettingsPageTest)

#include "tst_settingspage.moc"
