#pragma once

#include "widgets/dialogs/formdialog.h"

class QLineEdit;

namespace gatehouse::ui {

class UnitField;

// Edits several things at once. Where they differ a field says "— (mixed)", and what is not touched stays
// as each of them has it. It closes once whoever stores the change says that it is stored.
class BulkForm : public FormDialog
{
    Q_OBJECT

public:
    // The change could not be stored: the dialog stays, with what was typed.
    void showFailure(const QString &text);

protected:
    explicit BulkForm(QWidget *parent);

    // A field for a number, which says that there are several while it is empty.
    QLineEdit *makeNumber();
    // Lets a field be empty where they differ.
    void makeOptional(UnitField *field);
    // After all fields were made. `height` at scale 1.
    void finishBulk(const QString &action, int height);
    // Says under each field what is wrong with it. False: it cannot be applied so.
    bool review();

    // Sets the errors of the form.
    virtual void check() = 0;
    // Whether anything was touched.
    virtual bool hasChange() const = 0;
    // Tells whoever stores the change.
    virtual void announce() = 0;

private:
    void apply();

    bool m_isStoring = false;
};

} // namespace gatehouse::ui
