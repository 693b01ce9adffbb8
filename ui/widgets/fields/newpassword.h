#pragma once

#include <QString>

namespace gatehouse::ui {

// How short and how long a password may be, as whoever chooses one is told beforehand.
QString newPasswordNote();

// Why a password should not be chosen, as a sentence; empty: it is a good one. What core/admin would
// refuse, and beyond that what is guessed at once.
QString newPasswordProblem(const QString &password);

} // namespace gatehouse::ui
