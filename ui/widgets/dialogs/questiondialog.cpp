#include "widgets/dialogs/questiondialog.h"

#include "theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

QuestionDialog::QuestionDialog(const Question &question, QWidget *parent)
    : QDialog(parent)
    , m_content(new QVBoxLayout)
    , m_buttons(new QDialogButtonBox(this))
{
    setWindowTitle(question.title);
    auto *heading = new QLabel(question.heading, this);
    heading->setFont(Theme::font(TextRole::Heading));
    auto *text = new QLabel(question.text, this);
    for (QLabel *label : {heading, text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    m_content->addWidget(heading);
    m_content->addWidget(text);
    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(Theme::px(12));
    layout->addLayout(m_content);
    layout->addStretch(1);
    layout->addWidget(m_buttons);
    setFixedWidth(Theme::px(question.width));
}

void QuestionDialog::addAnswer(const QString &text,
                               QDialogButtonBox::ButtonRole role,
                               std::function<void()> run)
{
    const bool isFirst = m_buttons->buttons().isEmpty();
    QPushButton *button = m_buttons->addButton(text, role);
    connect(button, &QPushButton::clicked, this, [this, run = std::move(run)] {
        accept();
        run();
    });
    if (isFirst) {
        button->setDefault(true);
        button->setFocus();
    }
}

void QuestionDialog::addRefusal(const QString &text)
{
    m_buttons->addButton(text, QDialogButtonBox::RejectRole);
}

void QuestionDialog::addCancel()
{
    m_buttons->addButton(QDialogButtonBox::Cancel);
}

void QuestionDialog::addControl(QWidget *control)
{
    m_content->addWidget(control);
}

QSize QuestionDialog::sizeHint() const
{
    return {minimumWidth(), layout()->totalHeightForWidth(minimumWidth())};
}

// A layout lets labels that wrap be lower than their text.
void QuestionDialog::showEvent(QShowEvent *event)
{
    setMinimumHeight(sizeHint().height());
    QDialog::showEvent(event);
}

} // namespace gatehouse::ui
