#pragma once

#include <QDialog>
#include <QList>

class QAction;

namespace gatehouse::ui {

// One line of the list of shortcuts.
struct ShortcutLine
{
    QString group{};
    QString text{};
    QString keys{};

    bool operator==(const ShortcutLine &) const = default;
};

// Those of the actions that have a shortcut, without mnemonics; each text once in its group.
QList<ShortcutLine> shortcutLines(const QString &group, const QList<QAction *> &actions);

// All shortcuts, as the actions have them now.
class ShortcutsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(const QList<ShortcutLine> &lines, QWidget *parent = nullptr);
};

} // namespace gatehouse::ui
