#include "closequestion.h"

#include "theme/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::app {

using ui::TextRole;
using ui::Theme;

CloseQuestion::CloseQuestion(bool hasTray, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Close the window"));
    auto *heading = new QLabel(tr("Keep the gateway running?"), this);
    heading->setFont(Theme::font(TextRole::Heading));
    auto *text = new QLabel(
        hasTray
            ? tr("Programs that use it go on working. You can open the window again or quit from "
                 "the icon in the tray.")
            : tr("Programs that use it go on working. This desktop shows no tray, so the window "
                 "is minimised instead of hidden."),
        this);
    text->setWordWrap(true);
    auto *always = new QCheckBox(tr("Do not ask again"), this);
    always->setChecked(true); // the settings have it, too
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *keep = buttons->addButton(tr("Keep running"), QDialogButtonBox::AcceptRole);
    QPushButton *quit = buttons->addButton(tr("Quit"), QDialogButtonBox::DestructiveRole);
    buttons->addButton(QDialogButtonBox::Cancel);
    keep->setDefault(true);
    keep->setFocus();
    connect(keep, &QPushButton::clicked, this, [this, always] {
        accept();
        emit chosen(true, always->isChecked());
    });
    connect(quit, &QPushButton::clicked, this, [this, always] {
        accept();
        emit chosen(false, always->isChecked());
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(Theme::px(12));
    layout->addWidget(heading);
    layout->addWidget(text);
    layout->addWidget(always);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setFixedWidth(Theme::px(440));
}

} // namespace gatehouse::app
