#pragma once

#include <QList>
#include <QWidget>

#include <vector>

class QAction;
class QMenu;
class QPushButton;
class QToolButton;

namespace gatehouse::ui {

// Flat buttons for actions in one line. Those that have no room are in a menu at its end: the last ones
// go first, so that what is needed most is to be added first.
class ActionRow : public QWidget
{
    Q_OBJECT

public:
    explicit ActionRow(QWidget *parent = nullptr);

    void addRowAction(QAction *action);
    // Of the actions that have no button now.
    QList<QAction *> hiddenActions() const { return m_hidden; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Entry
    {
        QAction *action = nullptr;
        QPushButton *button = nullptr;
    };

    int spacing() const;
    void arrange();

    std::vector<Entry> m_entries{};
    QList<QAction *> m_hidden{};
    QToolButton *m_more;
    QMenu *m_menu;
};

} // namespace gatehouse::ui
