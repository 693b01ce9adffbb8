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

void AddressList::fill()
{
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    int row = 0;
    for (const admin::GatewayAddress &each : m_addresses) {
        auto *url = new SecondaryLabel(each.url, TextRole::Body, this);
        url->setPlain(true);
        url->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto *note = new SecondaryLabel(each.note, TextRole::Small, this);
        note->setWordWrap(true);
        auto *copy = new CopyButton(tr("Copy %1").arg(each.url), this);
        copy->setCopiedText(each.url);
        m_grid->addWidget(url, row, 0);
        m_grid->addWidget(note, row, 1);
        m_grid->addWidget(copy, row, 2);
        ++row;
    }
}

void AddressList::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        fill();
}

} // namespace gatehouse::ui
