#pragma once

#include "preferences/settingsstore.h"
#include "settings/settingsblock.h"

namespace gatehouse::ui {

class AddressList;
class ConsequenceBox;
class PortEditor;
class SettingRow;

// Who may connect, at which addresses and by which port.
class ListenBlock : public SettingsBlock
{
    Q_OBJECT

public:
    ListenBlock(const Services &services, SettingsStore &store, QWidget *parent);
    void activated() override { refresh(); }

private:
    void refresh();
    void tryPort();
    void ask(const QString &value);
    bool isEncrypted() const;

    const Services m_services;
    SettingsStore &m_store;
    SettingRow *m_listen = nullptr;
    SettingRow *m_port = nullptr;
    PortEditor *m_portEditor = nullptr;
    ConsequenceBox *m_consequences = nullptr;
    QWidget *m_consequenceLine = nullptr;
    AddressList *m_addresses = nullptr;
    SecondaryLabel *m_note = nullptr;
    bool m_asking = false;
};

} // namespace gatehouse::ui
