#include "channels/testsheet.h"

#include "admin/administration.h"
#include "admin/channeltester.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/dialogfooter.h"
#include "widgets/format.h"
#include "widgets/tableview.h"
#include "widgets/undostack.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

class Texts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TestSheet)
};

using State = admin::ChannelTestOutcome::State;

Cell stateCell(const admin::ChannelTestOutcome &outcome)
{
    switch (outcome.state) {
    case State::Answered:
        if (outcome.slow)
            return {.text = Texts::tr("Slow"), .glyph = Glyph::HalfDisc, .tone = Tone::Caution};
        return {
            .text = Texts::tr("Answered"), .glyph = Glyph::Tick, .tone = Tone::Good, .plain = true};
    case State::Refused: {
        const bool keyRefused = outcome.httpStatus == 401 || outcome.httpStatus == 403;
        return {.text = Texts::tr("Refused"),
                .suffix = QString::number(outcome.httpStatus),
                .glyph = keyRefused ? Glyph::Key : Glyph::Cross,
                .tone = keyRefused ? Tone::Action : Tone::Failure};
    }
    case State::Failed:
        return {.text = Texts::tr("Failed"),
                .suffix = outcome.stage,
                .glyph = Glyph::Cross,
                .tone = Tone::Failure};
    case State::NotTested:
        return {.text = Texts::tr("Not tested"), .glyph = Glyph::Barred, .tone = Tone::Neutral};
    }
    return {};
}

std::vector<Column<admin::ChannelTestOutcome>> testColumns()
{
    using Row = admin::ChannelTestOutcome;
    std::vector<Column<Row>> columns;
    columns.push_back(
        {.traits = {.key = u"status"_s, .title = [] { return Texts::tr("Result"); }, .width = 130},
         .cell = stateCell});
    columns.push_back({.traits = {.key = u"channel"_s,
                                  .title = [] { return Texts::tr("Channel"); },
                                  .width = 170},
                       .cell = [](const Row &row) { return Cell::of(row.channelName); }});
    columns.push_back(
        {.traits = {.key = u"model"_s, .title = [] { return Texts::tr("Model"); }, .width = 150},
         .cell = [](const Row &row) { return Cell{.text = row.model, .elide = Qt::ElideMiddle}; }});
    columns.push_back(
        {.traits = {.key = u"time"_s,
                    .title = [] { return Texts::tr("Time"); },
                    .kind = ColumnKind::Number,
                    .width = 76},
         .cell =
             [](const Row &row) {
                 return row.elapsed.count() > 0 ? Cell::of(Format::duration(row.elapsed))
                                                : Cell::absent();
             },
         .sort =
             [](const Row &row) { return QVariant(static_cast<qint64>(row.elapsed.count())); }});
    columns.push_back({.traits = {.key = u"text"_s,
                                  .title = [] { return Texts::tr("What was answered"); },
                                  .width = 260,
                                  .stretch = true},
                       .cell = [](const Row &row) {
                           QString text = row.text;
                           if (!row.errorCode.isEmpty())
                               text =
                                   Texts::tr("%1: %2").arg(QString::fromUtf8(row.errorCode), text);
                           return Cell{.text = text.simplified(),
                                       .toolTip = row.text.left(2000),
                                       .secondary = row.succeeded()};
                       }});
    return columns;
}

} // namespace

TestSheet::TestSheet(const Services &services, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_table(new TestTable(
          testColumns(),
          [](const admin::ChannelTestOutcome &row) { return row.channel.value; },
          this))
{
    setWindowTitle(tr("Test all channels"));
    build();
    connect(&m_services.tester, &admin::ChannelTester::runProgressed, this, &TestSheet::refresh);
    connect(&m_services.tester, &admin::ChannelTester::runFinished, this, &TestSheet::refresh);
    refresh();
}

void TestSheet::build()
{
    m_view = new TableView(this, Density::Log);
    m_view->setModel(m_table);
    m_view->setAccessibleName(tr("Results"));
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_summary = new QLabel(this);
    auto *footer = new DialogFooter(this);
    m_copy = footer->addButton(tr("Copy report"), QDialogButtonBox::ActionRole);
    m_disable = footer->addButton(tr("Disable failed"), QDialogButtonBox::ActionRole);
    m_retry = footer->addButton(tr("Retry failed"), QDialogButtonBox::ActionRole);
    m_stop = footer->addButton(tr("Stop"), QDialogButtonBox::DestructiveRole);
    footer->addButton(QDialogButtonBox::Close);
    footer->setNote(tr("It goes on when this is closed."));
    connect(m_copy, &QPushButton::clicked, this, &TestSheet::copyReport);
    connect(m_disable, &QPushButton::clicked, this, &TestSheet::disableFailed);
    connect(m_retry, &QPushButton::clicked, this, &TestSheet::retryFailed);
    connect(m_stop, &QPushButton::clicked, this, &TestSheet::stop);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        emit channelRequested(m_table->row(source.row()).channel);
        accept();
    });

    auto *top = new QVBoxLayout;
    top->setContentsMargins(Theme::px(20), Theme::px(16), Theme::px(20), Theme::px(12));
    top->setSpacing(Theme::px(8));
    top->addWidget(m_summary);
    top->addWidget(m_progress);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);
    layout->addWidget(footer);
    resize(Theme::px(860), Theme::px(520));
}

void TestSheet::refresh()
{
    const std::optional<admin::ChannelTestRun> run = m_services.tester.latestRun();
    if (!run)
        return;
    m_table->setRows(run->outcomes);
    m_progress->setRange(0, qMax(1, run->total));
    m_progress->setValue(run->done());
    m_stop->setEnabled(run->isRunning());
    const bool anyFailed = !failed().empty();
    m_disable->setEnabled(!run->isRunning() && anyFailed);
    m_retry->setEnabled(!run->isRunning() && anyFailed);
    m_copy->setEnabled(run->done() > 0);
    updateSummary(*run);
}

void TestSheet::updateSummary(const admin::ChannelTestRun &run)
{
    int ok = 0;
    int refused = 0;
    int broken = 0;
    for (const admin::ChannelTestOutcome &outcome : run.outcomes) {
        ok += outcome.state == State::Answered ? 1 : 0;
        refused += outcome.state == State::Refused ? 1 : 0;
        broken += outcome.state == State::Failed ? 1 : 0;
    }
    QStringList parts{tr("%1 of %2 tested").arg(run.done()).arg(run.total),
                      tr("%n answered", nullptr, ok)};
    if (refused > 0)
        parts.append(tr("%n refused", nullptr, refused));
    if (broken > 0)
        parts.append(tr("%n failed", nullptr, broken));
    if (run.cancelled)
        parts.append(tr("stopped"));
    m_summary->setText(parts.join(u" · "_s));
}

QString TestSheet::outcomeText(const admin::ChannelTestOutcome &outcome)
{
    switch (outcome.state) {
    case State::Answered:
        return tr("answered in %1").arg(Format::duration(outcome.elapsed));
    case State::Refused:
        return tr("the provider answered %1: %2").arg(outcome.httpStatus).arg(outcome.text);
    case State::Failed:
    case State::NotTested:
        return outcome.text;
    }
    return {};
}

void TestSheet::stop()
{
    if (const std::optional<admin::ChannelTestRun> run = m_services.tester.latestRun())
        m_services.tester.cancelRun(run->id);
}

std::vector<domain::ChannelId> TestSheet::failed() const
{
    std::vector<domain::ChannelId> ids;
    for (const admin::ChannelTestOutcome &outcome : m_table->rows()) {
        if (outcome.state == State::Refused || outcome.state == State::Failed)
            ids.push_back(outcome.channel);
    }
    return ids;
}

void TestSheet::disableFailed()
{
    const std::vector<domain::ChannelId> ids = failed();
    admin::ChannelService &channels = m_services.administration.channels;
    const auto former = std::make_shared<std::vector<domain::Channel>>();
    const auto disable = [](domain::Channel &channel) -> base::Result<> {
        channel.status = domain::ChannelStatus::DisabledByHand;
        return {};
    };
    const auto keep =
        [former](
            const base::Result<std::vector<admin::ChangedChannel>> &changed) -> base::Result<> {
        if (!changed)
            return base::fail(changed.error());
        former->clear();
        for (const admin::ChangedChannel &each : *changed)
            former->push_back(each.before);
        return {};
    };
    m_services.undo
        .push({.text = tr("Disabled %n channels", nullptr, static_cast<int>(ids.size())),
               .redo =
                   [&channels, ids, disable, keep] {
                       return channels.changeAll(ids, disable).then(keep);
                   },
               .undo =
                   [&channels, former] {
                       return channels.restoreValues(*former).then(
                           [](const base::Result<std::vector<admin::ChangedChannel>> &restored)
                               -> base::Result<> {
                               if (!restored)
                                   return base::fail(restored.error());
                               return {};
                           });
                   }})
        .then(this, [this](const base::Result<> &outcome) {
            m_summary->setText(outcome ? tr("The failed channels are disabled.")
                                       : outcome.error().message);
            m_disable->setEnabled(false);
        });
}

// Each on its own; the row changes when its test ends.
void TestSheet::retryFailed()
{
    m_retry->setEnabled(false);
    for (const domain::ChannelId id : failed()) {
        m_services.tester.test(id, {}).then(
            this, [this](const base::Result<admin::ChannelTestOutcome> &outcome) {
                if (!outcome)
                    m_summary->setText(outcome.error().message);
                else
                    m_table->setRow(*outcome);
                m_retry->setEnabled(!failed().empty());
            });
    }
}

void TestSheet::copyReport() const
{
    QStringList lines{m_summary->text()};
    for (const admin::ChannelTestOutcome &outcome : m_table->rows()) {
        lines.append(u"%1\t%2\t%3"_s.arg(outcome.channelName, outcome.model, outcomeText(outcome)));
    }
    copyText(lines.join(u'\n'));
}

} // namespace gatehouse::ui
