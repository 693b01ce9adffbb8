#pragma once

#include <QString>

#include <optional>

namespace gatehouse::ui {

// How well `text` answers what was typed: every letter of `typed` must occur in its order, at the
// beginning of a word or right behind the one before; both at once count most. Absent if it does not
// match. Case does not matter; an empty `typed` matches everything alike.
std::optional<int> fuzzyScore(const QString &text, const QString &typed);

} // namespace gatehouse::ui
