#pragma once

namespace gatehouse::domain {

// What a user may do. The numbers are One API's; a higher one may do all that a lower one may.
enum class Role { Guest = 0, User = 1, Administrator = 10, Root = 100 };

} // namespace gatehouse::domain
