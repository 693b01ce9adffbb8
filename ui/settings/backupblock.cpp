#include "settings/backupblock.h"

#include "admin/administration.h"
#include "settings/passphrasedialog.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"
#include "widgets/translated.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <climits>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::BackupContent;
using admin::BackupListing;
using admin::BackupSecrets;
using admin::RestoreChoice;
using base::Result;

namespace {

const QString preparedId = u"prepared"_s;
const QString dueId = u"due"_s;

// What a text with a plural takes.
int asPlural(qint64 count)
{
    return static_cast<int>(std::min<qint64>(count, INT_MAX));
}

// Of a backup, as far as a heading has room for it; both ends of a file's name tell it from others.
QString nameForHeading(const QString &name)
{
    return QFontMetrics(Theme::font(TextRole::Heading))
        .elidedText(name, Qt::ElideMiddle, Theme::px(300));
}

QPushButton *makeBackupButton(QWidget *parent)
{
    auto *button = new QPushButton(parent);
    button->setAutoDefault(false);
    return button;
}

} // namespace

BackupBlock::BackupBlock(const Services &services, SettingsStore &store, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_store(store)
    , m_model(new BackupTable(
          BackupColumns::columns(), [](const BackupRow &row) { return row.listing.path; }, this))
    , m_view(new TableView(this))
    , m_empty(new EmptyState(this))
    , m_messages(new MessageBar(this))
    , m_secrets(new QCheckBox(this))
    , m_create(makeBackupButton(this))
    , m_export(makeBackupButton(this))
    , m_restore(makeBackupButton(this))
    , m_remove(makeBackupButton(this))
    , m_restoreFile(makeBackupButton(this))
    , m_cancel(makeBackupButton(this))
    , m_progress(makeText())
    , m_place(makeText())
{
    m_folder = m_services.administration.backups.directory();
    build();
    connect(m_create, &QPushButton::clicked, this, [this] {
        askPassphrase([this](const base::Secret &passphrase) { create(passphrase); });
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        askPassphrase([this](const base::Secret &passphrase) { chooseCopy(passphrase); });
    });
    connect(m_restoreFile, &QPushButton::clicked, this, &BackupBlock::chooseRestore);
    connect(m_remove, &QPushButton::clicked, this, &BackupBlock::askRemove);
    connect(m_restore, &QPushButton::clicked, this, [this] {
        if (const BackupListing *one = selected())
            askRestore(one->path, Format::full(one->madeAt.toLocalTime()));
    });
    connect(m_view, &TableView::rowSelectionChanged, this, &BackupBlock::updateButtons);
    connect(&services.administration.backups,
            &admin::BackupService::changed,
            this,
            &BackupBlock::fetch);
    connect(&services.administration.backups,
            &admin::BackupService::scheduleFailureChanged,
            this,
            &BackupBlock::showFailure);
    // One by schedule, and one before an import, too.
    connect(&services.administration.backups,
            &admin::BackupService::busyChanged,
            this,
            &BackupBlock::showBusy);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_services.administration.backups.cancel();
    });
    connect(&m_store, &SettingsStore::changed, this, &BackupBlock::followFolder);
    (new Translated(this))->add([this] { setTexts(); });
    updateButtons();
}

void BackupBlock::build()
{
    auto *sorted = new TableFilterModel(m_view);
    sorted->setSourceModel(m_model);
    m_view->setModel(sorted);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEmptyState(m_empty);
    m_view->setFixedHeight(Theme::px(26 + 28 * 6));
    m_create->setIcon(icon(u"archive"_s));
    auto *whole = new QWidget(this);
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(8));
    const auto addButtons = [stack](std::initializer_list<QWidget *> buttons) {
        auto *line = new QHBoxLayout;
        line->setSpacing(Theme::px(8));
        for (QWidget *button : buttons)
            line->addWidget(button);
        line->addStretch(1);
        stack->addLayout(line);
    };
    stack->addWidget(m_messages);
    addButtons({m_create, m_export});
    stack->addWidget(m_secrets);
    stack->addWidget(m_progress);
    stack->addWidget(m_cancel, 0, Qt::AlignLeft);
    stack->addWidget(m_place);
    stack->addWidget(m_view);
    addButtons({m_restore, m_remove, m_restoreFile});
    addLine([] { return tr("Backups"); }, whole);
    // As they stand; they were made in another order.
    const QList<QWidget *> order{
        m_create, m_export, m_secrets, m_cancel, m_view, m_restore, m_remove, m_restoreFile};
    for (qsizetype i = 1; i < order.size(); ++i)
        QWidget::setTabOrder(order[i - 1], order[i]);
}

void BackupBlock::setTexts()
{
    const bool offered = m_services.administration.backups.isOffered();
    m_create->setText(tr("Back up now"));
    m_export->setText(tr("Save a copy…"));
    m_secrets->setText(tr("Include secrets"));
    m_secrets->setToolTip(tr("A passphrase protects the master key in the backup, so that another "
                             "computer can open its keys. Backups by schedule never include it."));
    m_restoreFile->setText(tr("Restore from a file…"));
    m_restore->setText(tr("Restore…"));
    m_remove->setText(tr("Delete…"));
    m_cancel->setText(tr("Cancel"));
    m_view->setAccessibleName(tr("Backups"));
    m_empty->setIcon(u"archive"_s);
    m_empty->setTexts(tr("No backups yet"), tr("Make one now, or let them be made by schedule."));
    m_model->retranslate();
    m_place->setText(
        offered ? tr("In %1. Keys in them stay sealed with the master key of this computer, which "
                     "another one has only from a backup that includes secrets.")
                      .arg(QDir::toNativeSeparators(m_services.administration.backups.directory()))
                : tr("A PostgreSQL database is backed up with its own tools, such as pg_dump."));
    updateButtons();
    showJob();
    showPrepared();
    showFailure();
}

// Copies in the former folder stay there.
void BackupBlock::followFolder()
{
    const QString folder = m_services.administration.backups.directory();
    if (std::exchange(m_folder, folder) == folder)
        return;
    setTexts();
    fetch();
}

void BackupBlock::activated()
{
    showPrepared();
    fetch();
}

void BackupBlock::fetch()
{
    m_services.administration.backups.list().then(
        this, [this](const Result<std::vector<BackupListing>> &all) {
            if (!all)
                return emit failed(all.error().message);
            std::vector<BackupRow> rows;
            for (const BackupListing &each : *all)
                rows.push_back({each});
            m_model->setRows(std::move(rows));
            updateButtons();
        });
}

const BackupListing *BackupBlock::selected() const
{
    const QModelIndexList rows = m_view->selectedSourceRows();
    return rows.isEmpty() ? nullptr : &m_model->row(rows.front().row()).listing;
}

void BackupBlock::updateButtons()
{
    const bool isIdle = m_job == Job::None && !m_services.administration.backups.isBusy();
    const bool isOffered = m_services.administration.backups.isOffered();
    for (QAbstractButton *button :
         std::initializer_list<QAbstractButton *>{m_create, m_export, m_restoreFile, m_secrets})
        button->setEnabled(isOffered && isIdle);
    const bool any = selected() != nullptr;
    m_restore->setEnabled(any && isIdle);
    m_remove->setEnabled(any && isIdle);
}

void BackupBlock::setJob(Job job)
{
    m_job = job;
    showBusy();
}

// A button that is disabled loses the focus to whatever comes next in the window. Cancel keeps its place
// meanwhile.
void BackupBlock::showBusy()
{
    QWidget *focused = window()->focusWidget();
    if (!jobText().isEmpty()) {
        showJob();
        if (QList<QWidget *>{m_create, m_export, m_secrets, m_restore, m_remove, m_restoreFile}
                .contains(focused)) {
            m_focused = focused;
            m_cancel->setFocus();
        }
        return updateButtons();
    }
    updateButtons();
    if (QWidget *former = std::exchange(m_focused, nullptr); former && focused == m_cancel)
        (former->isEnabled() ? former : m_view)->setFocus();
    showJob();
}

// A large database takes minutes.
void BackupBlock::showJob()
{
    const QString text = jobText();
    m_progress->setText(text);
    m_progress->setVisible(!text.isEmpty());
    m_cancel->setVisible(!text.isEmpty());
    m_view->setLoading(!text.isEmpty());
    if (std::exchange(m_shownJob, text) != text)
        emit jobChanged(text);
}

QString BackupBlock::jobText() const
{
    switch (m_job) {
    case Job::None:
        if (!m_services.administration.backups.isBusy())
            return {};
        [[fallthrough]];
    case Job::BackingUp:
        return tr("Backing up…");
    case Job::Copying:
        return tr("Saving a copy…");
    case Job::Inspecting:
        return tr("Reading the backup…");
    case Job::Preparing:
        return tr("Preparing the restore…");
    }
    return {};
}

void BackupBlock::showPrepared()
{
    if (!m_services.administration.backups.isRestorePrepared())
        return m_messages->removeMessage(preparedId);
    Message message{.id = preparedId,
                    .tone = Tone::Caution,
                    .subject = [] { return tr("A backup waits to be restored."); },
                    .text =
                        [] {
                            return tr("It takes the place of the present data when Gatehouse "
                                      "starts next.");
                        },
                    .actions = {{[] { return tr("Do not restore"); }, [this] { cancelRestore(); }}},
                    .closable = false};
    if (m_store.hooks().quit)
        message.actions.push_back({[] { return tr("Quit now"); }, m_store.hooks().quit});
    m_messages->showMessage(std::move(message));
}

// For as long as no other backup has been made.
void BackupBlock::showFailure()
{
    const auto &failure = m_services.administration.backups.scheduleFailure();
    if (!failure)
        return m_messages->removeMessage(dueId);
    m_messages->showMessage({.id = dueId,
                             .tone = Tone::Failure,
                             .subject = [] { return tr("The last backup failed."); },
                             .text =
                                 [failure = *failure] {
                                     return tr("It was due %1: %2", "date and time, why")
                                         .arg(Format::full(failure.at.toLocalTime()),
                                              failure.reason.translated());
                                 },
                             .closable = false,
                             .lasting = true});
}

void BackupBlock::report(const Result<> &outcome, const LiveText &notice)
{
    const bool isCancelled = !outcome && outcome.error().code == base::ErrorCode::Cancelled;
    emit failed(outcome || isCancelled ? LiveText() : outcome.error().message);
    if (outcome)
        emit noticeRaised(notice);
}

// Goes on at once, with none, where the backup is to hold no secrets.
void BackupBlock::askPassphrase(const std::function<void(const base::Secret &)> &use)
{
    if (!m_secrets->isChecked())
        return use({});
    auto *dialog = new PassphraseDialog(PassphraseDialog::Purpose::Protect, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PassphraseDialog::chosen, this, use);
    dialog->open();
}

void BackupBlock::create(const base::Secret &passphrase)
{
    setJob(Job::BackingUp);
    admin::BackupService &backups = m_services.administration.backups;
    auto outcome = passphrase.isEmpty() ? backups.create() : backups.createWithSecrets(passphrase);
    outcome.then(this, [this](const Result<BackupListing> &made) {
        setJob(Job::None);
        report(made ? Result<>() : base::fail(made.error()),
               made ? tr("Backed up: %1").arg(Format::bytes(made->bytes)) : QString());
    });
}

void BackupBlock::chooseCopy(const base::Secret &passphrase)
{
    auto *dialog = new QFileDialog(this, tr("Save a copy"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Databases (*.db)")});
    dialog->setDefaultSuffix(u"db"_s);
    dialog->selectFile(u"gatehouse-copy-%1.db"_s.arg(QDate::currentDate().toString(Qt::ISODate)));
    connect(dialog, &QFileDialog::fileSelected, this, [this, passphrase](const QString &path) {
        exportTo(path, passphrase);
    });
    dialog->open();
}

void BackupBlock::exportTo(const QString &path, const base::Secret &passphrase)
{
    setJob(Job::Copying);
    m_services.administration.backups.exportTo(path, passphrase)
        .then(this, [this, path](const Result<> &outcome) {
            setJob(Job::None);
            report(outcome,
                   [path] { return tr("Saved to %1").arg(QDir::toNativeSeparators(path)); });
        });
}

void BackupBlock::chooseRestore()
{
    auto *dialog = new QFileDialog(this, tr("Restore from a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Databases (*.db)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        askRestore(path, QFileInfo(path).fileName());
    });
    dialog->open();
}

// What is in it is read first, so that a damaged one is never offered.
void BackupBlock::askRestore(const QString &path, const QString &name)
{
    setJob(Job::Inspecting);
    m_services.administration.backups.inspect(path).then(
        this, [this, path, name](const Result<BackupContent> &content) {
            setJob(Job::None);
            if (!content)
                return report(base::fail(content.error()), {});
            emit failed({});
            offerRestore(path, name, *content);
        });
}

void BackupBlock::offerRestore(const QString &path,
                               const QString &name,
                               const BackupContent &content)
{
    const QString title = tr("Restore a backup");
    const QString heading = tr("Restore the backup %1?").arg(Format::quoted(nameForHeading(name)));
    const QString text = tr("It holds %1, %2 and %3. The present data are "
                            "backed up first; the backup takes their place when Gatehouse starts "
                            "next. Who is signed in to the management API has to sign in again, "
                            "and access tokens to it are void. API keys are those of the backup.")
                             .arg(tr("%n channels", nullptr, asPlural(content.channels)),
                                  tr("%n users", nullptr, asPlural(content.users)),
                                  tr("%n requests", nullptr, asPlural(content.records)));
    if (content.secrets == BackupSecrets::OpenHere) {
        return Confirmation::ask(
            this,
            {.title = title, .heading = heading, .text = text, .action = tr("Back up and restore")},
            [this, path] { restore(path); });
    }
    const bool isProtected = content.secrets == BackupSecrets::ByPassphrase;
    const QString foreign =
        isProtected
            ? tr("It was made on another computer: its keys open with the passphrase that it was "
                 "made with. Without it, what is listed here is lost:")
            : tr("It was made on another computer, and does not include the secrets that open its "
                 "keys. What is listed here is lost:");
    const QString lost = tr(
        "the keys, headers and proxies of its channels, which are switched off until you enter "
        "them again; the texts of its API keys, which stay valid but cannot be shown; the "
        "certificate authority for HTTPS; and the secrets of Prometheus, traces and the webhook.");
    const QString whole = u"%1\n\n%2 %3"_s.arg(text, foreign, lost);
    const auto goOn = [this, path] { restore(path, {.withoutSecrets = true}); };
    const QString without = tr("Restore without secrets");
    if (!isProtected) {
        return Confirmation::ask(
            this, {.title = title, .heading = heading, .text = whole, .action = without}, goOn);
    }
    auto *dialog =
        new QuestionDialog({.title = title, .heading = heading, .text = whole, .width = 520}, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->addAnswer(tr("Enter the passphrase…"), QDialogButtonBox::AcceptRole, [this, path] {
        askToOpen(path);
    });
    dialog->addAnswer(without, QDialogButtonBox::DestructiveRole, goOn);
    dialog->addCancel();
    dialog->open();
}

// It stays until the passphrase was the right one.
void BackupBlock::askToOpen(const QString &path)
{
    auto *dialog = new PassphraseDialog(PassphraseDialog::Purpose::Open, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &PassphraseDialog::chosen,
            this,
            [this, path, dialog](const base::Secret &passphrase) {
                dialog->setBusy(true);
                restore(path, {.passphrase = passphrase}, dialog);
            });
    dialog->open();
}

void BackupBlock::restore(const QString &path,
                          const RestoreChoice &choice,
                          PassphraseDialog *dialog)
{
    setJob(Job::Preparing);
    const QPointer<PassphraseDialog> asked(dialog);
    m_services.administration.backups.prepareRestore(path, choice)
        .then(this, [this, asked](const Result<QString> &copy) {
            setJob(Job::None);
            if (asked && !copy && copy.error().code == base::ErrorCode::Denied) {
                asked->setBusy(false);
                return asked->showFailure(copy.error().message.translated());
            }
            if (asked)
                asked->accept();
            report(copy ? Result<>() : base::fail(copy.error()),
                   copy ? tr("The present data are kept in %1").arg(QFileInfo(*copy).fileName())
                        : QString());
            showPrepared();
        });
}

void BackupBlock::cancelRestore()
{
    m_services.administration.backups.cancelRestore().then(this, [this](const Result<> &outcome) {
        report(outcome, [] { return tr("Nothing is restored."); });
        showPrepared();
    });
}

void BackupBlock::askRemove()
{
    const BackupListing *one = selected();
    if (!one)
        return;
    Confirmation::ask(this,
                      {.title = tr("Delete a backup"),
                       .heading = tr("Delete this backup?"),
                       .text = tr("%1, made %2. It cannot be had back.")
                                   .arg(one->fileName, Format::full(one->madeAt.toLocalTime())),
                       .action = tr("Delete")},
                      [this, path = one->path] {
                          m_services.administration.backups.remove(path).then(
                              this, [this](const Result<> &outcome) {
                                  report(outcome, [] { return tr("Deleted a backup"); });
                              });
                      });
}

} // namespace gatehouse::ui
