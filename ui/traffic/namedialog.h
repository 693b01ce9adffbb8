#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class Form;

// Asks for the name of a filter.
class NameDialog : public QDialog
{
    Q_OBJECT

public:
    // `note`: the filter, for the person to see what is named.
    NameDialog(const QString &title,
               const QString &name,
               const QString &note,
               QWidget *parent = nullptr);

signals:
    void chosen(const QString &name);

private:
    void validate();

    Form *m_form;
    QLineEdit *m_name;
    QPushButton *m_save = nullptr;
};

} // namespace gatehouse::ui
