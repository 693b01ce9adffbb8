#pragma once

#include "channels/channelcolumns.h"
#include "channels/channelcommands.h"
#include "widgets/page.h"

#include <QSet>
#include <QTimer>

class QMenu;

namespace gatehouse::ui {

class ChannelDetail;
class ChannelDialog;
class ChannelTrouble;
class EmptyState;
class FilterField;
class MessageBar;
class PageHeader;
class Splitter;
class TableFilterModel;
class TableFooter;
class TableReorder;
class TableView;

// The accounts with providers: how they are, what they serve and cost, and all that is done with them.
class ChannelsPage : public Page
{
    Q_OBJECT

public:
    explicit ChannelsPage(const Services &services, QWidget *parent = nullptr);

    void setFilter(const QString &text) override;
    void showItem(qint64 item) override;
    void focusFilter() override;
    void showJob() override { openSheet({}); }
    QList<QWidget *> panes() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    using Run = std::function<void()>;

    // In channelspageactions.cpp.
    void makeActions();
    void makeTestActions();
    void makeViewActions();
    void makeEditingActions();
    void makePageActions();
    QAction *addSingle(const ActionDescription &description, Run run);
    QAction *addSeveral(const ActionDescription &description, Run run);
    QAction *addMenu(QAction *action, void (ChannelsPage::*fill)(QMenu *));
    void fillTestMenu(QMenu *menu);
    void fillPriorityMenu(QMenu *menu);
    void updateActions();
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
    void viewTraffic(const QString &more);
    void refreshModels();
    void showModelChange(domain::ChannelId id, const QStringList &listed);
    void refreshBalances();
    void exportSelection();
    void paste();

    // In channelspageview.cpp.
    void build();
    void buildHeader();
    void buildBody();
    void connectTable();
    void connectDetail();
    void connectTrouble();
    void connectServices();
    void setTexts();

    void fetch();
    void show(const base::Result<std::vector<admin::ChannelOverview>> &overviews);
    void tick();
    void updateFooter();
    void updateDetail();
    void showFailure(const base::Error &error);
    void finish(const base::Result<> &outcome);
    // Shows how a change went, and what there is then.
    void follow(admin::Answer<> answer);

    QList<ChannelRow> selection() const;
    QList<domain::Channel> selectedChannels() const;
    std::vector<domain::Channel> allChannels() const;
    void moveRows(const QList<int> &rows, int before);

    ChannelCommands m_commands;
    ChannelTable *m_model = nullptr;
    TableFilterModel *m_filter = nullptr;
    TableView *m_view = nullptr;
    TableReorder *m_reorder = nullptr;
    Splitter *m_splitter = nullptr;
    ChannelDetail *m_detail = nullptr;
    PageHeader *m_header = nullptr;
    FilterField *m_field = nullptr;
    MessageBar *m_messages = nullptr;
    ChannelTrouble *m_trouble = nullptr;
    EmptyState *m_empty = nullptr;
    TableFooter *m_footer = nullptr;
    QAction *m_add = nullptr;
    QAction *m_scan = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_testAll = nullptr;
    QAction *m_toggleDetail = nullptr;
    QList<QAction *> m_single{};
    QList<QAction *> m_several{};
    QList<QAction *> m_bulk{};
    QSet<qint64> m_testing{};
    QTimer m_countdown;
    qint64 m_wanted = 0;
};

} // namespace gatehouse::ui
