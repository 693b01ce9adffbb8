#pragma once

#include "widgets/services.h"

#include <QDeadlineTimer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;
class SecretField;

// What the window shows while it is locked: nothing of the gateway, and a field for the password of the
// administrator.
class LockScreen : public QWidget
{
    Q_OBJECT

public:
    explicit LockScreen(const Services &services, QWidget *parent = nullptr);

signals:
    // The password was right.
    void unlocked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void setTexts();
    void applyLook();
    void review();
    void tryPassword();
    void waitFor(std::chrono::milliseconds wait);
    void countDown();
    void showProblem(const QString &text);

    const Services m_services;
    QLabel *m_mark;
    SecondaryLabel *m_heading;
    SecondaryLabel *m_text;
    SecretField *m_password;
    QPushButton *m_unlock;
    SecondaryLabel *m_problem;
    SecondaryLabel *m_help;
    QTimer m_tick;
    QDeadlineTimer m_until{}; // until when no password is taken
    bool m_isAsking = false;
};

} // namespace gatehouse::ui
