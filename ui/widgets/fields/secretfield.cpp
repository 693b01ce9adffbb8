#include "widgets/fields/secretfield.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"

#include <QAction>
#include <QEvent>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

SecretField::SecretField(QWidget *parent)
    : QLineEdit(parent)
    , m_reveal(addAction(icon(u"eye", IconColor::Secondary), QLineEdit::TrailingPosition))
    , m_copy(addAction(icon(u"copy", IconColor::Secondary), QLineEdit::TrailingPosition))
{
    setFont(Theme::font(TextRole::Fixed));
    setEchoMode(QLineEdit::Password);
    setAttribute(Qt::WA_InputMethodEnabled, false);
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText
                        | Qt::ImhNoAutoUppercase);
    m_reveal->setCheckable(true);
    m_copy->setVisible(false);
    connect(m_reveal, &QAction::toggled, this, &SecretField::setRevealed);
    connect(m_copy, &QAction::triggered, this, &SecretField::copySecretText);
    retranslate();
}

base::Secret SecretField::secret() const
{
    return base::Secret(text());
}

void SecretField::setSecret(const base::Secret &secret)
{
    setText(QString::fromUtf8(secret.reveal()));
}

void SecretField::setCopyable(bool copyable)
{
    m_copy->setVisible(copyable);
}

void SecretField::setRevealed(bool revealed)
{
    if (revealed == isRevealed())
        return;
    setEchoMode(revealed ? QLineEdit::Normal : QLineEdit::Password);
    m_reveal->setChecked(revealed);
    m_reveal->setIcon(icon(revealed ? u"eye-off" : u"eye", IconColor::Secondary));
    retranslate();
    emit revealedChanged(revealed);
}

void SecretField::copySecretText()
{
    copySecret(secret());
}

void SecretField::retranslate()
{
    m_reveal->setText(isRevealed() ? tr("Hide") : tr("Show"));
    m_copy->setText(tr("Copy"));
}

void SecretField::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslate();
}

} // namespace gatehouse::ui
