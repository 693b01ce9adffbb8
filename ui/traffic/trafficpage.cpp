#include "traffic/trafficpage.h"

#include "admin/administration.h"
#include "inspector/inspector.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "traffic/capturechoice.h"
#include "traffic/filterbar.h"
#include "traffic/rangechoice.h"
#include "traffic/trafficbookmarks.h"
#include "traffic/trafficdelegate.h"
#include "traffic/trafficexporter.h"
#include "traffic/trafficfilters.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/splitter.h"
#include "widgets/table/filteractions.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QItemSelectionModel>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView filterKey("traffic/filter");
constexpr int reviewDelay = 700; // milliseconds after the last key

} // namespace

TrafficPage::TrafficPage(const Services &services, QWidget *parent)
    : Page(PageId::Traffic, services, parent)
    , m_model(new TrafficModel(this))
    , m_feed(new TrafficFeed(services.administration.traffic, *m_model, this))
    , m_filters(new SavedFilters(services.state, u"traffic"_s, TrafficFilters::kind(), this))
    , m_filterActions(new FilterActions(*m_filters, services.undo, this))
    , m_bookmarks(new TrafficBookmarks(services, this))
    , m_exporter(new TrafficExporter(services.administration.traffic, this))
{
    makeActions();
    build();
    connectFilter();
    connectList();
    connectInspector();
    connectExporter();
    texts().add([this] { setTexts(); });
    m_feed->setGrouping(m_bar->grouping());
    m_field->setFilter(services.state.value(filterKey, u"since:24h"_s).toString());
    filterChanged(m_field->query());
    placeInspector();
    updateActions();
}

// What is closed and let go of tells of it, and must not reach what is gone already.
TrafficPage::~TrafficPage()
{
    m_view->removeEventFilter(this);
    const auto parts = findChildren<QObject *>();
    for (QObject *part : parts)
        part->disconnect(this);
}

void TrafficPage::build()
{
    buildHeader();
    buildList();
    m_inspector = new Inspector(services(), this);
    m_inspector->hide();
    m_inspector->addTool(m_bookmark);
    m_inspector->addTool(m_place);
    auto *list = new QWidget(this);
    auto *listLayout = new QVBoxLayout(list);
    listLayout->setContentsMargins(0, 0, 0, 0);
    listLayout->setSpacing(0);
    listLayout->addWidget(m_view, 1);
    listLayout->addWidget(m_footer);
    m_splitter = new Splitter(Qt::Vertical, this);
    m_splitter->addWidget(list);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_bar);
    layout->addWidget(m_messages);
    layout->addWidget(m_splitter, 1);
}

void TrafficPage::buildHeader()
{
    m_header = new PageHeader(this);
    m_field = new FilterField(m_header);
    m_range = new RangeChoice(m_header);
    m_capture = new CaptureChoice(services(), m_header);
    m_bar = new FilterBar(services(), *m_filters, this);
    m_messages = new MessageBar(this);
    m_messages->setObjectName(u"trafficMessages"_s);
    auto *exports = new QPushButton(m_header);
    auto *menu = new QMenu(exports);
    menu->addActions(m_exports);
    exports->setMenu(menu);
    texts().add([exports] {
        exports->setText(tr("Export"));
        exports->setAccessibleName(tr("Export"));
    });
    m_header->addFilter(m_field);
    m_header->addWidget(m_range);
    m_header->addButton(m_pause);
    m_header->addWidget(m_capture);
    m_header->addWidget(exports);
    m_header->setOverflow([this] { return pageActions(); });
}

void TrafficPage::buildList()
{
    m_view = new TableView(this, Density::Log);
    m_view->setObjectName(u"trafficList"_s);
    m_view->setItemDelegate(new TrafficDelegate(m_view));
    m_view->setModel(m_model);
    m_view->installEventFilter(this);
    m_empty = new EmptyState(this);
    m_view->setEmptyState(m_empty);
    m_footer = new TableFooter(this);
    m_pill = new QPushButton(m_view);
    setSmall(m_pill);
    m_pill->hide();
    connect(m_pill, &QPushButton::clicked, this, [this] {
        m_view->verticalScrollBar()->setValue(0);
        m_view->setFocus();
    });
}

void TrafficPage::connectFilter()
{
    m_field->setKeys(admin::TrafficService::filterKeys());
    m_field->setValues([this](const QString &key) { return completions(key); });
    m_field->setProblem([this](const domain::FilterTerm &term) {
        const auto problem = services().administration.traffic.problemOf({.terms = {term}});
        return problem ? problem->message.translated() : QString();
    });
    m_reviewTimer.setSingleShot(true);
    m_reviewTimer.setInterval(reviewDelay);
    connect(&m_reviewTimer, &QTimer::timeout, this, &TrafficPage::reviewFilter);
    connect(m_field, &QLineEdit::textChanged, &m_reviewTimer, qOverload<>(&QTimer::start));
    connect(m_field, &FilterField::queryChanged, this, &TrafficPage::filterChanged);
    connect(m_field, &FilterField::left, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_range, &RangeChoice::filterChosen, m_field, &FilterField::setFilter);
    connect(m_empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(m_bar, &FilterBar::filterChosen, this, [this](const QString &filter) {
        const QString times = timesOfFilter(m_field->text());
        m_field->setFilter(
            QString(filter % (filter.isEmpty() || times.isEmpty() ? u"" : u" ") % times));
    });
    connect(m_bar, &FilterBar::groupingChosen, this, [this] {
        m_feed->setGrouping(m_bar->grouping());
        m_beginsAtTop = true; // a place in the list means nothing among other rows
        if (isActive())
            m_feed->restart();
    });
    connect(m_bar, &FilterBar::renameRequested, m_filterActions, &FilterActions::rename);
    connect(m_bar, &FilterBar::removalRequested, m_filterActions, &FilterActions::remove);
    connect(m_messages, &MessageBar::dismissed, this, [this](const QString &id) {
        if (id == u"forget")
            m_view->setFocus();
    });
    connect(m_capture, &CaptureChoice::failed, this, &TrafficPage::showFailure);
    connect(m_capture, &CaptureChoice::allChosen, this, [this](int former) {
        m_messages->showMessage(
            {.id = u"capture"_s,
             .tone = Tone::Caution,
             .subject = [] { return tr("What people write is kept from now on."); },
             .text =
                 [] { return tr("Tell those who use this gateway, where the law asks for it."); },
             .actions = {{[] { return tr("Undo"); },
                          [this, former] {
                              m_capture->choose(former);
                              m_messages->removeMessage(u"capture"_s);
                          }}}});
    });
}

void TrafficPage::connectList()
{
    connect(m_feed, &TrafficFeed::loadingChanged, this, [this](bool loading) {
        m_view->setLoading(loading);
        updateEmptyState();
    });
    connect(m_feed, &TrafficFeed::failed, this, &TrafficPage::showFailure);
    connect(
        m_feed, &TrafficFeed::succeeded, this, [this] { m_messages->removeMessage(u"failure"_s); });
    connect(m_feed, &TrafficFeed::totalsChanged, this, [this] {
        updateFooter();
        // A view that was cleared leaves out what the filter lets through.
        if (const auto &totals = m_feed->totals(); totals && !m_feed->isCleared())
            m_bar->setCount(domain::filterText(m_feed->query()),
                            {.requests = totals->requests, .isWhole = totals->isWhole});
    });
    connect(m_feed, &TrafficFeed::newerCame, this, [this](int requests) {
        m_newAbove += isAtTop() ? 0 : requests;
        updatePill();
    });
    connect(m_feed, &TrafficFeed::restarted, this, [this] {
        m_newAbove = 0;
        updatePill();
        selectRow(m_chosen.isEmpty() ? -1 : m_model->rowOf(m_chosen));
        if (std::exchange(m_beginsAtTop, false))
            m_view->scrollToTop();
        updateEmptyState();
        updateActions();
        updateFooter();
        lookSoon();
    });
    m_lookTimer.setSingleShot(true);
    m_lookTimer.setInterval(0);
    connect(&m_lookTimer, &QTimer::timeout, this, [this] {
        const int first = qMax(0, m_view->rowAt(0));
        const int last = m_view->rowAt(m_view->viewport()->height() - 1);
        m_feed->look(first, last >= 0 ? last : m_model->rowCount() - 1);
    });
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        m_newAbove = isAtTop() ? 0 : m_newAbove;
        m_feed->setAtTop(isAtTop());
        updatePill();
        lookSoon();
    });
    connect(m_view->verticalScrollBar(), &QScrollBar::rangeChanged, this, &TrafficPage::lookSoon);
    connect(m_model,
            &QAbstractItemModel::rowsInserted,
            this,
            [this](const QModelIndex &, int first, int last) {
                keepPlace(first, last - first + 1);
                updateEmptyState();
            });
    connect(
        m_model,
        &QAbstractItemModel::rowsAboutToBeRemoved,
        this,
        [this](const QModelIndex &, int first, int last) { keepPlace(first, first - last - 1); });
    connect(m_model,
            &QAbstractItemModel::dataChanged,
            this,
            [this](const QModelIndex &first, const QModelIndex &last) {
                const int row = m_view->currentIndex().row();
                if (row >= first.row() && row <= last.row()) {
                    updateActions();
                    updateInspector();
                }
                const QItemSelection selection = m_view->selectionModel()->selection();
                if (std::any_of(selection.begin(), selection.end(), [&](const auto &range) {
                        return range.top() <= last.row() && range.bottom() >= first.row();
                    }))
                    updateFooter(); // it has the selection's sum
            });
    connect(m_view, &TableView::rowSelectionChanged, this, [this] {
        withdrawQuestion();
        updateActions();
        updateFooter();
        updateInspector();
    });
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        if (m_model->groupAt(source.row()))
            toggleGroup(source.row());
        else
            openInspector();
    });
    connect(m_view, &QTableView::clicked, this, [this](const QModelIndex &index) {
        const int x = m_view->viewport()->mapFromGlobal(QCursor::pos()).x();
        if (m_model->groupAt(index.row()) && x < Theme::px(24))
            toggleGroup(index.row());
    });
    connect(m_view, &TableView::contextMenuRequested, this, &TrafficPage::fillContextMenu);
    connect(m_bookmarks, &TrafficBookmarks::failed, this, &TrafficPage::showFailure);
    connect(&services().administration.bookmarks,
            &admin::BookmarkService::changed,
            this,
            &TrafficPage::bookmarksChanged);
    connect(&services().administration.prices, // of which costs are made
            &admin::PriceService::recalculationEnded,
            this,
            &TrafficPage::readAnew);
    connect(
        &services().administration.captures, &admin::CaptureService::allForgotten, this, [this] {
            m_model->setForgotten([](const admin::TrafficLine &) { return true; });
            showCurrentAnew();
            readAnew();
        });
}

void TrafficPage::setTexts()
{
    m_header->setTitle(tr("Traffic"));
    m_field->setPlaceholderText(tr("Filter, e.g. status:error model:gpt* cost:>0.01"));
    m_field->setAccessibleName(tr("Filter"));
    m_field->setHelp(
        tr("channel: is where a request ended, tried: any channel that had an attempt of "
           "it. Both take a name or a number such as #3."));
    m_view->setAccessibleName(tr("Requests"));
    m_model->setTexts();
    m_empty->setIcon(u"activity"_s);
    m_empty->setTexts(tr("No requests yet"),
                      tr("Requests appear here while they are served and stay afterwards."));
    updatePill();
    updateFooter();
    updateEmptyState();
}

void TrafficPage::activated()
{
    // Who comes back finds the place, the selection and a pause as they were left.
    if (m_feed->needsRestart())
        m_feed->restart();
    m_bar->setActive(true);
    updateLive();
}

void TrafficPage::deactivated()
{
    m_bar->setActive(false);
    updateLive();
}

void TrafficPage::updateLive()
{
    m_feed->setLive(isActive() && !m_pause->isChecked());
    updateFooter();
}

void TrafficPage::setFilter(const QString &text)
{
    m_field->setFilter(text);
}

void TrafficPage::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

QList<QWidget *> TrafficPage::panes()
{
    QList<QWidget *> panes{m_header, m_bar, m_view};
    if (m_inspector->isVisible())
        panes.append(m_inspector);
    return panes;
}

void TrafficPage::filterChanged(const domain::FilterQuery &query)
{
    const QString text = domain::filterText(query);
    m_messages->removeMessage(u"forget"_s); // it was asked about other rows
    services().state.setValue(filterKey, text);
    m_range->setFilter(text);
    m_bar->setFilter(text);
    m_filterActions->setFilter(text);
    m_feed->setQuery(query);
    if (isActive())
        m_feed->restart();
    updateActions();
}

void TrafficPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void TrafficPage::finish(const base::Result<> &outcome)
{
    if (!outcome)
        showFailure(outcome.error());
}

} // namespace gatehouse::ui
