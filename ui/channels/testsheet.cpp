#include "channels/testsheet.h"

#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "admin/flow.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::TestSubject;

namespace {

// "17 of 20 answered": what came of a run; the kinds of failures are told below the table.
QString summaryOf(const admin::ChannelTestRun &run)
{
    const auto answered = std::count_if(run.outcomes.begin(),
                                        run.outcomes.end(),
                                        [](const auto &outcome) { return outcome.succeeded(); });
    return TestSheet::tr("%1 of %2 answered")
        .arg(Format::count(answered), Format::count(run.total));
}

} // namespace

TestSheet::TestSheet(const Services &services,
                     std::vector<domain::ChannelId> channels,
                     QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_channels(std::move(channels))
    , m_commands(services)
    , m_table(new TestTable(
          TestColumns::columns(services.administration.settings.current().tests.timeout),
          [](const admin::TestStep &row) { return row.number; },
          this))
{
    setWindowTitle(tr("Test channels"));
    build();
    connect(&m_services.tester,
            &admin::ChannelTester::runProgressed,
            this,
            &TestSheet::scheduleRefresh);
    connect(
        &m_services.tester, &admin::ChannelTester::stepBegan, this, &TestSheet::scheduleRefresh);
    connect(&m_services.tester, &admin::ChannelTester::runFinished, this, &TestSheet::refresh);
    // Many tests may end at once; the table is brought up to date for all of them together.
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(100);
    connect(&m_refresh, &QTimer::timeout, this, &TestSheet::refresh);
    m_clock.setInterval(200);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        m_table->refreshColumn(u"time"_s);
        if (const auto run = m_services.tester.latestRun())
            showTime(*run);
    });
    refreshForecast();
    refresh();
}

void TestSheet::build()
{
    m_view = new TableView(this, Density::Log);
    auto *sorted = new TableFilterModel(m_view);
    sorted->setSourceModel(m_table);
    m_view->setModel(sorted);
    m_view->setAccessibleName(tr("Results"));
    m_view->setItemDelegateForColumn(m_table->columnOf(u"time"_s), new TestTimeDelegate(m_view));
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        emit channelRequested(m_table->row(source.row()).channel);
        accept();
    });
    auto *top = new QVBoxLayout;
    top->setContentsMargins(Theme::px(16), Theme::px(12), Theme::px(16), Theme::px(10));
    top->setSpacing(Theme::px(8));
    top->addLayout(makeChoices());
    top->addLayout(makeProgress());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);
    layout->addLayout(makeSums());
    layout->addWidget(makeFooter());
    resize(Theme::px(836), Theme::px(580));
}

QLayout *TestSheet::makeChoices()
{
    m_subject = new QComboBox(this);
    m_subject->addItem(tr("one model"), static_cast<int>(TestSubject::OneModel));
    m_subject->addItem(tr("all models"), static_cast<int>(TestSubject::AllModels));
    m_subject->addItem(tr("the list of models"), static_cast<int>(TestSubject::Listing));
    m_subject->setAccessibleName(tr("What is tested"));
    m_eachKey = new QCheckBox(tr("With each key"), this);
    m_disabled = new QCheckBox(tr("Disabled channels too"), this);
    m_disabled->setVisible(m_channels.empty());
    m_forecast = new SecondaryLabel(TextRole::Small, this);
    auto *label = new QLabel(
        m_channels.empty()
            ? tr("Test")
            : tr("Test of %n selected channels", nullptr, static_cast<int>(m_channels.size())),
        this);
    label->setBuddy(m_subject);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(10));
    line->addWidget(label);
    line->addWidget(m_subject);
    line->addWidget(m_eachKey);
    line->addWidget(m_disabled);
    line->addStretch(1);
    auto *column = new QVBoxLayout;
    column->setSpacing(Theme::px(6));
    column->addLayout(line);
    column->addWidget(m_forecast);
    connect(m_subject, &QComboBox::currentIndexChanged, this, &TestSheet::refreshForecast);
    connect(m_eachKey, &QCheckBox::toggled, this, &TestSheet::refreshForecast);
    connect(m_disabled, &QCheckBox::toggled, this, &TestSheet::refreshForecast);
    return column;
}

QLayout *TestSheet::makeProgress()
{
    m_done = new SecondaryLabel(TextRole::BodyStrong, this);
    m_done->setPlain(true);
    m_elapsed = new SecondaryLabel(TextRole::Small, this);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    auto *words = new QHBoxLayout;
    words->addWidget(m_done, 1);
    words->addWidget(m_elapsed);
    auto *column = new QVBoxLayout;
    column->setSpacing(Theme::px(4));
    column->addLayout(words);
    column->addWidget(m_progress);
    return column;
}

QLayout *TestSheet::makeSums()
{
    m_sums = new VerdictSums(this);
    m_note = new SecondaryLabel(TextRole::Small, this);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(Theme::px(16), Theme::px(5), Theme::px(16), Theme::px(5));
    line->setSpacing(Theme::px(12));
    line->addWidget(m_sums, 1);
    line->addWidget(m_note);
    return line;
}

QWidget *TestSheet::makeFooter()
{
    auto *footer = new DialogFooter(this);
    m_disable = new QPushButton(tr("Disable failed"), footer);
    m_retry = new QPushButton(icon(u"refresh-cw"_s), tr("Retry failed"), footer);
    m_copy = new QPushButton(icon(u"copy"_s), tr("Copy report"), footer);
    for (QPushButton *button : {m_disable, m_retry, m_copy}) {
        button->setAutoDefault(false);
        footer->addLeft(button);
    }
    m_disable->setToolTip(
        tr("Switches off the keys that failed, and channels of which no key is left."));
    m_start = footer->addButton(tr("Start"), QDialogButtonBox::ActionRole);
    m_stop = footer->addButton(tr("Stop"), QDialogButtonBox::ActionRole);
    m_stop->setIcon(icon(u"square"_s));
    footer->addButton(QDialogButtonBox::Close);
    connect(m_start, &QPushButton::clicked, this, &TestSheet::start);
    connect(m_stop, &QPushButton::clicked, this, &TestSheet::stop);
    connect(m_retry, &QPushButton::clicked, this, &TestSheet::retryFailed);
    connect(m_disable, &QPushButton::clicked, this, &TestSheet::disableFailed);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (const auto run = m_services.tester.latestRun())
            copyText(TestColumns::report(*run));
    });
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    return footer;
}

admin::TestPlan TestSheet::plan() const
{
    return {.scope = m_disabled->isChecked() ? admin::TestScope::All : admin::TestScope::Enabled,
            .subject = static_cast<TestSubject>(m_subject->currentData().toInt()),
            .eachKey = m_eachKey->isChecked(),
            .channels = m_channels};
}

// What it would be, before a person starts it.
void TestSheet::refreshForecast()
{
    const admin::TestForecast forecast = m_services.tester.forecast(plan());
    QStringList parts{tr("%n channels", nullptr, forecast.channels)};
    if (forecast.keys > 0)
        parts.append(tr("%n keys", nullptr, forecast.keys));
    parts.append(tr("%n tests", nullptr, forecast.tests));
    if (forecast.tests == 0)
        parts = {tr("There is nothing to test.")};
    else if (m_subject->currentData().toInt() == static_cast<int>(TestSubject::Listing))
        parts.append(tr("they cost nothing"));
    else if (forecast.cost.nanoDollars > 0)
        parts.append(tr("at most about %1").arg(Format::money(forecast.cost, 4)));
    else if (forecast.unpriced == 0)
        parts.append(tr("they cost nothing"));
    if (forecast.unpriced > 0)
        parts.append(tr("%n without a price", nullptr, forecast.unpriced));
    m_forecast->setText(parts.join(u" · "_s));
    const auto run = m_services.tester.latestRun();
    m_start->setEnabled(forecast.tests > 0 && (!run || !run->isRunning()));
}

void TestSheet::start()
{
    m_note->setText(QString());
    admin::whenDone(m_services.tester.startRun(plan()),
                    this,
                    [this](const base::Result<admin::ChannelTestStart> &start) {
                        if (!start)
                            m_note->setText(start.error().message.translated());
                        else if (!start->started)
                            m_note->setText(tr("Another run is under way; it is shown here."));
                        refresh();
                    });
}

void TestSheet::scheduleRefresh()
{
    if (!m_refresh.isActive())
        m_refresh.start();
}

void TestSheet::refresh()
{
    const std::optional<admin::ChannelTestRun> run = m_services.tester.latestRun();
    const bool running = run && run->isRunning();
    for (QWidget *choice : {static_cast<QWidget *>(m_subject),
                            static_cast<QWidget *>(m_eachKey),
                            static_cast<QWidget *>(m_disabled)})
        choice->setEnabled(!running);
    m_start->setVisible(!running);
    m_stop->setVisible(running);
    m_stop->setEnabled(running && !run->cancelled);
    // While it runs nothing is the obvious next step.
    m_start->setDefault(!running);
    m_start->setText(run ? tr("Test again") : tr("Start"));
    refreshForecast();
    m_copy->setEnabled(run && run->done() > 0);
    const bool anyFailed = run && !running && !failed().empty();
    m_retry->setEnabled(anyFailed);
    m_disable->setEnabled(anyFailed && m_disabledRun != run->id
                          && !admin::failedKeys(run->steps).isEmpty());
    if (running && !m_clock.isActive())
        m_clock.start();
    else if (!running)
        m_clock.stop();
    m_progress->setVisible(run.has_value());
    if (!run) {
        m_done->setText(tr("Nothing was tested since the start of the program."));
        return;
    }
    m_table->setRows(run->steps);
    m_progress->setRange(0, qMax(1, run->total));
    m_progress->setValue(run->done());
    QString words = tr("%1 of %2 done").arg(run->done()).arg(run->total);
    if (run->cancelled)
        words = running ? tr("Stopping, %1").arg(words) : tr("Stopped");
    else if (!running)
        words = summaryOf(*run);
    m_done->setText(words);
    m_sums->show(verdictsOf(*run));
    if (running)
        m_note->setText(tr("You may close this; the test goes on."));
    else if (m_note->text() == tr("You may close this; the test goes on."))
        m_note->setText(QString());
    showTime(*run);
}

void TestSheet::showTime(const admin::ChannelTestRun &run)
{
    const qint64 until = run.isRunning() ? QDateTime::currentSecsSinceEpoch() : run.finishedAt;
    const qint64 seconds = qMax<qint64>(0, until - run.startedAt);
    m_elapsed->setText(seconds > 0 ? Format::duration(std::chrono::seconds(seconds)) : QString());
}

void TestSheet::stop()
{
    if (const std::optional<admin::ChannelTestRun> run = m_services.tester.latestRun())
        m_services.tester.cancelRun(run->id);
    refresh();
}

void TestSheet::retryFailed()
{
    m_disabledRun = 0;
    m_note->setText(QString());
    m_services.tester.retryFailed();
    refresh();
}

std::vector<admin::TestStep> TestSheet::failed() const
{
    std::vector<admin::TestStep> steps;
    const std::optional<admin::ChannelTestRun> run = m_services.tester.latestRun();
    if (!run)
        return steps;
    std::copy_if(run->steps.begin(),
                 run->steps.end(),
                 std::back_inserter(steps),
                 [](const admin::TestStep &step) { return step.outcome.hasFailed(); });
    return steps;
}

void TestSheet::disableFailed()
{
    const auto run = m_services.tester.latestRun();
    if (!run)
        return;
    m_disable->setEnabled(false);
    m_disabledRun = run->id;
    admin::whenDone(
        m_commands.disableFailed(run->steps), this, [this](const base::Result<> &outcome) {
            m_note->setText(outcome ? tr("What failed is switched off.")
                                    : outcome.error().message.translated());
            if (!outcome)
                m_disabledRun = 0;
            refresh();
        });
}

} // namespace gatehouse::ui
