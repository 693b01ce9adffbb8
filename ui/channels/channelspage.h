#pragma once

#include "admin/channeltests.h"
#include "channels/channelcolumns.h"
#include "widgets/page.h"

#include <QSet>
#include <QTimer>

namespace gatehouse::ui {

class ChannelDetail;
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
    QList<QWidget *> panes() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    void makeActions();
    void makeEditingActions();
    void build();
    void connectTable();
    void connectServices();
    void setTexts();

    void fetch();
    void show(const base::Result<std::vector<admin::ChannelOverview>> &overviews);
    void tick();
    void showTrouble();
    void updateActions();
    void updateFooter();
    void updateDetail();
    void showFailure(const base::Error &error);
    void finish(const base::Result<> &outcome);

    std::vector<domain::ChannelId> selectedIds() const;
    QList<ChannelRow> selection() const;
    void openDialog(std::optional<domain::Channel> channel);
    void testSelection();
    void testAll();
    void openSheet();
    void toggle();
    void remove();
    void duplicate();
    void resetBreakers();
    void viewTraffic(const QString &more);
    void moveRows(const QList<int> &rows, int before);
    // Changes several channels by one edit, as one command that can be undone.
    admin::Answer<> push(const QString &text,
                         std::vector<domain::ChannelId> ids,
                         std::function<base::Result<>(domain::Channel &)> edit);
    admin::Answer<> commitCell(const QModelIndex &source, const QVariant &value);

    ChannelTable *m_model = nullptr;
    TableFilterModel *m_filter = nullptr;
    TableView *m_view = nullptr;
    TableReorder *m_reorder = nullptr;
    Splitter *m_splitter = nullptr;
    ChannelDetail *m_detail = nullptr;
    PageHeader *m_header = nullptr;
    FilterField *m_field = nullptr;
    MessageBar *m_messages = nullptr;
    EmptyState *m_empty = nullptr;
    TableFooter *m_footer = nullptr;
    QAction *m_add = nullptr;
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
