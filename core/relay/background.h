#pragma once

#include <functional>

namespace gatehouse::relay {

// Does for a gateway thread what would keep it from its other clients. Lives in that thread.
class Background
{
public:
    Background() = default;
    Background(const Background &) = delete;
    Background &operator=(const Background &) = delete;
    virtual ~Background() = default;

    // Calls `work` in another thread, and then `done` in the one that called; never if that ends
    // before. What both need they share.
    virtual void run(std::function<void()> work, std::function<void()> done) = 0;
};

} // namespace gatehouse::relay
