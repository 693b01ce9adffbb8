#pragma once

#include "admin/integrations/integrationsecrets.h"
#include "base/message.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

#include <functional>

class QPushButton;

namespace gatehouse::ui {

class SecretField;

// What stands below the address of a program that is sent something: the secret that goes with it, which is
// stored and not shown again, and a try.
class ReceiverBlock : public SettingsBlock
{
    Q_OBJECT

public:
    void notePending(const QString &key, bool pending) override;

protected:
    using Outcome = std::function<QString()>; // in the language of the moment

    struct Words
    {
        QString label{};
        QString name{}; // for those who cannot see where it stands, as the next three
        QString save{};
        QString remove{};
        QString test{};
        QString present{}; // in the empty field
        QString note{};
        QString unsaved{}; // what to do before a test
    };

    ReceiverBlock(const Services &services,
                  QString addressKey,
                  admin::IntegrationSecret secret,
                  int longest,
                  QWidget *parent);

    // Called at the end of the constructor of those who say the rest.
    void begin();
    void finishTest(Outcome outcome);
    void finishFailedTest(Outcome outcome);
    // What went wrong, with the receiver where that does not name it.
    static QString failureText(const QString &place, const QString &message);
    const Services &services() const { return m_services; }

    virtual Words words(bool isSet) const = 0;
    virtual QString address() const = 0; // the one that is stored
    // Why nothing can be sent at all; empty: it can.
    virtual QString hindrance() const { return {}; }
    // Ends in finishTest(). `place` names the receiver.
    virtual void send(const QString &place) = 0;
    virtual LiveText storedText() const = 0;

private:
    void build();
    void refresh();
    void keepFocus(bool isSet);
    void showResult(const Words &words);
    QString hintText(const Words &words) const;
    void store(const base::Secret &secret);
    void sendTest();

    const Services m_services;
    const QString m_addressKey;
    const admin::IntegrationSecret m_which;
    Outcome m_outcome{};      // of the last test; empty: there was none
    bool m_hasFailed = false; // the last test
    bool m_isTesting = false;
    bool m_isAddressPending = false; // what stands in its field is not stored
    SecretField *m_secret;
    QPushButton *m_save;
    QPushButton *m_remove;
    QPushButton *m_test;
    SecondaryLabel *m_note;
    SecondaryLabel *m_result;
};

} // namespace gatehouse::ui
