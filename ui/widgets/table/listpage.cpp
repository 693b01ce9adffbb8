#include "widgets/table/listpage.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "widgets/dialogs/bulkform.h"
#include "widgets/emptystate.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/splitter.h"
#include "widgets/table/filterchips.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tableview.h"

#include <QAction>
#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr std::chrono::seconds refreshInterval{30};

QByteArray nameOf(PageId id)
{
    switch (id) {
    case PageId::Channels:
        return "channels";
    case PageId::Tokens:
        return "tokens";
    case PageId::Users:
        return "users";
    case PageId::Dashboard:
    case PageId::Traffic:
    case PageId::Models:
    case PageId::Settings:
        break; // are no single list
    }
    Q_ASSERT(false);
    return "list";
}

} // namespace

ListPage::ListPage(PageId id, const Services &services, QWidget *parent)
    : Page(id, services, parent)
    , m_header(new PageHeader(this))
    , m_field(new FilterField(this))
    , m_name(nameOf(id))
    , m_chips(new FilterChips(services, QString::fromLatin1(m_name), m_field, this))
    , m_messages(new MessageBar(this))
    , m_filter(new TableFilterModel(this))
    , m_list(new QWidget(this))
    , m_view(new TableView(m_list))
    , m_empty(new EmptyState(m_view))
    , m_footer(new TableFooter(m_list))
    , m_refresh(new QTimer(this))
{
    m_refresh->setObjectName(u"refresh"_s);
    m_refresh->setInterval(refreshInterval);
    connect(m_refresh, &QTimer::timeout, this, &ListPage::refresh);
    setFocusProxy(m_view);
    m_view->setEmptyState(m_empty);
    m_header->addFilter(m_field);
    m_header->setOverflow([this] { return pageActions(); });
    auto *layout = new QVBoxLayout(m_list);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_footer);
    admin::Administration &administration = this->services().administration;
    connect(&administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &ListPage::fetchIfActive);
    connect(&administration.statistics,
            &admin::StatisticsService::changed,
            this,
            &ListPage::fetchIfActive);
}

// The parts end after the page has: nothing that they say then may reach it.
ListPage::~ListPage()
{
    for (QObject *part : std::initializer_list<QObject *>{m_field, m_view, m_empty})
        part->disconnect(this);
}

void ListPage::connectTable()
{
    m_field->setProblem([this](const domain::FilterTerm &term) { return m_filter->problem(term); });
    m_field->setValues([this](const QString &key) { return m_filter->values(key); });
    connect(m_field, &FilterField::queryChanged, this, [this](const domain::FilterQuery &query) {
        m_filter->setQuery(query);
        updateFooter();
    });
    connect(m_empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(m_view, &TableView::rowSelectionChanged, this, [this] { selectionChanged(); });
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        openRow(source.row());
    });
    connect(m_view, &TableView::contextMenuRequested, this, [this](QMenu *menu) {
        menu->addActions(pageActions());
    });
    connect(m_view, &TableView::commitFailed, this, &ListPage::showFailure);
}

void ListPage::setTable(TableModelBase *table)
{
    m_filter->setSourceModel(table);
    m_view->setModel(m_filter);
    m_field->setKeys(m_filter->keys());
    connectTable(); // not before: a view tells of its first selection while it gets its model
}

void ListPage::setBody(QWidget *body)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_chips);
    layout->addWidget(m_messages);
    layout->addWidget(body, 1);
}

void ListPage::setBodyWithDetail(QWidget *detail, const QString &key)
{
    auto *splitter = new Splitter(Qt::Horizontal, this);
    splitter->addWidget(list());
    splitter->addWidget(detail);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setCollapsible(0, false);
    splitter->setCollapsible(1, false);
    splitter->remember(services().state, key);
    setBody(splitter);
}

QAction *ListPage::addSingle(const ActionDescription &description, Run run)
{
    m_single.append(addPageAction(description, std::move(run)));
    return m_single.back();
}

QAction *ListPage::addSeveral(const ActionDescription &description, Run run)
{
    m_several.append(addPageAction(description, std::move(run)));
    return m_several.back();
}

QList<QAction *> ListPage::rowActions() const
{
    QList<QAction *> actions;
    for (QAction *action : pageActions()) {
        const bool isRepeated =
            action->isSeparator() && (actions.isEmpty() || actions.last()->isSeparator());
        if (!isRepeated
            && (action->isSeparator() || m_single.contains(action) || m_several.contains(action)))
            actions.append(action);
    }
    if (!actions.isEmpty() && actions.last()->isSeparator())
        actions.removeLast();
    return actions;
}

void ListPage::bindToTable(QAction *action)
{
    m_view->addAction(action);
    action->setShortcutContext(Qt::WidgetShortcut);
}

void ListPage::addExport(const char *name, const QString &fileName)
{
    auto *exporter = new TableExporter(this, m_messages);
    connect(exporter, &TableExporter::failed, this, &ListPage::showFailure);
    connect(exporter, &TableExporter::finished, this, [this](const QString &path, int rows) {
        emit noticeRaised(
            [path, rows] { return tr("Exported %n rows to %1", nullptr, rows).arg(path); });
    });
    connect(exporter, &TableExporter::cancelled, this, [this] {
        emit noticeRaised([] { return tr("The export was cancelled."); });
    });
    connect(exporter, &TableExporter::jobChanged, this, [this](const QString &text) {
        m_exportJob = text;
        updateJob();
    });
    addPageAction({.name = name,
                   .icon = u"download"_s,
                   .shortcut = QKeySequence(u"Ctrl+E"_s),
                   .text = [] { return tr("Exp&ort this list…"); }},
                  [this, exporter, fileName] { exporter->ask(m_view, fileName); });
}

void ListPage::setOwnJob(const QString &text)
{
    m_ownJob = text;
    updateJob();
}

void ListPage::updateJob()
{
    setJob(m_ownJob.isEmpty() ? m_exportJob : m_ownJob);
}

void ListPage::addFilterActions()
{
    m_chips->actions().addTo(
        m_name, [this](const ActionDescription &description, std::function<void()> run) {
            return addPageAction(description, std::move(run));
        });
}

void ListPage::setFilter(const QString &text)
{
    m_field->setFilter(text);
}

void ListPage::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void ListPage::activated()
{
    m_refresh->start();
    fetch();
}

void ListPage::deactivated()
{
    m_refresh->stop();
}

// What stands in the cells may depend on the time alone, such as how long ago it was.
void ListPage::refresh()
{
    if (auto *table = qobject_cast<TableModelBase *>(m_filter->sourceModel()))
        table->refreshCells();
    // What is said in an empty list, where the focus may be, would go away while it is read.
    if (m_filter->rowCount() > 0)
        fetch();
}

void ListPage::showItem(qint64 item)
{
    m_clearsFilter = true;
    fetchAndSelect(item);
}

void ListPage::fetchAndSelect(qint64 item)
{
    m_wanted = item;
    fetch();
}

void ListPage::fetchIfActive()
{
    if (isActive())
        fetch();
}

void ListPage::showRows()
{
    const bool clears = std::exchange(m_clearsFilter, false);
    if (const qint64 wanted = std::exchange(m_wanted, 0); wanted != 0) {
        if (const int row = rowOf(wanted); row >= 0) {
            const QModelIndex source = m_filter->sourceModel()->index(row, 0);
            if (clears && !m_filter->mapFromSource(source).isValid())
                m_field->setFilter({});
            m_view->selectSourceRow(row);
        }
    }
    selectionChanged();
}

void ListPage::selectionChanged()
{
    updateActions();
    updateFooter();
}

void ListPage::updateActions()
{
    const qsizetype selected = m_view->selectedSourceRows().size();
    for (QAction *action : std::as_const(m_single))
        action->setEnabled(selected == 1);
    for (QAction *action : std::as_const(m_several))
        action->setEnabled(selected > 0);
}

// Not the place of a change that failed, after which the list is read anew.
void ListPage::noteRead(const std::optional<base::Error> &failure)
{
    const QString place = u"list"_s;
    if (failure) {
        m_messages->showMessage({.id = place, .tone = Tone::Failure, .text = failure->message});
    } else {
        m_messages->removeMessage(place);
    }
}

void ListPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void ListPage::finish(const base::Result<> &outcome)
{
    if (outcome)
        m_messages->removeMessage(u"failure"_s);
    else
        showFailure(outcome.error());
    fetch();
}

void ListPage::follow(admin::Answer<> answer)
{
    admin::whenDone(answer, this, [this](const base::Result<> &outcome) { finish(outcome); });
}

void ListPage::followDialog(admin::Answer<> answer, BulkForm *dialog)
{
    admin::whenDone(answer, dialog, [this, dialog](const base::Result<> &outcome) {
        if (!outcome)
            return dialog->showFailure(outcome.error().message.translated());
        dialog->accept();
        finish(outcome);
    });
}

} // namespace gatehouse::ui
