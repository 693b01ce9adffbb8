#pragma once

#include "admin/gateway/listenchoice.h"

#include <QDialog>

class QCheckBox;

namespace gatehouse::ui {

class AddressList;
class ConsequenceBox;

// Asked before other computers are let in: what follows from it, the addresses, the firewall, and
// whether what is sent shall be encrypted.
class LanSheet : public QDialog
{
    Q_OBJECT

public:
    // `encrypted`: HTTPS is on already, and not offered again.
    LanSheet(const admin::ListenChoice &choice, bool encrypted, QWidget *parent = nullptr);

    bool wantsHttps() const;

private:
    void refresh();

    const admin::ListenChoice m_choice;
    const bool m_encrypted;
    ConsequenceBox *m_consequences;
    QCheckBox *m_https;
    AddressList *m_addresses;
};

} // namespace gatehouse::ui
