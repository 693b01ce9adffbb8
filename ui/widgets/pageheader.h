#pragma once

#include <QWidget>

#include <functional>
#include <optional>

class QAction;
class QHBoxLayout;
class QMenu;
class QPushButton;
class QToolButton;

namespace gatehouse::ui {

class SecondaryLabel;

// The top of a page: its title and count at the left; filter, buttons, the one primary action, the
// toggle of the details and the overflow menu at the right.
class PageHeader : public QWidget
{
    Q_OBJECT

public:
    explicit PageHeader(QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setCount(std::optional<qint64> count);

    // In the order of the calls; the header owns what it is given.
    void addLeft(QWidget *widget);
    void addWidget(QWidget *widget);
    void addFilter(QWidget *field);
    void addButton(QAction *action);
    void addPrimary(QAction *action);
    void addToggle(QAction *action);
    // What "⋯" opens, asked for each time that it does; the button is shown from now on.
    void setOverflow(std::function<QList<QAction *>()> actions);
    // Whether the primary button is the blue one; not while an empty state has it.
    void setPrimaryEmphasised(bool emphasised);
    // A hairline at the bottom; a table under the header has its own.
    void setLineVisible(bool visible);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    SecondaryLabel *m_title = nullptr;
    SecondaryLabel *m_count = nullptr;
    QHBoxLayout *m_left = nullptr;
    QHBoxLayout *m_right = nullptr;
    QPushButton *m_primary = nullptr;
    QToolButton *m_overflow = nullptr;
    QMenu *m_menu = nullptr;
    bool m_line = false;
};

} // namespace gatehouse::ui
