#pragma once

#include "base/secret.h"

#include <QLineEdit>

#include <chrono>

namespace gatehouse::ui {

// A field for a key or a password: masked, shown while its eye is pressed in, copied with a clipboard
// that forgets.
class SecretField : public QLineEdit
{
    Q_OBJECT

public:
    explicit SecretField(QWidget *parent = nullptr);

    base::Secret secret() const;
    void setSecret(const base::Secret &secret);
    // At first a field can be revealed but not copied.
    void setCopyable(bool copyable);
    void setRevealed(bool revealed);
    bool isRevealed() const { return echoMode() == QLineEdit::Normal; }

signals:
    void revealedChanged(bool revealed);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void copySecretText();

    QAction *m_reveal = nullptr;
    QAction *m_copy = nullptr;
};

} // namespace gatehouse::ui
