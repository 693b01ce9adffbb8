#pragma once

#include <QStringList>

class QWidget;

namespace gatehouse::tests {

// What a person who uses the keyboard or a screen reader would miss in `root` and below, one
// sentence each; empty: nothing. To be called while it is shown.
//
// Every control that is enabled and visible has an accessible name, can be reached by Tab (or, in a
// group of buttons, by the arrow keys) and is at least 24 pixels of the design in its smaller extent;
// labels that end in a mnemonic or stand in a form have buddies.
QStringList accessibilityProblems(QWidget *root);

} // namespace gatehouse::tests
