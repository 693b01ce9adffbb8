#pragma once

#include "domain/lostsecrets.h"

#include <QString>

namespace gatehouse::ui {

// What a restore without secrets took away and what has to be done about it, in sentences.
QString lostText(const domain::LostSecrets &lost);
// For the table of channels: those that it left without keys; empty: none.
QString lostChannelsFilter(const domain::LostSecrets &lost);

} // namespace gatehouse::ui
