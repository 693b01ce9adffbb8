#pragma once

#include "admin/upkeep/certificateservice.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

class QPushButton;

namespace gatehouse::ui {

class CertificateHelp;
class CopyButton;

// The certificate of this computer's own authority: what it says, and a way to take it to devices.
class CertificateBlock : public SettingsBlock
{
    Q_OBJECT

public:
    CertificateBlock(const Services &services, QWidget *parent);
    void activated() override;

private:
    void show(const base::Result<admin::LocalCertificate> &certificate);
    void refresh();
    void make();
    void chooseFile();
    void save(const QString &path);

    const Services m_services;
    admin::LocalCertificate m_certificate{};
    bool m_exists = false;
    QPushButton *m_make;
    QPushButton *m_export;
    SecondaryLabel *m_state;
    SecondaryLabel *m_names;
    SecondaryLabel *m_expires;
    SecondaryLabel *m_fingerprint;
    CopyButton *m_copy;
    CertificateHelp *m_help;
    QList<QWidget *> m_facts{};
};

} // namespace gatehouse::ui
