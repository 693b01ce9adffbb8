#pragma once

#include <QByteArrayView>

namespace gatehouse::domain {

// What the cache of answers had to do with a request. The numbers stand in the ledger.
enum class CacheResult {
    None,   // it is off, or the request did not come so far
    Hit,    // the answer was in it
    Miss,   // it was not, and a provider was asked
    Bypass, // it was not looked for: the request or the settings say so
};

// As in the field X-Gatehouse-Cache; empty for None.
constexpr QByteArrayView nameOf(CacheResult result)
{
    switch (result) {
    case CacheResult::Hit:
        return "hit";
    case CacheResult::Miss:
        return "miss";
    case CacheResult::Bypass:
        return "bypass";
    case CacheResult::None:
        break;
    }
    return {};
}

// What is stored but not known counts as None.
constexpr CacheResult cacheResultFrom(int number)
{
    return number < 0 || number > int(CacheResult::Bypass) ? CacheResult::None
                                                           : CacheResult(number);
}

} // namespace gatehouse::domain
