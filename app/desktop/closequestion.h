#pragma once

#include "widgets/dialogs/questiondialog.h"

namespace gatehouse::app {

// Asked when the window is closed for the first time: whether the gateway goes on, in the tray or, if
// there is none, in a minimised window.
class CloseQuestion : public ui::QuestionDialog
{
    Q_OBJECT

public:
    explicit CloseQuestion(bool hasTray, QWidget *parent = nullptr);

signals:
    // `keep`: the gateway keeps running; `always`: do not ask again.
    void chosen(bool keep, bool always);
};

} // namespace gatehouse::app
