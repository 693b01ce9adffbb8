#include "frame/statusheader.h"

#include "admin/administration.h"
#include "frame/headerbuttons.h"
#include "frame/statetext.h"
#include "theme/healthpainter.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/uistate.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

const QString commandKeys = u"Ctrl+K"_s; // as in the menu Tools

} // namespace

// The glyph and the word for the gateway's state.
class StateLabel : public QWidget
{
public:
    using QWidget::QWidget;

    void show(domain::Health glyph, const QString &text)
    {
        m_glyph = glyph;
        m_text = text;
        setAccessibleName(text);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const int size = Theme::px(14);
        const int left = Theme::px(20);
        paintHealth(&painter, QRectF(left, (height() - size) / 2.0, size, size), m_glyph);
        painter.setFont(Theme::font(TextRole::BodyStrong));
        painter.setPen(Theme::current().text);
        painter.drawText(
            rect().adjusted(left + size + Theme::px(6), 0, 0, 0), Qt::AlignVCenter, m_text);
    }

private:
    domain::Health m_glyph = domain::Health::Disabled;
    QString m_text{};
};

StatusHeader::StatusHeader(const Services &services, QMenu *power, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_state(new StateLabel(this))
    , m_address(new AddressField(this))
    , m_spark(new SparklineWidget(this))
    , m_requests(makeFigure(u"since:1min"_s))
    , m_streams(makeFigure(u"status:running"_s))
    , m_cost(makeFigure(u"since:today"_s))
    , m_job(new JobChip(this))
    , m_command(new CommandField(this))
    , m_power(new QToolButton(this))
{
    build(power);
    connect(m_job, &JobChip::clicked, this, &StatusHeader::jobClicked);
    connect(m_address, &AddressField::chosen, this, [this](const QString &url) {
        chooseAddress(m_services, url);
    });
    connect(m_command, &QToolButton::clicked, this, &StatusHeader::commandRequested);
    connect(
        &m_services.gateway, &admin::GatewayControl::stateChanged, this, &StatusHeader::showState);
    connect(&m_services.gateway,
            &admin::GatewayControl::addressesChanged,
            this,
            &StatusHeader::showState);
    constexpr int refreshInterval = 1000;
    m_timer.setInterval(refreshInterval);
    connect(&m_timer, &QTimer::timeout, this, &StatusHeader::refresh);
    (new Translated(this))->add([this] { setTexts(); });
}

FigureButton *StatusHeader::makeFigure(const QString &filter)
{
    auto *button = new FigureButton(this);
    connect(button, &QToolButton::clicked, this, [this, filter] { emit trafficRequested(filter); });
    return button;
}

void StatusHeader::build(QMenu *power)
{
    setFixedHeight(Theme::px(44));
    m_command->setObjectName(u"commandField"_s);
    m_job->hide();
    m_power->setIcon(icon(u"power"_s));
    m_power->setMenu(power);
    m_power->setPopupMode(QToolButton::InstantPopup);
    m_power->setAutoRaise(true);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, Theme::px(12), 0);
    layout->setSpacing(Theme::px(10));
    layout->addWidget(m_state);
    layout->addWidget(m_address);
    layout->addWidget(m_spark);
    layout->addWidget(m_requests);
    layout->addWidget(m_streams);
    layout->addWidget(m_cost);
    layout->addWidget(m_job);
    layout->addStretch(1);
    layout->addWidget(m_command);
    layout->addWidget(m_power);
    setStateWidth(Theme::px(168));
}

void StatusHeader::setTexts()
{
    m_command->setText(tr("Search or run a command"));
    m_command->setToolTip(
        tr("Finds actions, channels, models, tokens, users, settings and requests"));
    m_command->setAccessibleName(m_command->text());
    m_command->setShortcutText(QKeySequence(commandKeys).toString(QKeySequence::NativeText));
    if (isVisible())
        shed();
    m_power->setToolTip(tr("Start, stop or pause the gateway"));
    m_power->setAccessibleName(m_power->toolTip());
    m_spark->setAccessibleName(tr("Requests of the last eleven minutes"));
    showState();
    refresh();
}

void StatusHeader::setStateWidth(int width)
{
    m_state->setFixedWidth(width);
}

void StatusHeader::showState()
{
    const admin::GatewayState state = m_services.gateway.state();
    const QStringList &lost = m_services.gateway.lostAddresses();
    const QStringList &ports = m_services.gateway.lostPorts();
    const bool isPartial =
        state == admin::GatewayState::Running && !(lost.isEmpty() && ports.isEmpty());
    m_state->show(isPartial ? domain::Health::Degraded : stateGlyph(state),
                  isPartial ? tr("Running in part") : stateText(state));
    QStringList reasons;
    if (isPartial && !lost.isEmpty())
        reasons.append(tr("This computer does not have %1 at the moment.").arg(lost.join(u", "_s)));
    if (isPartial && !ports.isEmpty())
        reasons.append(tr("Another program has taken %1. It is tried again until it is free.")
                           .arg(ports.join(u", "_s)));
    m_state->setToolTip(reasons.join(u'\n'));
    m_address->setAddresses(m_services.gateway.addresses(),
                            m_services.state.value(chosenAddressKey).toString());
}

void StatusHeader::setJob(const QString &text)
{
    m_job->setText(text);
    m_job->setVisible(!text.isEmpty());
}

void StatusHeader::setActive(bool active)
{
    if (!active)
        return m_timer.stop();
    refresh();
    m_timer.start();
}

void StatusHeader::refresh()
{
    const admin::LiveFigures live = m_services.administration.statistics.live();
    Sparkline line;
    for (const int value : live.sparkline)
        line.values.append(value);
    m_spark->setLine(line);
    m_requests->setText(tr("%n req/min", nullptr, live.requestsInLastMinute));
    m_requests->setToolTip(tr("Requests of the last minute. Click to see them."));
    m_streams->setText(tr("%n in flight", nullptr, live.inFlight));
    m_streams->setToolTip(tr("Requests that are being served now. Click to see them."));
    m_cost->setText(tr("%1 today").arg(Format::money(live.costToday)));
    m_cost->setToolTip(tr("What today's requests cost. Click to see them."));
}

// What has no room is left out, in the order of its worth.
void StatusHeader::shed()
{
    // The widths below count a search field of this size, which follows its text.
    constexpr int usualField = 252;
    const int room = width() - std::max(0, m_command->wholeWidth() - Theme::px(usualField));
    m_spark->setVisible(room >= Theme::px(1060));
    m_streams->setVisible(room >= Theme::px(1010));
    const bool wide = room >= Theme::px(900);
    m_command->setWide(wide);
}

void StatusHeader::resizeEvent(QResizeEvent *event)
{
    shed();
    QWidget::resizeEvent(event);
}

void StatusHeader::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().window);
    painter.fillRect(QRect(0, height() - 1, width(), 1), Theme::current().line);
}

} // namespace gatehouse::ui
