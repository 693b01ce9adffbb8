#pragma once

class QDialog;
class QVBoxLayout;

namespace gatehouse::ui {

class DialogFooter;
class MessageBar;

// Lays a dialog out: messages at its top and the footer at its bottom, from edge to edge, and between
// them what is added to the layout that it gives, which has the usual margins.
QVBoxLayout *layOut(QDialog *dialog, DialogFooter *footer, MessageBar *messages = nullptr);

} // namespace gatehouse::ui
