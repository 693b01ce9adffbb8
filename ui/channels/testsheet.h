#pragma once

#include "channels/channelcommands.h"
#include "channels/testcolumns.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QProgressBar;
class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;
class TableView;

// A run of tests over channels: what is to be tested and what it may cost, then each test as it goes
// on, what they come to, and what can be done with them. Closing it does not stop the run; opened
// again it shows the run as it stands.
class TestSheet : public QDialog
{
    Q_OBJECT

public:
    // Only these channels; empty: all.
    explicit TestSheet(const Services &services,
                       std::vector<domain::ChannelId> channels = {},
                       QWidget *parent = nullptr);

    const TestTable &table() const { return *m_table; }
    // As the choices say now.
    admin::TestPlan plan() const;

public slots:
    void start();

signals:
    void channelRequested(gatehouse::domain::ChannelId channel);

private:
    void build();
    QLayout *makeChoices();
    QLayout *makeProgress();
    QLayout *makeSums();
    QWidget *makeFooter();
    void scheduleRefresh();
    void refresh();
    void refreshForecast();
    void showTime(const admin::ChannelTestRun &run);
    void stop();
    void retryFailed();
    void disableFailed();
    std::vector<admin::TestStep> failed() const;

    const Services m_services;
    const std::vector<domain::ChannelId> m_channels;
    ChannelCommands m_commands;
    TestTable *m_table = nullptr;
    TableView *m_view = nullptr;
    QComboBox *m_subject = nullptr;
    QCheckBox *m_eachKey = nullptr;
    QCheckBox *m_disabled = nullptr;
    SecondaryLabel *m_forecast = nullptr;
    SecondaryLabel *m_done = nullptr;
    SecondaryLabel *m_elapsed = nullptr;
    QProgressBar *m_progress = nullptr;
    VerdictSums *m_sums = nullptr;
    SecondaryLabel *m_note = nullptr;
    QPushButton *m_start = nullptr;
    QPushButton *m_stop = nullptr;
    QPushButton *m_retry = nullptr;
    QPushButton *m_disable = nullptr;
    QPushButton *m_copy = nullptr;
    QTimer m_refresh;
    QTimer m_clock;
    qint64 m_disabledRun = 0; // whose failed ones were switched off already
};

} // namespace gatehouse::ui
