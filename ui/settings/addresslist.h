#pragma once

#include "admin/gateway/gatewayaddress.h"

#include <QWidget>

class QGridLayout;

namespace gatehouse::ui {

class CopyButton;
class SecondaryLabel;

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
    struct Row
    {
        SecondaryLabel *url = nullptr;
        SecondaryLabel *note = nullptr;
        CopyButton *copy = nullptr;
    };

    Row addRow();
    void removeRow();
    void fill();

    QGridLayout *m_grid;
    std::vector<Row> m_rows{};
    std::vector<admin::GatewayAddress> m_addresses{};
};

} // namespace gatehouse::ui
