#include "traffic/trafficpage.h"

#include "admin/administration.h"
#include "widgets/clipboard.h"
#include "widgets/emptystate.h"
#include "widgets/filterfield.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/tablefooter.h"
#include "widgets/tableview.h"
#include "widgets/uistate.h"

#include <QMenu>
#include <QScrollBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 1;
constexpr int pageSize = 200;

} // namespace

TrafficPage::TrafficPage(const Services &services, QWidget *parent)
    : Page(PageId::Traffic, services, parent)
    , m_model(new TrafficTable(
          TrafficColumns::columns(),
          [](const admin::TrafficLine &row) { return row.record.requestId; },
          this))
{
    makeActions();
    build();
    connectTable();
    texts().add([this] { setTexts(); });
    constexpr int refreshInterval = 1000;
    m_timer.setInterval(refreshInterval);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_pause->isChecked())
            return;
        fetchNewer();
        fetchRunning();
    });
    updateActions();
}

void TrafficPage::makeActions()
{
    m_pause = addPageAction({.name = "traffic.pause",
                             .icon = u"pause"_s,
                             .shortcut = QKeySequence(Qt::Key_P),
                             .text = [] { return tr("&Pause the list"); }},
                            [] {});
    m_pause->setCheckable(true);
    const auto single = [this](const ActionDescription &description, std::function<void()> run) {
        m_single.append(addPageAction(description, std::move(run)));
    };
    m_cancel = addPageAction({.name = "traffic.cancel",
                              .icon = u"square"_s,
                              .text = [] { return tr("&Cancel the request"); }},
                             [this] {
                                 services()
                                     .administration.traffic.cancel(currentLine()->record.requestId)
                                     .then(this, [this](const base::Result<> &outcome) {
                                         if (!outcome)
                                             showFailure(outcome.error());
                                     });
                             });
    addSeparatorAction();
    single({.name = "traffic.byModel", .text = [] { return tr("Only this &model"); }},
           [this] { filterBy(u"model"_s, QString::fromUtf8(currentLine()->record.model)); });
    single({.name = "traffic.byChannel", .text = [] { return tr("Only this c&hannel"); }},
           [this] { filterBy(u"channel"_s, currentLine()->channelName); });
    single({.name = "traffic.byToken", .text = [] { return tr("Only this &token"); }},
           [this] { filterBy(u"token"_s, QString::fromUtf8(currentLine()->record.tokenName)); });
    single({.name = "traffic.copyId",
            .icon = u"copy"_s,
            .text = [] { return tr("Copy request &id"); }},
           [this] { copyText(QString::fromLatin1(currentLine()->record.requestId)); });
    single({.name = "traffic.channel",
            .icon = u"waypoints"_s,
            .text = [] { return tr("&Open the channel"); }},
           [this] { emit itemRequested(PageId::Channels, currentLine()->record.channelId.value); });
    single({.name = "traffic.token",
            .icon = u"key-round"_s,
            .text = [] { return tr("Open t&he token"); }},
           [this] { emit itemRequested(PageId::Tokens, currentLine()->record.tokenId.value); });
    addSeparatorAction();
    addPageAction({.name = "traffic.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { restart(); });
}

void TrafficPage::build()
{
    m_header = new PageHeader(this);
    m_field = new FilterField(this);
    m_messages = new MessageBar(this);
    m_view = new TableView(this, Density::Log);
    m_view->setModel(m_model);
    m_view->remember(services().state, u"traffic"_s, columnsVersion);
    m_empty = new EmptyState(this);
    m_view->setEmptyState(m_empty);
    m_footer = new TableFooter(this);
    m_header->addFilter(m_field);
    m_header->addButton(m_pause);
    QMenu *overflow = m_header->overflowMenu();
    connect(overflow, &QMenu::aboutToShow, this, [this, overflow] {
        overflow->clear();
        overflow->addActions(pageActions());
    });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_messages);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_footer);
}

void TrafficPage::connectTable()
{
    m_field->setKeys(admin::TrafficService::filterKeys());
    m_field->setValues([](const QString &key) { return admin::TrafficService::filterValues(key); });
    m_field->setProblem([this](const domain::FilterTerm &term) {
        const auto problem = services().administration.traffic.problemOf({.terms = {term}});
        return problem ? problem->message : QString();
    });
    connect(m_field, &FilterField::queryChanged, this, [this](const domain::FilterQuery &query) {
        m_query = query;
        restart();
    });
    connect(m_empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(m_view, &TableView::rowSelectionChanged, this, [this] {
        updateActions();
        updateFooter();
    });
    connect(m_view, &TableView::contextMenuRequested, this, [this](QMenu *menu) {
        menu->addActions(pageActions());
    });
    // The next page is read well before the end comes into sight.
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        const QScrollBar *bar = m_view->verticalScrollBar();
        if (value >= bar->maximum() - bar->pageStep())
            fetchOlder();
    });
}

void TrafficPage::setTexts()
{
    m_header->setTitle(tr("Traffic"));
    m_field->setPlaceholderText(tr("Filter, e.g. status:error model:gpt* since:1h"));
    m_field->setAccessibleName(tr("Filter"));
    m_view->setAccessibleName(tr("Requests"));
    m_model->retranslate();
    m_empty->setIcon(u"activity"_s);
    m_empty->setTexts(tr("No requests yet"),
                      tr("Requests appear here while they are served and stay afterwards."));
    updateFooter();
}

void TrafficPage::activated()
{
    restart();
    m_timer.start();
}

void TrafficPage::deactivated()
{
    m_timer.stop();
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

void TrafficPage::restart()
{
    ++m_generation;
    m_lines.clear();
    m_next = admin::TrafficCursor{};
    m_newest = 0;
    m_isReading = false;
    fetchOlder();
    fetchRunning();
}

// A long search answers in parts: it goes on until a page is full or the ledger ends.
void TrafficPage::fetchOlder()
{
    if (m_isReading || !m_next)
        return;
    m_isReading = true;
    m_view->setLoading(true);
    services()
        .administration.traffic.page(m_query, *m_next, pageSize)
        .then(this,
              [this, generation = m_generation](const base::Result<admin::TrafficPage> &page) {
                  if (generation != m_generation)
                      return;
                  m_isReading = false;
                  m_view->setLoading(false);
                  if (!page) {
                      m_next.reset();
                      return showFailure(page.error());
                  }
                  m_messages->removeMessage(u"failure"_s);
                  m_lines.insert(m_lines.end(), page->lines.begin(), page->lines.end());
                  m_next = page->next;
                  if (m_newest == 0 && !m_lines.empty())
                      m_newest = m_lines.front().id;
                  rebuild();
                  if (m_lines.size() < pageSize)
                      fetchOlder();
              });
}

void TrafficPage::fetchNewer()
{
    if (m_isReading)
        return;
    services()
        .administration.traffic.newer(m_query, m_newest, pageSize)
        .then(this,
              [this, generation = m_generation](const base::Result<admin::TrafficNews> &news) {
                  if (generation != m_generation || !news)
                      return;
                  m_newest = qMax(m_newest, news->newest);
                  if (news->hasMore)
                      return restart(); // too many to catch up with: begin at the newest
                  if (news->lines.empty())
                      return;
                  m_lines.insert(m_lines.begin(), news->lines.begin(), news->lines.end());
                  rebuild();
              });
}

void TrafficPage::fetchRunning()
{
    services().administration.traffic.running().then(
        this, [this](const base::Result<std::vector<admin::TrafficLine>> &running) {
            if (!running || (running->empty() && m_running.empty()))
                return;
            m_running = m_query.isEmpty() ? *running : std::vector<admin::TrafficLine>();
            rebuild();
        });
}

// A request stands among those that are served or in the ledger, never in both.
void TrafficPage::rebuild()
{
    std::vector<admin::TrafficLine> rows;
    rows.reserve(m_running.size() + m_lines.size());
    QSet<QByteArray> known;
    for (const std::vector<admin::TrafficLine> *part : {&m_lines, &m_running}) {
        for (const admin::TrafficLine &line : *part) {
            if (!line.record.requestId.isEmpty() && known.contains(line.record.requestId))
                continue;
            known.insert(line.record.requestId);
            if (part == &m_running)
                rows.insert(rows.begin(), line);
            else
                rows.push_back(line);
        }
    }
    m_model->setRows(std::move(rows));
    updateActions();
    updateFooter();
}

const admin::TrafficLine *TrafficPage::currentLine() const
{
    const QModelIndex row = m_view->currentSourceRow();
    return row.isValid() ? &m_model->row(row.row()) : nullptr;
}

void TrafficPage::updateActions()
{
    const admin::TrafficLine *line = m_view ? currentLine() : nullptr;
    for (QAction *action : std::as_const(m_single))
        action->setEnabled(line != nullptr);
    m_cancel->setEnabled(line && line->running && !line->running->cancelling);
}

void TrafficPage::updateFooter()
{
    if (!m_footer)
        return;
    std::vector<admin::TrafficLine> selected;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        selected.push_back(m_model->row(row.row()));
    const admin::TrafficTotals totals = admin::totalsOf(selected);
    const int shown = m_model->rowCount();
    m_footer->setSelection(QString(),
                           selected.empty() ? tr("%n requests shown", nullptr, shown)
                                            : tr("%1 of %2 selected, %3")
                                                  .arg(selected.size())
                                                  .arg(shown)
                                                  .arg(Format::money(totals.cost, 4)));
    m_footer->setTotals(m_pause->isChecked() ? tr("paused") : tr("live"));
    m_empty->setFiltered(shown == 0 && !m_query.isEmpty()
                             ? tr("No request matches %1.").arg(Format::quoted(m_field->text()))
                             : QString());
}

void TrafficPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void TrafficPage::filterBy(const QString &key, const QString &value)
{
    m_field->setFilter(admin::trafficTerm(key, value));
}

} // namespace gatehouse::ui
