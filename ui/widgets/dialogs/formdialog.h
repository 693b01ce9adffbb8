#pragma once

#include "widgets/dialogs/editdialog.h"

#include <functional>

class QPushButton;
class QScrollArea;

namespace gatehouse::ui {

class DialogFooter;
class Form;
class MessageBar;

// A dialog that is a form: above it what went wrong, below it the button that does what the dialog is
// for, and Cancel.
class FormDialog : public EditDialog
{
    Q_OBJECT

public:
    // What was asked for could not be done: the dialog stays, with what was typed.
    void showFailure(const QString &text);

protected:
    enum class Overflow { None, Scrolled };

    explicit FormDialog(QWidget *parent);

    Form *form() const { return m_form; }
    // Lays out what is there. To be called when all fields are, as the keys go through a dialog in the
    // order in which it was made. `run` decides whether the dialog closes: what is refused must not.
    DialogFooter *
    finish(const QString &action, std::function<void()> run, Overflow overflow = Overflow::None);
    // So high that nothing is cut or scrolled, if the screen is. After the fields were filled in.
    void fitHeight(int width);
    // Enables the action unless the form has an error, of which its tool tip tells. True: it has none.
    bool allowAction();
    // Null before finish().
    QPushButton *actionButton() const { return m_action; }

    const QWidget *fields() const override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    MessageBar *m_messages;
    Form *m_form;
    QPushButton *m_action = nullptr;
    QScrollArea *m_scroll = nullptr; // of Overflow::Scrolled
};

} // namespace gatehouse::ui
