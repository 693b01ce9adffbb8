#include "desktop/announcer.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "frame/statetext.h"
#include "integration/notifier.h"
#include "widgets/format.h"
#include "widgets/uistate.h"

#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

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
    admin::HappeningWatch &watch = m_services.administration.happenings;
    connect(&watch, &admin::HappeningWatch::happened, this, &Announcer::announce);
    watch.start();
    connect(&m_services.gateway,
            &admin::GatewayControl::addressesChanged,
            this,
            &Announcer::noteAddresses);
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

void Announcer::announce(const admin::Happening &happening)
{
    using Kind = admin::Happening::Kind;
    const QString name = shortened(happening.name);
    const QString channel = QString::number(happening.channel.value);
    const QString account =
        QString::number(happening.token.isNull() ? -happening.user.value : happening.token.value);
    switch (happening.kind) {
    case Kind::ChannelOpened:
        return tell(NotificationKind::ChannelOpened,
                    tr("A channel fails"),
                    tr("%1 is left out for a moment, since it fails.").arg(name),
                    channel);
    case Kind::ChannelRecovered:
        return tell(NotificationKind::ChannelRecovered,
                    tr("A channel is back"),
                    tr("%1 serves again.").arg(name),
                    channel);
    case Kind::KeyRefused:
        return tell(NotificationKind::KeyRefused,
                    tr("A key is refused"),
                    tr("The provider of %1 refuses its key.").arg(name),
                    channel);
    case Kind::AccountEmpty:
        return tell(NotificationKind::KeyRefused,
                    tr("An account is empty"),
                    tr("The account of %1 has no credit left.").arg(name),
                    channel);
    case Kind::ModelDown:
        return tell(NotificationKind::ModelDown,
                    tr("A model is not served"),
                    tr("No channel serves %1 at the moment.").arg(name),
                    happening.name);
    case Kind::BudgetLow:
        return tell(NotificationKind::Budget,
                    tr("A budget runs out"),
                    tr("%1 of the budget of %2 is spent.", "80 %")
                        .arg(ui::Format::percent(happening.share), name),
                    account);
    case Kind::BudgetSpent:
        return tell(NotificationKind::Budget,
                    tr("A budget runs out"),
                    tr("The budget of %1 is spent.").arg(name),
                    account);
    case Kind::BackupFailed:
        return tell(NotificationKind::BackupFailed,
                    tr("No backup was made"),
                    happening.reason.translated());
    }
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
