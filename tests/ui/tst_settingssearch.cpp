#include "desktop/pages.h"
#include "frame/commandpalette.h"
#include "frame/mainwindow.h"
#include "preferences/settingeditor.h"
#include "preferences/settingrow.h"
#include "settings/settingspage.h"
#include "ui/windowfixture.h"
#include "widgets/emptystate.h"
#include "widgets/fields/searchablelist.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// How settings are found: by the search of their page, by their keys, and from the command palette.
class SettingsSearchTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_page.reset(); }
    void findsSettings();
    void findsNothing();
    void leadsToASetting();
    void survivesOddSearches();
    void opensFromThePalette();
    void sectionsOpenFromThePalette_data();
    void sectionsOpenFromThePalette();

private:
    QLineEdit *search() { return m_page->findChild<SearchableList *>()->findChild<QLineEdit *>(); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsSearchTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void SettingsSearchTest::init()
{
    m_page = std::make_unique<SettingsPage>(
        m_fixture->services(),
        std::make_shared<SettingsStore>(m_fixture->services(),
                                        SettingsHooks{.dataDirectory = m_fixture->directory()}));
    m_page->resize(1000, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
}

void SettingsSearchTest::findsSettings()
{
    m_page->showPane(u"general"_s);
    m_page->focusFilter();
    QVERIFY(search()->hasFocus());

    QTest::keyClicks(search(), u"breaker_rest"_s);

    QCOMPARE(m_page->currentPane(), u"routing"_s);
    QCOMPARE(m_page->findChild<SearchableList *>()->findChild<QListView *>()->model()->rowCount(),
             1);
    QVERIFY(m_page->findChild<SettingRow *>(u"relay.breaker_rest"_s)->isVisible());
    QVERIFY(!m_page->findChild<SettingRow *>(u"relay.stall_timeout"_s)->isVisible());

    QTest::keyClick(search(), Qt::Key_Escape);
    QVERIFY(m_page->findChild<SettingRow *>(u"relay.stall_timeout"_s)->isVisibleTo(m_page.get()));

    m_page->setFilter(u"retention"_s); // as others call it
    for (const QString &key : {u"traffic.ledger_days"_s, u"traffic.capture_days"_s})
        QVERIFY2(m_page->findChild<SettingRow *>(key)->isVisibleTo(m_page.get()), qPrintable(key));
    m_page->setFilter({});

    QTest::keyClicks(search(), u"PASSWORD root"_s); // words of a part that is no row
    QCOMPARE(m_page->currentPane(), u"security"_s);
}

void SettingsSearchTest::findsNothing()
{
    search()->setText(u"no such thing anywhere"_s);

    QCOMPARE(m_page->findChild<SearchableList *>()->findChild<QListView *>()->model()->rowCount(),
             0);
    auto *nothing = m_page->findChild<EmptyState *>();
    QVERIFY(nothing->isVisible());
    search()->clear();
    QVERIFY(!nothing->isVisible());
    QVERIFY(!m_page->currentPane().isEmpty());
    QVERIFY(m_page->findChild<SearchableList *>()->findChild<QListView *>()->model()->rowCount()
            > 9);
}

void SettingsSearchTest::leadsToASetting()
{
    m_page->setFilter(u"http.tls_timeout"_s);

    QCOMPARE(m_page->currentPane(), u"server"_s);
    SettingRow *found = m_page->findChild<SettingRow *>(u"http.tls_timeout"_s);
    QVERIFY(found->isVisible());
    QTRY_VERIFY(found->editor()->control()->hasFocus());
    QVERIFY(!found->visibleRegion().isEmpty());
}

void SettingsSearchTest::survivesOddSearches()
{
    for (const QString &text :
         {u"<b>"_s, QString(10'000, u'x'), u"%1 %n"_s, u"مرحبا"_s, u"[(*+?"_s, u"   "_s})
        m_page->setFilter(text);
    m_page->setFilter({});

    QVERIFY(!m_page->currentPane().isEmpty());
}

void SettingsSearchTest::opensFromThePalette()
{
    MainWindow window(m_fixture->services(), app::pageFactories());
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keyClick(&window, Qt::Key_Comma, Qt::ControlModifier);
    QCOMPARE(window.currentPage()->id(), PageId::Settings);
    window.showPage(PageId::Dashboard);

    window.openCommandPalette();
    auto *palette = window.findChild<CommandPalette *>();
    auto *typed = palette->findChild<QLineEdit *>();
    QTest::keyClicks(typed, u"Longest silence"_s);
    QTest::keyClick(typed, Qt::Key_Return);

    QCOMPARE(window.currentPage()->id(), PageId::Settings);
    QCOMPARE(qobject_cast<SettingsPage *>(window.currentPage())->currentPane(), u"routing"_s);
    QTRY_VERIFY(window.findChild<SettingRow *>(u"relay.stall_timeout"_s)->isVisible());
}

void SettingsSearchTest::sectionsOpenFromThePalette_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("pane");
    QTest::newRow("by its title") << u"prometheus"_s << u"integrations"_s;
    QTest::newRow("by page and word") << u"backup passphrase"_s << u"backup"_s;
    QTest::newRow("by a word") << u"vacuum"_s << u"advanced"_s;
}

void SettingsSearchTest::sectionsOpenFromThePalette()
{
    QFETCH(QString, typed);
    QFETCH(QString, pane);
    MainWindow window(m_fixture->services(), app::pageFactories());
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.openCommandPalette();
    auto *field = window.findChild<CommandPalette *>()->findChild<QLineEdit *>();

    QTest::keyClicks(field, typed);
    QTest::keyClick(field, Qt::Key_Return);

    QCOMPARE(window.currentPage()->id(), PageId::Settings);
    QCOMPARE(qobject_cast<SettingsPage *>(window.currentPage())->currentPane(), pane);
    QTRY_VERIFY(window.currentPage()->isAncestorOf(QApplication::focusWidget()));
}

QTEST_MAIN(SettingsSearchTest)
#include "tst_settingssearch.moc"
