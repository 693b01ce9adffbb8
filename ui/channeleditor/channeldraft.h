#pragma once

#include "domain/channel.h"

namespace gatehouse::ui {

// Makes of the channel as it is `stored` by now what a person made in the dialog of the one that was
// `shown`: `wanted`. What the dialog does not know, and what changed since without a person, stays as
// it is stored.
void applyDraft(domain::Channel &stored,
                const domain::Channel &shown,
                const domain::Channel &wanted);

} // namespace gatehouse::ui
