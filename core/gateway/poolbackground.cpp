#include "gateway/poolbackground.h"

#include "gateway/worker.h"

#include <QThreadPool>

namespace gatehouse::gateway {

PoolBackground::PoolBackground(std::shared_ptr<WorkerAddress> address)
    : m_address(std::move(address))
{}

void PoolBackground::run(std::function<void()> work, std::function<void()> done)
{
    QThreadPool::globalInstance()->start(
        [address = m_address, work = std::move(work), done = std::move(done)] {
            work();
            address->post([done](Worker &worker) {
                worker.collect();
                done();
            });
        });
}

} // namespace gatehouse::gateway
