#pragma once

#include "widgets/dialogs/questiondialog.h"

namespace gatehouse::app {

// Asked when the program is to end while requests are running: whether they end first, or are cut.
class QuitQuestion : public ui::QuestionDialog
{
    Q_OBJECT

public:
    explicit QuitQuestion(qint64 inFlight, QWidget *parent = nullptr);

signals:
    // `waits`: running requests end first.
    void chosen(bool waits);
};

} // namespace gatehouse::app
