#pragma once

#include "preferences/settingsstore.h"
#include "settings/backupcolumns.h"
#include "settings/settingsblock.h"

class QCheckBox;
class QPushButton;

namespace gatehouse::ui {

class EmptyState;
class MessageBar;
class PassphraseDialog;
class TableView;

// The copies of the database: to make, to keep elsewhere, to restore, to delete.
class BackupBlock : public SettingsBlock
{
    Q_OBJECT

public:
    BackupBlock(const Services &services, SettingsStore &store, QWidget *parent);
    void activated() override;

private:
    enum class Job { None, BackingUp, Copying, Inspecting, Preparing };

    void build();
    void setTexts();
    void fetch();
    void followFolder();
    void updateButtons();
    void setJob(Job job);
    void showBusy();
    void showJob();
    QString jobText() const;
    void showPrepared();
    void showFailure();
    const admin::BackupListing *selected() const;

    void askPassphrase(const std::function<void(const base::Secret &)> &use);
    void create(const base::Secret &passphrase);
    void chooseCopy(const base::Secret &passphrase);
    void exportTo(const QString &path, const base::Secret &passphrase);
    void chooseRestore();
    void askRestore(const QString &path, const QString &name);
    void
    offerRestore(const QString &path, const QString &name, const admin::BackupContent &content);
    void askToOpen(const QString &path);
    void restore(const QString &path,
                 const admin::RestoreChoice &choice = {},
                 PassphraseDialog *dialog = nullptr);
    void cancelRestore();
    void askRemove();
    void report(const base::Result<> &outcome, const LiveText &notice);

    const Services m_services;
    SettingsStore &m_store;
    BackupTable *m_model;
    TableView *m_view;
    EmptyState *m_empty;
    MessageBar *m_messages;
    QCheckBox *m_secrets;
    QPushButton *m_create;
    QPushButton *m_export;
    QPushButton *m_restore;
    QPushButton *m_remove;
    QPushButton *m_restoreFile;
    QPushButton *m_cancel;
    SecondaryLabel *m_progress;
    SecondaryLabel *m_place;
    QString m_folder{}; // that is shown
    QString m_shownJob{};
    Job m_job = Job::None;
    QWidget *m_focused = nullptr; // before Cancel was given the focus
};

} // namespace gatehouse::ui
