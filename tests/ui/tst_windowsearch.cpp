#include "admin/administration.h"
#include "domain/filterquery.h"
#include "frame/commandpalette.h"
#include "frame/navigation.h"
#include "frame/shortcutsdialog.h"
#include "ui/mainwindowfixture.h"
#include "widgets/buttons.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QTest>
#include <QTreeView>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What the command palette finds, and the list of shortcuts.
class WindowSearchTest : public tests::MainWindowFixture
{
    Q_OBJECT

private slots:
    void findsCommandsAndChannelsInThePalette();
    void findsModelsInThePalette();
    void saysWhatAChoiceIsFor();
    void findsRequestsInThePalette();
    void runsWhatAnotherPageCanDo();
    void findsCommandsByTheirPlace();
    void showsNamesOrIconsOnly();
    void keepsWhatIsChosenInThePalette();
    void saysWhenNothingIsFound();
    void listsEveryShortcut();
    void listsTheKeysOfTables();
};

void WindowSearchTest::findsCommandsAndChannelsInThePalette()
{
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    auto *palette = m_window->findChild<CommandPalette *>();
    QVERIFY(palette->isVisible());
    auto *field = palette->findChild<QLineEdit *>();
    const auto *list = palette->findChild<QListView *>();

    QTest::keyClicks(field, u"echo ch"_s);
    QCOMPARE(list->currentIndex().data().toString(), u"Echo chamber"_s);
    QTest::keyClick(field, Qt::Key_Return);

    QVERIFY(!palette->isVisible());
    QCOMPARE(m_window->currentPage()->id(), PageId::Channels);
    QVERIFY(pageOf(PageId::Channels)->item > 0);
}

void WindowSearchTest::findsModelsInThePalette()
{
    admin::ChannelService &channels = m_fixture->administration().channels;
    const auto made = m_fixture->wait(channels.create(
        {{.type = domain::provider::echo, .name = u"Other"_s, .models = {u"qwen:7b"_s}}}));
    m_window->openCommandPalette();
    auto *field = m_window->findChild<CommandPalette *>()->findChild<QLineEdit *>();

    QTest::keyClicks(field, u"qwen"_s);
    QTest::keyClick(field, Qt::Key_Return);

    // The name alone would be read as a key, "qwen", and its value.
    QCOMPARE(m_window->currentPage()->id(), PageId::Models);
    QCOMPARE(pageOf(PageId::Models)->filter, u"model:\"qwen:7b\""_s);
    const auto removed = channels.remove(made.front().id);
    QTRY_VERIFY(removed.isFinished());
    QVERIFY(removed.result());
}

void WindowSearchTest::findsRequestsInThePalette()
{
    const domain::Token token = m_fixture->addToken(u"palette"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    auto &traffic = m_fixture->administration().traffic;
    const admin::TrafficPage page = m_fixture->wait(traffic.page({}));
    QVERIFY(!page.lines.empty());
    const QString id = QString::fromUtf8(page.lines.front().record.requestId);
    m_window->openCommandPalette();
    auto *palette = m_window->findChild<CommandPalette *>();
    auto *field = palette->findChild<QLineEdit *>();
    const auto *list = palette->findChild<QListView *>();

    QTest::keyClicks(field, id);
    QTRY_COMPARE(list->currentIndex().data().toString(), id);
    QTest::keyClick(field, Qt::Key_Return);

    QCOMPARE(m_window->currentPage()->id(), PageId::Traffic);
    QCOMPARE(pageOf(PageId::Traffic)->filter, domain::exactTerm(u"id"_s, id));
}

void WindowSearchTest::runsWhatAnotherPageCanDo()
{
    m_window->showPage(PageId::Dashboard);
    m_window->openCommandPalette();
    const auto *palette = m_window->findChild<CommandPalette *>();
    auto *field = palette->findChild<QLineEdit *>();
    const auto *list = palette->findChild<QListView *>();

    QTest::keyClicks(field, u"models add thing"_s);
    QTRY_COMPARE(list->currentIndex().data().toString(), u"Models: Add thing"_s);
    QTest::keyClick(field, Qt::Key_Return);

    QCOMPARE(m_window->currentPage()->id(), PageId::Models);
    QCOMPARE(pageOf(PageId::Models)->added, 1);
    QCOMPARE(pageOf(PageId::Dashboard)->added, 0);
}

// The place of a command and what it does are English words in every language.
void WindowSearchTest::findsCommandsByTheirPlace()
{
    const auto *command = m_window->findChild<QAction *>(u"help.shortcuts"_s);
    const QString shown = withoutMnemonic(command->text());
    m_window->openCommandPalette();
    const auto *palette = m_window->findChild<CommandPalette *>();
    auto *field = palette->findChild<QLineEdit *>();
    const auto *list = palette->findChild<QListView *>();

    QTest::keyClicks(field, u"shortcuts help"_s);

    const QAbstractItemModel *found = list->model();
    QVERIFY(found->rowCount() > 0);
    QVERIFY(
        !found->match(found->index(0, 0), Qt::DisplayRole, shown, 1, Qt::MatchExactly).isEmpty());
}

void WindowSearchTest::showsNamesOrIconsOnly()
{
    auto *navigation = m_window->findChild<Navigation *>();
    auto *names = m_window->findChild<QAction *>(u"view.navigationNames"_s);
    QVERIFY(names->isChecked());

    names->trigger();
    QVERIFY(navigation->isCollapsed());
    QVERIFY(!names->isChecked());

    navigation->setCollapsed(false);
    QVERIFY(names->isChecked());
}

// What is read from the database comes a moment later.
void WindowSearchTest::keepsWhatIsChosenInThePalette()
{
    CommandPalette palette;
    const auto item = [](const QString &text) {
        return PaletteItem{.text = text, .kind = u"Channel"_s, .run = [] {}};
    };
    palette.openWith({item(u"alpha two"_s), item(u"alpha three"_s), item(u"alpha four"_s)});
    auto *field = palette.findChild<QLineEdit *>();
    const auto *list = palette.findChild<QListView *>();
    QTest::keyClicks(field, u"alpha"_s);
    QTest::keyClick(field, Qt::Key_Down);
    const QString chosen = list->currentIndex().data().toString();
    QVERIFY(list->currentIndex().row() == 1);

    palette.addItems({item(u"alpha"_s), item(u"other"_s)});

    QCOMPARE(list->model()->rowCount(), 4);
    QCOMPARE(list->model()->index(0, 0).data().toString(), u"alpha"_s);
    QCOMPARE(list->currentIndex().data().toString(), chosen);
}

void WindowSearchTest::saysWhenNothingIsFound()
{
    m_window->openCommandPalette();
    auto *palette = m_window->findChild<CommandPalette *>();
    auto *field = palette->findChild<QLineEdit *>();

    QTest::keyClicks(field, u"zzzzqqqq <b>x"_s);

    QVERIFY(!palette->findChild<QListView *>()->isVisible());
    QVERIFY(palette->findChild<QLabel *>()->isVisible());
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(palette->isVisible());
    palette->reject();
}

void WindowSearchTest::listsEveryShortcut()
{
    const QList<ShortcutLine> lines =
        shortcutLines(u"Page"_s, pageOf(PageId::Dashboard)->pageActions());

    QCOMPARE(lines, QList<ShortcutLine>({{u"Page"_s, u"Add thing"_s, u"Ctrl+N"_s}}));
    QAction settings(u"设置(&S)…"_s);
    settings.setShortcut(QKeySequence(u"Ctrl+P"_s));
    QCOMPARE(shortcutLines(u"Page"_s, {&settings}),
             QList<ShortcutLine>({{u"Page"_s, u"设置"_s, u"Ctrl+P"_s}}));
}

void WindowSearchTest::saysWhatAChoiceIsFor()
{
    m_window->openCommandPalette();
    auto *palette = m_window->findChild<CommandPalette *>();
    QTest::keyClicks(palette->findChild<QLineEdit *>(), u"dark"_s);

    const auto *list = palette->findChild<QListView *>();
    QCOMPARE(list->currentIndex().data().toString(), u"Theme: Dark"_s);
    palette->reject();
}

void WindowSearchTest::listsTheKeysOfTables()
{
    m_window->openShortcuts();

    auto *dialog = m_window->findChild<ShortcutsDialog *>();
    QVERIFY(dialog);
    const QAbstractItemModel *lines = dialog->findChild<QTreeView *>()->model();
    const QModelIndexList found = lines->match(
        lines->index(0, 0), Qt::DisplayRole, u"Move column to the left"_s, 1, Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.front().siblingAtColumn(1).data().toString(), u"Ctrl+Shift+Left"_s);
    const QModelIndex group = found.front().parent();
    QMap<QString, QString> keys;
    for (int row = 0; row < lines->rowCount(group); ++row) {
        const QModelIndex line = lines->index(row, 0, group);
        keys.insert(line.data().toString(), line.siblingAtColumn(1).data().toString());
    }
    QCOMPARE(keys.value(u"Open the row"_s), u"Return"_s);
    QCOMPARE(keys.value(u"Edit the cell"_s), u"F2"_s);
    QCOMPARE(keys.value(u"Copy the selected rows"_s), u"Ctrl+C"_s);
    QVERIFY(!lines
                 ->match(lines->index(0, 0),
                         Qt::DisplayRole,
                         u"Show the requests of a step"_s,
                         1,
                         Qt::MatchRecursive)
                 .isEmpty());
    dialog->reject();
}

QTEST_MAIN(WindowSearchTest)
#include "tst_windowsearch.moc"
