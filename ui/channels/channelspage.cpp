#include "channels/channelspage.h"

#include "admin/administration.h"
#include "admin/traffic/traffic.h"
#include "channels/channeldetail.h"
#include "channels/channeltrouble.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ChannelsPage::ChannelsPage(const Services &services, QWidget *parent)
    : Page(PageId::Channels, services, parent)
    , m_commands(services)
    , m_model(new ChannelTable(
          ChannelColumns::columns(),
          [](const ChannelRow &row) { return row.channel.id.value; },
          this))
{
    m_model->setDimmed([](const ChannelRow &row) { return !row.channel.isEnabled(); });
    makeActions();
    build();
    connectTable();
    connectDetail();
    connectTrouble();
    connectServices();
    texts().add([this] { setTexts(); });
    m_countdown.setInterval(1000);
    connect(&m_countdown, &QTimer::timeout, this, &ChannelsPage::tick);
}

void ChannelsPage::activated()
{
    fetch();
    m_countdown.start();
}

void ChannelsPage::deactivated()
{
    m_countdown.stop();
}

void ChannelsPage::setFilter(const QString &text)
{
    m_field->setFilter(text);
}

void ChannelsPage::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

QList<QWidget *> ChannelsPage::panes()
{
    return {m_header, m_view, m_detail};
}

void ChannelsPage::showItem(qint64 item)
{
    m_wanted = item;
    m_field->setFilter({});
    fetch();
}

void ChannelsPage::fetch()
{
    m_view->setLoading(true);
    services().administration.statistics.channels().then(
        this, [this](const base::Result<std::vector<admin::ChannelOverview>> &overviews) {
            show(overviews);
        });
}

void ChannelsPage::show(const base::Result<std::vector<admin::ChannelOverview>> &overviews)
{
    m_view->setLoading(false);
    if (!overviews)
        return showFailure(overviews.error());
    const auto catalog = services().administration.publisher.catalog();
    if (!catalog)
        return;
    std::vector<ChannelRow> rows;
    rows.reserve(overviews->size());
    for (const admin::ChannelOverview &overview : *overviews) {
        const domain::CatalogChannel *channel = catalog->channel(overview.channel);
        if (!channel) // removed since the question
            continue;
        rows.push_back({.channel = channel->channel,
                        .overview = overview,
                        .testing = m_testing.contains(overview.channel.value)});
    }
    m_header->setCount(rows.empty() ? std::nullopt
                                    : std::optional(static_cast<qint64>(rows.size())));
    m_footer->setVisible(!rows.empty());
    m_view->setHorizontalScrollBarPolicy(rows.empty() ? Qt::ScrollBarAlwaysOff
                                                      : Qt::ScrollBarAsNeeded);
    m_header->setPrimaryEmphasised(!rows.empty());
    m_testAll->setEnabled(!rows.empty());
    const bool isEmpty = rows.empty();
    m_model->setRows(std::move(rows));
    if (isEmpty && m_view->hasFocus())
        m_empty->focusFirst();
    if (const qint64 wanted = std::exchange(m_wanted, 0); wanted != 0) {
        if (const int row = m_model->rowOf(wanted); row >= 0)
            m_view->selectSourceRow(row);
    }
    m_trouble->show(m_model->rows());
    updateActions();
    updateFooter();
    updateDetail();
}

// Once a second while anything counts down.
void ChannelsPage::tick()
{
    const QDateTime now = QDateTime::currentDateTime();
    const bool counts =
        std::any_of(m_model->rows().begin(), m_model->rows().end(), [&now](const ChannelRow &row) {
            return ChannelColumns::left(row, now).has_value();
        });
    if (counts)
        m_model->refreshColumn(u"status"_s);
}

void ChannelsPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void ChannelsPage::finish(const base::Result<> &outcome)
{
    if (outcome)
        m_messages->removeMessage(u"failure"_s);
    else
        showFailure(outcome.error());
    fetch();
}

void ChannelsPage::follow(admin::Answer<> answer)
{
    answer.then(this, [this](const base::Result<> &outcome) { finish(outcome); });
}

QList<ChannelRow> ChannelsPage::selection() const
{
    QList<ChannelRow> rows;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        rows.append(m_model->row(row.row()));
    return rows;
}

QList<domain::Channel> ChannelsPage::selectedChannels() const
{
    QList<domain::Channel> channels;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        channels.append(m_model->row(row.row()).channel);
    return channels;
}

std::vector<domain::Channel> ChannelsPage::allChannels() const
{
    std::vector<domain::Channel> channels;
    for (const ChannelRow &row : m_model->rows())
        channels.push_back(row.channel);
    return channels;
}

void ChannelsPage::updateFooter()
{
    if (!m_footer)
        return;
    const QList<ChannelRow> selected = selection();
    domain::Cost selectedCost;
    for (const ChannelRow &row : selected)
        selectedCost.nanoDollars += row.overview.day.cost.nanoDollars;
    domain::Cost cost;
    qint64 requests = 0;
    for (const ChannelRow &row : m_model->rows()) {
        cost.nanoDollars += row.overview.day.cost.nanoDollars;
        requests += row.overview.requests();
    }
    const int shown = m_filter->rowCount();
    const int all = m_model->rowCount();
    if (selected.size() < 2) {
        m_footer->setSelection(QString(), tr("%1 of %2 selected").arg(selected.size()).arg(shown));
    } else {
        m_footer->setSelection(tr("%n selected", nullptr, static_cast<int>(selected.size())),
                               tr("%1 in 24 h").arg(Format::money(selectedCost)));
    }
    m_footer->setBulkVisible(selected.size() > 1);
    m_footer->setTotals(
        tr("24 h: %1, %2")
            .arg(tr("%n requests", nullptr, static_cast<int>(requests)), Format::money(cost)));
    m_empty->setFiltered(all > 0 && shown == 0
                             ? tr("No channel matches %1.").arg(Format::quoted(m_field->text()))
                             : QString());
}

void ChannelsPage::updateDetail()
{
    const bool wanted = m_toggleDetail->isChecked() && m_model->rowCount() > 0;
    services().state.setValue(u"channels/detail"_s, m_toggleDetail->isChecked());
    m_detail->setVisible(wanted);
    if (!wanted)
        return;
    const QList<ChannelRow> selected = selection();
    if (selected.size() == 1)
        m_detail->show(selected.front());
    else
        m_detail->showNothing(static_cast<int>(selected.size()));
}

void ChannelsPage::moveRows(const QList<int> &rows, int before)
{
    const auto idAt = [this](int row) {
        return m_model->rowAt(m_filter->index(row, 0))->channel.id;
    };
    std::vector<domain::ChannelId> moved;
    for (const int row : rows)
        moved.push_back(idAt(row));
    std::vector<domain::ChannelId> order;
    for (int row = 0; row <= m_filter->rowCount(); ++row) {
        if (row == before)
            order.insert(order.end(), moved.begin(), moved.end());
        if (row == m_filter->rowCount())
            break;
        if (std::find(moved.begin(), moved.end(), idAt(row)) == moved.end())
            order.push_back(idAt(row));
    }
    const bool descending = m_filter->sortKeys().value(0).order == Qt::DescendingOrder;
    if (!descending)
        std::reverse(order.begin(), order.end());
    follow(m_commands.setOrder(order, allChannels()));
}

} // namespace gatehouse::ui
