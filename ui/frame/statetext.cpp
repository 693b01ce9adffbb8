#include "frame/statetext.h"

#include <QCoreApplication>

namespace gatehouse::ui {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::GatewayState)
};

} // namespace

QString stateText(admin::GatewayState state)
{
    switch (state) {
    case admin::GatewayState::Stopped:
        return Texts::tr("Stopped");
    case admin::GatewayState::Starting:
        return Texts::tr("Starting");
    case admin::GatewayState::Running:
        return Texts::tr("Running");
    case admin::GatewayState::Paused:
        return Texts::tr("Paused");
    case admin::GatewayState::Draining:
        return Texts::tr("Draining");
    case admin::GatewayState::Failed:
        return Texts::tr("Failed");
    }
    return {};
}

domain::Health stateGlyph(admin::GatewayState state)
{
    switch (state) {
    case admin::GatewayState::Running:
        return domain::Health::Healthy;
    case admin::GatewayState::Starting:
        return domain::Health::Testing;
    case admin::GatewayState::Draining:
        return domain::Health::Degraded;
    case admin::GatewayState::Paused:
    case admin::GatewayState::Stopped:
        return domain::Health::Disabled;
    case admin::GatewayState::Failed:
        return domain::Health::Open;
    }
    return domain::Health::Disabled;
}

QString addressChangeText(const admin::AddressChange &change)
{
    if (change.network.isEmpty())
        return Texts::tr("Programs reach it by %1 now.").arg(change.local);
    if (change.local.isEmpty())
        return Texts::tr("Other computers reach it by %1 now.").arg(change.network);
    return Texts::tr("Programs on this computer reach it by %1 now, other computers by %2.")
        .arg(change.local, change.network);
}

} // namespace gatehouse::ui
