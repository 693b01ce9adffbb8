#pragma once

#include "admin/gateway/listenchoice.h"
#include "admin/gateway/portstate.h"
#include "preferences/settingeditor.h"

#include <optional>

class QButtonGroup;
class QLabel;
class QLineEdit;

namespace gatehouse::ui {

class IntegerField;
class SecondaryLabel;

// Who may connect: this computer, the local network, or addresses of the person's own.
class ListenEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit ListenEditor(QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;
    void retranslate(const admin::SettingView &setting) override;
    void setNames(const QString &name, const QString &description) override;
    void showInvalid(bool invalid) override;

signals:
    // What was chosen lets other computers in, which so far it did not; to be asked about first.
    void openingRequested(const QString &value);

private:
    void choose(int reach);
    void leaveField();
    void submit();

    admin::ListenChoice m_choice{}; // as it was set
    QButtonGroup *m_reach;
    QLineEdit *m_custom;
};

// The port of all addresses in the same setting.
class PortEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit PortEditor(QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;
    void retranslate(const admin::SettingView &setting) override;
    // Whether what is entered could be listened on; absent: not known.
    void showState(std::optional<admin::PortState> state);

private:
    admin::ListenChoice m_choice{};
    std::optional<admin::PortState> m_state{};
    IntegerField *m_port;
    QLabel *m_sign;
    SecondaryLabel *m_word;
};

} // namespace gatehouse::ui
