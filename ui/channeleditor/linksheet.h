#pragma once

#include "admin/applicationlink.h"

#include <QDialog>

#include <functional>

namespace gatehouse::ui {

class Form;

// Asks whether a channel that a link proposes is to be looked at further. Shows all that the link says,
// but for the key, and what speaks against it. Accepting it stores nothing: the editor comes next.
class LinkSheet : public QDialog
{
    Q_OBJECT

public:
    explicit LinkSheet(const admin::ProposedChannel &channel, QWidget *parent = nullptr);

private:
    void addValue(Form *form, const QString &text, std::function<QString()> label);
    Form *makeForm(const admin::ProposedChannel &channel);
};

} // namespace gatehouse::ui
