#include "widgets/dialogs/bulkform.h"

#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/fields/form.h"
#include "widgets/fields/mixedvalue.h"
#include "widgets/fields/unitfield.h"

#include <QPushButton>

namespace gatehouse::ui {

BulkForm::BulkForm(QWidget *parent)
    : FormDialog(parent)
{}

QLineEdit *BulkForm::makeNumber()
{
    auto *field = new QLineEdit(this);
    field->setMaximumWidth(Theme::px(140));
    field->setPlaceholderText(mixedText());
    field->setInputMethodHints(Qt::ImhPreferNumbers);
    connect(field, &QLineEdit::textChanged, this, &BulkForm::review);
    return field;
}

void BulkForm::makeOptional(UnitField *field)
{
    field->setOptional(true);
    field->setMaximumWidth(Theme::px(140));
    field->setPlaceholderText(mixedText());
    connect(field, &QLineEdit::textChanged, this, &BulkForm::review);
}

void BulkForm::finishBulk(const QString &action, int height)
{
    DialogFooter *footer = finish(
        action, [this] { apply(); }, Overflow::Scrolled);
    footer->setNote(tr("What you do not touch stays as it is."));
    resize(Theme::px(580), Theme::px(height));
}

bool BulkForm::review()
{
    if (!actionButton())
        return false;
    check();
    actionButton()->setEnabled(!form()->hasErrors() && !m_isStoring);
    return !form()->hasErrors();
}

void BulkForm::apply()
{
    if (!review())
        return form()->focusFirstError();
    if (!hasChange())
        return accept();
    m_isStoring = true;
    review();
    announce();
}

void BulkForm::showFailure(const QString &text)
{
    FormDialog::showFailure(text);
    m_isStoring = false;
    review();
}

} // namespace gatehouse::ui
