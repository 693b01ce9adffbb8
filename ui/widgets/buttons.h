#pragma once

#include <QPushButton>

class QAction;
class QToolButton;

namespace gatehouse::ui {

// A text of a menu or a label as one reads it: without the mark of its mnemonic, and without the
// letter in brackets that stands for one in Chinese.
QString withoutMnemonic(QString text);

// A button that looks like a link.
class LinkButton : public QPushButton
{
    Q_OBJECT

public:
    explicit LinkButton(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
};

// A push button that shows an action: its text, icon, state and, as a tool tip, its shortcut.
QPushButton *makeButton(QAction *action, QWidget *parent);
// The same as an icon without text; the action's text is the accessible name.
QToolButton *makeToolButton(QAction *action, QWidget *parent);
// An icon without an action. `name` is the accessible name and the tool tip.
QToolButton *makeToolButton(const QString &iconName, const QString &name, QWidget *parent);
QPushButton *makeLinkButton(const QString &text, QWidget *parent);
QPushButton *makeLinkButton(QAction *action, QWidget *parent);
// A flat small button without an icon, as in the footers of tables.
QPushButton *makeFlatButton(QAction *action, QWidget *parent);

} // namespace gatehouse::ui
