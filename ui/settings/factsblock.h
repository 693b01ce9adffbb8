#pragma once

#include "preferences/settingsstore.h"
#include "settings/settingsblock.h"

class QPushButton;

namespace gatehouse::ui {

// What one may want to know of this program: its version, where it keeps its data, on what it runs.
class FactsBlock : public SettingsBlock
{
    Q_OBJECT

public:
    FactsBlock(SettingsStore &store, QWidget *parent);

    // The same as lines of text for support; nothing in it is secret.
    QString diagnostics() const;

private:
    void addFact(std::function<QString()> label, const QString &text, bool fixed = false);

    QList<QPair<QString, QString>> m_facts{};
    QPushButton *m_copy;
    QPushButton *m_folder;
    QPushButton *m_logFolder;
    QPushButton *m_licences;
};

} // namespace gatehouse::ui
