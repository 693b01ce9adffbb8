#pragma once

#include "domain/capture.h"

namespace gatehouse::domain {

// Where gateway threads put what they captured. May be called from any thread; nothing waits.
class CaptureSink
{
public:
    CaptureSink() = default;
    CaptureSink(const CaptureSink &) = delete;
    CaptureSink &operator=(const CaptureSink &) = delete;
    virtual ~CaptureSink() = default;

    // Takes so many bytes out of what captures may hold in memory, all together. False: there is no
    // room, and the bytes must not be kept.
    virtual bool takeMemory(qint64 bytes) = 0;
    virtual void giveMemoryBack(qint64 bytes) = 0;

    // Takes a capture whose bytes were taken from the memory; it gives them back itself. `secrets`
    // must not be stored.
    virtual void submit(Capture capture, std::vector<base::Secret> secrets, qint64 memory) = 0;
};

} // namespace gatehouse::domain
