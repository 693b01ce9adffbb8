#pragma once

#include "relay/background.h"

#include <memory>

namespace gatehouse::gateway {

struct WorkerAddress;

// Takes the work of one gateway thread to the global pool.
class PoolBackground final : public relay::Background
{
public:
    explicit PoolBackground(std::shared_ptr<WorkerAddress> address);

    void run(std::function<void()> work, std::function<void()> done) override;

private:
    const std::shared_ptr<WorkerAddress> m_address;
};

} // namespace gatehouse::gateway
