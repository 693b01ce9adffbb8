#pragma once

#include <QDialog>

#include <functional>

namespace gatehouse::ui {

// What is asked before something that cannot be undone.
struct ConfirmationTexts
{
    QString title{};   // of the window
    QString heading{}; // the question
    QString text{};    // what follows
    QString action{};  // the button that does it
    QString refusal{}; // the one that does not; empty: Cancel
};

class Confirmation : public QDialog
{
    Q_OBJECT

public:
    Confirmation(const ConfirmationTexts &texts, QWidget *parent);

    // Opens one over `parent`'s window and runs `action` if the person agrees.
    static void ask(QWidget *parent, const ConfirmationTexts &texts, std::function<void()> action);
};

} // namespace gatehouse::ui
