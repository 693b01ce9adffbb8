#pragma once

#include "admin/gateway/listenchoice.h"
#include "theme/palette.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

class SecondaryLabel;

// What follows from letting other computers connect, point by point, with help for the firewall.
class ConsequenceBox : public QWidget
{
    Q_OBJECT

public:
    explicit ConsequenceBox(QWidget *parent = nullptr);

    // `afterRestart`: it is not so yet.
    void setChoice(const admin::ListenChoice &choice, bool encrypted, bool afterRestart);
    // The help for the firewall is unfolded from the start.
    void setHelpVisible(bool visible);
    // What to type or to look for on this system.
    static QString firewallHelp(quint16 port);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Line
    {
        QLabel *icon = nullptr;
        SecondaryLabel *text = nullptr;
    };

    Line addLine();
    void setLine(const Line &line, Tone tone, const QString &text);
    void refresh();

    QVBoxLayout *m_column;
    SecondaryLabel *m_heading = nullptr;
    Line m_token{};
    Line m_management{};
    Line m_encryption{};
    Line m_firewall{};
    QPushButton *m_help = nullptr;
    SecondaryLabel *m_commands = nullptr;
    admin::ListenChoice m_choice{};
    bool m_encrypted = false;
    bool m_afterRestart = false;
    bool m_helps = false;
};

} // namespace gatehouse::ui
