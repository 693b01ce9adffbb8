#pragma once

#include "theme/healthpainter.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

class QAction;
class QHBoxLayout;
class QLabel;
class QMenu;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QVBoxLayout;

namespace gatehouse::ui {

class SecondaryLabel;

// The details of what is selected, beside or under a table: a header with tile or glyph, title and
// tools; tabs; a body; a footer.
class DetailPane : public QWidget
{
    Q_OBJECT

public:
    explicit DetailPane(QWidget *parent = nullptr);
    ~DetailPane() override;

    void setTitle(const QString &title, const QString &subtitle = {});
    // The mark before the title.
    void setTile(const QString &name);
    void setGlyph(Glyph glyph, Tone tone);
    // In fixed type at the right, such as the id of a request; can be selected.
    void setIdentifier(const QString &identifier);
    void addTool(QAction *action);
    // A tool "⋯" that opens what is asked for each time.
    void addMenu(std::function<QList<QAction *>()> actions);

    // Gives the number of the tab. The pane owns the body. While not all tabs are seen, a menu of them
    // stands at their right.
    int addTab(const QString &title, QWidget *body);
    void setTabTitle(int tab, const QString &title);
    int currentTab() const;
    void setCurrentTab(int tab);
    // That the names of all tabs take, in pixels.
    int tabsWidth() const;
    // Without tabs: the whole body.
    void setBody(QWidget *body);
    void setFooter(QWidget *footer);
    // Stands in the place of tabs and body while `text` is not empty, such as "Nothing is selected."
    void setPlaceholder(const QString &text);

signals:
    void closeRequested();
    void currentTabChanged(int tab);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyLook();
    void placeTabs();
    void fillTabMenu();

    QString m_tile{};
    std::optional<QPair<Glyph, Tone>> m_glyph{};
    QWidget *m_header = nullptr;
    QLabel *m_mark = nullptr;
    SecondaryLabel *m_title = nullptr;
    SecondaryLabel *m_subtitle = nullptr;
    SecondaryLabel *m_identifier = nullptr;
    QHBoxLayout *m_tools = nullptr;
    QToolButton *m_close = nullptr;
    QToolButton *m_more = nullptr;
    QTabBar *m_tabs = nullptr;
    QToolButton *m_allTabs = nullptr;
    std::unique_ptr<QMenu> m_tabMenu;
    QStackedWidget *m_bodies = nullptr;
    SecondaryLabel *m_placeholder = nullptr;
    QVBoxLayout *m_layout = nullptr;
    QWidget *m_footer = nullptr;
};

} // namespace gatehouse::ui
