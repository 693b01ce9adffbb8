#pragma once

#include "base/secret.h"

#include <QLineEdit>
#include <QPlainTextEdit>

#include <functional>

namespace gatehouse::ui {

// A secret that is shown to be copied: what is taken of it by the keyboard or the menu lies in the
// clipboard as secrets do, and what the mouse selects goes nowhere.
class ShownSecret : public QLineEdit
{
    Q_OBJECT

public:
    explicit ShownSecret(QWidget *parent = nullptr);

    // How it is copied; at first by copySecret().
    void setCopying(std::function<void(const base::Secret &)> copying);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    void copySelection() const;

    std::function<void(const base::Secret &)> m_copying;
};

// The same of several lines that hold a secret.
class ShownSecretLines : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit ShownSecretLines(QWidget *parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    QMimeData *createMimeDataFromSelection() const override;

private:
    void copySelection() const;
};

} // namespace gatehouse::ui
