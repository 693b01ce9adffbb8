#include "widgets/dialogs/dialoglayout.h"

#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/messagebar.h"

#include <QDialog>
#include <QVBoxLayout>

namespace gatehouse::ui {

QVBoxLayout *layOut(QDialog *dialog, DialogFooter *footer, MessageBar *messages)
{
    auto *content = new QVBoxLayout;
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, margin);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    if (messages)
        layout->addWidget(messages);
    layout->addLayout(content, 1);
    layout->addWidget(footer);
    return content;
}

} // namespace gatehouse::ui
