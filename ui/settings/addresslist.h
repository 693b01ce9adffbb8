#pragma once

#include "admin/gateway/gatewayaddress.h"

#include <QWidget>

class QGridLayout;

namespace gatehouse::ui {

// Addresses of the gateway with who can use them, each to be copied.
class AddressList : public QWidget
{
    Q_OBJECT

public:
    explicit AddressList(QWidget *parent = nullptr);

    void setAddresses(const std::vector<admin::GatewayAddress> &addresses);
    QStringList urls() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void fill();

    QGridLayout *m_grid;
    std::vector<admin::GatewayAddress> m_addresses{};
};

} // namespace gatehouse::ui
