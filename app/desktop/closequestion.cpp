#include "desktop/closequestion.h"

#include <QCheckBox>

namespace gatehouse::app {

CloseQuestion::CloseQuestion(bool hasTray, QWidget *parent)
    : QuestionDialog(
        {.title = tr("Close the window"),
         .heading = tr("Keep the gateway running?"),
         .text =
             hasTray
                 ? tr("Programs that use it go on working. You can open the window again or quit "
                      "from the icon in the tray.")
                 : tr("Programs that use it go on working. This desktop shows no tray, so the "
                      "window is minimised instead of hidden.")},
        parent)
{
    auto *always = new QCheckBox(tr("Do not ask again"), this);
    always->setChecked(true); // the settings have it, too
    addControl(always);
    addAnswer(tr("Keep running"), QDialogButtonBox::AcceptRole, [this, always] {
        emit chosen(true, always->isChecked());
    });
    addAnswer(tr("Quit"), QDialogButtonBox::DestructiveRole, [this, always] {
        emit chosen(false, always->isChecked());
    });
    addCancel();
}

} // namespace gatehouse::app
