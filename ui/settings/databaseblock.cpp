#include "settings/databaseblock.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "theme/theme.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPointer>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::DatabaseSpace;
using base::Result;

DatabaseBlock::DatabaseBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_size(makeText(TextRole::Body))
    , m_progress(makeText())
    , m_compact(new QPushButton(this))
    , m_check(new QPushButton(this))
    , m_cancel(new QPushButton(this))
{
    m_size->setPlain(true);
    m_size->setObjectName(u"databaseSize"_s);
    m_progress->setObjectName(u"databaseProgress"_s);
    auto *buttons = new QWidget(this);
    auto *line = new QHBoxLayout(buttons);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::px(8));
    for (QPushButton *button : {m_compact, m_check, m_cancel}) {
        button->setAutoDefault(false);
        line->addWidget(button);
    }
    line->addStretch(1);
    addLine([] { return tr("On the disk"); }, m_size, false);
    addLine({}, buttons);
    addLine({}, m_progress, false);
    constexpr std::chrono::milliseconds interval(250);
    m_idle.setInterval(interval);
    connect(&m_idle, &QTimer::timeout, this, &DatabaseBlock::compactWhenIdle);
    connect(m_compact, &QPushButton::clicked, this, &DatabaseBlock::askToCompact);
    connect(m_check, &QPushButton::clicked, this, &DatabaseBlock::check);
    connect(m_cancel, &QPushButton::clicked, this, &DatabaseBlock::cancel);
    (new Translated(this))->add([this] { refresh(); });
}

// The page may be dropped with its window; the gateway must not stay paused for that.
DatabaseBlock::~DatabaseBlock()
{
    if (m_step == Step::Waiting)
        m_services.gateway.release();
}

void DatabaseBlock::activated()
{
    if (!m_services.administration.maintenance.isOffered())
        return;
    admin::whenDone(m_services.administration.maintenance.space(),
                    this,
                    [this](const Result<DatabaseSpace> &space) {
                        if (!space)
                            return emit failed(space.error().message);
                        m_space = *space;
                        refresh();
                    });
}

void DatabaseBlock::refresh()
{
    const bool offered = m_services.administration.maintenance.isOffered();
    m_compact->setText(tr("Compact…"));
    m_check->setText(tr("Check"));
    m_cancel->setText(tr("Cancel"));
    m_compact->setEnabled(offered && m_step == Step::None);
    m_check->setEnabled(offered && m_step == Step::None);
    m_cancel->setVisible(m_step != Step::None);
    m_cancel->setEnabled(m_step != Step::Stopping);
    m_size->setText(!offered ? tr("A PostgreSQL database is looked after with its own tools.")
                    : m_space.whole == 0
                        ? Format::absent()
                        : tr("%1, of which %2 are not used")
                              .arg(Format::bytes(m_space.whole), Format::bytes(m_space.unused)));
    const auto running = static_cast<int>(m_services.gateway.inFlight());
    switch (m_step) {
    case Step::None:
        m_progress->setText(QString());
        break;
    case Step::Waiting:
        m_progress->setText(tr("Waiting for %n running requests…", nullptr, running));
        break;
    case Step::Compacting:
        m_progress->setText(tr("Compacting %1…").arg(Format::bytes(m_space.whole)));
        break;
    case Step::Checking:
        m_progress->setText(tr("Reading %1…").arg(Format::bytes(m_space.whole)));
        break;
    case Step::Stopping:
        m_progress->setText(tr("Cancelling…"));
        break;
    }
    m_progress->setVisible(m_step != Step::None);
    emit jobChanged(m_progress->text());
}

void DatabaseBlock::askToCompact()
{
    Confirmation::ask(
        this,
        {.title = tr("Compact the database"),
         .heading = tr("Compact the database now?"),
         .text = tr("The gateway pauses until it is done: requests that are running end first, new "
                    "ones are told to come again in a moment. For a while it takes twice the space "
                    "of the database on the disk."),
         .action = tr("Pause and compact")},
        [this] { begin(); });
}

void DatabaseBlock::begin()
{
    m_services.gateway.hold();
    m_step = Step::Waiting;
    m_quietTicks = 0;
    m_idle.start();
    refresh();
}

// No answer ends without its line in the ledger, which cannot be written meanwhile.
void DatabaseBlock::compactWhenIdle()
{
    // Threads tell how many they have a moment later: once is not enough.
    constexpr int quietEnough = 2;
    m_quietTicks = m_services.gateway.inFlight() > 0 ? 0 : m_quietTicks + 1;
    if (m_quietTicks < quietEnough)
        return refresh();
    m_idle.stop();
    m_step = Step::Compacting;
    refresh();
    m_services.administration.maintenance.compact().then(
        &m_services.gateway,
        [block = QPointer<DatabaseBlock>(this),
         gateway = &m_services.gateway](const Result<DatabaseSpace> &outcome) {
            gateway->release();
            if (block)
                block->finish(outcome);
        });
}

// SQLite takes back what it has begun: the file is as it was.
void DatabaseBlock::cancel()
{
    if (m_step == Step::Waiting)
        return stopWaiting();
    m_step = Step::Stopping;
    refresh();
    m_services.administration.maintenance.cancel();
}

void DatabaseBlock::stopWaiting()
{
    m_idle.stop();
    m_step = Step::None;
    m_services.gateway.release();
    refresh();
}

void DatabaseBlock::finish(const Result<DatabaseSpace> &outcome)
{
    m_step = Step::None;
    if (!outcome && outcome.error().code == base::ErrorCode::Cancelled) {
        emit failed(LiveText());
        emit noticeRaised([] { return tr("Cancelled. The database is as it was."); });
        return refresh();
    }
    emit failed(outcome ? LiveText() : outcome.error().message);
    if (outcome) {
        const qint64 gained = m_space.whole - outcome->whole;
        m_space = *outcome;
        emit noticeRaised([gained] {
            return gained > 0 ? tr("The database is smaller by %1.").arg(Format::bytes(gained))
                              : tr("The database was compact already.");
        });
    }
    refresh();
}

void DatabaseBlock::check()
{
    m_step = Step::Checking;
    refresh();
    admin::whenDone(
        m_services.administration.maintenance.check(), this, [this](const Result<> &outcome) {
            m_step = Step::None;
            const bool isCancelled = !outcome && outcome.error().code == base::ErrorCode::Cancelled;
            emit failed(outcome || isCancelled ? LiveText() : outcome.error().message);
            if (isCancelled)
                emit noticeRaised([] { return tr("The check was cancelled."); });
            else if (outcome)
                emit noticeRaised([] { return tr("The database is whole."); });
            refresh();
        });
}

} // namespace gatehouse::ui
