#include "settings/restartbar.h"

#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::GatewayState;
using std::chrono::milliseconds;

RestartBar::RestartBar(const Services &services, SettingsStore &store, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_store(store)
    , m_icon(new QLabel(this))
    , m_text(new SecondaryLabel(TextRole::BodyStrong, this))
    , m_note(new SecondaryLabel(TextRole::Body, this))
    , m_discard(new QPushButton(this))
    , m_apply(new QPushButton(this))
{
    m_text->setPlain(true);
    m_apply->setDefault(true);
    m_discard->setAutoDefault(false);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::px(16), Theme::px(9), Theme::px(16), Theme::px(9));
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_icon);
    layout->addWidget(m_text);
    layout->addWidget(m_note, 1);
    layout->addWidget(m_discard);
    layout->addWidget(m_apply);
    connect(m_discard, &QPushButton::clicked, this, &RestartBar::discardRequested);
    connect(m_apply, &QPushButton::clicked, this, &RestartBar::applyRequested);
    connect(&store, &SettingsStore::changed, this, &RestartBar::refresh);
    connect(&services.gateway, &admin::GatewayControl::stateChanged, this, &RestartBar::refresh);
    constexpr std::chrono::seconds between(1);
    m_timer.setInterval(between);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (isVisible())
            setTexts();
    });
    m_timer.start();
    (new Translated(this))->add([this] { refresh(); });
}

void RestartBar::refresh()
{
    const bool waits = !m_store.waiting().isEmpty() || m_services.gateway.needsRestart();
    m_discard->setVisible(!m_store.waiting().isEmpty());
    setVisible(waits);
    setTexts();
}

void RestartBar::setTexts()
{
    const GatewayState state = m_services.gateway.state();
    const bool stands = state == GatewayState::Stopped || state == GatewayState::Failed;
    const auto changes = static_cast<int>(m_store.waiting().size());
    const auto inFlight = static_cast<int>(m_services.gateway.inFlight());
    m_icon->setPixmap(iconPixmap(
        u"refresh-cw"_s, Theme::px(navigationIcon), devicePixelRatioF(), Theme::current().link));
    m_discard->setText(tr("Discard"));
    m_text->setText(changes == 1 ? tr("One change waits for a restart of the listener.")
                    : changes > 0
                        ? tr("%n changes wait for a restart of the listener.", nullptr, changes)
                        : tr("Stored changes wait for a restart of the listener."));
    m_apply->setText(state == GatewayState::Stopped ? tr("Apply")
                                                    : tr("Apply && restart listener"));
    m_apply->setAccessibleName(m_apply->text().replace(u"&&"_s, u"&"_s));
    m_note->setText(stands || inFlight == 0 ? QString() : graceText(inFlight));
}

QString RestartBar::graceText(int inFlight) const
{
    const auto catalog = m_services.administration.publisher.catalog();
    const auto grace = catalog ? catalog->settings().server.gracePeriod : milliseconds(0);
    if (grace <= milliseconds(0))
        return tr("The %n requests in flight are broken off.", nullptr, inFlight);
    const auto length = std::chrono::duration_cast<std::chrono::seconds>(grace);
    return tr("The %n requests in flight have %1 to finish.", nullptr, inFlight)
        .arg(Format::duration(length));
}

void RestartBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().window);
    painter.fillRect(QRect(0, 0, width(), 1), Theme::current().edge);
}

void RestartBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setTexts();
}

} // namespace gatehouse::ui
