#pragma once

#include "preferences/settingsstore.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

class SecondaryLabel;
class SettingEditor;

// One setting on a page: the mark of a change, the label, the control with help or error under it,
// and the way back to the default.
class SettingRow : public QWidget
{
    Q_OBJECT

public:
    // With the editor of the setting's kind.
    SettingRow(const QString &key, SettingsStore &store, QWidget *parent);
    // With an editor of the page's own, and another label if it is given.
    SettingRow(const QString &key,
               SettingEditor *editor,
               SettingsStore &store,
               std::function<QString()> label,
               QWidget *parent);

    QString key() const { return m_key; }
    SettingEditor *editor() const { return m_editor; }
    bool isModified() const { return m_modified; }
    // What stands under the control as an error; empty: none.
    QString error() const { return m_error; }
    // Whether a search for that text, in lower case, finds it.
    bool matches(const QString &text) const;
    // Puts the focus into the control and shows for a moment where it is.
    void draw();
    // Another text in the place of the description.
    void setHelp(std::function<QString()> help);
    // For one that shows a part of its setting: `restored` gives the value in which that part alone is
    // as by default, from the value and the default. Only a change of the part is marked and reset.
    void setPart(std::function<QString(const QString &value, const QString &standard)> restored);
    // Takes back what was entered but not stored.
    void revert();

signals:
    // Whether something was entered that is not stored, or could not be.
    void pendingChanged(bool pending);

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void setTexts();
    void refresh();
    void showNotes();
    void edited();
    void commit();
    void finish(const base::Result<> &outcome);
    void reset();

    const QString m_key;
    SettingsStore &m_store;
    SettingEditor *m_editor;
    std::function<QString()> m_labelText{};
    std::function<QString()> m_helpText{};
    std::function<QString(const QString &, const QString &)> m_restored{};
    QLabel *m_label = nullptr;
    SecondaryLabel *m_note = nullptr;
    SecondaryLabel *m_problem = nullptr;
    QPushButton *m_reset = nullptr;
    QTimer m_glow;
    QString m_error{};
    int m_storing = 0;    // answers that are awaited
    bool m_dirty = false; // entered, but not stored
    bool m_toldPending = false;
    bool m_modified = false;
    bool m_locked = false;
};

} // namespace gatehouse::ui
