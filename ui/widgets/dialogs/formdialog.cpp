#include "widgets/dialogs/formdialog.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/form.h"
#include "widgets/messagebar.h"

#include <QKeyEvent>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

FormDialog::FormDialog(QWidget *parent)
    : EditDialog(parent)
    , m_messages(new MessageBar(this))
    , m_form(new Form(this))
{}

DialogFooter *
FormDialog::finish(const QString &action, std::function<void()> run, Overflow overflow)
{
    auto *footer = new DialogFooter(this);
    m_action = footer->addButton(action, QDialogButtonBox::AcceptRole);
    m_action->setDefault(true);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(m_action, &QPushButton::clicked, this, std::move(run));
    connect(footer, &DialogFooter::rejected, this, &FormDialog::reject);

    QVBoxLayout *content = layOut(this, footer, m_messages);
    if (overflow == Overflow::Scrolled) {
        auto *scrolled = new QWidget(this);
        m_scroll = new QScrollArea(this);
        auto *inner = new QVBoxLayout(scrolled);
        inner->setContentsMargins(content->contentsMargins());
        content->setContentsMargins(0, 0, 0, 0);
        m_scroll->setWidgetResizable(true);
        m_scroll->setFrameShape(QFrame::NoFrame);
        m_scroll->setWidget(scrolled);
        content->addWidget(m_scroll);
        content = inner;
    }
    content->addWidget(m_form);
    content->addStretch(1);
    return footer;
}

void FormDialog::fitHeight(int width)
{
    int height = layout()->totalHeightForWidth(width);
    if (m_scroll) {
        const int scrolled = m_scroll->widget()->layout()->totalHeightForWidth(width);
        height = layout()->totalSizeHint().height() - m_scroll->sizeHint().height() + scrolled;
    }
    // Room for the frame of the window.
    resize(width, qMin(height, screen()->availableGeometry().height() * 9 / 10));
}

const QWidget *FormDialog::fields() const
{
    return m_form;
}

bool FormDialog::allowAction()
{
    const QString reason = m_form->firstError();
    m_action->setEnabled(reason.isEmpty());
    m_action->setToolTip(plainTip(reason));
    return reason.isEmpty();
}

// Enter asks for the action even while it is disabled, and is told why.
void FormDialog::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_action && !m_action->isEnabled())
        m_form->focusFirstError();
    EditDialog::keyPressEvent(event);
}

void FormDialog::showFailure(const QString &text)
{
    m_action->setEnabled(true);
    // It sent the focus on to Cancel while it was disabled.
    if (qobject_cast<QPushButton *>(focusWidget()))
        m_action->setFocus(Qt::OtherFocusReason);
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = text});
}

} // namespace gatehouse::ui
