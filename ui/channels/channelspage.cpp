#include "channels/channelspage.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/traffic/traffic.h"
#include "channels/channeldetail.h"
#include "channels/channeltrouble.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/pageheader.h"
#include "widgets/table/filterchips.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// The catalog tells them as they were when it was published.
void setFindings(domain::Channel &channel, const domain::ChannelFindings &findings)
{
    channel.used = findings.used;
    channel.testedAt = findings.testedAt;
    channel.responseMilliseconds = findings.responseMilliseconds;
    channel.balance = findings.balance;
    channel.balanceAt = findings.balanceAt;
}

} // namespace

ChannelsPage::ChannelsPage(const Services &services, QWidget *parent)
    : ListPage(PageId::Channels, services, parent)
    , m_commands(services)
    , m_model(new ChannelTable(
          ChannelColumns::columns(),
          [](const ChannelRow &row) { return row.channel.id.value; },
          this))
{
    m_model->setDimmed([](const ChannelRow &row) { return !row.channel.isEnabled(); });
    makeActions();
    build();
    connectDetail();
    connectTrouble();
    connectServices();
    texts().add([this] { setTexts(); });
    m_countdown.setInterval(1000);
    connect(&m_countdown, &QTimer::timeout, this, &ChannelsPage::tick);
}

void ChannelsPage::activated()
{
    ListPage::activated();
    m_countdown.start();
}

void ChannelsPage::deactivated()
{
    ListPage::deactivated();
    m_countdown.stop();
}

QList<QWidget *> ChannelsPage::panes()
{
    QList<QWidget *> panes{header(), view(), m_detail};
    if (chips()->isVisible())
        panes.insert(1, chips());
    return panes;
}

void ChannelsPage::fetch()
{
    view()->setLoading(true);
    admin::whenDone(services().administration.statistics.channels(),
                    this,
                    [this](const base::Result<std::vector<admin::ChannelOverview>> &overviews) {
                        show(overviews);
                    });
}

void ChannelsPage::show(const base::Result<std::vector<admin::ChannelOverview>> &overviews)
{
    view()->setLoading(false);
    if (!wasRead(overviews))
        return;
    const auto catalog = services().administration.publisher.catalog();
    if (!catalog)
        return;
    const domain::LostSecrets lost = services().administration.losses.missing();
    std::vector<ChannelRow> rows;
    rows.reserve(overviews->size());
    for (const admin::ChannelOverview &overview : *overviews) {
        const domain::CatalogChannel *channel = catalog->channel(overview.channel);
        if (!channel) // removed since the question
            continue;
        rows.push_back({.channel = channel->channel,
                        .overview = overview,
                        .testing = m_testing.contains(overview.channel.value),
                        .keysLost = lost.channels.contains(overview.channel)});
        if (overview.findings)
            setFindings(rows.back().channel, *overview.findings);
        rows.back().balanceInDollars =
            catalog->exchangeRates().inDollars(rows.back().channel.balance);
    }
    header()->setCount(rows.empty() ? std::nullopt
                                    : std::optional(static_cast<qint64>(rows.size())));
    footer()->setVisible(!rows.empty());
    header()->setPrimaryEmphasised(!rows.empty());
    m_testAll->setEnabled(!rows.empty());
    const bool isEmpty = rows.empty();
    m_model->setRows(std::move(rows));
    if (isEmpty && view()->hasFocus())
        emptyState()->focusFirst();
    m_trouble->show(m_model->rows());
    showRows();
}

void ChannelsPage::selectionChanged()
{
    ListPage::selectionChanged();
    updateDetail();
}

// Once a second: what counts down, and what runs.
void ChannelsPage::tick()
{
    if (const auto shown = m_detail->isVisible() ? m_detail->channel() : std::nullopt)
        m_detail->showLoad(services().administration.statistics.healthOf(*shown).running);
    const QDateTime now = QDateTime::currentDateTime();
    const bool counts =
        std::any_of(m_model->rows().begin(), m_model->rows().end(), [&now](const ChannelRow &row) {
            return ChannelColumns::left(row, now).has_value();
        });
    if (counts)
        m_model->refreshColumn(u"status"_s);
}

QList<ChannelRow> ChannelsPage::selection() const
{
    QList<ChannelRow> rows;
    for (const QModelIndex &row : view()->selectedSourceRows())
        rows.append(m_model->row(row.row()));
    return rows;
}

QList<domain::Channel> ChannelsPage::selectedChannels() const
{
    QList<domain::Channel> channels;
    for (const QModelIndex &row : view()->selectedSourceRows())
        channels.append(m_model->row(row.row()).channel);
    return channels;
}

void ChannelsPage::updateFooter()
{
    const QList<ChannelRow> selected = selection();
    domain::Cost selectedCost;
    for (const ChannelRow &row : selected)
        selectedCost.nanoDollars += row.overview.day.cost.nanoDollars;
    domain::Cost cost;
    qint64 requests = 0;
    for (const ChannelRow &row : m_model->rows()) {
        cost.nanoDollars += row.overview.day.cost.nanoDollars;
        requests += row.overview.day.requests();
    }
    const int shown = filter()->rowCount();
    const int all = m_model->rowCount();
    if (selected.size() < 2) {
        footer()->setSelection(QString(), tr("%1 of %2 selected").arg(selected.size()).arg(shown));
    } else {
        footer()->setSelection(tr("%n selected", nullptr, static_cast<int>(selected.size())),
                               tr("%1 in 24 h").arg(Format::money(selectedCost)));
    }
    footer()->setBulkVisible(selected.size() > 1);
    footer()->setTotals(
        tr("24 h: %1, %2")
            .arg(tr("%n requests", nullptr, static_cast<int>(requests)), Format::money(cost)));
    emptyState()->setFiltered(
        all > 0 && shown == 0 ? tr("No channel matches %1.").arg(Format::quoted(field()->text()))
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

// As if the highest priority stood first, whichever way the table is sorted.
ChannelsPage::Move ChannelsPage::moveOf(const QList<int> &rows, int before) const
{
    const int count = filter()->rowCount();
    Move move{.rows = rows, .before = before};
    for (int row = 0; row < count; ++row) {
        const domain::Channel &channel = m_model->rowAt(filter()->index(row, 0))->channel;
        move.shown.push_back({.channel = channel.id, .priority = channel.priority});
    }
    move.isReversed = filter()->sortKeys().value(0).order == Qt::AscendingOrder;
    if (move.isReversed) {
        std::reverse(move.shown.begin(), move.shown.end());
        for (int &row : move.rows)
            row = count - 1 - row;
        std::reverse(move.rows.begin(), move.rows.end());
        move.before = count - before;
    }
    return move;
}

DropPlace ChannelsPage::placeOf(const QList<int> &rows, int before) const
{
    const Move move = moveOf(rows, before);
    const DropPlace place = dropPlace(move.shown, move.rows, move.before);
    const auto count = static_cast<int>(move.shown.size());
    return move.isReversed ? DropPlace{.first = count - place.last, .last = count - place.first}
                           : place;
}

void ChannelsPage::moveRows(const QList<int> &rows, int before)
{
    const Move move = moveOf(rows, before);
    if (const auto changes = reordered(move.shown, move.rows, move.before); !changes.empty())
        follow(m_commands.setPriorities(changes));
}

} // namespace gatehouse::ui
