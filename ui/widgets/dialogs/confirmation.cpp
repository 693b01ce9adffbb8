#include "widgets/dialogs/confirmation.h"

#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/secondarylabel.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

Confirmation::Confirmation(const ConfirmationTexts &texts, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(texts.title);
    setWindowModality(Qt::WindowModal);
    auto *heading = new SecondaryLabel(texts.heading, TextRole::Heading, this);
    auto *text = new SecondaryLabel(texts.text, TextRole::Body, this);
    for (SecondaryLabel *label : {heading, text}) {
        label->setTextFormat(Qt::PlainText);
        label->setPlain(true);
        label->setWordWrap(true);
    }
    auto *footer = new DialogFooter(this);
    footer->addButton(texts.action, QDialogButtonBox::AcceptRole)->setAutoDefault(false);
    QPushButton *cancel = texts.refusal.isEmpty()
                              ? footer->addButton(QDialogButtonBox::Cancel)
                              : footer->addButton(texts.refusal, QDialogButtonBox::RejectRole);
    cancel->setDefault(true);
    cancel->setFocus();
    connect(footer, &DialogFooter::accepted, this, &QDialog::accept);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);

    QVBoxLayout *content = layOut(this, footer);
    content->setSpacing(Theme::px(12));
    content->addWidget(heading);
    content->addWidget(text);
    content->addStretch(1);
    const int width = Theme::px(460);
    resize(width, qMax(Theme::px(190), layout()->totalHeightForWidth(width)));
}

void Confirmation::ask(QWidget *parent,
                       const ConfirmationTexts &texts,
                       std::function<void()> action)
{
    auto *question = new Confirmation(texts, parent);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, parent, std::move(action));
    question->open();
}

} // namespace gatehouse::ui
