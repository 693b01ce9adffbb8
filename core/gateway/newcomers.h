#pragma once

namespace gatehouse::gateway {

// What becomes of clients that were let in and have not asked for anything yet, when nothing new is
// served.
enum class Newcomers {
    AreLeft,   // their connections end at once
    AreServed, // once, if they ask within a second: what follows goes on where they came
};

} // namespace gatehouse::gateway
