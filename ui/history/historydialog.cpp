#include "history/historydialog.h"

#include "admin/administration.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"
#include "widgets/translated.h"

#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using domain::HistoryEntry;

namespace {

const QString historyFailureId = u"failure"_s;
constexpr int historyColumnsVersion = 1;

} // namespace

HistoryDialog::HistoryDialog(const Services &services, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_table(new HistoryTable(
          HistoryColumns::columns(), [](const HistoryEntry &entry) { return entry.id; }, this))
{
    build();
    connectTable();
    (new Translated(this))->add([this] { setTexts(); });
    connect(&m_services.administration.history, &admin::HistoryService::changed, this, [this] {
        fetch(false);
    });
    fetch(false);
    m_view->setFocus();
}

// The parts end after the dialog has: nothing that they say then may reach it.
HistoryDialog::~HistoryDialog()
{
    for (QObject *part : std::initializer_list<QObject *>{m_field, m_view, m_empty})
        part->disconnect(this);
}

void HistoryDialog::showBeside(QWidget *parent, const Services &services)
{
    auto *dialog = parent->findChild<HistoryDialog *>(QString(), Qt::FindDirectChildrenOnly);
    if (!dialog) {
        dialog = new HistoryDialog(services, parent);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void HistoryDialog::build()
{
    m_field = new FilterField(this);
    m_field->setKeys(admin::HistoryService::filterKeys());
    m_field->setValues(&admin::HistoryService::filterValues);
    m_messages = new MessageBar(this);
    m_view = new TableView(this);
    auto *sorted = new TableFilterModel(m_view);
    sorted->setSourceModel(m_table);
    m_view->setModel(sorted);
    m_view->sortBy({{.column = m_table->columnOf(u"time"_s), .order = Qt::DescendingOrder}});
    m_view->remember(m_services.state, u"history"_s, historyColumnsVersion);
    m_empty = new EmptyState(m_view);
    m_empty->setIcon(u"history"_s);
    m_view->setEmptyState(m_empty);
    m_exporter = new TableExporter(this, m_messages);
    auto *footer = new DialogFooter(this);
    m_older = new QPushButton(this);
    m_export = new QPushButton(this);
    for (QPushButton *button : {m_older, m_export}) {
        button->setAutoDefault(false); // Enter in the filter or the table is no wish for either
        footer->addLeft(button);
    }
    m_count = new SecondaryLabel(TextRole::Small, this);
    footer->addLeft(m_count);
    footer->addButton(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    QVBoxLayout *content = layOut(this, footer, m_messages);
    content->setSpacing(Theme::px(8));
    content->addWidget(m_field);
    content->addWidget(m_view, 1);
    resize(Theme::px(960), Theme::px(560));
}

void HistoryDialog::connectTable()
{
    connect(m_field, &FilterField::queryChanged, this, [this] {
        m_next.reset();
        m_table->setRows({});
        fetch(false);
    });
    connect(m_field, &FilterField::left, m_view, [this] { m_view->setFocus(); });
    connect(m_empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(m_older, &QPushButton::clicked, this, [this] { fetch(true); });
    connect(
        m_export, &QPushButton::clicked, this, [this] { m_exporter->ask(m_view, u"history"_s); });
    connect(m_exporter, &TableExporter::failed, this, [this](const base::Error &error) {
        m_messages->showMessage({.id = historyFailureId, .text = error.message});
    });
}

void HistoryDialog::setTexts()
{
    setWindowTitle(tr("History of changes"));
    m_field->setPlaceholderText(tr("Filter, e.g. object:channel action:removed since:7d"));
    m_field->setAccessibleName(tr("Filter"));
    m_view->setAccessibleName(tr("History of changes"));
    m_older->setText(tr("Show &older"));
    m_export->setText(tr("&Export…"));
    m_empty->setTexts(tr("No changes yet"),
                      tr("What is changed in the window, by commands or by the management API is "
                         "listed here, and who signed in."));
    m_table->retranslate();
    review();
}

void HistoryDialog::fetch(bool older)
{
    const int asked = ++m_asked;
    m_view->setLoading(true);
    const auto page = m_services.administration.history.page(
        m_services.actor, {.query = m_field->query(), .before = older ? m_next.value_or(0) : 0});
    admin::whenDone(page, this, [this, asked, older](const base::Result<admin::HistoryPage> &read) {
        if (asked != m_asked)
            return;
        m_view->setLoading(false);
        if (read) {
            m_messages->removeMessage(historyFailureId);
            return present(*read, older);
        }
        m_messages->showMessage({.id = historyFailureId, .text = read.error().message});
        review();
    });
}

// What was shown of older ones stays.
void HistoryDialog::present(const admin::HistoryPage &page, bool older)
{
    std::vector<HistoryEntry> rows = older ? m_table->rows() : std::vector<HistoryEntry>();
    rows.insert(rows.end(), page.entries.begin(), page.entries.end());
    bool hadMore = false;
    for (const HistoryEntry &entry : m_table->rows()) {
        if (!older && page.next && entry.id < *page.next) {
            rows.push_back(entry);
            hadMore = true;
        }
    }
    if (!hadMore)
        m_next = page.next;
    m_table->setRows(std::move(rows));
    review();
}

void HistoryDialog::review()
{
    m_older->setEnabled(m_next.has_value());
    m_export->setEnabled(m_table->rowCount() > 0);
    m_count->setText(tr("%n changes", nullptr, m_table->rowCount()));
    m_empty->setFiltered(m_field->text().isEmpty()
                             ? QString()
                             : tr("No change matches %1.").arg(Format::quoted(m_field->text())));
}

} // namespace gatehouse::ui
