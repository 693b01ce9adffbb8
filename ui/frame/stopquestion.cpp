#include "frame/stopquestion.h"

#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

StopQuestion::StopQuestion(admin::GatewayControl &gateway, qint64 inFlight, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Stop the gateway"));
    auto *heading = new QLabel(
        inFlight == 1 ? tr("A request is running.")
                      : tr("%n requests are running.", nullptr, static_cast<int>(inFlight)),
        this);
    heading->setFont(Theme::font(TextRole::Heading));
    auto *text =
        new QLabel(tr("They can end first, for up to a minute, while new ones are refused. "
                      "If they are cut, their clients see an error; what was delivered is "
                      "billed."),
                   this);
    text->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *drain = buttons->addButton(tr("Finish, then stop"), QDialogButtonBox::AcceptRole);
    QPushButton *stop = buttons->addButton(tr("Stop now"), QDialogButtonBox::DestructiveRole);
    buttons->addButton(QDialogButtonBox::Cancel);
    drain->setDefault(true);
    drain->setFocus();
    connect(drain, &QPushButton::clicked, this, [this, &gateway] {
        gateway.drain(std::chrono::seconds(60));
        accept();
    });
    connect(stop, &QPushButton::clicked, this, [this, &gateway] {
        gateway.stopNow();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(Theme::px(12));
    layout->addWidget(heading);
    layout->addWidget(text);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setFixedWidth(Theme::px(440));
}

} // namespace gatehouse::ui
