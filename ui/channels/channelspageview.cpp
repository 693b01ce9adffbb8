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
#include "widgets/table/filterfield.h"
#include "widgets/table/tabledelegate.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tablereorder.h"
#include "widgets/table/tableview.h"
#include "widgets/timespan.h"
#include "widgets/uistate.h"

#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 3; // what was saved as 2 may be the splitter's

} // namespace

void ChannelsPage::build()
{
    m_trouble = new ChannelTrouble(messages(), this);
    setTable(m_model);
    auto *strips =
        new HeatStripDelegate(ChannelColumns::stripRole, view(), &TableDelegate::paintGround);
    view()->setItemDelegateForColumn(m_model->columnOf(u"strip"_s), strips);
    connect(strips, &HeatStripDelegate::cellsClicked, this, &ChannelsPage::openCells);
    connect(view(), &QAbstractItemView::clicked, this, &ChannelsPage::openSuccess);
    view()->sortBy({{.column = m_model->columnOf(u"priority"_s), .order = Qt::DescendingOrder}});
    view()->remember(services().state, u"channels"_s, columnsVersion);
    view()->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return m_commands.setCell(
            m_model->row(source.row()).channel, m_model->traits(source.column()).key, value);
    });
    bindToTable(m_toggle);
    emptyState()->setExtra(new PasteGuide(emptyState()));
    m_reorder = new TableReorder(u"priority"_s, QString(), this);
    m_reorder->setPlaceOf(
        [this](const QList<int> &rows, int before) { return placeOf(rows, before); });
    view()->setReorder(m_reorder);
    connect(m_reorder, &TableReorder::moveRequested, this, &ChannelsPage::moveRows);
    for (QAction *action : std::as_const(m_bulk))
        footer()->addBulkAction(action);
    m_detail = new ChannelDetail(services(), this);
    header()->addButton(m_testAll);
    header()->addPrimary(m_add);
    header()->addToggle(m_toggleDetail);
    setBodyWithDetail(m_detail, u"channels"_s);
}

// Whoever selects several rows is not led away from them.
void ChannelsPage::openSuccess(const QModelIndex &index)
{
    const QModelIndex source = sourceIndex(index);
    if (source.isValid() && source.column() == m_model->columnOf(u"success"_s)
        && QGuiApplication::keyboardModifiers() == Qt::NoModifier
        && m_model->row(source.row()).overview.successShare())
        viewAttempts(source.row(), u"since:24h"_s);
}

void ChannelsPage::openCells(const QModelIndex &index, qsizetype first, qsizetype last)
{
    const QModelIndex source = sourceIndex(index);
    const std::vector<admin::HeatCell> &strip = m_model->row(source.row()).overview.strip;
    viewAttempts(source.row(),
                 trafficTermsOf({.since = strip.at(static_cast<size_t>(first)).start,
                                 .until = strip.at(static_cast<size_t>(last)).end()}));
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
    connect(
        m_detail, &ChannelDetail::attemptsRequested, this, [this](const admin::TimeRange &range) {
            const QModelIndexList rows = view()->selectedSourceRows();
            if (rows.size() == 1)
                viewAttempts(rows.front().row(), trafficTermsOf(range));
        });
    m_detail->setMenu([this] { return rowActions(); });
}

void ChannelsPage::connectTrouble()
{
    const auto channelOf = [this](domain::ChannelId id) {
        const int row = m_model->rowOf(id.value);
        return row >= 0 ? QList{m_model->row(row).channel} : QList<domain::Channel>();
    };
    connect(m_trouble, &ChannelTrouble::errorsRequested, this, [this](domain::ChannelId id) {
        // A filter may hide it from the list.
        if (const int row = m_model->rowOf(id.value); row >= 0)
            view()->selectSourceRow(row);
        viewErrorsOf(id);
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
    connect(&services().tester,
            &admin::ChannelTester::runProgressed,
            this,
            [this](qint64, int done, int total) {
                setOwnJob(tr("Testing %1 / %2").arg(done).arg(total));
            });
    connect(&services().tester,
            &admin::ChannelTester::runFinished,
            this,
            [this](const admin::ChannelTestRun &) {
                setOwnJob({});
                fetchIfActive();
            });
}

void ChannelsPage::setTexts()
{
    header()->setTitle(tr("Channels"));
    field()->setPlaceholderText(tr("Filter, e.g. status:open type:openai"));
    field()->setAccessibleName(tr("Filter"));
    view()->setAccessibleName(tr("Channels"));
    m_reorder->setExplanation(
        tr("Sort by priority alone, and clear the filter, to change the order "
           "by dragging or by Alt with the arrow keys."));
    m_model->retranslate();
    emptyState()->setIcon(u"waypoints"_s);
    emptyState()->setTexts(tr("No channels yet"),
                           tr("Add a provider key, or use a model running on this computer."));
    emptyState()->setActions(m_add, m_scan);
    updateActions();
    updateFooter();
}

} // namespace gatehouse::ui
