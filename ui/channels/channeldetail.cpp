#include "channels/channeldetail.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "channels/detailtabs.h"
#include "channels/firsttokenchart.h"
#include "charts/gauge.h"
#include "charts/stripview.h"
#include "theme/healthpainter.h"
#include "theme/icons.h"
#include "theme/lettertile.h"
#include "theme/theme.h"
#include "widgets/detailpane.h"
#include "widgets/detailparts.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QAction>
#include <QDateTime>
#include <QLabel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ChannelDetail::ChannelDetail(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_pane(new DetailPane(this))
    , m_edit(new QAction(icon(u"pencil"_s), {}, this))
    , m_test(new QAction(icon(u"plug-zap"_s), {}, this))
    , m_traffic(new QAction(icon(u"activity"_s), {}, this))
{
    connect(m_edit, &QAction::triggered, this, &ChannelDetail::editRequested);
    connect(m_test, &QAction::triggered, this, &ChannelDetail::testRequested);
    connect(m_traffic, &QAction::triggered, this, [this] { emit trafficRequested({}); });
    connect(m_pane, &DetailPane::closeRequested, this, &ChannelDetail::closeRequested);
    connect(m_pane, &DetailPane::currentTabChanged, this, [this](int tab) {
        if (m_hasRow && tab == Overview)
            fetchTimes();
        if (m_hasRow && tab == Routing)
            fetchRouting();
        if (m_hasRow && tab == History)
            fetchHistory();
    });
    m_pane->addTool(m_edit);
    m_pane->addTab(tr("Overview"), makeOverview());
    m_keys = makeFactTab();
    m_models = makeFactTab();
    m_routing = makeFactTab();
    m_advanced = makeFactTab();
    m_pane->addTab(QString(), makeHistory());
    connect(m_history, &FactGrid::doorOpened, this, &ChannelDetail::trafficRequested);
    m_pane->setFooter(makeDetailFooter({m_test, m_traffic, m_edit}, this));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pane);
    setMinimumWidth(Theme::px(300));
    (new Translated(this))->add([this] { setTexts(); });
    showNothing(0);
}

FactGrid *ChannelDetail::makeFactTab()
{
    auto *content = new QWidget(this);
    QVBoxLayout *layout = makeDetailColumn(content);
    auto *facts = new FactGrid(content);
    layout->addWidget(facts);
    layout->addStretch(1);
    m_pane->addTab(QString(), makeDetailScrolled(content, this));
    return facts;
}

QWidget *ChannelDetail::makeOverview()
{
    auto *content = new QWidget(this);
    QVBoxLayout *layout = makeDetailColumn(content);
    m_glyph = new QLabel(content);
    m_reason = new SecondaryLabel(TextRole::Body, content);
    m_reason->setWordWrap(true);
    m_reason->setPlain(true);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_strip = new StripView(content);
    m_firstToken = new FirstTokenChart(content);
    m_failuresTitle = makeDetailTitle(content);
    m_failures = new FactGrid(content);
    m_facts = new FactGrid(content);
    auto *why = new QHBoxLayout;
    why->setSpacing(Theme::px(8));
    why->addWidget(m_glyph, 0, Qt::AlignTop);
    why->addWidget(m_reason, 1);
    layout->addLayout(why);
    layout->addSpacing(Theme::px(4));
    layout->addLayout(makeStripTitle(content));
    layout->addWidget(m_strip);
    layout->addSpacing(Theme::px(4));
    layout->addWidget(m_firstToken);
    layout->addWidget(makeLoad(content));
    layout->addSpacing(Theme::px(4));
    layout->addWidget(m_failuresTitle);
    layout->addWidget(m_failures);
    layout->addWidget(makeDetailLine(content));
    layout->addWidget(m_facts);
    layout->addStretch(1);
    for (const FactGrid *facts : {m_failures, m_facts})
        connect(facts, &FactGrid::doorOpened, this, &ChannelDetail::trafficRequested);
    connect(m_strip, &StripView::cellsActivated, this, &ChannelDetail::openCells);
    connect(m_strip, &StripView::scaleChanged, this, [this] {
        m_stripScale->setText(m_strip->scale());
    });
    connect(
        m_firstToken, &FirstTokenChart::periodActivated, this, &ChannelDetail::attemptsRequested);
    return makeDetailScrolled(content, this);
}

QWidget *ChannelDetail::makeLoad(QWidget *content)
{
    m_load = new QWidget(content);
    m_loadTitle = makeDetailTitle(m_load);
    m_gauge = new Gauge(m_load);
    m_loadText = new SecondaryLabel(TextRole::Caption, m_load);
    auto *layout = new QHBoxLayout(m_load);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_loadTitle);
    layout->addWidget(m_gauge, 1);
    layout->addWidget(m_loadText);
    m_load->hide();
    return m_load;
}

void ChannelDetail::showLoad(int running)
{
    m_row.overview.running = running;
    const int most = m_row.channel.limits.concurrentRequests;
    m_load->setVisible(most > 0);
    if (most <= 0)
        return;
    const bool isFull = running >= most;
    const QString text =
        isFull ? tr("%1 of %2, full", "requests that run, most at once").arg(running).arg(most)
               : tr("%1 of %2", "requests that run, most at once").arg(running).arg(most);
    m_gauge->setValue(std::min(1.0, static_cast<double>(running) / most),
                      text,
                      isFull ? Tone::Caution : Tone::Neutral);
    m_loadText->setText(text);
}

QLayout *ChannelDetail::makeStripTitle(QWidget *content)
{
    m_stripTitle = makeDetailTitle(content);
    m_stripScale = new SecondaryLabel(TextRole::Caption, content);
    auto *layout = new QHBoxLayout;
    layout->addWidget(m_stripTitle, 1);
    layout->addWidget(m_stripScale);
    return layout;
}

void ChannelDetail::openCells(qsizetype first, qsizetype last)
{
    const QList<HeatCell> &cells = m_strip->strip().cells;
    if (first < 0 || last >= cells.size())
        return;
    emit attemptsRequested(
        {.since = cells.at(first).start, .until = cells.at(last).start + cells.at(last).length});
}

QWidget *ChannelDetail::makeHistory()
{
    auto *content = new QWidget(this);
    QVBoxLayout *layout = makeDetailColumn(content);
    m_history = new FactGrid(content);
    m_changesTitle = makeDetailTitle(content);
    m_changes = new FactGrid(content);
    layout->addWidget(m_history);
    layout->addSpacing(Theme::px(4));
    layout->addWidget(m_changesTitle);
    layout->addWidget(m_changes);
    layout->addStretch(1);
    return makeDetailScrolled(content, this);
}

void ChannelDetail::setTexts()
{
    m_edit->setText(tr("Edit…"));
    m_test->setText(tr("Test"));
    m_traffic->setText(tr("View traffic"));
    m_pane->setTabTitle(Overview, tr("Overview"));
    m_pane->setTabTitle(Keys, tr("Keys"));
    m_pane->setTabTitle(Models, tr("Models"));
    m_pane->setTabTitle(Routing, tr("Routing"));
    m_pane->setTabTitle(Advanced, tr("Advanced"));
    m_pane->setTabTitle(History, tr("History"));
    m_stripTitle->setText(tr("Last 60 minutes"));
    m_strip->setSubject(tr("Last 60 minutes"));
    m_stripScale->setText(m_strip->scale());
    m_loadTitle->setText(tr("Running now"));
    m_gauge->setAccessibleName(tr("Running now"));
    m_failuresTitle->setText(tr("Recent failures"));
    m_changesTitle->setText(tr("Changes"));
    if (m_hasRow)
        show(m_row);
    else
        showNothing(m_selected);
}

// So wide that the names of all tabs are seen.
QSize ChannelDetail::sizeHint() const
{
    return {std::max(Theme::px(384), m_pane->tabsWidth()), QWidget::sizeHint().height()};
}

void ChannelDetail::setMenu(std::function<QList<QAction *>()> actions)
{
    m_pane->addMenu(std::move(actions));
}

void ChannelDetail::showTab(Tab tab)
{
    m_pane->setCurrentTab(tab);
}

void ChannelDetail::showNothing(int selected)
{
    m_hasRow = false;
    m_selected = selected;
    m_pane->setTitle(QString());
    m_pane->setTile(QString());
    m_pane->setPlaceholder(selected == 0 ? tr("Select a channel to see its details.")
                                         : tr("%n channels are selected.", nullptr, selected));
    for (QAction *action : {m_edit, m_test, m_traffic})
        action->setEnabled(false);
}

void ChannelDetail::show(const ChannelRow &row)
{
    const bool another = !m_hasRow || m_row.channel.id != row.channel.id;
    m_row = row;
    m_hasRow = true;
    m_pane->setPlaceholder(QString());
    m_pane->setTitle(row.channel.name);
    m_pane->setTile(providerTile(row.channel.type));
    for (QAction *action : {m_edit, m_test, m_traffic})
        action->setEnabled(true);
    showReason(row);
    m_strip->setStrip(ChannelColumns::stripOf(row.overview));
    showLoad(row.overview.running);
    m_facts->setFacts(DetailTabs::overview(row));
    m_models->setFacts(DetailTabs::models(row.channel));
    m_advanced->setFacts(DetailTabs::advanced(row.channel));
    m_history->setFacts(DetailTabs::history(row));
    if (another) {
        m_firstToken->clear();
        m_failures->setFacts({});
        m_keys->setFacts({});
        m_routing->setFacts({});
        m_changes->setFacts({});
    }
    admin::whenDone(m_services.administration.statistics.channelDetail(row.channel.id),
                    this,
                    [this, id = row.channel.id](const base::Result<admin::ChannelDetail> &detail) {
                        showDetail(id, detail);
                    });
    if (m_pane->currentTab() == Overview)
        fetchTimes();
    if (m_pane->currentTab() == Routing)
        fetchRouting();
    if (m_pane->currentTab() == History)
        fetchHistory();
}

// One question at a time.
void ChannelDetail::fetchTimes()
{
    const domain::ChannelId id = m_row.channel.id;
    if (m_asked == id)
        return;
    m_asked = id;
    constexpr qint64 hour = 3'600'000;
    constexpr int minutes = 60;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    admin::whenDone(m_services.administration.statistics.series(
                        {.since = now - hour, .until = now}, minutes, {.channel = id}),
                    this,
                    [this, id](const base::Result<admin::Series> &series) {
                        if (m_asked == id)
                            m_asked = {};
                        if (series && m_hasRow && m_row.channel.id == id)
                            m_firstToken->setSource(*series);
                    });
}

void ChannelDetail::showReason(const ChannelRow &row)
{
    const Cell state = ChannelColumns::healthCell(row);
    const QIcon glyph =
        glyphIcon(state.glyph.value_or(Glyph::Disc), state.tone.value_or(Tone::Neutral));
    const int size = Theme::px(16);
    m_glyph->setPixmap(glyph.pixmap(QSize(size, size), devicePixelRatioF()));
    m_glyph->setAccessibleName(state.text);
    const QString reason = ChannelColumns::reasonText(row);
    // A test and a lack of models are not what the state has been since then.
    const bool isState = state.text == HealthText::word(row.overview.health);
    if (row.overview.since <= 0 || !isState) {
        m_reason->setText(tr("%1: %2").arg(state.text, reason));
        return;
    }
    const QDateTime since = QDateTime::fromMSecsSinceEpoch(row.overview.since);
    m_reason->setText(
        tr("%1 since %2: %3", "state, time, reason")
            .arg(state.text, Format::moment(since, QDateTime::currentDateTime()), reason));
}

void ChannelDetail::showDetail(domain::ChannelId channel,
                               const base::Result<admin::ChannelDetail> &detail)
{
    if (!m_hasRow || m_row.channel.id != channel) // another one was selected meanwhile
        return;
    if (!detail) {
        m_failures->setFacts({{.text = detail.error().message.translated()}});
        return;
    }
    m_failures->setFacts(DetailTabs::failures(*detail, m_row.overview));
    m_keys->setFacts(DetailTabs::keys(*detail, m_row));
}

void ChannelDetail::fetchRouting()
{
    admin::whenDone(
        m_services.administration.routes.servedModels(),
        this,
        [this, id = m_row.channel.id](const base::Result<std::vector<admin::ServedModel>> &served) {
            if (!m_hasRow || m_row.channel.id != id)
                return;
            m_routing->setFacts(served
                                    ? DetailTabs::routing(m_row.channel, *served)
                                    : QList<Fact>{{.text = served.error().message.translated()}});
        });
}

void ChannelDetail::fetchHistory()
{
    constexpr qint64 most = 50;
    const auto page =
        m_services.administration.history.page(m_services.actor,
                                               {.object = domain::HistoryObject::Channel,
                                                .objectId = m_row.channel.id.value,
                                                .limit = most});
    admin::whenDone(
        page, this, [this, id = m_row.channel.id](const base::Result<admin::HistoryPage> &changes) {
            if (!m_hasRow || m_row.channel.id != id)
                return;
            m_changes->setFacts(changes
                                    ? DetailTabs::changes(*changes)
                                    : QList<Fact>{{.text = changes.error().message.translated()}});
        });
}

} // namespace gatehouse::ui
