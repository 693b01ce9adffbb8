#pragma once

#include "admin/channels/trialmessage.h"
#include "widgets/services.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;

// Sends a test message through the gateway and shows the answer. Where no channel serves a model, it
// offers the built-in Echo.
class TrialPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TrialPanel(const Services &services, QWidget *parent = nullptr);

    // The key of a token, and for https the certificate (PEM) that vouches for the gateway.
    void setAccess(const base::Secret &key, const QByteArray &authority);

private:
    void build();
    void setTexts();
    void fillModels();
    void send();
    void addEcho();
    void showAnswer(const admin::TrialAnswer &answer);
    void showResult(const QString &text, bool good);
    void updateState();
    bool hasModels() const;

    const Services m_services;
    admin::TrialMessage m_trial{};
    base::Secret m_key{};
    QByteArray m_authority{};
    bool m_isBusy = false;
    bool m_hasHint = false; // what is shown is no result
    QComboBox *m_models = nullptr;
    QPushButton *m_send = nullptr;
    QLabel *m_mark = nullptr;
    SecondaryLabel *m_result = nullptr;
};

} // namespace gatehouse::ui
