#pragma once

#include "domain/channel.h"
#include "domain/outgoingproxies.h"

#include <QJsonObject>
#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace gatehouse::ui {

class DurationField;
class Form;
class PairTable;
class ProxyChoice;
class ProxyField;
class SecondaryLabel;

// What few channels need: other names of models, headers, the way to the provider, limits and a
// multiplier of prices.
class ChannelAdvanced : public QWidget
{
    Q_OBJECT

public:
    // `proxies`: those of the environment.
    explicit ChannelAdvanced(const domain::OutgoingProxies &proxies, QWidget *parent = nullptr);

    void fill(const domain::Channel &channel);
    // Puts in what the fields say; those that cannot be read leave what was there.
    void applyTo(domain::Channel &channel) const;
    // Shows the fields that the type has a use for.
    void setProviderType(int type);
    void setModels(const QStringList &models);
    QString apiVersion() const;
    // Whether anything differs from a channel that was never touched.
    bool isUsed() const;

    // Says under each field what is wrong with it. False: it cannot be saved so.
    bool review();
    void focusFirstError();

signals:
    void changed();

private:
    void addRewriting();
    void addConnection(const domain::OutgoingProxies &proxies);
    void addProxy(const domain::OutgoingProxies &proxies);
    void addLimits();
    void addAccount();
    void showWarning();
    QString proxy() const;
    QSpinBox *makeLimit();
    QPlainTextEdit *makeText(int lines, const QString &placeholder);

    Form *m_form = nullptr;
    PairTable *m_mapping = nullptr;
    PairTable *m_headers = nullptr;
    QPlainTextEdit *m_body = nullptr;
    QJsonObject m_formerBody{}; // whose secrets that hides
    QPlainTextEdit *m_prompt = nullptr;
    ProxyChoice *m_proxyChoice = nullptr;
    ProxyField *m_proxy = nullptr;
    DurationField *m_connect = nullptr;
    DurationField *m_firstByte = nullptr;
    DurationField *m_idle = nullptr;
    DurationField *m_total = nullptr;
    QPlainTextEdit *m_authority = nullptr;
    QCheckBox *m_anyCertificate = nullptr;
    SecondaryLabel *m_warning = nullptr; // of that
    QCheckBox *m_private = nullptr;
    QSpinBox *m_concurrent = nullptr;
    QSpinBox *m_requests = nullptr;
    QSpinBox *m_tokens = nullptr;
    QDoubleSpinBox *m_multiplier = nullptr;
    QLineEdit *m_organization = nullptr;
    QLineEdit *m_version = nullptr;
    QLineEdit *m_testModel = nullptr;
};

} // namespace gatehouse::ui
