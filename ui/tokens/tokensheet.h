#pragma once

#include "domain/token.h"
#include "widgets/services.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

class QrCode;
class ShownSecret;

// Shows the key of a token that was made or rotated just now: to be copied, scanned or saved. The
// code is hidden after a minute.
class TokenSheet : public QDialog
{
    Q_OBJECT

public:
    // Why the key is shown; the words depend on it.
    enum class Reason { Created, Rotated, Shown };

    // `token` holds its key.
    TokenSheet(const Services &services,
               const domain::Token &token,
               Reason reason,
               QWidget *parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build(Reason reason);
    static QString titleFor(Reason reason);
    QString adviceFor(Reason reason) const;
    QWidget *makeFacts();
    QWidget *makeTools();
    void copyKey();
    void copy(const base::Secret &secret);
    void copySnippet(const QString &text);
    void saveEnvironment();
    void showCode();
    void hideCode();
    void offerToFinish(QPushButton *used);
    QString url() const;

    const Services m_services;
    const domain::Token m_token;
    const base::Secret m_key; // with its "sk-"
    ShownSecret *m_field = nullptr;
    QrCode *m_code = nullptr;
    QComboBox *m_address = nullptr;
    QCheckBox *m_forget = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_done = nullptr; // what Enter gives once something was copied or saved
    QPushButton *m_hide = nullptr;
    QPushButton *m_save = nullptr;
    QLabel *m_outcome = nullptr; // of saving
    QTimer m_hideTimer;
};

} // namespace gatehouse::ui
