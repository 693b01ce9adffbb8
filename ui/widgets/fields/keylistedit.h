#pragma once

#include "base/secret.h"

#include <QPlainTextEdit>

namespace gatehouse::ui {

// Keys, one a line. Without focus all but the ends of each is masked, unless they are revealed.
class KeyListEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit KeyListEdit(QWidget *parent = nullptr);

    // Without spaces, quotes, invisible characters, empty lines and doubles.
    QList<base::Secret> keys() const;
    // Those of keys() that were entered with blanks between their characters, which no key has.
    QList<base::Secret> keysWithBlanks() const;
    // The caret stands behind them.
    void setKeys(const QList<base::Secret> &keys);
    int keyCount() const { return static_cast<int>(keys().size()); }
    void setRevealed(bool revealed);
    bool isRevealed() const { return m_revealed; }

    QSize sizeHint() const override;

signals:
    void keysChanged();
    // Before pasted text goes into the field. Whoever makes more of it, such as of a cURL command or
    // a `.env` block, sets `taken`; to be connected directly. Of what replaces all that is in the
    // field, nothing is in it any more.
    void pasted(const QString &text, bool *taken);

protected:
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;
    void changeEvent(QEvent *event) override;

private:
    QStringList lines() const;
    bool isAllSelected() const;
    void showMasked(bool masked);

    QString m_text{}; // the keys, while they are masked on the screen
    bool m_masked = false;
    bool m_revealed = false;
    bool m_switching = false;
};

} // namespace gatehouse::ui
