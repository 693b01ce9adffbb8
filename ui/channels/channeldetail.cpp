#include "channels/channeldetail.h"

#include "admin/administration.h"
#include "charts/heatstrip.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/detailpane.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QAction>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

// The last hour of the channel.
class StripView : public QWidget
{
public:
    explicit StripView(QWidget *parent)
        : QWidget(parent)
    {
        setMinimumHeight(Theme::px(18));
    }

    void setStrip(const HeatStrip &strip)
    {
        m_strip = strip;
        setAccessibleName(HeatText::summary(strip));
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintHeatStrip(&painter, rect(), m_strip);
    }

private:
    HeatStrip m_strip{};
};

namespace {

QLabel *makeText(QWidget *parent, TextRole role = TextRole::Body)
{
    auto *label = new QLabel(parent);
    label->setFont(Theme::font(role));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QWidget *scrolled(QWidget *content, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(content);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

QVBoxLayout *makeColumn(QWidget *content)
{
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(Theme::px(12), Theme::px(12), Theme::px(12), Theme::px(12));
    layout->setSpacing(Theme::px(8));
    return layout;
}

QString keyStateText(const admin::KeyOverview &key)
{
    switch (key.state) {
    case admin::KeyOverview::State::Usable:
        return ChannelDetail::tr("usable");
    case admin::KeyOverview::State::Resting:
        return ChannelDetail::tr("rests until %1")
            .arg(Format::time(QDateTime::fromMSecsSinceEpoch(key.until)));
    case admin::KeyOverview::State::Refused:
        return ChannelDetail::tr("refused by the provider");
    case admin::KeyOverview::State::NoCredit:
        return ChannelDetail::tr("out of credit");
    case admin::KeyOverview::State::Disabled:
        return ChannelDetail::tr("switched off");
    }
    return {};
}

} // namespace

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
    m_pane->addTool(m_edit);
    m_pane->addTab(tr("Overview"), makeOverview());
    m_pane->addTab(tr("Keys"), makeKeys());
    m_pane->addTab(tr("Models"), makeModels());
    m_pane->setFooter(makeFooter());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pane);
    setMinimumWidth(Theme::px(300));
    (new Translated(this))->add([this] { setTexts(); });
    showNothing(0);
}

QWidget *ChannelDetail::makeOverview()
{
    auto *content = new QWidget(this);
    QVBoxLayout *layout = makeColumn(content);
    m_reason = makeText(content);
    m_stripTitle = makeText(content, TextRole::SmallStrong);
    m_strip = new StripView(content);
    m_failuresTitle = makeText(content, TextRole::SmallStrong);
    m_failures = makeText(content, TextRole::Small);
    m_facts = makeText(content, TextRole::Small);
    layout->addWidget(m_reason);
    layout->addWidget(m_stripTitle);
    layout->addWidget(m_strip);
    layout->addWidget(m_failuresTitle);
    layout->addWidget(m_failures);
    layout->addWidget(m_facts);
    layout->addStretch(1);
    return scrolled(content, this);
}

QWidget *ChannelDetail::makeKeys()
{
    auto *content = new QWidget(this);
    QVBoxLayout *layout = makeColumn(content);
    m_keys = makeText(content);
    layout->addWidget(m_keys);
    layout->addStretch(1);
    return scrolled(content, this);
}

QWidget *ChannelDetail::makeModels()
{
    auto *content = new QWidget(this);
    QVBoxLayout *layout = makeColumn(content);
    m_models = makeText(content);
    layout->addWidget(m_models);
    layout->addStretch(1);
    return scrolled(content, this);
}

QWidget *ChannelDetail::makeFooter()
{
    auto *footer = new QWidget(this);
    auto *layout = new QHBoxLayout(footer);
    layout->setContentsMargins(Theme::px(12), Theme::px(8), Theme::px(12), Theme::px(8));
    layout->setSpacing(Theme::px(8));
    layout->addWidget(makeButton(m_test, footer));
    layout->addWidget(makeButton(m_traffic, footer));
    layout->addStretch(1);
    return footer;
}

void ChannelDetail::setTexts()
{
    m_edit->setText(tr("Edit…"));
    m_test->setText(tr("Test"));
    m_traffic->setText(tr("View traffic"));
    m_pane->setTabTitle(0, tr("Overview"));
    m_pane->setTabTitle(1, tr("Keys"));
    m_pane->setTabTitle(2, tr("Models"));
    m_stripTitle->setText(tr("Last 60 minutes"));
    m_failuresTitle->setText(tr("Recent failures"));
    if (m_hasRow)
        show(m_row);
}

void ChannelDetail::showNothing(int selected)
{
    m_hasRow = false;
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
    m_pane->setTitle(row.channel.name, ChannelColumns::typeText(row.channel.type));
    m_pane->setTile(ChannelColumns::typeText(row.channel.type));
    for (QAction *action : {m_edit, m_test, m_traffic})
        action->setEnabled(true);
    m_reason->setText(ChannelColumns::reasonText(row));
    HeatStrip strip;
    for (const admin::HeatCell &cell : row.overview.minutes) {
        strip.cells.append(
            {.success = cell.requests > 0 ? static_cast<double>(cell.ok) / cell.requests : -1.0,
             .open = cell.breakerOpen});
    }
    m_strip->setStrip(strip);
    m_models->setText(row.channel.models.isEmpty() ? tr("No models are listed.")
                                                   : row.channel.models.join(u'\n'));
    showFacts();
    if (another) {
        m_failures->clear();
        m_keys->clear();
    }
    m_services.administration.statistics.channelDetail(row.channel.id)
        .then(this, [this, id = row.channel.id](const base::Result<admin::ChannelDetail> &detail) {
            showDetail(id, detail);
        });
}

void ChannelDetail::showFacts()
{
    const domain::Channel &channel = m_row.channel;
    QStringList facts{
        tr("Requests go to %1").arg(channel.effectiveBaseUrl()),
        tr("%1 of %2 keys usable").arg(m_row.overview.usableKeys).arg(m_row.overview.keys),
        tr("Priority %1, weight %2").arg(channel.priority).arg(channel.weight),
        tr("Groups: %1").arg(channel.groups.join(u", "_s)),
        tr("Cost: %1 in 24 h, %2 in 30 d")
            .arg(Format::money(m_row.overview.day.cost), Format::money(m_row.overview.monthCost))};
    if (channel.testedAt > 0) {
        facts.append(
            tr("Last test: %1, %2")
                .arg(Format::full(QDateTime::fromSecsSinceEpoch(channel.testedAt)),
                     Format::duration(std::chrono::milliseconds(channel.responseMilliseconds))));
    }
    if (!channel.note.isEmpty())
        facts.append(channel.note);
    m_facts->setText(facts.join(u'\n'));
}

void ChannelDetail::showDetail(domain::ChannelId channel,
                               const base::Result<admin::ChannelDetail> &detail)
{
    if (!m_hasRow || m_row.channel.id != channel) // another one was selected meanwhile
        return;
    if (!detail) {
        m_failures->setText(detail.error().message);
        return;
    }
    QStringList failures;
    constexpr size_t mostShown = 6;
    for (size_t i = 0; i < qMin(mostShown, detail->failures.size()); ++i) {
        const admin::FailureGroup &each = detail->failures[i];
        failures.append(tr("%1  %2 %3, %n times", nullptr, each.count)
                            .arg(Format::time(QDateTime::fromMSecsSinceEpoch(each.latest)))
                            .arg(each.httpStatus)
                            .arg(QString::fromUtf8(each.errorCode)));
    }
    m_failures->setText(failures.isEmpty() ? tr("None in the last 24 hours.")
                                           : failures.join(u'\n'));
    QStringList keys;
    for (const admin::KeyOverview &key : detail->keys) {
        keys.append(tr("…%1: %2").arg(key.suffix.isEmpty() ? QString::number(key.key) : key.suffix,
                                      keyStateText(key)));
    }
    m_keys->setText(keys.isEmpty() ? tr("This channel needs no key.") : keys.join(u'\n'));
}

} // namespace gatehouse::ui
