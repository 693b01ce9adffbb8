#include "channels/channelspage.h"

#include "admin/administration.h"
#include "admin/channeltester.h"
#include "admin/traffic.h"
#include "channels/channeldetail.h"
#include "channels/channeldialog.h"
#include "channels/testsheet.h"
#include "charts/heatstrip.h"
#include "theme/healthpainter.h"
#include "widgets/clipboard.h"
#include "widgets/emptystate.h"
#include "widgets/filterfield.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/splitter.h"
#include "widgets/tablefiltermodel.h"
#include "widgets/tablefooter.h"
#include "widgets/tablereorder.h"
#include "widgets/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 1;

template<typename T>
admin::Answer<> outcomeOf(admin::Answer<T> answer)
{
    return answer.then([](const base::Result<T> &result) -> base::Result<> {
        if (!result)
            return base::fail(result.error());
        return {};
    });
}

base::Result<qint64> wholeNumber(const QString &text, qint64 least)
{
    bool valid = false;
    const qint64 number = text.trimmed().toLongLong(&valid);
    constexpr qint64 most = 1'000'000;
    if (!valid || number < least || number > most) {
        return base::fail(
            base::ErrorCode::InvalidInput,
            ChannelsPage::tr("Enter a whole number from %1 to %2.").arg(least).arg(most));
    }
    return number;
}

bool isTrouble(domain::Health health)
{
    return health == domain::Health::Open || health == domain::Health::AuthenticationFailed
           || health == domain::Health::NoCredit;
}

} // namespace

ChannelsPage::ChannelsPage(const Services &services, QWidget *parent)
    : Page(PageId::Channels, services, parent)
    , m_model(new ChannelTable(
          ChannelColumns::columns(),
          [](const ChannelRow &row) { return row.channel.id.value; },
          this))
{
    m_model->setDimmed([](const ChannelRow &row) { return !row.channel.isEnabled(); });
    makeActions();
    makeEditingActions();
    build();
    connectTable();
    connectServices();
    texts().add([this] { setTexts(); });
    m_countdown.setInterval(1000);
    connect(&m_countdown, &QTimer::timeout, this, &ChannelsPage::tick);
    updateActions();
}

void ChannelsPage::makeActions()
{
    m_add = addPageAction({.name = "channels.add",
                           .icon = u"plus"_s,
                           .shortcut = QKeySequence::New,
                           .text = [] { return tr("&Add channel"); }},
                          [this] { openDialog({}); });
    const auto single = [this](const ActionDescription &description, std::function<void()> run) {
        m_single.append(addPageAction(description, std::move(run)));
    };
    single({.name = "channels.edit", .icon = u"pencil"_s, .text = [] { return tr("&Edit…"); }},
           [this] { openDialog(selection().front().channel); });
    single({.name = "channels.duplicate",
            .icon = u"copy"_s,
            .shortcut = QKeySequence(u"Ctrl+D"_s),
            .text = [] { return tr("D&uplicate"); }},
           [this] { duplicate(); });
    addSeparatorAction();
    QAction *test = addPageAction({.name = "channels.test",
                                   .icon = u"plug-zap"_s,
                                   .shortcut = QKeySequence(u"Ctrl+T"_s),
                                   .text = [] { return tr("&Test"); }},
                                  [this] { testSelection(); });
    m_several.append(test);
    m_bulk.append(test);
    m_testAll = addPageAction({.name = "channels.testAll",
                               .icon = u"plug-zap"_s,
                               .shortcut = QKeySequence(u"Ctrl+Shift+T"_s),
                               .text = [] { return tr("Test &all"); }},
                              [this] { testAll(); });
    m_several.append(addPageAction({.name = "channels.resetBreaker",
                                    .icon = u"rotate-ccw"_s,
                                    .text = [] { return tr("&Reset breaker"); }},
                                   [this] { resetBreakers(); }));
    single({.name = "channels.traffic",
            .icon = u"activity"_s,
            .text = [] { return tr("&View traffic"); }},
           [this] { viewTraffic({}); });
    single({.name = "channels.errors",
            .icon = u"triangle-alert"_s,
            .text = [] { return tr("View e&rrors"); }},
           [this] { viewTraffic(u" status:error"_s); });
    single({.name = "channels.copyUrl",
            .icon = u"link"_s,
            .text = [] { return tr("Copy &base URL"); }},
           [this] { copyText(selection().front().channel.effectiveBaseUrl()); });
}

void ChannelsPage::makeEditingActions()
{
    addSeparatorAction();
    QAction *toggled = addPageAction({.name = "channels.toggle",
                                      .icon = u"power"_s,
                                      .shortcut = QKeySequence(Qt::Key_Space),
                                      .text = [] { return tr("Enable or d&isable"); }},
                                     [this] { toggle(); });
    QAction *removed = addPageAction({.name = "channels.delete",
                                      .icon = u"trash-2"_s,
                                      .shortcut = QKeySequence::Delete,
                                      .text = [] { return tr("De&lete"); }},
                                     [this] { remove(); });
    m_several.append({toggled, removed});
    m_bulk.append({toggled, removed});
    addSeparatorAction();
    m_toggleDetail = addPageAction({.name = "channels.detail",
                                    .icon = u"panel-right"_s,
                                    .shortcut = QKeySequence(Qt::Key_F4),
                                    .text = [] { return tr("Show &details"); }},
                                   [this] { updateDetail(); });
    m_toggleDetail->setCheckable(true);
    m_toggleDetail->setChecked(services().state.value(u"channels/detail"_s, true).toBool());
    addPageAction({.name = "channels.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void ChannelsPage::build()
{
    m_header = new PageHeader(this);
    m_field = new FilterField(this);
    m_messages = new MessageBar(this);
    m_filter = new TableFilterModel(this);
    m_filter->setSourceModel(m_model);
    m_view = new TableView(this);
    m_view->setModel(m_filter);
    m_view->setItemDelegateForColumn(m_model->columnOf(u"strip"_s),
                                     new HeatStripDelegate(ChannelColumns::stripRole, m_view));
    m_view->sortBy({{.column = m_model->columnOf(u"priority"_s), .order = Qt::DescendingOrder}});
    m_view->remember(services().state, u"channels"_s, columnsVersion);
    m_empty = new EmptyState(this);
    m_view->setEmptyState(m_empty);
    m_reorder = new TableReorder(u"priority"_s, QString(), this);
    m_view->setReorder(m_reorder);
    m_footer = new TableFooter(this);
    for (QAction *action : std::as_const(m_bulk))
        m_footer->addBulkAction(action);
    m_detail = new ChannelDetail(services(), this);
    m_header->addFilter(m_field);
    m_header->addButton(m_testAll);
    m_header->addPrimary(m_add);
    m_header->addToggle(m_toggleDetail);
    QMenu *overflow = m_header->overflowMenu();
    connect(overflow, &QMenu::aboutToShow, this, [this, overflow] {
        overflow->clear();
        overflow->addActions(pageActions());
    });

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
        return commitCell(source, value);
    });
    connect(m_reorder, &TableReorder::moveRequested, this, &ChannelsPage::moveRows);
    connect(m_detail, &ChannelDetail::closeRequested, this, [this] {
        m_toggleDetail->setChecked(false);
        updateDetail();
    });
    connect(m_detail, &ChannelDetail::editRequested, this, [this] {
        if (selection().size() == 1)
            openDialog(selection().front().channel);
    });
    connect(m_detail, &ChannelDetail::testRequested, this, &ChannelsPage::testSelection);
    connect(m_detail, &ChannelDetail::trafficRequested, this, &ChannelsPage::viewTraffic);
}

void ChannelsPage::connectServices()
{
    const auto follow = [this] {
        if (isActive())
            fetch();
    };
    admin::Administration &administration = services().administration;
    connect(&administration.publisher, &admin::CatalogPublisher::catalogChanged, this, follow);
    connect(&administration.statistics, &admin::StatisticsService::changed, this, follow);
    connect(&services().tester,
            &admin::ChannelTester::runProgressed,
            this,
            [this](qint64, int done, int total) {
                emit jobChanged(tr("Testing %1 / %2").arg(done).arg(total));
            });
    connect(&services().tester,
            &admin::ChannelTester::runFinished,
            this,
            [this](const admin::ChannelTestRun &) {
                emit jobChanged({});
                if (isActive())
                    fetch();
            });
}

void ChannelsPage::setTexts()
{
    m_header->setTitle(tr("Channels"));
    m_field->setPlaceholderText(tr("Filter, e.g. status:open type:openai"));
    m_field->setAccessibleName(tr("Filter"));
    m_view->setAccessibleName(tr("Channels"));
    m_reorder->setExplanation(tr("Sort by priority to change the order by dragging."));
    m_model->retranslate();
    m_empty->setIcon(u"waypoints"_s);
    m_empty->setTexts(tr("No channels yet"),
                      tr("Add a provider key, or use a model running on this computer."));
    m_empty->setActions(m_add);
    updateFooter();
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
    m_header->setCount(static_cast<qint64>(rows.size()));
    m_header->setPrimaryEmphasised(!rows.empty());
    m_testAll->setEnabled(!rows.empty());
    m_model->setRows(std::move(rows));
    if (const qint64 wanted = std::exchange(m_wanted, 0); wanted != 0) {
        if (const int row = m_model->rowOf(wanted); row >= 0)
            m_view->selectSourceRow(row);
    }
    showTrouble();
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

// What needs a person, one message for each channel in trouble.
void ChannelsPage::showTrouble()
{
    for (const ChannelRow &row : m_model->rows()) {
        const QString id = u"channel %1"_s.arg(row.channel.id.value);
        const domain::Health health = row.overview.health;
        if (!row.channel.isEnabled() || !isTrouble(health)) {
            m_messages->removeMessage(id);
            continue;
        }
        Message message{.id = id,
                        .tone = toneOf(health),
                        .subject = row.channel.name,
                        .text = ChannelColumns::reasonText(row)};
        message.actions.push_back({tr("Show the errors"), [this, channel = row.channel.id.value] {
                                       showItem(channel);
                                       viewTraffic(u" status:error"_s);
                                   }});
        if (health == domain::Health::Open) {
            message.actions.push_back({tr("Try now"), [this, channel = row.channel.id] {
                                           services().administration.channels.resetBreaker(channel);
                                           fetch();
                                       }});
        } else {
            message.actions.push_back(
                {tr("Enter keys…"), [this, channel = row.channel] { openDialog(channel); }});
        }
        m_messages->showMessage(std::move(message));
    }
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

QList<ChannelRow> ChannelsPage::selection() const
{
    QList<ChannelRow> rows;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        rows.append(m_model->row(row.row()));
    return rows;
}

std::vector<domain::ChannelId> ChannelsPage::selectedIds() const
{
    std::vector<domain::ChannelId> ids;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        ids.push_back(m_model->row(row.row()).channel.id);
    return ids;
}

void ChannelsPage::updateActions()
{
    const qsizetype selected = m_view ? m_view->selectedSourceRows().size() : 0;
    for (QAction *action : std::as_const(m_single))
        action->setEnabled(selected == 1);
    for (QAction *action : std::as_const(m_several))
        action->setEnabled(selected > 0);
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

void ChannelsPage::openDialog(std::optional<domain::Channel> channel)
{
    auto *dialog = new ChannelDialog(services(), std::move(channel), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ChannelDialog::saved, this, [this](const domain::Channel &saved) {
        showItem(saved.id.value);
    });
    dialog->open();
}

// One is told of in the table; several run one beside the other and are told of as they end.
void ChannelsPage::testSelection()
{
    for (const ChannelRow &row : selection()) {
        const domain::ChannelId id = row.channel.id;
        m_testing.insert(id.value);
        services().tester.test(id, {}).then(
            this,
            [this, id, name = row.channel.name](
                const base::Result<admin::ChannelTestOutcome> &outcome) {
                m_testing.remove(id.value);
                const QString text =
                    outcome ? TestSheet::outcomeText(*outcome) : outcome.error().message;
                emit noticeRaised(tr("%1: %2").arg(name, text));
                m_messages->removeMessage(u"test %1"_s.arg(id.value));
                if (!outcome || !outcome->succeeded()) {
                    m_messages->showMessage({.id = u"test %1"_s.arg(id.value),
                                             .tone = Tone::Caution,
                                             .subject = name,
                                             .text = text});
                }
                if (isActive())
                    fetch();
            });
    }
    fetch();
}

void ChannelsPage::testAll()
{
    services()
        .tester.startRun(admin::TestScope::All)
        .then(this, [this](const base::Result<admin::ChannelTestStart> &start) {
            if (!start)
                return showFailure(start.error());
            openSheet(); // also of a run that was under way already
        });
}

void ChannelsPage::openSheet()
{
    if (auto *open = findChild<TestSheet *>())
        return open->raise();
    auto *sheet = new TestSheet(services(), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &TestSheet::channelRequested, this, [this](domain::ChannelId id) {
        showItem(id.value);
    });
    sheet->open();
}

admin::Answer<> ChannelsPage::push(const QString &text,
                                   std::vector<domain::ChannelId> ids,
                                   std::function<base::Result<>(domain::Channel &)> edit)
{
    admin::ChannelService &channels = services().administration.channels;
    const auto former = std::make_shared<std::vector<domain::Channel>>();
    return services().undo.push(
        {.text = text,
         .redo =
             [&channels, ids, edit, former] {
                 return channels.changeAll(ids, edit).then(
                     [former](const base::Result<std::vector<admin::ChangedChannel>> &changed)
                         -> base::Result<> {
                         if (!changed)
                             return base::fail(changed.error());
                         former->clear();
                         for (const admin::ChangedChannel &each : *changed)
                             former->push_back(each.before);
                         return {};
                     });
             },
         .undo = [&channels, former] { return outcomeOf(channels.restoreValues(*former)); }});
}

// Disables if any of them is enabled, else enables all.
void ChannelsPage::toggle()
{
    const QList<ChannelRow> selected = selection();
    const bool enable = std::none_of(selected.begin(), selected.end(), [](const ChannelRow &row) {
        return row.channel.isEnabled();
    });
    const auto count = static_cast<int>(selected.size());
    push(enable ? tr("Enabled %n channels", nullptr, count)
                : tr("Disabled %n channels", nullptr, count),
         selectedIds(),
         [enable](domain::Channel &channel) -> base::Result<> {
             channel.status =
                 enable ? domain::ChannelStatus::Enabled : domain::ChannelStatus::DisabledByHand;
             channel.statusReason.clear();
             return {};
         })
        .then(this, [this](const base::Result<> &outcome) { finish(outcome); });
}

void ChannelsPage::remove()
{
    const QList<ChannelRow> selected = selection();
    if (selected.isEmpty())
        return;
    const std::vector<domain::ChannelId> ids = selectedIds();
    admin::ChannelService &channels = services().administration.channels;
    const QString text =
        selected.size() == 1
            ? tr("Deleted %1").arg(Format::quoted(selected.front().channel.name))
            : tr("Deleted %n channels", nullptr, static_cast<int>(selected.size()));
    services()
        .undo
        .push({.text = text,
               .redo = [&channels, ids] { return channels.removeAll(ids); },
               .undo = [&channels, ids] { return channels.restore(ids); }})
        .then(this, [this](const base::Result<> &outcome) { finish(outcome); });
}

void ChannelsPage::duplicate()
{
    services()
        .administration.channels.duplicate(selection().front().channel.id)
        .then(this, [this](const base::Result<domain::Channel> &copy) {
            if (!copy)
                return showFailure(copy.error());
            emit noticeRaised(
                tr("%1 was made. It is switched off.").arg(Format::quoted(copy->name)));
            showItem(copy->id.value);
        });
}

void ChannelsPage::resetBreakers()
{
    for (const domain::ChannelId id : selectedIds())
        services().administration.channels.resetBreaker(id);
    fetch();
}

void ChannelsPage::viewTraffic(const QString &more)
{
    const QList<ChannelRow> selected = selection();
    if (selected.isEmpty())
        return;
    emit navigationRequested(
        PageId::Traffic, admin::trafficTerm(u"channel"_s, selected.front().channel.name) + more);
}

// All channels are numbered anew in steps of ten, so that there is room between them.
void ChannelsPage::moveRows(const QList<int> &rows, int before)
{
    std::vector<domain::ChannelId> moved;
    for (const int row : rows)
        moved.push_back(m_model->rowAt(m_filter->index(row, 0))->channel.id);
    std::vector<domain::ChannelId> order;
    for (int row = 0; row <= m_filter->rowCount(); ++row) {
        if (row == before)
            order.insert(order.end(), moved.begin(), moved.end());
        if (row == m_filter->rowCount())
            break;
        const domain::ChannelId id = m_model->rowAt(m_filter->index(row, 0))->channel.id;
        if (std::find(moved.begin(), moved.end(), id) == moved.end())
            order.push_back(id);
    }
    const bool descending = m_filter->sortKeys().value(0).order == Qt::DescendingOrder;
    std::vector<admin::ChannelPriority> priorities;
    constexpr qint64 step = 10;
    for (size_t i = 0; i < order.size(); ++i) {
        const auto place = static_cast<qint64>(descending ? order.size() - i : i + 1);
        priorities.push_back({.channel = order[i], .priority = place * step});
    }
    admin::ChannelService &channels = services().administration.channels;
    std::vector<admin::ChannelPriority> former;
    for (const ChannelRow &row : m_model->rows())
        former.push_back({.channel = row.channel.id, .priority = row.channel.priority});
    services()
        .undo
        .push({.text = tr("Changed the order of channels"),
               .redo = [&channels,
                        priorities] { return outcomeOf(channels.setPriorities(priorities)); },
               .undo = [&channels, former] { return outcomeOf(channels.setPriorities(former)); }})
        .then(this, [this](const base::Result<> &outcome) { finish(outcome); });
}

admin::Answer<> ChannelsPage::commitCell(const QModelIndex &source, const QVariant &value)
{
    const domain::Channel channel = m_model->row(source.row()).channel;
    const QString key = m_model->traits(source.column()).key;
    const QString text = tr("Changed %1").arg(Format::quoted(channel.name));
    if (key == u"enabled"_s) {
        const bool enabled = value.toBool();
        return push(text, {channel.id}, [enabled](domain::Channel &stored) -> base::Result<> {
            stored.status =
                enabled ? domain::ChannelStatus::Enabled : domain::ChannelStatus::DisabledByHand;
            stored.statusReason.clear();
            return {};
        });
    }
    if (key == u"name"_s) {
        const QString name = value.toString().trimmed();
        if (name.isEmpty()) {
            return admin::refused<void>(base::ErrorCode::InvalidInput,
                                        tr("A channel needs a name."));
        }
        return push(text, {channel.id}, [name](domain::Channel &stored) -> base::Result<> {
            stored.name = name;
            return {};
        });
    }
    const bool isWeight = key == u"weight"_s;
    const base::Result<qint64> number = wholeNumber(value.toString(), isWeight ? 1 : -1'000'000);
    if (!number)
        return admin::refused<void>(number.error());
    return push(text,
                {channel.id},
                [number = *number, isWeight](domain::Channel &stored) -> base::Result<> {
                    if (isWeight)
                        stored.weight = static_cast<int>(number);
                    else
                        stored.priority = number;
                    return {};
                });
}

} // namespace gatehouse::ui
