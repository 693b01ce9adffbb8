#pragma once

#include "domain/channel.h"
#include "widgets/services.h"
#include "wizard/wizardstep.h"

#include <vector>

class QComboBox;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

class CopyButton;
class MessageBar;
class SecondaryLabel;
class Form;
class ShownSecret;
class ShownSecretLines;
class TrialPanel;
struct SetupOutcome;

// The last screen: address and first token, a test message, and lines to be copied into programs.
class DoneStep : public WizardStep
{
    Q_OBJECT

public:
    explicit DoneStep(const Services &services, QWidget *parent = nullptr);

    void showOutcome(const SetupOutcome &outcome);
    QString continueText() const override;

private:
    void build();
    QWidget *makeLines();
    void showAddresses();
    void readCertificate();
    void saveCertificate();
    void fillLines();
    // Names the channels that were made here and have no models yet.
    void tellOfModels();
    QString url() const { return m_url; }
    base::Secret key() const;

    const Services m_services;
    base::Secret m_key{}; // with its "sk-"
    QByteArray m_authority{};
    QString m_url{};
    std::vector<domain::ChannelId> m_made{};
    QStringList m_withoutModels{};
    MessageBar *m_messages = nullptr;
    Form *m_form = nullptr;
    QComboBox *m_address = nullptr;
    CopyButton *m_copyAddress = nullptr;
    ShownSecret *m_token = nullptr;
    CopyButton *m_copyToken = nullptr;
    SecondaryLabel *m_tokenNote = nullptr;
    TrialPanel *m_trial = nullptr;
    QComboBox *m_client = nullptr;
    ShownSecretLines *m_lines = nullptr;
    CopyButton *m_copyLines = nullptr;
    QWidget *m_certificate = nullptr;
};

} // namespace gatehouse::ui
