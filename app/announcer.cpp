#include "announcer.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "frame/statetext.h"
#include "notifier.h"
#include "widgets/format.h"
#include "widgets/uistate.h"

#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using domain::Health;

namespace {

const QString keyPrefix = u"notify/"_s;

constexpr std::array<QStringView, notificationKinds> kindNames{u"channelOpened",
                                                               u"channelRecovered",
                                                               u"modelDown",
                                                               u"budget",
                                                               u"keyRefused",
                                                               u"addressChanged",
                                                               u"backupFailed",
                                                               u"stillRunning"};

bool isDown(Health health)
{
    return health == Health::Open || health == Health::AuthenticationFailed
           || health == Health::NoCredit;
}

// A name of a person's choice within a sentence.
QString shortened(const QString &name)
{
    constexpr qsizetype longest = 60;
    return name.size() > longest ? name.left(longest) + u'…' : name;
}

} // namespace

QString notificationKey(NotificationKind kind)
{
    return keyPrefix + kindNames.at(static_cast<std::size_t>(kind)).toString();
}

Announcer::Announcer(const ui::Services &services, Notifier &notifier, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_notifier(notifier)
{
    applySettings();
    connect(&m_services.state, &ui::UiState::changed, this, [this](const QString &key) {
        if (key.startsWith(keyPrefix))
            applySettings();
    });
    const auto look = [this] {
        lookAtChannels();
        lookAtModels();
    };
    admin::Administration &administration = m_services.administration;
    connect(&administration.statistics, &admin::StatisticsService::changed, this, look);
    connect(&administration.publisher, &admin::CatalogPublisher::catalogChanged, this, look);
    connect(&m_services.gateway,
            &admin::GatewayControl::addressesChanged,
            this,
            &Announcer::noteAddresses);
    connect(&administration.backups,
            &admin::BackupService::scheduleFailed,
            this,
            [this](const base::Error &error) {
                tell(NotificationKind::BackupFailed,
                     tr("No backup was made"),
                     error.message.translated());
            });
    constexpr std::chrono::seconds interval(30);
    m_attention.setInterval(interval);
    connect(&m_attention, &QTimer::timeout, this, &Announcer::askForAttention);
    m_attention.start();
    look();
    askForAttention();
    noteAddresses();
}

void Announcer::applySettings()
{
    for (std::size_t i = 0; i < notificationKinds; ++i) {
        const auto kind = static_cast<NotificationKind>(i);
        m_notifier.setEnabled(kind, m_services.state.value(notificationKey(kind), true).toBool());
    }
}

void Announcer::tell(NotificationKind kind,
                     const QString &title,
                     const QString &text,
                     const QString &subject,
                     const QList<Notification::Action> &actions)
{
    m_notifier.notify(
        {.kind = kind, .title = title, .text = text, .actions = actions, .subject = subject});
}

void Announcer::lookAtChannels()
{
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return;
    QHash<qint64, Health> present;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        const qint64 id = channel.id.value;
        const Health health = m_services.administration.statistics.healthOf(channel.id).health;
        present.insert(id, health);
        const auto former = m_health.constFind(id);
        if (former == m_health.cend() || *former == health)
            continue;
        const QString name = shortened(channel.name);
        const QString subject = QString::number(id);
        if (health == Health::Open) {
            tell(NotificationKind::ChannelOpened,
                 tr("A channel fails"),
                 tr("%1 is left out for a moment, since it fails.").arg(name),
                 subject);
        } else if (health == Health::AuthenticationFailed) {
            tell(NotificationKind::KeyRefused,
                 tr("A key is refused"),
                 tr("The provider of %1 refuses its key.").arg(name),
                 subject);
        } else if (health == Health::NoCredit) {
            tell(NotificationKind::KeyRefused,
                 tr("An account is empty"),
                 tr("The account of %1 has no credit left.").arg(name),
                 subject);
        } else if (isDown(*former) && health == Health::Healthy) {
            tell(NotificationKind::ChannelRecovered,
                 tr("A channel is back"),
                 tr("%1 serves again.").arg(name),
                 subject);
        } else if (isDown(*former) && (health == Health::Testing || health == Health::Degraded)) {
            present.insert(id, *former); // whether it is back is not known yet
        }
    }
    m_health = present;
}

// A model is down when all channels that are switched on for it are.
void Announcer::lookAtModels()
{
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return;
    QSet<QString> served;
    QSet<QString> wanted;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        if (!channel.isEnabled())
            continue;
        const bool serves = !isDown(m_health.value(channel.id.value, Health::Healthy));
        for (const QString &model : channel.models) {
            wanted.insert(model);
            if (serves)
                served.insert(model);
        }
    }
    const QSet<QString> down = wanted - served;
    if (m_knowsModels) {
        for (const QString &model : down - m_down) {
            tell(NotificationKind::ModelDown,
                 tr("A model is not served"),
                 tr("No channel serves %1 at the moment.").arg(shortened(model)),
                 model);
        }
    }
    m_knowsModels = true;
    m_down = down;
}

void Announcer::askForAttention()
{
    admin::whenDone(m_services.administration.statistics.attention(),
                    this,
                    [this](const base::Result<std::vector<admin::AttentionItem>> &items) {
                        if (items)
                            noteAttention(*items);
                    });
}

void Announcer::noteAttention(const std::vector<admin::AttentionItem> &items)
{
    QHash<qint64, int> present;
    for (const admin::AttentionItem &item : items) {
        if (item.kind != admin::AttentionItem::Kind::BudgetLow)
            continue;
        constexpr double all = 1;
        constexpr int whole = 100;
        constexpr int most = 1; // of the steps at which people are told
        const int level = item.share >= all ? whole : most;
        const bool ofUser = item.token.isNull();
        const qint64 key = ofUser ? -item.user.value : item.token.value;
        present.insert(key, level);
        if (!m_knowsBudgets || m_budgets.value(key) >= level)
            continue;
        const QString name = shortened(item.name);
        tell(NotificationKind::Budget,
             tr("A budget runs out"),
             level == whole ? tr("The budget of %1 is spent.").arg(name)
                            : tr("%1 of the budget of %2 is spent.", "80 %")
                                  .arg(ui::Format::percent(item.share), name),
             QString::number(key));
    }
    m_knowsBudgets = true;
    m_budgets = present;
}

void Announcer::noteAddresses()
{
    const auto change = m_addresses.note(m_services.gateway.addresses());
    if (!change)
        return;
    tell(NotificationKind::AddressChanged,
         tr("The gateway has another address"),
         ui::addressChangeText(*change),
         change->address(),
         {{.id = copyAction, .text = tr("Copy address")}});
}

void Announcer::stillRunning()
{
    tell(NotificationKind::StillRunning,
         tr("Gatehouse keeps running"),
         tr("Programs that use the gateway go on working. Quit from the icon in the tray."));
}

} // namespace gatehouse::app
