#include "settings/lansheet.h"

#include "settings/addresslist.h"
#include "settings/consequencebox.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/secondarylabel.h"

#include <QCheckBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

LanSheet::LanSheet(const admin::ListenChoice &choice, bool encrypted, QWidget *parent)
    : QDialog(parent)
    , m_choice(choice)
    , m_encrypted(encrypted)
    , m_consequences(new ConsequenceBox(this))
    , m_https(new QCheckBox(this))
    , m_addresses(new AddressList(this))
{
    setWindowTitle(tr("Open to the network"));
    setWindowModality(Qt::WindowModal);
    auto *heading = new SecondaryLabel(tr("Let other computers connect?"), TextRole::Heading, this);
    heading->setPlain(true);
    auto *reach = new SecondaryLabel(
        tr("Nothing changes until the listener is restarted. These will be the addresses:"),
        TextRole::Body,
        this);
    reach->setWordWrap(true);
    m_https->setText(tr("Use HTTPS with a certificate of this computer’s own authority"));
    m_https->setChecked(true);
    m_https->setVisible(!encrypted);
    auto *note = new SecondaryLabel(
        tr("Devices must trust the authority’s certificate once. It can be exported on this page."),
        TextRole::Small,
        this);
    note->setWordWrap(true);
    note->setVisible(!encrypted);
    refresh(); // before the buttons are made: the keys go through the addresses first
    auto *footer = new DialogFooter(this);
    QPushButton *open = footer->addButton(tr("Open to the network"), QDialogButtonBox::AcceptRole);
    footer->addButton(QDialogButtonBox::Cancel);
    open->setDefault(true);
    connect(footer, &DialogFooter::accepted, this, &QDialog::accept);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(m_https, &QCheckBox::toggled, this, &LanSheet::refresh);
    m_consequences->setHelpVisible(true);

    QVBoxLayout *content = layOut(this, footer);
    content->setSpacing(Theme::px(10));
    content->addWidget(heading);
    content->addWidget(m_consequences);
    content->addWidget(m_https);
    content->addWidget(note);
    content->addWidget(reach);
    content->addWidget(m_addresses);
    content->addStretch(1);
    resize(Theme::px(660), Theme::px(500));
}

bool LanSheet::wantsHttps() const
{
    return !m_encrypted && m_https->isChecked();
}

void LanSheet::refresh()
{
    const bool encrypted = m_encrypted || m_https->isChecked();
    m_consequences->setChoice(m_choice, encrypted, true);
    m_addresses->setAddresses(m_choice.addresses(encrypted));
}

} // namespace gatehouse::ui
