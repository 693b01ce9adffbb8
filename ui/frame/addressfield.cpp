#include "frame/addressfield.h"

#include "admin/gateway/gatewaycontrol.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/uistate.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

QString shownAddress(const Services &services)
{
    return admin::shownAddress(services.gateway.addresses(),
                               services.state.value(chosenAddressKey).toString());
}

void chooseAddress(const Services &services, const QString &url)
{
    services.state.setValue(chosenAddressKey, url);
}

AddressField::AddressField(QWidget *parent)
    : QWidget(parent)
    , m_address(new QToolButton(this))
    , m_copy(new QToolButton(this))
    , m_menu(new QMenu(this))
{
    m_address->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_address->setPopupMode(QToolButton::InstantPopup);
    m_menu->setToolTipsVisible(true);
    m_address->setMenu(m_menu);
    m_address->setAutoRaise(true);
    m_address->setFont(Theme::font(TextRole::BodyMedium));
    m_copy->setIcon(icon(u"copy"_s));
    m_copy->setAutoRaise(true);
    m_address->setFixedHeight(Theme::px(26));
    m_copy->setFixedSize(Theme::px(30), Theme::px(26));

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(1);
    layout->addWidget(m_address);
    layout->addWidget(m_copy);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);

    connect(m_menu, &QMenu::aboutToShow, this, &AddressField::fillMenu);
    connect(m_copy, &QToolButton::clicked, this, &AddressField::copy);
    (new Translated(this))->add([this] { setTexts(); });
}

void AddressField::setTexts()
{
    m_copy->setToolTip(tr("Copy the address"));
    m_copy->setAccessibleName(m_copy->toolTip());
    m_address->setToolTip(tr("The address for clients. Click for its variants."));
    showAddress();
}

void AddressField::setAddresses(const std::vector<admin::GatewayAddress> &addresses,
                                const QString &chosen)
{
    m_addresses = addresses;
    m_chosen = chosen;
    showAddress();
}

QString AddressField::address() const
{
    return admin::shownAddress(m_addresses, m_chosen);
}

void AddressField::showAddress()
{
    const QString url = address();
    m_address->setText(url.isEmpty() ? tr("No address") : url);
    m_address->setIcon(icon(url.startsWith(u"https:"_s) ? u"lock"_s : u"monitor"_s));
    m_address->setAccessibleName(url.isEmpty() ? tr("The gateway has no address now")
                                               : tr("Address: %1").arg(url));
    setEnabled(!url.isEmpty());
    updateGeometry();
}

QString AddressField::kindText(admin::GatewayAddress::Kind kind)
{
    switch (kind) {
    case admin::GatewayAddress::Kind::Localhost:
        return tr("this computer");
    case admin::GatewayAddress::Kind::Lan4:
    case admin::GatewayAddress::Kind::Lan6:
        return tr("local network");
    case admin::GatewayAddress::Kind::Container:
        return tr("containers and WSL");
    }
    return {};
}

void AddressField::fillMenu()
{
    m_menu->clear();
    for (const admin::GatewayAddress &each : m_addresses) {
        QAction *action = m_menu->addAction(tr("%1 (%2)").arg(each.url, kindText(each.kind)));
        action->setCheckable(true);
        action->setChecked(each.url == address());
        action->setToolTip(each.note);
        connect(action, &QAction::triggered, this, [this, url = each.url] {
            m_chosen = url;
            showAddress();
            copy();
            emit chosen(url);
        });
    }
}

void AddressField::copy()
{
    const QString url = address();
    if (url.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(url);
    emit copied(url);
}

QSize AddressField::sizeHint() const
{
    const QSize inner = QWidget::sizeHint();
    return {inner.width(), Theme::px(28)};
}

void AddressField::paintEvent(QPaintEvent *)
{
    const Palette &palette = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette.edge);
    painter.setBrush(palette.button);
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::px(4), Theme::px(4));
    const int x = m_copy->x() - 1;
    painter.fillRect(QRect(x, 1, 1, height() - 2), palette.edge);
}

} // namespace gatehouse::ui
