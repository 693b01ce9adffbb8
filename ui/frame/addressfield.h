#pragma once

#include "admin/gateway/gatewayaddress.h"
#include "widgets/services.h"
#include "widgets/translated.h"

#include <QWidget>

class QMenu;
class QToolButton;

namespace gatehouse::ui {

// Of the window's state.
inline constexpr QLatin1StringView chosenAddressKey("window/address");

// The address that the window and the tray show and copy.
QString shownAddress(const Services &services);
// What the person has chosen for it.
void chooseAddress(const Services &services, const QString &url);

// The address under which clients reach the gateway: one framed group of the address with its
// variants to choose from and a button that copies it.
class AddressField : public QWidget
{
    Q_OBJECT

public:
    explicit AddressField(QWidget *parent = nullptr);

    // The one of admin::shownAddress() stands in the field.
    void setAddresses(const std::vector<admin::GatewayAddress> &addresses, const QString &chosen);
    QString address() const;
    void copy();

    // Where an address comes from, in a few words.
    static QString kindText(admin::GatewayAddress::Kind kind);

    QSize sizeHint() const override;

signals:
    void copied(const QString &address);
    void chosen(const QString &address);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showAddress();
    void fillMenu();
    void setTexts();

    QToolButton *m_address;
    QToolButton *m_copy;
    QMenu *m_menu;
    std::vector<admin::GatewayAddress> m_addresses{};
    QString m_chosen{};
};

} // namespace gatehouse::ui
