#pragma once

#include "base/secret.h"

#include <QTimer>
#include <QToolButton>

#include <chrono>
#include <functional>

namespace gatehouse::ui {

// Copies a text and shows a tick for a moment.
class CopyButton : public QToolButton
{
    Q_OBJECT

public:
    // `name` says what is copied: "Copy the address".
    explicit CopyButton(const QString &name, QWidget *parent = nullptr);

    void setName(const QString &name);
    void setCopiedText(const QString &text);
    // Asked at the moment of copying; the clipboard forgets it.
    void setSecret(std::function<base::Secret()> secret);

signals:
    void copied();

private:
    void copy();

    QString m_text{};
    std::function<base::Secret()> m_secret{};
    QTimer m_tick{};
};

} // namespace gatehouse::ui
