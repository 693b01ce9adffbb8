#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "domain/health.h"

namespace gatehouse::ui {

// The gateway's state in a word or two.
QString stateText(admin::GatewayState state);
// The health glyph that stands for the state.
domain::Health stateGlyph(admin::GatewayState state);
// Where clients reach the gateway from now on, in a sentence.
QString addressChangeText(const admin::AddressChange &change);

} // namespace gatehouse::ui
