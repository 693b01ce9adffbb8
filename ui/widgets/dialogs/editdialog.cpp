#include "widgets/dialogs/editdialog.h"

#include "widgets/dialogs/confirmation.h"

#include <QLineEdit>
#include <QMetaProperty>
#include <QScrollBar>
#include <QShowEvent>
#include <QToolButton>

namespace gatehouse::ui {

namespace {

QVariant valueOf(const QWidget *field)
{
    return field->metaObject()->userProperty().read(field);
}

// What only shows something else, such as a button that unfolds, is none.
bool isField(const QWidget *widget)
{
    return widget->metaObject()->userProperty().isValid()
           && !qobject_cast<const QScrollBar *>(widget)
           && !qobject_cast<const QToolButton *>(widget);
}

bool isReadOnly(const QWidget *widget)
{
    const auto *line = qobject_cast<const QLineEdit *>(widget);
    return !widget->isEnabled() || (line && line->isReadOnly());
}

} // namespace

EditDialog::EditDialog(QWidget *parent)
    : QDialog(parent)
{}

void EditDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!m_isRemembered)
        rememberFields();
}

void EditDialog::rememberFields()
{
    m_isRemembered = true;
    m_remembered.clear();
    remember(fields());
}

// By Qt's convention the user property of a field is what a person enters there. The parts of which a
// field is made are none of their own.
void EditDialog::remember(const QWidget *parent)
{
    for (QObject *child : parent->children()) {
        auto *widget = qobject_cast<QWidget *>(child);
        if (!widget || widget->isWindow())
            continue;
        if (!isField(widget))
            remember(widget);
        else if (!isReadOnly(widget))
            m_remembered.append({widget, valueOf(widget)});
    }
}

bool EditDialog::isModified() const
{
    return std::any_of(m_remembered.begin(), m_remembered.end(), [](const Value &each) {
        return each.field && valueOf(each.field) != each.value;
    });
}

void EditDialog::reject()
{
    if (isVisible() && isModified())
        askToDiscard();
    else
        QDialog::reject();
}

void EditDialog::askToDiscard()
{
    if (findChild<Confirmation *>())
        return;
    auto *question = new Confirmation({.title = windowTitle(),
                                       .heading = tr("Discard what you typed?"),
                                       .text = tr("Nothing of it has been saved."),
                                       .action = tr("Discard"),
                                       .refusal = tr("Keep editing")},
                                      this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    connect(question, &QDialog::accepted, this, [this] { QDialog::reject(); });
    // What was being saved meanwhile closes the dialog, too.
    connect(this, &QDialog::finished, question, &QWidget::close);
    question->open();
}

} // namespace gatehouse::ui
