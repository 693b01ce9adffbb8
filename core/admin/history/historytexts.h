#pragma once

#include "base/message.h"
#include "domain/history.h"

#include <vector>

namespace gatehouse::admin {

// What an entry of the history says to people. It is made when it is shown, in the language of then.

// "This computer", a user's name, "Gatehouse".
base::Message historyAuthorText(const domain::Author &author);
// "Channel “Mistral”".
base::Message historyObjectText(const domain::HistoryEntry &entry);
// "Changed"; "Changed (undo)".
base::Message historyActionText(const domain::HistoryEntry &entry);
// One for each field: "Priority: 0 → 5".
std::vector<base::Message> historyFieldTexts(const domain::HistoryEntry &entry);

} // namespace gatehouse::admin
