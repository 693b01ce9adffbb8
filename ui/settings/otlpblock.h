#pragma once

#include "base/message.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

#include <functional>

class QPushButton;

namespace gatehouse::ui {

class SecretField;

// The headers that a collector of traces asks for, and a try.
class OtlpBlock : public SettingsBlock
{
    Q_OBJECT

public:
    OtlpBlock(const Services &services, QWidget *parent);

    void notePending(const QString &key, bool pending) override;

private:
    void build();
    void refresh();
    void keepFocus(bool isSet);
    QString noteText(bool isSet, const QString &variable) const;
    QString resultText(bool hasAddress) const;
    void store(const base::Secret &headers);
    void sendTest();

    const Services m_services;
    std::function<QString()> m_outcome{}; // of the last test; empty: there was none
    bool m_isTesting = false;
    bool m_isAddressPending = false; // what stands in its field is not stored
    SecretField *m_headers;
    QPushButton *m_save;
    QPushButton *m_remove;
    QPushButton *m_test;
    SecondaryLabel *m_note;
    SecondaryLabel *m_result;
};

} // namespace gatehouse::ui
