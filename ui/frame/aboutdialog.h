#pragma once

#include <QDialog>

namespace gatehouse::ui {

// What the program is, its version and licence, and what it is made of.
class AboutDialog : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent = nullptr);

    // What a person sends along with a question: versions, system, look. Holds no secret and no
    // address.
    static QString diagnostics();
};

} // namespace gatehouse::ui
