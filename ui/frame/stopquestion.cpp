#include "frame/stopquestion.h"

namespace gatehouse::ui {

StopQuestion::StopQuestion(admin::GatewayControl &gateway, qint64 inFlight, QWidget *parent)
    : QuestionDialog(
        {.title = tr("Stop the gateway"),
         .heading = inFlight == 1
                        ? tr("A request is running.")
                        : tr("%n requests are running.", nullptr, static_cast<int>(inFlight)),
         .text = tr("They can end first, for up to a minute, while new ones are refused. If they "
                    "are cut, their clients see an error; what was delivered is billed.")},
        parent)
{
    addAnswer(tr("Finish, then stop"), QDialogButtonBox::AcceptRole, [&gateway] {
        gateway.drain(std::chrono::seconds(60));
    });
    addAnswer(tr("Stop now"), QDialogButtonBox::DestructiveRole, [&gateway] { gateway.stopNow(); });
    addCancel();
}

} // namespace gatehouse::ui
