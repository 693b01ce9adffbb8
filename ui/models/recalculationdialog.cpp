#include "models/recalculationdialog.h"

#include "admin/administration.h"
#include "admin/outcome.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/calendarpopup.h"
#include "widgets/fields/form.h"
#include "widgets/format.h"
#include "widgets/undostack.h"

#include <QDateEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

using Outcome = base::Result<admin::Recalculation>;

// Keeps what a recalculation did, so that it can be taken back, whoever still looks on. Redoing goes
// by the prices of that moment.
void keep(const Services &services,
          const admin::RecalculationRange &range,
          const admin::Recalculation &done,
          const LiveText &text)
{
    admin::PriceService &prices = services.administration.prices;
    const auto last = std::make_shared<admin::Recalculation>(done);
    services.undo.pushDone(
        {.text = text,
         .redo =
             [&prices, range, last, text, undo = QPointer(&services.undo)] {
                 return admin::outcomeOf(prices.recalculate(range), last)
                     .then([last, text, undo](base::Result<> outcome) {
                         if (outcome && last->problem && undo)
                             undo->noteIncomplete(text, *last->problem);
                         return outcome;
                     });
             },
         .undo = [&prices, last] { return admin::outcomeOf(prices.undoRecalculation(last->id)); }});
}

} // namespace

RecalculationDialog::RecalculationDialog(const Services &services, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
{
    setWindowTitle(tr("Recalculate cost"));
    build();
    connect(&m_services.administration.prices,
            &admin::PriceService::recalculating,
            this,
            [this](qint64, qint64 records) {
                m_result->setText(tr("%1 records so far…").arg(Format::count(records)));
            });
    joinRunning();
    connect(&m_services.undo, &UndoStack::changed, this, &RecalculationDialog::updateUndo);
    connect(&m_services.undo, &UndoStack::undone, this, [this](const LiveText &text) {
        if (!isStep(text.text()))
            return;
        m_step = {};
        setBusy(false);
        m_result->setText(tr("The former costs are back."));
    });
    connect(&m_services.undo,
            &UndoStack::failed,
            this,
            [this](const LiveText &text, const base::Error &error) {
                if (!isStep(text.text()))
                    return;
                setBusy(false);
                m_result->setText(error.message.translated());
            });
}

RecalculationDialog::~RecalculationDialog()
{
    if (m_reading)
        m_reading->request_stop();
}

// One goes on when its dialog is closed: who opens another sees it, and can stop it.
void RecalculationDialog::joinRunning()
{
    const admin::PriceService &prices = m_services.administration.prices;
    if (!prices.isRecalculating())
        return;
    setBusy(true);
    m_stop->setVisible(prices.canCancelRecalculation());
    m_result->setText(tr("A recalculation is under way."));
    connect(
        &prices,
        &admin::PriceService::recalculationEnded,
        this,
        [this] {
            setBusy(false);
            m_result->setText(tr("The recalculation has ended."));
        },
        Qt::SingleShotConnection);
}

void RecalculationDialog::build()
{
    const QDate today = QDate::currentDate();
    m_since = new QDateEdit(today.addDays(-30), this);
    m_until = new QDateEdit(today, this);
    for (QDateEdit *each : {m_since, m_until}) {
        CalendarPopup::give(each);
        each->setDisplayFormat(Format::dayPattern());
        each->setMaximumDate(today);
    }
    m_model = new QLineEdit(this);
    m_model->setPlaceholderText(tr("all models"));
    m_result = new QLabel(this);
    m_result->setTextFormat(Qt::PlainText);
    m_result->setWordWrap(true);
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->hide();
    auto *form = new Form(this);
    form->addField(m_since, [] { return tr("From"); });
    form->addField(
        m_until, [] { return tr("To"); }, [] { return tr("Both days are included."); });
    form->addField(
        m_model,
        [] { return tr("Model"); },
        [] { return tr("The provider's name of the model."); });
    auto *text =
        new QLabel(tr("Costs in the ledger and in charts follow the prices that were in force when "
                      "the requests began, or those of now where there were none. Prices in other "
                      "currencies count at the exchange rates of now. What users have paid stays "
                      "as it is."),
                   this);
    text->setWordWrap(true);
    auto *footer = new DialogFooter(this);
    m_undo = footer->addButton(tr("Take back"), QDialogButtonBox::ResetRole);
    m_stop = footer->addButton(tr("Stop"), QDialogButtonBox::ActionRole);
    m_preview = footer->addButton(tr("Preview"), QDialogButtonBox::ActionRole);
    m_run = footer->addButton(tr("Recalculate"), QDialogButtonBox::AcceptRole);
    footer->addButton(QDialogButtonBox::Close);
    allowRun(false);
    m_undo->setEnabled(false);
    m_stop->hide();

    QVBoxLayout *content = layOut(this, footer);
    content->setSpacing(Theme::px(12));
    content->addWidget(text);
    content->addWidget(form);
    content->addWidget(m_progress);
    content->addWidget(m_result);
    content->addStretch(1);
    resize(Theme::px(480), Theme::px(360));

    connect(m_preview, &QPushButton::clicked, this, &RecalculationDialog::preview);
    connect(m_run, &QPushButton::clicked, this, &RecalculationDialog::run);
    connect(m_stop, &QPushButton::clicked, this, &RecalculationDialog::stop);
    connect(m_undo, &QPushButton::clicked, this, &RecalculationDialog::undo);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    const auto changed = [this] { allowRun(false); };
    connect(m_since, &QDateEdit::dateChanged, this, changed);
    connect(m_until, &QDateEdit::dateChanged, this, changed);
    connect(m_model, &QLineEdit::textChanged, this, changed);
}

admin::RecalculationRange RecalculationDialog::range() const
{
    return {.since = m_since->date().startOfDay().toMSecsSinceEpoch(),
            .until = m_until->date().addDays(1).startOfDay().toMSecsSinceEpoch(),
            .providerModel = m_model->text().trimmed().toUtf8()};
}

void RecalculationDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_progress->setVisible(busy);
    m_preview->setEnabled(!busy);
    m_since->setEnabled(!busy);
    m_until->setEnabled(!busy);
    m_model->setEnabled(!busy);
    if (busy)
        allowRun(false);
    else
        m_stop->hide();
    updateUndo();
}

// What comes next is the default, and has the focus if a button had it.
void RecalculationDialog::allowRun(bool allowed)
{
    m_run->setEnabled(allowed);
    (allowed ? m_run : m_preview)->setDefault(true);
    if (allowed && qobject_cast<QPushButton *>(focusWidget()))
        m_run->setFocus(Qt::OtherFocusReason);
}

// Both texts are in the language of the moment.
bool RecalculationDialog::isStep(const QString &text) const
{
    return !text.isEmpty() && text == m_step.text();
}

// Nothing was done after it: what undo takes back next is this.
bool RecalculationDialog::isLastStep() const
{
    return m_services.undo.canUndo() && isStep(m_services.undo.undoText());
}

void RecalculationDialog::updateUndo()
{
    m_undo->setEnabled(!m_busy && isLastStep());
}

void RecalculationDialog::preview()
{
    setBusy(true);
    m_reading.emplace();
    m_stop->setEnabled(true);
    m_stop->show();
    m_result->setText(tr("Reading the ledger…"));
    admin::whenDone(
        m_services.administration.prices.previewRecalculation(range(), m_reading->get_token()),
        this,
        [this](const base::Result<admin::Recalculation> &outcome) {
            m_reading.reset();
            present(outcome, false);
        });
}

void RecalculationDialog::run()
{
    setBusy(true);
    m_stop->setEnabled(true);
    m_stop->show();
    // The step of undo must not depend on the dialog, which may be closed meanwhile.
    m_services.administration.prices.recalculate(range()).then(
        &m_services.undo,
        [services = m_services, range = range(), dialog = QPointer(this)](const Outcome &outcome) {
            LiveText text;
            if (outcome && outcome->changed > 0) {
                text = [changed = static_cast<int>(outcome->changed)] {
                    return tr("Recalculated the cost of %n records", nullptr, changed);
                };
                keep(services, range, *outcome, text);
            }
            if (dialog)
                dialog->finish(outcome, text);
            else if (outcome && outcome->problem)
                services.undo.noteIncomplete(text, *outcome->problem);
        });
}

void RecalculationDialog::stop()
{
    m_stop->setEnabled(false);
    if (m_reading)
        m_reading->request_stop();
    else
        m_services.administration.prices.cancelRecalculation();
}

void RecalculationDialog::finish(const base::Result<admin::Recalculation> &outcome,
                                 const LiveText &text)
{
    if (!text.isEmpty())
        m_step = text;
    present(outcome, true);
}

void RecalculationDialog::undo()
{
    if (!isLastStep())
        return;
    setBusy(true);
    m_services.undo.undo();
}

void RecalculationDialog::present(const base::Result<admin::Recalculation> &outcome, bool done)
{
    setBusy(false);
    if (!outcome) {
        m_result->setText(outcome.error().message.translated());
        return;
    }
    if (outcome->cancelled && !done) {
        m_result->setText(tr("The preview was stopped."));
        return;
    }
    const auto [before, after] = Format::moneyApart(outcome->before, outcome->after);
    const QString sums =
        tr("%1 of %2 records: %3 before, %4 after.")
            .arg(Format::count(outcome->changed), Format::count(outcome->records), before, after);
    if (outcome->problem) {
        m_result->setText(tr("It ended early: %1 What was changed until then can be taken back. %2")
                              .arg(outcome->problem->message.translated(), sums));
    } else if (outcome->cancelled) {
        m_result->setText(
            tr("Stopped. What was changed until then can be taken back. %1").arg(sums));
    } else if (outcome->changed == 0) {
        m_result->setText(tr("No cost differs from its price."));
    } else {
        m_result->setText(done ? tr("Done. %1").arg(sums) : tr("Would change %1").arg(sums));
    }
    allowRun((!done || outcome->cancelled) && outcome->changed > 0);
}

} // namespace gatehouse::ui
