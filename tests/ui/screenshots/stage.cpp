#include "ui/screenshots/stage.h"

#include "desktop/pages.h"
#include "theme/theme.h"
#include "widgets/table/savedfilters.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QMenu>
#include <QTableView>
#include <QTest>

namespace gatehouse::screenshots {

namespace {

constexpr int restTime = 450;

QTableView *tableOf(const QWidget *page)
{
    const auto tables = page->findChildren<QTableView *>();
    const auto found = std::find_if(
        tables.begin(), tables.end(), [](const QTableView *table) { return table->isVisible(); });
    return found == tables.end() ? nullptr : *found;
}

QDialog *openDialog()
{
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *each : all) {
        auto *dialog = qobject_cast<QDialog *>(each);
        if (dialog && dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

} // namespace

Stage::Stage(support::WindowFixture &fixture, Office *office)
    : m_fixture(fixture)
    , m_office(office)
    , m_window(std::make_unique<ui::MainWindow>(fixture.services(), app::pageFactories()))
{
    m_window->resize(ui::Theme::px(1200), ui::Theme::px(760));
    m_window->show();
    m_window->activateWindow();
    if (!QTest::qWaitForWindowActive(m_window.get()))
        qWarning("The window did not become active.");
}

Stage::~Stage()
{
    clear();
}

void Stage::settle()
{
    QTest::qWait(restTime);
}

void Stage::clear()
{
    m_shown.reset();
    while (QWidget *popup = QApplication::activePopupWidget())
        popup->close();
    while (QDialog *dialog = openDialog()) {
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->hide();
        dialog->deleteLater();
    }
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    for (const QString &table : std::exchange(m_filtered, {})) {
        ui::SavedFilters filters(services().state, table);
        const QList<ui::SavedFilter> own = filters.own();
        for (const ui::SavedFilter &each : own)
            filters.remove(each.id);
    }
    m_window->activateWindow();
}

QWidget *Stage::page(ui::PageId page, const QString &filter, int row)
{
    ui::Page *shown = m_window->showPage(page);
    if (!shown)
        return nullptr;
    shown->setFilter(filter);
    settle();
    QTableView *table = tableOf(shown);
    if (table) {
        table->clearSelection();
        table->setCurrentIndex(QModelIndex());
        table->setFocus();
        if (row >= 0)
            table->selectRow(row);
        settle();
    }
    return m_window.get();
}

QWidget *Stage::dialog(ui::PageId id, const QString &action, int row)
{
    if (!page(id, {}, row))
        return nullptr;
    const ui::Page *shown = m_window->currentPage();
    auto *found = shown->findChild<QAction *>(action);
    if (!found || !found->isEnabled())
        return nullptr;
    found->trigger();
    settle();
    return openDialog();
}

QWidget *Stage::show(QDialog *dialog)
{
    m_shown.reset(dialog);
    dialog->open();
    settle();
    return dialog;
}

QWidget *Stage::menu(QMenu *menu)
{
    menu->popup(m_window->mapToGlobal(QPoint(ui::Theme::px(200), ui::Theme::px(60))));
    settle();
    return menu;
}

void Stage::saveFilters(const QString &table, const QList<std::pair<QString, QString>> &filters)
{
    ui::SavedFilters saved(services().state, table);
    for (const auto &[name, filter] : filters)
        saved.save(name, filter);
    m_filtered.append(table);
}

} // namespace gatehouse::screenshots
