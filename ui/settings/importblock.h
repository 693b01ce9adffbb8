#pragma once

#include "admin/import/importservice.h"
#include "base/result.h"
#include "settings/importcolumns.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

#include <stop_token>

class QPushButton;

namespace gatehouse::ui {

class BusyLine;
class MessageBar;
class ProposalList;
class TableView;

// Takes over the database of One API or New API as a whole, or channels out of the file of another program:
// a file is chosen, what would come along is shown, with a box for each channel where there are channels
// alone, and then it is imported.
class ImportBlock : public SettingsBlock
{
    Q_OBJECT

public:
    ImportBlock(const Services &services, QWidget *parent);
    // Shows what the last import came to, if it ended while nobody saw it.
    void activated() override;

    // Shows what would come along out of the file.
    void open(const QString &path);

private:
    enum class State { Empty, Reading, Planned, Importing, Done };

    void build();
    void setTexts();
    void show(State state);
    QString job() const;
    void choose();
    void carryOut();
    void planned(const base::Result<admin::ImportPreview> &preview);
    void finished(const base::Result<admin::ImportReport> &report);
    void failedWith(const base::Error &error, State state);
    void showReport(const admin::ImportReport &report, State state);
    bool isWhole() const { return admin::isGateway(m_report.source); }
    bool canImport() const;
    QString summary() const;
    QString leftBehind() const;

    const Services m_services;
    State m_state = State::Empty;
    QString m_path{};
    std::stop_source m_stop{}; // of what runs
    admin::ImportReport m_report{};
    admin::ImportPreview m_preview{}; // of what is planned
    ProposalList *m_proposals;
    ImportTable *m_model;
    TableView *m_view;
    BusyLine *m_busy;
    MessageBar *m_messages;
    QPushButton *m_choose;
    QPushButton *m_import;
    QPushButton *m_cancel;
    SecondaryLabel *m_about;
    SecondaryLabel *m_file;
    SecondaryLabel *m_counts;
    SecondaryLabel *m_left;
    QWidget *m_result = nullptr; // the line with what would come along
};

} // namespace gatehouse::ui
