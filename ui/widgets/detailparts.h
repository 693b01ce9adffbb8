#pragma once

#include <QList>

class QAction;
class QVBoxLayout;
class QWidget;

namespace gatehouse::ui {

class SecondaryLabel;

// What bodies and footers of detail panes are made of; see DetailPane.

// Gives `content` the layout of a body: one thing under the other.
QVBoxLayout *makeDetailColumn(QWidget *content);
// The heading of a part of it.
SecondaryLabel *makeDetailTitle(QWidget *parent);
QWidget *makeDetailLine(QWidget *parent);
// `content`, which it owns, as a body that scrolls up and down.
QWidget *makeDetailScrolled(QWidget *content, QWidget *parent);
// Buttons for the actions, the last of them at the right.
QWidget *makeDetailFooter(const QList<QAction *> &actions, QWidget *parent);

} // namespace gatehouse::ui
