#pragma once

#include "frame/mainwindow.h"
#include "ui/screenshots/office.h"

namespace gatehouse::screenshots {

// What a picture is taken of: the main window over an office, or over nothing at all.
class Stage
{
public:
    // `office` may be null: then nothing is stored.
    Stage(support::WindowFixture &fixture, Office *office);
    ~Stage();

    ui::MainWindow &window() { return *m_window; }
    const ui::Services &services() { return m_fixture.services(); }
    Office *office() { return m_office; }

    // Shows the page as its filter says, with one row selected (below 0: none). Gives the window.
    QWidget *page(ui::PageId page, const QString &filter = {}, int row = -1);
    // Does what the action of the page does; gives the dialog that it opens, or null.
    QWidget *dialog(ui::PageId page, const QString &action, int row = 0);
    // Shows the dialog and gives it.
    QWidget *show(QDialog *dialog);
    // Opens the menu and gives it.
    QWidget *menu(QMenu *menu);
    // Saves filters of a table, each as its name and its text. They are gone after the picture.
    void saveFilters(const QString &table, const QList<std::pair<QString, QString>> &filters);
    // A directory for files that a picture is about; it stays.
    QString directory() const { return m_fixture.directory(); }
    // Gives answers time to come, and all that moves to come to rest.
    void settle();
    // Everything but the main window is closed.
    void clear();

private:
    support::WindowFixture &m_fixture;
    Office *const m_office;
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<QDialog> m_shown;
    QStringList m_filtered{}; // the tables with saved filters
};

// One picture: its name, and what opens what is in it; null is passed over.
struct Shot
{
    QString name{};
    std::function<QWidget *(Stage &)> open{};
    bool empty = false; // of a gateway without any data
};

// The pages, the dialogs that their actions open, and what is listed by hand.
QList<Shot> shots(Stage &stage);

} // namespace gatehouse::screenshots
