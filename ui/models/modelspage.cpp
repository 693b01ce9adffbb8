#include "models/modelspage.h"

#include "admin/administration.h"
#include "domain/filterquery.h"
#include "models/recalculationdialog.h"
#include "models/routedialog.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/table/filterchips.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int modelColumnsVersion = 2;
constexpr int priceColumnsVersion = 2;
constexpr std::chrono::seconds refreshInterval{30};

std::optional<domain::TokenPrices> dollarsOf(const domain::ModelPrice &price,
                                             const domain::Catalog *catalog)
{
    if (!catalog || price.isInDollars())
        return std::nullopt;
    const auto dollars = catalog->exchangeRates().inDollars(price);
    return dollars ? std::optional(dollars->tokens) : std::nullopt;
}

} // namespace

ModelsPage::ModelsPage(const Services &services, QWidget *parent)
    : Page(PageId::Models, services, parent)
    , m_models(new ServedModelTable(
          ModelColumns::models(), [](const admin::ServedModel &row) { return row.model; }, this))
    , m_prices(new PriceTable(
          ModelColumns::prices([this](domain::ChannelId id) { return channelName(id); }),
          [](const PriceRow &row) { return row.key(); },
          this))
    , m_field(new FilterField(this))
    , m_chips(new FilterChips(services, u"models"_s, m_field, this))
    , m_messages(new MessageBar(this))
{
    m_models->setDimmed([](const admin::ServedModel &row) { return !row.isServed; });
    makeActions();
    build();
    texts().add([this] { setTexts(); });
    connect(&this->services().administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            [this] {
                if (isActive())
                    fetch();
            });
    m_refresh.setInterval(refreshInterval);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (present().filter->rowCount() > 0) // an empty list would flicker
            fetch();
    });
    showTab(this->services().state.value(u"models/tab"_s, 0).toInt());
}

void ModelsPage::makeActions()
{
    m_explain = addPageAction({.name = "models.explain",
                               .icon = u"route"_s,
                               .shortcut = QKeySequence(u"Ctrl+R"_s),
                               .text = [] { return tr("&Explain route…"); }},
                              [this] { explainPresent(); });
    m_traffic = addPageAction({.name = "models.traffic",
                               .icon = u"activity"_s,
                               .text = [] { return tr("View &traffic"); }},
                              [this] { viewTraffic(); });
    m_routing = addPageAction(
        {.name = "models.routing", .icon = u"split"_s, .text = [] { return tr("Rout&ing…"); }},
        [this] { chooseRouting(); });
    addSeparatorAction();
    m_addPrice = addPageAction({.name = "models.addPrice",
                                .icon = u"plus"_s,
                                .shortcut = QKeySequence::New,
                                .text = [] { return tr("Add &price…"); }},
                               [this] { addPrice(); });
    m_setPrice = addPageAction({.name = "models.setPrice",
                                .icon = u"dollar-sign"_s,
                                .text = [] { return tr("Set t&he price…"); }},
                               [this] { setPrice(); });
    m_edit = addPageAction({.name = "models.channelPrice",
                            .icon = u"pencil"_s,
                            .text = [] { return tr("Own price for a &channel…"); }},
                           [this] { setChannelPrice(); });
    m_reset = addPageAction({.name = "models.resetPrice",
                             .icon = u"rotate-ccw"_s,
                             .text = [] { return tr("&Back to the built-in price"); }},
                            [this] { resetPrices(); });
    m_remove = addPageAction({.name = "models.removePrice",
                              .icon = u"trash-2"_s,
                              .text = [] { return tr("Re&move the price of another date"); }},
                             [this] { removePrices(); });
    m_recalculate = addPageAction({.name = "models.recalculate",
                                   .icon = u"refresh-cw"_s,
                                   .text = [] { return tr("&Recalculate cost for a range…"); }},
                                  [this] {
                                      auto *dialog =
                                          new RecalculationDialog(this->services(), this);
                                      dialog->setAttribute(Qt::WA_DeleteOnClose);
                                      dialog->open();
                                  });
    m_chips->actions().addTo(
        "models", [this](const ActionDescription &description, std::function<void()> run) {
            return addPageAction(description, std::move(run));
        });
    auto *exporter = new TableExporter(this, m_messages);
    connect(exporter, &TableExporter::failed, this, &ModelsPage::showFailure);
    connect(exporter, &TableExporter::finished, this, [this](const QString &path, int rows) {
        emit noticeRaised(
            [path, rows] { return tr("Exported %n rows to %1", nullptr, rows).arg(path); });
    });
    connect(exporter, &TableExporter::cancelled, this, [this] {
        emit noticeRaised([] { return tr("The export was cancelled."); });
    });
    connect(
        exporter, &TableExporter::jobChanged, this, [this](const QString &text) { setJob(text); });
    addPageAction({.name = "models.exportList",
                   .icon = u"download"_s,
                   .shortcut = QKeySequence(u"Ctrl+E"_s),
                   .text = [] { return tr("Exp&ort this list…"); }},
                  [this, exporter] {
                      const bool onPrices = m_stack->currentIndex() == 1;
                      exporter->ask(present().view, onPrices ? u"prices"_s : u"models"_s);
                  });
    addPageAction({.name = "models.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void ModelsPage::build()
{
    m_header = new PageHeader(this);
    m_tabs = new QTabBar(this);
    m_stack = new QStackedWidget(this);
    m_footer = new TableFooter(this);
    m_modelTab = makeTab(m_models, u"models"_s, modelColumnsVersion);
    m_priceTab = makeTab(m_prices, u"prices"_s, priceColumnsVersion);
    m_tabs->addTab(QString());
    m_tabs->addTab(QString());
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(true);
    m_tabs->setExpanding(false);
    m_header->addFilter(m_field);
    m_header->addButton(m_addPrice);
    m_header->addButton(m_explain);
    m_header->setOverflow([this] { return pageActions(); });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_messages);
    layout->addWidget(m_tabs);
    layout->addWidget(m_chips);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_footer);

    connect(m_messages, &MessageBar::dismissed, this, [this](const QString &id) {
        if (id == u"unpriced")
            m_dismissedUnpriced = m_unpriced;
    });
    connect(m_tabs, &QTabBar::currentChanged, this, &ModelsPage::showTab);
    connect(m_field, &FilterField::queryChanged, this, [this](const domain::FilterQuery &query) {
        present().filter->setQuery(query);
        present().filterText = m_field->text();
        updateFooter();
    });
    auto *remove =
        new QShortcut(QKeySequence::Delete, m_priceTab.view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, [this] {
        // Those of all dates go with the price in force.
        (m_reset->isEnabled() ? m_reset : m_remove)->trigger();
    });
    m_priceTab.view->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return commitPrice(source, value);
    });
}

ModelsPage::Tab ModelsPage::makeTab(TableModelBase *model, const QString &key, int columnsVersion)
{
    Tab tab{.model = model,
            .filter = new TableFilterModel(this),
            .view = new TableView(this),
            .empty = new EmptyState(this),
            .table = key};
    tab.filter->setSourceModel(model);
    tab.view->setModel(tab.filter);
    tab.view->setObjectName(key);
    tab.view->remember(services().state, key, columnsVersion);
    tab.view->setEmptyState(tab.empty);
    m_stack->addWidget(tab.view);
    connectTab(tab);
    return tab;
}

void ModelsPage::connectTab(const Tab &tab)
{
    connect(tab.view, &TableView::rowSelectionChanged, this, [this] {
        updateActions();
        updateFooter();
    });
    connect(tab.view, &TableView::contextMenuRequested, this, &ModelsPage::fillContextMenu);
    connect(tab.view, &TableView::rowActivated, this, [this](const QModelIndex &) {
        if (m_stack->currentIndex() == 0)
            explainPresent();
        else
            setPrice();
    });
    connect(tab.view, &TableView::commitFailed, this, &ModelsPage::showFailure);
    connect(tab.empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(tab.filter, &QAbstractItemModel::modelReset, this, &ModelsPage::updateFooter);
    connect(tab.filter, &QAbstractItemModel::rowsInserted, this, &ModelsPage::updateFooter);
    connect(tab.filter, &QAbstractItemModel::rowsRemoved, this, &ModelsPage::updateFooter);
}

void ModelsPage::setTexts()
{
    m_tabs->setTabText(0, tr("Models"));
    m_tabs->setTabText(1, tr("Prices"));
    m_tabs->setAccessibleName(tr("Models or prices"));
    m_field->setPlaceholderText(tr("Filter, e.g. channel:openai model:gpt*"));
    m_field->setAccessibleName(tr("Filter"));
    m_models->retranslate();
    m_prices->retranslate();
    m_modelTab.view->setAccessibleName(tr("Models"));
    m_priceTab.view->setAccessibleName(tr("Prices in dollars for a million tokens"));
    m_modelTab.empty->setIcon(u"boxes"_s);
    m_modelTab.empty->setTexts(tr("No models yet"),
                               tr("Models appear here as soon as a channel offers them."));
    m_priceTab.empty->setIcon(u"dollar-sign"_s);
    m_priceTab.empty->setTexts(tr("No prices yet"),
                               tr("Prices appear here for the models that channels offer."));
    showTitle();
    updateFooter();
}

void ModelsPage::showTitle()
{
    m_header->setTitle(m_tabs->tabText(m_stack->currentIndex()));
}

void ModelsPage::showTab(int index)
{
    const int shown = qBound(0, index, m_stack->count() - 1);
    m_stack->setCurrentIndex(shown);
    m_tabs->setCurrentIndex(shown);
    showTitle();
    services().state.setValue(u"models/tab"_s, shown);
    const Tab &tab = present();
    setFocusProxy(tab.view);
    m_field->setKeys(tab.filter->keys());
    m_field->setProblem(
        [filter = tab.filter](const domain::FilterTerm &term) { return filter->problem(term); });
    m_field->setValues([filter = tab.filter](const QString &key) { return filter->values(key); });
    m_chips->setTable(tab.table);
    m_field->setFilter(tab.filterText);
    updateActions();
    updateFooter();
}

ModelsPage::Tab &ModelsPage::present()
{
    return m_stack->currentIndex() == 0 ? m_modelTab : m_priceTab;
}

void ModelsPage::setFilter(const QString &text)
{
    // "source:"... belong to prices, all else to models.
    const bool ofPrices = text.contains(u"source:"_s);
    showTab(ofPrices ? 1 : 0);
    m_field->setFilter(text);
}

void ModelsPage::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void ModelsPage::activated()
{
    m_refresh.start();
    fetch();
}

void ModelsPage::deactivated()
{
    m_refresh.stop();
    m_modelTab.view->setLoading(false);
    m_priceTab.view->setLoading(false);
}

void ModelsPage::fetch()
{
    m_modelTab.view->setLoading(true);
    services().administration.routes.servedModels().then(
        this, [this](const base::Result<std::vector<admin::ServedModel>> &models) {
            showModels(models);
        });
    fetchPrices();
}

void ModelsPage::showModels(const base::Result<std::vector<admin::ServedModel>> &models)
{
    m_modelTab.view->setLoading(false);
    if (!wasRead(u"models"_s, models ? std::nullopt : std::optional(models.error())))
        return;
    m_modelTab.isRead = true;
    m_models->setRows(*models);
    updateActions();
    updateFooter();
}

void ModelsPage::fetchPrices()
{
    m_priceTab.view->setLoading(true);
    admin::PriceService &prices = services().administration.prices;
    prices.all().then(
        this, [this, &prices](const base::Result<std::vector<admin::PriceListing>> &listed) {
            prices.unpriced().then(
                this,
                [this, listed](const base::Result<std::vector<admin::UnpricedModel>> &unpriced) {
                    showPrices(listed, unpriced);
                });
        });
}

// Those that have no price of the model; empty: no other channel offers it.
std::vector<domain::ChannelId> ModelsPage::lackingChannels(const admin::UnpricedModel &model) const
{
    const auto catalog = services().administration.publisher.catalog();
    if (!catalog)
        return {};
    std::vector<domain::ChannelId> lacking;
    bool hasOthers = false;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        const bool offersIt =
            std::any_of(channel.models.begin(), channel.models.end(), [&](const QString &name) {
                return channel.providerModel(name).toUtf8() == model.model;
            });
        if (offersIt && model.channels.contains(channel.name))
            lacking.push_back(channel.id);
        else
            hasOthers = hasOthers || offersIt;
    }
    return hasOthers ? lacking : std::vector<domain::ChannelId>();
}

void ModelsPage::showPrices(const base::Result<std::vector<admin::PriceListing>> &listed,
                            const base::Result<std::vector<admin::UnpricedModel>> &unpriced)
{
    m_priceTab.view->setLoading(false);
    const bool arePrices =
        wasRead(u"prices"_s, listed ? std::nullopt : std::optional(listed.error()));
    const bool areUnpriced =
        wasRead(u"unpricedList"_s, unpriced ? std::nullopt : std::optional(unpriced.error()));
    if (!arePrices || !areUnpriced)
        return;
    const auto catalog = services().administration.publisher.catalog();
    std::vector<PriceRow> rows;
    for (const admin::PriceListing &each : *listed) {
        rows.push_back({.price = each.price,
                        .state = each.state,
                        .lacksRate = each.lacksRate,
                        .dollars = dollarsOf(each.price, catalog.get()),
                        .channels = each.channels,
                        .channelIds = each.channelIds});
    }
    m_unpriced = 0;
    std::vector<PriceRow> unpricedRows;
    for (const admin::UnpricedModel &each : *unpriced) {
        m_unpriced += each.requests > 0 ? 1 : 0;
        PriceRow row{.price = {.model = each.model},
                     .channels = each.channels,
                     .channelIds = lackingChannels(each),
                     .unpriced = true,
                     .requests = each.requests};
        // A price without a rate stands for itself.
        const auto same = std::find_if(rows.begin(), rows.end(), [&row](const PriceRow &other) {
            return other.lacksRate && other.key() == row.key();
        });
        if (same == rows.end())
            unpricedRows.push_back(std::move(row));
        else
            same->requests = each.requests;
    }
    rows.insert(rows.begin(),
                std::make_move_iterator(unpricedRows.begin()),
                std::make_move_iterator(unpricedRows.end()));
    m_priceTab.isRead = true;
    m_prices->setRows(std::move(rows));
    // Told anew once there are more than the person has dismissed.
    m_dismissedUnpriced = std::min(m_dismissedUnpriced, m_unpriced);
    if (m_unpriced == m_dismissedUnpriced) {
        m_messages->removeMessage(u"unpriced"_s);
    } else {
        m_messages->showMessage(
            {.id = u"unpriced"_s,
             .tone = Tone::Caution,
             .subject =
                 [unpriced = static_cast<int>(m_unpriced)] {
                     return tr("%n models are used without a price.", nullptr, unpriced);
                 },
             .text =
                 [one = m_unpriced == 1] {
                     return one ? tr("Its requests are counted as free.")
                                : tr("Their requests are counted as free.");
                 },
             .actions = {{[] { return tr("Show them"); },
                          [this] { setFilter(u"source:\"no price\""_s); }}},
             .lasting = true});
    }
    updateActions(); // the selected rows may have become others
    updateFooter();
}

// What could not be read is told until it can be.
bool ModelsPage::wasRead(const QString &place, const std::optional<base::Error> &failure)
{
    if (failure) {
        m_messages->showMessage({.id = place, .tone = Tone::Failure, .text = failure->message});
    } else {
        m_messages->removeMessage(place);
    }
    return !failure;
}

void ModelsPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void ModelsPage::updateFooter()
{
    if (!m_footer || !m_priceTab.view)
        return;
    const Tab &tab = present();
    const int shown = tab.filter->rowCount();
    const int all = tab.model->rowCount();
    m_header->setCount(tab.isRead ? std::optional<qint64>(all) : std::nullopt);
    const auto selected = static_cast<int>(tab.view->selectedSourceRows().size());
    m_footer->setSelection(tr("%1 of %2 selected").arg(selected).arg(shown));
    m_footer->setTotals(shown == all ? QString() : tr("%1 of %2 shown").arg(shown).arg(all));
    tab.empty->setFiltered(all > 0 && shown == 0
                               ? tr("Nothing matches %1.").arg(Format::quoted(m_field->text()))
                               : QString());
}

void ModelsPage::updateActions()
{
    if (!m_priceTab.view)
        return;
    const bool onPrices = m_stack->currentIndex() == 1;
    const bool any = present().view->currentSourceRow().isValid();
    m_traffic->setEnabled(any);
    m_routing->setEnabled(!onPrices && any);
    m_routing->setVisible(!onPrices);
    m_addPrice->setEnabled(onPrices);
    m_addPrice->setVisible(onPrices);
    m_setPrice->setEnabled(onPrices && any);
    m_edit->setEnabled(onPrices && any);
    bool edited = false;
    bool ofOtherDates = false;
    for (const QModelIndex &row : m_priceTab.view->selectedSourceRows()) {
        const PriceRow *price = m_prices->rowAt(row);
        edited |= price && price->isEdited() && price->isInForce();
        ofOtherDates |= price && !price->isInForce();
    }
    m_remove->setEnabled(onPrices && ofOtherDates);
    m_reset->setEnabled(onPrices && edited);
}

void ModelsPage::fillContextMenu(QMenu *menu)
{
    menu->addAction(m_explain);
    menu->addAction(m_traffic);
    if (m_stack->currentIndex() == 0) {
        menu->addAction(m_routing);
        return;
    }
    menu->addSeparator();
    menu->addAction(m_addPrice);
    menu->addAction(m_setPrice);
    menu->addAction(m_edit);
    menu->addAction(m_reset);
    menu->addAction(m_remove);
}

QString ModelsPage::channelName(domain::ChannelId id) const
{
    const auto catalog = services().administration.publisher.catalog();
    const domain::CatalogChannel *found = catalog ? catalog->channel(id) : nullptr;
    return found ? found->channel.name : tr("channel %1").arg(id.value);
}

QString ModelsPage::presentModel() const
{
    const bool onPrices = m_stack->currentIndex() == 1;
    const QModelIndex row = (onPrices ? m_priceTab : m_modelTab).view->currentSourceRow();
    if (!row.isValid())
        return {};
    return QString::fromUtf8(onPrices ? m_prices->row(row.row()).price.model
                                      : m_models->row(row.row()).model);
}

void ModelsPage::explainPresent()
{
    explainRoute(presentModel(), 0, {});
}

void ModelsPage::explainRoute(const QString &model, qint64 token, const QString &session)
{
    auto *dialog = new RouteDialog(services(), model, this);
    dialog->setToken({token}, session);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RouteDialog::channelRequested, this, [this](domain::ChannelId id) {
        emit itemRequested(PageId::Channels, id.value);
    });
    dialog->open();
}

void ModelsPage::viewTraffic()
{
    emit navigationRequested(PageId::Traffic,
                             domain::exactTerm(u"model"_s, presentModel()) + u" since:24h"_s);
}

} // namespace gatehouse::ui
