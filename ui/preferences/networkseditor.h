#pragma once

#include "preferences/settingeditor.h"

class QComboBox;

namespace gatehouse::ui {

class TagEdit;

// Which networks clients may come from: everywhere, this computer, the local network or ranges of addresses.
class NetworksEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit NetworksEditor(QWidget *parent);
    static bool isFor(const admin::SettingView &setting);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;
    void retranslate(const admin::SettingView &setting) override;

private:
    enum Choice { Everywhere, ThisComputer, LocalNetwork, Own };

    Choice choice() const;
    void chosen();
    void notify();

    QComboBox *m_choice;
    TagEdit *m_ranges;
    bool m_quiet = false;
};

} // namespace gatehouse::ui
