// The parts of a ChannelsPage, where they stand and how they hang together.
#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "channels/channeldetail.h"
#include "channels/channelspage.h"
#include "channels/channeltrouble.h"
#include "channels/pasteguide.h"
#include "charts/heatstrip.h"
#include "widgets/emptystate.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/splitter.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tablereorder.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 2;

} // namespace

void ChannelsPage::build()
{
    m_header = new PageHeader(this);
    m_field = new FilterField(this);
    m_messages = new MessageBar(this);
    m_trouble = new ChannelTrouble(m_messages, this);
    m_filter = new TableFilterModel(this);
    m_filter->setSourceModel(m_model);
    m_view = new TableView(this);
    m_view->setModel(m_filter);
    m_view->setItemDelegateForColumn(m_model->columnOf(u"strip"_s),
                                     new HeatStripDelegate(ChannelColumns::stripRole, m_view));
    m_view->sortBy({{.column = m_model->columnOf(u"priority"_s), .order = Qt::DescendingOrder}});
    m_view->remember(services().state, u"channels"_s, columnsVersion);
    setFocusProxy(m_view);
    // Space means the rows only where they have the focus, since buttons take it as well.
    m_view->addAction(m_toggle);
    m_toggle->setShortcutContext(Qt::WidgetShortcut);
    m_empty = new EmptyState(this);
    m_empty->setExtra(new PasteGuide(m_empty));
    m_view->setEmptyState(m_empty);
    m_reorder = new TableReorder(u"priority"_s, QString(), this);
    m_view->setReorder(m_reorder);
    m_footer = new TableFooter(this);
    for (QAction *action : std::as_const(m_bulk))
        m_footer->addBulkAction(action);
    m_detail = new ChannelDetail(services(), this);
    buildHeader();
    buildBody();
}

void ChannelsPage::buildHeader()
{
    m_header->addFilter(m_field);
    m_header->addButton(m_testAll);
    m_header->addPrimary(m_add);
    m_header->addToggle(m_toggleDetail);
    QMenu *overflow = m_header->overflowMenu();
    connect(overflow, &QMenu::aboutToShow, this, [this, overflow] {
        overflow->clear();
        overflow->addActions(pageActions());
    });
}

void ChannelsPage::buildBody()
{
    auto *list = new QWidget(this);
    auto *listLayout = new QVBoxLayout(list);
    listLayout->setContentsMargins(0, 0, 0, 0);
    listLayout->setSpacing(0);
    listLayout->addWidget(m_view, 1);
    listLayout->addWidget(m_footer);
    m_splitter = new Splitter(Qt::Horizontal, this);
    m_splitter->addWidget(list);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setCollapsible(0, false);
    m_splitter->setCollapsible(1, false);
    m_splitter->remember(services().state, u"channels"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_messages);
    layout->addWidget(m_splitter, 1);
}

void ChannelsPage::connectTable()
{
    m_field->setKeys(m_filter->keys());
    m_field->setProblem([this](const domain::FilterTerm &term) { return m_filter->problem(term); });
    m_field->setValues([this](const QString &key) { return m_filter->values(key); });
    connect(m_field, &FilterField::queryChanged, this, [this](const domain::FilterQuery &query) {
        m_filter->setQuery(query);
        updateFooter();
    });
    connect(m_empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(m_view, &TableView::rowSelectionChanged, this, [this] {
        updateActions();
        updateFooter();
        updateDetail();
    });
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        openDialog(m_model->row(source.row()).channel);
    });
    connect(m_view, &TableView::contextMenuRequested, this, [this](QMenu *menu) {
        menu->addActions(pageActions());
    });
    connect(m_view, &TableView::commitFailed, this, &ChannelsPage::showFailure);
    m_view->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return m_commands.setCell(
            m_model->row(source.row()).channel, m_model->traits(source.column()).key, value);
    });
    connect(m_reorder, &TableReorder::moveRequested, this, &ChannelsPage::moveRows);
}

void ChannelsPage::connectDetail()
{
    connect(m_detail, &ChannelDetail::closeRequested, this, [this] {
        m_toggleDetail->setChecked(false);
        updateDetail();
    });
    connect(m_detail, &ChannelDetail::editRequested, this, &ChannelsPage::edit);
    connect(m_detail, &ChannelDetail::testRequested, this, &ChannelsPage::testSelection);
    connect(m_detail, &ChannelDetail::trafficRequested, this, &ChannelsPage::viewTraffic);
}

void ChannelsPage::connectTrouble()
{
    const auto channelOf = [this](domain::ChannelId id) {
        const int row = m_model->rowOf(id.value);
        return row >= 0 ? QList{m_model->row(row).channel} : QList<domain::Channel>();
    };
    connect(m_trouble, &ChannelTrouble::errorsRequested, this, [this](domain::ChannelId id) {
        if (const int row = m_model->rowOf(id.value); row >= 0) {
            m_view->selectSourceRow(row);
            viewTraffic(u" status:error"_s);
        }
    });
    connect(m_trouble, &ChannelTrouble::resetRequested, this, [this](domain::ChannelId id) {
        services().administration.channels.resetBreaker(id);
        fetch();
    });
    connect(
        m_trouble, &ChannelTrouble::keysRequested, this, [this, channelOf](domain::ChannelId id) {
            for (const domain::Channel &channel : channelOf(id))
                openDialog(channel);
        });
    connect(m_trouble,
            &ChannelTrouble::disableRequested,
            this,
            [this, channelOf](domain::ChannelId id) {
                follow(m_commands.setEnabled(channelOf(id), false));
            });
}

void ChannelsPage::connectServices()
{
    const auto refetch = [this] {
        if (isActive())
            fetch();
    };
    admin::Administration &administration = services().administration;
    connect(&administration.publisher, &admin::CatalogPublisher::catalogChanged, this, refetch);
    connect(&administration.statistics, &admin::StatisticsService::changed, this, refetch);
    connect(&services().tester,
            &admin::ChannelTester::runProgressed,
            this,
            [this](qint64, int done, int total) {
                setJob(tr("Testing %1 / %2").arg(done).arg(total));
            });
    connect(&services().tester,
            &admin::ChannelTester::runFinished,
            this,
            [this, refetch](const admin::ChannelTestRun &) {
                setJob({});
                refetch();
            });
}

void ChannelsPage::setTexts()
{
    m_header->setTitle(tr("Channels"));
    m_field->setPlaceholderText(tr("Filter, e.g. status:open type:openai"));
    m_field->setAccessibleName(tr("Filter"));
    m_view->setAccessibleName(tr("Channels"));
    m_reorder->setExplanation(tr(
        "Sort by priority alone to change the order by dragging or by Alt with the arrow keys."));
    m_model->retranslate();
    m_empty->setIcon(u"waypoints"_s);
    m_empty->setTexts(tr("No channels yet"),
                      tr("Add a provider key, or use a model running on this computer."));
    m_empty->setActions(m_add, m_scan);
    updateActions();
    updateFooter();
}

} // namespace gatehouse::ui
