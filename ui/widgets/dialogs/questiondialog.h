#pragma once

#include <QDialog>
#include <QDialogButtonBox>

#include <functional>

class QVBoxLayout;

namespace gatehouse::ui {

// What a QuestionDialog says.
struct Question
{
    QString title{}; // of the window
    QString heading{};
    QString text{};
    int width = 440; // in design pixels
};

// A question to which each answer is a button. Whoever makes it adds the answers.
class QuestionDialog : public QDialog
{
    Q_OBJECT

public:
    explicit QuestionDialog(const Question &question, QWidget *parent = nullptr);

    // The first one is what Enter gives. The dialog is closed as accepted before `run` is called.
    void
    addAnswer(const QString &text, QDialogButtonBox::ButtonRole role, std::function<void()> run);
    // The one that leaves everything as it is, as closing the dialog does.
    void addRefusal(const QString &text);
    void addCancel();
    // Stands between the text and the answers. To be called before them, as the keys go through a
    // dialog in the order in which it was made.
    void addControl(QWidget *control);

    // As high as its texts are at its width.
    QSize sizeHint() const override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    QVBoxLayout *m_content;
    QDialogButtonBox *m_buttons;
};

} // namespace gatehouse::ui
