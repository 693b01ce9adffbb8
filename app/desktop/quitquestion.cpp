#include "desktop/quitquestion.h"

namespace gatehouse::app {

QuitQuestion::QuitQuestion(qint64 inFlight, QWidget *parent)
    : QuestionDialog(
        {.title = tr("Quit Gatehouse"),
         .heading = inFlight == 1
                        ? tr("A request is running.")
                        : tr("%n requests are running.", nullptr, static_cast<int>(inFlight)),
         .text = tr("They can end first, for up to a minute, while new ones are refused. If they "
                    "are cut, their clients see an error; what was delivered is billed."),
         .width = 460},
        parent)
{
    addAnswer(tr("Finish, then quit"), QDialogButtonBox::AcceptRole, [this] { emit chosen(true); });
    addAnswer(tr("Quit now"), QDialogButtonBox::DestructiveRole, [this] { emit chosen(false); });
    addRefusal(tr("Keep running"));
}

} // namespace gatehouse::app
