#pragma once

#include <QDialog>
#include <QList>

class QPlainTextEdit;

namespace gatehouse::ui {

// A part that the program is made of.
struct Component
{
    QString name{};
    QString licence{}; // as SPDX names it
    QString address{};
    QString text{}; // of the notice that is to be kept; empty: it comes with the part itself
};

// All parts with their licences; the program itself first.
QList<Component> components();

// Shows the parts and the notices that belong to them.
class LicencesDialog : public QDialog
{
    Q_OBJECT

public:
    explicit LicencesDialog(QWidget *parent = nullptr);

private:
    void showText(const Component &component);

    QPlainTextEdit *m_text;
};

} // namespace gatehouse::ui
