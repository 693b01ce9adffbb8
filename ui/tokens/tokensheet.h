#pragma once

#include "domain/token.h"
#include "widgets/services.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class QrCode;

// Shows the key of a token that was made or rotated just now: to be copied, scanned or saved. The
// code is hidden after a minute.
class TokenSheet : public QDialog
{
    Q_OBJECT

public:
    // `token` holds its key. `rotated`: the title says so.
    TokenSheet(const Services &services,
               const domain::Token &token,
               bool rotated,
               QWidget *parent = nullptr);

private:
    void build(bool rotated);
    QWidget *makeFacts();
    QWidget *makeTools();
    void copyKey();
    void copySnippet(const QString &text);
    void saveEnvironment();
    void showCode();
    void hideCode();
    QString url() const;

    const Services m_services;
    const domain::Token m_token;
    const base::Secret m_key; // with its "sk-"
    QLineEdit *m_field = nullptr;
    QrCode *m_code = nullptr;
    QComboBox *m_address = nullptr;
    QCheckBox *m_forget = nullptr;
    QPushButton *m_hide = nullptr;
    QTimer m_hideTimer;
};

} // namespace gatehouse::ui
