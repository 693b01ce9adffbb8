#include "settings/addresslist.h"

#include "theme/theme.h"
#include "widgets/fields/copybutton.h"
#include "widgets/secondarylabel.h"

#include <QEvent>
#include <QGridLayout>

namespace gatehouse::ui {

AddressList::AddressList(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(Theme::px(12));
    m_grid->setVerticalSpacing(0);
    m_grid->setColumnStretch(1, 1);
}

void AddressList::setAddresses(const std::vector<admin::GatewayAddress> &addresses)
{
    if (m_addresses == addresses)
        return;
    m_addresses = addresses;
    fill();
}

QStringList AddressList::urls() const
{
    QStringList urls;
    for (const admin::GatewayAddress &each : m_addresses)
        urls.append(each.url);
    return urls;
}

AddressList::Row AddressList::addRow()
{
    const Row row{.url = new SecondaryLabel(TextRole::Body, this),
                  .note = new SecondaryLabel(TextRole::Small, this),
                  .copy = new CopyButton(QString(), this)};
    row.url->setPlain(true);
    row.url->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row.note->setWordWrap(true);
    const auto at = static_cast<int>(m_rows.size());
    m_grid->addWidget(row.url, at, 0);
    m_grid->addWidget(row.note, at, 1);
    m_grid->addWidget(row.copy, at, 2);
    return row;
}

void AddressList::removeRow()
{
    const Row row = m_rows.back();
    m_rows.pop_back();
    for (QWidget *each : {static_cast<QWidget *>(row.url),
                          static_cast<QWidget *>(row.note),
                          static_cast<QWidget *>(row.copy)}) {
        m_grid->removeWidget(each);
        each->hide();
        each->deleteLater();
    }
}

// Rows that are there stay: new ones would come last where the keys go through the window, and take the
// focus away.
void AddressList::fill()
{
    while (m_rows.size() > m_addresses.size())
        removeRow();
    while (m_rows.size() < m_addresses.size())
        m_rows.push_back(addRow());
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const admin::GatewayAddress &address = m_addresses[i];
        m_rows[i].url->setText(address.url);
        m_rows[i].note->setText(address.note);
        m_rows[i].copy->setName(tr("Copy %1").arg(address.url));
        m_rows[i].copy->setCopiedText(address.url);
    }
}

void AddressList::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        fill();
}

} // namespace gatehouse::ui
