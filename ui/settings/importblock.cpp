#include "settings/importblock.h"

#include "admin/administration.h"
#include "settings/proposallist.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/busyline.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"
#include "widgets/translated.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::ImportKind;
using admin::ImportNote;
using admin::ImportReport;
using base::Result;

namespace {

const QString doneId = u"done"_s;

QVBoxLayout *makeStack(QWidget *whole)
{
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(6));
    return stack;
}

} // namespace

ImportBlock::ImportBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_proposals(new ProposalList(this))
    , m_model(new ImportTable(
          ImportColumns::columns(), [](const ImportRow &row) { return row.number; }, this))
    , m_view(new TableView(this))
    , m_busy(new BusyLine(this))
    , m_messages(new MessageBar(this))
    , m_choose(new QPushButton(this))
    , m_import(new QPushButton(this))
    , m_cancel(new QPushButton(this))
    , m_about(makeText())
    , m_file(makeText())
    , m_counts(makeText(TextRole::Body))
    , m_left(makeText())
{
    build();
    connect(m_choose, &QPushButton::clicked, this, &ImportBlock::choose);
    connect(m_import, &QPushButton::clicked, this, &ImportBlock::carryOut);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_stop.request_stop(); });
    connect(m_proposals, &ProposalList::tickedChanged, this, [this] {
        m_counts->setText(summary());
        m_import->setEnabled(canImport());
    });
    (new Translated(this))->add([this] { setTexts(); });
}

void ImportBlock::build()
{
    for (QPushButton *button : {m_choose, m_import, m_cancel})
        button->setAutoDefault(false);
    m_choose->setIcon(icon(u"folder-open"_s));
    m_import->setIcon(icon(u"import"_s));
    m_view->setObjectName(u"importNotes"_s);
    m_view->setModel(m_model);
    m_view->setFixedHeight(Theme::px(26 + 28 * 6));
    m_counts->setPlain(true);
    auto *source = new QWidget(this);
    QVBoxLayout *top = makeStack(source);
    top->addWidget(m_messages);
    top->addWidget(m_choose, 0, Qt::AlignLeft);
    top->addWidget(m_file);
    top->addWidget(m_about);
    top->addWidget(m_busy);
    top->addWidget(m_cancel, 0, Qt::AlignLeft);
    addLine([] { return tr("File"); }, source);
    auto *content = new QWidget(this);
    QVBoxLayout *bottom = makeStack(content);
    bottom->addWidget(m_counts);
    bottom->addWidget(m_proposals);
    bottom->addWidget(m_view);
    bottom->addWidget(m_left);
    bottom->addWidget(m_import, 0, Qt::AlignLeft);
    m_result = addLine([] { return tr("Contents"); }, content, false);
}

void ImportBlock::setTexts()
{
    m_choose->setText(tr("Choose a file…"));
    m_about->setText(
        tr("Of a database of One API or New API (mostly one-api.db), users with their passwords, "
           "tokens with their keys, channels, groups and settings come along. Of LiteLLM's "
           "config.yaml, cc-switch's database or config.json, Claude Code Router's config.json "
           "and .env files it is the channels that you tick. The file is only read, and may be in "
           "use. What is here already is not changed."));
    m_import->setText(tr("Import"));
    m_cancel->setText(tr("Cancel"));
    m_view->setAccessibleName(tr("Left out or changed"));
    m_model->retranslate();
    m_proposals->retranslate();
    show(m_state);
}

bool ImportBlock::canImport() const
{
    return m_state == State::Planned && (isWhole() || !m_proposals->ticked().empty());
}

void ImportBlock::show(State state)
{
    m_state = state;
    const bool isBusy = state == State::Reading || state == State::Importing;
    const bool hasReport =
        state == State::Planned || state == State::Importing || state == State::Done;
    const QString name = QFileInfo(m_path).fileName();
    m_busy->setBusy(isBusy);
    m_choose->setEnabled(!isBusy);
    m_cancel->setVisible(isBusy);
    m_file->setVisible(state != State::Empty);
    m_file->setText(isBusy ? job() : QDir::toNativeSeparators(m_path));
    emit jobChanged(job());
    m_result->setVisible(hasReport);
    if (hasReport) {
        m_counts->setText(summary());
        m_left->setText(leftBehind());
    }
    m_view->setVisible(m_model->rowCount() > 0);
    m_proposals->setVisible(state != State::Done && m_proposals->count() > 0);
    m_proposals->setEnabled(state == State::Planned);
    m_import->setVisible(state != State::Done);
    m_import->setEnabled(canImport());
    if (state != State::Done)
        return m_messages->removeMessage(doneId);
    const QString copy = QDir::toNativeSeparators(m_report.safetyCopy);
    QStringList texts;
    if (!m_report.pending.isEmpty())
        texts.append(m_report.pending.translated());
    if (!copy.isEmpty())
        texts.append(tr("What was here before is kept in %1.").arg(copy));
    m_messages->showMessage({.id = doneId,
                             .tone = m_report.pending.isEmpty() ? Tone::Good : Tone::Caution,
                             .subject = tr("%1 was imported.").arg(name),
                             .text = texts.join(u' ')});
}

QString ImportBlock::job() const
{
    const QString name = QFileInfo(m_path).fileName();
    return m_state == State::Reading     ? tr("Reading %1…").arg(name)
           : m_state == State::Importing ? tr("Importing %1…").arg(name)
                                         : QString();
}

QString ImportBlock::summary() const
{
    const QString source = admin::sourceName(m_report.source);
    if (!isWhole() && !m_report.stored) {
        return tr("Channels in the file of %1").arg(source) + u'\n'
               + tr("%1 of %2 ticked")
                     .arg(Format::count(static_cast<qint64>(m_proposals->ticked().size())),
                          Format::count(m_proposals->count()));
    }
    QStringList parts;
    for (const ImportKind kind : admin::importKinds) {
        if (!isWhole() && kind != ImportKind::Channel)
            continue;
        const ImportReport::Count &count = m_report.count(kind);
        parts.append(tr("%1: %2 of %3")
                         .arg(ImportColumns::kindsText(kind),
                              Format::count(count.imported),
                              Format::count(count.found)));
    }
    const QString heading = m_report.stored ? tr("Imported from %1").arg(source)
                                            : tr("Would be imported from %1").arg(source);
    return heading + u'\n' + parts.join(u" · "_s);
}

QString ImportBlock::leftBehind() const
{
    if (m_report.source == admin::ImportSource::LiteLlm)
        return tr(
            "What LiteLLM's own database holds (users, keys, budgets, prices) is not imported.");
    if (!isWhole())
        return tr("Nothing but channels is imported from this file.");
    QString text = tr("Logs (%1 lines) and redemption codes (%2) are not imported.")
                       .arg(Format::count(m_report.logs), Format::count(m_report.redemptions));
    if (m_report.prices)
        text += u' ' + tr("Prices are those of Gatehouse's table, not the ratios of models there.");
    qint64 unlisted = 0;
    for (const ImportNote::Cause cause : {ImportNote::Cause::Altered,
                                          ImportNote::Cause::Deleted,
                                          ImportNote::Cause::Present,
                                          ImportNote::Cause::Unusable})
        unlisted += m_report.unlisted(cause);
    if (unlisted > 0)
        text.prepend(tr("%1 more are not listed.").arg(Format::count(unlisted)) + u' ');
    return text;
}

void ImportBlock::choose()
{
    auto *dialog = new QFileDialog(this, tr("Import from a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    // Those of other programs lie in folders that are hidden, or are so themselves.
    dialog->setFilter(QDir::AllEntries | QDir::AllDirs | QDir::Hidden);
    dialog->setNameFilters({tr("All files (*)"),
                            tr("Databases (*.db)"),
                            tr("Configurations (*.yaml *.yml *.json *.env .env)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ImportBlock::open);
    dialog->open();
}

void ImportBlock::open(const QString &path)
{
    m_path = path;
    m_model->setRows({});
    m_preview = {};
    m_proposals->setPreview({});
    m_stop = {};
    m_services.administration.imports.forgetOutcome();
    emit failed({});
    show(State::Reading);
    admin::whenDone(m_services.administration.imports.look(m_services.actor, path, m_stop),
                    this,
                    [this](const Result<admin::ImportPreview> &preview) { planned(preview); });
}

void ImportBlock::carryOut()
{
    m_stop = {};
    emit failed({});
    show(State::Importing);
    admin::ImportService &imports = m_services.administration.imports;
    admin::whenDone(
        isWhole()
            ? imports.carryOut(m_services.actor, m_path, m_stop)
            : imports.take(m_services.actor, m_path, m_preview, m_proposals->ticked(), m_stop),
        this,
        [this](const Result<ImportReport> &report) { finished(report); });
}

void ImportBlock::activated()
{
    const auto outcome = m_services.administration.imports.lastOutcome();
    if (m_state != State::Empty || !outcome)
        return;
    m_path = outcome->path;
    if (outcome->report)
        showReport(*outcome->report, State::Done);
    else
        failedWith(outcome->report.error(), State::Empty);
}

// A file that cannot be read is another one's turn.
void ImportBlock::planned(const Result<admin::ImportPreview> &preview)
{
    if (!preview)
        return failedWith(preview.error(), State::Empty);
    m_preview = *preview;
    m_proposals->setPreview(m_preview);
    showReport(m_preview.report, State::Planned);
}

// What was planned can be tried again.
void ImportBlock::finished(const Result<ImportReport> &report)
{
    if (!report)
        return failedWith(report.error(), State::Planned);
    m_preview = {}; // with its keys
    showReport(*report, State::Done);
    emit noticeRaised(
        [name = QFileInfo(m_path).fileName()] { return tr("Imported %1").arg(name); });
}

void ImportBlock::failedWith(const base::Error &error, State state)
{
    show(state);
    if (isVisible())
        m_services.administration.imports.forgetOutcome();
    if (error.code != base::ErrorCode::Cancelled)
        emit failed(error.message);
}

void ImportBlock::showReport(const ImportReport &report, State state)
{
    m_report = report;
    m_model->setRows(ImportColumns::rowsOf(m_report));
    show(state);
}

} // namespace gatehouse::ui
