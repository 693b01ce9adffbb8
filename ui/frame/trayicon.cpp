#include "frame/trayicon.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "channels/channelcommands.h"
#include "frame/addressfield.h"
#include "frame/gatewayactions.h"
#include "frame/statetext.h"
#include "frame/traychannel.h"
#include "theme/healthpainter.h"
#include "theme/icons.h"
#include "widgets/format.h"
#include "widgets/page.h"
#include "widgets/uistate.h"

#include <QActionGroup>
#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QUrl>

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int mostChannels = 10;
constexpr int mostFailures = 5;
constexpr size_t mostModels = 20;
const QString defaultModelKey = u"relay.default_model"_s;

QString shortened(const QString &text)
{
    constexpr qsizetype longest = 48;
    return QString(text.size() > longest ? text.left(longest) + u'…' : text).simplified();
}

} // namespace

TrayIcon::TrayIcon(const Services &services,
                   GatewayActions &actions,
                   TrayHooks hooks,
                   QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_actions(actions)
    , m_hooks(std::move(hooks))
{
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayIcon::fill);
    connect(&m_services.gateway, &admin::GatewayControl::stateChanged, this, &TrayIcon::refresh);
    connect(&m_services.state, &UiState::changed, this, [this](const QString &key) {
        if (key == chosenAddressKey)
            refresh();
    });
    constexpr int refreshInterval = 5000;
    m_timer.setInterval(refreshInterval);
    connect(&m_timer, &QTimer::timeout, this, &TrayIcon::refresh);
    m_timer.start();
    connect(
        &m_services.gateway, &admin::GatewayControl::addressesChanged, this, &TrayIcon::refresh);
    fill();
    m_isPanelDark = panelIsDark();
    showIcon(trayIcon(m_state, m_isPanelDark));
    connect(&m_watcher, &TrayWatcher::ready, this, &TrayIcon::makeIcon);
    if (m_watcher.isReady())
        makeIcon();
    else
        refresh();
}

void TrayIcon::makeIcon()
{
    m_icon = std::make_unique<QSystemTrayIcon>(m_shown);
    m_icon->setContextMenu(&m_menu);
    connect(m_icon.get(), &QSystemTrayIcon::messageClicked, this, &TrayIcon::messageClicked);
    connect(m_icon.get(),
            &QSystemTrayIcon::activated,
            this,
            [this](QSystemTrayIcon::ActivationReason reason) {
#ifndef Q_OS_MACOS
                if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                    emit openRequested();
#else
                Q_UNUSED(reason)
#endif
            });
    refresh();
}

void TrayIcon::showIcon(const QIcon &icon)
{
    m_shown = icon;
    if (m_icon)
        m_icon->setIcon(icon);
}

bool TrayIcon::isReachable() const
{
    return m_icon && QSystemTrayIcon::isSystemTrayAvailable();
}

TrayState TrayIcon::presentState() const
{
    switch (m_services.gateway.state()) {
    case admin::GatewayState::Stopped:
        return TrayState::Stopped;
    case admin::GatewayState::Failed:
        return TrayState::Error;
    case admin::GatewayState::Paused:
    case admin::GatewayState::Draining:
        return TrayState::Paused;
    case admin::GatewayState::Starting:
    case admin::GatewayState::Running:
        break;
    }
    const admin::StatisticsService &statistics = m_services.administration.statistics;
    if (const auto catalog = m_services.administration.publisher.catalog()) {
        for (const auto &each : catalog->channels()) {
            const domain::Channel &channel = each->channel;
            const domain::Health health = statistics.healthOf(channel.id).health;
            if (health == domain::Health::AuthenticationFailed
                || health == domain::Health::NoCredit)
                return TrayState::Attention;
        }
    }
    return statistics.live().inFlight > 0 ? TrayState::Streaming : TrayState::Running;
}

void TrayIcon::refresh()
{
    const bool reachable = isReachable();
    if (std::exchange(m_reachable, reachable) != reachable) {
        if (m_icon)
            m_icon->setVisible(reachable);
        emit reachableChanged(reachable);
    }
    const TrayState state = presentState();
    const bool isPanelDark = panelIsDark();
    const bool isOtherState = std::exchange(m_state, state) != state;
    if (std::exchange(m_isPanelDark, isPanelDark) != isPanelDark || isOtherState)
        showIcon(trayIcon(state, isPanelDark));
    m_toolTip = u"Gatehouse: "_s + statusText();
    if (m_icon)
        m_icon->setToolTip(m_toolTip);
}

void TrayIcon::setLocked(bool locked)
{
    m_isLocked = locked;
    fill();
    refresh();
}

// That of the window; without the scheme, which a tip has no room for. Empty while the gateway stands
// still.
QString TrayIcon::addressText() const
{
    return QUrl(shownAddress(m_services)).authority();
}

QString TrayIcon::statusText() const
{
    if (m_isLocked)
        return stateText(m_services.gateway.state());
    const admin::LiveFigures live = m_services.administration.statistics.live();
    QStringList parts{stateText(m_services.gateway.state()), addressText()};
    if (m_services.gateway.state() == admin::GatewayState::Running)
        parts.append(tr("%n in flight", nullptr, live.inFlight));
    parts.append(tr("%1 today").arg(Format::money(live.costToday)));
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

void TrayIcon::fill()
{
    m_menu.clear();
    // It has the submenus only let go.
    qDeleteAll(m_menu.findChildren<QMenu *>(Qt::FindDirectChildrenOnly));
    m_menu.addAction(statusText())->setEnabled(false);
    m_menu.addSeparator();
    if (!m_isLocked)
        addAddresses();
    m_menu.addAction(
        icon(u"layout-dashboard"_s), tr("Open Gatehouse"), this, [this] { emit openRequested(); });
    m_menu.addSeparator();
    if (!m_isLocked)
        addControls();
    m_menu.addAction(icon(u"power"_s), tr("Quit"), this, [this] { emit quitRequested(); });
}

void TrayIcon::addControls()
{
    m_menu.addAction(m_actions.pause());
    m_menu.addAction(m_actions.start()->isEnabled() ? m_actions.start() : m_actions.stop());
    m_menu.addSeparator();
    addDefaultModel();
    addChannels();
    addFailures(m_menu.addMenu(tr("Recent errors")));
    m_menu.addSeparator();
    if (m_hooks.setStartsAtLogin) {
        QAction *login = m_menu.addAction(tr("Start at login"));
        login->setCheckable(true);
        login->setChecked(m_hooks.startsAtLogin());
        connect(login, &QAction::toggled, this, [this](bool enabled) {
            if (const base::Result<> outcome = m_hooks.setStartsAtLogin(enabled); !outcome)
                report(tr("Starting at login was not changed."), outcome.error());
        });
    }
    m_menu.addAction(icon(u"settings"_s), tr("Settings…"), this, [this] {
        emit pageRequested(static_cast<int>(PageId::Settings), {});
    });
}

void TrayIcon::addAddresses()
{
    QMenu *copy = m_menu.addMenu(icon(u"copy"_s), tr("Copy address"));
    const QString shown = shownAddress(m_services);
    std::vector<admin::GatewayAddress> addresses = m_services.gateway.addresses();
    std::stable_partition(addresses.begin(), addresses.end(), [&shown](const auto &each) {
        return each.url == shown;
    });
    for (const admin::GatewayAddress &each : addresses) {
        copy->addAction(tr("%1 (%2)").arg(each.url, AddressField::kindText(each.kind)),
                        this,
                        [url = each.url] { QGuiApplication::clipboard()->setText(url); });
    }
    copy->setEnabled(!copy->isEmpty());
}

// The model behind the alias "default", as one of those that are served.
void TrayIcon::addDefaultModel()
{
    QMenu *menu = m_menu.addMenu(tr("Default model"));
    const auto catalog = m_services.administration.publisher.catalog();
    const std::optional<admin::SettingView> setting =
        m_services.administration.settings.find(defaultModelKey);
    if (!catalog || !setting) {
        menu->setEnabled(false);
        return;
    }
    const QString chosen = setting->value.trimmed();
    std::vector<QByteArray> served = catalog->enabledModels();
    auto *group = new QActionGroup(menu);
    const auto add = [&](const QString &text, const QString &model) {
        QAction *action = menu->addAction(text, this, [this, model] { setDefaultModel(model); });
        action->setCheckable(true);
        action->setChecked(model == chosen);
        action->setEnabled(!setting->fromEnvironment);
        group->addAction(action);
    };
    add(tr("As requested"), {});
    menu->addSeparator();
    const size_t count = served.size();
    const bool isServed = std::binary_search(served.begin(), served.end(), chosen.toUtf8());
    served.resize(std::min(count, mostModels));
    const bool isListed = std::binary_search(served.begin(), served.end(), chosen.toUtf8());
    if (!chosen.isEmpty() && !isServed)
        add(tr("%1 (not served)").arg(menuItemText(chosen)), chosen);
    else if (!chosen.isEmpty() && !isListed)
        add(menuItemText(chosen), chosen);
    for (const QByteArray &model : served)
        add(menuItemText(QString::fromUtf8(model)), QString::fromUtf8(model));
    if (setting->fromEnvironment) {
        menu->addAction(tr("Set by %1").arg(setting->variable))->setEnabled(false);
    } else if (count > mostModels) {
        menu->addAction(tr("More…"), this, [this] {
            emit pageRequested(static_cast<int>(PageId::Settings), defaultModelKey);
        });
    }
}

void TrayIcon::setDefaultModel(const QString &model)
{
    admin::whenDone(m_services.administration.settings.set(defaultModelKey, model),
                    this,
                    [this](const base::Result<> &outcome) {
                        if (!outcome)
                            report(tr("The default model was not changed."), outcome.error());
                    });
}

void TrayIcon::addChannels()
{
    QMenu *menu = m_menu.addMenu(tr("Channels"));
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog || catalog->channels().empty()) {
        menu->setEnabled(false);
        return;
    }
    int shown = 0;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        if (++shown > mostChannels)
            break;
        QAction *action = menu->addAction(menuItemText(channel.name));
        action->setData(channel.id.value);
        action->setCheckable(true);
        action->setChecked(channel.isEnabled());
        connect(action, &QAction::toggled, this, [this, of = each->channel](bool enabled) {
            switchChannel(of, enabled);
        });
    }
    showHealth(*menu);
    // The time that is left goes on while the menu is open.
    auto *second = new QTimer(menu);
    second->setInterval(std::chrono::seconds(1));
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { showHealth(*menu); });
    connect(menu, &QMenu::aboutToShow, second, qOverload<>(&QTimer::start));
    connect(menu, &QMenu::aboutToHide, second, &QTimer::stop);
    connect(second, &QTimer::timeout, this, [this, menu] { showHealth(*menu); });
    const auto more = static_cast<int>(catalog->channels().size()) - mostChannels;
    if (more > 0) {
        menu->addSeparator();
        menu->addAction(tr("%n more in the window", nullptr, more), this, [this] {
            emit pageRequested(static_cast<int>(PageId::Channels), {});
        });
    }
}

void TrayIcon::showHealth(QMenu &menu) const
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return;
    const QList<QAction *> actions = menu.actions();
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        for (QAction *action : actions) {
            if (action->data() != QVariant(channel.id.value))
                continue;
            const admin::ChannelOverview overview =
                m_services.administration.statistics.healthOf(channel.id);
            action->setIcon(healthIcon(overview.health));
            action->setText(trayChannelText(channel.name, overview, now));
        }
    }
}

void TrayIcon::switchChannel(const domain::Channel &channel, bool enabled)
{
    const QString title = enabled ? tr("%1 was not switched on.").arg(shortened(channel.name))
                                  : tr("%1 was not switched off.").arg(shortened(channel.name));
    admin::whenDone(ChannelCommands(m_services).setEnabled({channel}, enabled),
                    this,
                    [this, title](const base::Result<> &outcome) {
                        if (!outcome)
                            report(title, outcome.error());
                    });
}

void TrayIcon::report(const QString &title, const base::Error &error)
{
    emit failed(title, error.message.translated());
}

// Asked for with the whole menu: a host of trays may show a submenu without telling that it does.
void TrayIcon::addFailures(QMenu *menu)
{
    const auto say = [](QMenu *where, const QString &text) {
        where->addAction(text)->setEnabled(false);
    };
    say(menu, u"…"_s); // not known yet
    constexpr qint64 day = qint64(24) * 60 * 60 * 1000;
    const auto failures = m_services.administration.usage.list(
        m_services.actor,
        {.kind = domain::RecordKind::Failure, .since = QDateTime::currentMSecsSinceEpoch() - day},
        {.limit = mostFailures});
    // The menu may be filled anew meanwhile.
    admin::whenDone(
        failures,
        menu,
        [this, menu, say](const base::Result<std::vector<storage::StoredUsage>> &records) {
            menu->clear();
            if (!records)
                return say(menu, menuItemText(records.error().message.translated()));
            if (records->empty())
                return say(menu, tr("None in the last 24 hours"));
            for (const storage::StoredUsage &each : *records) {
                const QString model = menuItemText(QString::fromUtf8(each.record.model));
                const QDateTime at = QDateTime::fromMSecsSinceEpoch(each.record.createdAt);
                menu->addAction(
                    tr("%1, %2: %3").arg(Format::time(at), model).arg(each.record.httpStatus),
                    this,
                    [this, id = each.record.requestId] {
                        emit pageRequested(static_cast<int>(PageId::Traffic),
                                           u"id:"_s + QString::fromLatin1(id));
                    });
            }
        });
}

void TrayIcon::showMessage(const QString &title, const QString &text)
{
    if (m_icon)
        m_icon->showMessage(title, text, m_shown);
}

} // namespace gatehouse::ui
