#include "quitquestion.h"

#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::app {

using ui::TextRole;
using ui::Theme;

QuitQuestion::QuitQuestion(qint64 inFlight, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Quit Gatehouse"));
    auto *heading = new QLabel(
        inFlight == 1 ? tr("A request is running.")
                      : tr("%n requests are running.", nullptr, static_cast<int>(inFlight)),
        this);
    heading->setFont(Theme::font(TextRole::Heading));
    auto *text = new QLabel(tr("They can end first, for up to a minute, while new ones are "
                               "refused. If they are cut, their clients see an error; what was "
                               "delivered is billed."),
                            this);
    text->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *wait = buttons->addButton(tr("Finish, then quit"), QDialogButtonBox::AcceptRole);
    QPushButton *now = buttons->addButton(tr("Quit now"), QDialogButtonBox::DestructiveRole);
    QPushButton *stay = buttons->addButton(tr("Keep running"), QDialogButtonBox::RejectRole);
    wait->setDefault(true);
    wait->setFocus();
    connect(wait, &QPushButton::clicked, this, [this] {
        accept();
        emit chosen(true);
    });
    connect(now, &QPushButton::clicked, this, [this] {
        accept();
        emit chosen(false);
    });
    connect(stay, &QPushButton::clicked, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(Theme::px(12));
    layout->addWidget(heading);
    layout->addWidget(text);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setFixedWidth(Theme::px(460));
}

} // namespace gatehouse::app
