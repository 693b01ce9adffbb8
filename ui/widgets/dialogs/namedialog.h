#pragma once

#include "widgets/dialogs/formdialog.h"

class QLineEdit;

namespace gatehouse::ui {

// Asks for the name of a filter.
class NameDialog : public FormDialog
{
    Q_OBJECT

public:
    // `note`: the filter, for the person to see what is named.
    NameDialog(const QString &title,
               const QString &name,
               const QString &note,
               QWidget *parent = nullptr);

    // Names that others have: none of them can be chosen.
    void setTaken(const QStringList &names);

signals:
    void chosen(const QString &name);

protected:
    // Entered again in a moment.
    bool isModified() const override { return false; }

private:
    void validate();

    QLineEdit *m_name;
    QStringList m_taken{};
};

} // namespace gatehouse::ui
