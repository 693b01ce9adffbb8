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

} // namespace gatehouse::ui
