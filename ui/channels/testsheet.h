#pragma once

#include "admin/channeltests.h"
#include "widgets/services.h"
#include "widgets/tablemodel.h"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;

namespace gatehouse::ui {

class TableView;

using TestTable = TableModel<admin::ChannelTestOutcome, qint64>;

// The run over all channels as it goes on: each outcome as it comes, what they come to, and what can
// be done with them. Closing it does not stop the run.
class TestSheet : public QDialog
{
    Q_OBJECT

public:
    explicit TestSheet(const Services &services, QWidget *parent = nullptr);

    const TestTable &table() const { return *m_table; }
    // "answered in 612 ms", or why not.
    static QString outcomeText(const admin::ChannelTestOutcome &outcome);

signals:
    void channelRequested(gatehouse::domain::ChannelId channel);

private:
    void build();
    void refresh();
    void updateSummary(const admin::ChannelTestRun &run);
    void stop();
    void disableFailed();
    void retryFailed();
    void copyReport() const;
    std::vector<domain::ChannelId> failed() const;

    const Services m_services;
    TestTable *m_table;
    TableView *m_view = nullptr;
    QProgressBar *m_progress = nullptr;
    QLabel *m_summary = nullptr;
    QPushButton *m_stop = nullptr;
    QPushButton *m_disable = nullptr;
    QPushButton *m_retry = nullptr;
    QPushButton *m_copy = nullptr;
};

} // namespace gatehouse::ui
