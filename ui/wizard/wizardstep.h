#pragma once

#include <QWidget>

#include <functional>

class QAbstractButton;
class QVBoxLayout;

namespace gatehouse::ui {

class SecondaryLabel;
class Translated;

// One screen of the first run: a title, a sentence, and under them what the step adds.
class WizardStep : public QWidget
{
    Q_OBJECT

public:
    explicit WizardStep(QWidget *parent = nullptr);

    // The words on the button that leads on.
    virtual QString continueText() const;
    // False: something has to be mended first; the step says what.
    virtual bool isComplete() const { return true; }
    // It is shown now; the control that comes first takes the focus.
    virtual void entered() {}

signals:
    // continueText() or isComplete() answer otherwise than before.
    void changed();

protected:
    using Text = std::function<QString()>;

    void setTexts(Text title, Text sentence);
    // A button with a line under it that explains it.
    QWidget *explained(QAbstractButton *button, Text text, Text explanation);
    SecondaryLabel *makeNote(Text text);
    QVBoxLayout *content() { return m_content; }
    Translated *texts() { return m_texts; }

private:
    Translated *m_texts;
    SecondaryLabel *m_title;
    SecondaryLabel *m_sentence;
    QVBoxLayout *m_content;
};

} // namespace gatehouse::ui
