#include "integration/notifier.h"

#include "integration/desktopnotifications.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr std::chrono::minutes pause(1);
constexpr std::size_t mostLines = 5;

} // namespace

Notifier::Notifier(const base::Clock &clock, Show fallback, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_fallback(std::move(fallback))
    , m_desktop(std::make_unique<DesktopNotifications>())
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Notifier::showDue);
    connect(m_desktop.get(), &DesktopNotifications::activated, this, &Notifier::activated);
    connect(m_desktop.get(), &DesktopNotifications::refused, this, &Notifier::showElsewhere);
}

Notifier::~Notifier() = default;

void Notifier::setEnabled(NotificationKind kind, bool enabled)
{
    Lane &of = lane(kind);
    of.enabled = enabled;
    if (!enabled) {
        of.held.clear();
        of.dropped = 0;
    }
}

bool Notifier::isEnabled(NotificationKind kind) const
{
    return m_lanes.at(static_cast<std::size_t>(kind)).enabled;
}

void Notifier::notify(const Notification &notification)
{
    Lane &of = lane(notification.kind);
    if (!of.enabled)
        return;
    std::erase_if(of.held,
                  [&](const Notification &held) { return held.text == notification.text; });
    if (of.held.size() == mostLines) {
        of.held.erase(of.held.begin());
        ++of.dropped;
    }
    of.held.push_back(notification);
    showDue();
}

void Notifier::showDue()
{
    for (Lane &each : m_lanes) {
        if (isDue(each))
            showHeld(each);
    }
    waitForNext();
}

bool Notifier::isDue(const Lane &lane) const
{
    return !lane.held.empty() && (!lane.shownAt || m_clock.steadyNow() - *lane.shownAt >= pause);
}

// Several become one: the newest, with the text of all.
void Notifier::showHeld(Lane &lane)
{
    Notification notification = lane.held.back();
    QStringList lines;
    for (auto each = lane.held.crbegin(); each != lane.held.crend(); ++each)
        lines.append(each->text);
    if (lane.dropped > 0)
        lines.append(tr("And %n more.", nullptr, static_cast<int>(lane.dropped)));
    notification.text = lines.join(u'\n');
    lane.held.clear();
    lane.dropped = 0;
    lane.shownAt = m_clock.steadyNow();
    show(notification);
}

void Notifier::show(const Notification &notification)
{
    if (m_desktop->isOffered())
        m_desktop->show(notification);
    else
        showElsewhere(notification);
}

void Notifier::showElsewhere(const Notification &notification)
{
    if (!m_fallback)
        return;
    m_shownElsewhere = notification;
    m_fallback(notification.title, notification.text);
}

void Notifier::forgetShown()
{
    m_shownElsewhere.reset();
}

bool Notifier::fallbackClicked()
{
    if (!m_shownElsewhere)
        return false;
    emit activated(m_shownElsewhere->kind, u"default"_s, m_shownElsewhere->subject, {});
    return true;
}

void Notifier::waitForNext()
{
    std::optional<base::SteadyTime> next;
    for (const Lane &each : m_lanes) {
        if (!each.held.empty() && each.shownAt)
            next = std::min(next.value_or(base::SteadyTime::max()), *each.shownAt + pause);
    }
    if (!next)
        return m_timer.stop();
    m_timer.start(std::chrono::ceil<std::chrono::milliseconds>(*next - m_clock.steadyNow()));
}

} // namespace gatehouse::app
