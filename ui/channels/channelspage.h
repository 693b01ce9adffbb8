#pragma once

#include "channels/channelcolumns.h"
#include "channels/channelcommands.h"
#include "channels/channelorder.h"
#include "widgets/table/listpage.h"

#include <QHash>
#include <QSet>
#include <QTimer>

class QMenu;

namespace gatehouse::admin {
enum class ChannelQuestion;
} // namespace gatehouse::admin

namespace gatehouse::ui {

class ChannelDetail;
class ChannelDialog;
class ChannelTrouble;

// The accounts with providers: how they are, what they serve and cost, and all that is done with them.
class ChannelsPage : public ListPage
{
    Q_OBJECT

public:
    explicit ChannelsPage(const Services &services, QWidget *parent = nullptr);

    // Opens the editor for a new channel with what the text says of it, as ChannelDialog::pasteText()
    // has it. False: it says nothing.
    bool addFrom(const QString &text);
    void showJob() override;
    QList<QWidget *> panes() override;

protected:
    void activated() override;
    void deactivated() override;
    void fetch() override;
    int rowOf(qint64 item) const override { return m_model->rowOf(item); }
    void openRow(int row) override { openDialog(m_model->row(row).channel); }
    void updateActions() override;
    void updateFooter() override;
    void selectionChanged() override;

private:
    // In channelspageactions.cpp.
    void makeActions();
    void makeTestActions();
    void makeViewActions();
    void makeEditingActions();
    void makePageActions();
    QAction *addMenu(QAction *action, void (ChannelsPage::*fill)(QMenu *));
    void fillTestMenu(QMenu *menu);
    void fillPriorityMenu(QMenu *menu);
    void openDialog(std::optional<domain::Channel> channel);
    ChannelDialog *makeDialog(std::optional<domain::Channel> channel);
    void edit();
    void editSeveral();
    void testSelection();
    void testOne(const domain::Channel &channel, const QString &model);
    void showTest(const domain::Channel &channel,
                  const base::Result<admin::ChannelTestOutcome> &outcome);
    void openSheet(std::vector<domain::ChannelId> channels);
    void toggle();
    void setPriority(qint64 priority);
    void resetBreakers();
    // Without a filter: of what is selected.
    void viewTraffic(const QString &filter);
    void viewTrafficOf(domain::ChannelId channel, const QString &more = {});
    // The requests that the channel of that row had an attempt of.
    void viewAttempts(int row, const QString &times);
    void viewErrorsOf(domain::ChannelId channel);
    void refreshModels();
    void showModelChange(domain::ChannelId id, const QStringList &listed);
    void refreshBalances();
    void exportSelection();
    void paste();
    // Says in the message bar what a provider is asked, once it takes its time, and lets it be broken off.
    void beginQuestion(const domain::Channel &channel,
                       admin::ChannelQuestion question,
                       const QString &message,
                       LiveText text);
    void endQuestion(const QString &message);

    // In channelspageview.cpp.
    void build();
    void openSuccess(const QModelIndex &index);
    void openCells(const QModelIndex &index, qsizetype first, qsizetype last);
    void connectDetail();
    void connectTrouble();
    void connectServices();
    void setTexts();

    void show(const base::Result<std::vector<admin::ChannelOverview>> &overviews);
    void tick();
    void updateDetail();

    QList<ChannelRow> selection() const;
    QList<domain::Channel> selectedChannels() const;
    // What reordered() is asked of rows of the table.
    struct Move
    {
        std::vector<admin::ChannelPriority> shown{};
        QList<int> rows{};
        int before = 0;
        bool isReversed = false; // the table shows the lowest priority first
    };
    Move moveOf(const QList<int> &rows, int before) const;
    DropPlace placeOf(const QList<int> &rows, int before) const;
    void moveRows(const QList<int> &rows, int before);

    ChannelCommands m_commands;
    ChannelTable *m_model = nullptr;
    TableReorder *m_reorder = nullptr;
    ChannelDetail *m_detail = nullptr;
    ChannelTrouble *m_trouble = nullptr;
    QAction *m_add = nullptr;
    QAction *m_scan = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_testAll = nullptr;
    QAction *m_toggleDetail = nullptr;
    QList<QAction *> m_bulk{};
    QSet<qint64> m_testing{};
    QHash<QString, int> m_questions{}; // under way, by the message that tells of them
    QSet<QString> m_cancelled{};       // of those
    QTimer m_countdown;
};

} // namespace gatehouse::ui
