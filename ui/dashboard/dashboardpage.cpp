#include "dashboard/dashboardpage.h"

#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "charts/timeserieschart.h"
#include "dashboard/attentionpanel.h"
#include "dashboard/bottompanel.h"
#include "dashboard/chartpanel.h"
#include "dashboard/healthpanel.h"
#include "dashboard/rankingpanel.h"
#include "dashboard/tilestrip.h"
#include "domain/filterquery.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/dialogs/rangedialog.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/losttext.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/secondarylabel.h"
#include "widgets/uistate.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView compareKey("dashboard/compare");
constexpr QLatin1StringView tableKey("dashboard/table");
constexpr QLatin1StringView logarithmicKey("dashboard/logarithmic");

} // namespace

DashboardPage::DashboardPage(const Services &services, QWidget *parent)
    : Page(PageId::Dashboard, services, parent)
    , m_span(TimeSpan::restored(services.state))
{
    makeActions();
    build();
    connectParts();
    texts().add([this] { setTexts(); });
    setCompared(m_compare->isChecked());
    updateChecklist();
}

void DashboardPage::makeActions()
{
    UiState &state = services().state;
    const auto toggle = [this, &state](const ActionDescription &description,
                                       QLatin1StringView key,
                                       bool initially,
                                       std::function<void(bool)> change) {
        QAction *action = addPageAction(description, [] {});
        action->setCheckable(true);
        action->setChecked(state.value(key, initially).toBool());
        connect(action, &QAction::toggled, this, [&state, key, change](bool on) {
            state.setValue(key, on);
            change(on);
        });
        return action;
    };
    m_custom = addPageAction({.name = "dashboard.range",
                              .icon = u"calendar"_s,
                              .text = [] { return tr("&Time range…"); }},
                             [this] { chooseRange(); });
    m_compare = toggle(
        {.name = "dashboard.compare", .text = [] { return tr("&Compare with the time before"); }},
        compareKey,
        true,
        [this](bool on) { setCompared(on); });
    addSeparatorAction();
    m_table =
        toggle({.name = "dashboard.table", .text = [] { return tr("View the chart as a &table"); }},
               tableKey,
               false,
               [this](bool on) { m_chart->chart().setTableShown(on); });
    m_logarithmic =
        toggle({.name = "dashboard.logarithmic", .text = [] { return tr("&Logarithmic latency"); }},
               logarithmicKey,
               false,
               [this](bool on) {
                   m_chart->chart().setLogarithmic(on && m_chart->kind() == ChartKind::Latency);
               });
    addSeparatorAction();
    addPageAction({.name = "dashboard.export",
                   .icon = u"download"_s,
                   .shortcut = QKeySequence(u"Ctrl+E"_s),
                   .text = [] { return tr("E&xport the chart…"); }},
                  [this] { exportChart(); });
    addPageAction({.name = "dashboard.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void DashboardPage::build()
{
    m_header = new PageHeader(this);
    m_comparison = new SecondaryLabel(TextRole::Small, m_header);
    m_ranges = new SegmentedControl(m_header);
    m_rangeMenu = makeToolButton(u"chevron-down"_s, tr("More about the time range"), m_header);
    m_messages = new MessageBar(this);
    m_stack = new QStackedWidget(this);
    m_checklist = new Checklist(m_stack);
    auto *menu = new QMenu(m_rangeMenu);
    menu->addActions({m_custom, m_compare});
    m_rangeMenu->setMenu(menu);
    m_rangeMenu->setPopupMode(QToolButton::InstantPopup);
    m_header->addWidget(m_comparison);
    m_header->addWidget(m_ranges);
    m_header->addWidget(m_rangeMenu);
    m_header->setOverflow([this] { return pageActions(); });
    auto *scroll = new QScrollArea(m_stack);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(makeBody());
    scroll->viewport()->setAutoFillBackground(false);
    scroll->widget()->setAutoFillBackground(false);
    m_stack->addWidget(m_checklist);
    m_stack->addWidget(scroll);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_messages);
    layout->addWidget(m_stack, 1);
}

QWidget *DashboardPage::makeBody()
{
    auto *body = new QWidget;
    m_tiles = new TileStrip(body);
    m_health = new HealthPanel(body);
    m_chart = new ChartPanel(services().state, body);
    m_chart->chart().setTableShown(m_table->isChecked());
    m_chart->chart().setViewActions([this] {
        QList<QAction *> actions{m_table};
        if (m_chart->kind() == ChartKind::Latency)
            actions.append(m_logarithmic);
        return actions;
    });
    auto *layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tiles);
    layout->addWidget(m_health);
    layout->addWidget(m_chart, 1);
    layout->addWidget(makeBottom());
    return body;
}

QWidget *DashboardPage::makeBottom()
{
    auto *bottom = new BottomPanel(this);
    m_first = new RankingPanel(services().state, u"first"_s, admin::RankingKind::Model, bottom);
    m_second = new RankingPanel(services().state, u"second"_s, admin::RankingKind::Token, bottom);
    m_attention = new AttentionPanel(bottom);
    bottom->setParts(m_first, m_second, m_attention);
    return bottom;
}

void DashboardPage::connectParts()
{
    connect(&m_tick, &QTimer::timeout, this, &DashboardPage::tick);
    connect(m_ranges, &SegmentedControl::chosen, this, [this](const QString &id) {
        if (const std::optional<TimeSpan> span = TimeSpan::last(id))
            setSpan(*span);
    });
    connect(m_tiles, &TileStrip::tileActivated, this, &DashboardPage::openTraffic);
    connect(&m_health->grid(), &HealthGrid::channelActivated, this, [this](domain::ChannelId id) {
        openAttempts(id, m_span.id() == u"15m"_s ? u"since:1h"_s : m_span.trafficTerms());
    });
    connect(&m_health->grid(),
            &HealthGrid::timeActivated,
            this,
            [this](domain::ChannelId id, const admin::TimeRange &range) {
                openAttempts(id, trafficTermsOf(range));
            });
    connect(m_chart,
            &ChartPanel::periodActivated,
            this,
            [this](const admin::TimeRange &range, const QString &model) {
                const QString times = trafficTermsOf(range);
                emit navigationRequested(
                    PageId::Traffic,
                    model.isEmpty() ? times
                                    : QString(domain::wholeTerm(u"model"_s, model) % u' ' % times));
            });
    const auto followKind = [this] {
        m_chart->chart().setLogarithmic(m_logarithmic->isChecked()
                                        && m_chart->kind() == ChartKind::Latency);
    };
    connect(m_chart, &ChartPanel::kindChanged, this, followKind);
    connect(m_chart, &ChartPanel::codesWanted, this, &DashboardPage::fetchCodes);
    connect(m_chart, &ChartPanel::modelsWanted, this, [this] {
        if (isActive())
            fetchSeries();
    });
    followKind();
    for (RankingPanel *panel : {m_first, m_second}) {
        connect(panel, &RankingPanel::entryActivated, this, &DashboardPage::openTraffic);
        connect(panel, &RankingPanel::kindChanged, this, [this, panel] { fetchRanking(panel); });
    }
    connect(m_attention, &AttentionPanel::itemActivated, this, &DashboardPage::openItem);
    connect(m_checklist, &Checklist::stepRequested, this, &DashboardPage::openStep);
    connect(m_checklist, &Checklist::skipped, this, [this] {
        services().state.setValue(checklistDoneKey, true);
        updateChecklist();
    });
    connect(&services().administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            [this] {
                if (isActive())
                    fetch();
            });
    connect(&services().administration.backups,
            &admin::BackupService::scheduleFailureChanged,
            this,
            [this] {
                if (isActive())
                    fetch();
            });
    connect(&services().administration.exportWatch, &admin::ExportWatch::changed, this, [this] {
        if (isActive())
            fetch();
    });
    connect(&services().gateway,
            &admin::GatewayControl::addressesChanged,
            this,
            &DashboardPage::followAddress);
    followAddress();
}

void DashboardPage::setTexts()
{
    m_header->setTitle(tr("Dashboard"));
    m_ranges->setAccessibleName(tr("Time range"));
    m_rangeMenu->setAccessibleName(tr("More about the time range"));
    m_rangeMenu->setToolTip(tr("More about the time range"));
    setSegments();
}

// A range of one's own is a segment of its own while it is shown.
void DashboardPage::setSegments()
{
    QList<Segment> segments;
    for (const QString &id : TimeSpan::ids()) {
        const TimeSpan span = TimeSpan::last(id).value_or(TimeSpan());
        segments.append({.id = id, .text = span.label(), .toolTip = span.description()});
    }
    if (m_span.isFixed())
        segments.append(
            {.id = m_span.id(), .text = m_span.label(), .toolTip = m_span.description()});
    m_ranges->setSegments(segments);
    m_ranges->setCurrent(m_span.id());
    m_comparison->setText(m_span.comparison());
}

void DashboardPage::setSpan(const TimeSpan &span)
{
    if (span == m_span)
        return;
    const bool relabel = span.isFixed() || m_span.isFixed();
    m_span = span;
    span.remember(services().state);
    m_chart->chart().resetZoom();
    if (relabel)
        // Not from within the signal of the control, whose buttons are made anew.
        QMetaObject::invokeMethod(this, &DashboardPage::setSegments, Qt::QueuedConnection);
    m_ranges->setCurrent(span.id());
    m_comparison->setText(span.comparison());
    if (isActive())
        fetch();
}

void DashboardPage::setCompared(bool compared)
{
    m_comparison->setVisible(compared);
    m_tiles->setCompared(compared);
}

void DashboardPage::chooseRange()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    auto *dialog = new RangeDialog(m_span.range(now), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNote(tr("What is older than two days is known by whole hours."));
    connect(dialog, &RangeDialog::chosen, this, &DashboardPage::setSpan);
    dialog->open();
}

QList<QWidget *> DashboardPage::panes()
{
    if (m_stack->currentIndex() == 0)
        return {m_checklist};
    return {&m_tiles->tile(Tile::Requests),
            &m_health->grid(),
            &m_chart->chart(),
            &m_first->bars(),
            &m_second->bars(),
            m_attention};
}

void DashboardPage::openTraffic(const QString &terms)
{
    emit navigationRequested(PageId::Traffic,
                             QString(terms % u' ' % m_span.trafficTerms()).trimmed());
}

// How a channel is told by all attempts that it had: what failed may have ended well at another one.
void DashboardPage::openAttempts(domain::ChannelId channel, const QString &times)
{
    const QString number = u'#' + QString::number(channel.value);
    emit navigationRequested(PageId::Traffic,
                             QString(domain::exactTerm(u"tried"_s, number) % u' ' % times));
}

// Those that ended in failure there; `tried:` would mostly find successes.
void DashboardPage::openFailures(domain::ChannelId channel, const QString &times)
{
    const QString number = u'#' + QString::number(channel.value);
    emit navigationRequested(
        PageId::Traffic,
        QString(domain::exactTerm(u"channel"_s, number) % u" status:error " % times));
}

void DashboardPage::openStep(SetupStep step)
{
    switch (step) {
    case SetupStep::Channel:
        emit navigationRequested(PageId::Channels, QString());
        break;
    case SetupStep::Token:
        emit navigationRequested(PageId::Tokens, QString());
        break;
    case SetupStep::Client:
        emit navigationRequested(PageId::Traffic, QString());
        break;
    }
}

void DashboardPage::openItem(const admin::AttentionItem &item)
{
    using Kind = admin::AttentionItem::Kind;
    switch (item.kind) {
    case Kind::KeysRefused:
    case Kind::OutOfCredit:
        emit itemRequested(PageId::Channels, item.channel.value);
        break;
    case Kind::BreakerOpen:
        openFailures(item.channel, u"since:1h"_s);
        break;
    case Kind::BudgetLow:
        if (item.token.isNull()) {
            emit itemRequested(PageId::Users, item.user.value);
            break;
        }
        [[fallthrough]];
    case Kind::TokenExpires:
        emit itemRequested(PageId::Tokens, item.token.value);
        break;
    case Kind::UnpricedModel:
        emit navigationRequested(PageId::Models, u"source:\"no price\""_s);
        break;
    case Kind::BackupFailed:
        emit navigationRequested(PageId::Settings, u"storage.backup_interval"_s);
        break;
    case Kind::KeysLost:
        emit navigationRequested(PageId::Channels,
                                 lostChannelsFilter(services().administration.losses.missing()));
        break;
    case Kind::SecretLost:
    case Kind::ExportFails:
        emit navigationRequested(PageId::Settings, item.name);
        break;
    }
}

} // namespace gatehouse::ui
